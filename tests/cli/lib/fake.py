# SPDX-License-Identifier: GPL-2.0-only
"""A daemon with prepared answers, and the CLI that runs against it.

    with Fake(ping={'ok': True}, info=Failure('not_found', 'no such child')) as fake:
        done = fake.run('ping')
        assert done.returncode == 0 and fake.requests == [('ping', {})]

An answer is a value, a Failure, a Stream, or a function of the parameters that
returns one of these. It runs in threads, one for each connection.
"""

import json
import os
import socket
import subprocess
import tempfile
import threading

SUPTREE = os.environ['ST_TEST_BIN'] + '/suptree'
PATIENCE_S = 120  # a hang guard, not a measure of anything


class Failure:
    """The answer that an operation failed."""

    def __init__(self, kind, message, code=1, **data):
        self.error = {'code': code, 'message': message, 'data': {'kind': kind, **data}}


SUBSCRIBED = {'seq': 4, 'incarnation': 5}  # an answer to subscribe


class Stream:
    """A result, then notifications; then the connection is closed, unless hold."""

    def __init__(self, result, *notifications, hold=False):
        self.result = result
        self.notifications = notifications
        self.hold = hold


class Silence:
    """No answer at all."""


class Fake:
    def __init__(self, **answers):
        self.answers = answers
        self.requests = []
        self.connections = []
        self.asked = threading.Condition()

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix='suptree-cli-')
        self.path = self.folder.name + '/control.sock'
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(self.path)
        self.socket.listen()
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *exception):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        for connection in self.connections:
            connection.close()
        self.folder.cleanup()

    def accept(self):
        while True:
            try:
                connection = self.socket.accept()[0]
            except OSError:
                return  # the test is over
            self.connections.append(connection)
            threading.Thread(target=self.serve, args=(connection,), daemon=True).start()

    def serve(self, connection):
        try:
            for line in connection.makefile('r', encoding='utf-8'):
                if not self.answer(connection, json.loads(line)):
                    connection.shutdown(socket.SHUT_RDWR)
                    return
        except OSError:
            pass  # the client is gone

    def answer(self, connection, request):
        """False if the connection is to be closed."""
        method, params = request['method'], request.get('params', {})
        with self.asked:
            self.requests.append((method, params))
            self.asked.notify_all()
        answer = self.answers.get(method, {'ok': True})
        if callable(answer):
            answer = answer(params)
        messages = []
        if isinstance(answer, Silence):
            return True
        if isinstance(answer, Failure):
            messages = [{'id': request['id'], 'error': answer.error}]
        elif isinstance(answer, Stream):
            messages = [{'id': request['id'], 'result': answer.result}, *answer.notifications]
        else:
            messages = [{'id': request['id'], 'result': answer}]
        self.send(connection, *messages)
        return not isinstance(answer, Stream) or answer.hold

    def send(self, connection, *messages):
        lines = [json.dumps({'jsonrpc': '2.0', **message}) + '\n' for message in messages]
        connection.sendall(''.join(lines).encode())

    def wait_for(self, method):
        """Until this was asked for."""
        with self.asked:
            assert self.asked.wait_for(lambda: method in dict(self.requests), PATIENCE_S)

    def notify(self, *notifications):
        """Send to whoever is connected now."""
        self.send(self.connections[-1], *notifications)

    def run(self, *arguments, **options):
        return run(*arguments, socket=self.path, **options)


# of the tests' own environment; the last ones, with FAKETIME*, are of tools/check/elsewhere
KEPT = ('PATH', 'HOME', 'TMPDIR', 'ASAN_OPTIONS', 'LSAN_OPTIONS', 'UBSAN_OPTIONS', 'LOCPATH',
        'LD_PRELOAD', 'NO_FAKE_STAT')


def environment(socket_path=None, **variables):
    kept = {name: value for name, value in os.environ.items()
            if name in KEPT or name.startswith('FAKETIME')}
    kept.update(LC_ALL='C.UTF-8', TZ='UTC', PAGER='cat')
    if socket_path:
        kept['SUPTREE_SOCKET'] = socket_path
    kept.update(variables)
    return kept


def run(*arguments, socket='/nonexistent/control.sock', stdin='', env=(), cwd=None,
        preexec_fn=None):
    """The CLI's end: returncode, stdout, stderr."""
    return subprocess.run([SUPTREE, *arguments], input=stdin, text=True, check=False, cwd=cwd,
                          env=environment(socket, **dict(env)), timeout=PATIENCE_S,
                          preexec_fn=preexec_fn,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def event(**params):
    return {'method': 'event', 'params': params}


def table():
    """The operations table, as the program itself has it."""
    return json.loads(run('help', '--json').stdout)
