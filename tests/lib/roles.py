# SPDX-License-Identifier: GPL-2.0-only
"""A daemon whose groups of roles belong to the test, and clients that have these roles.

    with RoleDaemon(CONFIG) as daemon:
        viewer = daemon.connect_as('viewer')
        stranger = daemon.connect_as(None)

The daemon reads /etc/group. So it gets a mount namespace in which this file is the test's
own, and the test must be root. The kernel says who a client was when it connected, so a
client takes its user and groups for that moment only.
"""

import contextlib
import os
import pwd
import subprocess

import ktap
from suptreed import Daemon

GIDS = {'viewer': 60001, 'operator': 60002, 'admin': 60003}
UNSHARE = ['unshare', '--mount', '--propagation', 'private']


def needs_mount_namespaces():
    if os.geteuid() != 0:
        raise ktap.Skip('needs root')
    if subprocess.run([*UNSHARE, 'true'], stderr=subprocess.DEVNULL, check=False).returncode:
        raise ktap.Skip('needs mount namespaces')


def nobody():
    return pwd.getpwnam('nobody').pw_uid


@contextlib.contextmanager
def acting_as(uid, gids=()):
    """Be a user with these groups, but for the real ids, until the block ends."""
    own = os.getgroups()
    os.setgroups(gids)
    os.setegid(gids[0] if gids else uid)
    os.seteuid(uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(own)


class RoleDaemon(Daemon):
    """suptreed with a group for each role; connect_as() connects with a role."""

    def start(self):
        needs_mount_namespaces()
        with open('/etc/group', encoding='utf-8') as file:
            own = [line for line in file if not line.startswith('suptree-')]
        groups = self.write(''.join(own) + ''.join(
            f'suptree-{role}:x:{gid}:\n' for role, gid in GIDS.items()), 'group')
        self.command = [*UNSHARE, 'sh', '-c', 'mount --bind "$0" /etc/group && exec "$@"',
                        groups, *self.command]
        return super().start()

    def connect_as(self, role, uid=None):
        """A connection of a user of no importance who has a role, or none."""
        with acting_as(nobody() if uid is None else uid, [GIDS[role]] if role else []):
            return self.connect()
