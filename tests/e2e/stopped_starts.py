#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The user of a child stops it between its clone and its exec, and hurts only himself.

Nor does a start that never ends hold up the stop of the daemon.

The attack: a process of that user sends SIGSTOP to all that it may signal, without a
pause. A daemon that waited in the kernel for an exec (CLONE_VFORK) would wait for ever.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from suptreed import BIN, PATIENCE_S, Daemon, Guard  # noqa: E402

# A user whom no other process on this machine has.
USER = 30000 + os.getpid() % 20000
# It is ready once it attacks: a test that begins before that would test nothing.
ATTACK = '''
import os, signal, socket
notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
notify.sendto(b'READY=1', os.environ['NOTIFY_SOCKET'])
while True:
    try:
        os.kill(-1, signal.SIGSTOP)
    except OSError:  # nobody else is there
        pass
'''
CONFIG = f'''
children:
  - id: theirs
    supervisor:
      intensity: 100000
      period: 1
      children:
        - {{id: victim, start: [sleep, infinity], user: {USER}, group: {USER},
            shutdown: brutal_kill}}
        - id: attacker
          user: {USER}
          group: {USER}
          shutdown: brutal_kill
          ready: notify
          start: {json.dumps(['python3', '-c', ATTACK])}
  - id: ours
    supervisor:
      intensity: 100000
      period: 1
      children: [{{id: a, start: [sleep, infinity]}}, {{id: b, start: [sleep, infinity]}}]
'''
ROUNDS = 20


def let_the_victim_run(daemon):
    """The attacker does nothing more, and whom it stopped goes on, until the victim runs."""
    os.kill(daemon.pid('theirs/attacker'), signal.SIGSTOP)  # its own kill(-1) spares it

    def go_on():
        victim = daemon.info('theirs/victim')
        with contextlib.suppress(ProcessLookupError):  # it may have ended since
            if victim.get('pid'):
                os.kill(victim['pid'], signal.SIGCONT)
        return victim['state'] == 'running'
    daemon.poll(go_on)


def test_a_user_who_stops_his_starting_children_does_not_stop_the_daemon():
    if os.geteuid() != 0:
        raise ktap.Skip('needs root, to start children of another user')
    with Daemon(CONFIG) as daemon:
        events = daemon.follow(path='ours')
        for _ in range(ROUNDS):
            pid = daemon.info('theirs/victim').get('pid')
            with contextlib.suppress(ProcessLookupError):  # it may have ended since
                if pid:
                    os.kill(pid, signal.SIGKILL)  # it may be stopped, at any point of its start
            os.kill(daemon.pid('ours/a'), signal.SIGKILL)
            events.event('started', 'ours/a')
        assert daemon.info('theirs/attacker')['state'] == 'running'
        assert daemon.stop() == 0  # under attack


def test_the_start_goes_on_when_the_child_may():
    if os.geteuid() != 0:
        raise ktap.Skip('needs root, to start children of another user')
    with Daemon(CONFIG) as daemon:
        theirs = daemon.follow(path='theirs')
        victim = Guard(daemon.pid('theirs/victim'))
        os.kill(daemon.pid('theirs/victim'), signal.SIGKILL)
        victim.wait()
        let_the_victim_run(daemon)
        theirs.event('started', 'theirs/victim')


# It says when it is there, and when it was asked to end, which it does not.
STUBBORN = '''
import os, signal, sys
out = os.open(sys.argv[1], os.O_WRONLY)
signal.signal(signal.SIGTERM, lambda *_: os.write(out, b'asked\\n'))
os.write(out, b'here\\n')
while True:
    signal.pause()
'''


def starting(child):
    """The configuration of a daemon whose tree `t` is about to start that child."""
    return f'''
children:
  - id: t
    start_now: false
    supervisor: {{children: [{{id: first, start: [sleep, infinity]}}, {json.dumps(child)}]}}
  - {{id: last, start: [sleep, infinity]}}
'''


def begin(daemon):
    """Start the tree t; the caller that waits for it, when its child x has a process."""
    caller = daemon.connect()
    caller.send(json.dumps({'jsonrpc': '2.0', 'id': 1, 'method': 'restart_child',
                            'params': {'path': 't'}}).encode() + b'\n')
    daemon.poll(lambda: daemon.info('t')['state'] == 'starting' and daemon.info('t/x').get('pid'))
    return caller


def why_not(caller):
    return caller.message()['error']['data']['otp']


def test_a_child_that_is_never_ready_does_not_hold_up_the_stop():
    with Daemon(starting({'id': 'x', 'start': ['sleep', 'infinity'], 'ready': 'notify',
                          'shutdown': 'infinity'})) as daemon:
        caller = begin(daemon)
        assert daemon.stop() == 0
        assert 'failed_to_start_child' in json.dumps(why_not(caller))
        assert 'the start of t/x holds up the stop: it is asked to end' in daemon.said()


def test_the_verb_stop_is_not_held_up_either():
    with Daemon(starting({'id': 'x', 'start': ['sleep', 'infinity'], 'ready': 'exit',
                          'shutdown': 'brutal_kill'})) as daemon:
        begin(daemon)
        daemon.call('stop')
        assert daemon.process.wait(PATIENCE_S) == 0


def test_a_child_that_stops_itself_before_it_is_ready_goes_on_and_obeys():
    with Daemon(starting({'id': 'x', 'start': ['sh', '-c', 'kill -STOP $$'], 'ready': 'notify',
                          'shutdown': 'infinity'})) as daemon:
        begin(daemon)
        daemon.poll(lambda: daemon.info('t/x')['process']['state'].startswith('T'))
        assert daemon.stop() == 0


def test_a_child_that_runs_and_was_stopped_goes_on_and_obeys_G4():
    child = {'id': 'x', 'start': ['sleep', 'infinity'], 'shutdown': 'infinity'}
    with Daemon(f'children: [{json.dumps(child)}]') as daemon:
        os.kill(daemon.pid('x'), signal.SIGSTOP)
        daemon.poll(lambda: daemon.info('x')['process']['state'].startswith('T'))
        assert daemon.stop() == 0


def test_the_second_signal_kills_a_child_that_does_not_obey():
    """The daemon has not been ready yet: the child is the first that it starts."""
    with tempfile.TemporaryDirectory(prefix='suptree-e2e-') as folder:
        os.mkfifo(folder + '/said')
        child = {'id': 'x', 'ready': 'notify', 'shutdown': 'infinity',
                 'start': ['python3', '-c', STUBBORN, folder + '/said']}
        with open(folder + '/suptree.yaml', 'w', encoding='utf-8') as file:
            file.write(f'children: [{json.dumps(child)}]')
        with subprocess.Popen(
                [BIN + '/suptreed', '--socket', folder + '/s', '--config', file.name],
                stderr=subprocess.PIPE, text=True) as daemon:
            with open(folder + '/said', encoding='utf-8') as said:
                assert said.readline() == 'here\n'
                daemon.send_signal(signal.SIGTERM)
                assert said.readline() == 'asked\n'
                daemon.send_signal(signal.SIGTERM)
                assert said.read() == ''  # it is gone
            assert 'all trees are killed' in daemon.communicate(timeout=PATIENCE_S)[1]
            assert daemon.returncode == 0


ktap.run(globals())
