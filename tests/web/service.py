#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""suptree-web as a service: what `services: {web: ...}` makes of it, and its address."""

import http.client
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path[:0] = [os.environ['ST_TEST_TOP'] + '/tests/lib']
import ktap  # noqa: E402
from suptreed import BIN, PATIENCE_S, Daemon  # noqa: E402

SERVICE_UID = 61003
LOOPBACK = '127.0.0.1:0'


class Served(Daemon):
    """A daemon whose own service is the gateway; all users can reach its socket and it."""

    def __init__(self, web):
        config = json.dumps({'services': {'web': web},
                             'children': [{'id': 'a', 'start': ['sleep', 'infinity']}]})
        super().__init__(config, environment={**os.environ, 'PATH': f'{BIN}:{os.environ["PATH"]}'})
        os.chmod(self.dir, 0o711)

    def start(self):
        path = pathlib.Path(BIN, 'suptree-web').resolve()
        if os.geteuid() == 0 and not all(folder.stat().st_mode & 1 for folder in path.parents):
            raise ktap.Skip(f'needs programs that the uid {SERVICE_UID} can reach: {path}')
        return super().start()

    def url(self):
        return self.call('info', path='system/web')['status']

    def get(self, url, path, token):
        connection = http.client.HTTPConnection(url.removeprefix('http://'), timeout=PATIENCE_S)
        try:
            connection.request('GET', path, headers={'Authorization': f'Bearer {token}'})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()


def test_a_service_needs_no_token_and_says_where_it_listens():
    with Served({'listen': LOOPBACK, 'writes': 7}) as daemon:
        url = daemon.url()
        assert url.startswith('http://127.0.0.1:') and not url.endswith(':0'), url
        assert daemon.call('get_childspec', path='system/web')['start'][1:] == [
            '--listen=' + LOOPBACK, '--writes=7']
        assert daemon.call('open')['link'].startswith(url + '/login#')
        token = daemon.call('open', token=True, role='viewer')['token']
        daemon.poll(lambda: daemon.get(url, '/api/v1/processes', token)[0] == 200)
        rows = daemon.get(url, '/api/v1/processes', token)[1]['result']
        assert [row['path'] for row in rows] == ['/', 'system', 'system/web', 'a']


def test_its_user_is_its_own_and_the_table_shows_it():
    with Served({'listen': LOOPBACK}) as daemon:
        row, = (row for row in daemon.call('services') if row['name'] == 'web')
        uid = SERVICE_UID if os.geteuid() == 0 else os.geteuid()
        assert (row['state'], row['path'], row['uid']) == ('running', 'system/web', uid), row
        with open(f'/proc/{row["pid"]}/environ', 'rb') as file:
            names = {entry.partition(b'=')[0] for entry in file.read().split(b'\0')}
        assert b'HOME' not in names and b'SUPTREE_SOCKET' in names, names


def test_a_link_leads_to_the_gateway_that_runs_now():
    with Served({'listen': LOOPBACK}) as daemon:
        daemon.call('services_stop', name='web')
        assert daemon.call('open')['link'].startswith('http://127.0.0.1:4780/login#')
        daemon.call('services_start', name='web')
        assert daemon.call('open')['link'].startswith(daemon.url() + '/login#')
        assert daemon.call('open', url='http://other')['link'].startswith('http://other/login#')


def test_an_address_that_is_not_of_this_machine_is_no_beginning_of_a_link():
    liar = ('import os, signal, socket; s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); '
            "s.sendto(b'READY=1\\nSTATUS=http://evil.example:80', os.environ['NOTIFY_SOCKET']); "
            'signal.pause()')
    spec = {'id': 'web', 'service': 'web', 'ready': 'notify',
            'start': ['/usr/bin/python3', '-c', liar]}
    if not os.path.exists('/usr/bin/python3'):
        raise ktap.Skip('needs /usr/bin/python3, which every user can reach')
    with Served({'listen': LOOPBACK}) as daemon:
        daemon.call('terminate_child', path='system/web', system=True)
        daemon.call('delete_child', path='system/web', system=True)
        daemon.call('start_child', path='system', spec=spec, system=True)
        assert daemon.url() == 'http://evil.example:80'
        assert daemon.call('open')['link'].startswith('http://127.0.0.1:4780/login#')


def faults(web):
    with tempfile.TemporaryDirectory() as folder:
        config = pathlib.Path(folder, 'suptree.yaml')
        config.write_text(json.dumps({'services': {'web': web}, 'children': []}))
        done = subprocess.run([BIN + '/suptree', 'check', config], capture_output=True, text=True,
                              check=False)
        return done.returncode, done.stdout + done.stderr


def test_addresses_that_others_can_reach_are_faults():
    for listen in ('0.0.0.0:80', '192.0.2.1:80', '[::]:80', '127.0.0.1', '127.0.0.1:', '[::1]',
                   '127.0.0.1:65536', '127.0.0.1:-1', '127.0.0.1:80x', '127.0.0.1:000080',
                   'localhost:80', '', 80, ['127.0.0.1:80'], {}):
        status, said = faults({'listen': listen})
        assert status and 'listen' in said and '127.0.0.1:PORT' in said, (listen, status, said)
    for writes in (0, 10001, 'many', -1):
        status, said = faults({'writes': writes})
        assert status and 'writes' in said, (writes, status, said)
    for web in (None, {}, {'listen': '127.0.0.1:65535'}, {'listen': '[::1]:0', 'writes': 10000}):
        status, said = faults(web)
        assert (status, 'mistake' in said) == (0, False), (web, status, said)


ktap.run(globals())
