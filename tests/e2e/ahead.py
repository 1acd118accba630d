#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A database of users that does not answer holds up nobody but who asked for a new user.

The database is a FIFO in the place of /etc/passwd: whoever looks a user up waits until the
test writes to it, as with a server that is down. glibc does not take a FIFO for a database:
then the look-up fails, with an error of its own.
"""

import errno
import json
import os
import signal
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from roles import UNSHARE, needs_mount_namespaces  # noqa: E402
from suptreed import Daemon, Guard, Refused, states  # noqa: E402

SLEEP = ['sleep', 'infinity']
CONFIG = {'intensity': 100, 'children': [{'id': 'a', 'start': SLEEP}]}
NEW = {'id': 'new', 'start': SLEEP, 'user': 'somebody'}
WITH_NEW = {**CONFIG, 'children': [*CONFIG['children'], NEW]}
MOST = 8  # that wait at the same time


class Slow(Daemon):
    """suptreed whose database of users waits for database(); it knows no users so far."""

    def __init__(self):
        super().__init__(json.dumps(CONFIG))
        self.fifo = self.dir + '/passwd'

    def start(self):
        needs_mount_namespaces()
        os.mkfifo(self.fifo)
        self.command = [*UNSHARE, 'sh', '-c', 'mount --bind "$0" /etc/passwd && exec "$@"',
                        self.fifo, *self.command]
        return super().start()

    def answer(self):
        """Let those that wait for the database go on."""
        try:
            os.close(os.open(self.fifo, os.O_WRONLY | os.O_NONBLOCK))
        except OSError as error:
            if error.errno != errno.ENXIO:  # nobody waits
                raise

    def copies(self):
        """The processes that look something up: they are no children of the tree."""
        return set(self.pids()) - {self.pid('a')}


def ask(daemon, method, **params):
    """Ask without waiting for the answer; the connection that gets it."""
    connection = daemon.connect()
    connection.send(json.dumps({'jsonrpc': '2.0', 'id': 7, 'method': method,
                                'params': params}).encode() + b'\n')
    return connection


def failure(connection):
    return connection.message()['error']['message']


def asks_for_new(daemon):
    """Each operation that can name a new user, as it waits for the database."""
    file = daemon.write(json.dumps({'children': [NEW]}), 'more.yaml')
    daemon.write(json.dumps(WITH_NEW))
    return [ask(daemon, 'reload'), ask(daemon, 'reload', dry_run=True),
            ask(daemon, 'load', file=file), ask(daemon, 'load', spec={'children': [NEW]}),
            ask(daemon, 'start_child', path='/', spec=NEW),
            ask(daemon, 'change', path='/', spec=WITH_NEW)]


def test_who_asks_for_a_new_user_waits_alone():
    with Slow() as daemon:
        waiting = asks_for_new(daemon)
        daemon.poll(lambda: len(daemon.copies()) == len(waiting))
        events = daemon.follow()
        first = daemon.pid('a')
        os.kill(first, signal.SIGKILL)
        events.event('started', 'a')
        assert daemon.pid('a') != first
        assert daemon.call('ping') == {'ok': True}
        while daemon.copies():
            daemon.answer()
        # what the copy has found is used: the database is not asked once more
        for connection in waiting:
            assert 'user somebody: ' in failure(connection)
        assert states(daemon.call('tree')['root']) == {'/': 'running', 'a': 'running'}


def test_a_client_that_goes_takes_its_look_up_with_it():
    with Slow() as daemon:
        connection = ask(daemon, 'start_child', path='/', spec=NEW)
        daemon.poll(daemon.copies)
        copy = Guard(daemon.copies().pop())
        connection.close()
        copy.wait()


def test_a_few_may_wait_and_no_more():
    with Slow() as daemon:
        waiting = [ask(daemon, 'start_child', path='/', spec=NEW) for _ in range(MOST)]
        daemon.poll(lambda: len(daemon.copies()) == MOST)
        try:
            daemon.call('start_child', path='/', spec=NEW)
            raise AssertionError('it waits')
        except Refused as error:
            assert error.kind == 'limit', error
        # one without a new user is no matter of the database
        daemon.call('start_child', path='/', spec={'id': 'b', 'start': SLEEP})
        for connection in waiting:
            connection.close()


def test_the_newest_signal_to_reload_counts():
    with Slow() as daemon:
        daemon.write(json.dumps(WITH_NEW))
        os.kill(daemon.process.pid, signal.SIGHUP)
        daemon.poll(daemon.copies)
        old = Guard(daemon.copies().pop())
        daemon.write(json.dumps({**CONFIG, 'children': [
            *CONFIG['children'], {'id': 'b', 'start': SLEEP}]}))
        events = daemon.follow()
        os.kill(daemon.process.pid, signal.SIGHUP)
        old.wait()
        events.event('added', 'b')


def test_the_end_of_the_daemon_waits_for_no_database():
    with Slow() as daemon:
        ask(daemon, 'start_child', path='/', spec=NEW)
        daemon.poll(daemon.copies)
        assert daemon.stop() == 0


ktap.run(globals())
