#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Limits reached, programs that cannot run, children that misbehave, disks that are
full: a clear word, the tree's rules as ever, and all well again afterwards.
"""

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import threading

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from suptreed import PATIENCE_S, Connection, Daemon, Refused  # noqa: E402

PATIENT = '''
intensity: 1000000
period: 3600
children:
  - {id: a, start: [sleep, infinity], backoff: {min: 1 ms, max: 5 ms}}
'''
PATIENT_BELOW = '''
children:
  - {above}{{id: a, start: [sleep, infinity], backoff: {{min: 1 ms, max: 5 ms}}}}{below}
'''
LONG_ID = 'x' * 255
MAX_KIB_OF_CLIENT = 512  # ST_FOLLOW_ROOM, a line, in a buffer that doubles, and what malloc has
FREE_AT_ONCE = 'quarantine_size_mb=0:thread_local_quarantine_size_kb=0'  # if sanitized
SOMEBODY = 54321  # a user who runs nothing else


def needs_root():
    if os.geteuid() != 0:
        raise ktap.Skip('needs root')


def rss_kib(pid):
    with open(f'/proc/{pid}/status', encoding='ascii') as file:
        return next(int(line.split()[1]) for line in file if line.startswith('VmRSS'))


def why_not(daemon, spec):
    """Why a child could not be started; None if it could."""
    try:
        daemon.call('start_child', path='/', spec=spec)
    except Refused as refusal:
        return refusal.otp['start_error']
    return None


def set_limit(daemon, limit, soft):
    """As the daemon's own user may; the soft limit that was."""
    change = ('import resource, sys; pid, limit, soft = map(int, sys.argv[1:]); '
              'was, hard = resource.prlimit(pid, limit); '
              'resource.prlimit(pid, limit, (soft, hard)); print(was)')
    command = ['/usr/bin/python3', '-c', change, str(daemon.process.pid), str(limit), str(soft)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True,
                              user=daemon.user, group=daemon.user).stdout)


def starve_and_feed(daemon, limit, few, word):
    """With a limit of the daemon lowered a killed child cannot come back; then it can."""
    events, pid = daemon.follow(), daemon.pid('a')
    soft = set_limit(daemon, limit, few)
    os.kill(pid, signal.SIGKILL)
    error = events.event('start_failed')
    assert word in error['reason']['error'], error
    set_limit(daemon, limit, soft)
    events.event('started', 'a')
    assert daemon.info('a')['state'] == 'running'


def test_without_processes_left_a_child_comes_back_when_there_are_F2():
    needs_root()
    with Daemon(PATIENT, user=SOMEBODY) as daemon:
        starve_and_feed(daemon, resource.RLIMIT_NPROC, 1, 'temporarily unavailable')


def test_more_failed_starts_at_once_than_are_taken_in_a_turn_hinder_nobody_F2():
    needs_root()
    nr_sups = 300
    sup = ('{{id: s{0}, supervisor: {{intensity: 1000000, period: 3600, children: '
           '[{{id: a, start: [sleep, infinity]}}]}}}}')
    children = ', '.join(sup.format(number) for number in range(nr_sups))
    with Daemon(f'children: [{children}]', user=SOMEBODY) as daemon:
        daemon.until(f's{nr_sups - 1}=up')
        soft = set_limit(daemon, resource.RLIMIT_NPROC, 1)
        for number in range(nr_sups):
            os.kill(daemon.pid(f's{number}/a'), signal.SIGKILL)
        daemon.poll(lambda: all(child['state'] != 'running' for child in daemon.call('ps')
                                if child['type'] == 'worker'))
        set_limit(daemon, resource.RLIMIT_NPROC, soft)
        daemon.poll(lambda: all(child['state'] == 'running' for child in daemon.call('ps')))


def test_without_descriptors_left_a_child_comes_back_when_there_are_F2():
    with Daemon(PATIENT) as daemon:
        daemon.call('ping')
        starve_and_feed(daemon, resource.RLIMIT_NOFILE, 64, 'Too many open files')


