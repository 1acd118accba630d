#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The command line: what it takes, what it refuses, and how it says so."""

import json
import os
import pathlib
import re
import sys
import tempfile

sys.path[:0] = [os.environ['ST_TEST_TOP'] + '/tests/lib', os.environ['ST_TEST_DIR'] + '/lib']
import ktap  # noqa: E402
from fake import SUPTREE, Failure, Fake, environment, run  # noqa: E402
from terminal import Terminal  # noqa: E402

# arguments, what goes to the daemon
GOOD = [
    (['ping'], 'ping', {}),
    (['tree'], 'tree', {}),
    (['tree', '/demo/a'], 'tree', {'path': 'demo/a'}),
    (['which-children', '/'], 'which_children', {'path': '/'}),
    (['which_children', '/'], 'which_children', {'path': '/'}),
    (['kill', 'a'], 'kill', {'path': 'a'}),
    (['kill', 'a', '--signal', 'TERM'], 'kill', {'path': 'a', 'signal': 'TERM'}),
    (['kill', 'a', '--signal=SIGHUP'], 'kill', {'path': 'a', 'signal': 'SIGHUP'}),
    (['kill', '-s', '9', 'a'], 'kill', {'path': 'a', 'signal': 9}),
    (['kill', '-s9', 'a'], 'kill', {'path': 'a', 'signal': 9}),
    (['kill', '--pid', '7'], 'kill', {'pid': 7}),
    (['terminate-child', 'pool', '-p', '7'], 'terminate_child', {'path': 'pool', 'pid': 7}),
    (['start-child', 'a', '{id: b}'], 'start_child', {'path': 'a', 'spec': '{id: b}'}),
    (['start-child', 'p', '--name', 'n', '--', 'x', '-y', '--z'], 'start_child',
     {'path': 'p', 'name': 'n', 'args': ['x', '-y', '--z']}),
    (['start-child', 'p', '-n', 'n', '--'], 'start_child', {'path': 'p', 'name': 'n', 'args': []}),
    (['strategy', 'a', 'one_for_all', '-i', '5', '--period', '10'], 'strategy',
     {'path': 'a', 'strategy': 'one_for_all', 'intensity': 5, 'period': 10}),
    (['stop-supervisor', 'a', '-r', '{"shutdown":3}'], 'stop_supervisor',
     {'path': 'a', 'reason': {'shutdown': 3}}),
    (['stop-supervisor', 'a', '--reason', 'normal'], 'stop_supervisor',
     {'path': 'a', 'reason': 'normal'}),
    (['reload', '--dry-run', '--prune'], 'reload', {'dry_run': True, 'prune': True}),
    (['reload', '-n'], 'reload', {'dry_run': True}),
    (['check-childspecs', '- {id: a}'], 'check_childspecs', {'specs': '- {id: a}'}),
    (['wait', '--until', 'a=up', '--timeout', '1.5s'], 'wait',
     {'until': 'a=up', 'timeout_ms': 1500}),
    (['settle', '--timeout', '500ms'], 'settle', {'timeout_ms': 500}),
    (['logs', 'a', '-n5'], 'logs', {'path': 'a', 'lines': 5}),
    (['--json', 'ping', '--color', 'never'], 'ping', {}),
    (['info', '--', 'a'], 'info', {'path': 'a'}),
    (['info', 'a/b/'], 'info', {'path': 'a/b'}),
    (['tree', '/'], 'tree', {'path': '/'}),
]

