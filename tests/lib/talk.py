# SPDX-License-Identifier: GPL-2.0-only
"""The calling side of userspace/libsuptree/PROTOCOL.md, for tests."""

import json
import socket

import shapes
from suptreed import PATIENCE_S
from talker import CALL, HEADER, REPLY


class Talk:
    """A connection to a process, as the daemon gives it."""

    def __init__(self, daemon, name):
        with socket.socket(socket.AF_UNIX) as control:
            control.settimeout(PATIENCE_S)
            control.connect(daemon.socket)
            control.sendall(json.dumps({'jsonrpc': '2.0', 'id': 1, 'method': 'connect',
                                        'params': {'name': name}}).encode() + b'\n')
            text, fds, _, _ = socket.recv_fds(control, 65536, 4)
        self.answer = json.loads(text)
        shapes.check_answer('connect', self.answer)
        assert len(fds) == (1 if 'result' in self.answer else 0), (text, fds)
        self.socket = socket.socket(fileno=fds[0]) if fds else None
        if self.socket:
            self.socket.settimeout(PATIENCE_S)
        self.ref = 0

    def say(self, words, kind=CALL):
        self.ref += 1
        self.socket.send(HEADER.pack(kind, self.ref) + words.encode())

    def hear(self):
        packet = self.socket.recv(65552)
        if not packet:
            return None
        assert HEADER.unpack_from(packet) == (REPLY, self.ref), packet
        return packet[HEADER.size:].decode()

    def call(self, words):
        self.say(words)
        return self.hear()

    def close(self):
        if self.socket:
            self.socket.close()
