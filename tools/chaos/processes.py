# SPDX-License-Identifier: GPL-2.0-only
"""The kernel's facts about the daemon and the processes below it, and nothing else."""

import errno
import os
import select

PATIENCE_MS = 60000  # a hang guard


def read(pid, name):
    try:
        with open(f'/proc/{pid}/{name}', 'rb') as file:
            return file.read()
    except (FileNotFoundError, ProcessLookupError, PermissionError):
        return b''


class Process:
    """One look at a process; .start makes its pid unique."""

    def __init__(self, pid):
        self.pid = pid
        fields = read(pid, 'stat').decode(errors='replace').rpartition(')')[2].split()
        self.is_there = bool(fields)
        self.state, self.parent, self.start = (
            (fields[0], int(fields[1]), int(fields[19])) if fields else ('', 0, 0))
        variables = dict(part.partition(b'=')[::2] for part in read(pid, 'environ').split(b'\0'))
        self.path = variables.get(b'SUPTREE_PATH', b'').decode()
        self.generation = int(variables.get(b'SUPTREE_GENERATION', b'0'))
        self.socket = variables.get(b'SUPTREE_SOCKET', b'').decode()

    @property
    def is_zombie(self):
        return self.state in ('Z', 'X')

    @property
    def key(self):
        return self.pid, self.start

    def __repr__(self):
        return f'{self.pid} ({self.state}, {self.path or "-"}, generation {self.generation})'


def children(pid):
    """Looks at the children of a process, as many as are still there."""
    looks = [Process(int(word)) for word in read(pid, f'task/{pid}/children').split()]
    return [look for look in looks if look.is_there]


def exe(pid):
    try:
        return os.readlink(f'/proc/{pid}/exe')
    except OSError:
        return ''


def strangers(socket, daemon):
    """Processes that some child of this daemon has begun and that are not below it."""
    found = []
    for name in os.listdir('/proc'):
        look = Process(int(name)) if name.isdigit() else None
        if not look or look.socket != socket or look.is_zombie:
            continue
        above = look
        while above.is_there and above.pid not in (daemon, 1, 0):
            above = Process(above.parent)
        if above.pid != daemon and Process(look.pid).is_there:
            found.append(look)
    return found


def nr_fds(pid):
    return len(os.listdir(f'/proc/{pid}/fd'))


def rss_kib(pid):
    for line in read(pid, 'status').splitlines():
        if line.startswith(b'VmRSS'):
            return int(line.split()[1])
    return 0


def is_sanitized(pid):
    """A sanitizer keeps freed memory for a while."""
    return b'asan' in read(pid, 'maps')


def open_pidfd(pid):
    """Of a process that may have ended: -1 if it has."""
    try:
        return os.pidfd_open(pid)
    except OSError as error:  # EINVAL: it is being reaped, to older kernels
        if error.errno in (errno.ESRCH, errno.EINVAL):
            return -1
        raise


class Watch:
    """A process that the witness has seen alive: its pidfd shows its end."""

    def __init__(self, pid):
        self.pid = pid
        self.fd = open_pidfd(pid)

    def has_ended(self):
        if self.fd < 0:
            return True
        return self.wait(0)

    def wait(self, timeout_ms=PATIENCE_MS):
        poll = select.poll()
        poll.register(self.fd, select.POLLIN)
        return bool(poll.poll(timeout_ms))

    def close(self):
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1
