#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Root's daemon keeps only a few capabilities, and its children do not miss any."""

import os
import pwd
import signal
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from suptreed import Daemon, Guard  # noqa: E402

# CHOWN DAC_OVERRIDE KILL SETGID SETUID NET_ADMIN PTRACE NICE RESOURCE
KEPT = (0, 1, 5, 6, 7, 12, 19, 23, 24)


def sets(pid):
    with open(f'/proc/{pid}/status', encoding='ascii') as file:
        return {line[:6]: int(line.split()[1], 16) for line in file if line.startswith('Cap')}


def needs_root():
    if os.geteuid() != 0:
        raise ktap.Skip('needs root')


def test_the_daemon_keeps_what_it_needs_and_its_children_have_all():
    needs_root()
    own = sets('self')
    with Daemon() as daemon:
        left = sets(daemon.process.pid)
        assert left['CapEff'] == own['CapEff'] & sum(1 << number for number in KEPT), left
        assert {**left, 'CapEff': own['CapEff']} == own, left
        for name, more in (('plain', {}), ('strict', {'no_new_privs': True})):
            daemon.call('start_child', path='/', spec={
                'id': name, 'start': ['sleep', 'infinity'], **more})
            assert sets(daemon.pid(name)) == own, name


def test_what_is_asked_for_children_is_still_granted():
    needs_root()
    nobody = pwd.getpwnam('nobody')
    with Daemon() as daemon:
        os.mkdir(daemon.dir + '/private', 0o700)
        os.chown(daemon.dir + '/private', nobody.pw_uid, nobody.pw_gid)
        daemon.call('start_child', path='/', spec={
            'id': 'root', 'nice': -5, 'cwd': daemon.dir + '/private',
            'start': ['sleep', 'infinity']})
        daemon.call('start_child', path='/', spec={
            'id': 'nobody', 'user': 'nobody', 'cwd': daemon.dir + '/private', 'nice': -5,
            'start': ['sleep', 'infinity']})
        info = daemon.info('nobody')
        assert info['process']['cwd'] == daemon.dir + '/private', 'its /proc can be read'
        assert sets(info['pid'])['CapEff'] == 0
        assert 'command' not in info['process'], 'it is in memory that another user may hold up'
        own = daemon.info('root')
        assert own['process']['command'] == ['sleep', 'infinity'], own
        daemon.poll(lambda: daemon.info('root')['process']['fds'] == len(
            os.listdir(f'/proc/{own["pid"]}/fd')))
        end = Guard(info['pid'])
        daemon.call('terminate_child', path='nobody')
        end.wait()


def environment_of(daemon, name, **spec):
    daemon.call('start_child', path='/', spec={
        'id': name, 'start': ['sleep', 'infinity'], **spec})
    found = []

    def read():  # nothing is there until the kernel has loaded the program
        with open(f'/proc/{daemon.pid(name)}/environ', encoding='utf-8') as file:
            found[:] = file.read().rstrip('\0').split('\0')
        return found != ['']

    daemon.poll(read)
    pairs = dict(line.split('=', 1) for line in found)
    return {key: value for key, value in pairs.items() if not key.startswith('SUPTREE_')}


GIVEN = {'PATH': os.environ['PATH'], 'LANG': 'C.UTF-8', 'DB_PASSWORD': 'geheim', 'HOME': '/root',
         'INVOCATION_ID': 'f00', 'JOURNAL_STREAM': '8:1', 'CREDENTIALS_DIRECTORY': '/run/secret',
         'LISTEN_FDS': '1', 'LISTEN_FDNAMES': 'x'}


def test_a_child_with_a_user_begins_with_a_clean_environment():
    needs_root()
    nobody = pwd.getpwnam('nobody')
    clean = {'PATH': GIVEN['PATH'], 'LANG': 'C.UTF-8', 'HOME': nobody.pw_dir, 'USER': 'nobody',
             'LOGNAME': 'nobody', 'SHELL': nobody.pw_shell}
    with Daemon(environment=GIVEN) as daemon:
        assert environment_of(daemon, 'a', user='nobody') == clean
        assert environment_of(daemon, 'b', user=str(nobody.pw_uid)) == clean
        assert environment_of(daemon, 'c', user='nobody', environment={
            'HOME': '/tmp', 'DB': 'x'}) == {**clean, 'HOME': '/tmp', 'DB': 'x'}
        assert environment_of(daemon, 'd', user='54321', group='0') == {
            **clean, 'HOME': '/', 'USER': '54321', 'LOGNAME': '54321', 'SHELL': '/bin/sh'}
        assert environment_of(daemon, 'e', user='nobody', clear_environment=True) == {
            'PATH': GIVEN['PATH']}


def test_a_child_of_the_daemons_user_inherits_all_but_the_variables_of_its_manager():
    with Daemon(environment=GIVEN) as daemon:
        inherited = environment_of(daemon, 'a')
        assert inherited['DB_PASSWORD'] == 'geheim' and inherited['HOME'] == '/root', inherited
        for name in 'INVOCATION_ID JOURNAL_STREAM CREDENTIALS_DIRECTORY LISTEN_FDS ' \
                    'LISTEN_FDNAMES NOTIFY_SOCKET'.split():
            assert name not in inherited, name


def test_a_daemon_without_root_keeps_what_it_was_given():
    needs_root()
    nobody = pwd.getpwnam('nobody').pw_uid
    with Daemon('children: [{id: a, start: [sleep, infinity]}]', user=nobody) as daemon:
        assert sets(daemon.process.pid)['CapEff'] == 0
        events = daemon.follow()
        os.kill(daemon.pid('a'), signal.SIGKILL)
        events.event('started', 'a')


ktap.run(globals())
