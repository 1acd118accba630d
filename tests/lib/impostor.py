#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A child that registers a name and gives every call the same answer, or repeats it.

    impostor.py NAME TYPE HEX     TYPE: reply or error; HEX: the bytes of the answer
    impostor.py NAME echo         the answer is an error with the call itself
"""

import os
import selectors
import socket
import sys

from talker import CALL, ERROR, HEADER, REPLY, daemon


def answer_to(packet):
    _, ref = HEADER.unpack_from(packet)
    if sys.argv[2] == 'echo':
        return HEADER.pack(ERROR, ref) + b'failed ' + packet[HEADER.size:]
    kind = REPLY if sys.argv[2] == 'reply' else ERROR
    return HEADER.pack(kind, ref) + bytes.fromhex(sys.argv[3])


def serve():
    mailbox = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    mailbox.bind('')
    mailbox.listen(64)
    answer, _ = daemon('register', name=sys.argv[1])
    assert 'result' in answer, answer
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.sendto(b'X_SUPTREE_MAILBOX=' + mailbox.getsockname()[1:] + b'\nREADY=1',
                      os.environ['NOTIFY_SOCKET'])
    ready = selectors.DefaultSelector()
    ready.register(mailbox, selectors.EVENT_READ)
    while True:
        for key, _ in ready.select():
            if key.fileobj is mailbox:
                ready.register(mailbox.accept()[0], selectors.EVENT_READ)
                continue
            packet = key.fileobj.recv(65552)
            if packet and packet[0] == CALL:
                key.fileobj.send(answer_to(packet))
            elif not packet:
                ready.unregister(key.fileobj)
                key.fileobj.close()


if __name__ == '__main__':
    serve()
