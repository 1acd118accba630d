#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Each daemon has a random number, so a client can tell its events from those of another
daemon that was there before on the same socket.
"""

import os
import signal
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from suptreed import Daemon  # noqa: E402

CONFIG = 'children: [{id: a, start: [sleep, infinity]}]'


def subscribed(daemon, **params):
    """The answer to subscribe, and the first notification after the next restart."""
    client = daemon.connect()
    answer = client.call('subscribe', **params)
    os.kill(daemon.pid('a'), signal.SIGKILL)
    first = client.notification()
    client.close()
    daemon.until('a=running')
    return answer, first


def test_status_and_subscribe_say_the_same_number_as_long_as_the_daemon_lives():
    with Daemon(CONFIG) as daemon:
        numbers = {daemon.call('status')['incarnation'] for _ in range(3)}
        numbers.add(daemon.connect().call('subscribe')['incarnation'])
    assert len(numbers) == 1 and 0 < numbers.pop() < 2 ** 53


def test_each_daemon_has_another_number():
    numbers = set()
    for _ in range(5):
        with Daemon(CONFIG) as daemon:
            numbers.add(daemon.call('status')['incarnation'])
    assert len(numbers) == 5


def test_with_the_number_of_this_daemon_the_kept_events_come():
    with Daemon('intensity: 100\n' + CONFIG) as daemon:
        own = daemon.call('status')['incarnation']
        answer, first = subscribed(daemon, since=0, incarnation=own)
        assert answer['incarnation'] == own
        assert first['method'] == 'event' and first['params']['seq'] == 1, first


def test_with_the_number_of_another_daemon_a_resync_comes_at_once():
    with Daemon('intensity: 100\n' + CONFIG) as daemon:
        status = daemon.call('status')
        for since in ({}, {'since': 0}, {'since': status['seq']}, {'since': 10 ** 6}):
            client = daemon.connect()
            answer = client.call('subscribe', incarnation=status['incarnation'] ^ 2, **since)
            told = client.notification()  # nothing happens in the meantime
            assert told['method'] == 'resync', told
            assert told['params'] == {'seq': answer['seq'], 'dropped': 0,
                                      'incarnation': status['incarnation']}, told
            os.kill(daemon.pid('a'), signal.SIGKILL)
            assert client.notification()['params']['seq'] == answer['seq'] + 1
            client.close()
            daemon.until('a=running')
            daemon.call('settle')


ktap.run(globals())
