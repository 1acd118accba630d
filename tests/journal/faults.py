#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What the journal does when its file is damaged, cannot be written, or it is killed."""

import contextlib
import os
import pathlib
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile

TOP = os.environ['ST_TEST_TOP']
sys.path[:0] = [TOP + '/tests/lib', TOP + '/tests/journal/lib']
import ktap  # noqa: E402
from journals import Journal, crash_and_restart, refusal  # noqa: E402


def check(daemon, sent_from=1):
    """Each number of this daemon is stored once, or in a gap; the file is whole."""
    daemon.call('settle')
    daemon.sync()
    last = daemon.call('status')['seq']
    boot = daemon.select('SELECT max(boot) FROM boot')[0][0]
    seqs = [row[0] & (1 << 40) - 1
            for row in daemon.select(f'SELECT id FROM event WHERE id >> 40 = {boot}')]
    missing = set()
    for first, end in daemon.select(f'SELECT first, last FROM gap WHERE first >> 40 = {boot}'):
        missing |= set(range(first & (1 << 40) - 1, (end & (1 << 40) - 1) + 1))
    assert sorted([*seqs, *missing])[:last - sent_from + 1] == list(range(sent_from, last + 1))
    assert daemon.select('PRAGMA integrity_check') == [('ok',)]
    return missing


def overwrite(file):
    """Garbage over all but the first page, so that the file is opened before it is seen."""
    size = file.stat().st_size
    assert size > 8192, size
    with file.open('r+b') as handle:
        handle.seek(4096)
        handle.write(b'\xa5' * (size - 4096))


def aside(daemon):
    return sorted(path.name for path in daemon.folder.iterdir() if '.damaged-' in path.name)


def test_a_damaged_file_is_set_aside_and_what_is_missing_is_said():
    with Journal() as daemon:
        for _ in range(5):
            crash_and_restart(daemon, 'demo/a')
        daemon.call('settle')
        daemon.sync()
        daemon.stop_journal()
        overwrite(daemon.file)
        daemon.start_journal()
        daemon.await_line('is damaged')
        assert 'journal.db.damaged-1' in aside(daemon), aside(daemon)
        # the daemon still has all of its events, so nothing of this boot is missing
        assert check(daemon) == set()
        daemon.stop_journal()
        overwrite(daemon.file)
        daemon.start_journal()
        daemon.await_line('damaged-2')
        assert 'journal.db.damaged-2' in aside(daemon), aside(daemon)
        assert check(daemon) == set()


def test_a_file_that_is_no_database_is_set_aside():
    with Journal() as daemon:
        daemon.sync()
        daemon.stop_journal()
        daemon.file.write_bytes(b'this is no database of SQLite' * 1000)
        daemon.start_journal()
        daemon.await_line('is damaged')
        assert check(daemon) == set()


def test_a_newer_file_is_left_alone_and_said():
    with Journal() as daemon:
        daemon.sync()
        daemon.stop_journal()
        with sqlite3.connect(daemon.file) as database:
            database.execute("UPDATE meta SET value=99 WHERE key='schema'")
        database.close()
        daemon.start_journal()
        daemon.await_line('a newer suptree-journal has written it')
        assert aside(daemon) == []
        for verb in ('history', 'unstable', 'sync'):
            refused = refusal(daemon.call, verb)
            assert refused.kind == 'failed' and 'newer' in str(refused), refused
        daemon.until('demo/a=running')


def test_a_folder_without_right_to_write_is_said_and_used_when_there_is():
    """For root the journal is another user, so this is the same for both."""
    with Journal() as daemon:
        daemon.sync()
        daemon.stop_journal()
        for path in daemon.folder.iterdir():
            path.chmod(0o400)
        daemon.folder.chmod(0o500)
        daemon.start_journal()
        daemon.await_line('it is tried again each second')
        crash_and_restart(daemon, 'demo/a')
        assert refusal(daemon.call, 'sync').kind == 'failed'
        daemon.folder.chmod(0o700)
        for path in daemon.folder.iterdir():
            path.chmod(0o600)
        daemon.await_line('it is written again, 0 events are missing')
        assert check(daemon) == set()


@contextlib.contextmanager
def small_disk():
    """A file system of 2 MiB, which nobody else has."""
    if os.geteuid() != 0:
        raise ktap.Skip('needs root, to mount a small file system')
    with tempfile.TemporaryDirectory(prefix='suptree-disk-') as folder:
        os.chmod(folder, 0o755)
        done = subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=2m,mode=777', 'none', folder],
                              check=False, stderr=subprocess.PIPE, text=True)
        if done.returncode:
            raise ktap.Skip('needs a right to mount: ' + done.stderr.strip())
        try:
            yield pathlib.Path(folder)
        finally:
            subprocess.run(['umount', '-l', folder], check=True)


def fill(path):
    """A file that takes all the room there is."""
    fd = os.open(path, os.O_WRONLY | os.O_CREAT)
    with contextlib.suppress(OSError):
        while os.write(fd, b'x' * 4096):
            pass
    os.close(fd)
    assert os.statvfs(path).f_bavail == 0, path


def test_a_full_disk_is_said_and_nothing_is_lost_when_there_is_room():
    with small_disk() as disk:
        with Journal(keys={'folder': str(disk / 'journal')}) as daemon:
            crash_and_restart(daemon, 'demo/a')
            daemon.sync()
            fill(disk / 'ballast')
            while not any('tried again' in line for line in daemon.lines()):
                crash_and_restart(daemon, 'demo/a')
            refused = refusal(daemon.call, 'sync')
            assert refused.kind == 'failed' and 'full' in str(refused), refused
            crash_and_restart(daemon, 'demo/a')
            assert daemon.info('system/journal')['restarts'] == 0
            (disk / 'ballast').unlink()
            daemon.await_line('it is written again, 0 events are missing')
            assert check(daemon) == set()


def test_sigkill_at_any_moment_loses_nothing():
    seed = random.randrange(1 << 32)
    print(f'# seed {seed}')
    dice = random.Random(seed)
    with Journal() as daemon:
        daemon.allow_ends()
        for _ in range(12):
            pid = daemon.pid('system/journal')
            for _ in range(dice.randrange(4)):
                crash_and_restart(daemon, dice.choice(['demo/a', 'demo/b']))
            follow = daemon.follow()
            os.kill(pid, signal.SIGKILL)
            follow.event('started', 'system/journal')
            follow.close()
            assert check(daemon) == set()
        assert aside(daemon) == []


if __name__ == '__main__':
    ktap.run(globals())
