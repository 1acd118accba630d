#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The tracer as a child of the daemon: its operations, its end, and what why learns."""

import os
import signal
import subprocess
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/tracer/lib')
from tracing import TRACER, ktap, needs_bpf  # noqa: E402
from suptreed import Daemon, Refused  # noqa: E402

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
      strategy: one_for_all
      intensity: 100
      children:
        - {{id: a, start: [sleep, infinity], output: "null"}}
        - {{id: b, start: [sleep, infinity], output: "null"}}
'''
WITHOUT = 'children: [{id: a, start: [sleep, infinity]}]'
SOMEBODY = 54321  # a user who runs nothing else
MAX_LOOKS = 200  # each is a call; the tracer is looked at whenever it is asked


def refused(daemon, method, **params):
    """(kind, text) of the error that it must be."""
    try:
        daemon.call(method, **params)
    except Refused as error:
        return error.kind, str(error)
    raise AssertionError(method)


def history(daemon, number, wanted):
    """The records of a trace, when one of them is what is wanted; reading reads the ring."""
    for _ in range(MAX_LOOKS):
        records = daemon.call('trace_history', id=number, limit=1000)
        if any(map(wanted, records)):
            return records
    raise AssertionError(records)


def sent(number, path):
    return lambda record: (record['action'] == 'sent' and record['signal'] == number and
                           record.get('to_path') == path)


def kill(daemon, path, number):
    """A signal of this process, and what comes of it."""
    pid = daemon.pid(path)
    connection = daemon.connect()
    connection.call('subscribe', path=path)
    os.kill(pid, number)
    while connection.message()['params'].get('event') != 'exited':
        pass
    daemon.call('settle')
    return pid


def sender(daemon, path):
    """The reported sender of its signal; the tracer reads its ring at each request."""
    for _ in range(MAX_LOOKS):
        daemon.call('trace_list')
        found = daemon.call('why', path=path)['end']['sender']
        if found != 'unknown: the tracer has not seen it':
            return found
    raise AssertionError(found)


def test_without_a_tracer_each_operation_says_how_to_start_one():
    with Daemon(WITHOUT) as daemon:
        for method, params in (('trace_start', {'name': 'a'}), ('trace_list', {}),
                               ('trace_stop', {'id': 1}), ('trace_history', {'id': 1}),
                               ('trace_summary', {'id': 1})):
            kind, text = refused(daemon, method, **params)
            assert kind == 'noproc' and 'suptree start-child / ' in text, (kind, text)


def test_who_is_not_the_daemons_own_user_is_no_tracer():
    if os.geteuid() != 0:
        raise ktap.Skip('needs root: another user')
    program = ('import os, socket, json; s = socket.socket(socket.AF_UNIX); '
               's.connect(os.environ["SUPTREE_SOCKET"]); s.sendall(json.dumps({"jsonrpc": "2.0", '
               '"id": 1, "method": "register", "params": {"name": "tracer"}}).encode() + b"\\n"); '
               's.recv(999); n = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); '
               'n.sendto(b"X_SUPTREE_MAILBOX=00001\\nREADY=1", os.environ["NOTIFY_SOCKET"]); '
               's.recv(1)')
    child = {'id': 'false', 'ready': 'notify', 'user': 'nobody', 'restart': 'temporary',
             'start': ['python3', '-c', program]}
    with Daemon(WITHOUT) as daemon:
        os.chmod(daemon.dir, 0o755)
        daemon.call('start_child', path='/', spec=child)
        assert daemon.call('registered') == []  # the name is kept for services
        assert refused(daemon, 'trace_list')[0] == 'noproc'


def test_a_trace_of_a_supervisor_sees_its_children_by_their_paths():
    needs_bpf()
    with Daemon(TREE) as daemon:
        row = daemon.call('trace_start', path='demo')
        assert (row['id'], row['path'], row['state']) == (1, 'demo', 'running'), row
        assert {'signal', 'process'} <= set(row['kinds'])
        pid = kill(daemon, 'demo/a', signal.SIGUSR1)
        records = history(daemon, 1, sent(signal.SIGTERM, 'demo/b'))
        first = next(filter(sent(signal.SIGUSR1, 'demo/a'), records))
        assert first['to']['pid'] == pid and first['from']['pid'] == os.getpid()
        assert [record['seq'] for record in records] == list(range(1, len(records) + 1))
        ends = [r['from_path'] for r in records if r['action'] == 'exit']
        assert ends == ['demo/a', 'demo/b'], ends
        daemon.call('trace_list')  # by its answer the next incarnation is traced, too
        kill(daemon, 'demo/b', signal.SIGUSR2)
        history(daemon, 1, sent(signal.SIGUSR2, 'demo/b'))


def test_a_summary_counts_kinds_and_who_talks_to_whom_and_stop_ends_it():
    needs_bpf()
    with Daemon(TREE) as daemon:
        number = daemon.call('trace_start', path='demo/a', kinds='signal')['id']
        kill(daemon, 'demo/a', signal.SIGUSR1)
        history(daemon, number, sent(signal.SIGUSR1, 'demo/a'))
        summary = daemon.call('trace_summary', id=number)
        assert [row['kind'] for row in summary['kinds']] == ['signal'], summary
        assert summary['records'] == summary['kinds'][0]['records'] > 1
        assert any(f'[{os.getpid()}]' in pair['from'] and pair['to'] == 'demo/a'
                   for pair in summary['pairs']), summary
        assert daemon.call('trace_stop', id=number)['records'] >= summary['records']
        assert daemon.call('trace_list') == []
        assert refused(daemon, 'trace_stop', id=number)[0] == 'not_found'
        assert daemon.call('trace_start', path='demo/a')['id'] > number


def test_a_trace_is_found_by_the_name_or_the_pid_of_what_it_traces():
    needs_bpf()
    with Daemon(TREE) as daemon:
        first, latest = (daemon.call('trace_start', path='demo/a', kinds='signal')['id']
                         for _ in range(2))
        for words in ({'name': 'a'}, {'name': 'demo/a'}, {'pid': daemon.pid('demo/a')}):
            for method in ('trace_summary', 'trace_analyze'):
                assert daemon.call(method, **words)['id'] == latest, words
        assert refused(daemon, 'trace_history', path='demo')[0] == 'not_found'
        assert 'no such child' in refused(daemon, 'trace_history', path='nobody')[1]
        assert refused(daemon, 'trace_stop', path='a', id=first)[0] == 'invalid_params'
        assert refused(daemon, 'trace_stop')[0] == 'invalid_params'
        own = daemon.call('trace_start', pid=os.getpid(), kinds='signal')['id']
        kill(daemon, 'demo/b', signal.SIGUSR1)
        record = next(filter(sent(signal.SIGUSR1, 'demo/b'),
                             history(daemon, own, sent(signal.SIGUSR1, 'demo/b'))))
        assert record in daemon.call('trace_history', pid=os.getpid())
        assert daemon.call('trace_stop', pid=os.getpid())['id'] == own
        assert daemon.call('trace_stop', path='a')['id'] == latest
        assert [row['id'] for row in daemon.call('trace_list')] == [first]


def test_limits_hold_and_mistakes_are_answered():
    needs_bpf()
    with Daemon(TREE) as daemon:
        pid = daemon.pid('demo/a')
        number = daemon.call('trace_start', pid=pid, kinds='signal', count=1, keep=1)['id']
        kill(daemon, 'demo/a', signal.SIGUSR1)
        history(daemon, number, lambda record: record['signal'] == signal.SIGUSR1)
        row = daemon.call('trace_list')[0]
        assert (row['state'], row['records'], row['pid']) == ('over', 1, pid), row
        assert row['lost'] > 0
        for params, kind in (({'name': 'demo', 'kinds': 'smoke'}, 'invalid_params'),
                             ({'name': 'demo', 'payload': 5000}, 'invalid_params'),
                             ({'name': 'demo', 'keep': 0}, 'invalid_params'),
                             ({'name': 'nobody'}, 'not_found'), ({'pid': pid}, 'not_found')):
            assert refused(daemon, 'trace_start', **params)[0] == kind, params
        for _ in range(15):
            daemon.call('trace_start', path='demo', kinds='signal')
        assert refused(daemon, 'trace_start', path='demo')[0] == 'limit'


def test_the_end_of_the_tracer_ends_nothing_else_and_the_next_one_resumes():
    needs_bpf()
    with Daemon(TREE) as daemon:
        number = daemon.call('trace_start', path='demo')['id']
        daemon.call('trace_start', pid=daemon.pid('demo/a'))
        before = daemon.pid('demo/a')
        kill(daemon, 'system/tracer', signal.SIGKILL)
        rows = daemon.call('trace_list')
        assert [(row['id'], row['path'], row['records']) for row in rows] == [(number, 'demo', 0)]
        assert daemon.pid('demo/a') == before
        kill(daemon, 'demo/a', signal.SIGUSR1)
        history(daemon, number, sent(signal.SIGUSR1, 'demo/a'))


def test_why_says_who_sent_the_signal():
    needs_bpf()
    with Daemon(TREE) as daemon:
        kill(daemon, 'demo/a', signal.SIGKILL)
        found = sender(daemon, 'demo/a')
        assert (found['pid'], found['uid']) == (os.getpid(), os.getuid()), found
        assert found['name'] in open('/proc/self/comm', encoding='utf-8').read(), found
        assert daemon.call('why', path='demo/b')['end']['sender']['name'] == 'suptreed'


def test_why_says_who_sent_the_signal_though_it_is_gone():
    needs_bpf()
    script = 'kill -KILL "$1"; echo $$'
    with Daemon(TREE) as daemon:
        daemon.call('start_child', path='demo', spec={
            'id': 'c', 'restart': 'temporary', 'user': str(SOMEBODY), 'group': '0',
            'start': ['sleep', 'infinity'], 'output': 'null'})
        killer = subprocess.run(['sh', '-c', script, 'sh', str(daemon.pid('demo/c'))], check=True,
                                capture_output=True, text=True, user=SOMEBODY, extra_groups=[])
        daemon.until('demo/c=gone')
        assert sender(daemon, 'demo/c') == {
            'pid': int(killer.stdout), 'name': 'sh', 'uid': SOMEBODY}


def test_why_of_a_fault_names_the_kernel():
    needs_bpf()
    fault = ['python3', '-c', 'import ctypes; ctypes.string_at(0)']
    with Daemon(TREE) as daemon:
        daemon.call('start_child', path='demo',
                    spec={'id': 'fault', 'restart': 'temporary', 'start': fault})
        daemon.until('demo/fault=gone')
        assert sender(daemon, 'demo/fault') == {'pid': 0, 'name': 'kernel', 'uid': None}


if __name__ == '__main__':
    ktap.run(globals())
