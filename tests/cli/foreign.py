#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""No text of a child, a service or a false daemon is a command to the terminal.

A daemon answers each operation as its shape says, but all texts in it are nasty. Whatever
the CLI then writes to a terminal must be harmless, in each format.
"""

import json
import os
import shlex
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/cli/lib')
import foreign  # noqa: E402
import ktap  # noqa: E402
import shapes  # noqa: E402
from foreign import NASTY, wrong_in  # noqa: E402
from fake import SUPTREE, Failure, Fake, Stream, environment, table  # noqa: E402

# These need a descriptor, or another program.
NOT_HERE = {'call', 'cast', 'state', 'connect', 'console', 'audit', 'trace-follow'}
STREAMS = ('subscribe', 'monitor')  # a notification comes after the answer
SPEC = '{id: a, start: [x]}'
FAILING = ('tree', 'info', 'start-child', 'reload', 'trace-stop')


def sample(schema, depth=0):
    """A value of a schema in which each text is nasty."""
    known = shapes.document()['components']['schemas']
    if '$ref' in schema:
        return sample(known[schema['$ref'].removeprefix('#/components/schemas/')], depth + 1)
    for key in ('oneOf', 'anyOf'):
        if key in schema:
            return sample(schema[key][-1 if depth < 6 else 0], depth + 1)
    kind = schema.get('type', 'string')
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == 'object' and 'properties' in schema:
        return {name: sample(member, depth + 1) for name, member in schema['properties'].items()
                if depth < 12 or name in schema['required']}
    if kind == 'object':
        member = schema.get('additionalProperties', {})
        return {NASTY.replace('\0', ''): sample(member if isinstance(member, dict) else {}, depth)}
    if kind == 'array':
        return [sample(schema['items'], depth + 1)] if depth < 12 else []
    return {'string': NASTY, 'integer': 7, 'boolean': True, 'null': None}[kind]


def on_terminal(words, fake, **variables):
    return foreign.on_terminal([SUPTREE, *words], fake.folder.name,
                               environment(fake.path, TERM='xterm', NO_COLOR='1', **variables))


def commands():
    """(operation or None, words) for each verb, as its example shows it."""
    for row in table():
        if row['verb'] in NOT_HERE or 'example' not in row:
            continue
        yield row, shlex.split(row['example'])[1:]


def protocol():
    return shapes.document()['x-suptree-protocol']


def notifications():
    return [{'method': method, 'params': sample(params)}
            for method, params in protocol()['notifications'].items()]


def fakes():
    """A nasty answer for each operation."""
    answers = {name: sample(row['result']) for name, row in protocol()['operations'].items()}
    streams = {name: Stream(answers[name], *notifications()) for name in (*STREAMS, 'logs')}
    return {**answers, **streams, 'logs': lambda params: streams['logs'] if params.get(
        'follow') else answers['logs']}


def run(fake, options, only=None):
    """Run each verb, or some of them, and look at what a terminal gets."""
    for name in ('demo.yaml', 'trees.yaml'):
        with open(f'{fake.folder.name}/{name}', 'w', encoding='utf-8') as file:
            file.write(f'children: [{SPEC}]')
    nr = 0
    for row, words in commands():
        if only and row['verb'] not in only:
            continue
        written = on_terminal([*words, *options], fake)
        wrong = wrong_in(written)
        assert not wrong, f'{row["verb"]} {options}: {wrong} in {written!r}'
        nr += 1
    assert nr >= len(only or '?' * 40), nr


def test_no_result_is_a_command_to_the_terminal():
    with Fake(**fakes()) as fake:
        run(fake, [])
        run(fake, ['--json'], ('tree', 'info', 'trace-history', 'offered'))
        run(fake, ['--jsonl'], ('ps', 'get-childspec', 'logs'))


def test_no_failure_is_a_command_to_the_terminal():
    failure = Failure('not_found', NASTY, otp=NASTY, param=NASTY)
    with Fake(**{name: answer if name == 'ps' else failure
                 for name, answer in fakes().items()}) as fake:
        run(fake, [], FAILING)
        run(fake, ['--json'], FAILING)


def test_no_notification_is_a_command_to_the_terminal():
    with Fake(**fakes()) as fake:
        for words in (['events'], ['logs', 'demo/a', '--follow'],
                      ['logs', 'demo/a', '--follow', '--timestamps']):
            for options in ([], ['--jsonl']):
                written = on_terminal([*words, *options], fake)
                assert b'title' in written and not wrong_in(written), (words, written)


def test_a_locale_without_utf8_gets_no_byte_that_may_be_a_control_character():
    line = {'seq': 1, 'stream': 'stdout', 'text': '\u00c0\u00e9', 'wall': '2026-01-01T00:00:00.0Z'}
    with Fake(logs={'lines': [line]}) as fake:
        written = on_terminal(['logs', 'demo/a'], fake, LC_ALL='C')
        assert written == b'?\xc3\xa9\r\n', written


def test_completion_proposes_no_nasty_word():
    row = {'path': NASTY, 'id': NASTY, 'type': 'worker', 'state': 'running'}
    offered = {'name': 'x.a.op', 'verb': 'x.a.op', 'summary': NASTY, 'path': 'a', 'role': 'viewer',
               'example': NASTY, 'params': [], 'seq': 1}
    with Fake(ps=[row, {**row, 'path': 'fine'}], offered=[offered], registered=[
            {'name': NASTY, 'path': NASTY}]) as fake:
        for words in (['info', ''], ['x.a'], ['call', '']):
            done = fake.run('completion', 'words', 'suptree', *words)
            assert not wrong_in(done.stdout.encode()), (words, done.stdout)


def test_a_nul_in_output_is_shown_and_kept():
    line = {'seq': 1, 'stream': 'stdout', 'text': 'a\0b', 'wall': '2026-01-01T00:00:00.0Z'}
    after = {**line, 'seq': 2, 'text': 'after'}
    notes = [{'method': 'output', 'params': {'path': 'demo/a', **one}} for one in (line, after)]
    with Fake(logs=lambda params: Stream({'lines': [line]}, *notes)
              if params.get('follow') else {'lines': [line, after]}) as fake:
        assert fake.run('logs', 'demo/a').stdout == 'a\0b\nafter\n'
        assert on_terminal(['logs', 'demo/a'], fake) == b'a^@b\r\nafter\r\n'
        texts = [json.loads(text)['text'] for text in fake.run(
            'logs', 'demo/a', '--jsonl').stdout.splitlines() if 'lines' not in json.loads(text)]
        assert texts in ([], ['a\0b', 'after']), texts
        assert fake.run('logs', 'demo/a', '--follow').stdout == 'a\0b\na\0b\nafter\n'
        done = fake.run('logs', 'demo/a', '--follow', '--jsonl').stdout
        assert 'a\\u0000b' in done and 'after' in done, done


ktap.run(globals())
