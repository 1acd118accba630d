#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Calls to servers of the demo as `suptree trace-follow` and `trace-analyze` show them."""

import os
import re
import subprocess
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/tracer/lib')
from tracing import PATIENCE_S, TRACER, ktap, needs_bpf  # noqa: E402
from suptreed import Daemon  # noqa: E402

BIN = os.environ['ST_TEST_BIN']
TREE = f'''
children:
  - {{id: tracer, ready: notify, start: [{TRACER}, --service]}}
  - id: demo
    supervisor:
      children:
        - {{id: counter_1, ready: notify, start: [{BIN}/counter, "0"]}}
'''
MAX_LOOKS = 20000  # each is a call; the tracer reads its ring whenever it is asked
TIME = r'\d\d:\d\d:\d\d\.\d{6}  '
LATENCY = r'  after \d+(\.\d)?[num]?s'


def suptree(daemon, *words):
    return subprocess.run([f'{BIN}/suptree', *words], env=os.environ | {
        'SUPTREE_SOCKET': daemon.socket}, capture_output=True, text=True, check=False,
        timeout=PATIENCE_S)


def follow(daemon, *words):
    """suptree trace-follow, which has begun."""
    process = subprocess.Popen(
        [f'{BIN}/suptree', 'trace', 'follow', *words], stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | {'SUPTREE_SOCKET': daemon.socket})
    line = process.stderr.readline()
    assert 'Ctrl-C ends it' in line, line + process.stderr.read()
    return process


def test_each_call_and_its_reply_is_a_line_with_content_and_latency():
    needs_bpf()
    counter = 'demo/counter_1'
    # who is seen too late, or does not look for long, leaves half a message
    half = '( only (sent|received))?'
    wanted = [rf'.+ -> {counter}  unix call{half}  21 bytes  "add 5"',
              rf'{counter} -> .+  unix reply{half}  17 bytes  "5"{LATENCY}',
              rf'.+ -> {counter}  unix cast{half}  21 bytes  "add 2"',
              rf'.+ -> {counter}  unix call{half}  25 bytes  "get_value"',
              rf'{counter} -> .+  unix reply{half}  17 bytes  "7"{LATENCY}']
    with Daemon(TREE) as daemon, follow(daemon, counter, '--kinds', 'unix') as process:
        for words in (('call', 'counter_1', 'add', '5'), ('cast', 'counter_1', 'add', '2'),
                      ('call', 'counter_1', 'get_value')):
            assert suptree(daemon, *words).returncode == 0
        lines = [process.stdout.readline()]
        while lines[-1] and '"7"' not in lines[-1]:
            lines.append(process.stdout.readline())
        process.terminate()
        assert process.wait(PATIENCE_S) == 0
        said = iter(lines)
        for pattern in wanted:
            assert any(re.fullmatch(TIME + pattern + '\n', line) for line in said), \
                (pattern, lines)
        assert daemon.call('trace_list') == []


def analyzed(daemon, number, answered):
    """The result when this number of calls has been answered; asking reads the ring."""
    for _ in range(MAX_LOOKS):
        found = daemon.call('trace_analyze', id=number)
        if found['calls']['answered'] == answered:
            return found
    raise AssertionError(found)


def test_calls_are_counted_with_their_latencies_whatever_payload_is_shown():
    needs_bpf()
    with Daemon(TREE) as daemon:
        number = daemon.call('trace_start', path='demo', kinds='unix')['id']
        for _ in range(3):
            assert suptree(daemon, 'call', 'counter_1', 'add', '1').returncode == 0
        found = analyzed(daemon, number, 3)
        calls = found['calls']
        assert calls['unanswered'] == 0, found
        assert 0 < calls['latency_ns']['p50'] <= calls['latency_ns']['largest'], calls
        kind = found['kinds'][0]
        assert kind['kind'] == 'unix' and kind['records'] == found['records'], found
        assert kind['sizes']['largest'] == kind['largest'], found
        records = daemon.call('trace_history', id=number, limit=1000)
        by_seq = {record['seq']: record for record in records}
        replies = [record for record in records if 'reply_to' in record]
        assert len(replies) == 3, records
        for reply in replies:
            call = by_seq[reply['reply_to']]
            assert call['call'] is True and call['channel'] == reply['source'], (call, reply)
            assert call['payload'] == '' and 'truncated' in call['flags'], call
        text = suptree(daemon, 'trace', 'analyze', str(number)).stdout
        assert text.startswith('3 calls answered, 0 not\n') and 'reply latency' in text, text


if __name__ == '__main__':
    ktap.run(globals())
