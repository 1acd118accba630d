# SPDX-License-Identifier: GPL-2.0-only
"""Many requests at the same time. Each must be answered in the end. A request that waits,
such as terminate_child for a child that is stopping, delays only its own connection.
"""

import contextlib
import json
import socket
import struct

HEADER = struct.Struct('=B7xQ')  # userspace/libsuptree/PROTOCOL.md
CALL, CAST = 2, 5
PACKET = 65552
READ = 1 << 18


class Line:
    """One connection; requests on it are served one after the other."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)
        self.socket.setblocking(False)
        self.out, self.rest = b'', b''
        self.waiting = {}

    def send(self, method, params, number):
        self.out += json.dumps({'jsonrpc': '2.0', 'id': number, 'method': method,
                                'params': params}).encode() + b'\n'

    def pump(self):
        """Give and take what there is; yields answers."""
        with contextlib.suppress(BlockingIOError):
            while self.out:
                self.out = self.out[self.socket.send(self.out):]
        with contextlib.suppress(BlockingIOError):
            while data := self.socket.recv(READ):
                self.rest += data
        *lines, self.rest = self.rest.split(b'\n')
        for line in lines:
            yield json.loads(line)


class Asking:
    """As many connections as it takes; each answer is a result or a refusal."""

    def __init__(self, path):
        self.path = path
        self.lines = []
        self.last_id = 0
        self.talks = []
        self.refusals, self.nr_answers = {}, 0

    def free_line(self):
        for line in self.lines:
            if not line.waiting:
                return line
        self.lines.append(Line(self.path))
        return self.lines[-1]

    def ask(self, method, params):
        self.last_id += 1
        flood = method == 'ping' and self.lines
        line = self.lines[0] if flood else self.free_line()
        line.waiting[self.last_id] = method, params
        line.send(method, params, self.last_id)

    def pump(self):
        """Read answers; the text of the first one that must not be, or None."""
        for line in self.lines:
            for answer in line.pump():
                method, params = line.waiting.pop(answer['id'])
                self.nr_answers += 1
                if 'error' not in answer:
                    continue
                kind = answer['error']['data']['kind']
                self.refusals[kind] = self.refusals.get(kind, 0) + 1
                if kind in ('internal', 'parse_error', 'invalid_request', 'invalid_params',
                            'method_not_found'):
                    return f'{method} {params}: {answer["error"]}'
        return None

    def left(self):
        return [asked for line in self.lines for asked in line.waiting.values()]

    def talk(self, name, words, is_cast=False):
        """A message to a server, by a connection that the daemon gives."""
        with socket.socket(socket.AF_UNIX) as control:
            control.connect(self.path)
            control.sendall(json.dumps({'jsonrpc': '2.0', 'id': 1, 'method': 'connect',
                                        'params': {'name': name}}).encode() + b'\n')
            _, fds, _, _ = socket.recv_fds(control, READ, 4)
        for fd in fds:
            with socket.socket(fileno=fd) as server, contextlib.suppress(OSError):
                server.setblocking(False)
                server.send(HEADER.pack(CAST if is_cast else CALL, 1) + words)

    def close(self):
        for line in self.lines:
            line.socket.close()
