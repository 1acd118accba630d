#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The user of a child stops it between its clone and its exec, and hurts only himself.

The attack: a process of that user sends SIGSTOP to all that it may signal, without a
pause. A daemon that waited in the kernel for an exec (CLONE_VFORK) would wait for ever.
"""

import contextlib
import json
import os
import signal
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from suptreed import Daemon, Guard  # noqa: E402

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


def stop_the_attack(daemon):
    """The attacker does nothing more, and whom it stopped goes on, until the victim runs.

    A start that never ends would hold up the stop of its supervisor, as in OTP.
    """
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
        stop_the_attack(daemon)


def test_the_start_goes_on_when_the_child_may():
    if os.geteuid() != 0:
        raise ktap.Skip('needs root, to start children of another user')
    with Daemon(CONFIG) as daemon:
        theirs = daemon.follow(path='theirs')
        victim = Guard(daemon.pid('theirs/victim'))
        os.kill(daemon.pid('theirs/victim'), signal.SIGKILL)
        victim.wait()
        stop_the_attack(daemon)
        theirs.event('started', 'theirs/victim')


ktap.run(globals())
