#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What each role sees of a trace: viewers counts, operators who, when and how large, and
admins what messages contain; and operators that too where a tree says so."""

import json
import os
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/tracer/lib')
from tracing import TRACER, ktap, needs_bpf  # noqa: E402
from roles import RoleDaemon  # noqa: E402
from suptreed import Refused  # noqa: E402

SECRET = b'the secret word'
SPEAKER = {'start': ['python3', '-c', '''
import signal, socket
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
here, there = socket.socketpair()
print("ready", flush=True)
while signal.sigwait([signal.SIGUSR1]):
    here.send(b"the secret word")
    there.recv(100)
''']}
CONFIG = json.dumps({'children': [
    {'id': 'tracer', 'ready': 'notify', 'start': [TRACER, '--service']},
    {'id': 'closed', 'supervisor': {'children': [{'id': 'a', **SPEAKER}]}},
    {'id': 'open', 'supervisor': {'trace': {'payload': 'operator'},
                                  'children': [{'id': 'a', **SPEAKER}]}}]})
MAX_LOOKS = 20000  # each is a call; the tracer reads its ring whenever it is asked


def trace(daemon, path):
    """The number of a trace with payload that has seen a message."""
    admin = daemon.connect_as('admin')
    daemon.poll(lambda: daemon.call('logs', path=path + '/a')['lines'])
    number = admin.call('trace_start', path=path, kinds='unix', payload=64)['id']
    daemon.call('kill', path=path + '/a', signal='USR1')
    for _ in range(MAX_LOOKS):
        if SECRET in payloads(admin, number):
            return number
    raise AssertionError('the message was not seen')


def payloads(client, number):
    return [bytes.fromhex(record['payload']) for record in client.call(
        'trace_history', id=number) if 'payload' in record]


def test_operators_see_who_and_how_large_and_admins_what():
    needs_bpf()
    with RoleDaemon(CONFIG) as daemon:
        number = trace(daemon, 'closed')
        records = daemon.connect_as('operator').call('trace_history', id=number)
        assert any(record['size'] == len(SECRET) and record['from_path'] == 'closed/a'
                   for record in records), records
        assert all(record['payload'] == '' for record in records), records
        assert SECRET.hex() not in json.dumps(records)


def test_a_tree_may_let_operators_see_what_messages_contain():
    needs_bpf()
    with RoleDaemon(CONFIG) as daemon:
        number = trace(daemon, 'open')
        assert SECRET in payloads(daemon.connect_as('operator'), number)
        daemon.call('kill', path='tracer', signal='KILL')
        daemon.until('tracer=running')
        operator = daemon.connect_as('operator')
        daemon.call('kill', path='open/a', signal='USR1')
        for _ in range(MAX_LOOKS):
            if SECRET in payloads(operator, number):
                return
        raise AssertionError('the next tracer has forgotten it')


def test_viewers_see_counts_only():
    needs_bpf()
    with RoleDaemon(CONFIG) as daemon:
        number = trace(daemon, 'closed')
        viewer, operator = daemon.connect_as('viewer'), daemon.connect_as('operator')
        full = operator.call('trace_summary', id=number)
        seen = viewer.call('trace_summary', id=number)
        assert full['pairs'] is not None and full['kinds'][0]['bytes'] >= len(SECRET), full
        assert set(full) - set(seen) == {'pairs', 'pairs_left_out', 'records_of_other_pairs'}
        assert set(seen['kinds'][0]) == {'kind', 'records', 'dropped', 'limited'}, seen
        assert seen['kinds'][0]['records'] == full['kinds'][0]['records'] > 0
        assert viewer.call('trace_list')[0]['records'] == seen['records']
        for method in ('trace_history', 'trace_analyze', 'trace_stop'):
            try:
                viewer.call(method, id=number)
                raise AssertionError(method)
            except Refused as error:
                assert error.kind == 'refused', error


def test_the_file_of_traces_is_in_a_private_folder_and_goes_with_the_daemon():
    needs_bpf()
    with RoleDaemon(CONFIG) as daemon:
        trace(daemon, 'closed')
        folder = daemon.socket + '.tracer'
        assert os.stat(folder).st_mode & 0o777 == 0o700
        assert os.stat(folder + '/traces').st_mode & 0o777 == 0o600
    # the end of the block sees that nothing named control* is left


ktap.run(globals())
