#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The audit finds each difference that is planted between a daemon, the module's file and
/proc, and none where there is none.

This process plays the daemon: the children that it says it has are its own.
"""

import json
import os
import signal
import subprocess
import sys

sys.path[:0] = [os.environ['ST_TEST_TOP'] + '/tests/lib', os.environ['ST_TEST_DIR'] + '/lib']
import ktap  # noqa: E402
from fake import Fake  # noqa: E402
from suptreed import Daemon  # noqa: E402

TITLES = ('tree id parent depth kind strategy state pid task start_ns cpu_ms rss_kb restarts gen '
          'status name')
NANOSECONDS_A_TICK = 10 ** 9 // os.sysconf('SC_CLK_TCK')


def start_of(pid):
    with open(f'/proc/{pid}/stat', encoding='ascii') as file:
        return int(file.read().rpartition(')')[2].split()[19]) * NANOSECONDS_A_TICK


class Child:
    """A process of this test: it lives until the test is over."""

    def __enter__(self):
        self.process = subprocess.Popen(['cat'], stdin=subprocess.PIPE)
        return self.process.pid

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()


def daemon_nodes(pid):
    return [
        {'path': '/', 'type': 'supervisor', 'strategy': 'one_for_one', 'restarts': 0},
        {'path': 'demo', 'type': 'supervisor', 'strategy': 'rest_for_one', 'restarts': 1},
        {'path': 'demo/a', 'type': 'worker', 'restarts': 2, 'pid': pid, 'generation': 7},
        {'path': 'demo/b', 'type': 'worker', 'restarts': 0},
        {'path': 'demo/ä b', 'type': 'worker', 'restarts': 0}]


def module_rows(pid):
    """What the module has of these."""
    return [dict(zip(TITLES.split(), row)) for row in [
        [1, 1, 0, 0, 'supervisor', 'one_for_one', 'idle', 0, '-', 0, 0, 0, 0, 0, '-', 'root'],
        [1, 2, 1, 1, 'supervisor', 'rest_for_one', 'idle', 0, '-', 0, 0, 0, 1, 0, '-', 'demo'],
        [1, 3, 2, 2, 'worker', '-', 'running', pid, 'S', start_of(pid), 0, 9, 2, 7, '-', 'a'],
        [1, 4, 2, 2, 'worker', '-', 'exited', 0, '-', 0, 0, 0, 0, 3, 'signal=9', 'b'],
        [1, 5, 2, 2, 'worker', '-', 'idle', 0, '-', 0, 0, 0, 0, 0, '-', '\\xc3\\xa4\\x20b']]]


def written(rows, owner=None):
    """The file, with somebody else's tree before this one."""
    lines = [' '.join(str(value) for value in row.values()) for row in rows]
    return '\n'.join([TITLES, '# tree 9 owner 1 port 1 seq 4',
                      '9 1 0 0 worker - idle 0 - 0 0 0 0 0 - foreign',
                      f'# tree 1 owner {owner or os.getpid()} port 5 seq 12', *lines, ''])


def audit(daemon, text, *options):
    """(exit status, what was said): of an audit with this file of the module."""
    with Fake(ps=daemon, status={'pid': os.getpid()}) as fake:
        file = fake.folder.name + '/tree'
        if text is not None:
            with open(file, 'w', encoding='utf-8') as out:
                out.write(text)
        done = fake.run('audit', '--module', file, *options)
    return done.returncode, done.stdout + done.stderr


def finds(expected, daemon_change=None, module_change=None):
    """An audit says just @expected, after a change of one side."""
    with Child() as pid:
        daemon, rows = daemon_nodes(pid), module_rows(pid)
        for change, nodes in ((daemon_change, daemon), (module_change, rows)):
            if change:
                change(nodes)
        status, said = audit(daemon, written(rows))
    assert status == 8, said
    assert said.splitlines()[0].startswith(expected), said
    assert ', 1 difference' in said.splitlines()[1], said


def test_there_is_no_difference_where_all_agree():
    with Child() as pid:
        assert audit(daemon_nodes(pid), written(module_rows(pid))) == (
            0, '5 nodes, 0 differences\n')


def test_as_json_it_is_an_object():
    with Child() as pid:
        rows = module_rows(pid)
        rows[1]['strategy'] = 'one_for_all'
        status, said = audit(daemon_nodes(pid), written(rows), '--json')
    assert status == 8
    assert json.loads(said) == {'nodes': 5, 'differences': [
        {'path': 'demo', 'difference': 'strategy', 'daemon': 'rest_for_one',
         'module': 'one_for_all'}]}


def test_it_finds_a_node_that_the_module_lacks():
    finds('demo/b: node; the daemon: known; the module: unknown',
          module_change=lambda rows: rows.pop(3))


def test_it_finds_a_node_that_only_the_module_has():
    finds('demo/b: node; the daemon: unknown; the module: known',
          daemon_change=lambda nodes: nodes.pop(3))


def test_it_finds_another_process():
    finds('demo/a: pid; the daemon:', module_change=lambda rows: rows[2].update(pid=1))


