#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Verbs that show the messages of a trace, against a daemon that says what it saw."""

import collections
import csv
import io
import json
import os
import re
import signal
import subprocess
import sys

sys.path[:0] = [os.environ['ST_TEST_TOP'] + '/tests/lib', os.environ['ST_TEST_DIR'] + '/lib']
import ktap  # noqa: E402
from fake import PATIENCE_S, SUPTREE, Failure, Fake, environment  # noqa: E402

DAEMON = 100
CALLER = {'pid': 11, 'name': 'suptree'}
SERVER = {'pid': 12, 'name': 'counter'}


def frame(kind, text):
    """The payload of a packet of userspace/libsuptree/PROTOCOL.md, as trace-history has it."""
    return (bytes([kind]) + bytes(7) + (1).to_bytes(8, 'little') + text).hex()


def message(seq, **more):
    return {'seq': seq, 'time_ns': 1000000 * seq, 'kind': 'unix', 'action': 'message',
            'from': CALLER, 'to': SERVER, 'to_path': 'demo/a', 'source': 7, 'channel': 8,
            'size': 21, 'flags': ['seqpacket'], 'payload': '', 'latency_ns': 5, **more}


def back(seq, **more):
    return message(seq, **{'from': SERVER, 'to': CALLER, 'to_path': '', 'from_path': 'demo/a',
                           'source': 8, 'channel': 7, **more})


CALL = message(1, payload=frame(2, b'add 5\n'), call=True)
REPLY = back(2, payload=frame(3, b'5'), size=17, reply_to=1, reply_ns=84123)
RECORDS = [
    CALL, REPLY,
    message(3, payload=b'ab'.hex(), flags=['dgram', 'truncated'], size=1),
    message(4, **{'from': None, 'to_path': ''}, action='received', payload=frame(1, b'{}')),
    message(5, to={'pid': DAEMON, 'name': 'suptreed'}, to_path='', payload=b'STATUS=5'.hex()),
    {'seq': 6, 'time_ns': 6000000, 'kind': 'signal', 'action': 'sent', 'signal': 15, 'flags': [],
     'from': {'pid': 13, 'name': '?'}, 'to': SERVER, 'to_path': 'demo/a', 'result': 'ignored'},
    {'seq': 7, 'time_ns': 7000000, 'kind': 'process', 'action': 'exit', 'status': 9, 'flags': [],
     'from': SERVER, 'to': {'pid': DAEMON, 'name': 'suptreed'}, 'from_path': 'demo/a'}]
LINES = '''\
suptree[11] -> demo/a  unix call  21 bytes  "add 5."
demo/a -> suptree[11]  unix reply  17 bytes  "5"  after 84.1us
suptree[11] -> demo/a  unix message  1 byte  "ab"...
pid 13 -> demo/a  signal SIGTERM ignored
demo/a -> suptreed[100]  process exit by SIGKILL
'''.splitlines()

BEGUN = {'path': 'a', 'payload': 256, 'keep': 10000, 'include_system': False}


class Traced:
    """Answers of a daemon with one trace, whose messages it keeps from some number on."""

    def __init__(self, records, oldest=1, **row):
        self.records = records
        self.oldest = oldest
        self.row = {'id': 3, 'path': 'demo/a', 'state': 'running', 'kinds': ['unix'], 'lost': 0,
                    'records': len(records), **row}

    def history(self, params):
        first = max(params['since'] + 1, self.oldest)
        return [record for record in self.records if record['seq'] >= first][:params['limit']]

    def answers(self, **others):
        return {'status': {'pid': DAEMON}, 'trace_start': self.row, 'trace_list': [self.row],
                'trace_stop': self.row, 'trace_history': self.history} | others


def followed(traced, *arguments, **options):
    """Its lines, without the times."""
    with Fake(**traced.answers()) as fake:
        done = fake.run('trace', 'follow', *arguments, **options)
        assert done.returncode == 0, done
        lines = [re.fullmatch(r'\d\d:\d\d:\d\d\.\d{6}  (.*)', line)
                 for line in done.stdout.splitlines()]
        return [line[1] for line in lines], done.stderr, fake.requests


def test_a_message_is_a_line_with_its_words_and_a_reply_has_its_latency():
    lines, said, requests = followed(Traced(RECORDS), 'a', '--count', '5')
    assert lines == LINES, lines
    assert said == 'suptree: trace-follow: trace 3 of demo/a; Ctrl-C ends it\n', said
    assert requests[1] == ('trace_start', BEGUN), requests
    assert requests[-1] == ('trace_stop', {'id': 3}), requests


def test_what_the_daemon_says_and_hears_is_shown_on_demand():
    for option in ('--include-system', '-S', '--system'):
        show_the_daemon(option)


def show_the_daemon(option):
    lines, _, requests = followed(Traced(RECORDS), 'a', option, '--count', '7')
    assert lines[3:5] == ['unknown -> pid 12  unix hello only received  21 bytes  "{}"'.replace(
        'pid 12', 'counter[12]'), 'suptree[11] -> suptreed[100]  unix message  21 bytes  '
        '"STATUS=5"'], lines
    assert 'status' not in [method for method, _ in requests], requests
    assert requests[0] == ('trace_start', BEGUN | {'include_system': True}), requests


