#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A child that takes messages, by the protocol of userspace/libsuptree/PROTOCOL.md.

    talker.py [ADDRESS]     ADDRESS: a wrong address to send to the daemon

Words it knows: echo ..., who (the HELLO of the connection), whereami, crash,
silent (never answers), register NAME, unregister NAME, ask NAME WORDS (a call to
another one), offer JSON, withdraw NAME, flood N (offers N operations). Or it answers
wrongly: garbage, stranger (to another call), binary, nul, hangup; and last ... answers
and ends.
"""

import json
import os
import selectors
import socket
import struct
import sys

from shapes import check_answer

HEADER = struct.Struct('=B7xQ')
HELLO, CALL, REPLY, ERROR, CAST = 1, 2, 3, 4, 5
CLOSED = '{"error": {"message": "closed", "data": {"kind": "closed"}}}'


def daemon(method, **params):
    """A request to the daemon: its answer, and a descriptor if one came with it."""
    with socket.socket(socket.AF_UNIX) as control:
        control.connect(os.environ['SUPTREE_SOCKET'])
        try:
            control.sendall(json.dumps({'jsonrpc': '2.0', 'id': 1, 'method': method,
                                        'params': params}).encode() + b'\n')
            text, fds, _, _ = socket.recv_fds(control, 65536, 1)
        except ConnectionError:
            text, fds = '', []
        if text:
            check_answer(method, json.loads(text))
        return json.loads(text or CLOSED), fds


def ask(name, words):
    answer, fds = daemon('connect', path=name)
    if not fds:
        return answer['error']['data']['kind']
    with socket.socket(fileno=fds[0]) as other:
        other.send(HEADER.pack(CALL, 7) + words.encode())
        return other.recv(65552)[HEADER.size:].decode()


def params_of(verb, rest):
    if verb == 'withdraw':
        return {'operation': rest}
    if verb == 'offer':
        return {'operations': json.loads(rest)}
    return {'operations': [{'name': f'op_{number}', 'summary': 'one of many'}
                           for number in range(int(rest))]}


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
    if verb in ('offer', 'withdraw', 'flood'):
        answer, _ = daemon('withdraw' if verb == 'withdraw' else 'offer', **params_of(verb, rest))
        return REPLY, answer['error']['message'] if 'error' in answer else 'ok'
    if verb == 'ask':
        return REPLY, ask(*rest.split(' ', 1))
    if verb == 'crash':
        os._exit(3)
    return (None, '') if verb == 'silent' else (ERROR, 'unknown_call')


def answer_wrongly(caller, ref, words):
    """Whether that is what was asked for."""
    verb, _, rest = words.partition(' ')
    if verb == 'garbage':
        caller.send(b'\x63' * 40)
    elif verb == 'stranger':
        caller.send(HEADER.pack(REPLY, ref + 1) + b'of another call')
    elif verb == 'binary':
        caller.send(HEADER.pack(REPLY, ref) + b'a\xff\xfeb\x1b[1m')
    elif verb == 'nul':
        caller.send(HEADER.pack(REPLY, ref) + b'a\0b')
    elif verb == 'hangup':
        caller.shutdown(socket.SHUT_RDWR)
    elif verb == 'last':
        caller.send(HEADER.pack(REPLY, ref) + rest.encode())
        os._exit(3)
    else:
        return False
    return True


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
            if answer_wrongly(key.fileobj, ref, text):
                continue
            answer, text = handle(text, hellos[key.fileobj])
            if kind == CALL and answer:
                key.fileobj.send(HEADER.pack(answer, ref) + text.encode())


if __name__ == '__main__':
    serve()
