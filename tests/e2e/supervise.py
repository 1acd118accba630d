#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The daemon with real processes: OTP's rules as a user meets them."""

import os
import signal
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from suptreed import Daemon, Guard, Refused, states  # noqa: E402

SLEEP = 'start: [sleep, infinity], output: "null"'
THREE = f'''
children:
  - id: demo
    supervisor:
      strategy: %s
      intensity: 5
      period: 3600
      children:
        - {{id: a, {SLEEP}}}
        - {{id: b, {SLEEP}}}
        - {{id: c, {SLEEP}}}
'''


def pids(daemon):
    return {name: daemon.pid('demo/' + name) for name in 'abc'}


def command(pid):
    with open(f'/proc/{pid}/cmdline', 'rb') as file:
        return file.read()


def kill_b(daemon):
    """Kill b and return which of the three have a new process."""
    before = pids(daemon)
    os.kill(before['b'], signal.SIGKILL)
    daemon.follow(since=0).event('exited', 'demo/b')
    daemon.call('settle')
    after = pids(daemon)
    return [name for name in 'abc' if before[name] != after[name]]


def test_one_for_one_restarts_the_dead_child_alone_D1():
    with Daemon(THREE % 'one_for_one') as daemon:
        assert kill_b(daemon) == ['b']


def test_one_for_all_restarts_all_children_D2():
    with Daemon(THREE % 'one_for_all') as daemon:
        assert kill_b(daemon) == ['a', 'b', 'c']


def test_rest_for_one_restarts_those_started_after_it_D3():
    with Daemon(THREE % 'rest_for_one') as daemon:
        assert kill_b(daemon) == ['b', 'c']


def test_a_tree_that_gives_up_stays_visible_as_stopped_E6_E7():
    with Daemon((THREE % 'one_for_one').replace('intensity: 5', 'intensity: 0')) as daemon:
        events = daemon.follow()
        os.kill(daemon.pid('demo/a'), signal.SIGKILL)
        report = events.event('report', 'demo/a', context='shutdown')
        assert report['reason'] == 'reached_max_restart_intensity'
        daemon.until('demo=stopped')
        assert daemon.call('restart_child', path='demo')['started']
        daemon.until('demo=up')


def test_sigterm_stops_in_reverse_start_order_G1():
    with Daemon(THREE % 'one_for_one') as daemon:
        events = daemon.follow()
        daemon.process.send_signal(signal.SIGTERM)
        order = []
        while '/' not in order:
            order.append(events.event('exited')['path'])
        assert order == ['demo/c', 'demo/b', 'demo/a', 'demo', '/'], order
        assert daemon.process.wait() == 0


def test_the_root_has_no_restart_type_and_is_nobodys_child():
    with Daemon(THREE % 'one_for_one') as daemon:
        nodes = [daemon.info('/'), daemon.call('tree')['root'], daemon.call('ps')[0]]
        assert [node['restart'] for node in nodes] == [None] * 3, nodes
        assert daemon.info('demo')['restart'] == 'transient'
        for method in ('get_childspec', 'restart_child', 'terminate_child', 'delete_child'):
            try:
                daemon.call(method, path='/')
                raise AssertionError(method)
            except Refused as refusal:
                assert (refusal.kind, refusal.otp) == ('not_found', 'not_found'), method
                assert 'the root is no supervisor' in str(refusal), refusal


def test_who_stops_the_root_and_who_waits_for_it_have_their_answers_G6_C6():
    daemon = Daemon(THREE % 'one_for_one').start()
    asker, waiter = daemon.connect(), daemon.connect()
    events = daemon.follow()
    waiter.socket.sendall(b'{"jsonrpc":"2.0","id":1,"method":"wait",'
                          b'"params":{"until":"/=stopped"}}\n')
    assert asker.call('stop_supervisor', path='/')['ok']
    assert waiter.message()['result'] == {'ok': True}
    assert events.event('halted')['reason'] == 'normal'
    assert daemon.process.wait() == 1
    assert 'the root supervisor has ended: "normal"' in daemon.said()


# A child that can be stopped by SIGKILL only, and is READY when that is so.
STUBBORN = '''
    ready: notify
    start:
      - python3
      - -c
      - |
        import os, signal, socket
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        notify.sendto(b"READY=1", os.environ["NOTIFY_SOCKET"])
        signal.pause()
'''


