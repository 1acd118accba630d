#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""`make run` from outside: the demo starts, its trees do what they should show, and after
its end nothing of it is left. The test is a subreaper, so that a leftover process would
be its child.
"""

import contextlib
import ctypes
import json
import os
import pathlib
import pwd
import re
import select
import shlex
import signal
import subprocess
import tempfile
import urllib.request

import ktap
import shapes

TOP = pathlib.Path(os.environ['ST_TEST_TOP'])
BIN = pathlib.Path(os.environ['ST_TEST_BIN'])
LAST_LINE = 'Ctrl-C here stops everything.\n'
PR_SET_CHILD_SUBREAPER = 36


class Demo:
    """A running demo, whose folder is below an empty one that the test made."""

    def __init__(self, folder, bin_folder):
        self.folder = pathlib.Path(folder)
        self.process = subprocess.Popen(
            [TOP / 'tools/demo/run', bin_folder], text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            # a shell that begins with SIGINT ignored, as below `make check &`, never traps it
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            env=os.environ | {'TMPDIR': folder})
        self.said = ''
        while not self.said.endswith(LAST_LINE):
            line = self.process.stdout.readline()
            assert line, f'the demo ended: {self.said}'
            self.said += line
        socket, = self.folder.glob('*/control.sock')
        self.env = os.environ | {'SUPTREE_SOCKET': str(socket)}

    def suptree(self, *words):
        """The result of a verb."""
        done = subprocess.run([BIN / 'suptree', '--json', *words], text=True, env=self.env,
                              check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        assert done.returncode == 0, (words, done.stdout)
        result = json.loads(done.stdout) if done.stdout.strip() else None
        method = words[0].replace('-', '_')
        if method in shapes.shapes().results:
            shapes.check_answer(method, {'result': result})
        return result

    def more(self):
        """All command lines that it offers to try."""
        return [step['command'] for step in self.suptree('demo', 'help')]

    def shell(self, text):
        """What the command lines print."""
        env = self.env | {'PATH': f'{BIN}:{os.environ["PATH"]}'}
        done = subprocess.run(['sh', '-e', '-c', text], text=True, env=env, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        assert done.returncode == 0, (text, done.stdout)
        return done.stdout

    def pids(self, path):
        """{id: pid} of the workers of a supervisor."""
        return {row['path'].rpartition('/')[2]: row['pid'] for row in self.suptree('ps', path)
                if row['type'] == 'worker'}

    def kill(self, path):
        """Returns when the child, and whatever its death led to, is up again."""
        since = self.suptree('status')['seq']
        self.suptree('kill', path)
        with subprocess.Popen([BIN / 'suptree', '--jsonl', 'events', '--since', str(since)],
                              text=True, env=self.env, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE) as events:
            for line in events.stdout:
                event = json.loads(line)['params']
                if event.get('path') == path and event['event'] == 'started':
                    break
            events.terminate()
        self.suptree('settle')

    def end(self, number):
        """The exit status; asserts that nothing is left."""
        self.process.send_signal(number)
        if not self.process.stdout.closed:
            self.said += self.process.stdout.read()
        status = self.process.wait()
        assert os.listdir(self.folder) == [], os.listdir(self.folder)
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return status
        raise AssertionError(f'a process is left: {pid}')

    def close(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait()
        self.process.stdout.close()


@contextlib.contextmanager
def demo(name='', bin_folder=BIN):
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    with tempfile.TemporaryDirectory(suffix=name) as folder:
        os.chmod(folder, 0o711)  # the gateway of root's daemon has another user
        with contextlib.closing(Demo(folder, bin_folder)) as running:
            yield running


def changed(before, after):
    """The ids whose pid is another one now."""
    assert before.keys() == after.keys(), (before, after)
    return {name for name in before if before[name] != after[name]}


def test_a_killed_counter_comes_back_by_the_rule_of_its_strategy():
    """[D1] [D2] [D3]"""
    expected = {'one_for_one': {'counter_2'},
                'one_for_all': {'counter_1', 'counter_2', 'printer_1'},
                'rest_for_one': {'counter_2', 'printer_1'}}
    with demo() as running:
        for tree, others in expected.items():
            before = running.pids(tree)
            running.kill(f'{tree}/counter_2')
            assert changed(before, running.pids(tree)) == others, tree


def test_a_counter_loses_its_count_with_its_process():
    with demo() as running:
        path = 'one_for_one/counter_2'
        running.suptree('kill', path, '--signal', 'USR1')
        running.kill(path)
        assert running.suptree('info', path)['status'] == 'value 100'


def give_time(running):
    """Two deaths are within the period of inner, however slow the commands between them are."""
    running.suptree('strategy', 'outer/inner', '--period', '3600')


def test_inner_gives_up_at_the_second_death_and_outer_restarts_it():
    """[E1] [E6] [E7] [D3]"""
    with demo() as running:
        give_time(running)
        before = running.pids('outer')
        running.kill('outer/inner/counter_1')
        assert running.suptree('info', 'outer/inner')['restarts'] == 0
        running.kill('outer/inner/counter_2')
        assert running.suptree('info', 'outer/inner')['restarts'] == 1
        after = running.pids('outer')
        assert changed(before, after) >= {'counter_2', 'printer_1'}, (before, after)


def test_two_deaths_below_inner_do_what_it_says_as_the_line_is_written():
    """[E1] [E6] [E7]"""
    with demo() as running:
        line, = (line for line in running.more() if 'outer/inner/counter_1;' in line)
        give_time(running)
        before = running.pids('outer')
        running.shell(line)
        running.suptree('settle')
        assert running.suptree('info', 'outer/inner')['restarts'] == 1
        after = running.pids('outer')
        assert changed(before, after) >= {'counter_1', 'counter_2'}, (before, after)


def test_the_pool_takes_children_with_arguments_of_their_own():
    """[I1] [I3]"""
    with demo() as running:
        assert running.pids('pool') == {}
        started = running.suptree('start-child', 'pool', '--name', 'c7', '--', '700')['started']
        running.suptree('settle')
        assert running.pids('pool') == {'c7': started['pid']}
        assert running.suptree('info', 'pool/c7')['status'] == 'value 700'
        running.suptree('terminate-child', 'pool', '--pid', str(started['pid']))
        assert running.pids('pool') == {}


def test_it_ends_with_a_short_screen():
    with demo() as running:
        lines = running.said.split('Type first')[1].splitlines()
        assert [line[:3] for line in lines[1:6]] == ['1. ', '2. ', '3. ', '4. ', '5. '], lines
        assert any(line[3:].startswith('suptree why ') for line in lines), lines
        assert 'suptree demo help' in lines[6] and len(lines) == 11, lines
        assert len(running.said.splitlines()) < 40, running.said
        for word in ('module', 'tracer'):
            assert word not in running.said, running.said


def test_it_shows_a_link_to_the_gateway_that_it_runs():
    with demo() as running:
        address, ticket = re.search(r'^(http://127\.0\.0\.1:\d+)/login#([0-9a-f]{64})$',
                                    running.said, re.M).groups()
        rows = {row['name']: row for row in running.suptree('services')}
        assert rows['web']['state'] == 'running' and rows['web']['path'] == 'system/web', rows
        assert running.suptree('info', 'system/web')['status'] == address
        request = urllib.request.Request(
            address + '/api/v1/session', method='POST',
            data=json.dumps({'ticket': ticket}).encode(),
            headers={'Content-Type': 'application/json'})
        with urllib.request.urlopen(request) as answer:
            assert json.load(answer)['result']['role'] == 'admin'
        assert running.suptree('open')['link'].startswith(address + '/login#')


@contextlib.contextmanager
def programs_without_the_gateway(**others):
    """A folder with links to all programs but suptree-web, and what else is to be in it."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for program in BIN.iterdir():
            if program.name != 'suptree-web':
                (folder / program.name).symlink_to(program)
        for program, text in others.items():
            (folder / program.replace('_', '-')).write_text(text)
            (folder / program.replace('_', '-')).chmod(0o755)
        yield folder


