#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Bad requests, floods and slow readers: clear errors, and running trees untouched."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from suptreed import BIN, PATIENCE_S, Daemon, Refused  # noqa: E402

TREE = '''
children:
  - id: demo
    supervisor:
      intensity: 1000
      period: 3600
      children:
        - {id: a, start: [sleep, infinity], output: "null"}
        - {id: b, start: [sleep, infinity], output: "null"}
'''


class Untouched:
    """A daemon with a tree, which is the same after the block."""

    def __enter__(self):
        self.daemon = Daemon(TREE).__enter__()
        self.before = self.daemon.call('ps')
        return self.daemon

    def __exit__(self, kind, value, trace):
        if kind is None:
            after = self.daemon.call('ps')
            same = ('path', 'state', 'pid', 'generation', 'restarts')
            assert [[node.get(key) for key in same] for node in after] == [
                [node.get(key) for key in same] for node in self.before]
        self.daemon.__exit__(kind, value, trace)


def exchange(daemon, sent):
    """Send bytes on a connection of their own, and read what comes until its end."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(PATIENCE_S)
        client.connect(daemon.socket)

        def send():
            try:
                client.sendall(sent)
                client.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # the daemon may have had enough before
        sender = threading.Thread(target=send)
        sender.start()
        with client.makefile('rb') as lines:
            answers = [json.loads(line) for line in lines]
        sender.join()
    return answers


def refused(daemon, kind, method, **params):
    try:
        daemon.call(method, **params)
    except Refused as refusal:
        assert refusal.kind == kind, refusal.kind
        return str(refusal)
    raise AssertionError(f'{method} was not refused')


def test_bad_requests_get_clear_errors():
    with Untouched() as daemon:
        text = refused(daemon, 'method_not_found', 'which_childern', path='demo')
        assert 'which_children' in text, 'what was meant'
        assert 'path' in refused(daemon, 'invalid_params', 'which_children')
        assert 'pathh' in refused(daemon, 'invalid_params', 'which_children', pathh='demo')
        refused(daemon, 'invalid_params', 'which_children', path=17)
        refused(daemon, 'noproc', 'which_children', path='nowhere')
        refused(daemon, 'noproc', 'which_children', path='demo/a')
        refused(daemon, 'not_found', 'restart_child', path='demo/z')
        refused(daemon, 'running', 'delete_child', path='demo/a')
        refused(daemon, 'not_found', 'info', path='demo/z')


def test_bad_specifications_get_clear_errors():
    cases = [
        ({'id': 'x', 'strat': 'a'}, 'did you mean "start"'),
        ({'id': 'x', 'start': ['a'], 'shutdown': 'soon'}, 'shutdown'),
        ({'id': 'x', 'start': 17}, 'start'),
        ({'id': 'x', 'start': ['a'], 'significant': True}, 'significant'),
        ({'id': 'x', 'supervisor': {'children': [{'id': 'y', 'start': ['a']}] * 2}}, '"y"'),
        ('{id: x, start: [a', 'spec:'),
        ('[' * 1000 + ']' * 1000, 'deep'),
        ('\x01\x02', 'spec:'),
    ]
    with Untouched() as daemon:
        for spec, expected in cases:
            text = refused(daemon, 'invalid_spec', 'start_child', path='demo', spec=spec)
            assert expected in text, text


def test_garbage_half_lines_and_deep_nesting():
    with Untouched() as daemon:
        garbage = bytes(range(256)).replace(b'\n', b'') * 100 + b'\n'
        assert exchange(daemon, garbage)[0]['error']['code'] == -32700
        deep = b'{"jsonrpc":"2.0","id":1,"method":"ping","params":' + b'[' * 1000 + b']' * 1000
        assert 'error' in exchange(daemon, deep + b'}\n')[0]
        assert 'error' in exchange(daemon, b'{"jsonrpc":"2.0","id":1,"meth')[0]
        assert exchange(daemon, b'') == []


def test_a_line_of_a_hundred_megabytes_is_refused_without_being_kept():
    with Untouched() as daemon:
        answers = exchange(daemon, b'x' * (100 << 20) + b'\n')
        assert len(answers) == 1 and 'error' in answers[0]
        with open(f'/proc/{daemon.process.pid}/status', encoding='ascii') as file:
            peak_kb = int(next(line for line in file if line.startswith('VmHWM')).split()[1])
        assert peak_kb < 1 << 20, 'it was not held in memory'


def test_a_configuration_of_a_hundred_megabytes_is_refused():
    daemon = Daemon('')
    with open(daemon.config, 'wb') as file:
        file.truncate(100 << 20)
    ended = subprocess.run(daemon.command, capture_output=True, text=True, check=False,
                           timeout=PATIENCE_S)
    os.unlink(daemon.config)
    os.rmdir(daemon.dir)
    assert ended.returncode == 1
    assert 'suptree.yaml' in ended.stderr and 'large' in ended.stderr, ended.stderr


def test_a_million_requests_are_answered_while_a_child_is_restarted():
    with Daemon(TREE) as daemon:
        request = b'{"jsonrpc":"2.0","id":1,"method":"ping"}\n'
        nr, portion, answered = 1000000, 1000, 0
        flood = socket.socket(socket.AF_UNIX)
        flood.settimeout(PATIENCE_S)
        flood.connect(daemon.socket)
        sender = threading.Thread(target=lambda: [flood.sendall(request * portion)
                                                  for _ in range(nr // portion)])
        sender.start()
        events = daemon.follow()
        for _ in range(10):
            os.kill(daemon.pid('demo/a'), signal.SIGKILL)
            events.event('started', 'demo/a')
        while answered < nr:
            answered += flood.recv(1 << 16).count(b'\n')
        sender.join()
        flood.close()
        assert daemon.info('demo/a')['restarts'] == 10


def test_who_never_reads_is_told_to_resync_and_delays_nobody():
    with Daemon(TREE) as daemon:
        lazy = daemon.follow()
        events = daemon.follow()
        for _ in range(3):
            os.kill(daemon.pid('demo/a'), signal.SIGKILL)
            events.event('started', 'demo/a')
        assert lazy.event('started', 'demo/a')['seq']


def test_a_second_daemon_on_the_same_socket_is_refused():
    with Untouched() as daemon:
        second = subprocess.run([BIN + '/suptreed', '--socket', daemon.socket],
                                capture_output=True, text=True, check=False, timeout=PATIENCE_S)
        assert second.returncode == 1
        assert 'another daemon uses it' in second.stderr, second.stderr


def test_mistakes_of_the_command_line():
    for args, expected in ((['--nonsense'], '--help'), (['extra'], 'extra')):
        ended = subprocess.run([BIN + '/suptreed', *args], capture_output=True, text=True,
                               check=False, timeout=PATIENCE_S)
        assert ended.returncode == 2 and expected in ended.stderr, ended.stderr
    ended = subprocess.run([BIN + '/suptreed', '--features'], capture_output=True, text=True,
                           check=False, timeout=PATIENCE_S)
    assert ended.returncode == 0 and 'futex_wait' in ended.stdout


ktap.run(globals())
