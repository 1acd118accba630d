#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""`suptree kill` answers when the daemon knows the death, so the next request sees it."""

import ctypes
import json
import os
import signal
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from suptreed import Daemon, Guard  # noqa: E402

ONE = '''
intensity: 1000
children:
  - {id: x, start: [sleep, infinity], output: "null"}
'''
# A child for which SIGTERM is what it is told, and that is READY when that is so.
CHILD = '''
children:
  - id: x
    restart: temporary
    ready: notify
    shutdown: brutal_kill
    start:
      - python3
      - -c
      - |
        import os, signal, socket
        %s
        notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        notify.sendto(b"READY=1", os.environ["NOTIFY_SOCKET"])
        while True:
            signal.pause()
'''
IGNORED = CHILD % 'signal.signal(signal.SIGTERM, signal.SIG_IGN)'
CAUGHT = CHILD % 'signal.signal(signal.SIGTERM, lambda *_: None)'
BLOCKED = CHILD % 'signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])'
PTRACE_CONT, PTRACE_SEIZE, WALL = 7, 0x4206, 0x40000000


def ptrace(request, pid, data=0):
    return ctypes.CDLL(None).ptrace(*map(ctypes.c_long, (request, pid, 0, data)))


def pipelined(daemon, *requests):
    """The answers to requests that all arrive with one read of the daemon."""
    connection = daemon.connect()
    lines = [json.dumps({'jsonrpc': '2.0', 'id': i, 'method': method, 'params': params})
             for i, (method, params) in enumerate(requests)]
    connection.socket.sendall('\n'.join(lines + ['']).encode())
    return [connection.message()['result'] for _ in requests]


def test_settle_after_a_kill_waits_for_the_restart():
    with Daemon(ONE) as daemon:
        for number in ('KILL', 'TERM', 'SEGV', 'RTMIN+1'):
            before = daemon.pid('x')
            killed, _, info = pipelined(daemon, ('kill', {'path': 'x', 'signal': number}),
                                        ('settle', {}), ('info', {'path': 'x'}))
            assert killed == {'ok': True, 'ended': True}, (number, killed)
            assert info['state'] == 'running' and info['pid'] != before, (number, info)


def test_a_signal_that_may_not_end_the_process_is_answered_at_once():
    for config in (IGNORED, CAUGHT, BLOCKED):
        with Daemon(config) as daemon:
            pid = daemon.pid('x')
            assert daemon.call('kill', path='x', signal='TERM') == {'ok': True, 'ended': False}
            assert daemon.call('kill', path='x', signal='CHLD') == {'ok': True, 'ended': False}
            daemon.call('settle')
            assert daemon.pid('x') == pid
            assert daemon.call('kill', path='x') == {'ok': True, 'ended': True}


def test_a_stopped_process_is_not_waited_for_unless_it_is_killed():
    with Daemon(ONE) as daemon:
        pid = daemon.pid('x')
        assert not daemon.call('kill', path='x', signal='STOP')['ended']
        daemon.poll(lambda: daemon.info('x')['process']['state'].startswith('T'))
        assert not daemon.call('kill', path='x', signal='TERM')['ended']
        assert daemon.pid('x') == pid
        assert daemon.call('kill', path='x')['ended']
        daemon.call('settle')
        assert daemon.pid('x') != pid


def test_an_end_that_does_not_come_is_not_waited_for_for_ever():
    with Daemon(ONE) as daemon:
        pid = daemon.pid('x')
        if ptrace(PTRACE_SEIZE, pid):
            raise ktap.Skip('needs ptrace')
        try:
            assert daemon.call('kill', path='x', signal='TERM') == {'ok': True, 'ended': False}
            assert daemon.pid('x') == pid
        finally:
            guard = Guard(pid)
            os.waitpid(pid, WALL)
            ptrace(PTRACE_CONT, pid, signal.SIGTERM)
            os.waitpid(pid, WALL)
            guard.wait()


def test_a_client_that_goes_away_while_it_waits_takes_nothing_with_it():
    with Daemon(ONE) as daemon:
        pid = daemon.pid('x')
        if ptrace(PTRACE_SEIZE, pid):
            raise ktap.Skip('needs ptrace')
        leaver = daemon.connect()
        leaver.socket.sendall(b'{"jsonrpc":"2.0","id":1,"method":"kill",'
                              b'"params":{"path":"x","signal":"TERM"}}\n')
        os.waitpid(pid, WALL)  # the signal is there
        leaver.close()
        daemon.call('ping')
        ptrace(PTRACE_CONT, pid, signal.SIGTERM)
        os.waitpid(pid, WALL)
        daemon.poll(lambda: daemon.pid('x') not in (None, pid))


def test_the_kill_that_ends_the_daemon_is_answered():
    daemon = Daemon('intensity: 0' + ONE.replace('intensity: 1000', '')).start()
    assert daemon.call('kill', path='x') == {'ok': True, 'ended': True}
    assert daemon.process.wait() == 1


ktap.run(globals())
