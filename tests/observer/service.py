#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The observer as a service: its answers, who it says is who, its confinement, its end."""

import contextlib
import json
import os
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from suptreed import BIN, Daemon, Refused  # noqa: E402

SLEEP = ['sleep', 'infinity']
# a worker with a child of its own, which ends with it
PARENT = 'sleep infinity & trap "kill $!; exit 143" TERM; echo "$!"; wait'
TREE = {
    'services': {'observer': {'scan_interval': '1 h'}},
    'children': [
        {'id': 'demo', 'supervisor': {'intensity': 1000, 'children': [
            {'id': 'counter_1', 'ready': 'notify', 'start': [BIN + '/counter', '5']},
            {'id': 'plain', 'start': SLEEP},
            {'id': 'parent', 'start': ['sh', '-c', PARENT]}]}}],
}
WITHOUT = 'children: [{id: a, start: [sleep, infinity]}]'


@contextlib.contextmanager
def observed(tree=None):
    """A daemon with the observer, which it finds in PATH as it does when it is installed."""
    with tempfile.TemporaryDirectory(prefix='suptree-observed-') as folder:
        environment = {**os.environ, 'PATH': f'{BIN}:' + os.environ['PATH'],
                       'SECRET': 'of the daemon', 'STATE_DIRECTORY': folder}
        with Daemon(json.dumps(tree or TREE), environment=environment) as daemon:
            daemon.until('system/observer=up')
            yield daemon


def refused(daemon, method, **params):
    """(kind, text) of the error that it must be."""
    try:
        daemon.call(method, **params)
    except Refused as error:
        return error.kind, str(error)
    raise AssertionError(method)


def rows(daemon, **params):
    """All rows, page by page: {pid: row}."""
    found, after = [], {}
    while True:
        answer = daemon.call('processes', **params, **after)
        found += answer['rows']
        if 'next' not in answer:
            return {row['pid']: row for row in found}
        assert answer['next'] == answer['rows'][-1]['pid']
        after = {'after': answer['next']}


def grandchild(daemon):
    """The pid of the process that demo/parent has started."""
    connection = daemon.connect()
    lines = connection.call('logs', path='demo/parent', follow=True)['lines']
    while not lines:
        params = connection.notification()['params']
        lines = params.get('lines') or ([params] if 'text' in params else [])
    return int(lines[0]['text'])


def test_without_an_observer_each_operation_says_how_to_start_one():
    with Daemon(WITHOUT) as daemon:
        for method, params in (('processes', {}), ('inspect', {'path': 'a'}), ('machine', {})):
            kind, text = refused(daemon, method, **params)
            assert kind == 'noproc' and 'suptree services start observer' in text, (kind, text)


def test_each_process_has_its_class_and_its_child():
    with observed() as daemon:
        below = grandchild(daemon)
        found = rows(daemon)
        wanted = {
            daemon.process.pid: ('supervisor', '/', None),
            daemon.pid('system/observer'): ('service', 'system/observer', None),
            daemon.pid('demo/counter_1'): ('gen_server', 'demo/counter_1', None),
            daemon.pid('demo/plain'): ('worker', 'demo/plain', None),
            below: ('system', None, 'demo/parent'),
            os.getpid(): ('system', None, None),
        }
        for pid, what in wanted.items():
            row = found[pid]
            assert (row['class'], row.get('path'), row.get('under')) == what, row
            if pid != below:  # it may not have executed its program yet
                assert row['name'] == pathlib.Path(f'/proc/{pid}/comm').read_text()[:-1]
        assert found[below]['ppid'] == daemon.pid('demo/parent')
        assert found[os.getpid()]['uid'] == os.getuid()


