#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Descriptors that nobody asked for: closing the last one can wait as long as its sender likes.

A TCP socket with bytes that nobody reads waits for its linger time, here a day. close(2) of a
file in FUSE waits for the file server of the sender, who need not answer.
"""

import contextlib
import json
import os
import signal
import socket
import struct
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from puppets import PuppetDaemon, puppet  # noqa: E402
from suptreed import BIN, PATIENCE_S  # noqa: E402
from talker import CALL, CAST, HEADER, REPLY  # noqa: E402

DAY_S = 86400
PUPPETS = ('evil',)
TREE = f'''
intensity: 1000
children:
  - {puppet('evil', user='nobody')}
  - {{id: innocent, start: [sleep, infinity]}}
'''
PING = b'{"jsonrpc": "2.0", "id": 1, "method": "ping"}\n'


def slow_to_close():
    """A socket whose last close waits for a day, and what it is connected to."""
    with socket.socket() as listener:
        listener.bind(('127.0.0.1', 0))
        listener.listen(1)
        slow = socket.create_connection(listener.getsockname())
        reader = listener.accept()[0]
    slow.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        while True:
            slow.send(bytes(65536))
    slow.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, DAY_S))
    return slow, reader


@contextlib.contextmanager
def stopped(daemon):
    """What is sent meanwhile is not read before its sender has closed what it sent."""
    os.kill(daemon.process.pid, signal.SIGSTOP)
    os.waitid(os.P_PID, daemon.process.pid, os.WSTOPPED)
    yield
    os.kill(daemon.process.pid, signal.SIGCONT)


@contextlib.contextmanager
def child_stopped(daemon, path):
    """The same for a child."""
    pid = daemon.pid(path)
    os.kill(pid, signal.SIGSTOP)
    daemon.poll(lambda: daemon.info(path)['process']['state'].startswith('T'))
    yield
    os.kill(pid, signal.SIGCONT)


@contextlib.contextmanager
def sent(daemon, to, text, number=1):
    """Send such a socket, so that its receiver has the only descriptor."""
    slow, reader = slow_to_close()
    with reader:
        with stopped(daemon):
            socket.send_fds(to, [text], [slow.fileno()] * number)
            slow.close()
        yield


def lives(daemon):
    """It answers, and a child that dies comes back."""
    before = daemon.pid('innocent')
    daemon.call('kill', path='innocent')
    daemon.call('settle')
    assert daemon.pid('innocent') != before


def datagrams(daemon):
    sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    sender.connect(daemon.socket + '.notify')
    return sender


def test_a_message_of_a_stranger_brings_files_that_hold_up_nobody():
    with PuppetDaemon(PUPPETS, TREE) as daemon, datagrams(daemon) as sender:
        for text in (b'READY=1', b'what?', b'', b'STATUS=' + b'x' * 5000):
            for number in (1, 253):
                with sent(daemon, sender, text, number):
                    lives(daemon)


def test_a_request_brings_files_that_hold_up_nobody():
    with PuppetDaemon(PUPPETS, TREE) as daemon:
        for client in (daemon.connect_as('viewer'), daemon.puppets['evil'].connect()):
            with sent(daemon, client.socket, PING):
                lives(daemon)
                client.close()
                lives(daemon)


def test_who_is_turned_away_leaves_files_that_hold_up_nobody():
    with PuppetDaemon(PUPPETS, TREE) as daemon:
        for kind in (None, 'viewer'):  # this one goes before he is heard
            slow, reader = slow_to_close()
            with reader:
                with stopped(daemon):
                    client = daemon.connect_as(kind)
                    socket.send_fds(client.socket, [PING], [slow.fileno()])
                    slow.close()
                    client.close()
                lives(daemon)


def test_an_answer_of_a_server_brings_files_that_hold_up_nobody():
    with PuppetDaemon(PUPPETS, TREE) as daemon:
        evil = daemon.puppets['evil']
        control = evil.connect()
        mailbox = evil.serve()
        control.call('offer', operations=[{'name': 'get', 'summary': 'give'}])
        client = daemon.connect()
        client.send(b'{"jsonrpc": "2.0", "id": 1, "method": "x.evil.get"}\n')
        caller = mailbox.accept()[0]
        caller.settimeout(PATIENCE_S)
        caller.recv(65536)  # HELLO
        ref = HEADER.unpack_from(caller.recv(65536))[1]
        with sent(daemon, caller, HEADER.pack(REPLY, ref) + b'given'):
            assert client.message()['result'] == {'reply': 'given'}
            lives(daemon)


def test_connections_that_are_never_accepted_do_not_hold_up_the_end():
    with PuppetDaemon(PUPPETS, TREE) as daemon:
        slow, reader = slow_to_close()
        with reader:
            with stopped(daemon):
                clients = [daemon.connect_as(None) for _ in range(20)]
                for client in clients:
                    socket.send_fds(client.socket, [PING], [slow.fileno()])
                slow.close()
                os.kill(daemon.process.pid, signal.SIGTERM)
            assert daemon.process.wait(PATIENCE_S) == 0


def with_server(path, *words):
    """The puppet, and a server made with libsuptree."""
    program = json.dumps([f'{BIN}/{words[0]}', *words[1:]])
    return PuppetDaemon(PUPPETS, f'''
children:
  - {puppet('evil', user='nobody')}
  - {{id: {path}, start: {program}, ready: notify}}
''')


def send_and_go(to, text, slow):
    """After that the receiver has the only descriptor."""
    socket.send_fds(to, [text], [slow.fileno()])
    slow.close()


def test_a_call_brings_files_that_do_not_hold_up_the_server():
    with with_server('bank', 'kv-store') as daemon:
        link = daemon.puppets['evil'].connect().reach('bank')
        assert link.ask('put money 100') == (REPLY, 'ok')
        slow, reader = slow_to_close()
        with reader:
            with child_stopped(daemon, 'bank'):
                send_and_go(link.socket, HEADER.pack(CALL, 1) + b'get money', slow)
            assert daemon.reach('bank').ask('get money') == (REPLY, '100')
            assert link.hear() is None, 'it has broken the protocol'
        assert daemon.info('bank')['restarts'] == 0


def test_a_caller_that_goes_leaves_files_that_do_not_hold_up_the_server():
    with with_server('bank', 'kv-store') as daemon:
        slow, reader = slow_to_close()
        with reader:
            with child_stopped(daemon, 'bank'):
                link = daemon.puppets['evil'].connect().reach('bank')
                link.say(CALL, b'nonsense' * 3000)
                link.socket.send(b'no packet')  # it ends the connection
                send_and_go(link.socket, HEADER.pack(CALL, 2) + b'get money', slow)
                link.close()
            assert daemon.reach('bank').ask('put money 1') == (REPLY, 'ok')


def test_a_stranger_at_the_mailbox_leaves_files_that_do_not_hold_up_the_server():
    with with_server('bank', 'kv-store') as daemon:
        address = listening_of(daemon.pid('bank'))
        for goes in (False, True):
            slow, reader = slow_to_close()
            with reader, socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as stranger:
                with child_stopped(daemon, 'bank'):
                    stranger.connect(address)
                    send_and_go(stranger, HEADER.pack(CALL, 1) + b'get money', slow)
                    if goes:
                        stranger.close()
                assert daemon.reach('bank').ask('put money 1') == (REPLY, 'ok')


def listening_of(pid):
    """The address of the one socket on which a process listens."""
    inodes = set()
    for name in os.listdir(f'/proc/{pid}/fd'):
        with contextlib.suppress(OSError):
            inodes.add(os.readlink(f'/proc/{pid}/fd/{name}'))
    with open('/proc/net/unix', encoding='ascii') as file:
        found = [line.split() for line in file.readlines()[1:]]
    listening = [words[7] for words in found
                 if f'socket:[{words[6]}]' in inodes and words[3] == '00010000']
    assert len(listening) == 1, listening
    return '\0' + listening[0][1:]


def test_a_server_that_goes_leaves_files_that_do_not_hold_up_its_caller():
    with with_server('player', 'ping-pong', 'evil') as daemon:
        mailbox = daemon.puppets['evil'].serve()
        player = daemon.reach('player')
        player.say(CAST, b'ping 1')  # its pong comes to evil
        caller = mailbox.accept()[0]
        caller.settimeout(PATIENCE_S)
        caller.recv(65536)  # HELLO
        assert caller.recv(65536)[HEADER.size:] == b'pong 1'
        slow, reader = slow_to_close()
        with reader:
            send_and_go(caller, HEADER.pack(REPLY, 1) + b'given', slow)
            caller.close()
            player.say(CAST, b'ping 2')  # it learns that the connection is broken
            again = mailbox.accept()[0]
            again.settimeout(PATIENCE_S)
            assert b'pong 2' in (again.recv(65536), again.recv(65536)[HEADER.size:])
            again.close()


ktap.run(globals())
