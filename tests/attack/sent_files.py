#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Descriptors that nobody asked for: closing the last one can wait as long as its sender likes.

A TCP socket with bytes that nobody reads waits for its linger time, here a day. close(2) of a
file in FUSE waits for the file server of the sender, who need not answer.
"""

import contextlib
import os
import signal
import socket
import struct
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from puppets import PuppetDaemon, puppet  # noqa: E402
from suptreed import PATIENCE_S  # noqa: E402
from talker import HEADER, REPLY  # noqa: E402

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


ktap.run(globals())
