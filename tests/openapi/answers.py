#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The check of answers by their shapes (tests/lib/shapes.py) finds what is wrong: a daemon
that answers wrongly fails each test that asks it.
"""

import copy
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading

sys.path[:0] = [os.environ['ST_TEST_TOP'] + '/tests/lib']
import ktap  # noqa: E402
from shapes import Schemas, Wrong, document, shapes  # noqa: E402
from suptreed import Connection, Daemon, Refused  # noqa: E402

SUPTREE = os.environ['ST_TEST_BIN'] + '/suptree'
CONFIG = '''
children:
  - id: demo
    supervisor:
      children:
        - {id: a, start: sleep infinity}
'''


class Liar:
    """A daemon that sends one line to whoever asks."""

    def __init__(self, **message):
        self.line = json.dumps({'jsonrpc': '2.0', **message}).encode() + b'\n'

    def serve(self):
        connection = self.socket.accept()[0]
        connection.recv(65536)
        connection.sendall(self.line)
        connection.close()

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.bind(self.folder.name + '/control.sock')
        self.socket.listen()
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()
        return Connection(self.folder.name + '/control.sock')

    def __exit__(self, *_):
        self.thread.join()
        self.socket.close()
        self.folder.cleanup()


def found(asked, **message):
    """What the check says of a daemon that answers so."""
    with Liar(**message) as connection:
        try:
            connection.call(asked)
        except Wrong as error:
            return str(error)
        except (EOFError, Refused):
            pass
        finally:
            connection.close()
    return ''


def test_a_right_answer_passes():
    assert found('ping', id=1, result={'ok': True}) == ''
    assert found('subscribe', id=1, result={'seq': 0, 'incarnation': 7}) == ''


def test_a_wrong_answer_is_found_by_each_call():
    for method, result, why in (
            ('ping', {'ok': True, 'more': 1}, '.more: is unknown'),
            ('ping', {}, '.ok: is missing'),
            ('ping', {'ok': False}, '.ok: must be True'),
            ('ping', {'ok': 1}, '.ok: must be boolean, not 1'),
            ('ping', None, 'must be object, not null'),
            ('ping', [], 'must be object, not []'),
            ('subscribe', {'seq': -1}, '.seq: must be at least 0'),
            ('subscribe', {'seq': '1'}, '.seq: must be integer'),
            ('subscribe', {'seq': True}, '.seq: must be integer'),
            ('load', {'started': ['a', 7]}, '.started[1]: must be string, not 7'),
            ('restart_child', {'ignored': True, 'started': {'generation': 1}}, 'is unknown'),
            ('x.a.get', {'reply': 7}, '.reply: must be string')):
        said = found(method, id=1, result=result)
        assert why in said and method in said, (method, result, said)


def test_a_wrong_failure_is_found():
    data = {'kind': 'not_found'}
    right = {'code': 1, 'message': 'no such child', 'data': data}
    assert found('info', id=1, error=right) == ''
    for error, why in (
            ({**right, 'data': {'kind': 'no_such_kind'}}, '.data.kind: must be one of'),
            ({**right, 'data': {'kind': 'timeout'}}, "none of the operation's failures"),
            ({**right, 'data': {**data, 'extra': 1}}, '.data.extra: is unknown'),
            ({'code': 1, 'message': 'x'}, '.data: is missing')):
        assert why in found('info', id=1, error=error), (error, found('info', id=1, error=error))


def test_a_wrong_notification_is_found():
    right = {'seq': 1, 'dropped': 2, 'incarnation': 7}
    assert found('ping', method='resync', params=right) == ''
    assert '.dropped: is missing' in found('ping', method='resync', params={'seq': 1})
    assert 'does not have' in found('ping', method='unheard_of', params={})
    event = {'seq': 1, 'time_ns': 1, 'wall': '2026-11-23T08:59:07.120513Z', 'event': 'added',
             'path': 'a'}
    assert found('ping', method='event', params=event) == ''
    exited = event | {'event': 'exited', 'reason': {'code': 3}}
    assert found('ping', method='event', params=exited) == ''
    assert '.reason' in found('ping', method='event', params=exited | {'reason': {'code': 256}})
    assert '.reason' in found('ping', method='event', params=exited | {'reason': 'unheard_of'})
    for wrong in ({'event': 'invented'}, {'wall': 'today'}, {'delay_ms': 5}, {'path': None}):
        assert found('ping', method='event', params=event | wrong), wrong


def faults(value):
    """(what was done, the same value with one mistake in it), for each member in it."""
    places = [((), value)]
    while places:
        way, at = places.pop()
        if isinstance(at, list):
            places += [((*way, index), member) for index, member in enumerate(at)]
        if not isinstance(at, dict):
            continue
        places += [((*way, name), member) for name, member in at.items()]
        for name in at:
            yield (*way, name, 'is renamed'), change(value, way, lambda here, name=name:
                                                     here.update({name + '_': here.pop(name)}))
            yield (*way, name, 'has another type'), change(
                value, way, lambda here, name=name: here.update({name: 1.5}))


def change(value, way, do):
    value = copy.deepcopy(value)
    at = value
    for step in way:
        at = at[step]
    do(at)
    return value


def test_no_member_of_a_true_answer_can_be_renamed_or_get_another_type():
    """But for names that are free, as those of features, and reasons of failed starts, which
    may be any term."""
    free = {'environment', 'features', 'errors'}
    nr = 0
    with Daemon(CONFIG) as daemon:
        daemon.call('kill', path='demo/a')
        daemon.until('demo/a=up')
        answers = {method: daemon.call(method, **params) for method, params in (
            ('tree', {}), ('ps', {}), ('status', {}), ('info', {'path': 'demo/a'}),
            ('why', {'path': 'demo/a'}), ('get_childspec', {'path': 'demo'}),
            ('which_children', {'path': 'demo'}), ('operations', {}))}
    for method, answer in answers.items():
        for what, wrong in faults(answer):
            if 'reason' in what or (what[-1] == 'is renamed' and free & set(what[:-2])):
                continue
            nr += 1
            assert shapes().wrong_result(method, wrong), f'{method}: {what} is not found'
    assert nr > 1000, nr


def test_what_the_cli_prints_as_json_has_the_shape_of_the_operation():
    with Daemon(CONFIG) as daemon:
        daemon.call('kill', path='demo/a')
        daemon.until('demo/a=up')
        for method, words in (
                ('tree', ['tree']), ('ps', ['ps', 'demo']), ('info', ['info', 'demo/a']),
                ('which_children', ['which-children', 'demo']), ('ping', ['ping']),
                ('count_children', ['count-children', 'demo']), ('why', ['why', 'a']),
                ('get_childspec', ['get-childspec', 'demo/a']), ('logs', ['logs', 'demo/a']),
                ('kill', ['kill', 'demo/a', '--signal', 'CONT']), ('settle', ['settle']),
                ('strategy', ['strategy', 'demo', 'one_for_all']), ('status', ['status']),
                ('reload', ['reload', '--dry-run']), ('registered', ['registered']),
                ('terminate_child', ['terminate-child', 'demo/a']), ('groups', ['groups']),
                ('restart_child', ['restart-child', 'demo/a']), ('offered', ['offered']),
                ('operations', ['operations'])):
            done = subprocess.run([SUPTREE, '--socket', daemon.socket, *words, '--json'],
                                  check=False, capture_output=True, text=True)
            assert (done.returncode, done.stderr) == (0, ''), (words, done)
            wrong = shapes().wrong_result(method, json.loads(done.stdout))
            assert not wrong, (words, wrong)


def test_every_keyword_of_the_schemas_is_checked():
    """The check refuses keywords that it does not know; here each schema is made ready."""
    schemas = document()['components']['schemas']
    assert len(schemas) > 100
    for schema in schemas.values():
        Schemas(schemas).make(schema)
    try:
        Schemas(schemas).make({'type': 'string', 'maxLength': 3})
    except AssertionError as error:
        assert 'maxLength' in str(error), error
    else:
        raise AssertionError('a keyword that is not checked is passed over')


ktap.run(globals())
