#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Attacks by names: a process of another user wants calls that are meant for others."""

import os
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from puppets import PuppetDaemon, puppet, refusal  # noqa: E402
from roles import nobody  # noqa: E402
from suptreed import BIN  # noqa: E402
from talker import REPLY  # noqa: E402

STORE = f'start: [{BIN}/kv-store], ready: notify'
TREE = f'''
children:
  - {puppet('evil', user='nobody')}
  - {puppet('good')}
  - {{id: bank, {STORE}}}
  - id: deep
    supervisor: {{children: [{{id: vault, {STORE}}}, {{id: twin, {STORE}}}]}}
  - id: other
    supervisor: {{children: [{{id: twin, {STORE}}}]}}
'''
PUPPETS = ('evil', 'good')


def test_the_path_of_a_child_is_not_a_free_name():
    with PuppetDaemon(PUPPETS, TREE) as daemon:
        for name in PUPPETS:
            control = daemon.puppets[name].connect()
            for taken in ('bank', 'deep', 'vault', 'twin', 'other'):
                assert refusal(control.call, 'register', name=taken) == 'already_registered', taken
        assert daemon.call('registered') == []
        assert daemon.call('whereis', path='bank')['path'] == 'bank'
        assert daemon.reach('vault').answer['path'] == 'deep/vault'


def test_the_name_of_the_child_itself_is_free_and_so_is_any_other_one():
    with PuppetDaemon(PUPPETS, TREE) as daemon:
        control = daemon.puppets['evil'].connect()
        for name in ('evil', 'leader', 'daemons'):
            assert control.call('register', name=name) == {'ok': True}


def test_who_has_taken_a_name_before_a_child_came_does_not_get_its_calls():
    with PuppetDaemon(PUPPETS, TREE) as daemon:
        evil = daemon.puppets['evil']
        evil.serve()
        evil.connect().call('register', name='mint')
        client = daemon.connect()
        assert client.call('whereis', path='mint')['uid'] == nobody()
        client.call('connect', path='mint')
        daemon.call('start_child', path='/', spec=f'{{id: mint, {STORE}}}')
        assert client.notification()['params'] == {'name': 'mint'}, 'and those who talk to it hear'
        assert daemon.call('whereis', path='mint')['path'] == 'mint'
        assert daemon.call('x.mint.size') == {'reply': '0'}
        assert daemon.reach('mint').ask('size') == (REPLY, '0')


def test_the_names_of_services_are_kept_for_the_daemons_own_user():
    with PuppetDaemon(PUPPETS, TREE) as daemon:
        for name in ('tracer', 'daemon'):
            control = daemon.puppets['evil'].connect()
            assert refusal(control.call, 'register', name=name) == 'refused', name
        assert refusal(daemon.call, 'trace_list') == 'noproc'
        assert daemon.puppets['good'].connect().call('register', name='tracer') == {'ok': True}


def test_each_answer_with_a_name_has_the_uid_of_its_owner():
    with PuppetDaemon(PUPPETS, TREE) as daemon:
        uids = {'evil': nobody(), 'good': os.getuid()}
        for path, uid in uids.items():
            control = daemon.puppets[path].connect()
            daemon.puppets[path].serve()
            control.call('register', name=path + '_1')
            control.call('join', group='all')
            control.call('offer', operations=[{'name': 'get', 'summary': 'give'}])
            assert daemon.call('whereis', path=path + '_1')['uid'] == uid
            assert daemon.reach(path + '_1').answer['uid'] == uid
            assert daemon.call('offered', path=path)[0]['uid'] == uid
        for method, params in (('registered', {}), ('members', {'group': 'all'}), ('groups', {}),
                               ('offered', {})):
            rows = {row['path']: row['uid'] for row in daemon.call(method, **params)}
            assert {path: rows[path] for path in uids} == uids, method


def test_an_operation_is_offered_under_the_own_name_only():
    with PuppetDaemon(PUPPETS, TREE) as daemon:
        evil = daemon.puppets['evil'].connect()
        daemon.puppets['evil'].serve()
        assert refusal(evil.call, 'register', name='bank') == 'already_registered'
        evil.call('offer', operations=[{'name': 'size', 'summary': 'lie'}])
        mine = [row for row in daemon.call('offered') if row['path'] == 'evil']
        assert [row['name'] for row in mine] == ['x.evil.size'], mine
        assert daemon.call('x.bank.size') == {'reply': '0'}
        for wrong in ('bank.size', 'x.bank.size', 'a/b', 'size\n'):
            assert refusal(evil.call, 'offer', operations=[
                {'name': wrong, 'summary': 'lie'}]) == 'invalid_params', wrong


def test_nobody_gives_up_the_names_or_operations_of_another_one():
    with PuppetDaemon(PUPPETS, TREE) as daemon:
        good, evil = (daemon.puppets[name].connect() for name in ('good', 'evil'))
        good.call('register', name='leader')
        good.call('join', group='all')
        offered = daemon.call('offered')
        for method, params in (('unregister', {'name': 'leader'}), ('leave', {'group': 'all'}),
                               ('withdraw', {'operation': 'size'})):
            assert refusal(evil.call, method, **params) == 'conflict', method
        assert [row['name'] for row in daemon.call('registered')] == ['leader']
        assert len(daemon.call('members', group='all')) == 1
        assert daemon.call('offered') == offered


ktap.run(globals())
