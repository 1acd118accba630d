#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Daemons that start on one socket at the same instant: one lives there, the others say so."""

import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from suptreed import BIN, PATIENCE_S, Connection, Daemon  # noqa: E402

PAIRS = 12


def start(folder, config):
    return subprocess.Popen(
        [BIN + '/suptreed', '--socket', folder + '/control.sock', '--config', config],
        text=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def finish(daemon):
    """(exit status, what it said)."""
    said = daemon.communicate(timeout=PATIENCE_S)[1]
    assert 'Sanitizer' not in said, said
    return daemon.returncode, said


def winner_of(pair):
    """The pair's winner, after the other one has ended and has said why."""
    loser = None
    while loser is None:
        loser = next((one for one in pair if one.poll() is not None), None)
    status, said = finish(loser)
    assert status == 1 and 'control.sock: another daemon uses it' in said, (status, said)
    return pair[1 - pair.index(loser)]


def contest(folder, pair, is_last):
    """Of the pair one lives; it is killed, or stopped and leaves nothing behind."""
    winner = winner_of(pair)
    connection = Connection(folder + '/control.sock')
    assert connection.call('status')['pid'] == winner.pid
    connection.close()
    if is_last:
        winner.terminate()
        assert finish(winner)[0] == 0
        assert os.listdir(folder) == [], os.listdir(folder)
    else:
        winner.kill()  # its socket stays, and nobody listens there
        finish(winner)
        assert 'control.sock' in os.listdir(folder)


def test_exactly_one_of_many_pairs_lives_and_a_killed_ones_socket_is_taken_over():
    with tempfile.TemporaryDirectory(prefix='suptree-e2e-') as top:
        folders = [f'{top}/{number}' for number in range(PAIRS)]
        for folder in folders:
            os.mkdir(folder)
        with open(top + '/suptree.yaml', 'w', encoding='utf-8') as file:
            file.write('children: []\n')
        for is_last in (False, True):
            pairs = [(start(folder, file.name), start(folder, file.name)) for folder in folders]
            try:
                for folder, pair in zip(folders, pairs):
                    contest(folder, pair, is_last)
            finally:
                for daemon in (one for pair in pairs for one in pair):
                    daemon.kill()
                    daemon.wait()
                    daemon.stderr.close()


def test_a_daemon_starts_right_after_another_was_killed():
    with Daemon('children: [{id: a, start: [sleep, infinity]}]') as daemon:
        for _ in range(20):
            last = daemon.process
            os.unlink(daemon.dir + '/ready')
            last.kill()
            daemon.start()  # the last one has perhaps not ended yet
            last.wait()
            assert daemon.call('status')['pid'] == daemon.process.pid


def test_a_daemon_that_lives_is_named():
    with Daemon() as daemon:
        status, said = finish(start(daemon.dir, daemon.write('children: []\n', 'other')))
        assert status == 1, said
        assert f'another daemon uses it, pid {daemon.process.pid};' in said, said
        assert daemon.call('ping')


ktap.run(globals())
