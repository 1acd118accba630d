# SPDX-License-Identifier: GPL-2.0-only
"""Supervised processes of any user that do what a test says; puppet.py is such a process.

    with PuppetDaemon(['evil'], 'children: [' + puppet('evil', user='nobody') + ']') as daemon:
        evil = daemon.puppets['evil']
        evil.connect().call('register', name='bank')
"""

import json
import os
import shutil
import socket
import sys

import shapes
from roles import RoleDaemon
from suptreed import PATIENCE_S, Connection, Refused
from talker import CALL, HEADER

SYSTEM, LINK, UNLINK = 7, 8, 9
PYTHON = '/usr/bin/python3' if os.path.exists('/usr/bin/python3') else sys.executable


def puppet(path, **more):
    """The specification of a puppet; PuppetDaemon replaces FOLDER."""
    keys = ''.join(f', {key}: {value}' for key, value in more.items())
    child = path.rpartition('/')[2]
    return f'{{id: {child}, start: [{PYTHON}, FOLDER/puppet.py, FOLDER], ready: notify{keys}}}'


def refusal(function, *args, **kwargs):
    """The kind of the error, or None."""
    try:
        function(*args, **kwargs)
    except Refused as refused:
        return refused.kind
    return None


class Link:
    """A connection to the mailbox of a process, as the daemon gave it."""

    def __init__(self, fd):
        self.socket = socket.socket(fileno=fd)
        self.socket.settimeout(PATIENCE_S)

    def say(self, kind, text=b'', ref=0):
        self.socket.send(HEADER.pack(kind, ref) + (text if isinstance(text, bytes)
                                                   else text.encode()))

    def hear(self):
        """(type, text) of the next packet; None: the other side has ended the connection."""
        try:
            packet = self.socket.recv(65552)
        except ConnectionResetError:
            packet = b''
        return (HEADER.unpack_from(packet)[0], packet[HEADER.size:].decode()) if packet else None

    def ask(self, text, kind=CALL):
        """(type, text) of the answer; None: the other side has ended the connection."""
        try:
            self.say(kind, text, 1)
        except BrokenPipeError:
            return None
        return self.hear()

    def close(self):
        self.socket.close()


class Peer(Connection):
    """A connection to the daemon that another process has made, or that this one has."""

    def __init__(self, control):
        self.socket, self.waiting, self.last_id = control, [], 0
        self.socket.settimeout(PATIENCE_S)
        self.lines = self.socket.makefile('r', encoding='utf-8')

    def reach(self, path):
        """A connection to a process; Refused."""
        request = b'{"jsonrpc": "2.0", "id": 0, "method": "connect", "params": {"path": "%s"}}\n'
        self.socket.sendall(request % path.encode())
        text, fds, _, _ = socket.recv_fds(self.socket, 65536, 1)
        message = json.loads(text)
        shapes.check_answer('connect', message)
        if 'error' in message:
            raise Refused(message['error'])
        link = Link(fds[0])
        link.answer = message['result']
        return link


class Puppet:
    """A child that obeys."""

    def __init__(self, channel):
        self.channel = channel
        channel.settimeout(PATIENCE_S)

    def obey(self, words):
        """The descriptor that it got for this, or None."""
        self.channel.sendall(words.encode())
        text, fds, _, _ = socket.recv_fds(self.channel, 4096, 1)
        assert text == b'ok', (words, text)
        return fds[0] if fds else None

    def connect(self):
        """A connection to the daemon, made by this child."""
        return Peer(socket.socket(fileno=self.obey('connect')))

    def serve(self, *lines):
        """Be a server: the listening socket. @lines go with the mailbox's address."""
        mailbox = socket.socket(fileno=self.obey('mailbox'))
        mailbox.settimeout(PATIENCE_S)
        address = mailbox.getsockname()[1:].decode()
        self.obey('\n'.join(['notify X_SUPTREE_MAILBOX=' + address, *lines]))
        return mailbox


class PuppetDaemon(RoleDaemon):
    """A daemon with puppets at some paths; it needs root."""

    def __init__(self, paths, config, **more):
        super().__init__(**more)
        for name in ('tests/lib/puppet.py', 'userspace/libsuptree/example.py'):
            shutil.copy(f'{os.environ["ST_TEST_TOP"]}/{name}', self.dir)  # for any user
        self.command += ['--config', self.write(config.replace('FOLDER', self.dir))]
        self.listeners = {path: self.listen(path) for path in paths}
        self.puppets = {}

    def listen(self, path):
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        listener.settimeout(PATIENCE_S)
        listener.bind(f'{self.dir}/{path.replace("/", "+")}')
        os.chmod(listener.getsockname(), 0o666)
        listener.listen(8)
        return listener

    def meet(self, path):
        """The next incarnation of a puppet."""
        if path not in self.listeners:
            self.listeners[path] = self.listen(path)
        self.puppets[path] = Puppet(self.listeners[path].accept()[0])
        return self.puppets[path]

    def start(self):
        super().start()
        for path in list(self.listeners):
            self.meet(path)
        return self

    def reach(self, path, role='admin', uid=0):
        """A connection to a process from outside the tree."""
        control = self.connect_as(role, uid)
        peer = Peer(control.socket)
        return peer.reach(path)

    def __exit__(self, *what):
        super().__exit__(*what)
        for item in (*self.listeners.values(), *(one.channel for one in self.puppets.values())):
            item.close()