def test_a_trace_that_is_there_is_followed_by_its_number_and_left_alone():
    lines, said, requests = followed(Traced(RECORDS), '3', '--since', '1', '--count', '1')
    assert (lines, said) == (LINES[1:2], ''), (lines, said)
    assert not {'trace_start', 'trace_stop'} & {method for method, _ in requests}, requests


def test_a_pattern_is_handed_on_to_the_tracer():
    _, _, requests = followed(Traced(RECORDS), 'a', '--pattern', 'add *', '--count', '1')
    assert requests[1] == ('trace_start', BEGUN | {'pattern': 'add *'}), requests


def test_a_reply_whose_call_was_passed_over_is_a_reply():
    alone = back(2, payload=b'yes'.hex(), flags=[], size=3, reply_ns=84123)
    lines, _, _ = followed(Traced([CALL, alone]), 'a', '--count', '2')
    assert lines[1] == 'demo/a -> suptree[11]  unix reply  3 bytes  "yes"  after 84.1us', lines
    assert '<..unix reply "yes" 84.1us' in written([CALL, alone], 'trace-sequence')
    assert '-->>' in written([CALL, alone], 'trace-sequence', '-F', 'mermaid')
    events = json.loads(written([CALL, alone], 'trace-export', '-F', 'perfetto'))['traceEvents']
    assert [event['id'] for event in events if event['ph'] in 'be'] == [2, 2], events


def test_what_was_dropped_is_told():
    traced = Traced(RECORDS, oldest=6, lost=2)
    lines, said, _ = followed(traced, '3', '--since', '0', '--count', '2')
    assert lines == LINES[3:], lines
    assert '3: 2 more messages were lost in the kernel' in said, said
    assert '3: 5 messages are no longer kept' in said, said


def test_the_end_of_a_trace_is_told_after_its_last_message():
    lines, said, _ = followed(Traced(RECORDS, state='over'), 'a')
    assert lines == LINES, lines
    assert said.endswith('trace 3 is over\n'), said


def test_json_is_a_record_a_line_as_it_came():
    with Fake(**Traced(RECORDS).answers()) as fake:
        done = fake.run('trace-follow', 'a', '--count', '2', '--json')
        assert [json.loads(line) for line in done.stdout.splitlines()] == RECORDS[:2], done


def test_a_signal_ends_it_in_order():
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        with Fake(**Traced(RECORDS[:1]).answers()) as fake:
            with subprocess.Popen([SUPTREE, 'trace-follow', 'a'], stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, text=True,
                                  env=environment(fake.path)) as process:
                assert 'add 5' in process.stdout.readline()
                process.send_signal(number)
                assert process.wait(PATIENCE_S) == 0
            assert fake.requests[-1][0] == 'trace_stop', fake.requests


def test_it_ends_with_who_reads_it():
    with Fake(**Traced(RECORDS[:1]).answers()) as fake:
        with subprocess.Popen([SUPTREE, 'trace-follow', 'a'], stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True,
                              env=environment(fake.path)) as process:
            assert 'add 5' in process.stdout.readline()
            process.stdout.close()
            assert process.wait(PATIENCE_S) == 0
        assert fake.requests[-1][0] == 'trace_stop', fake.requests


def test_what_cannot_be_followed_is_answered():
    with Fake(**Traced(RECORDS).answers()) as fake:
        assert fake.run('trace-follow', '4').returncode == 3
        assert fake.run('trace-follow', '3', '--payload', '1').returncode == 2
        assert fake.run('trace-follow', '3', '--pattern', 'a').returncode == 2
        assert fake.run('trace-follow').returncode == 2
    failure = Failure('noproc', 'no tracer runs')
    with Fake(**Traced(RECORDS).answers(trace_start=failure)) as fake:
        done = fake.run('trace-follow', 'a')
        assert done.returncode != 0 and 'no tracer runs' in done.stderr, done
        assert 'trace_stop' not in [method for method, _ in fake.requests]


def written(records, verb, *arguments):
    """What a verb of the whole trace writes."""
    with Fake(**Traced(records).answers()) as fake:
        done = fake.run(verb, '3', *arguments)
        assert (done.returncode, done.stderr) == (0, ''), done
        return done.stdout


DIAGRAM = '''\
                     suptree[11]                       demo/a
      0ns                 |---unix call "add 5."--------->|
    1.0ms                 |<..unix reply "5" 84.1us.......|
    2.0ms                 |---unix message "ab"...------->|
'''


def test_a_sequence_is_a_diagram_with_a_column_for_each():
    assert written(RECORDS[:3], 'trace-sequence') == DIAGRAM


def test_a_diagram_of_many_keeps_children_apart_and_puts_others_together():
    records = [message(i + 1, **{'from': {'pid': 20 + i, 'name': f'c{i}'}}) for i in range(70)]
    lines = written(records, 'trace-sequence').splitlines()
    assert lines[0].split() == ['demo/a', 'others'] and len(lines) == 71, lines
    assert all('|<--unix message-' in line for line in lines[1:]), lines


