#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Logins: a client that shows a secret has the role of the user who made it, and no other."""

import os
import sys

sys.path[:0] = [os.environ['ST_TEST_TOP'] + '/tests/lib']
import ktap  # noqa: E402
from suptreed import Daemon, Refused  # noqa: E402

CONFIG = 'children:\n  - {id: sleeper, start: [sleep, inf]}\n'


def refused(call, *args, kind='refused', **params):
    try:
        call(*args, **params)
    except Refused as error:
        assert error.kind == kind, error.kind
        return str(error)
    raise AssertionError('it was not refused')


def unknown(call, *args, **params):
    return refused(call, *args, kind='not_found', **params)


def ticket(daemon, **params):
    return daemon.call('open', **params)['link'].partition('#')[2]


def test_a_ticket_is_good_once_and_begins_a_session():
    with Daemon(CONFIG) as daemon:
        secret = ticket(daemon)
        login = daemon.connect().call('login', secret=secret)
        assert (login['role'], len(login['session'])) == ('admin', 64), login
        assert 'suptree open' in unknown(daemon.connect().call, 'login', secret=secret)
        again = daemon.connect().call('login', secret=login['session'])
        assert again['role'] == 'admin' and 'session' not in again, again


def test_a_connection_has_the_role_of_its_login_and_not_that_of_its_user():
    with Daemon(CONFIG) as daemon:
        viewer = daemon.connect()
        viewer.call('login', secret=ticket(daemon, role='viewer'))
        assert viewer.call('ps')
        assert 'the role operator is needed' in refused(viewer.call, 'kill', path='sleeper')
        assert refused(viewer.call, 'open', role='operator')
        assert viewer.call('open')['role'] == 'viewer'
        operator = daemon.connect()
        operator.call('login', secret=ticket(daemon, role='operator'))
        operator.call('kill', path='sleeper')
        assert 'the role admin is needed' in refused(operator.call, 'stop')
        assert unknown(viewer.call, 'login', secret='0' * 64)
        assert refused(viewer.call, 'kill', path='sleeper')


def test_a_token_serves_until_it_is_ended():
    with Daemon(CONFIG) as daemon:
        token = daemon.call('open', token=True, role='operator')['token']
        for _ in range(3):
            assert daemon.connect().call('login', secret=token)['role'] == 'operator'
        daemon.call('logout', secret=token)
        unknown(daemon.connect().call, 'login', secret=token)
        unknown(daemon.call, 'logout', secret=token)


def test_a_user_can_have_only_a_few_logins():
    with Daemon(CONFIG) as daemon:
        tickets = [ticket(daemon) for _ in range(32)]
        try:
            daemon.call('open')
        except Refused as error:
            assert error.kind == 'limit', error.kind
        else:
            raise AssertionError('there was no limit')
        daemon.call('logout', secret=tickets[0])
        daemon.call('open')


def test_another_daemon_knows_none_of_the_secrets():
    with Daemon(CONFIG) as daemon:
        token = daemon.call('open', token=True)['token']
    with Daemon(CONFIG) as daemon:
        unknown(daemon.connect().call, 'login', secret=token)


ktap.run(globals())
