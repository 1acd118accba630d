# SPDX-License-Identifier: GPL-2.0-only
"""A daemon with its journal, and looks into the journal's file.

    with Journal(TREES) as daemon:
        rows = daemon.history('demo/a')

Nothing waits for a time: `sync` is answered when all that has happened is stored.
"""

import contextlib
import json
import os
import pathlib
import select
import signal
import sqlite3
import urllib.parse

from suptreed import BIN, PATIENCE_S, Daemon, Refused

AGE_MS = 3155760000000  # a hundred years: at any date all is newer
SLEEP = ['sleep', 'infinity']
DEMO = {'id': 'demo', 'supervisor': {
    'intensity': 1000000, 'period': 1,
    'children': [{'id': name, 'start': SLEEP, 'output': 'null'} for name in 'ab']}}


class Journal(Daemon):
    """A daemon that runs suptree-journal as its service."""

    def __init__(self, *trees, keys=None, **more):
        environment = {**os.environ, 'PATH': f'{BIN}:' + os.environ['PATH']}
        # the daemon's clock may be set to another time, that of a service is not
        keys = {'max_age': '10000 d', **(keys or {})}
        config = {'services': {'journal': keys}, 'children': list(trees or [DEMO])}
        super().__init__(json.dumps(config), environment=environment, **more)
        environment['STATE_DIRECTORY'] = self.dir + '/state'
        self.folder = pathlib.Path(keys.get('folder', self.dir + '/state/journal'))
        self.file = self.folder / 'journal.db'

    def start(self):
        super().start()
        self.until('system/journal=running')
        return self

    def __exit__(self, kind, value, trace):
        lines = '\n'.join(self.lines()) if self.process.poll() is None else ''
        if kind:
            print('# the journal said: ' + lines.replace('\n', '\n# '))
        super().__exit__(kind, value, trace)
        assert 'Sanitizer' not in lines, lines

    def lines(self):
        return [line['text'] for line in self.call('logs', path='system/journal')['lines']]

    def await_line(self, part):
        """Wait until the journal has said something."""
        self.poll(lambda: any(part in line for line in self.lines()))

    def sync(self):
        return self.call('sync')

    def rows(self, path='/', **params):
        """All rows, page by page, newest first."""
        found, after = [], {}
        self.sync()
        while True:
            page = self.call('history', path=path, **params, **after)
            found += page['rows']
            if page['next'] is None or ('limit' in params and len(found) >= params['limit']):
                return found
            after = {'after': page['next']}

    def events(self, path='/', **params):
        return [row['event'] for row in self.rows(path, **params) if 'event' in row]

    def gaps(self):
        return [row['gap'] for row in self.rows() if 'gap' in row]

    def allow_ends(self):
        """Let the journal end more than five times in a minute."""
        self.call('strategy', path='system', strategy='one_for_one', intensity=1000, period=1,
                  system=True)

    def kill_journal(self):
        """SIGKILL, and wait until the next one runs."""
        info = self.info('system/journal')
        end = self.follow()
        os.kill(info['pid'], signal.SIGKILL)
        end.event('exited', 'system/journal')
        end.event('started', 'system/journal')
        end.close()

    def stop_journal(self):
        self.call('services_stop', name='journal')

    def start_journal(self):
        self.call('services_start', name='journal')

    def select(self, sql):
        """What the file has, for a journal that does not run or is synced."""
        uri = f'file:{urllib.parse.quote(str(self.file))}?mode=ro'
        with contextlib.closing(sqlite3.connect(uri, uri=True)) as file:
            return file.execute(sql).fetchall()


def crash(daemon, path, signo=signal.SIGKILL):
    """End a child as others may do it, and wait until it is gone for the kernel."""
    pid = daemon.pid(path)
    fd = os.pidfd_open(pid)
    os.kill(pid, signo)
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    assert poll.poll(PATIENCE_S * 1000), 'it does not end'
    os.close(fd)


def crash_and_restart(daemon, path, signo=signal.SIGKILL):
    follow = daemon.follow()
    crash(daemon, path, signo)
    follow.event('started', path)
    follow.close()


def refusal(call, *arguments, **parameters):
    try:
        call(*arguments, **parameters)
    except Refused as refused:
        return refused
    raise AssertionError('it was not refused')
