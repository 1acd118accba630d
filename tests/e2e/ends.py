#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The last part of a path means the child, in every operation that takes a path."""

import os
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from suptreed import Daemon, Refused  # noqa: E402

SLEEP = 'start: [sleep, infinity], output: "null"'
TREE = f'''
children:
  - id: demo
    supervisor:
      strategy: one_for_one
      intensity: 100
      children:
        - {{id: a, {SLEEP}}}
        - {{id: twin, {SLEEP}}}
        - {{id: inner, supervisor: {{strategy: one_for_one, children: [{{id: b, {SLEEP}}}]}}}}
        - {{id: pool, supervisor: {{strategy: simple_one_for_one, children: [{{id: t, {SLEEP}}}]}}}}
  - {{id: other, supervisor: {{children: [{{id: twin, {SLEEP}}}, {{id: demo, {SLEEP}}}]}}}}
'''
# What else an operation is given, and what its path means.
GIVEN = {
    'which_children': ('inner', {}), 'count_children': ('inner', {}),
    'get_childspec': ('b', {}), 'tree': ('inner', {}), 'ps': ('inner', {}), 'info': ('b', {}),
    'logs': ('b', {}), 'subscribe': ('b', {}), 'strategy': ('inner', {'intensity': 7}),
    'change': ('inner', {'spec': {'intensity': 8, 'children': [
        {'id': 'b', 'start': ['sleep', 'infinity'], 'output': 'null'}]}}),
    'start_child': ('inner', {'spec': {'id': 'new', 'start': ['sleep', 'infinity']}}),
    'kill': ('b', {}), 'terminate_child': ('b', {}), 'restart_child': ('b', {}),
    'restart': ('b', {}),
    'delete_child': ('new', {}), 'stop_supervisor': ('inner', {'reason': 'shutdown'}),
}
# What is asked before and after it.
FIRST = {'restart_child': [('terminate_child', 'b')], 'delete_child': [('terminate_child', 'new')]}
THEN = {'terminate_child': [('restart_child', 'b')]}
NOT_BELOW_THE_ROOT = {'unload'}


def with_paths(daemon):
    return [row['name'] for row in daemon.call('operations')
            if any(param['type'] == 'path' for param in row['params'])]


def test_every_operation_with_a_path_takes_the_last_part_of_one():
    with Daemon(TREE) as daemon:
        names = with_paths(daemon)
        assert len(names) > 15 and set(GIVEN) <= set(names), names
        for name in names:
            path, others = GIVEN.get(name, ('inner', {}))
            for method, of in FIRST.get(name, ()):
                daemon.call(method, path=of)
            try:
                daemon.connect().call(name, path=path, **others)
            except Refused as refused:
                assert name in NOT_BELOW_THE_ROOT and refused.kind == 'conflict', (name, refused)
                assert 'demo/inner' in str(refused), refused
            for method, of in THEN.get(name, ()):
                daemon.call(method, path=of)
            daemon.call('settle')


def test_a_path_that_exists_is_never_taken_for_the_end_of_another():
    with Daemon(TREE) as daemon:
        assert daemon.info('demo')['path'] == 'demo'
        assert daemon.info('other/demo')['path'] == 'other/demo'


def test_an_end_that_several_children_have_is_refused_with_their_paths():
    with Daemon(TREE) as daemon:
        for method in ('info', 'kill', 'logs', 'why', 'connect', 'subscribe'):
            try:
                daemon.connect().call(method, path='twin')
                raise AssertionError(f'{method}: not refused')
            except Refused as refused:
                assert refused.kind == 'conflict', (method, refused.kind)
                assert str(refused).endswith('twin: 2 children have this name; give more of the '
                                             'path: demo/twin, other/twin'), refused
        assert daemon.info('demo/twin')['restarts'] == daemon.info('other/twin')['restarts'] == 0


def test_more_than_one_part_is_a_whole_path():
    with Daemon(TREE) as daemon:
        for path in ('inner/b', 'x/b', 'nothing'):
            try:
                daemon.info(path)
                raise AssertionError(f'{path}: not refused')
            except Refused as refused:
                assert (refused.kind, str(refused)) == (
                    'not_found', f'info {path}: no such child'), refused


def test_a_condition_may_end_with_the_last_part_too():
    with Daemon(TREE) as daemon:
        daemon.call('terminate_child', path='demo/inner/b')
        daemon.until('b=stopped')
        daemon.call('delete_child', path='b')
        daemon.until('b=gone')


if __name__ == '__main__':
    ktap.run(globals())