def test_it_finds_another_incarnation():
    finds('demo/a: generation; the daemon: 7; the module: 6',
          module_change=lambda rows: rows[2].update(gen=6))


def test_it_finds_another_start_time():
    finds('demo/a: start; the module: ',
          module_change=lambda rows: rows[2].update(start_ns=rows[2]['start_ns'] + 10 ** 9))


def test_it_finds_an_end_that_the_daemon_has_not_seen():
    finds('demo/a: process; the daemon:', module_change=lambda rows: rows[2].update(state='exited'))


def test_it_finds_a_process_that_the_daemon_has_forgotten():
    finds('demo/b: process; the daemon: none; the module: ',
          module_change=lambda rows: rows[3].update(state='running', pid=1))


def test_it_finds_another_kind_and_another_number_of_restarts():
    finds('demo/b: kind; the daemon: worker; the module: supervisor',
          module_change=lambda rows: rows[3].update(kind='supervisor'))
    finds('demo/a: restarts; the daemon: 2; the module: 3',
          module_change=lambda rows: rows[2].update(restarts=3))


def test_it_finds_a_process_that_is_a_zombie_or_none():
    with Child() as pid:
        daemon, text = daemon_nodes(pid), written(module_rows(pid))
        pidfd = os.pidfd_open(pid)
        os.kill(pid, signal.SIGKILL)
        os.waitid(os.P_PIDFD, pidfd, os.WEXITED | os.WNOWAIT)
        os.close(pidfd)
        status, said = audit(daemon, text)
        assert status == 8 and said.startswith(
            f'demo/a: process; the daemon: {pid}; /proc: it has ended\n'), said
    status, said = audit(daemon, text)
    assert status == 8 and '/proc: there is none\n' in said, said


def test_it_finds_a_process_that_is_nobodys_child():
    with Child() as pid:
        daemon, rows = daemon_nodes(os.getppid()), module_rows(pid)
        rows[2].update(pid=os.getppid(), start_ns=start_of(os.getppid()))
        status, said = audit(daemon, written(rows))
    assert status == 8 and said.startswith(f'demo/a: parent; the daemon: {os.getpid()}; /proc: ')


def test_a_difference_that_passes_is_none():
    with Child() as pid:
        answers = [daemon_nodes(pid)[:-1], daemon_nodes(pid)]
        assert audit(lambda params: answers.pop(0), written(module_rows(pid))) == (
            0, '5 nodes, 0 differences\n')


def test_children_of_a_pool_with_one_name_are_told_apart():
    with Child() as one, Child() as other:
        daemon, rows = daemon_nodes(one), module_rows(one)
        daemon.append(daemon[2] | {'pid': other, 'generation': 8})
        rows.append(rows[2] | {'id': 6, 'pid': other, 'gen': 8, 'start_ns': start_of(other)})
        assert audit(daemon, written(rows)) == (0, '6 nodes, 0 differences\n')


def test_without_a_module_only_proc_is_asked_and_that_is_said():
    with Child() as pid, Fake(ps=daemon_nodes(pid), status={'pid': os.getpid()}) as fake:
        reason = ('has no tree of this daemon' if os.path.exists('/proc/suptree/tree')
                  else 'is not loaded')
        done = fake.run('audit')
    assert done.returncode == 0 and done.stdout == (
        f'5 nodes, 0 differences; the kernel module {reason}: only /proc was compared\n'), done


def test_without_a_tree_of_this_daemon_too():
    with Child() as pid:
        assert audit(daemon_nodes(pid), written([], owner=1)) == (
            0, '5 nodes, 0 differences; the kernel module has no tree of this daemon: only /proc '
               'was compared\n')


def test_a_file_that_is_not_there_is_an_error():
    status, said = audit([], None)
    assert status == 2 and '/tree: No such file or directory' in said, said


def test_a_file_in_another_form_is_an_error_and_no_finding():
    for text in ('', 'name\nx', 'what is this\n', TITLES + f'\n# tree 1 owner {os.getpid()}\n1 2\n',
                 written([dict.fromkeys(TITLES.split(), 99)]), '\0' * 9000):
        status, said = audit([], text)
        assert status == (0 if text == 'name\nx' else 1), (text, said)


def test_a_daemon_of_another_pid_namespace_is_refused():
    with Fake(status={'pid': 1}) as fake:
        done = fake.run('audit')
        assert done.returncode == 4 and 'another pid namespace' in done.stderr


def test_a_real_daemon_agrees_with_proc():
    config = '''
children:
  - {id: a, start: tail -f /dev/null}
  - id: s
    supervisor: {children: [{id: b, start: tail -f /dev/null}]}
'''
    with Daemon(config) as daemon:
        daemon.until('s=up')
        done = subprocess.run([os.environ['ST_TEST_BIN'] + '/suptree', '--socket', daemon.socket,
                               'audit'], capture_output=True, text=True, check=False)
        assert done.returncode == 0 and done.stdout.startswith('4 nodes, 0 differences'), done


ktap.run(globals())
