#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What a supervised process gets, what it may leave, and which users may do what."""

import json
import os
import pwd
import resource
import signal
import subprocess
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from suptreed import BIN, Daemon, Guard, Refused  # noqa: E402

# A child that writes what it is to a file, says READY and waits for its end.
REPORT = r'''
import json, os, resource, signal, socket, sys
status = dict(line.split(":\t", 1) for line in open("/proc/self/status").read().splitlines())
fds = {}
for fd in os.listdir("/proc/self/fd"):
    try:
        fds[fd] = os.readlink("/proc/self/fd/" + fd)
    except OSError:
        pass  # the descriptor of the listing itself
facts = {"fds": fds, "status": status, "cwd": os.getcwd(), "umask": os.umask(0),
         "nice": os.nice(0), "nofile": resource.getrlimit(resource.RLIMIT_NOFILE),
         "groups": os.getgroups(), "env": dict(os.environ), "pgid": os.getpgid(0),
         "pid": os.getpid(), "argv": sys.argv}
with open(sys.argv[1], "w") as file:
    json.dump(facts, file)
notify = os.environ.get("NOTIFY_SOCKET")
if notify:
    socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"READY=1\nSTATUS=reported", notify)
signal.pause()
'''


def reporter(daemon, **spec):
    """Start a child that reports about itself; (its report, its info)."""
    file = daemon.dir + '/report'
    daemon.call('start_child', path='/', spec={
        'id': 'reporter', 'restart': 'temporary', 'ready': 'notify', 'output': 'null',
        'start': ['python3', '-c', REPORT, file], **spec})
    with open(file, encoding='utf-8') as report:
        return json.load(report), daemon.info('reporter')


def test_a_child_inherits_no_descriptor_mask_or_disposition_of_the_daemon():
    with Daemon() as daemon:
        daemon.connect()
        facts, info = reporter(daemon)
        # libfaketime opens its own in every process (tools/check/elsewhere)
        inherited = {fd: name for fd, name in facts['fds'].items()
                     if int(fd) > 2 and '/faketime_shm_' not in name}
        assert not [name for name in inherited.values() if 'dir' not in name and 'fd' not in name
                    and '/proc/' not in name], inherited
        assert {facts['fds'][fd] for fd in '012'} == {'/dev/null'}, facts['fds']
        assert int(facts['status']['SigBlk'], 16) == 0
        # python itself ignores SIGPIPE and SIGXFSZ, and catches SIGINT
        python = 1 << (signal.SIGPIPE - 1) | 1 << (signal.SIGXFSZ - 1)
        assert int(facts['status']['SigIgn'], 16) & ~python == 0
        assert info['status'] == 'reported'


MANY_GROUPS = r'''
import os, signal, socket
os.setgroups(range(10000, 10000 + 2000))
signal.signal(signal.SIGUSR1, lambda *_: None)
socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"READY=1", os.environ["NOTIFY_SOCKET"])
while True:
    signal.pause()
'''


def test_what_a_process_does_with_signals_is_known_however_many_groups_it_has():
    if os.geteuid() != 0:
        raise ktap.Skip('needs root')
    with Daemon() as daemon:
        daemon.call('start_child', path='/', spec={
            'id': 'a', 'ready': 'notify', 'output': 'null',
            'start': ['python3', '-c', MANY_GROUPS]})
        caught = int(daemon.info('a')['process']['signals_caught'], 16)
        assert caught >> (signal.SIGUSR1 - 1) & 1, hex(caught)
        # a signal that it catches is not waited for, and one that is deadly is
        daemon.call('kill', path='a', signal='USR1')
        assert daemon.info('a')['state'] == 'running'
        daemon.call('kill', path='a', signal='USR2')


def test_a_child_without_an_interpreter_has_all_signals_at_their_default():
    with Daemon() as daemon:
        daemon.call('start_child', path='/', spec={'id': 'x', 'start': ['sleep', 'infinity']})
        pid = daemon.pid('x')

        def masks():
            with open(f'/proc/{pid}/status', encoding='ascii') as file:
                return [line.split()[1] for line in file
                        if line.startswith(('SigBlk', 'SigIgn', 'SigCgt'))]
        daemon.poll(lambda: masks() == ['0' * 16] * 3)


def test_limits_environment_directory_umask_and_nice_are_as_specified():
    nice = min(os.nice(0) + 5, 19)  # an ordinary user may not lower it
    with Daemon() as daemon:
        facts, _ = reporter(daemon, cwd='/tmp', umask='027', nice=nice,
                            limits={'nofile': [100, 200]}, environment={'COLOUR': 'green'})
        assert facts['cwd'] == '/tmp'
        assert facts['umask'] == 0o027
        assert facts['nice'] == nice
        assert facts['nofile'] == [100, 200]
        assert facts['env']['COLOUR'] == 'green'
        assert facts['env']['SUPTREE_PATH'] == 'reporter'
        assert facts['env']['SUPTREE_SOCKET'] == daemon.socket
        assert facts['pgid'] == facts['pid'], 'a process group of its own'


