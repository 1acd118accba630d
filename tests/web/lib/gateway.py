# SPDX-License-Identifier: GPL-2.0-only
"""suptree-web below a daemon of a test, and requests to it.

    with Gateway(CONFIG) as web:
        answer = web.get('/api/v1/processes')

The gateway is a child of the daemon; for root it becomes the user nobody, who has no role.
Requests have the token of an admin, unless a test says otherwise.
"""

import http.client
import json
import os
import re
import socket

from suptreed import BIN, PATIENCE_S, Daemon

API = '/api/v1'
COMMAND = [BIN + '/suptree-web', '--listen', '127.0.0.1:0']


class Answer:
    def __init__(self, answer):
        self.status = answer.status
        self.headers = answer.headers
        self.body = answer.read()

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def result(self):
        assert self.status in (200, 201), (self.status, self.body)
        assert list(self.json) == ['result'], self.json
        return self.json['result']

    def problem(self, status, kind):
        """Check that it is a problem of RFC 9457; return it."""
        assert self.status == status, (self.status, self.body)
        assert self.headers['Content-Type'] == 'application/problem+json', self.headers
        found = self.json
        assert (found['status'], found['kind']) == (status, kind), found
        assert found['type'] == f'urn:suptree:problem:{kind}' and found['detail'], found
        return found


class Gateway(Daemon):
    """A daemon whose child is a gateway."""

    def __init__(self, config, options=(), **more):
        super().__init__(config, **more)
        self.gateway_options = list(options)
        self.opened = []

    def start(self):
        super().start()
        spec = {'id': 'web', 'ready': 'notify',
                'start': [*COMMAND, '--socket', self.socket, *self.gateway_options],
                'environment': {'SUPTREE_WEB_TOKEN': self.token('viewer')}}
        if os.geteuid() == 0:
            spec['user'] = 'nobody'
        self.call('start_child', path='/', spec=spec)
        self.poll(lambda: self.port_of_log() is not None)
        self.port = self.port_of_log()
        self.host = f'127.0.0.1:{self.port}'
        self.admin = self.token('admin')
        self.poll(lambda: self.get('/readyz', token=None).status == 200)
        return self

    def __exit__(self, kind, value, trace):
        for connection in self.opened:
            connection.close()
        lines = '\n'.join(self.lines()) if self.process.poll() is None else ''
        super().__exit__(kind, value, trace)
        assert 'Sanitizer' not in lines, lines

    def lines(self):
        return [line['text'] for line in self.call('logs', path='web')['lines']]

    def port_of_log(self):
        found = re.search(r'listens at http://127\.0\.0\.1:(\d+)', '\n'.join(self.lines()))
        return int(found.group(1)) if found else None

    def token(self, role):
        return self.call('open', token=True, role=role)['token']

    def ticket(self, **params):
        return self.call('open', **params)['link'].partition('#')[2]

    def connect_http(self):
        connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=PATIENCE_S)
        self.opened.append(connection)
        return connection

    def send(self, method, path, body=None, token='', headers=None, connection=None):
        """Send a request; the caller reads the answer."""
        sent = dict(headers or {})
        if token is not None:
            sent['Authorization'] = f'Bearer {token or self.admin}'
        if body is not None:
            sent.setdefault('Content-Type', 'application/json')
            body = body if isinstance(body, (bytes, str)) else json.dumps(body)
        connection = connection or self.connect_http()
        connection.request(method, path, body=body, headers=sent)
        return connection.getresponse()

    def ask(self, method, path, body=None, **more):
        return Answer(self.send(method, path, body, **more))

    def get(self, path, **more):
        return self.ask('GET', path, **more)

    def raw(self, data):
        """All that comes back for these bytes, until the gateway closes the connection."""
        with socket.create_connection(('127.0.0.1', self.port), PATIENCE_S) as client:
            client.sendall(data)
            found = b''
            try:
                while portion := client.recv(65536):
                    found += portion
            except ConnectionResetError:
                pass
            return found

    def status_of(self, data):
        """The status of the answer to these bytes; None: it is closed without one."""
        found = re.match(rb'HTTP/1\.1 (\d+) ', self.raw(data))
        return int(found.group(1)) if found else None


class Events:
    """A stream of server-sent events, read one after the other."""

    def __init__(self, gateway, path='/events', **more):
        self.answer = gateway.send('GET', API + path, **more)

    def next(self):
        """(event, id, data) of the next one; comments are left out."""
        fields = {}
        while True:
            line = self.answer.readline().decode().rstrip('\n')
            if not line and 'data' in fields:
                return fields['event'], fields.get('id'), json.loads(fields['data'])
            if not line and self.answer.isclosed():
                raise EOFError('the stream has ended')
            name, _, value = line.partition(': ')
            if name:
                fields[name] = value

    def until(self, **wanted):
        while True:
            event, number, data = self.next()
            if all(data.get(key) == value for key, value in wanted.items()):
                return event, number, data
