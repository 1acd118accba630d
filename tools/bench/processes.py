# SPDX-License-Identifier: GPL-2.0-only
"""Reads processes from /proc. The benchmark is a child subreaper, so all processes of a
supervisor are below it; those that are not child0 are the supervisor itself."""

import ctypes
import errno
import os
import select
import signal
import time

PR_SET_CHILD_SUBREAPER = 36


def become_subreaper():
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def read_stat(pid):
    """(parent, state), or None of a process that is gone."""
    try:
        with open(f'/proc/{pid}/stat', encoding='utf-8', errors='replace') as file:
            fields = file.read().rpartition(')')[2].split()
    except OSError:
        return None
    return int(fields[1]), fields[0]


def descendants():
    """All processes below this one that are no zombies."""
    below = {}
    for name in os.listdir('/proc'):
        stat = read_stat(name) if name.isdigit() else None
        if stat:
            below.setdefault(stat[0], []).append((int(name), stat[1]))
    found, parents = [], [os.getpid()]
    while parents:
        for pid, state in below.get(parents.pop(), []):
            parents.append(pid)
            if state != 'Z':
                found.append(pid)
    return found


def is_child(pid):
    try:
        return os.path.basename(os.readlink(f'/proc/{pid}/exe')) == 'child0'
    except OSError:
        return False


def supervisors(meters=()):
    """The supervisor's own processes."""
    return [pid for pid in descendants() if pid not in meters and not is_child(pid)]


def proportional_kib(pid):
    """Memory of a process, shared pages divided among those that share them."""
    try:
        with open(f'/proc/{pid}/smaps_rollup', encoding='utf-8') as file:
            return sum(int(line.split()[1]) for line in file if line.startswith('Pss:'))
    except OSError:
        return 0


def cpu_use(pids):
    """(ticks, nanoseconds on a CPU, context switches) so far, of all threads."""
    ticks = ran_ns = switches = 0
    for pid in pids:
        try:
            with open(f'/proc/{pid}/stat', encoding='utf-8', errors='replace') as file:
                fields = file.read().rpartition(')')[2].split()
            ticks += int(fields[11]) + int(fields[12])
            for thread in os.listdir(f'/proc/{pid}/task'):
                with open(f'/proc/{pid}/task/{thread}/schedstat', encoding='utf-8') as file:
                    ran_ns += int(file.read().split()[0])
                with open(f'/proc/{pid}/task/{thread}/status', encoding='utf-8') as file:
                    switches += sum(int(line.split()[1]) for line in file
                                    if 'ctxt_switches' in line)
        except OSError:
            continue
    return ticks, ran_ns, switches


def reap(started):
    """Reap what is dead, but leave the results of our own Popen objects to them."""
    own = {process.pid: process for process in started}
    while True:
        try:
            dead = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        except ChildProcessError:
            return
        if dead is None:
            return
        if dead.si_pid in own:
            own[dead.si_pid].poll()
        else:
            os.waitpid(dead.si_pid, 0)


def reap_until_end(process, started):
    """Reap what dies below, as it dies, until a process of our own has ended."""
    own = {each.pid: each for each in (*started, process)}
    while process.poll() is None:
        dead = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
        if dead.si_pid in own:
            own[dead.si_pid].poll()
        else:
            os.waitpid(dead.si_pid, 0)


def wait_for_ends(pids, end_s):
    """Whether all of them have ended before that moment of the monotonic clock."""
    for pid in pids:
        try:
            pidfd = os.pidfd_open(pid)
        except OSError as error:
            if error.errno not in (errno.ESRCH, errno.EINVAL):
                raise
            continue  # it has ended; EINVAL: it is being reaped
        poll = select.poll()
        poll.register(pidfd, select.POLLIN)
        has_ended = poll.poll(max(0, end_s - time.monotonic()) * 1000)
        os.close(pidfd)
        if not has_ended:
            return False
    return True


def kill_all(started):
    """End everything below, politely once, supervisors before their children."""
    for number in (signal.SIGTERM, signal.SIGKILL, signal.SIGKILL, signal.SIGKILL):
        left = descendants()
        for pid in sorted(left, key=is_child):
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                continue
        wait_for_ends(left, time.monotonic() + 1)
        reap(started)
        if not descendants():
            return