def test_without_cwd_and_umask_a_child_has_those_of_the_daemon():
    with Daemon() as daemon:
        facts, _ = reporter(daemon)
        assert facts['cwd'] == os.readlink(f'/proc/{daemon.process.pid}/cwd') == os.getcwd()
        mask = os.umask(0)
        os.umask(mask)
        assert facts['umask'] == mask


def test_a_child_gets_the_limit_of_descriptors_that_the_daemon_was_given():
    with Daemon() as daemon:
        facts, _ = reporter(daemon)
        soft, _ = __import__('resource').getrlimit(__import__('resource').RLIMIT_NOFILE)
        assert facts['nofile'][0] == soft


def test_credentials_of_another_user():
    if os.geteuid() != 0:
        raise ktap.Skip('needs root')
    nobody = pwd.getpwnam('nobody')
    with Daemon() as daemon:
        os.chmod(daemon.dir, 0o777)
        file = daemon.dir + '/status'
        daemon.call('start_child', path='/', spec={
            'id': 'x', 'user': 'nobody', 'ready': 'fd=3', 'output': 'null', 'start': [
                'sh', '-c', 'cat /proc/self/status > "$0"; echo >&3; exec sleep infinity', file]})
        daemon.until('x=running')
        with open(file, encoding='ascii') as status:
            words = {line.split(':')[0]: line.split()[1:] for line in status}
        assert words['Uid'] == [str(nobody.pw_uid)] * 4
        assert words['Gid'] == [str(nobody.pw_gid)] * 4
        assert str(0) not in words['Groups']


def test_the_search_in_PATH_is_that_of_the_childs_user():
    if os.geteuid() != 0:
        raise ktap.Skip('needs root')
    with Daemon() as daemon:
        os.chmod(daemon.dir, 0o755)
        for folder, mode in (('mine', 0o700), ('all', 0o755)):
            os.mkdir(f'{daemon.dir}/{folder}')
            os.chmod(f'{daemon.dir}/{folder}', 0o755)
            with open(f'{daemon.dir}/{folder}/tool', 'w', encoding='utf-8') as tool:
                tool.write(f'#!/bin/sh\necho {folder}; exec sleep infinity\n')
            os.chmod(f'{daemon.dir}/{folder}/tool', mode)
        path = {'PATH': f'{daemon.dir}/mine:{daemon.dir}/all:/usr/bin:/bin'}
        for user, folder in (('nobody', 'all'), ('root', 'mine')):
            daemon.call('start_child', path='/', spec={
                'id': user, 'user': user, 'start': ['tool'], 'environment': path})

            def says(user=user, folder=folder):
                lines = daemon.call('logs', path=user)['lines']
                return [line['text'] for line in lines] == [folder]
            daemon.poll(says)


def test_an_unknown_user_is_refused_before_anything_starts():
    with Daemon() as daemon:
        try:
            reporter(daemon, user='no-such-user-here')
            raise AssertionError('it started')
        except Refused as refusal:
            assert refusal.kind == 'invalid_spec'
            assert 'no-such-user-here' in str(refusal), refusal


def test_without_root_own_trees_run_and_other_users_are_refused():
    if os.geteuid() != 0:
        raise ktap.Skip('needs root to become somebody else')
    nobody = pwd.getpwnam('nobody').pw_uid
    with Daemon(user=nobody) as daemon:
        facts, _ = reporter(daemon)
        assert facts['status']['Uid'].split()[0] == str(nobody)
        try:
            daemon.call('start_child', path='/', spec={
                'id': 'x', 'user': 'root', 'start': ['sleep', 'infinity']})
            raise AssertionError('it became root')
        except Refused as refusal:
            assert 'rights' in str(refusal), refusal
        more = resource.getrlimit(resource.RLIMIT_NOFILE)[1] + 1
        for spec, thing in (({'user': 'root'}, 'setgroups root: needs rights'),
                            ({'nice': -19}, 'setpriority -19: needs rights'),
                            ({'limits': {'core': 0, 'nofile': more}},
                             'limit nofile: needs rights')):
            try:
                daemon.call('start_child', path='/',
                            spec={'id': 'x', 'start': ['sleep', 'infinity'], **spec})
                raise AssertionError(f'it started: {spec}')
            except Refused as refusal:
                assert thing in str(refusal), (spec, refusal)


def test_readiness_by_a_newline_on_a_descriptor():
    with Daemon() as daemon:
        daemon.call('start_child', path='/', spec={
            'id': 's6', 'ready': 'fd=3', 'output': 'null',
            'start': ['sh', '-c', 'echo >&3; exec sleep infinity']})
        daemon.until('s6=running')


