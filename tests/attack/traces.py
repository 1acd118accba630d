#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Attacks by the tracer: who may trace which process, and see what messages contain.

The tracer is a child that repeats what it is asked for. So these tests see what the
daemon lets through; tests/tracer/roles.py has a true tracer.
"""

import json
import os
import sys

TOP = os.environ['ST_TEST_TOP']
sys.path.insert(0, TOP + '/tests/lib')
import ktap  # noqa: E402
from roles import RoleDaemon, nobody  # noqa: E402
from suptreed import Refused  # noqa: E402

PYTHON = '/usr/bin/python3' if os.path.exists('/usr/bin/python3') else sys.executable
WORKER = {'id': 'a', 'start': ['sleep', 'infinity']}
CONFIG = json.dumps({'children': [
    {'id': 'tracer', 'ready': 'notify', 'start': [
        PYTHON, TOP + '/tests/lib/impostor.py', 'tracer', 'echo']},
    {'id': 'closed', 'supervisor': {'children': [WORKER]}},
    {'id': 'open', 'supervisor': {'trace': {'payload': 'operator'}, 'children': [
        WORKER, {'id': 'shut', 'supervisor': {'trace': {'payload': 'admin'},
                                              'children': [WORKER]}},
        {'id': 'deep', 'supervisor': {'children': [WORKER]}}]}}]})


def asked(connection, method, **params):
    """What the tracer was asked for; 'refused' if it was not."""
    try:
        connection.call(method, **params)
    except Refused as error:
        if error.kind == 'refused':
            return 'refused'
        assert error.kind == 'failed', (error.kind, str(error))
        name, _, rest = str(error).partition(': ')[2].partition(' ')
        assert name == method, str(error)
        return json.loads(rest)
    raise AssertionError('the impostor answers errors only')


def test_a_process_that_is_no_child_needs_an_admin():
    with RoleDaemon(CONFIG) as daemon:
        own = daemon.pid('closed/a')
        for role in ('viewer', 'operator', 'admin'):
            client = daemon.connect_as(role)
            for pid in (1, os.getpid(), daemon.process.pid):
                found = asked(client, 'trace_start', pid=pid)
                assert (found == 'refused') == (role != 'admin'), (role, pid, found)
            found = asked(client, 'trace_start', pid=own)
            assert (found == 'refused') == (role == 'viewer'), (role, found)


def test_payload_needs_an_admin_unless_the_tree_allows_it():
    with RoleDaemon(CONFIG) as daemon:
        operator, admin = daemon.connect_as('operator'), daemon.connect_as('admin')
        for path, is_open in (('closed', False), ('closed/a', False), ('open', True),
                              ('open/a', True), ('open/deep/a', True), ('open/shut', False),
                              ('open/shut/a', False), ('/', False), ('tracer', False)):
            for more in ({'payload': 16}, {'payload': 16, 'pattern': 'secret'}):
                found = asked(operator, 'trace_start', path=path, **more)
                assert (found != 'refused') == is_open, (path, found)
                found = asked(admin, 'trace_start', path=path, **more)
                assert found['payload_role'] == ('operator' if is_open else 'admin'), found
            found = asked(operator, 'trace_start', path=path)
            assert found['role'] == 'operator' and 'payload' not in found, found
        pid = daemon.pid('open/a')
        assert asked(operator, 'trace_start', pid=pid, payload=16)['payload_role'] == 'operator'
        pid = daemon.pid('open/shut/a')
        assert asked(operator, 'trace_start', pid=pid, payload=16) == 'refused'


def test_viewers_see_counts_and_no_messages():
    with RoleDaemon(CONFIG) as daemon:
        viewer = daemon.connect_as('viewer')
        for method, params in (('trace_start', {'path': 'open'}), ('trace_stop', {'id': 1}),
                               ('trace_history', {'id': 1}), ('trace_analyze', {'id': 1})):
            assert asked(viewer, method, **params) == 'refused', method
        assert asked(viewer, 'trace_list')['role'] == 'viewer'
        assert asked(viewer, 'trace_summary', id=1)['role'] == 'viewer'
        assert asked(daemon.connect_as('operator'), 'trace_history', id=1)['role'] == 'operator'


def test_nobody_but_an_admin_talks_to_the_tracer_past_the_daemon():
    with RoleDaemon(CONFIG) as daemon:
        for name in ('tracer', f'#{daemon.info("tracer")["generation"]}'):
            try:
                daemon.connect_as('operator').call('connect', path=name)
                raise AssertionError('it was connected')
            except Refused as error:
                assert error.kind == 'refused', error
            assert daemon.connect_as('admin').call('connect', path=name)['path'] == 'tracer'


def test_a_role_that_a_client_claims_is_not_passed_on():
    with RoleDaemon(CONFIG) as daemon:
        operator = daemon.connect_as('operator')
        for name in ('role', 'payload_role'):
            try:
                operator.call('trace_start', path='closed', **{name: 'admin'})
                raise AssertionError('it was accepted')
            except Refused as error:
                assert error.kind == 'invalid_params', error


def test_a_stranger_and_a_child_of_another_user_trace_nothing():
    with RoleDaemon(CONFIG) as daemon:
        daemon.call('start_child', path='/', spec={
            'id': 'attacker', 'user': str(nobody()), 'group': str(nobody()), 'start': [
                PYTHON, '-c', '''
import json, os, socket, sys, time
daemon = socket.socket(socket.AF_UNIX)
daemon.connect(os.environ["SUPTREE_SOCKET"])
lines = daemon.makefile("r")
for method, params in (("trace_list", {}), ("trace_start", {"path": "attacker"}),
                       ("trace_history", {"id": 1}), ("connect", {"path": "tracer"})):
    daemon.sendall(json.dumps({"jsonrpc": "2.0", "id": 1, "method": method,
                               "params": params}).encode() + b"\\n")
    print(json.loads(lines.readline())["error"]["data"]["kind"], flush=True)
print("done", flush=True)
sys.stdin.read()
os.execvp("sleep", ["sleep", "infinity"])
''']})
        daemon.poll(lambda: 'done' in [line['text'] for line in daemon.call(
            'logs', path='attacker')['lines']])
        said = [line['text'] for line in daemon.call('logs', path='attacker')['lines']]
        assert said == ['refused'] * 4 + ['done'], said


ktap.run(globals())
