#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Attacks by strangers on a daemon in a user namespace that does not know them: the kernel
shows each of them as the overflow uid, which may be the daemon's own."""

import contextlib
import json
import os
import socket
import subprocess
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from roles import acting_as  # noqa: E402
from suptreed import PATIENCE_S, Daemon  # noqa: E402

CONFIG = 'children: [{id: a, start: [sleep, infinity]}]'


class NamespaceDaemon(Daemon):
    """suptreed in a user namespace of its own; with words: the options of unshare(1)."""

    def __init__(self, *words):
        super().__init__(CONFIG)
        unshare = ['unshare', '--user', *words]
        if os.geteuid() != 0:
            raise ktap.Skip('needs root, to be a stranger')
        if subprocess.run([*unshare, 'true'], stderr=subprocess.DEVNULL, check=False).returncode:
            raise ktap.Skip('needs user namespaces')
        self.command = [*unshare, *self.command]


def kind_for(daemon, uid):
    """What a user is answered: a kind of error, or 'ok'."""
    with acting_as(uid, [uid]), socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(PATIENCE_S)
        connection.connect(daemon.socket)
        with contextlib.suppress(BrokenPipeError):  # turned away already
            connection.sendall(b'{"jsonrpc":"2.0","id":1,"method":"stop","params":{"dry":1}}\n')
        answer = json.loads(connection.makefile().readline())
    kind = answer['error']['data']['kind']
    return kind if answer['error']['message'].startswith('connect: ') else 'admitted'


def test_without_a_map_nobody_is_taken_for_the_daemons_own_user():
    with NamespaceDaemon() as daemon:
        for uid in (12345, 65534, 1, 0):
            assert kind_for(daemon, uid) == 'refused', uid
        assert 'does not map' in daemon.said(), daemon.said()


def test_with_a_map_of_root_only_root_is_an_admin():
    with NamespaceDaemon('--map-root-user') as daemon:
        assert kind_for(daemon, 0) == 'admitted'
        for uid in (12345, 65534, 1):
            assert kind_for(daemon, uid) == 'refused', uid


ktap.run(globals())
