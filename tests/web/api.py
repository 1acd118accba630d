#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The REST interface: its routes, its answers, its problems."""

import os
import re
import subprocess
import sys
import time
from urllib.parse import quote

sys.path[:0] = [os.environ['ST_TEST_TOP'] + '/tests/lib', os.environ['ST_TEST_DIR'] + '/lib']
import ktap  # noqa: E402
import shapes  # noqa: E402
from gateway import API, COMMAND, Gateway  # noqa: E402

CONFIG = '''\
intensity: 1000
children:
  - {id: a, start: [sleep, infinity]}
  - id: demo
    supervisor:
      intensity: 1000
      children:
        - {id: b, start: [sleep, infinity]}
        - {id: c, start: [sleep, infinity], restart: temporary}
'''
SPEC = {'id': 'new', 'start': ['sleep', 'infinity']}
# an operation that a test of its own asks for, or for which a service or a child is missing
ELSEWHERE = {'subscribe', 'stop', 'kill', 'load', 'unload', 'invoke', 'delete_child',
             'terminate_child', 'restart_child', 'stop_supervisor', 'change', 'reload'}
VALUES = {'path': 'demo', 'operation': 'x.a.b', 'group': 'g', 'id': '1', 'until': 'a=running',
          'spec': SPEC, 'specs': [SPEC], 'name': 'nobody',
          'steps': ['kill demo/b']}


def operations(web):
    return [row for row in web.get(API + '/arsenal/operations').result if 'rest' in row]


def target_of(row, **values):
    """Path and body with which an operation is asked for its purpose."""
    values = {**VALUES, **values}
    path = re.sub(r'\{(\w+)\}', lambda found: quote(values.get(found[1], 'x'), safe=''),
                  row['rest']['path'])
    needed = {param['name']: values.get(param['name'], 'x') for param in row['params']
              if param['in'] != 'path' and
              (param['required'] or (param.get('one_of') and param['name'] == 'spec'))}
    if row['rest']['method'] in ('GET', 'DELETE'):
        query = '&'.join(f'{name}={quote(str(value))}' for name, value in needed.items())
        return API + path + ('?' + query if query else ''), None
    return API + path, needed


def test_every_route_of_the_table_answers_as_its_row_says():
    with Gateway(CONFIG) as web:
        rows = operations(web)
        assert len(rows) > 30
        for row in rows:
            if row['name'] in ELSEWHERE:
                continue
            path, body = target_of(row)
            answer = web.ask(row['rest']['method'], path, body)
            if answer.status == row['rest']['status']:
                shapes.check_answer(row['name'], {'id': 1, 'result': answer.result})
                continue
            problem = answer.json
            assert row['rest']['errors'].get(problem['kind'], 422) == answer.status, (row, problem)


def test_the_tree_and_the_list_are_those_of_the_daemon():
    def without_time(value):
        if isinstance(value, dict):
            return {key: without_time(item) for key, item in value.items()
                    if key not in ('uptime_ms', 'seq', 'seq_end')}
        return [without_time(item) for item in value] if isinstance(value, list) else value

    with Gateway(CONFIG) as web:
        for params in ({}, {'path': 'demo'}, {'state': 'running'}, {'depth': 1}, {'depth': 0},
                       {'limit': 2}, {'limit': 1, 'after': 'demo/b'}, {'fields': 'id,pid'},
                       {'fields': 'strategy,restart'}, {'path': 'demo', 'fields': 'state'}):
            query = '?' + '&'.join(f'{key}={quote(str(value), safe="")}'
                                   for key, value in params.items())
            for name, path in (('ps', '/processes'), ('tree', '/supervision-trees')):
                expected = without_time(web.call(name, **params))
                found = without_time(web.get(API + path + query).result)
                assert found == expected, (name, params, found, expected)