def test_rows_are_chosen_sorted_and_paged():
    with observed() as daemon:
        below = grandchild(daemon)
        demo = {daemon.pid(f'demo/{name}') for name in ('counter_1', 'plain', 'parent')}
        assert set(rows(daemon, below='demo', limit=1)) == demo | {below}
        assert set(rows(daemon, below='demo', **{'class': 'worker,gen_server'})) == demo
        assert set(rows(daemon, name='counte', below='demo')) == {daemon.pid('demo/counter_1')}
        answer = daemon.call('processes', sort='rss', limit=20, fields='rss_kb')
        sizes = [row['rss_kb'] for row in answer['rows'] if 'rss_kb' in row]
        assert len(sizes) > 1 and set(answer['rows'][0]) == {'pid', 'rss_kb'}, answer
        answer = daemon.call('processes', below='demo', sort='pid', reverse=True)
        pids = [row['pid'] for row in answer['rows']]
        assert pids == sorted(pids, reverse=True) and answer['matched'] == len(pids) == 4
        starts = [row['start_ticks']
                  for row in daemon.call('processes', below='demo', sort='start')['rows']]
        assert starts == sorted(starts, reverse=True)
        kind, text = refused(daemon, 'processes', below='demo', sort='rss', after=os.getpid())
        assert kind == 'not_found' and 'begin again' in text, text


def test_a_name_that_is_made_to_mislead_does_not():
    program = ('import ctypes, signal; '
               'ctypes.CDLL(None).prctl(15, b"a) Z 1 (b\\n", 0, 0, 0); '
               'print("named", flush=True); signal.pause()')
    tree = {**TREE, 'children': [{'id': 'liar', 'start': [sys.executable, '-c', program]}]}
    with observed(tree) as daemon:
        connection = daemon.connect()
        if not connection.call('logs', path='liar', follow=True)['lines']:
            connection.notification()
        row = rows(daemon)[daemon.pid('liar')]
        assert row['name'] == 'a) Z 1 (b\n' and row['state'] != 'zombie', row
        assert row['ppid'] == daemon.process.pid
        assert daemon.call('inspect', path='liar')['name'] == 'a) Z 1 (b\n'


def test_inspect_shows_what_proc_shows():
    with observed() as daemon:
        # a server that is ready: a program that was only executed still opens its libraries
        facts = daemon.call('inspect', path='demo/counter_1')
        pid = daemon.pid('demo/counter_1')
        assert facts['pid'] == pid and facts['class'] == 'gen_server'
        assert facts['command'] == [BIN + '/counter', '5']
        assert facts['ppid'] == daemon.process.pid
        assert facts['exe'] == os.readlink(f'/proc/{pid}/exe')
        assert facts['fds']['count'] == len(os.listdir(f'/proc/{pid}/fd'))
        assert sum(facts['fds']['kinds'].values()) == facts['fds']['count']
        number = int(os.readlink(f'/proc/{pid}/ns/pid').strip('pid:[]'))
        assert facts['namespaces']['pid'] == number
        assert facts['uid'] == os.getuid() and facts['threads'] == 1
        assert facts['limits']['Max open files']['soft'] > 0
        assert 'SUPTREE_PATH=demo/counter_1' in facts['environment'] and not facts['cut']
        assert facts['generation'] == daemon.info('demo/counter_1')['generation']
        again = daemon.call('inspect', pid=pid)
        for key in ('pid', 'start_ticks', 'path', 'class', 'generation', 'command', 'limits'):
            assert again[key] == facts[key], key
        assert daemon.call('inspect', path='system/observer')['names'] == ['observer']


def test_what_has_ended_is_not_found():
    with observed() as daemon:
        pid = daemon.pid('demo/plain')
        daemon.call('terminate_child', path='demo/plain')
        kind, text = refused(daemon, 'inspect', pid=pid)
        assert kind == 'not_found' and 'no such process' in text, text
        kind, text = refused(daemon, 'inspect', path='demo/plain')
        assert kind == 'conflict' and 'it has no process now' in text, text
        assert pid not in rows(daemon)
        daemon.call('restart_child', path='demo/plain')
        assert daemon.call('inspect', path='demo/plain')['pid'] == daemon.pid('demo/plain')


def test_machine_has_the_figures_of_the_kernel():
    with observed() as daemon:
        machine = daemon.call('machine')
        assert machine['kernel'] == os.uname().release
        assert len(machine['load']) == 3
        with open('/proc/meminfo', encoding='ascii') as file:
            total = int(file.readline().split()[1])
        assert machine['memory_kb']['MemTotal'] == total
        assert machine['classes']['gen_server'] == 1 and machine['classes']['service'] == 1
        assert sum(machine['states'].values()) == machine['processes']
        assert machine['scan']['scans'] >= 2


