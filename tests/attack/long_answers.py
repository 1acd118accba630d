#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Users with the role viewer ask for long answers on all the connections that they get, and read
nothing. The daemon's memory is bounded and goes back, root gets its answers, and a child that
dies comes back.
"""

import json
import os
import signal
import socket
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from suptreed import Daemon  # noqa: E402

if os.geteuid() != 0:
    ktap.skip_all('needs root, to attack as another user')

VIEWERS = 54400  # a group that the daemon finds in a /etc/group of its own
NR_USERS, PER_USER = 7, 64
NR_CHILDREN = 1500  # their answers are longer than what a socket holds
ALL_KIB = 16 << 10  # ST_CONTROL_ANSWERS
CLIENT_KIB = 16  # what a connection costs besides
SLACK_KIB = 8 << 10  # of malloc and its sanitizer
FREE_AT_ONCE = 'quarantine_size_mb=0:thread_local_quarantine_size_kb=0'  # if sanitized
CONFIG = '''
intensity: 1000
children:
  - {id: innocent, start: [sleep, infinity]}
  - id: big
    supervisor: {strategy: simple_one_for_one, children: [
      {id: w, output: "null", start: [sleep, infinity]}]}
'''


def viewers_daemon():
    daemon = Daemon(CONFIG)
    group = daemon.write(f'suptree-viewer:x:{VIEWERS}:\n', 'group')
    options = os.environ.get('ASAN_OPTIONS', '')
    daemon.command = ['env', f'ASAN_OPTIONS={options}:{FREE_AT_ONCE}', 'unshare', '-m', 'sh', '-c',
                      f'mount --bind "{group}" /etc/group && exec "$@"', 'sh', *daemon.command]
    return daemon


def rss_kib(pid):
    with open(f'/proc/{pid}/status', encoding='ascii') as file:
        return next(int(line.split()[1]) for line in file if line.startswith('VmRSS'))


class Attackers:
    """Processes of some users; each asks with PER_USER connections, and then waits."""

    def __init__(self, path, line):
        self.pipes = []
        self.pids = []
        for number in range(NR_USERS):
            ours, theirs = socket.socketpair()
            pid = os.fork()
            if not pid:
                ours.close()
                self.attack(path, line, 60000 + number, theirs)
            theirs.close()
            self.pids.append(pid)
            self.pipes.append(ours)
        self.got = [json.loads(pipe.makefile().readline()) for pipe in self.pipes]

    @staticmethod
    def attack(path, line, uid, pipe):
        os.setgroups([])
        os.setgid(VIEWERS)
        os.setuid(uid)
        peers = []
        for _ in range(PER_USER):
            peer = socket.socket(socket.AF_UNIX)
            peer.connect(path)
            peer.settimeout(60)
            peer.sendall(line)
            peers.append(peer)
        heads = [peer.recv(200, socket.MSG_PEEK).decode() for peer in peers]
        pipe.sendall(json.dumps([sum('"result"' in head for head in heads),
                                 sum('"error"' in head for head in heads)]).encode() + b'\n')
        pipe.recv(1)  # until the test has seen enough
        os._exit(0)

    def end(self):
        for pipe in self.pipes:
            pipe.close()
        for pid in self.pids:
            os.waitpid(pid, 0)


def check_root_is_served(daemon):
    assert len(daemon.call('ps')) == NR_CHILDREN + 3
    assert daemon.call('tree')['root']['path'] == '/'
    events = daemon.follow()
    for _ in range(10):
        os.kill(daemon.pid('innocent'), signal.SIGKILL)
        events.event('started', 'innocent')
    events.close()


def attack_with(method, times=1, **params):
    """Attack; each connection asks some times. Return what the attackers got first."""
    line = json.dumps({'jsonrpc': '2.0', 'id': 1, 'method': method, 'params': params}).encode()
    with viewers_daemon() as daemon:
        for index in range(NR_CHILDREN):
            daemon.call('start_child', path='big', name=f'w{index}', args=[])
        daemon.call('ps')
        pid = daemon.process.pid
        clients = daemon.call('status')['counts']['clients']
        before = rss_kib(pid)
        attackers = Attackers(daemon.socket, (line + b'\n') * times)
        check_root_is_served(daemon)
        during = rss_kib(pid) - before
        attackers.end()
        daemon.poll(lambda: daemon.call('status')['counts']['clients'] <= clients + 1)
        after = rss_kib(pid) - before
    most = ALL_KIB + NR_USERS * PER_USER * CLIENT_KIB + SLACK_KIB
    assert during < most, f'{during} KiB, at most {most}'
    assert after < during / 2 + SLACK_KIB, f'{after} of {during} KiB stay'
    return attackers.got


def test_trees_that_nobody_reads_are_bounded():
    got = attack_with('tree')
    assert all(sum(pair) == PER_USER for pair in got), got
    results, errors = map(sum, zip(*got))
    assert 0 < results <= 192 and errors == NR_USERS * PER_USER - results, got  # 12 MiB in 64 KiB


def test_lists_that_nobody_reads_are_bounded():
    got = attack_with('ps')
    results, errors = map(sum, zip(*got))
    assert 0 < results <= 192 and errors == NR_USERS * PER_USER - results, got


def test_other_long_answers_that_nobody_reads_are_bounded():
    got = attack_with('operations', times=16)  # 40 KiB, written at once
    assert sum(sum(pair) for pair in got) == NR_USERS * PER_USER, got
    attack_with('which_children', path='big')


ktap.run(globals())