def test_what_a_write_did_is_seen_by_the_next_read():
    with Gateway(CONFIG) as web:
        connection = web.connect_http()

        def ask(method, path, **more):
            return web.ask(method, API + path, connection=connection, **more)

        for _ in range(25):
            for verb, state in (('terminate', 'stopped'), ('restart', 'running')):
                tag = ask('GET', '/processes?path=demo%2Fb').headers['ETag']
                assert ask('POST', f'/processes/demo%2Fb/{verb}', body={}).status == 200
                answer = ask('GET', '/processes?path=demo%2Fb', headers={'If-None-Match': tag})
                assert answer.headers['ETag'] != tag, verb
                assert answer.result[0]['state'] == state, answer.result


def test_pages_follow_each_other_until_all_rows_came():
    with Gateway(CONFIG) as web:
        path, found = API + '/processes?limit=2', []
        while path:
            answer = web.get(path)
            found += [row['path'] for row in answer.result]
            link = answer.headers['Link']
            path = re.fullmatch(r'<(.*)>; rel="next"', link)[1] if link else None
        assert found == ['/', 'a', 'demo', 'demo/b', 'demo/c', 'web'], found
        web.get(API + '/processes?after=gone').problem(404, 'not_found')


def test_rows_are_filtered_and_sorted():
    with Gateway(CONFIG) as web:
        def paths(query):
            return [row['path'] for row in web.get(API + '/processes?' + query).result]
        assert paths('filter=type:supervisor') == ['/', 'demo']
        assert paths('filter=path~demo/,type:worker') == ['demo/b', 'demo/c']
        assert paths('filter=restart:temporary') == ['demo/c']
        assert paths('sort=-id') == ['web', 'demo', 'demo/c', 'demo/b', 'a', '/']
        assert paths('sort=pid')[-2:] == ['/', 'demo']  # those without a pid
        assert paths('sort=-id&limit=2&after=web') == ['demo', 'demo/c']
        assert [row['path'] for row in web.get(API + '/supervisors').result] == ['/', 'demo']
        assert web.get(API + '/supervisors/demo').result['root']['path'] == 'demo'
        for query in ('filter=nothing:1', 'filter=id', 'sort=nothing', 'sort=', 'filter=:'):
            name = query.partition('=')[0]
            problem = web.get(API + '/processes?' + query).problem(422, 'invalid_params')
            assert problem['pointer'] == '/query/' + name, problem


def test_a_version_is_that_of_the_newest_event_below():
    with Gateway(CONFIG) as web:
        def tag(path):
            return web.get(f'{API}/processes?path={quote(path, safe="")}').headers['ETag']
        before = {path: tag(path) for path in ('/', 'a', 'demo', 'demo/c')}
        target = API + '/processes?path=demo'
        assert web.get(target, headers={'If-None-Match': before['demo']}).status == 304
        web.ask('DELETE', API + '/processes/demo%2Fb', headers={'If-Match': tag('demo/b')}).result
        web.until('demo/b=running')
        newest = f'"{web.call("status")["incarnation"]}-{web.call("status")["seq"]}"'
        web.poll(lambda: tag('/') == newest)
        assert tag('a') == before['a'] and tag('demo/c') == before['demo/c']
        assert tag('demo') != before['demo'] and tag('/') != before['/']
        assert web.get(target, headers={'If-None-Match': before['demo']}).status == 200
        pid = web.pid('demo/b')
        web.ask('DELETE', API + '/processes/demo%2Fb',
                headers={'If-Match': f'"{1}-{1}"'}).problem(412, 'conflict')
        assert web.pid('demo/b') == pid
        seq, incarnation = web.call('status')['seq'], web.call('status')['incarnation']
        assert tag('/') == f'"{incarnation}-{seq}"'


def test_a_child_can_be_meant_by_its_pid():
    with Gateway(CONFIG) as web:
        pid = web.pid('demo/b')
        assert web.get(f'{API}/processes/{pid}/info').result['path'] == 'demo/b'
        web.ask('DELETE', f'{API}/processes/{pid}?signal=TERM').result
        web.get(API + '/processes/4194304/info').problem(404, 'not_found')