def test_the_observer_may_look_and_nothing_else():
    with observed() as daemon:
        facts = daemon.call('inspect', path='system/observer')
        security = facts['security']
        assert security['seccomp'] == 'filter' and security['no_new_privs'], security
        if os.geteuid() == 0:
            both = (1 << 19) | (1 << 2)  # CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH
            assert int(security['permitted'], 16) | both == both, security
            assert facts['uid'] == facts['euid'] != 0, facts
        else:
            assert int(security['permitted'], 16) == 0, security
        assert 'environ' not in facts['refused'] or os.geteuid() == 0


def test_only_an_admin_sees_the_environment():
    if os.geteuid() != 0:
        raise ktap.Skip('needs root: clients of other roles')
    # the import reads the accounts of this system, so only here
    from roles import RoleDaemon, needs_mount_namespaces
    needs_mount_namespaces()
    with tempfile.TemporaryDirectory(prefix='suptree-observed-') as folder:
        environment = {**os.environ, 'PATH': f'{BIN}:' + os.environ['PATH'],
                       'STATE_DIRECTORY': folder}
        with RoleDaemon(json.dumps(TREE), environment=environment) as daemon:
            daemon.until('system/observer=up')
            viewer = daemon.connect_as('viewer').call('inspect', path='demo/plain')
            admin = daemon.connect_as('admin').call('inspect', path='demo/plain')
            assert 'environment' in admin and 'environment' not in viewer, viewer
            assert viewer['command'] == SLEEP


def test_reads_restart_nothing_and_change_nothing():
    with observed() as daemon:
        before = {row['path']: (row.get('pid'), row['restarts']) for row in daemon.call('ps')}
        seq = daemon.call('status')['seq']
        for _ in range(100):
            daemon.call('processes', limit=3)
            daemon.call('inspect', path='demo/counter_1')
            daemon.call('machine')
        after = {row['path']: (row.get('pid'), row['restarts']) for row in daemon.call('ps')}
        assert after == before and daemon.call('status')['seq'] == seq


def test_a_restart_is_seen_by_the_next_answer():
    with observed() as daemon:
        for _ in range(5):
            old = daemon.pid('demo/plain')
            daemon.call('kill', path='demo/plain')
            daemon.until('demo/plain=up')
            pid = daemon.pid('demo/plain')
            found = rows(daemon, below='demo/plain')
            assert pid != old and found[pid]['path'] == 'demo/plain' and len(found) == 1


def test_when_it_ends_it_is_started_again():
    with observed() as daemon:
        pid = daemon.pid('system/observer')
        daemon.call('kill', path='system/observer', system=True)
        daemon.until('system/observer=up')
        assert daemon.pid('system/observer') != pid
        assert daemon.call('machine')['scan']['scans'] >= 1


def test_the_command_line_says_what_is_wrong():
    program = BIN + '/suptree-observer'
    for words, said in ((['--scan-interval', '0', '--service'], 'must be 1 to'),
                        (['--scan-interval', '1x', '--service'], 'must be 1 to'),
                        (['--service', 'x'], 'takes no arguments'),
                        ([], 'give --service'), (['--what'], '--help')):
        done = subprocess.run([program, *words], capture_output=True, text=True, check=False)
        assert done.returncode == 2 and said in done.stderr, done
    done = subprocess.run([program, '--measure'], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and 'us of processor time' in done.stdout, done
    done = subprocess.run([program, '--help'], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and '--scan-interval' in done.stdout, done


def test_it_ends_at_once_when_its_supervisor_says_so():
    with observed() as daemon:
        daemon.call('services_stop', name='observer')
        assert daemon.call('services')[2]['state'] == 'stopped'
        assert refused(daemon, 'machine')[0] == 'noproc'
        assert 'shutdown_error' not in daemon.said(), daemon.said()
        daemon.call('services_start', name='observer')
        assert daemon.call('machine')['processes'] > 0


ktap.run(globals())
