#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What a trace of the service keeps of all that it sees, and how its sums are cut."""

import os
import signal
import subprocess
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/tracer/lib')
from tracing import PATIENCE_S, TRACER, ktap, needs_bpf  # noqa: E402
from suptreed import Daemon, Refused  # noqa: E402

BIN = os.environ['ST_TEST_BIN']
TREE = f'''
intensity: 100
children:
  - id: system
    supervisor:
      intensity: 100
      children:
        - {{id: tracer, ready: notify, start: [{TRACER}, --service]}}
  - id: demo
    supervisor:
      children:
        - {{id: counter_1, ready: notify, start: [{BIN}/counter, "0"]}}
'''
MAX_LOOKS = 20000  # each is a call; the tracer reads its ring whenever it is asked
HEADER = '?' * 16  # of a frame of userspace/lib/PROTOCOL.md


def refused(daemon, **params):
    """(kind, text) of trace_start's error, which it must be."""
    try:
        daemon.call('trace_start', **params)
    except Refused as error:
        return error.kind, str(error)
    raise AssertionError(params)


def ask_counter(daemon, *words):
    subprocess.run([f'{BIN}/suptree', 'call', 'counter_1', *words], check=True, timeout=PATIENCE_S,
                   env=os.environ | {'SUPTREE_SOCKET': daemon.socket}, capture_output=True)


def until(daemon, method, number, wanted):
    """What a trace says when that is what is wanted; asking reads the ring."""
    for _ in range(MAX_LOOKS):
        found = daemon.call(method, id=number)
        if wanted(found):
            return found
    raise AssertionError(found)


def kill_tracer(daemon):
    """Kill it, and wait for its next incarnation."""
    events = daemon.follow(path='system/tracer')
    os.kill(daemon.pid('system/tracer'), signal.SIGKILL)
    events.event('exited', 'system/tracer')
    daemon.call('settle')


def contents(daemon, number):
    """The payloads that are kept; their numbers have no gaps."""
    records = daemon.call('trace_history', id=number, limit=1000)
    assert [record['seq'] for record in records] == list(range(1, len(records) + 1)), records
    return [bytes.fromhex(record['payload']) for record in records]


def answered(daemon, number, calls):
    """The analysis when so many calls have been answered."""
    return until(daemon, 'trace_analyze', number,
                 lambda found: found['calls']['answered'] == calls)


def test_with_a_pattern_only_messages_with_it_are_kept_and_all_are_counted():
    needs_bpf()
    with Daemon(TREE) as daemon:
        number = daemon.call('trace_start', name='demo', pattern='add 5', payload=64)['id']
        for words in (('add', '5'), ('add', '2'), ('get_value',)):
            ask_counter(daemon, *words)
        found = answered(daemon, number, 3)
        kept = contents(daemon, number)
        assert kept and all(payload.endswith(b'add 5') for payload in kept), kept
        assert found['passed_over'] > 0 and found['pattern'] == 'add 5', found
        total = sum(kind['records'] for kind in found['kinds'])
        assert total == found['records'] + found['passed_over'], found
        row, = daemon.call('trace_list')
        assert row['pattern'] == 'add 5' and row['passed_over'] >= found['passed_over'], row


def test_a_glob_is_of_the_whole_payload_and_a_reply_needs_no_call_that_is_kept():
    needs_bpf()
    with Daemon(TREE) as daemon:
        number = daemon.call('trace_start', name='demo', pattern=HEADER + '5', payload=64)['id']
        ask_counter(daemon, 'add', '5')
        answered(daemon, number, 1)
        kept = contents(daemon, number)
        assert kept and all(payload[16:] == b'5' for payload in kept), kept
        reply = daemon.call('trace_history', id=number)[0]
        assert reply['reply_ns'] > 0 and 'reply_to' not in reply, reply


def test_a_pattern_is_found_only_in_what_is_kept_of_a_payload():
    needs_bpf()
    with Daemon(TREE) as daemon:
        number = daemon.call('trace_start', name='demo', pattern='add 5', payload=20)['id']
        ask_counter(daemon, 'add', '5')
        found = answered(daemon, number, 1)
        assert found['records'] == 0 and found['passed_over'] > 0, found


def test_a_pattern_that_can_never_be_found_is_refused():
    needs_bpf()
    with Daemon(TREE) as daemon:
        kind, text = refused(daemon, name='demo', pattern='a')
        assert kind == 'invalid_params' and '--payload 256' in text, (kind, text)
        for pattern in ('', 'x' * 257):
            kind, text = refused(daemon, name='demo', pattern=pattern, payload=1)
            assert kind == 'invalid_params' and 'must be 1..256 bytes' in text, (kind, text)
        assert daemon.call('trace_list') == []
        daemon.call('trace_start', name='demo', pattern='x' * 256, payload=1)


def test_a_trace_that_is_resumed_keeps_its_pattern():
    needs_bpf()
    with Daemon(TREE) as daemon:
        number = daemon.call('trace_start', name='demo', pattern='*add 5', payload=64)['id']
        kill_tracer(daemon)
        row, = daemon.call('trace_list')
        assert (row['id'], row['pattern'], row['records']) == (number, '*add 5', 0), row
        for words in (('add', '2'), ('add', '5')):
            ask_counter(daemon, *words)
        answered(daemon, number, 2)
        kept = contents(daemon, number)
        assert kept and all(payload.endswith(b'add 5') for payload in kept), kept


if __name__ == '__main__':
    ktap.run(globals())
