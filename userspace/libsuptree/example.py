#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A server in another language, by PROTOCOL.md: it remembers the words it is sent.

    call: words (what it remembers), ask NAME TEXT (calls another server); cast: any

Both calls are offered to everybody: `suptree x.NAME.words`.
"""

import json
import os
import selectors
import socket
import struct

HEADER = struct.Struct('=B7xQ')
CALL, REPLY, ERROR, CAST, SYSTEM = 2, 3, 4, 5, 7
OFFERS = [{'name': 'words', 'summary': 'say what it remembers', 'changes': False},
          {'name': 'ask', 'summary': 'call another server',
           'params': [{'name': 'name'}, {'name': 'text', 'type': 'text'}]}]


def ask_daemon(method, **params):
    """(its answer, the descriptors that came with it)."""
    with socket.socket(socket.AF_UNIX) as daemon:
        daemon.connect(os.environ['SUPTREE_SOCKET'])
        request = {'jsonrpc': '2.0', 'id': 1, 'method': method, 'params': params}
        daemon.sendall(json.dumps(request).encode() + b'\n')
        answer, fds, _, _ = socket.recv_fds(daemon, 65536, 1)
        return json.loads(answer), fds


def call(name, text):
    """What the server with that name answers; an error's word if it does not."""
    answer, fds = ask_daemon('connect', name=name)
    if not fds:
        return answer['error']['data']['kind']
    with socket.socket(fileno=fds[0]) as server:
        server.send(HEADER.pack(CALL, 1) + text.encode())
        return server.recv(65552)[HEADER.size:].decode() or 'the server has ended'


def handle(kind, text, remembered):
    """(type, text) of the answer."""
    if kind == CAST:
        remembered.append(text)
    elif kind == CALL and text == 'words':
        return REPLY, ' '.join(remembered)
    elif kind == CALL and text.startswith('ask '):
        return REPLY, call(*text[4:].split(' ', 1))
    return ERROR, 'unknown_call'


mailbox = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
mailbox.bind('')  # the kernel chooses the address
mailbox.listen()
ask_daemon('offer', operations=OFFERS)
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
    address = mailbox.getsockname()[1:]
    notify.sendto(b'X_SUPTREE_MAILBOX=' + address + b'\nREADY=1', os.environ['NOTIFY_SOCKET'])
waiting, words = selectors.DefaultSelector(), []
waiting.register(mailbox, selectors.EVENT_READ)
while True:
    for key, _ in waiting.select():
        if key.fileobj is mailbox:
            waiting.register(mailbox.accept()[0], selectors.EVENT_READ)
            continue
        packet = key.fileobj.recv(65552)
        if not packet:
            waiting.unregister(key.fileobj)
            key.fileobj.close()
            continue
        packet_type, ref = HEADER.unpack_from(packet)
        answer_type, reply = handle(packet_type, packet[HEADER.size:].decode(), words)
        if packet_type in (CALL, SYSTEM):
            key.fileobj.send(HEADER.pack(answer_type, ref) + reply.encode())