# arguments, a part of the error message
BAD = [
    (['kil'], 'unknown verb "kil"\n'),
    (['stopp'], 'unknown verb "stopp"\n'),
    (['trace', 'stp'], 'unknown verb "trace stp"\n'),
    (['top'], 'unknown verb "top"; did you mean tree --watch?\n'),
    (['show', 'a'], 'did you mean tree, or info PATH for one child?\n'),
    (['list'], 'did you mean ps, or tree?\n'),
    (['start', 'a'], 'did you mean restart-child PATH for a child that is stopped, start-child'),
    (['stop', 'a'], 'To stop one child: terminate-child PATH\n'),
    (['eve'], 'did you mean events?\n'),
    (['stat'], 'did you mean status or state?\n'),
    (['psing'], 'did you mean ping?\n'),
    (['zzzzz'], 'unknown verb "zzzzz"\n'),
    (['--sokket', 'x', 'ping'], 'unknown option --sokket; did you mean --socket?'),
    (['--format', 'json', 'tree'], 'unknown option --format'),
    (['ping', '--format', 'json'], 'ping: unknown option --format'),
    (['tree', '--format', 'xml'], '--format must be text, json, dot or mermaid'),
    (['ps', '--type', 'x'], '--type must be worker or supervisor'),
    (['ping', '--color', 'red'], '--color must be auto, always or never'),
    (['ping', 'x'], 'ping: one argument too many: "x"'),
    (['ping', '-q'], 'unknown option -q'),
    (['ping', '--json=1'], '--json takes no value'),
    (['ping', '--timeout'], '--timeout needs a value'),
    (['ping', '--timeout', '5'], '--timeout needs a unit'),
    (['ping', '--timeout', '-5s'], '--timeout is negative'),
    (['ping', '--timeout', '1000h'], '--timeout is too long'),
    (['ping', '--timeout', '0.5ms'], '--timeout must be whole milliseconds'),
    (['logs', 'a', '--since', 'now'], '--since must be an age like 10min'),
    (['logs', 'a', '--since', '25:00'], '--since must be an age'),
    (['logs', 'a', '--since', '18:23+1'], '--since must be an age'),
    (['logs', 'a', '--since', '2026-11-22T18:23:05+01:60'], '--since must be an age'),
    (['logs', 'a', '--since', '9999-01-01'], '--since is in the future'),
    (['logs', 'a', '--since', '1800-01-01'], '--since is too long ago'),
    (['info'], 'info: PATH is missing: the child'),
    (['info', 'a//b'], 'info: PATH must be ids joined by'),
    (['info', 'x' * 4096], 'info: PATH must be 1..4095 bytes, not 4096'),
    (['kill'], 'one must be given: PATH or --pid PID'),
    (['kill', 'a', '--pid', '7'], 'only one may be given: PATH or --pid PID'),
    (['kill', '--pid', '0'], '--pid must be 1..4194304, not 0'),
    (['kill', '--pid', 'x'], '--pid must be a whole number'),
    (['kill', '--pid', '99999999999999999999'], '--pid must be a whole number'),
    (['kill', 'a', '--signal', 'x'], "--signal must be a signal's name"),
    (['kill', 'a', '-s', 'HUP', '-s', 'TERM'], '-s is given twice'),
    (['kill', 'a', '--signl', 'x'], 'unknown option --signl; did you mean --signal?'),
    (['strategy', 'a', 'one_for_al'], 'did you mean one_for_all?'),
    (['strategy', 'a', '--intensity', '-1'], '--intensity must be 0..1000000000, not -1'),
    (['wait'], 'wait: --until PATH=STATE is missing'),
    (['wait', '--until', 'a=upp'], '--until must end with one of =running'),
    (['stop-supervisor', 'a', '--reason', '{'], '--reason must be a word or JSON'),
    (['stop-supervisor', 'a', '--reason', 'x'], '--reason must be one of normal, shutdown'),
    (['start-child', 'a', '@/nonexistent/x'], 'SPEC cannot be read: /nonexistent/x: No such file'),
    (['load', '/nonexistent/x'], 'FILE cannot be read: /nonexistent/x: No such file'),
    (['completion', 'ksh'], 'SHELL must be bash, zsh or fish, not "ksh"'),
    (['kill_proces'], 'unknown verb "kill_proces"\n'),
    (['help', 'kil'], 'help: unknown verb "kil"\n'),
    (['help', 'pin'], 'help: unknown verb "pin"; did you mean ping?\n'),
]


def test_good_command_lines_become_these_requests():
    for arguments, method, params in GOOD:
        with Fake() as fake:
            done = fake.run(*arguments)
            assert done.returncode == 0, (arguments, done)
            assert fake.requests == [(method, params)], (arguments, fake.requests)


