#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""`suptree why`: the chain from the last end of a child to all that came of it."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from suptreed import BIN, Daemon, Refused  # noqa: E402

TREE = '''
children:
  - id: demo
    supervisor:
      strategy: one_for_all
      intensity: 2
      period: 60
      children:
        - {id: a, start: [sleep, infinity], output: "null"}
        - {id: b, start: [sleep, infinity], output: "null"}
        - id: sub
          supervisor:
            intensity: 0
            children:
              - {id: x, start: [sleep, infinity], output: "null"}
              - {id: y, start: [sleep, infinity], output: "null"}
  - id: done
    restart: transient
    start: [sh, -c, 'exit 0']
  - id: stubborn
    shutdown: 1
    ready: fd=3
    start: [sh, -c, 'trap "" TERM; echo >&3; exec sleep infinity']
'''


def pid_of(daemon, path):
    return daemon.call('info', path=path)['pid']


def kill(daemon, path, number=signal.SIGKILL):
    """A signal that the daemon has no part in, and all that comes of it."""
    pid = pid_of(daemon, path)
    connection = daemon.connect()
    connection.call('subscribe', path=path)
    os.kill(pid, number)
    while connection.message()['params'].get('event') != 'exited':
        pass
    daemon.call('settle')
    return pid


def told(why):
    """The steps in short: "exited demo/a" or the id of a rule."""
    return [step['rule'] if 'text' in step else
            f'{step["event"]} {step.get("path", step.get("sup"))}' for step in why['steps']]


def test_the_end_of_a_child_is_told_with_how_the_rules_and_what_came_of_it():  # [B1] [D2]
    with Daemon(TREE) as daemon:
        pid = kill(daemon, 'demo/b')
        why = daemon.call('why', path='demo/b')
        assert (why['path'], why['state'], why['ended']) == ('demo/b', 'running', True)
        end = why['end']
        assert (end['pid'], end['how'], end['reason'], end['rule']) == (
            pid, {'signal': 'KILL', 'core': False}, 'killed', 'B1'), end
        assert end['ran_ns'] > 0 and 'root' not in why and 'cause' not in end
        assert end['sender'] == 'unknown: the tracer does not run'
        assert told(why) == [
            'exited demo/b', 'B1', 'D2', 'exited demo/sub/y', 'exited demo/sub/x',
            'exited demo/sub', 'exited demo/a', 'started demo/a', 'started demo/b',
            'started demo/sub/x', 'started demo/sub/y', 'started demo/sub'], told(why)
        rule = why['steps'][2]
        assert (rule['sup'], rule['restarts'], rule['intensity'], rule['period']) == (
            'demo', 1, 2, 60)
        assert all(step['took_ns'] > 0 for step in why['steps'][3:]), why['steps']
        assert [step['seq'] for step in why['steps'] if 'seq' in step] == sorted(
            step['seq'] for step in why['steps'] if 'seq' in step)


def test_one_that_was_stopped_for_another_tells_of_that_one():  # [D2]
    with Daemon(TREE) as daemon:
        pid = kill(daemon, 'demo/b')
        why = daemon.call('why', path='demo/a')
        assert why['root']['path'] == 'demo/b' and why['root']['pid'] == pid
        assert why['end']['cause'] == {'rule': 'D2', 'generation': why['root']['generation']}
        assert 'rule' not in why['end']
        assert why['end']['sender']['name'] == 'suptreed'
        assert told(why)[0] == 'exited demo/b' and 'exited demo/a' in told(why)


