#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What an event says of restarts, of the budget of the supervisor, of what the process has used,
and of those who made it happen.
"""

import json
import os
import signal
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from suptreed import Daemon, Refused  # noqa: E402

TREE = '''
children:
  - id: demo
    supervisor:
      intensity: 3
      period: 1000
      children:
        - {id: a, start: [sleep, infinity], output: "null"}
        - {id: b, start: [sleep, infinity], output: "null", ready: fd=3}
'''
# Busy until it has used this much of a processor, and its exit status.
WORK_S = 0.1
BUSY = ['-c', f'import sys, time\nwhile time.process_time() < {WORK_S}: pass\n'
        'sys.exit(int(sys.argv[1]))']


def crash(daemon, follow, path):
    """The end of a process by a signal of ours, and the start that follows."""
    os.kill(daemon.pid(path), signal.SIGSEGV)
    return follow.event('exited', path), follow.event('started', path)


def test_starts_and_ends_count_restarts_and_show_what_is_left():  # [E1]
    with Daemon(TREE.replace(', ready: fd=3', '')) as daemon:
        follow = daemon.follow(since=0)
        first = follow.event('started', 'demo/a')
        assert first['restarts'] == 0, first
        assert first['budget'] == {'used': 0, 'intensity': 3, 'period': 1000}, first
        for nr in range(3):
            end, start = crash(daemon, follow, 'demo/a')
            assert (end['restarts'], end['budget']['used']) == (nr, nr), end
            assert (start['restarts'], start['budget']['used']) == (nr + 1, nr + 1), start
            assert 0 < start['spawned_ns'] <= start['took_ns'], start
        os.kill(daemon.pid('demo/b'), signal.SIGSEGV)
        end = follow.event('exited', 'demo/b')
        assert (end['restarts'], end['budget']['used']) == (0, 3), 'the budget is of all children'
        gone = follow.event('exited', 'demo')
        assert gone['budget'] == {'used': 0, 'intensity': 1, 'period': 5}, gone
        assert 'usage' not in gone, 'a supervisor is no process'
        assert 'budget' not in daemon.follow(since=0).event('started', '/')


def test_a_process_exists_before_it_is_ready():
    count = 'i=0; while [ $i -lt 2000 ]; do i=$((i+1)); done'
    start = f'[sh, -c, "{count}; echo >&3; exec sleep infinity"]'
    with Daemon(TREE.replace('[sleep, infinity], output: "null", ready',
                             f'{start}, output: "null", ready')) as daemon:
        event = daemon.follow(since=0).event('started', 'demo/b')
        assert 0 < event['spawned_ns'] < event['took_ns'], event


def test_an_end_has_what_the_process_and_its_children_have_used():
    busy = [sys.executable, *BUSY]
    children = [
        {'id': 'idle', 'start': ['false']}, {'id': 'busy', 'start': [*busy, '3']},
        {'id': 'nested', 'start': ['sh', '-c', '"$@"; exit 4', 'sh', *busy, '3']},
        {'id': 'worked', 'ready': 'exit', 'start': [*busy, '0']},
        {'id': 'none', 'start_now': False, 'start': ['/nonexistent']}]
    with Daemon(json.dumps({'children': [{'restart': 'temporary', **child}
                                         for child in children]})) as daemon:
        follow = daemon.follow(since=0)
        ends = {name: daemon.follow(since=0).event('exited', name)['usage']
                for name in ('idle', 'busy', 'nested')}
        ends['worked'] = follow.event('done', 'worked')['usage']
        for name, usage in ends.items():
            assert usage['maxrss_kb'] > 0, (name, usage)
        used = {name: usage['utime_ns'] + usage['stime_ns'] for name, usage in ends.items()}
        assert used['idle'] > 0, used
        for name in ('busy', 'nested', 'worked'):
            assert used[name] >= WORK_S * 0.99e9, used


def test_events_have_the_client_that_asked_for_them():  # [C1] [C4] [C5] [K1]
    with Daemon(TREE.replace(', ready: fd=3', '')) as daemon:
        follow = daemon.follow()

        def asked(name, path):
            event = follow.event(name, path)
            by = event['asked_by']
            assert by['pid'] == os.getpid() and by['uid'] == os.getuid(), event
            return by['operation']

        daemon.call('start_child', path='demo', spec={'id': 'c', 'start': ['sleep', 'infinity']})
        assert asked('started', 'demo/c') == 'start-child'
        assert asked('added', 'demo/c') == 'start-child'
        daemon.call('terminate_child', path='demo/c')
        assert asked('exited', 'demo/c') == 'terminate-child'
        daemon.call('restart_child', path='demo/c')
        assert asked('started', 'demo/c') == 'restart-child'
        daemon.call('terminate_child', path='demo/c')
        daemon.call('delete_child', path='demo/c')
        assert asked('removed', 'demo/c') == 'delete-child'
        daemon.write(TREE.replace(', ready: fd=3', '').replace('intensity: 3', 'intensity: 4'))
        daemon.call('reload')
        assert asked('changed', 'demo') == 'reload'
        os.kill(daemon.pid('demo/a'), signal.SIGKILL)
        end = follow.event('exited', 'demo/a')
        assert 'asked_by' not in end and 'sender' not in end, end
        daemon.call('kill', path='demo/a', signal='KILL')
        end = follow.event('exited', 'demo/a')
        assert end['sender']['name'] == 'suptreed', end
        assert end['sender']['asked_by']['operation'] == 'kill', end


def has_mapping(daemon):
    with open(f'/proc/{daemon.process.pid}/maps', encoding='utf-8') as maps:
        return 'memfd:suptree-journal' in maps.read()


def test_a_journal_has_a_buffer_of_its_own_for_as_long_as_it_follows():
    with Daemon(TREE.replace(', ready: fd=3', '')) as daemon:
        assert not has_mapping(daemon)
        journal = daemon.follow(buffer='journal', since=0, batch=True)
        assert has_mapping(daemon)
        other = daemon.connect()
        try:
            other.call('subscribe', buffer='journal')
        except Refused as error:
            assert error.kind == 'conflict' and str(os.getpid()) in str(error), error
        else:
            raise AssertionError('two clients have it')
        other.call('subscribe')
        names, last = [], 0
        while ('started', '/') not in names:
            message = journal.notification()
            assert message['method'] == 'events', message
            for event in message['params']:
                assert event['seq'] == last + 1, event
                last = event['seq']
                names.append((event['event'], event.get('path')))
        journal.close()
        while has_mapping(daemon):  # the daemon sees it in one of its next turns
            daemon.call('status')
        other.call('subscribe', buffer='journal')
        assert has_mapping(daemon)


if __name__ == '__main__':
    ktap.run(globals())