def test_bad_command_lines_are_refused_before_a_daemon_is_asked():
    for arguments, text in BAD:
        done = run(*arguments)
        assert done.returncode == 2, (arguments, done)
        assert text in done.stderr, (arguments, done.stderr)
        assert done.stdout == '', (arguments, done.stdout)


def test_no_mistyped_word_is_taken_for_a_verb_that_ends_something():
    ending = ('kill', 'stop', 'terminate-child', 'delete-child', 'stop-supervisor', 'unload',
              'trace-stop', 'kill_process')
    for verb in ending:
        for at in range(len(verb)):
            for typed in (verb[:at] + verb[at + 1:], verb[:at] + 'x' + verb[at:], verb[:at]):
                done = run(typed) if len(typed) > 1 else None
                if done and done.returncode == 2 and 'did you mean' in done.stderr:
                    meant = done.stderr.split('did you mean ')[1]
                    assert not any(re.search(rf'(?<![\w-]){end}(?![\w-])', meant)
                                   for end in ending), (typed, done.stderr)


def test_what_is_meant_by_a_word_of_other_programs_are_verbs():
    source = pathlib.Path(os.environ['ST_TEST_TOP'], 'userspace/cli/command/verbs.h').read_text()
    words = re.findall(r'\tX\("([a-z]+)", "', source.split('ST_SYNONYM_LIST(X)')[1].split('#')[0])
    assert len(words) > 20, words
    for word in words:
        done = run(word)
        if 'unknown verb' not in done.stderr:
            continue  # it has become a verb
        for meant in done.stderr.split('did you mean ')[1].split('?')[0].split(', '):
            meant = meant.removeprefix('or ').split()[0]
            assert run('help', meant).returncode == 0 or meant == '--version', (word, meant)


def test_a_specification_comes_from_a_text_a_file_or_standard_input():
    spec = '{id: b, start: [/bin/cat]} # ü\n'
    with tempfile.NamedTemporaryFile('w', suffix='.yaml', encoding='utf-8') as file:
        file.write(spec)
        file.flush()
        for argument, stdin in ((spec, ''), ('@' + file.name, ''), ('-', spec)):
            with Fake() as fake:
                done = fake.run('start-child', 'a', argument, stdin=stdin)
                assert done.returncode == 0, done
                assert fake.requests[0][1]['spec'] == spec


def test_a_specification_must_be_text_of_at_most_a_mebibyte():
    with tempfile.NamedTemporaryFile('wb') as file:
        for content, said in ((b'\xff', 'must be text in UTF-8'), (b'a\0b', 'NUL byte'),
                              (b'x' * (1 << 20), None),
                              (b'x' * ((1 << 20) + 1), 'at most 1048576 bytes'),
                              (b'', 'must be 1..1048576 bytes, not 0')):
            file.seek(0)
            file.truncate()
            file.write(content)
            file.flush()
            with Fake() as fake:
                done = fake.run('start-child', 'a', '@' + file.name)
                assert done.returncode == (2 if said else 0), (content[:9], done)
                assert (said or '') in done.stderr, done


def test_a_file_for_the_daemon_is_given_with_its_whole_name():
    with tempfile.TemporaryDirectory() as folder, Fake() as fake:
        with open(folder + '/trees.yaml', 'w', encoding='utf-8') as file:
            file.write('children: []\n')
        done = fake.run('load', 'trees.yaml', cwd=folder)
        assert done.returncode == 0, done
        assert fake.requests == [('load', {'file': os.path.realpath(folder) + '/trees.yaml'})]


def test_help_is_told_by_its_verb_and_by_its_option():
    for arguments in (['--help'], ['-h'], ['help']):
        done = run(*arguments)
        assert done.returncode == 0 and 'Exit codes' in done.stdout, done


def test_the_version_is_told():
    done = run('--version')
    assert done.returncode == 0 and done.stdout.startswith('suptree '), done


def test_check_reads_a_configuration_without_a_daemon():
    with tempfile.NamedTemporaryFile('w', suffix='.yaml', encoding='utf-8') as file:
        file.write('children:\n  - {id: a, start: [/bin/true]}\n')
        file.flush()
        done = run('check', file.name)
        assert (done.returncode, done.stdout) == (0, f'{file.name}: ok, 1 tree\n'), done
        file.write('  - {id: a, strt: [x]}\n')
        file.flush()
        done = run('check', file.name)
        assert done.returncode == 8, done
        assert f'{file.name}:3:' in done.stdout and 'did you mean' in done.stdout, done
        assert done.stderr == '', done