def test_ignore_and_error_are_answers_of_a_start_A4():
    say = ('import os, socket, sys; socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)'
           '.sendto(sys.argv[1].encode(), os.environ["NOTIFY_SOCKET"])')
    with Daemon() as daemon:
        spec = {'ready': 'notify', 'output': 'null'}
        assert daemon.call('start_child', path='/', spec={
            **spec, 'id': 'i', 'start': ['python3', '-c', say, 'X_SUPTREE=IGNORE']}) == {
                'ignored': True}
        try:
            daemon.call('start_child', path='/', spec={
                **spec, 'id': 'e', 'start': ['python3', '-c', say, 'X_SUPTREE_ERROR=no disk']})
            raise AssertionError('it started')
        except Refused as refusal:
            assert refusal.otp == {'start_error': {'error': 'no disk'}}
        assert [child['id'] for child in daemon.call('which_children', path='/')] == ['i']


DOUBLE_FORK = ('python3', '-c', r'''
import os, signal, sys
reader, writer = os.pipe()
if os.fork() == 0:
    if os.fork() == 0:
        os.setsid()
        os.write(writer, str(os.getpid()).encode() + b"\n")
        signal.pause()
    os._exit(0)
os.wait()
print(os.read(reader, 20).decode().strip(), flush=True)
signal.pause()
''')


def orphan_of(daemon, path):
    """The pid that the double-forking child printed."""
    found = []

    def printed():
        found[:] = [line['text'] for line in daemon.call('logs', path=path)['lines']]
        return bool(found)
    daemon.poll(printed)
    return int(found[0])


def test_a_double_forked_grandchild_is_reaped_by_the_daemon():
    with Daemon() as daemon:
        daemon.call('start_child', path='/', spec={
            'id': 'x', 'restart': 'temporary', 'start': list(DOUBLE_FORK)})
        pid = orphan_of(daemon, 'x')
        daemon.poll(lambda: pid in daemon.pids())
        daemon.call('terminate_child', path='x')
        assert os.path.exists(f'/proc/{pid}'), 'it lives on: nobody asked to stop it'
        os.kill(pid, signal.SIGKILL)
        daemon.poll(lambda: not os.path.exists(f'/proc/{pid}'))


def test_kill_subtree_stops_what_a_child_leaves_behind():
    with Daemon() as daemon:
        daemon.call('start_child', path='/', spec={
            'id': 'x', 'restart': 'temporary', 'kill_subtree': True, 'start': list(DOUBLE_FORK)})
        pid = orphan_of(daemon, 'x')
        orphan = Guard(pid)
        daemon.call('terminate_child', path='x')
        orphan.wait()
        daemon.poll(lambda: not os.path.exists(f'/proc/{pid}'))


def test_the_daemons_death_takes_its_children_along():
    daemon = Daemon('children: [{id: a, start: [sleep, infinity]}]').start()
    child = Guard(daemon.pid('a'))
    daemon.process.kill()
    daemon.process.wait()
    child.wait()


def test_output_is_kept_and_followed():
    with Daemon() as daemon:
        follower = daemon.connect()
        daemon.call('start_child', path='/', spec={
            'id': 'talker', 'start': ['sh', '-c', 'echo one; echo two >&2; exec sleep infinity']})
        lines = []

        def both():
            lines[:] = daemon.call('logs', path='talker')['lines']
            return len(lines) == 2
        daemon.poll(both)
        assert {(line['stream'], line['text']) for line in lines} == {
            ('stdout', 'one'), ('stderr', 'two')}
        follower.call('logs', path='talker', follow=True)
        daemon.call('kill', path='talker')
        assert follower.notification()['params']['text'] in ('one', 'two')


def test_a_transcript_of_a_real_run_is_replayed_to_the_same_effects():
    daemon = Daemon('''
children:
  - id: demo
    supervisor:
      strategy: one_for_all
      intensity: 3
      period: 3600
      children:
        - {id: a, start: [sleep, infinity]}
        - {id: b, start: [sleep, infinity], backoff: {min: 1 ms, max: 5 ms, jitter: 50}}
''')
    transcript = daemon.dir + '/transcript'
    daemon.command += ['--transcript', transcript]
    with daemon:
        events = daemon.follow()
        for name in ('a', 'b'):
            os.kill(daemon.pid('demo/' + name), signal.SIGSEGV)
            events.event('started', 'demo/b')
        daemon.call('terminate_child', path='demo/a')
        daemon.call('strategy', path='demo', strategy='rest_for_one')
        daemon.call('restart_child', path='demo/a')
        daemon.call('settle')
        daemon.stop()
        replay = subprocess.run([BIN + '/st-replay', transcript], capture_output=True, text=True,
                                check=False)
        assert replay.returncode == 0, replay.stdout + replay.stderr


ktap.run(globals())
