#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Exit codes, one for each kind of failure, and their error messages."""

import json
import os
import re
import subprocess
import sys

sys.path[:0] = [os.environ['ST_TEST_TOP'] + '/tests/lib', os.environ['ST_TEST_DIR'] + '/lib']
import ktap  # noqa: E402
from fake import Failure, Fake, Silence, run  # noqa: E402

EXITS = {
    'parse_error': 2, 'invalid_request': 2, 'method_not_found': 2, 'invalid_params': 2,
    'internal': 1, 'not_found': 3, 'noproc': 3, 'already_present': 7, 'already_started': 7,
    'running': 7, 'restarting': 7, 'simple_one_for_one': 7, 'start_error': 1, 'invalid_spec': 2,
    'max_children': 4, 'refused': 4, 'conflict': 7, 'limit': 4, 'no_memory': 1, 'timeout': 5,
    'shutting_down': 4, 'failed': 1, 'no_mailbox': 7, 'already_registered': 7,
    'a_kind_of_the_future': 1,
}


def test_each_kind_of_error_has_its_exit_code():
    for kind, code in EXITS.items():
        with Fake(restart_child=Failure(kind, f'restart_child a: {kind}')) as fake:
            done = fake.run('restart-child', 'a')
            assert done.returncode == code, (kind, done)
            assert done.stderr.startswith(f'suptree: restart_child a: {kind}\n'), done
            assert done.stdout == '', done


def test_every_kind_that_there_is_was_tried_above():
    with open(os.environ['ST_TEST_TOP'] + '/userspace/proto/errors.h', encoding='utf-8') as file:
        kinds = re.findall(r'X\(ST_ERROR_\w+, "(\w+)"', file.read())
    assert len(kinds) > 20
    assert set(kinds) == set(EXITS) - {'a_kind_of_the_future'}


def test_with_json_the_error_object_is_on_standard_output_too():
    failure = Failure('start_error', 'it ended', code=8, otp={'code': 3})
    with Fake(restart_child=failure) as fake:
        for option in ('--json', '--jsonl'):
            done = fake.run('restart-child', 'a', option)
            assert done.returncode == 1, done
            assert json.loads(done.stdout) == {'error': failure.error}, done
            assert done.stderr == 'suptree: it ended\n', done


def failing():
    """(what is run, its exit code, the kind of the error), of each way to fail."""
    with Fake(ping=Silence(), connect=Failure('noproc', 'call a: no such process', code=2),
              ps=[], offered=[]) as fake:
        yield fake.run, ['ping', '--timeout', '1ms'], 5, 'timeout'
        yield fake.run, ['call', 'a', 'hello'], 3, 'noproc'
        yield fake.run, ['x.a.b'], 2, 'invalid_params'
        yield fake.run, ['demo'], 7, 'conflict'
    yield run, ['ping'], 6, 'unreachable'
    yield run, ['trace-export', '1'], 6, 'unreachable'
    yield run, ['audit', '--module', '/dev/null'], 6, 'unreachable'
    yield run, ['tree', '--watch'], 6, 'unreachable'
    yield run, ['kil'], 2, 'invalid_params'
    yield run, ['help', 'kil'], 2, 'invalid_params'
    yield run, ['info'], 2, 'invalid_params'
    yield run, ['completion', 'ksh'], 2, 'invalid_params'
    yield run, ['load', '/nonexistent/x'], 2, 'invalid_params'


def test_every_failure_with_json_is_one_object_with_a_code_a_text_and_a_kind():
    for function, arguments, code, kind in failing():
        for words in (['--json', *arguments], [*arguments, '--json'], [*arguments, '--jsonl']):
            done = function(*words)
            assert done.returncode == code, (words, done)
            error = json.loads(done.stdout)['error']
            assert error['data']['kind'] == kind and isinstance(error['code'], int), (words, done)
            assert done.stderr.startswith(f'suptree: {error["message"]}'), (words, done)
        assert function(*arguments).stdout == '', arguments


def test_a_script_that_stops_prints_the_error_of_its_line_alone():
    done = run('--json', stdin='ping\n')
    assert done.returncode == 6 and 'stopped here' in done.stderr, done
    assert json.loads(done.stdout)['error']['data']['kind'] == 'unreachable', done


