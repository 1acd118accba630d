#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""subscribe with inputs: whoever has the lines can make the tree again, exactly."""

import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
import roles  # noqa: E402
from suptreed import BIN, Daemon, Refused  # noqa: E402

TREE = '''
children:
  - id: all
    supervisor:
      strategy: one_for_all
      intensity: 1000000
      period: 1
      children:
        - {id: a, start: [sleep, infinity], output: "null"}
        - {id: b, start: [sleep, infinity], output: "null", restart: transient}
  - id: rest
    supervisor:
      strategy: rest_for_one
      intensity: 1000000
      period: 1
      children:
        - {id: c, start: [sleep, infinity], output: "null"}
        - {id: t, start: [sleep, infinity], output: "null", restart: temporary}
        - {id: d, start: [sleep, infinity], output: "null"}
  - id: pool
    supervisor:
      strategy: simple_one_for_one
      intensity: 1000000
      period: 1
      children: [{id: w, start: [sleep], output: "null"}]
'''


def some_child(daemon, dice):
    return dice.choice([row for row in daemon.call('ps') if 'pid' in row] or [None])


def end_one(daemon, dice):
    child = some_child(daemon, dice)
    if child:
        daemon.call('kill', path=child['path'],
                    signal=dice.choice(['KILL', 'TERM', 'SEGV', 'USR1']))


def ask(daemon, dice, number):
    """One random operation; it may be refused."""
    path = dice.choice(['all/a', 'all/b', 'rest/c', 'rest/t', 'rest/d', 'rest/n'])
    what = dice.randrange(9)
    if what < 3:
        end_one(daemon, dice)
    elif what == 3:
        daemon.call('start_child', path='pool', name=f'w{number}', args=['infinity'])
    elif what == 4:
        daemon.call('terminate_child', path=path)
    elif what == 5:
        daemon.call('restart_child', path=path)
    elif what == 6:
        daemon.call('delete_child', path=path)
    elif what == 7:
        daemon.call('start_child', path='rest', spec={
            'id': 'n', 'start': ['sleep', 'infinity'], 'output': 'null',
            'restart': dice.choice(['permanent', 'transient', 'temporary'])})
    else:
        daemon.write(TREE.replace('1000000', str(dice.randrange(500000, 1000000))))
        daemon.call('reload')


def lines_of(message):
    """The inputs in a notification."""
    params = message['params']
    if message['method'] == 'input':
        return [params['line']]
    return [each['line'] for each in params if 'line' in each] if isinstance(params, list) else []


def read_until(connection, is_last):
    lines = []
    while not lines or not is_last(lines[-1]):
        lines += lines_of(connection.notification())
    return lines


def state_of(daemon):
    """The state as a new follower gets it."""
    connection = daemon.follow(inputs=True)
    lines = read_until(connection, lambda line: line.startswith('end '))
    connection.close()
    return lines


def replay(lines):
    """The state of the tree that st-replay makes of inputs."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, 'inputs')
        path.write_text('\n'.join(lines) + '\n', encoding='utf-8')
        done = subprocess.run([BIN + '/st-replay', '--state', path], text=True, check=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    return done.stdout.splitlines()


def check_round(daemon, followers, dice, number):
    """Some operations; then the trees that were made of the inputs are that of the daemon."""
    for index in range(number):
        try:
            ask(daemon, dice, dice.randrange(10 ** 9) + index)
        except Refused:
            pass
    daemon.call('settle')
    name = f'marker-{dice.randrange(10 ** 9)}'
    try:  # the last input
        daemon.call('start_child', path='rest', spec={'id': name, 'start': ['true'],
                                                      'shutdown': 'brutal_kill',
                                                      'restart': 'temporary',
                                                      'start_now': False})
    except Refused as error:
        raise AssertionError(error) from error
    expected = state_of(daemon)
    for connection, lines in followers:
        lines += read_until(connection, lambda line: name in line)
        assert replay(lines) == expected


def test_the_tree_is_made_again_of_the_inputs_after_a_thousand_operations_and_ends():
    dice = random.Random(1)
    with Daemon(TREE) as daemon:
        followers = [(daemon.follow(inputs=True), []),
                     (daemon.follow(inputs=True, batch=True, buffer='journal'), [])]
        for _ in range(5):
            check_round(daemon, followers, dice, 200)
        assert sum(' request ' in line for line in followers[0][1]) >= 400


def test_inputs_and_the_buffer_of_the_journal_are_for_admins():
    with roles.RoleDaemon(TREE) as daemon:
        for role in ('viewer', 'operator'):
            for wanted in ({'inputs': True}, {'buffer': 'journal'}):
                connection = daemon.connect_as(role)
                try:
                    connection.call('subscribe', **wanted)
                except Refused as error:
                    assert error.kind == 'refused' and 'admin' in str(error), error
                else:
                    raise AssertionError(f'{role} gets {wanted}')
                connection.call('subscribe', batch=True)
        admin = daemon.connect_as('admin')
        admin.call('subscribe', inputs=True, buffer='journal')
        assert lines_of(admin.notification())[0].startswith('suptree-state 1 ')


if __name__ == '__main__':
    ktap.run(globals())
