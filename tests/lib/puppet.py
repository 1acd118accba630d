#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A supervised process that does what the test says, with its own pid and user.

    puppet.py FOLDER        FOLDER/PATH_OF_THE_CHILD is the test's socket, `/` written as `+`

It connects there, and then obeys messages: "connect": it connects to the daemon, and the
connection comes to the test as a descriptor; "notify TEXT"; "mailbox": it listens as a
server, and the listening socket comes to the test; "raw DIGITS": it connects to the
mailbox of that address without the daemon. Each message is answered by one, "ok" or the
error.
"""

import os
import socket
import sys


def obey(words):
    """(what to answer, the descriptors that go with it)."""
    verb, _, rest = words.partition(' ')
    if verb == 'connect':
        control = socket.socket(socket.AF_UNIX)
        control.connect(os.environ['SUPTREE_SOCKET'])
        return 'ok', [control]
    if verb == 'mailbox':
        mailbox = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        mailbox.bind('')
        mailbox.listen(64)
        return 'ok', [mailbox]
    if verb == 'raw':
        stranger = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        stranger.connect('\0' + rest)
        return 'ok', [stranger]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
        notify.sendto(rest.encode(), os.environ['NOTIFY_SOCKET'])
    return 'ok', []


def main():
    kept = []  # so that what the test got is still this process's, too
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as test:
        test.connect(sys.argv[1] + '/' + os.environ['SUPTREE_PATH'].replace('/', '+'))
        if 'NOTIFY_SOCKET' in os.environ:
            obey('notify READY=1')
        while words := test.recv(4096).decode():
            try:
                answer, opened = obey(words)
            except OSError as error:
                answer, opened = str(error), []
            socket.send_fds(test, [answer.encode()], [item.fileno() for item in opened])
            kept += opened


if __name__ == '__main__':
    main()
