#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Children that end together with their descendants, and what a killed daemon leaves.

Root's daemon knows descendants by cgroups, where it can make them; another user's daemon
knows them by marks. Each test runs as both.
"""

import os
import signal
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from suptreed import Daemon, Guard  # noqa: E402

OTHER = 30000 + os.getpid() % 20000  # a user whom no other process has

# Prints the pid of a descendant that is in a session of its own, whose parent has ended,
# and whose environment is empty. It writes "asked" into a file when SIGTERM comes, and ends
# then if its word is not "insist".
LEAVES = r'''
import os, signal, sys
LEFT = """
import os, signal, sys
def asked(*_):
    with open(sys.argv[1], 'a') as file:
        file.write('asked ')
    if sys.argv[2] != 'insist':
        os._exit(0)
signal.signal(signal.SIGTERM, asked)
os.write(int(sys.argv[3]), str(os.getpid()).encode())
os.close(int(sys.argv[3]))
while True:
    signal.pause()
"""
reader, writer = os.pipe()
os.set_inheritable(writer, True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execve(sys.executable, [sys.executable, '-c', LEFT, *sys.argv[1:3], str(writer)], {})
    os._exit(0)
os.wait()
print(os.read(reader, 20).decode(), flush=True)
if sys.argv[3] == 'end':
    sys.exit(0)
while True:
    signal.pause()
'''


def both(test):
    """Run a test with root's daemon, if this is root, and with that of another user."""
    def run():
        with Daemon(user=None if os.geteuid() else 0) as daemon:
            test(daemon)
        if os.geteuid() == 0:
            with Daemon(user=OTHER) as daemon:
                test(daemon)
    run.__name__ = test.__name__
    return run


def start(daemon, word, then='stay', **spec):
    """Start the child; the pid of what it leaves, and the file that this one writes."""
    file = f'{daemon.dir}/asked-{word}-{then}'
    daemon.call('start_child', path='/', spec={
        'id': 'x', 'restart': 'temporary', 'kill_subtree': True, 'shutdown': 'infinity',
        'start': ['python3', '-c', LEAVES, file, word, then], **spec})
    return printed(daemon), file


def printed(daemon, number=0):
    found = []

    def has_printed():
        found[:] = [line['text'] for line in daemon.call('logs', path='x')['lines']]
        return len(found) > number
    daemon.poll(has_printed)
    return int(found[number])


def read(path):
    try:
        with open(path, encoding='ascii') as file:
            return file.read()
    except FileNotFoundError:
        return ''


PF_EXITING = 4  # it has left its cgroup, and will be a zombie


def is_gone(pid):
    try:
        with open(f'/proc/{pid}/stat', encoding='ascii') as file:
            fields = file.read().rsplit(')', 1)[1].split()
            return fields[0] in 'ZX' or int(fields[6]) & PF_EXITING
    except (FileNotFoundError, ProcessLookupError):
        return True


@both
def test_a_stop_asks_all_and_waits_for_all(daemon):
    pid, file = start(daemon, 'leave')
    daemon.call('terminate_child', path='x')
    assert is_gone(pid)
    assert read(file) == 'asked ', 'once, and before anything else'


@both
def test_what_insists_is_killed_when_the_patience_of_the_child_is_over(daemon):
    pid, file = start(daemon, 'insist', shutdown='200 ms')
    events = daemon.follow()
    daemon.call('terminate_child', path='x')
    assert is_gone(pid)
    assert events.event('exited', 'x')['took_ns'] >= 200_000_000
    # on a busy machine it may not have its turn within that time
    assert read(file) in ('', 'asked ')


@both
def test_after_a_crash_what_is_left_is_asked_before_the_restart(daemon):
    pid, file = start(daemon, 'leave', restart='permanent')
    events = daemon.follow()
    os.kill(daemon.pid('x'), signal.SIGKILL)
    events.event('started', 'x')
    assert is_gone(pid)
    assert read(file) == 'asked '