def test_without_the_gateway_it_runs_all_the_same_and_says_why():
    why = {'suptree-web was not built: it needs libmicrohttpd-dev and libseccomp-dev': {},
           'system/web': {'suptree_web': '#!/bin/sh\nexit 1\n'}}
    for text, others in why.items():
        with programs_without_the_gateway(**others) as folder, demo(bin_folder=folder) as running:
            line, = (line for line in running.said.splitlines()
                     if line.startswith('Without the web interface: '))
            assert text in line, running.said
            running.suptree('kill', 'one_for_one/counter_2')
            assert running.end(signal.SIGTERM) == 0, running.said


def test_the_first_five_lines_work_in_the_order_in_which_they_stand():
    with demo() as running:
        lines = [step['command'] for step in running.suptree('demo')]
        assert lines.pop().endswith('--watch') and len(lines) == 4, lines
        assert 'SIGKILL' in running.shell('\n'.join(lines))
        assert running.shell('suptree why one_for_one/counter_2').startswith(
            'one_for_one/counter_2  now'), lines


def test_the_commands_that_it_names_are_verbs_and_the_paths_are_there():
    with demo() as running:
        named = [shlex.split(words) for line in running.more() for words in line.split(';')]
        assert len(named) > 20, named
        for words in named:
            if words[0] == 'suptree':
                subprocess.run([BIN / 'suptree', 'help', words[1]], check=True,
                               stdout=subprocess.DEVNULL)
            if words[0] == 'cat' or words[1] == 'load':
                assert pathlib.Path(words[-1]).is_file(), words


