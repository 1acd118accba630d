#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""st-replay does again what a transcript tells, finds the first thing that is different,
and says what it can not read.
"""

import os
import pathlib
import subprocess
import tempfile

import ktap

BIN = pathlib.Path(os.environ['ST_TEST_BIN'])
HEADER = ('suptree-log 1 seed=7 {"strategy":"one_for_one","intensity":1,"period":5,'
          '"auto_shutdown":"never","children":[{"id":"a","restart":"permanent",'
          '"significant":false,"shutdown":5000,"type":"worker","start":["program"]}]}')
TRANSCRIPT = f'''{HEADER}
1.000000000 boot
  starting "/" #1
  spawn "a" #2
1.500000000 spawned #2 pid=77
1.600000000 ready #2
  started "a" #2
  started "/" #1
2.000000000 exited #2 {{"signal":"SEGV"}}
  exited "a" #2 {{"signal":"SEGV"}}
  report child_terminated "a" #2 {{"signal":"SEGV"}}
  spawn "a" #3
2.500000000 spawn_failed #3 "execve: No such file or directory"
  start_failed "a" #3 {{"error":"execve: No such file or directory"}}
  report start_error "a" #3 {{"error":"execve: No such file or directory"}}
  report shutdown "a" #3 "reached_max_restart_intensity"
  exited "/" #1 "shutdown"
  halted "/" #1 "shutdown"
'''


def replay(transcript):
    """(exit status, output) of st-replay for a transcript."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, 'transcript')
        path.write_text(transcript, encoding='utf-8')
        done = subprocess.run([BIN / 'st-replay', path], text=True, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
    return done.returncode, done.stdout


def storm(*options):
    """The transcript of a storm."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, 'transcript')
        subprocess.run([BIN / 'st-storm', '--transcript', path, '--quiet', *options], check=True,
                       stdin=subprocess.DEVNULL)
        return path.read_text(encoding='utf-8')


def assert_differs(transcript, *expected):
    status, output = replay(transcript)
    assert status == 1, output
    for text in expected:
        assert text in output, f'no {text!r} in:\n{output}'


def assert_unreadable(transcript, place, why):
    status, output = replay(transcript)
    assert status == 2, output
    assert f'transcript:{place}' in output and why in output, output


def test_a_transcript_that_tells_the_truth_replays():
    status, output = replay(TRANSCRIPT)
    assert status == 0 and '5 events, the same effects' in output, output


def test_a_hundred_thousand_events_after_a_saved_state_replay():
    transcript = storm('--seed', '5', '--trees', '1', '--events', '101000', '--check', '0',
                       '--state', '1000')
    assert transcript.startswith('suptree-state 1 '), transcript[:100]
    status, output = replay(transcript)
    assert status == 0 and 'the same effects' in output, output
    assert int(output.split()[1]) >= 100000, output


def test_a_saved_state_that_is_damaged_can_not_be_read():
    transcript = storm('--seed', '5', '--trees', '1', '--events', '1100', '--state', '1000')
    state = transcript[:transcript.index('\nend ')]
    number = state.count('\n') + 2
    assert_unreadable(transcript.replace('state=running', 'state=stopped', 1), f'{number}:1',
                      'it is damaged')
    assert_unreadable(state + '\n', f'{number - 1}:1', 'the end of a saved state is missing')
    assert_unreadable(transcript.replace('suptree-state 1', 'suptree-state 2'), f'{number}:1',
                      'only version 1')


def test_random_storms_replay():
    for seed in ('1', '1000', '2000000'):
        status, output = replay(storm('--seed', seed, '--trees', '3', '--events', '5000'))
        assert status == 0 and 'the same effects' in output, output


def test_empty_lines_and_comments_are_skipped():
    status, output = replay('# a bug of 1 May\n\n' + TRANSCRIPT + '\n# the end\n')
    assert status == 0, output


def test_a_second_header_begins_another_tree():
    status, output = replay(TRANSCRIPT + TRANSCRIPT)
    assert status == 0 and '10 events' in output, output


def test_a_wrong_effect_is_found_with_its_place():
    assert_differs(TRANSCRIPT.replace('spawn "a" #3', 'spawn "a" #4'),
                   'transcript:9: event 4 has other effects',
                   '-   spawn "a" #4\n', '+   spawn "a" #3\n', '1.600000000 ready #2')


def test_a_missing_effect_is_found():
    assert_differs(TRANSCRIPT.replace('  started "a" #2\n', ''), 'transcript:6: event 3',
                   '+   started "a" #2\n')


def test_an_effect_too_much_is_found():
    assert_differs(TRANSCRIPT.replace('pid=77\n', 'pid=77\n  removed "a" #2\n'),
                   'transcript:5: event 2',
                   '-   removed "a" #2\n')


def test_the_last_effects_are_compared_too():
    assert_differs(TRANSCRIPT.replace('  halted "/" #1 "shutdown"\n', ''), 'event 5',
                   '+   halted "/" #1 "shutdown"\n')


def test_another_event_has_other_effects():
    assert_differs(TRANSCRIPT.replace('2.000000000 exited #2 {"signal":"SEGV"}',
                               '2.000000000 exited #2 "normal"'), 'event 4')


def test_any_wrong_line_planted_in_a_storm_is_found():
    lines = storm('--seed', '5', '--trees', '1', '--events', '2000').splitlines(keepends=True)
    effects = [number for number, line in enumerate(lines) if line.startswith('  ')]
    for number in effects[10::len(effects) // 20]:
        planted = lines[:number] + lines[number + 1:]
        status, output = replay(''.join(planted))
        assert status == 1 and 'has other effects' in output, (number, output)


def test_a_transcript_needs_a_header_that_can_be_read():
    assert_unreadable('1.000000000 boot\n', '1:1:', 'a transcript begins with')
    assert_unreadable(TRANSCRIPT.replace('suptree-log 1', 'suptree-log 2'), '1:', 'only version 1')
    assert_unreadable(TRANSCRIPT.replace('seed=7', 'seed=x'), '1:', 'a number is missing')
    assert_unreadable(TRANSCRIPT.replace('seed=7', 'seed=99999999999999999999'), '1:', 'too large')
    assert_unreadable(TRANSCRIPT.replace('one_for_one', 'one_for_two', 1), '1:', 'not valid')
    assert_unreadable(TRANSCRIPT.replace('"intensity":1', '"intensity":', 1), '1:', 'no JSON')
    assert_unreadable(TRANSCRIPT.replace(']}\n', ']} more\n', 1), '1:', 'should end here')


def test_an_event_that_can_not_be_read_is_shown_with_its_column():
    assert_unreadable(HEADER + '\n1.0000 boot\n', '2:', 'nine digits')
    assert_unreadable(HEADER + '\n1.000000000 fly\n', '2:16:', 'event is not known')
    assert_unreadable(HEADER + '\n1.000000000 boot twice\n', '2:17:', 'should end here')
    assert_unreadable(HEADER + '\n1.000000000 ready 7\n', '2:', 'a number is missing')
    assert_unreadable(HEADER + '\n1.000000000 error #1 7\n', '2:', 'should be a text')
    for reason in ('"dead"', '{"code":"x"}', '{"signal":"NOPE"}', '[]', '{}'):
        assert_unreadable(HEADER + f'\n1.000000000 exited #1 {reason}\n', '2:', 'no reason')
    assert_unreadable(HEADER + '\n2.000000000 tick\n1.000000000 tick\n', '3:', 'backwards')


def test_a_request_that_can_not_be_read_is_shown_with_its_column():
    for request, why in (
            ('fly 1 "/" ""', 'request is not known'),
            ('restart_child "/" ""', 'a number is missing'),
            ('restart_child 1 "/"', 'a JSON value is missing'),
            ('start_child 1 "/" "" {"id":"a"}', 'not valid'),
            ('start_child 1 "/" "" invalid=NOTHING "x"', 'error is not known'),
            ('start_child 1 "/" "" [7]', 'an argument should be a text'),
            ('change 1 "/" "" flags_only {"strategy":"x"}', 'not valid'),
            ('stop_supervisor 1 "/" "" "because"', 'no reason')):
        assert_unreadable(f'{HEADER}\n1.000000000 request {request}\n', '2:', why)


def test_a_tree_beyond_the_limits_is_not_loaded():
    spec = '{"strategy":"one_for_one","children":[]}'
    for _ in range(40):
        spec = ('{"strategy":"one_for_one","children":[{"id":"s","type":"supervisor",'
                f'"supervisor":{spec}}}]}}')
    assert_unreadable(f'suptree-log 1 seed=1 {spec}\n', '1:', '')


def test_usage_and_files_that_are_not_there_are_errors():
    for arguments in ([], ['a', 'b'], ['/nonexistent/transcript']):
        done = subprocess.run([BIN / 'st-replay', *arguments], text=True, check=False,
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        assert done.returncode == 2 and done.stderr, arguments
    done = subprocess.run([BIN / 'st-replay', '--help'], text=True, check=False,
                          stdout=subprocess.PIPE)
    assert done.returncode == 0 and done.stdout.startswith('usage:')


ktap.run(globals())