def test_a_failure_is_followed_up_the_tree():  # [E6] [E7]
    with Daemon(TREE) as daemon:
        kill(daemon, 'demo/sub/x')
        for name in ('demo/sub/x', 'sub', 'a'):
            why = daemon.call('why', path=name)
            assert told(why) == [
                'exited demo/sub/x', 'B1', 'E6', 'report demo/sub/x', 'exited demo/sub/y',
                'exited demo/sub', 'B1', 'D2', 'exited demo/b', 'exited demo/a',
                'started demo/a', 'started demo/b', 'started demo/sub/x', 'started demo/sub/y',
                'started demo/sub'], (name, told(why))
            assert (name == 'demo/sub/x') == ('root' not in why)
        gave_up = next(step for step in why['steps'] if step.get('rule') == 'E6')
        assert (gave_up['sup'], gave_up['restarts'], gave_up['intensity']) == ('demo/sub', 1, 0)


def test_an_end_that_was_asked_for_tells_who_asked():  # [C5] [G6]
    with Daemon(TREE) as daemon:
        daemon.call('terminate_child', path='demo/a')
        why = daemon.call('why', path='a')
        asked = {'operation': 'terminate-child', 'pid': os.getpid(), 'uid': os.getuid()}
        assert why['asked_by'] == asked, why
        assert told(why) == ['C5', 'exited demo/a'] and why['state'] == 'stopped'
        daemon.call('stop_supervisor', path='demo/sub', reason='shutdown')
        daemon.call('settle')
        why = daemon.call('why', path='demo/sub/x')
        assert why['asked_by']['operation'] == 'stop-supervisor'
        assert told(why)[:5] == ['G6', 'exited demo/sub/y', 'exited demo/sub/x',
                                 'exited demo/sub', 'B1'], told(why)


def test_a_signal_that_a_client_had_sent_has_the_client_behind_its_sender():
    with Daemon(TREE) as daemon:
        daemon.call('kill', path='demo/a', signal='SEGV')
        daemon.call('settle')
        sender = daemon.call('why', path='demo/a')['end']['sender']
        assert (sender['name'], sender['pid']) == ('suptreed', daemon.process.pid)
        assert sender['asked_by'] == {'operation': 'kill', 'pid': os.getpid(), 'uid': os.getuid()}


def test_a_child_that_does_not_stop_in_time_was_killed():  # [G3]
    with Daemon(TREE) as daemon:
        daemon.call('terminate_child', path='stubborn')
        end = daemon.call('why', path='stubborn')['end']
        assert end['killed'] and end['how']['signal'] == 'KILL' and end['took_ns'] > 1000000


def test_a_normal_end_says_why_nothing_came_of_it():  # [B2]
    with Daemon(TREE) as daemon:
        daemon.until('done=stopped')
        why = daemon.call('why', path='done')
        assert why['end']['how'] == {'exit': 0} and told(why) == ['exited done', 'B2']


def test_a_start_that_fails_tells_what_it_undid():  # [A5] [C1]
    with Daemon(TREE) as daemon:
        spec = {'id': 'bad', 'supervisor': {'children': [
            {'id': 'one', 'start': ['sleep', 'infinity']},
            {'id': 'two', 'start': ['/nonexistent']}]}}
        try:
            daemon.call('start_child', path='demo', spec=spec)
            raise AssertionError('it has started')
        except Refused as refused:
            assert refused.kind == 'start_error'
        why = daemon.call('why', path='bad/two')
        assert told(why) == [
            'C1', 'started demo/bad/one', 'start_failed demo/bad/two', 'A5', 'exited demo/bad/one',
            'start_failed demo/bad', 'C1', 'removed demo/bad'], told(why)
        assert why['state'] == 'forgotten' and 'how' not in why['end']


def test_who_never_ended_and_who_is_unknown_get_a_clear_answer():
    with Daemon(TREE) as daemon:
        why = daemon.call('why', path='demo/a')
        assert (why['ended'], why['events_from'], 'end' in why) == (False, 1, False)
        daemon.until('done=stopped')
        assert daemon.call('why', path='/')['below']['path'] == 'done'
        for name, kind, words in (('stubbron', 'not_found', 'did you mean stubborn?'),
                                  ('#999', 'not_found', 'no such child')):
            try:
                daemon.call('why', path=name)
                raise AssertionError(name)
            except Refused as refused:
                assert refused.kind == kind and words in str(refused), refused