def test_what_it_says_to_type_works_whatever_the_folder_is_called():
    with demo('it\'s ü') as running:
        line = running.said.split('another terminal:')[1].splitlines()[0].strip()
        write, = (line for line in running.more() if line.startswith('echo hello >'))
        env = {name: value for name, value in os.environ.items() if name != 'SUPTREE_SOCKET'}
        done = subprocess.run(['sh', '-e', '-c', f'{line}\n{write}\nsuptree ping'], text=True,
                              env=env, check=False, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        assert done.returncode == 0, done


def test_a_daemon_without_the_demo_says_where_it_is():
    with demo() as running:
        running.suptree('unload', 'outer')
        done = subprocess.run([BIN / 'suptree', 'demo'], text=True, env=running.env, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert done.returncode == 7 and '`make run` in the sources' in done.stdout, done


def test_sigint_and_sigterm_leave_nothing_behind():
    for number in (signal.SIGINT, signal.SIGTERM):
        with demo() as running:
            assert running.end(number) == 0, running.said
            assert running.said.endswith('all trees have been stopped in order\n')


def test_it_leaves_nothing_behind_when_nobody_reads_what_it_says():
    with demo() as running:
        running.process.stdout.close()
        running.end(signal.SIGTERM)


def test_it_ends_when_its_daemon_is_stopped():
    with demo() as running:
        running.suptree('stop')
        assert running.end(0) == 0, running.said


def test_the_other_workers_are_loaded_beside_the_trees():
    with demo() as running:
        line, = (line for line in running.more() if 'workers.yaml' in line)
        running.shell(line)
        states = {row['path']: row['state'] for row in running.suptree('ps', 'workers')}
        assert states.pop('workers/slow/starter_2') == 'stopped'
        assert set(states.values()) == {'running'} and len(states) > 20, states
        running.suptree('unload', 'workers')


def descendants(pid, number):
    """Pidfds of the children of a process, as soon as it has this number of them."""
    while True:
        with open(f'/proc/{pid}/task/{pid}/children', encoding='ascii') as file:
            found = [int(word) for word in file.read().split()]
        if len(found) == number:
            return [os.pidfd_open(child) for child in found]


def await_end(pidfd):
    poll = select.poll()
    poll.register(pidfd, select.POLLIN)
    assert poll.poll(60000), 'a worker did not end'
    os.close(pidfd)


def test_the_example_services_run_as_they_say():
    if os.geteuid() != 0:
        raise ktap.Skip('needs root: the services change their user')
    with demo() as running:
        running.suptree('load', str(TOP / 'tools/demo/services.yaml'))
        http, job = (running.suptree('info', f'services/{name}')['process']
                     for name in ('http', 'disk_watch'))
        assert http['uid'] == pwd.getpwnam('nobody').pw_uid, http
        assert http['no_new_privs'] == 1 and http['cwd'] == '/usr/share/doc', http
        assert job['uid'] == 0, job
        assert os.getpriority(os.PRIO_PROCESS, job['pid']) == 10, job
        forking = running.suptree('info', 'services/forking')['process']['pid']
        workers = descendants(forking, 2)
        os.kill(forking, signal.SIGKILL)
        for worker in workers:
            await_end(worker)
        running.suptree('unload', 'services')


def test_without_the_programs_it_says_what_it_needs():
    done = subprocess.run([TOP / 'tools/demo/run', '/'], text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 2 and done.stdout.startswith('usage: '), done.stdout


if __name__ == '__main__':
    ktap.run(globals())
