#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Attacks on secrets: environments, and lines of a configuration, belong to admins."""

import json
import os
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from roles import RoleDaemon, nobody  # noqa: E402
from suptreed import Refused  # noqa: E402

SECRET = 'gr8-s3cret'
WORKER = f'{{id: a, start: [sleep, infinity], environment: {{DB_PASSWORD: {SECRET}}}}}'
CONFIG = f'children: [{WORKER}, {{id: deep, supervisor: {{children: [{WORKER}]}}}}]'

# Every operation that only reads, with the parameters that show most of the tree.
READS = [
    ('tree', {}), ('ps', {}), ('status', {}), ('operations', {}), ('registered', {}),
    ('groups', {}), ('offered', {}),
    *((name, {'path': path}) for path in ('a', 'deep', 'deep/a')
      for name in ('info', 'get_childspec', 'why')),
    *((name, {'path': 'deep'}) for name in ('which_children', 'count_children')),
    ('logs', {'path': 'a'}), ('subscribe', {'since': 0}),
]


def everything_that_shows(connection):
    """All answers, as one text. A refusal is an answer, too."""
    found = []
    for name, params in READS:
        try:
            found.append(connection.call(name, **params))
        except Refused as error:
            found.append([error.kind, str(error), error.otp])
    found += connection.waiting
    return json.dumps(found)


def test_no_answer_shows_the_value_of_a_variable_to_a_viewer_or_an_operator():
    with RoleDaemon(CONFIG) as daemon:
        for role in ('viewer', 'operator'):
            text = everything_that_shows(daemon.connect_as(role))
            assert text.count('"DB_PASSWORD": null') >= 5, text
            assert SECRET not in text, (role, text)


def test_an_admin_sees_names_and_values_and_others_see_names():
    with RoleDaemon(CONFIG) as daemon:
        for role, value in (('viewer', None), ('operator', None), ('admin', SECRET)):
            client = daemon.connect_as(role)
            wanted = {'DB_PASSWORD': value}
            assert client.call('get_childspec', path='a')['environment'] == wanted, role
            assert client.call('info', path='deep/a')['spec']['environment'] == wanted, role
            inner = client.call('get_childspec', path='deep')['supervisor']['children'][0]
            assert inner['environment'] == wanted, role


def test_a_broken_configuration_shows_its_lines_to_an_admin_only():
    with RoleDaemon(CONFIG) as daemon:
        for broken in (f'children: [{{id: a, start: x, environment: "{SECRET}"}}]',
                       f'children: [{{id: a, start: x, environment: {{A: {SECRET}, A: [}}}}]',
                       f'children: [{{id: a, start: x, {SECRET}: 1}}]'):
            daemon.write(broken)
            for role in ('operator', 'admin'):
                try:
                    daemon.connect_as(role).call('reload')
                    raise AssertionError('it was accepted')
                except Refused as error:
                    assert error.kind == 'invalid_spec', error
                    assert (SECRET in str(error)) == (role == 'admin'), str(error)
                    assert 'suptree.yaml:1:' in str(error), str(error)


def test_a_process_of_another_user_finds_no_secret_of_the_daemon():
    given = {**os.environ, 'DB_PASSWORD': SECRET}
    with RoleDaemon(environment=given) as daemon:
        daemon.call('start_child', path='/', spec={
            'id': 'x', 'user': str(nobody()), 'group': str(nobody()), 'start': [
                'sh', '-c', 'env; tr "\\0" "\\n" </proc/$PPID/environ; echo done; '
                'exec sleep infinity']})
        daemon.poll(lambda: any(line['text'] == 'done' for line in daemon.call(
            'logs', path='x')['lines']))
        text = json.dumps(daemon.call('logs', path='x'))
        assert 'HOME=' in text and SECRET not in text, text


ktap.run(globals())