@both
def test_brutal_kill_asks_nobody(daemon):
    pid, file = start(daemon, 'leave', shutdown='brutal_kill')
    daemon.call('terminate_child', path='x')
    assert is_gone(pid)
    assert read(file) == ''


@both
def test_a_process_that_ends_by_itself_ends_when_all_have(daemon):
    events = daemon.follow()
    pid, file = start(daemon, 'leave', 'end', restart='transient')  # its output stays
    events.event('exited', 'x')
    assert is_gone(pid)
    assert read(file) == 'asked '


@both
def test_the_end_of_the_daemon_takes_all_along(daemon):
    pid, file = start(daemon, 'leave')
    daemon.stop()
    assert is_gone(pid)
    assert read(file) == 'asked '


@both
def test_many_that_are_killed_at_once_all_come_back(daemon):
    """Each end read the environment of each descendant: seconds, for 300."""
    spec = [{'id': f'w{number}', 'kill_subtree': True, 'shutdown': 'brutal_kill',
             'start': ['sh', '-c', 'env -i sleep infinity & exec sleep infinity']}
            for number in range(60)]
    daemon.call('start_child', path='/', spec={'id': 'many', 'supervisor': {
        'intensity': 1000, 'period': 3600, 'children': spec}})
    pids = {node['path']: node['pid'] for node in daemon.call('ps', path='many')
            if node['type'] == 'worker'}
    left = [pid for pid in daemon.pids() if pid not in pids.values()]
    for pid in pids.values():
        os.kill(pid, signal.SIGKILL)
    daemon.poll(lambda: all(node['state'] == 'running' and node.get('pid') != pids[node['path']]
                            for node in daemon.call('ps', path='many')
                            if node['type'] == 'worker'))
    assert all(is_gone(pid) for pid in left)


def kill(daemon):
    daemon.process.kill()
    daemon.process.wait()
    os.unlink(daemon.dir + '/ready')


# One that the daemon's death does not kill, as after an exec that changes the user; and its child.
CLEARED = '''
import ctypes, os, signal
ctypes.CDLL(None).prctl(1, 0)
os.fork()
os.write(1, b'%d\\n' % os.getpid())
while True:
    signal.pause()
'''


def left_by(user):
    with Daemon('children: []', user=user) as daemon:
        daemon.call('start_child', path='/', spec={
            'id': 'x', 'start': ['python3', '-c', CLEARED]})
        pids = [printed(daemon), printed(daemon, 1)]
        kill(daemon)
        assert not any(is_gone(pid) for pid in pids), 'Linux does not end them'
        daemon.start()
        assert all(is_gone(pid) for pid in pids)
        said = daemon.said()
        assert 'the daemon before was killed and had left 2 processes running' in said, said
        assert all(f'{pid} python' in said for pid in pids), said


def test_the_next_daemon_ends_what_a_killed_one_has_left_and_says_so():
    if os.geteuid() == 0:
        left_by(OTHER)
    left_by(None)


def test_nothing_is_said_when_all_died_with_the_daemon_or_it_ended_in_order():
    with Daemon('children: [{id: a, start: [sleep, infinity]}]') as daemon:
        child = Guard(daemon.pid('a'))
        kill(daemon)
        child.wait()
        daemon.start()
        assert 'before' not in daemon.said(), daemon.said()
        daemon.stop()
        os.unlink(daemon.dir + '/ready')
        assert not os.path.exists(daemon.socket + '.mark')
        daemon.start()
        assert 'before' not in daemon.said(), daemon.said()


def test_another_processes_and_anothers_file_are_left_alone():
    with Daemon() as daemon, Daemon('children: [{id: a, start: [sleep, infinity]}]') as other:
        kill(daemon)
        with open(daemon.socket + '.mark', 'w', encoding='ascii') as file:
            file.write('garbage\n')
        daemon.start()
        assert other.info('a')['state'] == 'running'
        assert 'before' not in daemon.said()


ktap.run(globals())
