#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Which process dies when memory runs out: the scores of the daemon and its children."""

import os
import signal
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from suptreed import Daemon  # noqa: E402

CAP_SYS_RESOURCE = 24
TWO = '''
children:
  - {id: plain, start: [sleep, infinity], output: "null"}
  - {id: first, start: [sleep, infinity], output: "null", oom_score_adj: 700}
'''


def score(pid):
    with open(f'/proc/{pid}/oom_score_adj', encoding='ascii') as file:
        return int(file.read())


def may_lower():
    with open('/proc/self/status', encoding='ascii') as file:
        fields = dict(line.split(':\t', 1) for line in file)
    return bool(int(fields['CapEff'], 16) >> CAP_SYS_RESOURCE & 1)


def with_score(own):
    """A daemon that was started with this score."""
    daemon = Daemon(TWO)
    set_own = f'echo {own} > /proc/self/oom_score_adj && exec "$@"'
    daemon.command = ['sh', '-c', set_own, 'sh', *daemon.command]
    return daemon


def test_children_have_the_score_0_whatever_the_daemons_is():
    with with_score(100) as daemon:
        assert score(daemon.process.pid) == 100
        assert score(daemon.pid('plain')) == 0
        assert 'OOM' not in daemon.said(), daemon.said()


def test_a_child_has_the_score_that_it_was_given():
    with with_score(100) as daemon:
        assert score(daemon.pid('first')) == 700


def test_a_child_that_is_started_again_has_the_score_0_again():
    with with_score(100) as daemon:
        events = daemon.follow()
        os.kill(daemon.pid('plain'), signal.SIGKILL)
        events.event('started', 'plain')
        assert score(daemon.pid('plain')) == 0


def test_roots_daemon_protects_itself_where_it_may():
    if os.geteuid() != 0 or score('self') != 0:
        raise ktap.Skip('needs root with the score 0')
    with Daemon(TWO) as daemon:
        assert score(daemon.pid('plain')) == 0
        assert score(daemon.pid('first')) == 700
        if may_lower():
            assert score(daemon.process.pid) == -900
        else:
            assert score(daemon.process.pid) == 0
        assert daemon.call('status')['oom_score_adj'] == score(daemon.process.pid)


def test_a_score_that_the_daemon_may_not_give_is_refused_before_anything_is_started():
    if may_lower() or score('self') < 0:
        raise ktap.Skip('needs a process without CAP_SYS_RESOURCE')
    with Daemon(TWO) as daemon:
        daemon.write(TWO.replace('700', '-1'))
        try:
            daemon.call('reload')
        except Exception as refused:  # whichever error it is, its text must tell
            assert 'oom_score_adj' in str(refused), refused
        else:
            raise AssertionError('it was not refused')
        assert score(daemon.pid('first')) == 700


ktap.run(globals())