def test_a_child_that_was_restarted_keeps_its_column():
    records = [CALL, message(2, to=SERVER | {'pid': 44})]
    assert written(records, 'trace-sequence').splitlines()[0].split() == ['suptree[11]', 'demo/a']
    assert written(records, 'trace-sequence', '-F', 'mermaid').count('participant') == 2


MERMAID = '''\
sequenceDiagram
  participant p0 as suptree[11]
  participant p1 as demo/a
  p0->>p1: unix call #34;add 5.#34;
  p1-->>p0: unix reply #34;5#34; after 84.1us
'''


def test_mermaid_has_participants_and_its_characters_as_entities():
    assert written(RECORDS[:2], 'trace-sequence', '--format', 'mermaid') == MERMAID
    assert written(RECORDS[:2], 'trace-export', '--format', 'mermaid') == MERMAID
    assert 'a#59; b' in written([message(1, payload=b'a; b'.hex())], 'trace-sequence', '-F',
                                'mermaid')


def test_an_export_in_json_is_what_the_trace_has():
    assert json.loads(written(RECORDS, 'trace-export')) == RECORDS
    assert json.loads(written(RECORDS, 'trace-export', '--format', 'json', '-n', '2')) == \
        RECORDS[-2:]


def test_an_export_in_csv_is_read_back():
    said = message(1, payload=b'say "a, b"'.hex(), flags=[])
    text = written([said, *RECORDS[1:]], 'trace-export', '--format', 'csv')
    rows = list(csv.DictReader(io.StringIO(text, newline='')))
    assert len(rows) == len(RECORDS)
    assert rows[0] == {
        'seq': '1', 'time_ns': '1000000', 'kind': 'unix', 'action': 'message',
        'from': 'suptree[11]', 'from_pid': '11', 'to': 'demo/a', 'to_pid': '12',
        'what': 'unix message', 'size': '21', 'content': '"say "a, b""',
        'payload': b'say "a, b"'.hex(), 'latency_ns': '5', 'reply_to': '', 'reply_ns': ''}, rows
    assert (rows[1]['reply_to'], rows[1]['reply_ns']) == ('1', '84123'), rows
    assert (rows[3]['from'], rows[3]['from_pid']) == ('unknown', ''), rows


def test_an_export_for_perfetto_has_the_shape_of_trace_events():
    document = json.loads(written(RECORDS, 'trace-export', '--format', 'perfetto'))
    assert set(document) == {'traceEvents', 'displayTimeUnit'}
    by_phase = collections.defaultdict(list)
    for event in document['traceEvents']:
        assert isinstance(event['name'], str) and isinstance(event['ts'], (int, float)), event
        assert isinstance(event['pid'], int) and isinstance(event['tid'], int), event
        by_phase[event['ph']].append(event)
    assert set(by_phase) == set('MXsfbe'), by_phase
    assert {event['args']['name'] for event in by_phase['M']} >= {'demo/a', 'suptree[11]'}
    for begin, end in ('sf', 'be'):
        ends = {(event['cat'], event['id']): event for event in by_phase[end]}
        assert len(ends) == len(by_phase[begin]) == len(by_phase[end])
        for event in by_phase[begin]:
            assert event['ts'] <= ends[event['cat'], event['id']]['ts'], event
    places = {(event['pid'], event['ts']) for event in by_phase['X']}
    assert all(event['dur'] > 0 and event['cat'] for event in by_phase['X'])
    # an arrow begins and ends in a slice, or it is not drawn
    assert all((event['pid'], event['ts']) in places for event in by_phase['s'] + by_phase['f'])
    assert all(event['bp'] == 'e' for event in by_phase['f'])
    span, = by_phase['b']
    assert (span['pid'], span['ts']) == (11, 2000.005 - 84.123), span


def test_a_form_that_there_is_not_and_a_trace_that_there_is_not():
    with Fake(**Traced(RECORDS).answers()) as fake:
        done = fake.run('trace-export', '3', '--format', 'xml')
        assert done.returncode == 2 and 'json, csv, perfetto, mermaid' in done.stderr, done
        assert fake.run('trace-sequence', '3', '--format', 'csv').returncode == 2
        assert fake.requests == []
        assert fake.run('trace-export', '4').returncode == 3
    assert json.loads(written([], 'trace-export')) == []
    assert written([], 'trace-sequence') == ''


def test_a_long_trace_is_read_in_pages_and_what_is_not_kept_is_told():
    records = [message(i) for i in range(1, 2502)]
    assert len(json.loads(written(records, 'trace-export'))) == 2501
    with Fake(**Traced(records, oldest=2400).answers()) as fake:
        done = fake.run('trace-export', '3')
        assert (done.returncode == 0
                and '2399 messages are no longer kept' in done.stderr), done.stderr
        assert len(json.loads(done.stdout)) == 102


if __name__ == '__main__':
    ktap.run(globals())
