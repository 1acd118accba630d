#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Attacks on the gateway: by pages of other sites, by other programs, by children."""

import contextlib
import os
import re
import socket
import subprocess
import sys

sys.path[:0] = [os.environ['ST_TEST_TOP'] + '/tests/lib', os.environ['ST_TEST_DIR'] + '/lib']
import ktap  # noqa: E402
from gateway import API, BIN, Gateway  # noqa: E402
from suptreed import PATIENCE_S  # noqa: E402

CONFIG = 'intensity: 1000\nchildren: [{id: a, start: [sleep, infinity]}]\n'
KILL = API + '/processes/a'
MAX_CONNECTIONS = 256  # ST_WEB_MAX_CONNECTIONS
SECRETS = {'HttpOnly', 'SameSite=Strict', 'Path=/'}


def log_in(web, **params):
    """(cookie, csrf) of a new session."""
    answer = web.ask('POST', API + '/session', {'ticket': web.ticket(**params)}, token=None)
    assert answer.status == 201, answer.body
    cookie, *attributes = answer.headers['Set-Cookie'].split('; ')
    assert SECRETS <= set(attributes), attributes
    return cookie, answer.result['csrf']


def refused(web, status, kind, method='GET', path=API + '/processes', body=None, **headers):
    pid = web.pid('a')
    token = headers.pop('token', '')
    web.ask(method, path, body, token=token, headers={
        name.replace('_', '-'): value for name, value in headers.items()}).problem(status, kind)
    assert web.pid('a') == pid


def test_another_name_of_the_server_is_refused():
    with Gateway(CONFIG) as web:
        for host in ('evil.example', f'evil.example:{web.port}', f'127.0.0.1.evil:{web.port}',
                     '127.0.0.1', f'127.0.0.1:{web.port + 1}', f'0.0.0.0:{web.port}',
                     f'127.0.0.1:{web.port}.', f'user@127.0.0.1:{web.port}', ''):
            for path in (API + '/processes', '/', '/login', '/healthz', '/metrics'):
                answer = web.get(path, headers={'Host': host})
                assert answer.status in (400, 403), (host, path, answer.status)
        assert web.get('/', headers={'Host': f'localhost:{web.port}'}).status == 200
        host = web.host.encode()
        assert web.status_of(b'GET / HTTP/1.0\r\n\r\n') == 400
        assert web.status_of(b'GET / HTTP/1.1\r\nConnection: close\r\n\r\n') == 400
        assert web.status_of(b'GET / HTTP/1.1\r\nHost: ' + host + b'\r\nHost: ' + host +
                             b'\r\nConnection: close\r\n\r\n') == 400


def test_pages_of_other_sites_are_refused():
    with Gateway(CONFIG) as web:
        for origin in ('http://evil.example', 'null', f'https://{web.host}', f'http://{web.host}.',
                       f'http://127.0.0.1:{web.port + 1}', 'http://localhost',
                       f'http://{web.host}/', f'http://{web.host}@evil.example'):
            refused(web, 403, 'refused', Origin=origin)
            refused(web, 403, 'refused', 'DELETE', KILL, Origin=origin)
        for site in ('cross-site', 'same-site', 'other'):
            refused(web, 403, 'refused', Sec_Fetch_Site=site)
            refused(web, 403, 'refused', 'DELETE', KILL, Sec_Fetch_Site=site)
        # a page whose name leads here by now: the browser sends its name in both
        refused(web, 403, 'refused', 'DELETE', KILL, Host=f'evil.example:{web.port}',
                Origin=f'http://evil.example:{web.port}')
        answer = web.get(API + '/ping', headers={'Origin': f'http://{web.host}',
                                                 'Sec-Fetch-Site': 'same-origin'})
        assert answer.status == 200
        assert 'Access-Control-Allow-Origin' not in answer.headers
        assert web.ask('OPTIONS', KILL).status == 405


def test_a_ticket_is_good_once():
    with Gateway(CONFIG) as web:
        ticket = web.ticket()
        body = {'ticket': ticket}
        assert web.ask('POST', API + '/session', body, token=None).status == 201
        web.ask('POST', API + '/session', body, token=None).problem(401, 'refused')
        web.ask('POST', API + '/session', {'ticket': '0' * 64}, token=None).problem(401, 'refused')
        for wrong in ({}, {'ticket': 5}, {'ticket': 'x'}, [], {'ticket': ticket, 'more': 1}):
            web.ask('POST', API + '/session', wrong, token=None).problem(422, 'invalid_params')
        assert ticket not in '\n'.join(web.lines())


