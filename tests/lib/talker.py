#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A child that takes messages, by the protocol of userspace/lib/PROTOCOL.md.

    talker.py [ADDRESS]     ADDRESS: what to tell the daemon instead of the truth

Words it knows: echo ..., who (the HELLO of the connection), whereami, crash,
silent (never answers), register NAME, unregister NAME, ask NAME WORDS (a call to
another one).
"""

import json
import os
import selectors
import socket
import struct
import sys

HEADER = struct.Struct('=B7xQ')
HELLO, CALL, REPLY, ERROR, CAST = 1, 2, 3, 4, 5


def daemon(method, **params):
    """A request to the daemon: its answer, and a descriptor if one came with it."""
    with socket.socket(socket.AF_UNIX) as control:
        control.connect(os.environ['SUPTREE_SOCKET'])
        control.sendall(json.dumps({'jsonrpc': '2.0', 'id': 1, 'method': method,
                                    'params': params}).encode() + b'\n')
        text, fds, _, _ = socket.recv_fds(control, 65536, 1)
        return json.loads(text), fds


def ask(name, words):
    answer, fds = daemon('connect', name=name)
    if not fds:
        return answer['error']['data']['kind']
    with socket.socket(fileno=fds[0]) as other:
        other.send(HEADER.pack(CALL, 7) + words.encode())
        return other.recv(65552)[HEADER.size:].decode()


def handle(words, hello):
    verb, _, rest = words.partition(' ')
    if verb == 'echo':
        return REPLY, rest
    if verb == 'who':
        return REPLY, hello
    if verb == 'whereami':
        return REPLY, os.environ['SUPTREE_PATH']
    if verb in ('register', 'unregister'):
        answer, _ = daemon(verb, name=rest)
        return REPLY, json.dumps(answer.get('result') or answer['error']['data']['kind'])
    if verb == 'ask':
        return REPLY, ask(*rest.split(' ', 1))
    if verb == 'crash':
        os._exit(3)
    return (None, '') if verb == 'silent' else (ERROR, 'unknown_call')


def serve():
    mailbox = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    mailbox.bind('')
    mailbox.listen(64)
    address = sys.argv[1] if len(sys.argv) > 1 else mailbox.getsockname()[1:].decode()
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.sendto(f'X_SUPTREE_MAILBOX={address}\nREADY=1'.encode(),
                      os.environ['NOTIFY_SOCKET'])
    ready = selectors.DefaultSelector()
    ready.register(mailbox, selectors.EVENT_READ)
    hellos = {}
    while True:
        for key, _ in ready.select():
            if key.fileobj is mailbox:
                ready.register(mailbox.accept()[0], selectors.EVENT_READ)
                continue
            packet = key.fileobj.recv(65552)
            if not packet:
                ready.unregister(key.fileobj)
                hellos.pop(key.fileobj, None)
                key.fileobj.close()
                continue
            kind, ref = HEADER.unpack_from(packet)
            text = packet[HEADER.size:].decode()
            if kind == HELLO:
                hellos[key.fileobj] = text
                continue
            answer, text = handle(text, hellos[key.fileobj])
            if kind == CALL and answer:
                key.fileobj.send(HEADER.pack(answer, ref) + text.encode())


if __name__ == '__main__':
    serve()