def test_a_child_that_ignores_sigterm_is_killed_after_its_timeout_G3_G5():
    config = 'children:\n  - id: stubborn\n    shutdown: 50 ms' + STUBBORN
    with Daemon(config) as daemon:
        events = daemon.follow()
        daemon.call('terminate_child', path='stubborn')
        assert events.event('exited', 'stubborn')['reason'] == 'killed'
        assert events.event('report', 'stubborn')['context'] == 'shutdown_error'


OBEDIENT = '''
    ready: fd=3
    start:
      - python3
      - -c
      - |
        import os, signal, sys
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(%d))
        os.write(3, b"\\n")
        signal.pause()
'''


def test_a_service_that_obeys_sigterm_with_status_0_is_an_event_and_no_line_of_the_log_G5():
    for status, is_logged in ((0, False), (3, True)):
        with Daemon('children:\n  - id: service' + OBEDIENT % status) as daemon:
            events = daemon.follow()
            daemon.call('terminate_child', path='service')
            report = events.event('report', 'service')
            assert report['context'] == 'shutdown_error', report
            assert ('shutdown_error' in daemon.said()) == is_logged, daemon.said()


def test_the_second_sigterm_kills_what_does_not_stop_G7():
    config = 'children:\n  - id: for_ever\n    shutdown: infinity' + STUBBORN
    with Daemon(config) as daemon:
        child = Guard(daemon.pid('for_ever'))
        events = daemon.connect()
        daemon.process.send_signal(signal.SIGTERM)
        while not events.call('status')['stopping']:
            pass  # each call is a round trip through the daemon's loop
        daemon.process.send_signal(signal.SIGTERM)
        assert daemon.process.wait() == 0
        child.wait()


def test_a_start_that_fails_undoes_what_was_started_A5():
    with Daemon() as daemon:
        spec = {'id': 'demo', 'supervisor': {'children': [
            {'id': 'a', 'start': ['sleep', 'infinity']},
            {'id': 'b', 'start': ['/nonexistent/program']},
            {'id': 'c', 'start': ['sleep', 'infinity']}]}}
        try:
            daemon.call('start_child', path='/', spec=spec)
            raise AssertionError('it started')
        except Refused as refusal:
            assert refusal.kind == 'start_error'
            reason = refusal.otp['start_error']['shutdown']['failed_to_start_child']
            assert reason['id'] == 'b'
            assert 'No such file' in reason['reason']['error'], reason
        daemon.poll(lambda: daemon.pids() == [])
        assert daemon.call('which_children', path='/') == []


def test_an_exec_that_fails_says_which_step_and_why_B3():
    cases = [('/etc/passwd', 'Permission denied'), ('/etc', 'Permission denied'),
             ('no-such-program-anywhere', 'No such file')]
    with Daemon() as daemon:
        for program, why in cases:
            try:
                daemon.call('start_child', path='/', spec={
                    'id': 'x', 'start': [program], 'environment': {'PATH': '/usr/bin:/bin'}})
                raise AssertionError(f'{program} started')
            except Refused as refusal:
                text = refusal.otp['start_error']['error']
                assert why in text and program in text, text


def test_a_start_timeout_is_a_start_error_and_off_by_default():
    with Daemon() as daemon:
        spec = {'id': 'slow', 'ready': 'notify', 'start': ['sleep', 'infinity'],
                'start_timeout': '50 ms'}
        try:
            daemon.call('start_child', path='/', spec=spec)
            raise AssertionError('it was ready')
        except Refused as refusal:
            assert 'start_timeout' in refusal.otp['start_error']['error']
        assert daemon.pids() == []


def test_a_back_off_delays_the_restart_and_shows_the_child_as_restarting():
    config = '''
children:
  - {id: flaky, start: [sleep, infinity], backoff: {min: 1 h, max: 1 h}}
'''
    with Daemon(config) as daemon:
        events = daemon.follow()
        os.kill(daemon.pid('flaky'), signal.SIGKILL)
        assert events.event('delayed', 'flaky')['delay_ms'] == 3600 * 1000
        daemon.until('flaky=restarting')
        daemon.call('terminate_child', path='flaky')
        daemon.until('flaky=stopped')