def test_a_cookie_alone_writes_nothing():
    with Gateway(CONFIG) as web:
        cookie, csrf = log_in(web)
        other = log_in(web)[1]
        assert web.get(API + '/processes', token=None, headers={'Cookie': cookie}).status == 200
        for wrong in ({}, {'X_Suptree_CSRF': ''}, {'X_Suptree_CSRF': csrf[:-1]},
                      {'X_Suptree_CSRF': other}, {'X_Suptree_CSRF': cookie.partition('=')[2]}):
            refused(web, 403, 'refused', 'DELETE', KILL, token=None, Cookie=cookie, **wrong)
        headers = {'Cookie': cookie, 'X-Suptree-CSRF': csrf}
        shown = web.get(API + '/session', token=None, headers={'Cookie': cookie}).result
        assert shown == {'role': 'admin', 'csrf': csrf}
        assert web.ask('DELETE', KILL, token=None, headers=headers).status == 200
        assert web.ask('DELETE', API + '/session', token=None, headers=headers).status == 200
        web.get(API + '/ping', token=None, headers={'Cookie': cookie}).problem(401, 'refused')


def test_a_link_of_a_viewer_makes_no_operator():
    with Gateway(CONFIG) as web:
        cookie, csrf = log_in(web, role='viewer')
        refused(web, 403, 'refused', 'DELETE', KILL, token=None, Cookie=cookie,
                X_Suptree_CSRF=csrf)


def test_a_cookie_that_is_there_twice_is_none():
    with Gateway(CONFIG) as web:
        cookie, _ = log_in(web)
        for wrong in (f'{cookie}; suptree=x', f'x{cookie}', f'{cookie}0', 'suptree=' + '0' * 5000):
            web.get(API + '/ping', token=None, headers={'Cookie': wrong}).problem(401, 'refused')
        assert web.get(API + '/ping', token=None,
                       headers={'Cookie': f'a=b; {cookie}; c=d'}).status == 200


def test_no_path_leads_to_a_file():
    with Gateway(CONFIG) as web:
        for path in ('/../../etc/passwd', '/..%2f..%2fetc/passwd', '/%2e%2e/%2e%2e/etc/passwd',
                     '/api/v1/../../etc/passwd', '//etc/passwd', '/api/v1/processes/%00/info',
                     '/%0d%0aSet-Cookie:%20a=b', '/api/v1/processes?path=%0a', '/%', '/%zz',
                     '/%ff', '/login.js/../login', 'http://evil.example/', '*', '/' + 'a/' * 50):
            data = (f'GET {path} HTTP/1.1\r\nHost: {web.host}\r\nConnection: close\r\n'
                    f'Authorization: Bearer {web.admin}\r\n\r\n').encode()
            answer = web.raw(data)
            status = int(re.match(rb'HTTP/1\.1 (\d+) ', answer)[1])
            assert status in (400, 404), (path, answer)
            assert b'root:' not in answer and b'\nSet-Cookie' not in answer, answer


def test_headers_that_are_too_large_end_the_connection():
    with Gateway(CONFIG) as web:
        head = f'GET / HTTP/1.1\r\nHost: {web.host}\r\nConnection: close\r\n'.encode()
        assert web.status_of(head + b'\r\n') == 200
        for more in (b'X: ' + b'a' * 20000, b'\r\n'.join(b'X%d: y' % i for i in range(3000))):
            assert web.status_of(head + more + b'\r\n\r\n') in (None, 400, 413, 431)
        assert web.status_of(b'GET /' + b'a' * 20000 + b' HTTP/1.1\r\n\r\n') in (
            None, 400, 414, 431)
        assert web.get(API + '/ping').status == 200


def test_a_body_without_a_length_is_limited_too():
    with Gateway(CONFIG) as web:
        head = (f'PUT {API}/supervisors/%2F/strategy HTTP/1.1\r\nHost: {web.host}\r\n'
                f'Authorization: Bearer {web.admin}\r\nContent-Type: application/json\r\n'
                f'Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n').encode()
        chunk = b'1000\r\n' + b' ' * 4096 + b'\r\n'
        assert web.status_of(head + 17 * chunk + b'0\r\n\r\n') == 413
        assert web.status_of(head + b'2\r\n{}\r\n0\r\n\r\n') == 200
        assert web.status_of(head.replace(b'chunked', b'chunked\r\nContent-Length: 2') +
                             b'2\r\n{}\r\n0\r\n\r\n') in (None, 400, 200)


def test_a_request_that_is_never_finished_is_ended():
    with Gateway(CONFIG) as web:
        host = web.host.encode()
        clients = [socket.create_connection(('127.0.0.1', web.port), PATIENCE_S)
                   for _ in range(20)]
        for i, client in enumerate(clients):
            client.sendall((b'', b'GET / HTTP/1.1\r\n', b'GET / HTTP/1.1\r\nHost: ' + host)[i % 3])
        for client in clients:
            with contextlib.suppress(ConnectionResetError):
                while client.recv(4096):
                    pass
            client.close()
        assert web.get(API + '/ping').status == 200


def nr_sockets(pid):
    nr = 0
    for fd in os.listdir(f'/proc/{pid}/fd'):
        with contextlib.suppress(FileNotFoundError):  # it may be closed meanwhile
            nr += os.readlink(f'/proc/{pid}/fd/{fd}').startswith('socket:')
    return nr