def rows_of_keys():
    """{(key, default)} of the table's source, without the names of limits."""
    source = (pathlib.Path(os.environ['ST_TEST_TOP']) / 'userspace/config/keys.c').read_text()
    table = source.partition('const struct st_key st_keys[]')[2].partition('\n};\n')[0]
    rows = set()
    for row in table.split('{ .name = ')[1:]:
        default = re.search(r'\.fallback = (?:"(.*?)"|ST_RESOURCE_DEFAULT)', row)
        rows.add((row.split('"')[1], default[1] or "the daemon's"))
    return rows


def test_check_shows_every_key_with_its_type_and_default_without_a_daemon():
    shown = json.loads(run('check', '--keys', '--json').stdout)
    assert all(row['type'] and row['default'] for row in shown), shown
    of_limits = [row['key'] for row in shown if row['section'] == 'limits']
    assert {'nofile', 'core', 'as'} < set(of_limits), of_limits
    assert {(row['key'], row['default']) for row in shown
            if row['section'] != 'limits'} == rows_of_keys(), shown
    assert {'section': 'child', 'key': 'id', 'required': True}.items() <= next(
        row for row in shown if row['key'] == 'id').items(), shown
    lines = run('check', '-k', '--jsonl').stdout.splitlines()
    assert [json.loads(line) for line in lines] == shown, lines
    text = ' '.join(run('check', '--keys').stdout.split())
    for row in shown:
        assert (row['section'] == 'limits' or f'{row["key"]} {row["help"]} takes: {row["type"]} '
                f'default: {row["default"]}' in text), row


def test_check_takes_a_file_or_keys():
    for arguments, text in ((['check'], 'one must be given: FILE or --keys'),
                            (['check', '--keys', '/dev/null'], 'only one may be given: FILE or')):
        done = run(*arguments)
        assert (done.returncode, done.stdout) == (2, ''), done
        assert text in done.stderr, done
    assert run('completion', 'words', '--', 'check', '--k').stdout.startswith('--keys\t')


def on_terminal(fake, answer, *arguments):
    """(exit status, what is shown) of a program on a terminal on which somebody answers."""
    with Terminal([SUPTREE, *arguments], environment(fake.path)) as terminal:
        if answer is not None:
            terminal.expect('[y/N] ')
            terminal.type(answer)
        return terminal.end(), terminal.text


BLAST = {
    'assumptions': ['nothing else happens'], 'at_rest': True, 'action': 'ACTION', 'steps': [
        {'event': 'exited', 'path': 'demo/a', 'pid': 4711, 'signal': 'KILL', 'asked': False},
        {'event': 'started', 'path': 'demo/a'}], 'left_out': 0, 'ends': 1, 'starts': 1,
    'budgets': [{'path': 'demo', 'intensity': 3, 'period': 5, 'used_before': 0, 'used_after': 1,
                 'left_before': 3, 'left_after': 2}],
    'gave_up': [], 'down': [], 'nr_down': 0, 'survives': True, 'complete': True}


def test_stop_asks_on_a_terminal_and_does_nothing_without_a_yes():
    counts = {'processes': 12}
    with Fake(status={'pid': 77, 'counts': counts}, blast=BLAST) as fake:
        for answer in ('n\n', '\n', '\x04', 'stop\n'):
            status, text = on_terminal(fake, answer, 'stop')
            assert status == 1 and 'nothing was stopped' in text, (answer, text)
            assert 'Stop all 12 processes and the daemon, pid 77?' in text, text
            assert '1  demo/a  ends: SIGKILL, pid 4711' in text, text
        assert {method for method, _ in fake.requests} == {'blast', 'status'}, fake.requests
        for arguments, answer in ((['stop'], 'y\n'), (['stop'], 'Yes\n'),
                                  (['stop', '--yes'], None), (['stop', '-y'], None)):
            fake.requests.clear()
            assert on_terminal(fake, answer, *arguments)[0] == 0, arguments
            assert fake.requests[-1] == ('stop', {}), fake.requests
        fake.requests.clear()
        assert fake.run('stop').returncode == 0, 'nobody can answer there'
        assert fake.requests == [('stop', {})], fake.requests


