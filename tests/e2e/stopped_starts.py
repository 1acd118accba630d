#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The user of a child stops it between its clone and its exec, and hurts only himself.

The attack: a process of that user sends SIGSTOP to all that it may signal, without a
pause. A daemon that waited in the kernel for an exec (CLONE_VFORK) would wait for ever.
"""

import contextlib
import os
import signal
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from suptreed import Daemon, Guard  # noqa: E402

# A user whom no other process on this machine has.
USER = 30000 + os.getpid() % 20000
ATTACK = '''
import os, signal
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
          start: [python3, -c, {ATTACK!r}]
  - id: ours
    supervisor:
      intensity: 100000
      period: 1
      children: [{{id: a, start: [sleep, infinity]}}, {{id: b, start: [sleep, infinity]}}]
'''
ROUNDS = 20


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


def test_the_start_goes_on_when_the_child_may():
    if os.geteuid() != 0:
        raise ktap.Skip('needs root, to start children of another user')
    with Daemon(CONFIG) as daemon:
        theirs = daemon.follow(path='theirs')
        attacker = daemon.pid('theirs/attacker')
        victim = Guard(daemon.pid('theirs/victim'))
        os.kill(daemon.pid('theirs/victim'), signal.SIGKILL)
        victim.wait()
        os.kill(attacker, signal.SIGSTOP)  # kill(-1) does not reach the sender itself

        def go_on():
            pid = daemon.info('theirs/victim').get('pid')
            with contextlib.suppress(ProcessLookupError):
                if pid:
                    os.kill(pid, signal.SIGCONT)
            return daemon.info('theirs/victim')['state'] == 'running'
        daemon.poll(go_on)
        theirs.event('started', 'theirs/victim')


ktap.run(globals())