def test_what_was_made_has_an_address():
    with Gateway(CONFIG) as web:
        answer = web.ask('POST', API + '/supervisors/demo/children', {'spec': SPEC})
        assert answer.status == 201 and answer.result['started']['pid'] == web.pid('demo/new')
        assert answer.headers['Location'] == API + '/processes/demo%2Fnew/info'
        assert web.get(answer.headers['Location']).result['path'] == 'demo/new'
        answer = web.ask('POST', API + '/supervisors/%2F/children',
                         {'spec': '{id: text, start: [sleep, infinity]}'})
        assert web.get(answer.headers['Location']).result[0]['id'] == 'text'
        web.ask('POST', API + '/supervisors/demo/children',
                {'spec': SPEC}).problem(409, 'already_started')


def test_a_problem_points_at_what_is_wrong():
    with Gateway(CONFIG) as web:
        def pointer(answer, status=422, kind='invalid_params'):
            return answer.problem(status, kind).get('pointer')
        strategy = API + '/supervisors/demo/strategy'
        assert pointer(web.get(API + '/processes?limit=x')) == '/query/limit'
        assert pointer(web.get(API + '/processes?limit=0')) == '/query/limit'
        assert pointer(web.get(API + '/processes?unknown=1')) == '/query/unknown'
        assert pointer(web.ask('PUT', strategy, {'strategy': 'one'})) == '/body/strategy'
        assert pointer(web.ask('PUT', strategy, {'intensity': '1'})) == '/body/intensity'
        assert pointer(web.ask('PUT', strategy, {'a/b~c': 1})) == '/body/a~1b~0c'
        assert pointer(web.get(API + '/traces/x/summary')) == '/path/id'
        assert pointer(web.ask('POST', API + '/supervisors/demo/children', {'spec': 5}),
                       ) == '/body/spec'
        assert pointer(web.ask('POST', API + '/supervisors/demo/children', {'spec': {}}),
                       kind='invalid_spec') in (None, '/body/spec')
        web.ask('PUT', strategy, b'{').problem(400, 'parse_error')
        web.ask('PUT', strategy, b'[]').problem(400, 'invalid_request')
        web.ask('PUT', strategy, b'{"period":1,"period":2}').problem(400, 'parse_error')
        assert web.ask('PUT', strategy, {'strategy': 'rest_for_one'}).result['period'] == 5


def test_paths_and_methods_that_do_not_exist_are_refused():
    with Gateway(CONFIG) as web:
        for path in (API, API + '/nothing', '/nothing', API + '/processes/a/b/c', '/api/v2/ping'):
            web.get(path).problem(404, 'method_not_found')
        web.get(API + '/processes/nobody/info').problem(404, 'not_found')
        answer = web.ask('PUT', API + '/processes', {})
        answer.problem(405, 'invalid_request')
        assert answer.headers['Allow'] == 'GET, HEAD'
        answer = web.ask('POST', API + '/processes/a')
        assert (answer.status, answer.headers['Allow']) == (405, 'DELETE')
        assert web.ask('HEAD', API + '/ping').body == b''
        web.ask('POST', API + '/processes/a/restart').problem(409, 'running')


def test_bodies_must_be_json_and_not_too_large():
    with Gateway(CONFIG) as web:
        path = API + '/supervisors/demo/strategy'
        web.ask('PUT', path, '{}', headers={'Content-Type': 'text/plain'}).problem(
            415, 'invalid_request')
        web.ask('PUT', path, 'a=b', headers={
            'Content-Type': 'application/x-www-form-urlencoded'}).problem(415, 'invalid_request')
        web.ask('PUT', path, b' ' * 65537).problem(413, 'invalid_request')
        assert web.ask('PUT', path, b'{' + b' ' * 65534 + b'}').status == 200


def test_a_login_may_not_write_as_often_as_it_likes():
    with Gateway(CONFIG, ['--writes', '1']) as web:
        connection, begin, written = web.connect_http(), time.monotonic(), -1
        answer = None
        while not answer or answer.status == 200:
            answer = web.ask('POST', API + '/childspecs/check', {'specs': []},
                             connection=connection)
            written += 1
            # one more for each second, however long the others took
            assert written <= 100 + time.monotonic() - begin + 1, written
        assert written >= 100 - 1, written
        answer.problem(429, 'limit')
        assert int(answer.headers['Retry-After']) >= 1
        assert web.get(API + '/ping').status == 200


