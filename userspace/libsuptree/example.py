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

HEADER = struct.Struct('=B7sQ')
ZERO, LARGEST = bytes(7), HEADER.size + 65536
HELLO, CALL, REPLY, ERROR, CAST, SYSTEM, UNLINK = 1, 2, 3, 4, 5, 7, 9
DAEMON = os.getppid()
SHARE = 64  # connections of callers of one other user
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
        server.send(HEADER.pack(CALL, ZERO, 1) + text.encode())
        return server.recv(LARGEST)[HEADER.size:].decode(errors='replace') or 'the server has ended'


def handle(kind, text, remembered):
    """(type, text) of the answer."""
    if kind == CAST:
        remembered.append(text)
    elif kind == CALL and text == 'words':
        return REPLY, ' '.join(remembered)
    elif kind == CALL and text.startswith('ask '):
        return REPLY, call(*text[4:].split(' ', 1))
    return ERROR, 'unknown_call'


def is_daemon(peer):
    """Only the daemon, which is still the parent, may connect: its HELLO names the caller."""
    pid, _, _ = struct.unpack('3i', peer.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
    return pid == DAEMON == os.getppid()


def serve(peer, callers, remembered):
    """Handle one packet; False: the connection has ended, or this must end it."""
    packet, _, flags, _ = peer.recvmsg(LARGEST)
    if len(packet) < HEADER.size or flags & socket.MSG_TRUNC:
        return False
    packet_type, zero, ref = HEADER.unpack_from(packet)
    text = packet[HEADER.size:].decode(errors='replace')
    if zero != ZERO or not HELLO <= packet_type <= UNLINK or packet_type in (REPLY, ERROR):
        return False
    if (packet_type == HELLO) == (peer in callers):
        return False  # HELLO comes first, and only once
    if packet_type == HELLO:
        hello = json.loads(text)  # path, generation, pid, uid, role of the caller
        nr = sum(caller['uid'] == hello['uid'] for caller in callers.values())
        callers[peer] = hello
        return nr < SHARE or hello['uid'] in (0, os.geteuid())
    answer_type, reply = handle(packet_type, text, remembered)
    if packet_type in (CALL, SYSTEM):
        peer.send(HEADER.pack(answer_type, ZERO, ref) + reply.encode()[:65536])
    return True


mailbox = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
mailbox.bind('')  # the kernel chooses the address
mailbox.listen()
ask_daemon('offer', operations=OFFERS)
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
    address = mailbox.getsockname()[1:]
    notify.sendto(b'X_SUPTREE_MAILBOX=' + address + b'\nX_SUPTREE_ACCEPT=tree\nREADY=1',
                  os.environ['NOTIFY_SOCKET'])
waiting, words, known = selectors.DefaultSelector(), [], {}
waiting.register(mailbox, selectors.EVENT_READ)
while True:
    for key, _ in waiting.select():
        if key.fileobj is mailbox:
            connection = mailbox.accept()[0]
            connection.setblocking(False)  # never wait for a caller
            if is_daemon(connection):
                waiting.register(connection, selectors.EVENT_READ)
            else:
                connection.close()
            continue
        try:
            goes_on = serve(key.fileobj, known, words)
        except OSError:
            goes_on = False
        if not goes_on:
            waiting.unregister(key.fileobj)
            known.pop(key.fileobj, None)
            key.fileobj.close()
