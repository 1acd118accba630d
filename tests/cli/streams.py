#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Verbs that go on: events, logs --follow, --watch."""

import json
import os
import pty
import signal
import subprocess
import sys
import termios
import time

sys.path[:0] = [os.environ['ST_TEST_TOP'] + '/tests/lib', os.environ['ST_TEST_DIR'] + '/lib']
import ktap  # noqa: E402
from fake import PATIENCE_S, SUPTREE, Failure, Fake, Stream, environment, event  # noqa: E402

WALL = '2026-11-22T18:23:05.123456Z'
EXITED = event(seq=5, time_ns=1, wall=WALL, event='exited', path='demo/a', generation=3, pid=4711,
               reason='killed')
REPORT = event(seq=6, time_ns=2, wall=WALL, event='report', sup='demo', context='shutdown_error',
               count=3, reason={'code': 1})
RESYNC = {'method': 'resync', 'params': {'seq': 9, 'dropped': 3}}
LOST = 'suptree: the daemon closed the connection\n'


def test_events_are_a_line_each_until_the_daemon_is_gone():
    with Fake(subscribe=Stream({'seq': 4}, EXITED, REPORT, RESYNC)) as fake:
        done = fake.run('events', 'demo', '--since', '4')
        assert fake.requests == [('subscribe', {'path': 'demo', 'since': 4})], fake.requests
        assert done.stdout == (
            '18:23:05.123  demo/a  exited  killed, pid 4711\n'
            '18:23:05.123  demo  report  shutdown_error, exit 1, times 3\n'
            '-- 3 lost here: this client was too slow --\n'), done
        assert (done.returncode, done.stderr) == (6, LOST), done


def test_times_are_told_as_the_clock_here_shows_them():
    with Fake(subscribe=Stream({'seq': 4}, EXITED)) as fake:
        done = fake.run('events', env={'TZ': 'UTC-2'})
        assert done.stdout.startswith('20:23:05.123  '), done
    with Fake(subscribe=Stream({}, event(wall='no time', event='x', path='a'))) as fake:
        assert fake.run('events').stdout == 'no time  a  x\n'


def test_events_as_json_are_the_messages_a_line_each():
    for option in ('--json', '--jsonl'):
        with Fake(subscribe=Stream({'seq': 4}, EXITED, RESYNC)) as fake:
            lines = fake.run('events', option).stdout.splitlines()
            *messages, lost = [json.loads(line) for line in lines]
            assert messages == [
                {'jsonrpc': '2.0', **EXITED}, {'jsonrpc': '2.0', **RESYNC}], lines
            assert lost['error']['data']['kind'] == 'unreachable', lines


def test_a_followed_log_is_what_was_and_what_comes():
    first = {'stream': 'stdout', 'time_ns': 1, 'text': 'one'}
    then = {'method': 'output',
            'params': {'path': 'a', 'stream': 'stderr', 'time_ns': 2, 'text': 'two'}}
    with Fake(logs=Stream({'lines': [first]}, then)) as fake:
        done = fake.run('logs', 'a', '-f', '-n', '1')
        assert fake.requests == [('logs', {'path': 'a', 'follow': True, 'lines': 1})]
        assert (done.returncode, done.stdout) == (6, 'one\ntwo\n'), done
    with Fake(logs=Stream({'lines': [first]}, then)) as fake:
        done = fake.run('logs', 'a', '-f', '--jsonl')
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        assert [line['method'] for line in lines[:-1]] == ['output', 'output'], lines
        assert lines[-1]['error']['message'] == LOST[9:-1], lines
        assert lines[0]['params'] == {'path': 'a', **first}, lines


def test_a_stream_that_is_refused_is_an_error():
    with Fake(logs=Failure('not_found', 'logs x: no such child')) as fake:
        assert fake.run('logs', 'x', '-f').returncode == 3


