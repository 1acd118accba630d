#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Reused pids: in a new pid namespace, where the last pid can be set, a restarted child or
a foreign process gets the pid of a child that has ended.
"""

import functools
import json
import os
import pwd
import signal
import socket
import subprocess
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from suptreed import PATIENCE_S, Daemon  # noqa: E402

CONFIG = '''
intensity: 1000
children:
  - {id: a, start: [sleep, infinity]}
'''
LAST_PID = '/proc/sys/kernel/ns_last_pid'
INSIDE = 'ST_TEST_INSIDE'  # the name of the test to run there
NR_TRIES = 50
UNSHARE = ('unshare', '--pid', '--fork', '--kill-child', '--mount-proc')
SAY = ('import os, socket; s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); '
       's.sendto(b"STATUS=a lie", os.environ["NOTIFY"]); print(os.getpid(), flush=True); input()')


def next_pid(pid):
    with open(LAST_PID, 'w', encoding='ascii') as file:
        file.write(str(pid - 1))


def inside(function):
    """Run a test as the init of a new pid namespace."""
    @functools.wraps(function)
    def test():
        if os.environ.get(INSIDE) == function.__name__:
            function()
            return
        if os.geteuid() != 0 or subprocess.run([*UNSHARE, 'sh', '-c', f'echo 99 > {LAST_PID}'],
                                               check=False, stderr=subprocess.DEVNULL).returncode:
            raise ktap.Skip('needs the right to choose pids in a pid namespace')
        done = subprocess.run([*UNSHARE, sys.executable, __file__], check=False, text=True,
                              env={**os.environ, INSIDE: function.__name__}, timeout=PATIENCE_S,
                              capture_output=True)
        assert done.returncode == 0, done.stdout + done.stderr
    return test


def restarted_as(daemon, events, pid):
    """Kill the child until its next process has that pid; its generation."""
    for _ in range(NR_TRIES):
        now = daemon.pid('a')
        next_pid(pid)
        os.kill(now, signal.SIGKILL)
        started = events.event('started', 'a')
        if started['pid'] == pid:
            return started['generation']
    raise AssertionError(f'the child does not get the pid {pid}')


@inside
def test_a_child_with_the_pid_of_the_one_before_is_another_one_M4():
    with Daemon(CONFIG) as daemon:
        events = daemon.follow()
        first = daemon.info('a')
        restarted_as(daemon, events, first['pid'] + 100)
        generation = restarted_as(daemon, events, first['pid'])
        again = daemon.info('a')
        assert (again['pid'], again['generation']) == (first['pid'], generation)
        assert generation > first['generation']
        daemon.call('kill', path='a', signal='SEGV')
        assert events.event('exited', 'a', generation=generation)['reason'] == {'signal': 'SEGV'}
        assert events.event('started', 'a')['generation'] > generation


@inside
def test_a_stranger_with_the_pid_of_a_child_is_neither_believed_nor_harmed_M4():
    with Daemon(CONFIG) as daemon:
        pid = daemon.pid('a')
        daemon.call('terminate_child', path='a')
        next_pid(pid)
        with subprocess.Popen(
                [sys.executable, '-c', SAY], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                text=True, env={**os.environ, 'NOTIFY': daemon.socket + '.notify'}) as stranger:
            assert int(stranger.stdout.readline()) == pid
            daemon.call('restart_child', path='a')
            assert daemon.pid('a') != pid
            assert daemon.info('a').get('status') != 'a lie'
            daemon.call('terminate_child', path='a')
            daemon.stop()
            assert stranger.poll() is None
            stranger.stdin.close()


def connect_and_end(path):
    """(a connection of a user without a role, the pid of its process, which has ended)."""
    control = socket.socket(socket.AF_UNIX)
    control.settimeout(PATIENCE_S)
    pid = os.fork()
    if not pid:
        os.seteuid(pwd.getpwnam('nobody').pw_uid)
        control.connect(path)
        os._exit(0)
    assert os.waitpid(pid, 0)[1] == 0
    return control, pid


@inside
def test_a_connection_does_not_become_that_of_a_child_with_the_pid_of_its_process():
    with Daemon(CONFIG) as daemon:
        events = daemon.follow()
        for _ in range(NR_TRIES):
            now = daemon.pid('a')
            daemon.process.send_signal(signal.SIGSTOP)  # so that the connection waits
            control, pid = connect_and_end(daemon.socket)
            with control, control.makefile() as lines:
                os.kill(now, signal.SIGKILL)
                next_pid(pid)
                daemon.process.send_signal(signal.SIGCONT)
                error = json.loads(lines.readline())['error']
                assert error['data']['kind'] == 'refused', error
            if events.event('started', 'a')['pid'] == pid:
                return
    raise AssertionError('the child does not get the pid')


if os.environ.get(INSIDE):
    globals()[os.environ[INSIDE]]()
else:
    ktap.run(globals())