def test_connections_beyond_the_limit_wait_and_do_no_other_harm():
    with Gateway(CONFIG) as web:
        pid = web.pid('web')
        clients = [socket.socket() for _ in range(400)]
        for client in clients:
            client.setblocking(False)  # those that the kernel does not take yet are tried again
            client.connect_ex(('127.0.0.1', web.port))
        web.poll(lambda: nr_sockets(pid) >= MAX_CONNECTIONS // 2)  # of each address
        assert nr_sockets(pid) < MAX_CONNECTIONS + 10, nr_sockets(pid)
        assert web.call('status')['counts']['clients'] < 10
        for client in clients:
            client.close()
        assert web.get('/healthz', token=None).status == 200


def test_guessing_secrets_is_slowed_down():
    with Gateway(CONFIG) as web:
        connection = web.connect_http()
        statuses = []
        while 429 not in statuses:  # how many it takes depends on how fast they are answered
            answer = web.get(API + '/ping', token=f'{len(statuses):064x}', connection=connection)
            statuses.append(answer.status)
        assert set(statuses) == {401, 429} and len(statuses) >= 100 - 1, statuses
        assert int(answer.headers['Retry-After']) >= 1


def test_what_a_child_says_is_no_script():
    script = '<img src=x onerror=alert(1)>'
    with Gateway(CONFIG) as web:
        spec = {'id': script, 'start': ['sh', '-c', 'echo "$0"; exec sleep infinity', script]}
        answer = web.ask('POST', API + '/supervisors/%2F/children', {'spec': spec})
        assert script not in answer.headers['Location']
        path = answer.headers['Location'].removesuffix('/info')
        for shown in (API + '/processes', path + '/info', path + '/logs', API + '/events?since=0',
                      API + '/processes/%3Cscript%3E/info'):
            answer = web.send('GET', shown)
            assert answer.headers['Content-Type'] in (
                'application/json', 'text/event-stream', 'application/problem+json')
            assert answer.headers['X-Content-Type-Options'] == 'nosniff'
            assert answer.headers['Content-Security-Policy'].startswith("default-src 'none'")
            assert answer.headers['X-Frame-Options'] == 'DENY'
        for page in ('/', '/login'):
            answer = web.get(page, token=None)
            policy = answer.headers['Content-Security-Policy']
            assert "script-src 'self'" in policy and 'unsafe' not in policy and '*' not in policy
            assert b'<script>' not in answer.body and b' onclick' not in answer.body


def test_each_write_has_its_line_with_the_peer_and_no_secret():
    with Gateway(CONFIG) as web:
        token = web.token('operator')
        web.ask('DELETE', KILL, token=token)
        web.ask('DELETE', API + '/processes/a?signal=%0afaked', token=token)
        web.raw(f'DELETE /\x1b[2J{KILL} HTTP/1.1\r\nHost: {web.host}\r\nConnection: close\r\n\r\n'
                .encode())
        web.poll(lambda: sum('audit' in line for line in web.lines()) == 3)
        lines = [line for line in web.lines() if 'audit' in line]
        assert re.fullmatch(r'suptree-web: audit 127\.0\.0\.1:\d+ role=operator login=[0-9a-f]{8} '
                            rf'DELETE {KILL} status=200 us=\d+', lines[0]), lines
        assert all(token not in line and '\x1b' not in line for line in web.lines())


def test_the_process_has_no_rights():
    with Gateway(CONFIG) as web:
        pid = web.pid('web')
        with open(f'/proc/{pid}/status', encoding='utf-8') as file:
            status = dict(line.rstrip('\n').split(':\t', 1) for line in file)
        assert status['CapEff'] == status['CapPrm'] == status['CapAmb'] == '0' * 16, status
        assert (status['NoNewPrivs'], status['Seccomp']) == ('1', '2'), status
        assert '0' not in status['Uid'].split(), status


def test_it_listens_at_loopback_only_and_never_as_root():
    for address in ('0.0.0.0:0', '[::]:0', '192.0.2.1:80', '127.0.0.2:0', 'localhost:80', '80',
                    '127.0.0.1', '127.0.0.1:65536', '127.0.0.1:-1', '[::1', '::1:80'):
        done = subprocess.run([BIN + '/suptree-web', '--listen', address], check=False, text=True,
                              capture_output=True, timeout=PATIENCE_S)
        assert done.returncode == 2 and address in done.stderr, done
    if os.geteuid() == 0:
        for more in ([], ['--user', 'root']):
            done = subprocess.run([BIN + '/suptree-web', '-l', '127.0.0.1:0', *more], check=False,
                                  text=True, capture_output=True, timeout=PATIENCE_S)
            assert done.returncode == 1 and 'refused' in done.stderr, done


ktap.run(globals())