def test_a_check_that_finds_something_exits_with_8():
    with Fake(check_childspecs=Failure('invalid_spec', 'missing_id')) as fake:
        assert fake.run('check-childspecs', '[]').returncode == 8


def test_a_path_that_does_not_exist_brings_the_nearest_that_does():
    rows = [{'path': '/'}, {'path': 'demo'}, {'path': 'demo/counter_1'}]
    with Fake(info=Failure('not_found', 'no such child'), ps=rows) as fake:
        assert fake.run('info', 'demo').stderr == 'suptree: no such child\n', 'it is there'
    with Fake(info=Failure('not_found', 'no such child'), ps=rows) as fake:
        done = fake.run('info', 'demo/countr_1')
        assert done.returncode == 3, done
        assert done.stderr == ('suptree: no such child\n'
                               'suptree: did you mean demo/counter_1?\n'), done
        done = fake.run('info', 'nothing/like/it')
        assert done.stderr == 'suptree: no such child\n', done


def test_an_error_names_the_verb_that_was_typed_and_not_what_the_verb_does():
    for words, method, said, typed in (
            (('trace-export', '1'), 'trace_list', 'trace-list: no', 'trace-export: no'),
            (('trace', 'sequence', '1'), 'trace_list', 'trace-list: no', 'trace-sequence: no'),
            (('call', 'x', 'get'), 'connect', 'connect x: no mailbox', 'call x: no mailbox'),
            (('state', 'x'), 'connect', 'connect x: no mailbox', 'state x: no mailbox'),
            (('state', 'x'), 'connect', 'connected x: no', 'connected x: no'),
            (('x.y.z',), 'offered', 'offered y: no such process', 'x.y.z y: no such process'),
            (('trace-list',), 'trace_list', 'trace-list: no tracer', 'trace-list: no tracer'),
            (('reload',), 'reload', 'reload: a\nb\n', 'reload: a\nb')):
        with Fake(**{method: Failure('failed', said)}) as fake:
            done = fake.run(*words, '--json')
            assert done.stderr.splitlines()[0] == 'suptree: ' + typed.split('\n')[0], done
            message = json.loads(done.stdout)['error']['message']
            assert message.rstrip('\n') == typed, (message, done)


def test_no_daemon_is_exit_6_and_says_where_it_was_looked_for():
    done = run('ping')
    assert done.returncode == 6, done
    assert 'connect to /nonexistent/control.sock: No such file or directory' in done.stderr, done
    assert 'is suptreed running?' in done.stderr, done
    done = run('ping', '--socket', '/nonexistent/other')
    assert done.returncode == 6 and '/nonexistent/other' in done.stderr, done


def test_a_daemon_that_hangs_up_is_exit_6():
    with Fake(ping=lambda params: [][0]) as fake:  # its thread dies of this
        fake.answer = lambda connection, request: False
        done = fake.run('ping')
        assert done.returncode == 6, done
        assert done.stderr == 'suptree: the daemon closed the connection\n', done


def test_an_answer_that_does_not_come_in_time_is_exit_5():
    with Fake(ping=Silence()) as fake:
        done = fake.run('ping', '--timeout', '1ms')
        assert done.returncode == 5, done
        assert 'wait for the daemon: Connection timed out' in done.stderr, done


def test_an_answer_that_is_none_is_exit_1():
    with Fake() as fake:
        fake.answer = lambda connection, request: connection.sendall(b'nonsense\n') is None
        done = fake.run('ping')
        assert done.returncode == 1, done
        assert 'it is not JSON' in done.stderr, done


def test_a_full_disk_is_an_error_too():
    with Fake() as fake:
        done = subprocess.run(
            ['sh', '-c', '"$0" --socket "$1" ping >/dev/full', os.environ['ST_TEST_BIN'] +
             '/suptree', fake.path], check=False, capture_output=True, text=True)
        assert done.returncode == 1, done
        assert 'write to standard output: No space left on device' in done.stderr, done


ktap.run(globals())
