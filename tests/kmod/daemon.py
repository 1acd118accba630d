#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""suptreed and suptree.ko: the module's tree is the daemon's, whatever happens to
either of them, and it sees all that the daemon sees of ends.
"""

import json
import os
import pathlib
import pwd
import random
import signal
import subprocess
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from suptreed import BIN, Daemon, Guard  # noqa: E402

PROC = pathlib.Path('/proc/suptree')
WORKER = 'start: [sleep, infinity]'
CONFIG = f'''
intensity: 100000
children:
  - id: all
    supervisor:
      strategy: one_for_all
      intensity: 100000
      children: [{{id: a, {WORKER}}}, {{id: b, {WORKER}}}]
  - id: rest
    supervisor:
      strategy: rest_for_one
      intensity: 100000
      children:
        - {{id: c, {WORKER}}}
        - {{id: d, {WORKER}}}
        - {{id: once, restart: temporary, {WORKER}}}
  - id: pool
    supervisor:
      {{strategy: simple_one_for_one, intensity: 100000, children: [{{id: t, {WORKER}}}]}}
'''
NR_KILLS = 200


def audit(daemon, *options):
    done = subprocess.run([BIN + '/suptree', '--socket', daemon.socket, 'audit', '--json',
                           *options], capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout or 'null'), done.stderr


def assert_agrees(daemon):
    status, said, errors = audit(daemon)
    assert status == 0 and 'without' not in said, (said, errors)


def linked(daemon):
    return daemon.call('status')['kernel_module']['state']


def rows(name):
    """[{column: word}] of a file of the module."""
    titles, *lines = PROC.joinpath(name).read_text('utf-8').splitlines()
    return [dict(zip(titles.split(), line.split())) for line in lines if line[0] != '#']


def owned_by(daemon):
    return f' owner {daemon.process.pid} ' in PROC.joinpath('tree').read_text('utf-8')


def tree_number(daemon):
    for line in PROC.joinpath('tree').read_text('utf-8').splitlines():
        words = line.split()
        if words[0] == '#' and words[4] == str(daemon.process.pid):
            return words[2]
    raise AssertionError('the module has no such tree')


def workers(daemon):
    return [node for node in daemon.call('ps') if node['type'] == 'worker' and node.get('pid')]


def test_the_module_has_the_daemons_tree():
    with Daemon(CONFIG) as daemon:
        daemon.until('rest=up')
        assert linked(daemon) == 'linked'
        assert_agrees(daemon)
        names = [row['name'] for row in rows('tree') if row['tree'] == tree_number(daemon)]
        assert names == ['root', 'all', 'a', 'b', 'rest', 'c', 'd', 'once', 'pool'], names


def test_it_follows_what_people_do_to_the_tree():
    with Daemon(CONFIG) as daemon:
        daemon.until('rest=up')
        for name in ('one', 'two', 'ü'):
            daemon.call('start_child', path='pool', name=name)
        daemon.call('terminate_child', path='rest/c')
        assert_agrees(daemon)
        daemon.call('delete_child', path='rest/c')
        daemon.call('terminate_child', path='pool/one')
        daemon.call('strategy', path='all', strategy='rest_for_one')
        daemon.call('start_child', path='rest', spec={
            'id': 'deep',
            'supervisor': {'children': [{'id': 'x', 'start': ['sleep', 'infinity']}]}})
        assert_agrees(daemon)
        daemon.write(CONFIG.replace('id: d', 'id: e'))
        daemon.call('reload')
        daemon.call('settle')
        assert_agrees(daemon)


def test_they_agree_whoever_is_killed():
    seed = random.randrange(1 << 32)
    dice = random.Random(seed)
    print(f'# seed {seed}')
    with Daemon(CONFIG) as daemon:
        daemon.until('rest=up')
        for number in range(NR_KILLS):
            victim = dice.choice(workers(daemon))
            try:
                os.kill(victim['pid'], signal.SIGKILL)
            except ProcessLookupError:
                continue  # its supervisor was faster
            if number % 20 == 0:
                status, said, _ = audit(daemon)
                assert status == 0, said
        daemon.call('settle')
        assert_agrees(daemon)


def status_of(event):
    """A reason of the daemon in the words of the module."""
    reason = event['reason']
    if reason == 'killed':
        return f'signal={int(signal.SIGKILL)}'
    if reason == 'shutdown':
        return f'signal={int(signal.SIGTERM)}'
    return f'exit={reason["code"]}'


def test_the_module_sees_each_end_as_the_daemon_does_and_in_its_order():
    with Daemon(CONFIG) as daemon:
        daemon.until('rest=up')
        number = tree_number(daemon)
        events = daemon.follow()
        seen = []
        for _ in range(60):
            os.kill(daemon.pid('rest/d'), signal.SIGKILL)
            seen.append(events.event('exited', 'rest/d'))
            events.event('started', 'rest/d')
        told = [row for row in rows('events')
                if row['tree'] == number and row['event'] == 'exited' and
                row['path'].endswith('rest/d')]
        assert [(row['gen'], row['status']) for row in told] == [
            (str(event['generation']), status_of(event)) for event in seen]


def test_a_daemon_that_is_killed_leaves_no_tree():
    with Daemon(CONFIG) as daemon:
        daemon.until('rest=up')
        number = tree_number(daemon)
        daemon.stop(signal.SIGKILL)
        assert not owned_by(daemon)
        events = [row['event'] for row in rows('events') if row['tree'] == number]
        assert events[-1] == 'owner_lost', events[-5:]
        for left in os.listdir(daemon.dir):
            if left.startswith('control'):
                os.unlink(f'{daemon.dir}/{left}')
        daemon.process.returncode = 0


def test_a_daemon_that_stops_takes_its_tree_along():
    with Daemon(CONFIG) as daemon:
        daemon.until('rest=up')
        number = tree_number(daemon)
        assert daemon.stop() == 0
        assert not owned_by(daemon)
        events = [row['event'] for row in rows('events') if row['tree'] == number]
        assert 'removed' in events, events[-5:]


def test_it_goes_on_without_the_module_and_tells_it_all_when_it_is_back():
    with Daemon(CONFIG) as daemon:
        daemon.until('rest=up')
        for _ in range(3):
            subprocess.run(['modprobe', '-r', 'suptree'], check=True)
            daemon.poll(lambda: linked(daemon) == 'absent')
            guard = Guard(daemon.pid('rest/d'))
            os.kill(daemon.pid('rest/d'), signal.SIGKILL)
            guard.wait()
            subprocess.run(['modprobe', 'suptree'], check=True)
            daemon.poll(lambda: linked(daemon) == 'linked')
            daemon.call('settle')
            assert_agrees(daemon)


def test_two_daemons_have_two_trees():
    with Daemon(CONFIG) as one, Daemon(CONFIG) as other:
        for daemon in (one, other):
            daemon.until('rest=up')
        assert tree_number(one) != tree_number(other)
        for daemon in (one, other):
            assert_agrees(daemon)


def test_a_daemon_without_the_right_goes_on_and_says_so():
    nobody = pwd.getpwnam('nobody').pw_uid
    with Daemon(CONFIG, user=nobody) as daemon:
        daemon.until('rest=up')
        said = daemon.call('status')['kernel_module']
        assert said['state'] == 'refused' and 'not permitted' in said['why'], said
        status, said, _ = audit(daemon)
        assert status == 0 and said['without'].endswith('has no tree of this daemon'), said


def test_the_audit_finds_what_the_module_says_otherwise():
    with Daemon(CONFIG) as daemon:
        daemon.until('rest=up')
        text = PROC.joinpath('tree').read_text('utf-8')
        file = daemon.write(text.replace(' rest_for_one ', ' one_for_one '), 'tree')
        status, said, _ = audit(daemon, '--module', file)
        assert status == 8 and said['differences'] == [
            {'path': 'rest', 'difference': 'strategy', 'daemon': 'rest_for_one',
             'module': 'one_for_one'}], said


if os.geteuid() or not PROC.exists():
    ktap.skip_all('needs root, and suptree.ko loaded')
ktap.run(globals())
