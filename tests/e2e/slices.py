#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""tree and ps of large trees: in slices, in pages, some children or some members of them."""

import json
import os
import signal
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from suptreed import Connection, Daemon, Refused, states  # noqa: E402

LARGE = f'''
children:
  - {{id: first, start: [sleep, infinity]}}
  - id: big
    supervisor: {{strategy: simple_one_for_one, children: [{{id: w, start: [sleep, infinity]}}]}}
  - id: deep
    supervisor:
      children:
        - {{id: x, supervisor: {{children: [{{id: y, start: [sleep, infinity]}}]}}}}
        - {{id: z, start: [sleep, infinity]}}
'''


def large(daemon, number=300):
    for index in range(number):
        daemon.call('start_child', path='big', name=f'w{index}', args=[])


def paths(rows):
    return [row['path'] for row in rows]


def nested(node):
    return [node['path']] + [path for child in node.get('children', []) for path in nested(child)]


def test_tree_and_ps_show_the_same_children_in_the_same_order():
    with Daemon(LARGE) as daemon:
        large(daemon)
        tree = daemon.call('tree')
        assert tree['seq'] == tree['seq_end'] and 'next' not in tree
        assert nested(tree['root']) == paths(daemon.call('ps'))
        assert len(nested(tree['root'])) == 300 + 7


def test_pages_together_are_the_whole():
    with Daemon(LARGE) as daemon:
        large(daemon, 50)
        whole = paths(daemon.call('ps'))
        for limit in (1, 7, len(whole)):
            rows, after = [], {}
            while True:
                page = daemon.call('ps', limit=limit, **after)
                if not page:
                    break
                assert len(page) <= limit
                rows += paths(page)
                after = {'after': rows[-1]}
            assert rows == whole
        seen, after = [], {}
        while True:
            page = daemon.call('tree', limit=9, **after)
            seen += [path for path in nested(page['root']) if path not in seen]
            if 'next' not in page:
                break
            after = {'after': page['next']}
        assert seen == whole


def test_only_some_levels_states_or_members_are_shown():
    with Daemon(LARGE) as daemon:
        assert paths(daemon.call('ps', depth=0)) == ['/']
        assert paths(daemon.call('ps', depth=1)) == ['/', 'first', 'big', 'deep']
        assert paths(daemon.call('ps', path='deep', depth=1)) == ['deep', 'deep/x', 'deep/z']
        daemon.call('terminate_child', path='deep/x/y')
        assert paths(daemon.call('ps', state='stopped')) == ['deep/x/y']
        tree = daemon.call('tree', state='stopped')
        assert nested(tree['root']) == ['/', 'deep', 'deep/x', 'deep/x/y'], tree
        assert daemon.call('ps', path='first', fields='state,pid') == [{
            'path': 'first', 'partial': True, 'state': 'running', 'pid': daemon.pid('first'),
            'generation': daemon.info('first')['generation']}]
        tree = daemon.call('tree', fields='id', depth=1)
        assert tree['root'] == {
            'id': '/', 'path': '/', 'partial': True, 'children': [
                {'id': 'first', 'path': 'first', 'partial': True},
                {'id': 'big', 'path': 'big', 'partial': True, 'children': []},
                {'id': 'deep', 'path': 'deep', 'partial': True, 'children': []}]}, tree


def test_what_cannot_be_shown_is_refused():
    with Daemon(LARGE) as daemon:
        for kind, params in (('invalid_params', {'state': 'happy'}),
                             ('invalid_params', {'fields': 'state,happy'}),
                             ('invalid_params', {'limit': 0}),
                             ('invalid_params', {'path': 'deep', 'after': 'first'}),
                             ('not_found', {'after': 'gone'})):
            for method in ('tree', 'ps'):
                try:
                    daemon.call(method, **params)
                except Refused as refusal:
                    assert refusal.kind == kind, (params, refusal.kind)
                else:
                    raise AssertionError(f'{method} {params} was answered')


def test_the_tree_may_change_while_an_answer_is_written():
    """A client that does not read holds up its answer; what stays is in it once."""
    with Daemon('intensity: 1000\n' + LARGE) as daemon:
        large(daemon, 900)
        pids = {row['path']: row.get('pid') for row in daemon.call('ps')}
        slow = Connection(daemon.socket)
        for number in (1, 2, 3):
            slow.socket.sendall(json.dumps({'jsonrpc': '2.0', 'id': number,
                                            'method': 'tree'}).encode() + b'\n')
        daemon.call('ping')
        events = daemon.follow()
        os.kill(daemon.pid('first'), signal.SIGKILL)
        events.event('started', 'first')
        for index in range(500, 900):
            daemon.call('terminate_child', path='big', pid=pids[f'big/w{index}'])
        changed = 0
        for _ in (1, 2, 3):
            result = slow.message()['result']
            shown = nested(result['root'])
            assert len(shown) == len(set(shown))
            assert set(shown) >= {f'big/w{index}' for index in range(500)}
            assert states(result['root'])['deep/z'] == 'running'
            changed += result['seq'] != result['seq_end']
        assert changed
        slow.close()


ktap.run(globals())