def test_a_generation_is_asked_for_and_what_is_too_long_is_cut():
    with Daemon(TREE) as daemon:
        generation = daemon.call('info', path='demo/a')['generation']
        kill(daemon, 'demo/a')
        kill(daemon, 'demo/a')
        why = daemon.call('why', path=f'#{generation}', limit=2)
        assert why['end']['generation'] == generation
        assert len(why['steps']) == 2 and why['left_out'] > 5
        assert daemon.call('why', path='demo/a')['end']['generation'] > generation


WORDY = '''
intensity: 1000
children:
  - id: wordy
    start: [sh, -c, 'for i in 1 2 3 4 5 6 7; do echo $$ line $i; done; echo $$ bad >&2; read x']
    ready: fd=3
  - id: site
    supervisor:
      strategy: one_for_all
      intensity: 1000
      children:
        - {id: crash, start: [sh, -c, 'echo $$ about to; exec sleep infinity']}
        - {id: other, start: [sh, -c, 'echo $$ innocent; exec sleep infinity']}
  - {id: silent, start: [sleep, infinity], output: "null"}
'''.replace('read x', 'echo >&3; exec sleep infinity')


def lines(found):
    return [(line['stream'], line['text']) for line in found]


def test_why_has_the_last_lines_of_the_process_that_has_ended_and_of_no_other():
    with Daemon(WORDY) as daemon:
        daemon.until('wordy=up')
        for _ in range(3):  # each process has lines of its own
            pid = kill(daemon, 'wordy')
            daemon.until('wordy=up')
            why = daemon.call('why', path='wordy')
            assert lines(why['output']) == [('stdout', f'{pid} line {nr}') for nr in (4, 5, 6, 7)
                                            ] + [('stderr', f'{pid} bad')], why['output']
            assert 'root_output' not in why, why


def test_why_has_also_the_last_lines_of_the_process_whose_end_was_the_cause():
    with Daemon(WORDY) as daemon:
        other = pid_of(daemon, 'other')
        daemon.poll(lambda: len(daemon.call('logs', path='other')['lines']) +
                    len(daemon.call('logs', path='crash')['lines']) == 2)
        pid = kill(daemon, 'crash')
        why = daemon.call('why', path='other')
        assert lines(why['output']) == [('stdout', f'{other} innocent')], why
        assert lines(why['root_output']) == [('stdout', f'{pid} about to')], why
        shown = subprocess.run([BIN + '/suptree', '--socket', daemon.socket, 'why', 'other'],
                               text=True, capture_output=True, check=True).stdout
        assert shown.endswith(f'\nsite/crash  wrote last:\n            {pid} about to\n'
                              f'\nsite/other  wrote last:\n            {other} innocent\n'), shown


def test_why_says_nothing_of_output_that_is_not_kept():
    with Daemon(WORDY) as daemon:
        kill(daemon, 'silent')
        assert 'output' not in daemon.call('why', path='silent')


HOLDS = '''
children:
  - id: site
    supervisor:
      strategy: rest_for_one
      intensity: 3
      period: 60
      children:
        - {id: store, start: [sleep, infinity], output: "null"}
        - id: web
          start: [PYTHON, -c, PROGRAM]
          ready: fd=3
          output: "null"
'''
LISTENS = '''
import os, socket, signal
tcp = socket.create_server(("127.0.0.1", 0))
udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
udp.bind(("127.0.0.1", 0))
file = open(os.environ["HELD"], "w")
print(tcp.getsockname()[1], udp.getsockname()[1], file=file, flush=True)
os.write(3, b"\\n")
signal.pause()
'''


def holding():
    return HOLDS.replace('PYTHON', json.dumps(sys.executable)).replace(
        'PROGRAM', json.dumps(LISTENS))


@contextlib.contextmanager
def held_file():
    with tempfile.TemporaryDirectory(prefix='suptree-e2e-') as folder:
        yield os.path.realpath(folder) + '/held \u00fc'


