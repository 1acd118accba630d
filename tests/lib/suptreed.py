# SPDX-License-Identifier: GPL-2.0-only
"""A separate suptreed for a test: started, called, stopped, and checked.

    with Daemon(CONFIG) as daemon:
        daemon.call('terminate_child', path='demo/a')

Each answer and each notification is checked against its shape (shapes.py).
Nothing here sleeps: a test waits for an event of the daemon (until, event), the end of a
process (a pidfd) or a line on a pipe. At the end of the block the daemon is stopped; it
must end normally and leave no process.
"""

import contextlib
import errno
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time

import shapes

BIN = os.environ['ST_TEST_BIN']
MAX_GUARDS = 500  # descriptors are limited; the daemon itself waits for all
PATIENCE_S = 60  # a hang guard, not a measure of anything


class Refused(Exception):
    """The daemon's answer was an error; .kind is its word."""

    def __init__(self, error):
        super().__init__(error['message'])
        self.kind = error['data']['kind']
        self.otp = error['data'].get('otp')


class Connection:
    """One connection to the control socket: calls, and notifications in order."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(path)  # with a timeout Python would not wait for a place in the queue
        self.socket.settimeout(PATIENCE_S)
        self.lines = self.socket.makefile('r', encoding='utf-8')
        self.waiting = []
        self.last_id = 0

    def send(self, line):
        """Send a request; a client that was turned away has its answer already."""
        with contextlib.suppress(BrokenPipeError):
            self.socket.sendall(line)

    def message(self):
        line = self.lines.readline()
        if not line:
            raise EOFError('the daemon has closed the connection')
        message = json.loads(line)
        if 'id' not in message:
            shapes.check_notification(message)
        return message

    def call(self, method, **params):
        self.last_id += 1
        request = {'jsonrpc': '2.0', 'id': self.last_id, 'method': method, 'params': params}
        self.send(json.dumps(request).encode() + b'\n')
        while True:
            answer = self.message()
            if 'id' not in answer:
                self.waiting.append(answer)
                continue
            assert answer['id'] == self.last_id
            shapes.check_answer(method, answer)
            if 'error' in answer:
                raise Refused(answer['error'])
            return answer['result']

    def notification(self):
        return self.waiting.pop(0) if self.waiting else self.message()

    def event(self, name, path=None, **wanted):
        """The next event of that name, about that path, with those members."""
        while True:
            event = self.notification()['params']
            if event.get('event') == name and path in (None, event.get('path')) and all(
                    event.get(key) == value for key, value in wanted.items()):
                return event

    def close(self):
        self.lines.close()
        self.socket.close()


class Daemon:
    """suptreed on a socket in a directory of its own."""

    def __init__(self, config=None, options=(), user=None, environment=None,
                 stderr_fd=None):
        self.dir = tempfile.mkdtemp(prefix='suptree-e2e-')
        os.chmod(self.dir, 0o755 if user is None else 0o777)
        self.socket = self.dir + '/control.sock'
        self.config = self.dir + '/suptree.yaml'
        self.command = [BIN + '/suptreed', '--socket', self.socket, *options]
        self.user = user
        self.environment = os.environ if environment is None else environment
        self.stderr_fd = stderr_fd  # instead of a file, which said() reads
        self.connections = []
        if config is not None:
            self.write(config)
            self.command += ['--config', self.config]

    def write(self, config, name='suptree.yaml'):
        with open(f'{self.dir}/{name}', 'w', encoding='utf-8') as file:
            file.write(config)
        os.chmod(file.name, 0o644)  # for another user's daemon, whatever the umask is
        return f'{self.dir}/{name}'

    def start(self):
        """Start, and wait for READY=1 as a supervisor of the daemon would."""
        ready = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        ready.settimeout(PATIENCE_S)
        ready.bind(self.dir + '/ready')
        os.chmod(self.dir + '/ready', 0o777)
        self.stderr = open(self.dir + '/stderr', 'w+', encoding='utf-8')
        self.process = subprocess.Popen(
            self.command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=self.stderr if self.stderr_fd is None else self.stderr_fd,
            user=self.user, group=self.user,
            extra_groups=[] if self.user else None,
            env={'STATE_DIRECTORY': self.dir + '/state', **self.environment,
                 'NOTIFY_SOCKET': self.dir + '/ready'}, start_new_session=True)
        pidfd = os.pidfd_open(self.process.pid)
        readable, _, _ = select.select([ready, pidfd], [], [], PATIENCE_S)
        os.close(pidfd)
        if ready not in readable:
            raise AssertionError(f'the daemon did not start: {self.said()}')
        assert ready.recv(100) == b'READY=1'
        ready.close()
        self.control = self.connect()
        return self

    def said(self):
        self.stderr.flush()
        with open(self.dir + '/stderr', encoding='utf-8') as file:
            return file.read()

    def connect(self):
        connection = Connection(self.socket)
        self.connections.append(connection)
        return connection

    def call(self, method, **params):
        return self.control.call(method, **params)

    def follow(self, **params):
        connection = self.connect()
        connection.call('subscribe', **params)
        return connection

    def until(self, condition):
        return self.call('wait', until=condition, timeout_ms=PATIENCE_S * 1000)

    def info(self, path):
        return self.call('info', path=path)

    def pid(self, path):
        return self.info(path)['pid']

    def pids(self):
        """Every process below the daemon, zombies included."""
        found, left = [], [self.process.pid]
        while left:
            pid = left.pop()
            try:
                with open(f'/proc/{pid}/task/{pid}/children', encoding='ascii') as file:
                    children = [int(word) for word in file.read().split()]
            except OSError:
                continue
            found += children
            left += children
        return found

    def poll(self, condition):
        """Wait for something without an event: look again after each turn of the loop."""
        end = time.monotonic() + PATIENCE_S
        while not condition():
            assert time.monotonic() < end, 'it did not come true'
            self.call('ping')

    def stop(self, sig=signal.SIGTERM):
        """The daemon's exit status; asserts that all below it is gone."""
        before = self.pids()
        guards = [Guard(pid) for pid in before[:MAX_GUARDS]]
        self.process.send_signal(sig)
        status = self.process.wait(PATIENCE_S)
        for guard in guards:
            guard.wait()
        return status

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, value, trace):
        try:
            if self.process.poll() is None:
                status = self.stop()
                assert kind or status == 0, f'exit status {status}: {self.said()}'
            left = [name for name in os.listdir(self.dir) if name.startswith('control')]
            assert kind or not left, f'left behind: {left}'
            assert 'Sanitizer' not in self.said(), self.said()
        finally:
            if kind:
                print('# the daemon said: ' + self.said().replace('\n', '\n# '))
            for connection in self.connections:
                connection.close()
            self.stderr.close()
            shutil.rmtree(self.dir, ignore_errors=True)


class Guard:
    """A process whose end can be awaited, with any parent."""

    def __init__(self, pid):
        try:
            self.fd = os.pidfd_open(pid)
        except OSError as error:
            if error.errno not in (errno.ESRCH, errno.EINVAL):
                raise
            self.fd = None  # EINVAL: it is being reaped, to older kernels

    def wait(self):
        if self.fd is None:
            return
        poll = select.poll()
        poll.register(self.fd, select.POLLIN)
        ended = poll.poll(PATIENCE_S * 1000)
        os.close(self.fd)
        assert ended, 'a process did not end'


def states(node):
    """{path: state} of a tree as `tree` gives it."""
    found = {node['path']: node['state']}
    for child in node.get('children', []):
        found.update(states(child))
    return found
