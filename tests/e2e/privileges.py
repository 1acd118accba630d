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
        end = Guard(info['pid'])
        daemon.call('terminate_child', path='nobody')
        end.wait()


def test_a_daemon_without_root_keeps_what_it_was_given():
    needs_root()
    nobody = pwd.getpwnam('nobody').pw_uid
    with Daemon('children: [{id: a, start: [sleep, infinity]}]', user=nobody) as daemon:
        assert sets(daemon.process.pid)['CapEff'] == 0
        events = daemon.follow()
        os.kill(daemon.pid('a'), signal.SIGKILL)
        events.event('started', 'a')


ktap.run(globals())