def test_what_cannot_be_executed_is_a_start_error_that_says_why_A5():
    with Daemon() as daemon:
        plain = daemon.write('no program\n', 'plain')
        broken = daemon.write('\x7fELF is not all of it\n', 'broken')
        lost = daemon.write('#!/nonexistent/interpreter\n', 'lost')
        os.chmod(broken, 0o755)
        os.chmod(lost, 0o755)
        for command, word in (('/nonexistent/program', 'No such file'),
                              ('no-such-program-in-PATH', 'No such file'),
                              (plain, 'Permission denied'), (daemon.dir, 'Permission denied'),
                              (plain + '/below', 'Not a directory'),
                              (broken, 'Exec format error'), (lost, 'No such file')):
            error = why_not(daemon, {'id': 'x', 'start': [command],
                                     'environment': {'PATH': '/usr/bin:/bin'}})
            assert word in error['error'], (command, error)
        assert daemon.call('which_children', path='/') == []


def test_a_stopped_child_is_killed_when_its_time_is_up_G3():
    with Daemon() as daemon:
        daemon.call('start_child', path='/', spec={
            'id': 'x', 'shutdown': '10 ms', 'ready': 'fd=3',
            'start': ['sh', '-c', 'trap "" TERM; echo >&3; exec sleep infinity']})
        events = daemon.follow()
        os.kill(daemon.pid('x'), signal.SIGSTOP)
        daemon.call('terminate_child', path='x')
        assert events.event('exited', 'x')['reason'] == 'killed'


def test_a_child_that_stops_before_it_is_ready_runs_out_of_time():
    with Daemon() as daemon:
        error = why_not(daemon, {'id': 'x', 'ready': 'notify', 'start_timeout': '50 ms',
                                 'start': ['sh', '-c', 'kill -STOP $$']})
        assert error, 'it was not ready'
        assert daemon.call('which_children', path='/') == []


def test_a_child_that_closes_its_readiness_descriptor_is_not_ready():
    with Daemon() as daemon:
        error = why_not(daemon, {'id': 'x', 'ready': 'fd=3', 'start_timeout': '50 ms',
                                 'start': ['sh', '-c', 'exec 3>&-; exec sleep infinity']})
        assert error, 'it was not ready'


SAY = ('import os, socket, sys; s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); '
       's.connect(os.environ["NOTIFY_SOCKET"]); ')


def test_a_flood_of_notifications_hinders_nobody():
    flood = SAY + '[s.send(b"STATUS=%d" % i) for i in range(20000)]; s.send(b"READY=1"); ' \
                  'import signal; signal.pause()'
    with Daemon(PATIENT) as daemon:
        events = daemon.follow()
        flooder = daemon.connect()
        thread = threading.Thread(target=lambda: flooder.call('start_child', path='/', spec={
            'id': 'x', 'ready': 'notify', 'start': ['python3', '-c', flood]}))
        thread.start()
        os.kill(daemon.pid('a'), signal.SIGKILL)
        events.event('started', 'a')
        thread.join(PATIENCE_S)
        assert daemon.info('x')['status'] == '19999'


def test_what_strangers_notify_is_ignored():
    with Daemon() as daemon:
        starter = daemon.connect()
        thread = threading.Thread(target=lambda: starter.call('start_child', path='/', spec={
            'id': 'x', 'ready': 'notify', 'output': 'null', 'start': [
                'python3', '-c', SAY + f'open("{daemon.dir}/gate").read(); s.send(b"READY=1"); '
                'import signal; signal.pause()']}))
        os.mkfifo(daemon.dir + '/gate')
        thread.start()
        daemon.poll(lambda: [child['state'] for child in daemon.call('ps')
                             if child['path'] == 'x'] == ['starting'])
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as stranger:
            stranger.connect(daemon.socket + '.notify')
            for text in (b'READY=1', b'X_SUPTREE=IGNORE', b'\0\xff=\n', b'', b'=' * 4096,
                         b'READY=1\n' * 5000, b'ERRNO=99999999999999999999'):
                stranger.send(text)
        daemon.call('ping')
        assert daemon.info('x')['state'] == 'starting'
        assert f'messages of process {os.getpid()} to $NOTIFY_SOCKET are dropped' in daemon.said()
        with open(daemon.dir + '/gate', 'w', encoding='ascii'):
            pass
        thread.join(PATIENCE_S)
        assert daemon.info('x')['state'] == 'running'


# As systemd-notify --ready: it ends when the daemon has read its message, and so not too early.
HELPER = SAY + ('s.send(b"READY=1"); r, w = os.pipe(); socket.send_fds(s, [b"BARRIER=1"], [w]); '
                'os.close(w); os.read(r, 1)')


