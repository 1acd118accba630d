#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The wall clock is stepped, forwards and back. No decision of the daemon depends on it,
and the times that the daemon shows follow it.

This disturbs all programs on the machine, so it runs only in the lab VM (tools/vm/parts).
"""

import datetime
import os
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from suptreed import BIN, Daemon  # noqa: E402

HOUR_S = 3600
WORKER = 'start: [sleep, infinity]'


class Clock:
    """Steps of the wall's clock, which are undone."""

    def __init__(self):
        if not os.path.exists('/lab/job'):
            raise ktap.Skip('only in the lab VM: it sets the clock of the machine')
        self.offset = time.time() - time.monotonic()

    def step(self, seconds):
        time.clock_settime(time.CLOCK_REALTIME, time.time() + seconds)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        time.clock_settime(time.CLOCK_REALTIME, time.monotonic() + self.offset)


def kill(daemon, events, path):
    os.kill(daemon.pid(path), signal.SIGKILL)
    return events.event('exited', path)


def test_restarts_stay_in_their_period_when_the_clock_goes_on_by_an_hour_E5():
    """Two ends are too many within a period, even if the clock says that it was long."""
    tree = f'{{intensity: 1, period: 600, children: [{{id: a, {WORKER}}}]}}'
    with Clock() as clock, Daemon(f'children: [{{id: s, restart: temporary, supervisor: {tree}}}]'
                                  ) as daemon:
        events = daemon.follow()
        kill(daemon, events, 's/a')
        events.event('started', 's/a')
        clock.step(HOUR_S)
        kill(daemon, events, 's/a')
        assert events.event('exited', 's')['reason'] == 'shutdown'


def test_restarts_leave_their_period_when_the_clock_goes_back_by_an_hour_E5():
    tree = f'{{intensity: 1, period: 1, children: [{{id: a, {WORKER}}}]}}'
    with Clock() as clock, Daemon(f'children: [{{id: s, supervisor: {tree}}}]') as daemon:
        events = daemon.follow()
        kill(daemon, events, 's/a')
        events.event('started', 's/a')
        clock.step(-HOUR_S)
        daemon.poll(lambda: daemon.info('s')['restarts_in_period'] == 0)
        kill(daemon, events, 's/a')
        events.event('started', 's/a')


def test_timeouts_are_as_long_as_they_are():
    """A stop's patience ends, back-off and waits too, though the clock has gone back."""
    stubborn = "[sh, -c, \"trap '' TERM; echo >&3; exec sleep infinity\"], ready: fd=3"
    config = f'''
intensity: 100
children:
  - {{id: stubborn, shutdown: 100, start: {stubborn}}}
  - {{id: late, backoff: {{min: 100ms}}, {WORKER}}}
'''
    with Clock() as clock, Daemon(config) as daemon:
        events = daemon.follow()
        for step in (-HOUR_S, HOUR_S):
            clock.step(step)
            daemon.call('terminate_child', path='stubborn')
            assert events.event('exited', 'stubborn')['reason'] == 'killed'
            daemon.call('restart_child', path='stubborn')
            kill(daemon, events, 'late')
            clock.step(step)
            events.event('started', 'late')
            done = subprocess.run([BIN + '/suptree', '--socket', daemon.socket, 'wait', '--until',
                                   'late=stopped', '--timeout', '100ms'], check=False,
                                  capture_output=True)
            assert done.returncode == 5, done


def test_uptimes_do_not_jump_and_events_have_the_walls_new_time():
    with Clock() as clock, Daemon(f'children: [{{id: a, {WORKER}}}]') as daemon:
        events = daemon.follow()
        before = daemon.info('a')['uptime_ms']
        clock.step(-HOUR_S)
        event = kill(daemon, events, 'a')
        wall = datetime.datetime.fromisoformat(event['wall'].removesuffix('Z') + '+00:00')
        assert abs(wall.timestamp() - time.time()) < HOUR_S / 2, event
        started = events.event('started', 'a')
        assert started['time_ns'] >= event['time_ns'] and started['seq'] > event['seq']
        clock.step(2 * HOUR_S)
        assert daemon.info('a')['uptime_ms'] < HOUR_S * 1000
        assert before < HOUR_S * 1000


def test_lines_keep_the_time_at_which_they_were_read():
    talk = 'start: [sh, -c, "echo here; exec sleep infinity"]'
    with Clock() as clock, Daemon(f'children: [{{id: a, {talk}}}]') as daemon:
        daemon.poll(lambda: daemon.call('logs', path='a')['lines'])
        before = daemon.call('logs', path='a')['lines']
        clock.step(HOUR_S)
        assert daemon.call('logs', path='a')['lines'] == before


ktap.run(globals())