def test_a_pool_starts_children_from_one_template_I1_I3():
    config = '''
children:
  - id: pool
    supervisor:
      strategy: simple_one_for_one
      children:
        - {id: template, restart: transient, start: [sleep]}
'''
    with Daemon(config) as daemon:
        for number in range(3):
            started = daemon.call('start_child', path='pool', name=f'job{number}',
                                  args=['infinity'])['started']
            daemon.poll(lambda pid=started['pid']: command(pid) == b'sleep\0infinity\0')
        assert daemon.call('count_children', path='pool') == {
            'specs': 1, 'active': 3, 'supervisors': 0, 'workers': 3}
        daemon.call('terminate_child', path='pool/job1')
        try:
            daemon.call('restart_child', path='pool/template')
            raise AssertionError('by id')
        except Refused as refusal:
            assert refusal.kind == 'simple_one_for_one'
        assert [child['id'] for child in daemon.call('which_children', path='pool')] == [
            'job2', 'job0']


def test_the_strategy_changes_at_run_time_and_nothing_restarts_K1():
    with Daemon(THREE % 'one_for_one') as daemon:
        before = pids(daemon)
        answer = daemon.call('strategy', path='demo', strategy='one_for_all', intensity=7)
        assert answer == {'strategy': 'one_for_all', 'intensity': 7, 'period': 3600,
                          'auto_shutdown': 'never'}, answer
        assert pids(daemon) == before
        node = daemon.call('tree', path='demo')['root']
        assert (node['strategy'], node['intensity'], node['period']) == ('one_for_all', 7, 3600)
        assert kill_b(daemon) == ['a', 'b', 'c']


def test_reload_shows_what_would_change_and_does_it_K3():
    with Daemon(THREE % 'one_for_one') as daemon:
        before = pids(daemon)
        daemon.write((THREE % 'rest_for_one').replace('id: c', 'id: d'))
        plan = daemon.call('reload', dry_run=True)
        assert plan == {'added': ['demo/d'], 'started': [], 'stopped': ['demo/d'],
                        'changed': ['demo'], 'logs': [], 'variables': [], 'removed': [],
                        'kept': ['demo/c'], 'failed': [], 'dry_run': True}, plan
        assert daemon.call('tree', path='demo')['root']['strategy'] == 'one_for_one'
        daemon.call('reload')
        node = daemon.call('tree', path='demo')['root']
        assert node['strategy'] == 'rest_for_one'
        assert states(node) == {'demo': 'running', 'demo/a': 'running', 'demo/b': 'running',
                                'demo/d': 'stopped', 'demo/c': 'running'}
        assert pids(daemon) == before
        daemon.write(THREE % 'rest_for_one')
        daemon.call('reload', start_new=True, prune=True)
        assert states(daemon.call('tree', path='demo')['root']) == {
            'demo': 'running', 'demo/a': 'running', 'demo/b': 'running', 'demo/c': 'running'}


def test_sighup_reloads_and_a_bad_file_changes_nothing():
    with Daemon(THREE % 'one_for_one') as daemon:
        before = pids(daemon)
        daemon.write('children: [{id: demo, supervisor: {strategy: none_for_one}}]')
        try:
            daemon.call('reload')
            raise AssertionError('it was taken')
        except Refused as refusal:
            assert refusal.kind == 'invalid_spec'
            assert 'none_for_one' in str(refusal)
        events = daemon.follow()
        daemon.write(THREE % 'one_for_all')
        daemon.process.send_signal(signal.SIGHUP)
        events.event('changed', 'demo')
        assert daemon.call('tree', path='demo')['root']['strategy'] == 'one_for_all'
        assert pids(daemon) == before


def test_load_and_unload_trees_while_others_run():
    with Daemon(THREE % 'one_for_one') as daemon:
        before = pids(daemon)
        file = daemon.write('children: [{id: more, supervisor: {children: '
                            '[{id: x, start: [sleep, infinity]}]}}]', 'more.yaml')
        assert daemon.call('load', file=file) == {'started': ['more']}
        pid = Guard(daemon.pid('more/x'))
        daemon.call('unload', path='more')
        pid.wait()
        assert 'more' not in states(daemon.call('tree')['root'])
        assert pids(daemon) == before


ktap.run(globals())