ASKED = (  # (the command line, what blast is asked for)
    (['kill', 'demo/a'], {'path': 'demo/a', 'verb': 'kill'}),
    (['kill', 'demo/a', '-s', 'TERM'], {'path': 'demo/a', 'verb': 'kill', 'signal': 'TERM'}),
    (['restart', 'demo/a'], {'path': 'demo/a', 'verb': 'restart'}),
    (['terminate-child', 'demo/a'], {'path': 'demo/a', 'verb': 'terminate-child'}),
    (['delete-child', 'demo/a'], {'path': 'demo/a', 'verb': 'delete-child'}),
    (['stop-supervisor', 'demo'], {'path': 'demo', 'verb': 'stop-supervisor'}),
    (['unload', 'demo'], {'path': 'demo', 'verb': 'unload'}),
    (['reload', '--prune'], {'path': '/', 'verb': 'reload', 'prune': True}))


def test_what_ends_something_shows_first_on_a_terminal_what_would_happen():
    with Fake(blast=BLAST) as fake:
        for arguments, asked in ASKED:
            fake.requests.clear()
            status, text = on_terminal(fake, 'n\n', *arguments)
            assert status == 1 and f'{arguments[0]}: nothing was done' in text, text
            for words in ('1  demo/a  ends: SIGKILL, pid 4711', '2  demo/a  started',
                          'demo: 2 restarts left of 3 within 5s; now 3',
                          'afterwards everything runs that runs now'):
                assert words in text, (words, text)
            assert fake.requests == [('blast', {**asked, 'limit': 20})], fake.requests
            assert on_terminal(fake, 'y\n', *arguments)[0] == 0, arguments
            method = arguments[0].replace('-', '_')
            assert fake.requests[-1][0] == method, fake.requests
            fake.requests.clear()
            assert on_terminal(fake, None, *arguments, '--yes')[0] == 0, arguments
            assert [request[0] for request in fake.requests] == [method], fake.requests


def test_where_it_cannot_be_found_what_would_happen_only_the_question_is_asked():
    with Fake(blast=BLAST) as fake:
        status, text = on_terminal(fake, 'y\n', 'kill', '--pid', '9')
        assert status == 0 and 'would do' not in text, text
        assert fake.requests == [('kill', {'pid': 9})], fake.requests


def test_nobody_is_asked_before_a_plan_that_is_only_shown():
    with Fake(reload={'dry_run': True}) as fake:
        assert on_terminal(fake, None, 'reload', '--dry-run')[0] == 0
        assert fake.requests == [('reload', {'dry_run': True})], fake.requests


def test_a_child_that_does_not_exist_is_not_asked_about():
    with Fake(blast=Failure('not_found', 'blast demo/x: no such child')) as fake:
        status, text = on_terminal(fake, None, 'kill', 'demo/x')
        assert status == 3 and 'kill demo/x: no such child' in text, (status, text)


def test_help_on_a_terminal_goes_through_a_pager():
    with Fake(offered=[]) as fake:
        for variable in ('PAGER', 'SUPTREE_PAGER'):
            env = environment(fake.path, **{'PAGER': 'false', variable: 'sed s/^/PAGED:/'})
            with Terminal([SUPTREE, 'help'], env) as terminal:
                assert terminal.end() == 0
                assert 'PAGED:Start here\n' in terminal.text, (variable, terminal.text)
        for arguments, pager in ((['help'], 'cat'), (['help'], ''), (['help'], 'true'),
                                 (['help', 'ping'], 'cat')):
            with Terminal([SUPTREE, *arguments], environment(fake.path, PAGER=pager)) as terminal:
                assert terminal.end() == 0, (arguments, pager)
                assert ('Usage' in terminal.text or 'Start here' in terminal.text) == (
                    pager != 'true'), terminal.text
        assert 'PAGED' not in fake.run('help', env={'PAGER': 'sed s/^/PAGED:/'}).stdout


ktap.run(globals())
