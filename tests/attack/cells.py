#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Who may do what: a test for each cell of the table (role) x (operation).

The daemon's own table has the rows, the role that each needs, and the parameters. A new
operation has its cells without a line here. What is refused must change nothing.
"""

import os
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from puppets import PuppetDaemon, puppet, refusal  # noqa: E402
from roles import needs_mount_namespaces, nobody  # noqa: E402
from suptreed import BIN  # noqa: E402

CONFIG = f'''
intensity: 100000
children:
  - {puppet('child', user='nobody')}
  - id: demo
    supervisor:
      intensity: 100000
      children: [{{id: a, start: [{BIN}/kv-store], ready: notify}}]
'''
RANKS = ('none', 'viewer', 'operator', 'admin')
ROLES = {  # who asks: (role, uid; None: it is the supervised process)
    'root': ('admin', 0), 'admin': ('admin', nobody()), 'operator': ('operator', nobody()),
    'viewer': ('viewer', nobody()), 'nobody': ('none', nobody()), 'child': ('none', None),
}
OF_ITSELF = {'register', 'unregister', 'join', 'leave', 'offer', 'withdraw'}
VALUES = {
    'child': 'demo/a', 'name': 'name_1', 'file': '/nonexistent', 'condition': 'demo=gone',
    'duration': 1, 'ref': 1, 'trace_id': 1, 'args': ['kill a'], 'signal': 'KILL', 'generation': 1,
    'spec': {'id': 'new', 'start': ['sleep', 'infinity']}, 'specs': [], 'reason': 'shutdown',
    'method': 'x.demo/a.size', 'word': 'w', 'count': 1, 'text': 't', 'object': {},
    'objects': [{'name': 'cell', 'summary': 'a cell'}],
}
ALWAYS = {'timeout_ms'}  # so that no cell waits for long


def value_of(param):
    if param.get('words'):
        return param['words'][0]
    if param['type'] == 'path':
        return 'demo' if param['help'].startswith(('the supervisor', 'a tree')) else 'demo/a'
    return VALUES[param['type']]


def params_of(row):
    """Parameters with which an operation does what it is for."""
    found, sets = {}, set()
    for param in row['params']:
        is_first = param.get('one_of') and param.get('set') not in sets
        if param.get('one_of'):
            sets.add(param.get('set'))
        if param['required'] or is_first or param['name'] in ALWAYS:
            found[param['name']] = value_of(param)
    return found


def everything(daemon):
    """What no refused operation may change."""
    rows = [{key: row.get(key) for key in ('path', 'state', 'pid', 'restarts', 'strategy')}
            for row in daemon.call('ps')]
    return (rows, *(daemon.call(name) for name in ('registered', 'groups', 'offered')),
            daemon.call('get_childspec', path='demo'))


def connect(daemon, who):
    role, uid = ROLES[who]
    if uid is None:
        return daemon.puppets['child'].connect()
    return daemon.connect_as(None if role == 'none' else role, uid)


def is_allowed(row, who):
    role, uid = ROLES[who]
    if uid is None and row.get('for_children'):
        return True
    return RANKS.index(role) >= RANKS.index(row['role']) and row['name'] not in OF_ITSELF


def kind_of(daemon, row, who):
    """The kind of failure of an operation, or None."""
    params = params_of(row)
    client = connect(daemon, who)
    try:
        if ROLES[who] == ('none', nobody()):
            return client.message()['error']['data']['kind']  # it is turned away at once
        return refusal(client.call, row['name'], **params)
    except EOFError:
        return None  # the daemon has done it: it has ended
    finally:
        client.close()


def refused(daemon, row, who):
    def test():
        before = everything(daemon)
        assert kind_of(daemon, row, who) == 'refused'
        assert everything(daemon) == before
    return test


def allowed(daemon, row, who):
    def test():
        kind = kind_of(daemon, row, who)
        assert kind != 'refused' and kind != 'invalid_params', kind
    return test


def stopped(row, who):
    def test():
        with PuppetDaemon(['child'], CONFIG) as daemon:
            assert kind_of(daemon, row, who) is None
            assert daemon.process.wait() == 0
    return test


def cells(daemon):
    """{name: test}: those that change nothing first."""
    rows = [row for row in daemon.call('operations') if 'seq' not in row]
    assert OF_ITSELF <= {row['name'] for row in rows}
    VALUES['pid'] = daemon.pid('demo/a')
    done, last = {}, {}
    for row in rows:
        for who in ROLES:
            if not is_allowed(row, who):
                done[f'{who}_is_refused_{row["name"]}'] = refused(daemon, row, who)
            elif row['name'] == 'stop':
                last[f'{who}_may_stop'] = stopped(row, who)
            else:
                last[f'{who}_may_{row["name"]}'] = allowed(daemon, row, who)
    return {'test_' + name: test for name, test in (done | last).items()}


def named(tests):
    for name, test in tests.items():
        test.__name__ = name
    return tests


try:
    needs_mount_namespaces()
except ktap.Skip as reason:
    ktap.skip_all(str(reason))
with PuppetDaemon(['child'], CONFIG) as shared:
    ktap.run(named(cells(shared)))
