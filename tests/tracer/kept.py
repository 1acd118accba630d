#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What a trace of the service keeps of all that it sees, and how its sums are cut."""

import json
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
# Its child says something to the daemon, then to itself, whenever it gets SIGUSR1.
SPEAKER = json.dumps({'children': [
    {'id': 'system', 'supervisor': {'intensity': 100, 'children': [
        {'id': 'tracer', 'ready': 'notify', 'start': [TRACER, '--service']}]}},
    {'id': 'demo', 'supervisor': {'children': [
        {'id': 'a', 'ready': 'notify', 'start': ['python3', '-c', '''
import os, signal, socket
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
daemon = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
daemon.connect(os.environ["NOTIFY_SOCKET"])
here, there = socket.socketpair()
daemon.send(b"READY=1")
while signal.sigwait([signal.SIGUSR1]):
    daemon.send(b"STATUS=working")
    here.send(b"to myself")
    there.recv(100)
''']}]}}]})
MAX_LOOKS = 20000  # each is a call; the tracer reads its ring whenever it is asked
HEADER = '?' * 16  # of a frame of userspace/libsuptree/PROTOCOL.md


def refused(daemon, **params):
    """(kind, text) of trace_start's error, which it must be."""
    try:
        daemon.call('trace_start', **params)
    except Refused as error:
        return error.kind, str(error)
    raise AssertionError(params)


def start(daemon, **params):
    """The number of a trace of unix sockets below demo."""
    return daemon.call('trace_start', path='demo', kinds='unix', **params)['id']


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
    """The analysis when this number of calls has been answered."""
    return until(daemon, 'trace_analyze', number,
                 lambda found: found['calls']['answered'] == calls)


def test_with_a_pattern_only_messages_with_it_are_kept_and_all_are_counted():
    needs_bpf()
    with Daemon(TREE) as daemon:
        number = start(daemon, pattern='add 5', payload=64)
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
        number = start(daemon, pattern=HEADER + '5', payload=64)
        ask_counter(daemon, 'add', '5')
        answered(daemon, number, 1)
        kept = contents(daemon, number)
        assert kept and all(payload[16:] == b'5' for payload in kept), kept
        reply = daemon.call('trace_history', id=number)[0]
        assert reply['reply_ns'] > 0 and 'reply_to' not in reply, reply


def test_a_pattern_is_found_only_in_what_is_kept_of_a_payload():
    needs_bpf()
    with Daemon(TREE) as daemon:
        number = start(daemon, pattern='add 5', payload=20)
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
        daemon.call('trace_start', path='demo', pattern='x' * 256, payload=1)


def test_a_trace_that_is_resumed_keeps_its_pattern():
    needs_bpf()
    with Daemon(TREE) as daemon:
        number = start(daemon, pattern='*add 5', payload=64)
        kill_tracer(daemon)
        row, = daemon.call('trace_list')
        assert (row['id'], row['pattern'], row['records']) == (number, '*add 5', 0), row
        for words in (('add', '2'), ('add', '5')):
            ask_counter(daemon, *words)
        answered(daemon, number, 2)
        kept = contents(daemon, number)
        assert kept and all(payload.endswith(b'add 5') for payload in kept), kept


def acted(daemon, number, wanted):
    """The records when the child has acted often enough; the daemon sends it signals."""
    for _ in range(MAX_LOOKS):
        daemon.call('kill', path='demo/a', signal='USR1')
        records = daemon.call('trace_history', id=number, limit=1000)
        said = [bytes.fromhex(record.get('payload', '')) for record in records]
        if b'to myself' in said and wanted(records):
            return records
    raise AssertionError(records)


def ends(record):
    """The pids of a record that are known."""
    return {end['pid'] for end in (record['from'], record['to']) if end}


def messages_with(pid, records):
    return [record for record in records if record['kind'] == 'unix' and pid in ends(record)]


def test_messages_with_the_daemon_are_left_out_and_its_signals_are_not():
    needs_bpf()
    with Daemon(SPEAKER) as daemon:
        number = daemon.call('trace_start', path='demo', payload=64)['id']
        records = acted(daemon, number, lambda records: any(
            record['signal'] == signal.SIGUSR1 and daemon.process.pid in ends(record)
            for record in records if record['kind'] == 'signal'))
        summary = until(daemon, 'trace_summary', number, lambda found: found['system_left_out'])
        assert summary['include_system'] is False, summary
        assert sum(kind['records'] for kind in summary['kinds']) == summary['records'], summary
        assert not messages_with(daemon.process.pid, records), records


def test_messages_with_the_daemon_are_seen_on_demand_also_after_a_resume():
    needs_bpf()
    with Daemon(SPEAKER) as daemon:
        number = daemon.call('trace_start', path='demo', payload=64, include_system=True)['id']
        for _ in range(2):
            acted(daemon, number, lambda records: messages_with(daemon.process.pid, records))
            row, = daemon.call('trace_list')
            assert row['include_system'] is True and row['system_left_out'] == 0, row
            kill_tracer(daemon)


def test_who_traces_the_daemon_sees_its_messages_and_the_tracer_is_never_traced():
    needs_bpf()
    with Daemon(SPEAKER) as daemon:
        number = daemon.call('trace_start', pid=daemon.process.pid, kinds='unix')['id']
        until(daemon, 'trace_history', number,
              lambda records: messages_with(daemon.process.pid, records))
        kind, text = refused(daemon, pid=daemon.pid('system/tracer'))
        assert kind == 'invalid_params' and 'does not trace itself' in text, (kind, text)


def poke(target, times):
    """A process that sends a signal which changes nothing so often; its pid."""
    pid = os.fork()
    if pid == 0:
        for _ in range(times):
            os.kill(target, signal.SIGWINCH)
        os._exit(0)
    assert os.waitpid(pid, 0) == (pid, 0)
    return pid


def test_the_busiest_pairs_come_first_and_no_more_than_are_wanted():
    needs_bpf()
    with Daemon(TREE) as daemon:
        number = daemon.call('trace_start', path='demo', kinds='signal')['id']
        target = daemon.pid('demo/counter_1')
        pokers = [poke(target, times) for times in (2, 4, 3)]
        summary = until(daemon, 'trace_summary', number, lambda found: found['records'] >= 9)
        pairs = summary['pairs']
        assert [pair['records'] for pair in pairs] == [4, 3, 2], pairs
        assert [pair['from'].split('[')[1] for pair in pairs] == [
            f'{pokers[index]}]' for index in (1, 2, 0)], (pairs, pokers)
        for method in ('trace_summary', 'trace_analyze'):
            for top, told in ((2, 2), (0, 0), (100, 3)):
                found = daemon.call(method, id=number, top=top)
                assert found['pairs'] == pairs[:told], (method, top, found)
                assert found['pairs_left_out'] == 3 - told, (method, top, found)
            for top in (-1, 101):
                try:
                    raise AssertionError(daemon.call(method, id=number, top=top))
                except Refused as error:
                    assert error.kind == 'invalid_params' and '0..100' in str(error), error


if __name__ == '__main__':
    ktap.run(globals())