def test_why_running_has_the_start_and_what_the_process_holds():  # [A1]
    with held_file() as held, Daemon(holding(), environment={**os.environ, 'HELD': held}) as daemon:
        daemon.until('site/web=up')
        why = daemon.call('why', path='web', running=True)
        with open(held, encoding='ascii') as file:
            tcp, udp = map(int, file.read().split())
        assert (why['path'], why['running'], why['restarts']) == ('site/web', True, 0), why
        assert why['pid'] == pid_of(daemon, 'site/web') and why['uptime_ms'] >= 0
        assert why['started']['event'] == 'started' and why['started']['pid'] == why['pid']
        assert why['rule'] == 'A1' and 'because' not in why, why
        holds = why['holds']
        assert [(port['protocol'], port['address'], port['port']) for port in holds['ports']] == [
            ('tcp', '127.0.0.1', tcp), ('udp', '127.0.0.1', udp)], holds
        file = next(file for file in holds['files'] if file['path'] == held)
        assert file['writes'] and not file['reads'] and holds['sockets'] >= 2, holds
        assert holds['left_out'] == 0 and 'gone' not in holds, holds


def test_why_running_names_the_end_and_the_rule_that_made_it_start():  # [D3]
    with held_file() as held, Daemon(holding(), environment={**os.environ, 'HELD': held}) as daemon:
        daemon.until('site/web=up')
        pid = kill(daemon, 'site/store')
        daemon.until('site/web=up')
        why = daemon.call('why', path='site/web', running=True)
        assert (why['rule'], why['restarts'], why['because']['pid']) == ('D3', 1, pid), why
        assert why['because']['path'] == 'site/store' and why['because']['how']['signal'] == 'KILL'
        shown = subprocess.run([BIN + '/suptree', '--socket', daemon.socket, 'why', 'web',
                                '--running'], text=True, capture_output=True, check=True).stdout
        for words in ('because of site/store ended', '[D3] rest_for_one', 'listens tcp 127.0.0.1:',
                      'listens udp 127.0.0.1:', '/held '):
            assert words in shown, shown


def test_why_running_of_a_child_that_was_asked_for_says_who_asked():  # [C1]
    with Daemon(TREE) as daemon:
        daemon.call('start_child', path='demo', spec={'id': 'new', 'start': ['sleep', 'infinity']})
        started = daemon.call('why', path='new', running=True)['started']
        assert started['asked_by'] == {'operation': 'start-child', 'pid': os.getpid(),
                                       'uid': os.getuid()}, started


def test_a_supervisor_runs_and_holds_nothing_and_what_has_ended_does_not_run():
    with Daemon(TREE) as daemon:
        why = daemon.call('why', path='demo/sub', running=True)
        assert why['running'] and 'holds' not in why, why
        daemon.until('done=stopped')
        try:
            daemon.call('why', path='done', running=True)
            raise AssertionError('it does not run')
        except Refused as refused:
            assert refused.kind == 'noproc' and 'without --running' in str(refused), refused


def yaml_of(name, start):
    return json.dumps({'children': [{'id': name, 'start': start, 'ready': 'fd=3',
                                     'output': 'null'}]})


def test_why_running_of_very_many_files_comes_in_slices_and_is_cut():
    program = ('import os, resource, signal; resource.setrlimit(resource.RLIMIT_NOFILE, (1100, '
               'resource.getrlimit(resource.RLIMIT_NOFILE)[1])); '
               '[os.open("/dev/null", os.O_RDONLY) for _ in range(1050)]; '
               'os.write(3, b"\\n"); signal.pause()')
    tree = yaml_of('many', [sys.executable, '-c', program])
    with Daemon(tree) as daemon:
        daemon.until('many=up')
        holds = daemon.call('why', path='many', running=True)['holds']
        assert len(holds['files']) == 1000 and holds['left_out'] >= 50, len(holds['files'])


if __name__ == '__main__':
    ktap.run(globals())
