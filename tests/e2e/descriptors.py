#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The last descriptors [X12]: those that the children need are kept for them, so a child comes
back, whatever other children and clients have taken.
"""

import os
import signal
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from suptreed import Connection, Daemon, Refused, states  # noqa: E402

SLEEPER = {'start': ['sleep', 'infinity'], 'shutdown': 'brutal_kill'}
ONE = 'children: [{id: first, start: [sleep, infinity]}]'


def with_limit(limit, config=ONE, options=()):
    daemon = Daemon(config, options)
    daemon.command = ['sh', '-c', f'ulimit -n {limit} && exec "$@"', 'sh', *daemon.command]
    return daemon


def fill(daemon, **spec):
    """Start children until one is refused: their number, and the refusal."""
    number = 0
    while True:
        try:
            daemon.call('start_child', path='/', spec={**SLEEPER, 'id': f'c{number}', **spec})
        except Refused as refusal:
            return number, refusal
        number += 1


def kill_all_and_await(daemon):
    """Kill one child after the other; each must be running again, and nobody else may go."""
    events = daemon.follow()
    before = {path for path, state in states(daemon.call('tree')['root']).items() if path != '/'}
    for path in sorted(before):
        os.kill(daemon.pid(path), signal.SIGKILL)
        events.event('started', path)
    now = states(daemon.call('tree')['root'])
    assert set(now) - {'/'} == before and set(now.values()) == {'running'}, now
    events.close()


def test_when_no_more_children_fit_one_that_dies_comes_back():
    with with_limit(256, 'intensity: 1000\n' + ONE) as daemon:
        number, refusal = fill(daemon)
        assert refusal.kind == 'limit' and refusal.otp == 'limit', refusal.kind
        assert 'descriptors' in str(refusal) and 'ulimit -n' in str(refusal), refusal
        assert number >= 30, number
        kill_all_and_await(daemon)


def test_a_child_that_is_stopped_keeps_what_it_needs_to_start():
    with with_limit(256) as daemon:
        daemon.call('terminate_child', path='first')
        assert fill(daemon)[1].kind == 'limit'
        daemon.call('restart_child', path='first')
        assert daemon.info('first')['state'] == 'running'


def test_when_a_child_is_deleted_another_one_fits():
    with with_limit(256) as daemon:
        number, _ = fill(daemon)
        for _ in range(3):
            daemon.call('terminate_child', path='c0')
            daemon.call('delete_child', path='c0')
            daemon.call('start_child', path='/', spec={**SLEEPER, 'id': 'c0'})
            assert fill(daemon, id=f'c{number}')[0] == 0


def test_a_child_without_pipes_needs_less():
    with with_limit(256) as daemon:
        with_pipes, _ = fill(daemon)
    with with_limit(256) as daemon:
        without, _ = fill(daemon, output='null')
    assert without > 2 * with_pipes, (without, with_pipes)


def test_all_killed_at_once_come_back_though_helpers_hold_their_pipes():
    start = ['sh', '-c', 'trap "" HUP; (exec sleep infinity) & exec sleep infinity']
    with with_limit(256, 'intensity: 100000\nchildren: []') as daemon:
        number, _ = fill(daemon, start=start, kill_subtree=False)
        events = daemon.follow()
        for _ in range(3):
            for pid in [daemon.pid(f'c{child}') for child in range(number)]:
                os.kill(pid, signal.SIGKILL)
            await_restarts(events, number)
            left = [pid for pid in daemon.pids() if 'sleep' in command_of(pid)]
            assert len(left) >= number
        # a helper that was forked after this would be left
        daemon.poll(lambda: all(has_helper(daemon.pid(f'c{child}')) for child in range(number)))
        for pid in set(daemon.pids()) - {child.get('pid') for child in daemon.call('ps')}:
            os.kill(pid, signal.SIGKILL)


def await_restarts(events, number):
    """Until this number of children has been started again, without a failure."""
    started = set()
    while len(started) < number:
        event = events.notification()['params']
        assert event.get('event') != 'start_failed', event
        if event.get('event') == 'started':
            started.add(event['path'])


def has_helper(pid):
    with open(f'/proc/{pid}/task/{pid}/children', encoding='ascii') as file:
        return bool(file.read())


def command_of(pid):
    with open(f'/proc/{pid}/cmdline', encoding='utf-8') as file:
        return file.read()


def test_a_client_finds_a_place_when_no_more_children_fit():
    with with_limit(256) as daemon:
        fill(daemon)
        clients = []
        try:
            for _ in range(16):
                clients.append(Connection(daemon.socket))
                assert clients[-1].call('ping') == {'ok': True}
        finally:
            for client in clients:
                client.close()


def test_clients_take_nothing_from_restarts():
    with with_limit(256) as daemon:
        clients, refused = [], None
        while not refused:
            client = Connection(daemon.socket)
            clients.append(client)
            client.send(b'{"jsonrpc":"2.0","id":1,"method":"ping"}\n')
            refused = client.message().get('error')
        assert refused['data']['kind'] == 'limit', refused
        assert 'descriptors' in refused['message'] and 'ulimit -n' in refused['message'], refused
        kill_all_and_await(daemon_without_client(daemon))
        for client in clients:
            client.close()


def daemon_without_client(daemon):
    """Places are used up: the daemon's own connection has to do for all calls."""
    daemon.follow = lambda: Follower(daemon)
    return daemon


class Follower:
    """Waits on the daemon's own connection."""

    def __init__(self, daemon):
        self.daemon = daemon

    def event(self, _name, path):
        self.daemon.poll(lambda: self.daemon.info(path)['restarts'] > 0 and
                         self.daemon.info(path)['state'] == 'running')

    def close(self):
        pass


def test_a_configuration_that_needs_more_than_there_are_says_so_and_does_not_start():
    children = ', '.join(f'{{id: c{number}, start: [sleep, infinity]}}' for number in range(100))
    daemon = with_limit(256, f'children: [{children}]')
    try:
        daemon.start()
    except AssertionError as error:
        said = str(error)
    else:
        daemon.stop()
        raise AssertionError('it has started')
    finally:
        daemon.process.wait()
        daemon.stderr.close()
    assert 'its children need 300 descriptors' in said and 'LimitNOFILE=' in said, said
    assert daemon.process.returncode == 1
    os.system(f'rm -r "{daemon.dir}"')


ktap.run(globals())
