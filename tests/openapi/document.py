#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The REST interface as a document of OpenAPI 3.1: two validators of others accept it, and
it says what the operations table says, no more and no less.
"""

import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path[:0] = [os.environ['ST_TEST_TOP'] + '/tests/lib']
import ktap  # noqa: E402
from shapes import COMMON, document  # noqa: E402

TOP = pathlib.Path(os.environ['ST_TEST_TOP'])
SUPTREE = os.environ['ST_TEST_BIN'] + '/suptree'
TOOLS = pathlib.Path(os.environ['ST_TEST_O'], 'openapi')
PATIENCE_S = 600  # of npm; a hang guard
QUIET = {'REDOCLY_TELEMETRY': 'off', 'REDOCLY_SUPPRESS_UPDATE_NOTICE': 'true', 'CI': 'true'}


def table():
    """The rows of the operations table, as the program prints it."""
    done = subprocess.run([SUPTREE, '--socket', '/nowhere', 'help', '--json'], check=True,
                          capture_output=True, text=True)
    return json.loads(done.stdout)


def rows_with_rest():
    return [row for row in table() if 'rest' in row]


def operations():
    """{(method, path): operation} of the document."""
    return {(method.upper(), path): operation for path, methods in document()['paths'].items()
            for method, operation in methods.items()}


def validators(folder):
    """{name: command} of the validators; they are installed at the first use."""
    done = subprocess.run([TOP / 'tools/openapi/install', TOOLS], check=False, text=True,
                          capture_output=True, timeout=PATIENCE_S)
    assert done.returncode == 0, done.stderr
    programs = TOOLS / 'node_modules/.bin'
    return {'openapi-schema-validator': [programs / 'validate-api', folder / 'openapi.json'],
            'redocly': [programs / 'redocly', 'lint', '--config',
                        TOP / 'tools/openapi/redocly.yaml', folder / 'openapi.json']}


def verdicts(judged):
    """{name of a validator: (whether it accepts the document, what it printed)}"""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / 'openapi.json').write_text(json.dumps(judged))
        found = {}
        for validator, command in validators(folder).items():
            done = subprocess.run(command, check=False, text=True, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, timeout=PATIENCE_S, cwd=folder,
                                  env={**os.environ, **QUIET})
            found[validator] = (done.returncode == 0, done.stdout)
    return found


def test_two_validators_of_others_accept_the_document():
    for validator, (accepts, said) in verdicts(document()).items():
        assert accepts, f'{validator}: {said[-4000:]}'
    size = len(json.dumps(document(), separators=(',', ':')))
    print(f'# {size} bytes, {len(operations())} operations, '
          f'{len(document()["components"]["schemas"])} shapes')


def test_each_validator_refuses_a_document_with_a_mistake():
    broken = json.loads(json.dumps(document()))
    broken['paths']['/status']['get']['parameters'] = [{'name': 'x', 'in': 'nowhere'}]
    for validator, (accepts, said) in verdicts(broken).items():
        assert not accepts and 'in' in said, f'{validator} accepts a wrong parameter: {said}'


def test_the_document_is_the_same_in_each_run_and_needs_no_daemon():
    texts = {subprocess.run([SUPTREE, '--socket', '/nowhere', 'operations', '--openapi'],
                            check=True, capture_output=True).stdout for _ in range(3)}
    assert len(texts) == 1
    assert texts.pop().count(b'\n') == 1


def test_every_row_has_its_operation_and_every_operation_has_its_row():
    rows = {(row['rest']['method'], row['rest']['path']): row['name'] for row in rows_with_rest()}
    assert rows == {place: operation['operationId'] for place, operation in operations().items()}
    assert len(rows) == len(rows_with_rest()), 'two rows share a method and a path'
    assert len(rows) > 30


def test_every_row_is_in_the_protocol_with_its_result_and_failures():
    protocol = document()['x-suptree-protocol']['operations']
    assert list(protocol) == [row['name'] for row in table()]
    for row in table():
        entry = protocol[row['name']]
        assert entry['result'] == {'$ref': '#/components/schemas/' + row['result']}, row['name']
        assert entry['failures'] == row['errors'], row['name']


def in_braces(path):
    return re.findall(r'{(\w+)}', path)


def test_names_in_braces_are_parameters_of_the_row():
    for row in rows_with_rest():
        names = in_braces(row['rest']['path'])
        params = {param['name']: param for param in row['params']}
        assert set(names) <= set(params) and len(set(names)) == len(names), row['name']
        for name, param in params.items():
            assert (param['in'] == 'path') == (name in names), (row['name'], name)


def chosen_by_path(row):
    """The sets of which one parameter is in the path."""
    return {param.get('set', 0) for param in row['params']
            if param.get('one_of') and param['in'] == 'path'}


def expected_places(row):
    """{name: (place, whether it must be given)}"""
    chosen = chosen_by_path(row)
    return {param['name']: (param['in'], param['required'] or param['in'] == 'path')
            for param in row['params']
            if param['in'] == 'path' or not param.get('one_of')
            or param.get('set', 0) not in chosen}


def body_of(operation):
    content = operation.get('requestBody', {}).get('content', {})
    return content.get('application/json', {}).get('schema', {'properties': {}, 'required': []})


def test_every_parameter_is_in_its_place():
    for row in rows_with_rest():
        operation = operations()[row['rest']['method'], row['rest']['path']]
        found = {param['name']: (param['in'], param['required'])
                 for param in operation['parameters'] if param['in'] != 'header'}
        body = body_of(operation)
        for name in body['properties']:
            found[name] = ('body', name in body['required'])
        assert found == expected_places(row), (row['name'], found)


def test_a_body_takes_nothing_else_and_one_of_those_that_exclude_each_other():
    nr_sets = 0
    for row in rows_with_rest():
        body = body_of(operations()[row['rest']['method'], row['rest']['path']])
        if not body['properties']:
            continue
        assert body['additionalProperties'] is False, row['name']
        sets = {}
        for param in row['params']:
            if param.get('one_of') and param['name'] in body['properties']:
                sets.setdefault(param.get('set', 0), []).append({'required': [param['name']]})
        assert body.get('allOf', []) == [{'oneOf': one} for one in sets.values()], row['name']
        nr_sets += len(sets)
    assert nr_sets > 0


def test_every_answer_is_the_result_in_an_envelope_or_a_stream():
    for row in rows_with_rest():
        answers = operations()[row['rest']['method'], row['rest']['path']]['responses']
        content = answers[str(row['rest']['status'])]['content']
        assert ('text/event-stream' in content) == row['streams'], row['name']
        if 'application/json' in content:
            assert content['application/json']['schema']['properties'] == {
                'result': {'$ref': '#/components/schemas/' + row['result']}}, row['name']
        else:
            assert row['streams'], row['name']


def test_every_failure_is_a_problem_under_its_status():
    for row in rows_with_rest():
        answers = operations()[row['rest']['method'], row['rest']['path']]['responses']
        kinds = {}
        for status, answer in answers.items():
            if status < '400' or status == '401':
                continue
            schema = answer['content']['application/problem+json']['schema']
            for kind in schema['allOf'][1]['properties']['kind']['enum']:
                kinds[kind] = int(status)
        expected = row['rest']['errors']
        assert {kind: kinds[kind] for kind in expected} == expected, row['name']
        assert set(kinds) - set(expected) <= COMMON, (row['name'], kinds)


def test_what_changes_something_is_no_get_and_every_role_is_named():
    for row in rows_with_rest():
        assert not (row['changes'] and row['rest']['method'] == 'GET'), row['name']
        operation = operations()[row['rest']['method'], row['rest']['path']]
        assert operation['security'] == [{'token': [row['role']]}, {'cookie': [row['role']]}]
        assert operation['x-suptree-owner'] == row['owner']
        assert operation['tags'] == [row['group']]


def test_the_words_of_messages_are_those_of_the_records():
    record = (TOP / 'bpf/record.h').read_text()
    schemas = document()['components']['schemas']

    def words(name):
        body = re.search(rf'#define {name}\(X\) \\\n((?:.*\\\n)*.*)', record)[1]
        return re.findall(r'X\(\w+, (?:\d+, )?(\w+)\)', body)

    traced = [schemas[name]['properties'] for name in schemas if name.startswith('Traced')
              and 'kind' in schemas[name]['properties']]
    kinds = [kind for members in traced for kind in members['kind']['enum']]
    assert sorted(kinds) == sorted(words('ST_RECORD_KINDS'))
    actions = {action for members in traced for action in members['action']['enum']}
    assert actions == set(words('ST_RECORD_ACTIONS'))
    for members in traced:
        assert members['flags']['items']['enum'] == words('ST_RECORD_FLAGS')
    assert schemas['Trace']['properties']['kinds']['items']['enum'] == words('ST_RECORD_KINDS')


ktap.run(globals())
