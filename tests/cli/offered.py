#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Operations that processes offer are verbs like all others: read, explained, completed,
though only the daemon knows them.
"""

import json
import os
import sys

sys.path[:0] = [os.environ['ST_TEST_TOP'] + '/tests/lib', os.environ['ST_TEST_DIR'] + '/lib']
import ktap  # noqa: E402
from fake import Failure, Fake, run, table  # noqa: E402


def param(name, kind='word', required=True, text=''):
    return {'name': name, 'type': kind, 'required': required, 'help': text}


TIMEOUT = param('timeout_ms', 'duration', False)


def row(method, summary, *params, words='', changes=True):
    return {'name': method, 'verb': method, 'summary': summary, 'role': 'operator',
            'changes': changes, 'waits': True, 'streams': False, 'params': [*params, TIMEOUT],
            'result': '{reply}', 'errors': [], 'example': f'suptree {method}{words}', 'seq': 1,
            'path': 'demo/kv', 'pid': 7, 'generation': 3}


KV = [row('x.demo/kv.put', 'store a value', param('key', text='under what'),
          param('value', 'text', False, 'what'), words=' KEY VALUE'),
      row('x.demo/kv.size', 'count the keys', changes=False)]
COUNTER = [row('x.v.2.add', 'add to it', param('n', 'integer'), words=' N')]


def offered(params):
    if 'path' not in params:
        return KV + COUNTER
    if params['path'] in ('demo/kv', 'kv'):
        return KV
    return COUNTER if params['path'] == 'v.2' else Failure(
        'noproc', f'offered {params["path"]}: no such process', 2)


def daemon(**answers):
    return Fake(offered=offered, **answers)


def test_words_become_parameters_of_the_method():
    with daemon(**{'x.demo/kv.put': {'reply': 'ok'}, 'x.v.2.add': {'reply': '5'}}) as fake:
        for words, method, params in (
                (['x.demo/kv.put', 'a', 'b', 'c d'], 'x.demo/kv.put',
                 {'key': 'a', 'value': 'b c d'}),
                (['x.demo/kv.put', 'a', '--timeout', '2s'], 'x.demo/kv.put',
                 {'key': 'a', 'timeout_ms': 2000}),
                (['x.v.2.add', '--', '-5'], 'x.v.2.add', {'n': -5})):
            done = fake.run(*words)
            assert (done.returncode, done.stderr) == (0, ''), done
            assert fake.requests[-1] == (method, params), fake.requests
        assert fake.run('x.v.2.add', '1').stdout == '5\n'
        done = fake.run('x.v.2.add', '1', '--json')
        assert json.loads(done.stdout) == {'reply': '5'}, done


def test_the_name_that_was_typed_is_the_one_that_is_listed():
    with daemon(**{'x.demo/kv.size': {'reply': '0'}}) as fake:
        assert fake.run('x.kv.size').stdout == '0\n'
        assert [method for method, _ in fake.requests] == ['offered', 'x.demo/kv.size']


def test_the_socket_may_stand_behind_it():
    with daemon(**{'x.v.2.add': {'reply': '1'}}) as fake:
        for option in (['--socket', fake.path], ['--socket=' + fake.path]):
            done = run('x.v.2.add', '1', *option)
            assert (done.returncode, done.stdout) == (0, '1\n'), done


def test_what_is_wrong_is_said_before_the_process_is_asked():
    with daemon() as fake:
        for words, code, part in (
                (['x.demo/kv.put'], 2, 'KEY is missing: under what'),
                (['x.demo/kv.put', 'a b'], 2, 'KEY must be one word'),
                (['x.v.2.add', 'x'], 2, 'N must be a whole number'),
                (['x.v.2.add', '1', '2'], 2, 'one argument too many'),
                (['x.v.2.add', '--tiemout', '1s'], 2, 'did you mean --timeout?'),
                (['x.v.2.ad', '1'], 2, 'did you mean x.v.2.add?'),
                (['x.v.3.add', '1'], 3, 'did you mean x.v.2.add?'),
                (['x.add'], 2, 'x.NAME.OPERATION'), (['x.'], 2, 'x.NAME.OPERATION')):
            done = fake.run(*words)
            assert done.returncode == code and part in done.stderr, (words, done)
            assert done.stdout == '', done
        assert {method for method, _ in fake.requests} == {'offered'}


def test_without_a_daemon_nobody_knows_them():
    done = run('--socket', '/nonexistent/s', 'x.a.b')
    assert done.returncode == 6 and 'is suptreed running?' in done.stderr, done


def test_a_refusal_is_an_error_with_its_exit_code():
    for kind, code in (('failed', 1), ('noproc', 3), ('timeout', 5), ('no_mailbox', 7)):
        with daemon(**{'x.v.2.add': Failure(kind, 'x.v.2.add: why')}) as fake:
            done = fake.run('x.v.2.add', '1')
            assert (done.returncode, done.stderr) == (code, 'suptree: x.v.2.add: why\n'), done


def test_help_lists_them_by_process_and_explains_each():
    with daemon() as fake:
        text = fake.run('help').stdout
        assert '\nOffered by processes\n' in text
        assert [' '.join(line.split()) for line in text.splitlines() if line.startswith('  x.')] \
            == ['x.demo/kv. put, size', 'x.v.2. add']
        text = fake.run('help', 'x.demo/kv.put').stdout
        assert text.startswith('x.demo/kv.put - store a value\n'), text
        assert 'suptree x.demo/kv.put KEY [VALUE...] [--timeout TIME]' in ' '.join(text.split())
        assert 'man suptree' not in text, text
        assert fake.run('x.demo/kv.put', '--help').stdout == text
        everything = json.loads(fake.run('help', '--json').stdout)
        assert everything[-3:] == KV + COUNTER, everything[-3:]
    assert json.loads(run('help', '--json').stdout) == table()
    assert 'Offered' not in run('help').stdout


def proposed(fake, *words):
    done = fake.run('completion', 'words', '--', *words)
    assert (done.returncode, done.stderr) == (0, ''), done
    return [line.split('\t')[0] for line in done.stdout.splitlines()]


def test_they_are_completed_name_by_name():
    with daemon() as fake:
        assert proposed(fake, '')[-1] == 'x.' and proposed(fake, 'x') == ['x.']
        assert proposed(fake, 'x.') == ['x.demo/kv.', 'x.v.2.']
        assert proposed(fake, 'x.demo/kv.') == ['x.demo/kv.put', 'x.demo/kv.size']
        assert proposed(fake, 'x.v.') == ['x.v.2.']
        assert proposed(fake, 'x.v.2.a') == ['x.v.2.add']
        assert proposed(fake, 'x.kv.') == ['x.kv.put', 'x.kv.size']
        assert proposed(fake, 'x.nobody.') == []
        assert proposed(fake, 'help', 'x.v.2.') == ['x.v.2.add']
        assert proposed(fake, 'x.v.2.add', '--t') == ['--timeout']
    with Fake(offered=[]) as fake:
        assert 'x.' not in proposed(fake, '')


def test_a_list_that_is_too_long_for_one_answer_is_asked_for_in_parts():
    rows = [{**row(f'x.p{number}.go', 'go'), 'seq': number} for number in range(1, 901)]

    def part(params):
        since = params.get('since', 0)
        return rows[since:since + 400]

    with Fake(offered=part) as fake:
        assert proposed(fake, 'x.p90') == ['x.p90.'] + ['x.p900.']
        assert [params for _, params in fake.requests] == [{}, {'since': 400}, {'since': 800}]


def test_a_row_that_makes_no_sense_is_no_verb():
    for listed in ([{}], [1], {'a': 1}, None, [{'name': 'x.v.2.add'}],
                   [{**COUNTER[0], 'params': [{'name': 'n', 'type': 'path'}]}]):
        with Fake(offered=listed) as fake:
            done = fake.run('x.v.2.add', '1')
            assert done.returncode == 2 and 'Sanitizer' not in done.stderr, done
            assert fake.run('help').returncode == 0
            assert isinstance(proposed(fake, 'x.'), list)


ktap.run(globals())
