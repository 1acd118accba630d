#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A supervised process of another user takes all the connections and descriptors that it can
get. Root is served as before, other users have their share, and a child that dies comes back.
"""

import json
import os
import signal
import socket
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from suptreed import Connection, Daemon, states  # noqa: E402

if os.geteuid() != 0:
    ktap.skip_all('needs root, to attack as another user')

PER_USER, PER_PROCESS = 64, 2  # control.h
TRIES = 600
USER, OTHER = 'nobody', '54321'
CONFIG = 'intensity: 1000\nchildren: [{id: innocent, start: [sleep, infinity]}]'

# Connects as often as it can, asks with each connection, and reads only whether it was refused.
ATTACK = '''
import json, os, socket, sys
ask = json.dumps({'jsonrpc': '2.0', 'id': 1, 'method': sys.argv[1],
                  'params': {'path': sys.argv[2]} if sys.argv[2] else {}}).encode() + b'\\n'
taken = []
for _ in range(int(sys.argv[3])):
    peer = socket.socket(socket.AF_UNIX)
    peer.connect(os.environ['SUPTREE_SOCKET'])
    peer.settimeout(60)
    try:
        peer.sendall(b'{"jsonrpc":"2.0","id":0,"method":"registered"}\\n')
    except BrokenPipeError:
        continue
    if b'"result"' in peer.recv(65536):
        peer.sendall(ask * int(sys.argv[4]))
        taken.append(peer)
print('has', len(taken), flush=True)
import signal
signal.pause()
'''
# Connects again and again and is turned away, or asks again and again what it may not.
FLOOD = '''
import os, socket
ask = b'{"jsonrpc":"2.0","id":1,"method":"stop"}\\n' * 100
number = 0
while True:
    peer = socket.socket(socket.AF_UNIX)
    try:
        peer.connect(os.environ['SUPTREE_SOCKET'])
        peer.setblocking(False)
        peer.send(ask)
        number += 1
        if number == 10:
            print('has', number, flush=True)
    except OSError:  # it is turned away
        pass
    peer.close()
'''


def attacker(number=0, user=USER, method='registered', path='', asks=1):
    return {'id': f'evil{number}', 'user': user, 'group': '54321', 'restart': 'temporary',
            'shutdown': 'brutal_kill', 'start':
            ['python3', '-c', ATTACK, method, path, str(TRIES), str(asks)]}


def attack(daemon, spec):
    """Start the attacker; the number of connections that it got."""
    path = spec['id']
    logs = daemon.connect()
    daemon.call('start_child', path='/', spec=spec)
    lines = logs.call('logs', path=path, follow=True)['lines']
    while not any(line['text'].startswith('has ') for line in lines):
        lines.append(logs.notification()['params'])
    logs.close()
    return next(int(line['text'].split()[1]) for line in lines if line['text'].startswith('has '))


def check_root_is_served(daemon, times=PER_USER):
    for _ in range(times):
        client = Connection(daemon.socket)
        assert client.call('ping') == {'ok': True}
        assert states(client.call('tree')['root'])['innocent'] == 'running'
        client.close()


def check_innocent_comes_back(daemon, times=20):
    events = daemon.follow()
    for _ in range(times):
        os.kill(daemon.pid('innocent'), signal.SIGKILL)
        events.event('started', 'innocent')
    events.close()


def test_one_user_gets_his_share_and_root_is_served():
    with Daemon(CONFIG) as daemon:
        assert attack(daemon, attacker()) == PER_USER
        check_root_is_served(daemon)
        check_innocent_comes_back(daemon)
        daemon.call('kill', path='evil0')  # root can end it


def test_many_processes_of_many_users_leave_the_last_places_to_root():
    with Daemon(CONFIG) as daemon:
        got = [attack(daemon, attacker(number, str(60000 + number))) for number in range(8)]
        assert sum(got) <= 512 - 32 and max(got) == PER_USER, got
        check_root_is_served(daemon)
        check_innocent_comes_back(daemon)


def test_a_second_process_of_the_user_can_still_talk():
    with Daemon(CONFIG) as daemon:
        assert attack(daemon, attacker(0)) == PER_USER
        assert attack(daemon, attacker(1)) == PER_PROCESS


def test_another_user_has_his_own_share():
    with Daemon(CONFIG) as daemon:
        assert attack(daemon, attacker(0)) == PER_USER
        assert attack(daemon, attacker(1, OTHER)) == PER_USER


def test_when_the_attacker_ends_his_places_are_free():
    with Daemon(CONFIG) as daemon:
        for _ in range(3):
            assert attack(daemon, attacker()) == PER_USER
            before = daemon.call('status')['counts']['clients']
            daemon.call('terminate_child', path='evil0')
            daemon.poll(lambda: daemon.call('status')['counts']['clients'] <= before - PER_USER)


def test_descriptors_that_nobody_receives_are_not_those_of_restarts():
    """`connect` without reading, at a limit of 1,024: each answer holds a descriptor."""
    daemon = Daemon(CONFIG)
    daemon.command = ['sh', '-c', 'ulimit -n 1024 && exec "$@"', 'sh', *daemon.command]
    with daemon:
        daemon.call('start_child', path='/', spec={
            'id': 'server', 'ready': 'notify',
            'start': [os.environ['ST_TEST_BIN'] + '/counter', '0']})
        got = [attack(daemon, attacker(number, str(60000 + number), 'connect', 'server', asks=50))
               for number in range(4)]
        assert got[0] == PER_USER and sum(got) < 4 * PER_USER, got  # the part of clients is used up
        check_root_is_served(daemon)
        check_innocent_comes_back(daemon)
        assert daemon.info('innocent')['restarts'] == 20


def test_a_flood_of_connections_that_are_closed_at_once_hinders_nobody():
    with Daemon(CONFIG) as daemon:
        for number in range(3):
            attack(daemon, {'id': f'evil{number}', 'user': USER, 'restart': 'temporary',
                            'shutdown': 'brutal_kill', 'start': ['python3', '-c', FLOOD]})
        check_root_is_served(daemon, times=2)  # each waits behind the whole backlog
        check_innocent_comes_back(daemon, times=5)
        assert [daemon.info(f'evil{number}')['state'] for number in range(3)] == ['running'] * 3


def stranger(path):
    """A process of a user without a role, which is no child either: what it is told."""
    ours, theirs = socket.socketpair()
    pid = os.fork()
    if not pid:
        os.setgroups([])
        os.setgid(54321)
        os.setuid(54321)
        told = []
        for _ in range(TRIES):
            with socket.socket(socket.AF_UNIX) as peer:
                peer.connect(path)
                told.append(peer.makefile().readline())
        theirs.sendall(json.dumps(sorted(set(told))).encode())
        os._exit(0)
    os.waitpid(pid, 0)
    theirs.close()
    return json.loads(ours.makefile().read())


def test_strangers_are_turned_away_and_take_no_place():
    with Daemon(CONFIG) as daemon:
        told = stranger(daemon.socket)
        assert len(told) == 1 and json.loads(told[0])['error']['data']['kind'] == 'refused', told
        assert daemon.call('status')['counts']['clients'] == 1
        check_innocent_comes_back(daemon)


ktap.run(globals())