def test_the_daemon_enforces_the_role_of_the_login():
    with Gateway(CONFIG) as web:
        viewer, operator = web.token('viewer'), web.token('operator')
        pid = web.pid('a')
        assert web.get(API + '/processes', token=viewer).status == 200
        problem = web.ask('DELETE', API + '/processes/a', token=viewer).problem(403, 'refused')
        assert 'the role operator is needed' in problem['detail']
        assert web.pid('a') == pid
        web.ask('DELETE', API + '/processes/a', token=operator).result
        web.ask('POST', API + '/system/stop', token=operator).problem(403, 'refused')
        web.ask('POST', API + '/supervisors/demo/children', {'spec': SPEC},
                token=operator).problem(403, 'refused')


def test_a_request_without_a_valid_login_gets_nothing():
    with Gateway(CONFIG) as web:
        for row in operations(web):
            path, body = target_of(row)
            answer = web.ask(row['rest']['method'], path, body, token=None)
            answer.problem(401, 'refused')
            assert answer.headers['WWW-Authenticate'] == 'Bearer'
        for token in ('0' * 64, 'x', 'A' * 64, '0' * 65):
            web.get(API + '/ping', token=token).problem(401, 'refused')
            web.get(API + '/processes', token=token).problem(401, 'refused')
        for path in ('/metrics', API + '/openapi.json', API + '/session'):
            web.get(path, token=None).problem(401, 'refused')


def test_a_token_that_was_ended_is_not_valid_any_more():
    with Gateway(CONFIG) as web:
        token = web.token('viewer')
        assert web.get(API + '/ping', token=token).status == 200
        web.call('logout', secret=token)
        web.get(API + '/ping', token=token).problem(401, 'refused')


def test_the_document_is_that_of_the_command():
    with Gateway(CONFIG) as web:
        printed = subprocess.run([os.environ['ST_TEST_BIN'] + '/suptree', '--socket', web.socket,
                                  'operations', '--openapi'], check=True, capture_output=True)
        for path in ('/openapi.json', '/arsenal/docs'):
            assert web.get(API + path).body.strip() == printed.stdout.strip()


def test_health_and_metrics_follow_their_sources():
    with Gateway(CONFIG) as web:
        assert web.get('/healthz', token=None).body == b'ok\n'
        assert web.get('/readyz', token=None).body == b'ok\n'
        def metrics():
            text = web.get('/metrics').body.decode()
            assert text.endswith('# EOF\n')
            return dict(line.rsplit(' ', 1) for line in text.splitlines() if line[0] != '#')
        before = metrics()
        assert before['suptree_up'] == '1'
        assert before['suptree_children{type="worker",state="running"}'] == '4'
        web.call('kill', path='a')
        web.until('a=running')
        restarts = int(before['suptree_restarts']) + 1
        web.poll(lambda: int(metrics()['suptree_restarts']) == restarts)
        seq = web.call('status')['seq']
        web.poll(lambda: int(metrics()['suptree_events_total']) == seq)


def test_without_a_daemon_it_is_alive_but_not_ready():
    user = ['--user', 'nobody'] if os.geteuid() == 0 else []
    with Gateway(CONFIG) as web:
        lonely = subprocess.Popen([*COMMAND, '--socket', '/nowhere', *user],
                                  stderr=subprocess.PIPE, text=True)
        web.port = int(re.search(r':(\d+)$', lonely.stderr.readline())[1])
        assert web.get('/healthz').status == 200
        answer = web.get('/readyz')
        assert (answer.status, answer.headers['Retry-After']) == (503, '1')
        for path in ('/ping', '/processes', '/events'):
            web.get(API + path).problem(503, 'shutting_down')
        lonely.terminate()
        assert lonely.wait() == 0
        lonely.stderr.close()


def test_stopping_the_daemon_answers_or_ends_the_connection():
    web = Gateway(CONFIG)
    with web:
        connection = web.connect_http()
        try:
            answer = web.ask('POST', API + '/system/stop', connection=connection)
            assert answer.status in (200, 503), answer.body
        except OSError:
            pass  # the gateway is one of those that were stopped
        assert web.process.wait() == 0


ktap.run(globals())