def test_a_helper_in_the_script_of_another_user_says_that_it_is_ready():
    user = {'user': 'nobody'} if os.geteuid() == 0 else {}
    with Daemon() as daemon:
        daemon.call('start_child', path='/', spec={
            'id': 'x', 'ready': 'notify', 'output': 'null', **user,
            'start': ['sh', '-c', 'python3 -c "$1"; exec sleep infinity', 'sh', HELPER]})
        assert daemon.info('x')['state'] == 'running'
        assert 'dropped' not in daemon.said(), daemon.said()


def test_where_only_the_main_process_may_speak_a_dropped_message_is_said_once():
    script = ('import subprocess, sys, signal; [subprocess.run(["python3", "-c", sys.argv[1]]) '
              'for _ in range(3)]; ' + SAY + 's.send(b"READY=1"); signal.pause()')
    with Daemon() as daemon:
        daemon.call('start_child', path='/', spec={
            'id': 'x', 'ready': 'notify', 'output': 'null', 'notify_access': 'main',
            'start': ['python3', '-c', script, HELPER]})
        told = [line for line in daemon.said().splitlines() if 'dropped' in line]
        assert len(told) == 1, told
        assert told[0].startswith('suptreed: x: messages of process '), told
        assert told[0].endswith(f'the main process is {daemon.pid("x")}'), told


def test_when_the_disk_is_full_the_log_ends_and_the_tree_goes_on():
    needs_root()
    daemon = Daemon(PATIENT)
    disk = daemon.dir + '/disk'
    os.mkdir(disk)
    mount = f'mount -t tmpfs -o size=16k none "{disk}" && exec "$@"'
    daemon.command = ['unshare', '-m', 'sh', '-c', mount, 'sh', *daemon.command,
                      '--transcript', disk + '/transcript']
    with daemon:
        events = daemon.follow()
        while 'the transcript ends here' not in daemon.said():
            os.kill(daemon.pid('a'), signal.SIGKILL)
            events.event('started', 'a')
        assert 'No space left' in daemon.said(), daemon.said()
        os.kill(daemon.pid('a'), signal.SIGKILL)
        events.event('started', 'a')


def test_five_hundred_clients_that_never_read_hide_no_restart():
    nr_clients, nr_kills = 500, 100
    with Daemon(PATIENT) as daemon:
        lazy = [Connection(daemon.socket) for _ in range(nr_clients)]
        for client in lazy:
            client.call('subscribe')
        events = daemon.follow()
        for _ in range(nr_kills):
            os.kill(daemon.pid('a'), signal.SIGKILL)
            events.event('started', 'a')
        assert daemon.info('a')['restarts'] == nr_kills
        for client in lazy:
            seen = [client.notification() for _ in range(10)]
            numbers = [event['params']['seq'] for event in seen]
            assert numbers == sorted(set(numbers)), json.dumps(seen)
            client.close()


def test_for_a_client_that_reads_late_no_more_than_its_room_is_kept_and_nothing_is_lost():
    nr_clients, nr_kills, depth = 20, 200, 8
    name = '/'.join([LONG_ID] * depth + ['a'])
    above = f'{{id: {LONG_ID}, supervisor: {{children: [' * depth
    daemon = Daemon(PATIENT_BELOW.format(above=above, below=']}}' * depth))
    options = os.environ.get('ASAN_OPTIONS', '')
    daemon.command = ['env', f'ASAN_OPTIONS={options}:{FREE_AT_ONCE}', *daemon.command]
    with daemon:
        late = [Connection(daemon.socket) for _ in range(nr_clients)]
        before_kib = rss_kib(daemon.process.pid)
        for client in late:
            client.call('subscribe')
        events = daemon.follow()
        for _ in range(nr_kills):
            os.kill(daemon.pid(name), signal.SIGKILL)
            last = events.event('started', name)
        kib = (rss_kib(daemon.process.pid) - before_kib) / nr_clients
        assert kib < MAX_KIB_OF_CLIENT, f'{kib} KiB a client'
        for client in late:
            seq = client.notification()['params']['seq']
            while seq < last['seq']:
                event = client.notification()
                assert event['params']['seq'] == seq + 1, event
                seq += 1
            client.close()


ktap.run(globals())