class Started:
    """The CLI while it runs, with lines of its standard output."""

    def __init__(self, fake, *arguments):
        self.process = subprocess.Popen([SUPTREE, *arguments], env=environment(fake.path),
                                        stdout=subprocess.PIPE, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def line(self):
        return self.process.stdout.readline()


def test_each_event_is_written_at_once():
    with Fake(subscribe=Stream({'seq': 1}, hold=True)) as fake:
        with Started(fake, 'events') as events:
            fake.wait_for('subscribe')
            fake.notify(EXITED)
            assert events.line() == '18:23:05.123  demo/a  exited  killed, pid 4711\n'
            fake.notify(EXITED)
            assert events.line() == '18:23:05.123  demo/a  exited  killed, pid 4711\n'


def tree(state):
    return {'seq': 1, 'root': {'id': 'a', 'path': 'a', 'state': state, 'restart': 'permanent'}}


def test_a_watched_tree_is_drawn_anew_on_an_event_and_only_then():
    states = iter(['running', 'stopped', 'running'])
    with Fake(subscribe=Stream({'seq': 1}, hold=True), tree=lambda _: tree(next(states))) as fake:
        with Started(fake, 'tree', 'a', '--watch') as watch:
            assert watch.line() == 'a ● running\n'
            assert [method for method, _ in fake.requests] == ['subscribe', 'tree']
            fake.notify(EXITED)
            assert watch.line() == 'a ○ stopped\n'
            fake.notify(EXITED)
            assert watch.line() == 'a ● running\n'
        assert [method for method, _ in fake.requests] == ['subscribe', 'tree', 'tree', 'tree']


def test_a_watched_tree_as_json_is_a_document_for_each_drawing():
    with Fake(subscribe=Stream({'seq': 1}, hold=True), tree=tree('running')) as fake:
        with Started(fake, 'tree', '-w', '--jsonl') as watch:
            assert json.loads(watch.line()) == tree('running')


def test_a_watched_summary_is_told_again_until_there_is_no_such_trace():
    told = [{'kinds': [], 'passed_over': nr, 'pattern': 'a'} for nr in (1, 2)]
    answers = iter([*told, Failure('not_found', 'there is no trace with this number')])
    with Fake(trace_summary=lambda _: next(answers)) as fake:
        done = fake.run('trace-summary', '3', '--top', '5', '--watch', '--jsonl')
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        assert lines[:2] == told and 'error' in lines[2] and len(lines) == 3, done
        assert (done.returncode, 'no trace with this number' in done.stderr) == (3, True), done
        assert fake.requests == [('trace_summary', {'id': 3, 'top': 5})] * 3, fake.requests


def test_events_that_come_together_are_one_drawing():
    with Fake(subscribe=Stream({'seq': 1}, *[EXITED] * 50, hold=True),
              tree=tree('running')) as fake:
        with Started(fake, 'tree', '-w') as watch:
            assert watch.line() and watch.line()
            fake.notify(EXITED)
            assert watch.line()
        assert [method for method, _ in fake.requests] == ['subscribe'] + ['tree'] * 3


def on_terminal(fake, *arguments):
    """What the CLI writes to a terminal until it ends."""
    main, other = pty.openpty()
    process = subprocess.Popen([SUPTREE, *arguments], env=environment(fake.path, TERM='xterm'),
                               stdin=subprocess.DEVNULL, stdout=other, stderr=subprocess.DEVNULL)
    os.close(other)
    text = b''
    try:
        while portion := os.read(main, 65536):
            text += portion
    except OSError:
        pass  # the other end is closed
    os.close(main)
    process.wait()
    return text.decode().replace('\r\n', '\n')


def test_a_terminal_gets_colour_and_no_control_characters_of_others():
    evil = '\033[2Jx\x07\x9b31m\x7f\ty'
    result = {'lines': [{'stream': 'stdout', 'text': evil}, {'stream': 'stderr', 'text': 'e'}]}
    with Fake(logs=result) as fake:
        assert on_terminal(fake, 'logs', 'a') == '^[[2Jx^G<U+009B>31m^?\ty\n\033[33me\033[0m\n'
        assert fake.run('logs', 'a').stdout == evil + '\ne\n'


def logged(stream, text):
    return {'stream': stream, 'time_ns': 1, 'wall': WALL, 'text': text}


def test_lines_begin_with_their_time_here_and_their_stream_if_that_is_wanted():
    lines = {'lines': [logged('stdout', 'one'), logged('stderr', '')]}
    with Fake(logs=lines) as fake:
        assert fake.run('logs', 'a', '-t').stdout == (
            '2026-11-22T18:23:05.123456+00:00 stdout: one\n'
            '2026-11-22T18:23:05.123456+00:00 stderr: \n')
        done = fake.run('logs', 'a', '--timestamps', env={'TZ': 'AAA+3:30'})
        assert done.stdout.startswith('2026-11-22T14:53:05.123456-03:30 stdout: one\n'), done
    follow = {'method': 'output', 'params': {'path': 'a', 'seq': 3, **logged('stderr', 'two')}}
    with Fake(logs=Stream(lines, follow)) as fake:
        text = fake.run('logs', 'a', '-ft').stdout
        assert text.endswith('05.123456+00:00 stderr: two\n') and text.count('\n') == 3, text


def age_of(*arguments, zone='UTC'):
    """What --since asks for, in milliseconds."""
    with Fake(logs={'lines': []}) as fake:
        done = fake.run('logs', 'a', *arguments, env={'TZ': zone})
        assert done.returncode == 0, done
        return fake.requests[0][1]['since_ms']


def test_since_takes_a_time_ago_and_points_in_time():
    assert age_of('--since', '10min') == 600000
    assert age_of('-s', '1.5d') == 129600000
    now = time.time()
    spoken = [('2026-01-01T00:00:00Z', 'UTC'), ('2026-01-01T01:00:00.123+01:00', 'UTC'),
              ('2025-12-31 22:30:00-0130', 'AAA-5'), ('2026-01-01T05:00', 'AAA-5'),
              ('2025-12-31 19:00:00', 'AAA+5'), ('2026-01-01', 'UTC')]
    for text, zone in spoken:
        age_s = age_of('--since', text, zone=zone) / 1000
        assert abs(time.time() - age_s - 1767225600) < 60 + time.time() - now, text


def test_a_time_of_day_is_the_last_one_of_that_name():
    for text in ('00:00', '23:59:59', '12:30'):
        assert 0 <= age_of('--since', text) <= 24 * 3600 * 1000, text


def test_a_time_of_day_in_another_zone_is_of_the_day_there():
    text = time.strftime('%H:%MZ', time.gmtime(time.time() - 600))
    for zone in ('AAA+24', 'AAA+12', 'AAA0', 'AAA-12', 'AAA-24'):
        assert 600 <= age_of('--since', text, zone=zone) / 1000 <= 600 + 120, (text, zone)


def test_a_time_of_day_before_clocks_were_put_forward_is_taken_by_the_time_then():
    now = time.time()
    start = time.gmtime(now - 3 * 3600)  # since then clocks here have been an hour ahead
    first, last = start.tm_yday - 1, (start.tm_yday + 100) % 365
    zone = f'AAA0BBB,{first}/{time.strftime("%H:%M:%S", start)},{last}'
    text = time.strftime('%H:%M', time.gmtime(now + 3 * 3600))  # two hours from now, here
    age_s = age_of('--since', text, zone=zone) / 1000
    assert 21 * 3600 <= age_s <= 21 * 3600 + 120, (text, zone, age_s)


class Screen:
    """tree --watch on a terminal of a size, with a keyboard."""

    def __init__(self, fake, rows, columns):
        self.main, self.other = pty.openpty()
        termios.tcsetwinsize(self.other, (rows, columns))
        self.process = subprocess.Popen(
            [SUPTREE, 'tree', '-w'], stdin=self.other, stdout=self.other,
            stderr=subprocess.DEVNULL, start_new_session=True,
            env=environment(fake.path, TERM='xterm', NO_COLOR='1'))
        self.text = ''

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.process.kill()
        self.process.wait()
        os.close(self.main)
        os.close(self.other)

    def expect(self, end):
        """All that was written, up to this text."""
        while end not in self.text:
            self.text += os.read(self.main, 4096).decode().replace('\r\n', '\n')
        return self.text

    def lines(self):
        """The newest whole drawing."""
        drawing = self.expect('\033[J').rpartition('\033[J')[0].rpartition('\033[H')[2]
        return drawing.replace('\033[K', '').split('\n')


def test_a_watched_tree_on_a_terminal_is_drawn_over_the_one_before():
    states = iter(['running', 'stopped'])
    with Fake(subscribe=Stream({'seq': 1}, EXITED, hold=True),
              tree=lambda _: tree(next(states))) as fake, Screen(fake, 24, 80) as screen:
        drawn = '\033[Ha {}\033[K\nq leaves\033[K\033[J'
        assert screen.expect('stopped\033[K\nq leaves\033[K\033[J') == (
            drawn.format('● running') + drawn.format('○ stopped')), screen.text


def test_a_watched_tree_keeps_its_root_line_however_small_the_terminal_is():
    tall = tree('running')
    tall['root']['children'] = [
        {**tree('stopped')['root'], 'id': 'a child with a long name ü', 'pid': 4711,
         'status': 'and a status that has even more words than that'}] * 30
    with Fake(subscribe=Stream({'seq': 1}, hold=True), tree=tall) as fake:
        for rows, columns in ((12, 60), (12, 40), (24, 80), (2, 20)):
            with Screen(fake, rows, columns) as screen:
                lines = screen.lines()
                assert len(lines) == rows, lines
                assert lines[0].startswith('a ● running'), lines
                assert all(len(line) <= columns for line in lines), lines
                assert lines[-1] == f'q leaves; {32 - rows} more lines'[:columns - 1], lines
                assert rows < 3 or len(lines[1]) == columns, lines


def test_uptimes_go_on_without_an_event():
    uptimes = iter(range(1000, 100000, 1000))
    with Fake(subscribe=Stream({'seq': 1}, hold=True),
              tree=lambda _: {'seq': 1, 'root': {**tree('running')['root'],
                                                 'uptime_ms': next(uptimes)}}) as fake:
        with Screen(fake, 24, 80) as screen:
            screen.expect('up 1s')
            screen.expect('up 2s')


def test_q_leaves_and_the_terminal_is_as_before():
    with Fake(subscribe=Stream({'seq': 1}, hold=True), tree=tree('running')) as fake:
        with Screen(fake, 24, 80) as screen:
            before = termios.tcgetattr(screen.other)
            screen.expect('q leaves')
            assert not termios.tcgetattr(screen.other)[3] & termios.ICANON
            os.write(screen.main, b'xq')
            assert screen.process.wait(PATIENCE_S) == 0
            assert termios.tcgetattr(screen.other) == before
        with Screen(fake, 24, 80) as screen:
            screen.expect('q leaves')
            screen.process.send_signal(signal.SIGTERM)
            assert screen.process.wait(PATIENCE_S) == -signal.SIGTERM
            assert termios.tcgetattr(screen.other) == before


def test_a_reader_that_leaves_ends_it_without_an_event():
    for arguments, first in ((['tree', '-w'], 'a ● running\n'), (['events'], None),
                             (['tree', '-w', '--jsonl'], None)):
        with Fake(subscribe=Stream({'seq': 1}, EXITED, hold=True), tree=tree('running')) as fake:
            with Started(fake, *arguments) as started:
                assert started.line() == first or not first
                started.process.stdout.close()
                assert started.process.wait(PATIENCE_S) in (0, -signal.SIGPIPE), arguments


def numbered(seq, path, name='started', **more):
    return event(seq=seq, time_ns=seq, wall=WALL, event=name, path=path, **more)


def test_events_until_now_are_those_that_have_happened():
    events = [numbered(1, 'demo/a'), numbered(2, 'other'), numbered(3, 'demo'),
              numbered(4, 'demolition'), event(seq=5, time_ns=5, wall=WALL, event='report',
                                               sup='demo', context='child_terminated')]
    later = numbered(6, 'demo/a', 'exited')
    with Fake(subscribe=Stream({'seq': 5}, *events, later, hold=True),
              info=lambda params: {'path': {'a': 'demo/a'}.get(params['path'], params['path'])}
              ) as fake:
        for arguments, wanted in (([], [1, 2, 3, 4, 5]), (['/'], [1, 2, 3, 4, 5]),
                                  (['demo'], [1, 3, 5]), (['a'], [1])):
            done = fake.run('events', '--until-now', '--jsonl', *arguments)
            assert done.returncode == 0, done
            seqs = [json.loads(line)['params']['seq'] for line in done.stdout.splitlines()]
            assert seqs == wanted, (arguments, seqs)
        assert ('subscribe', {'since': 0}) in fake.requests, fake.requests
        done = fake.run('events', '-u', '--since', '5')
        assert (done.returncode, done.stdout) == (0, ''), done
    with Fake(subscribe=Stream({'seq': 9}, RESYNC, hold=True)) as fake:
        assert 'lost here' in fake.run('events', '-u').stdout
    with Fake(subscribe=Stream({'seq': 9, 'incarnation': 4}, RESYNC, hold=True)) as fake:
        for number, lost in (('3', True), ('4', False)):
            done = fake.run('events', '-u', '--since', '9', '--incarnation', number)
            assert done.returncode == 0 and ('lost here' in done.stdout) == lost, (number, done)
        assert fake.requests[-1] == ('subscribe', {'since': 9, 'incarnation': 4}), fake.requests
    with Fake(subscribe=Stream({'seq': 5}, numbered(1, 'a'))) as fake:
        done = fake.run('events', '-u')
        assert (done.returncode, done.stderr) == (6, LOST), done


ktap.run(globals())
