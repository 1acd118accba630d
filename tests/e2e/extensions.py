#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What OTP does not have and a child must ask for, with real processes."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from suptreed import BIN, Daemon, PATIENCE_S, Refused  # noqa: E402

# A shell that is about to start another program may lose a signal that it has a trap for.
ON_USR1 = [sys.executable, '-c', """
import os, signal
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
signal.signal(signal.SIGTERM, signal.SIG_IGN)
os.write(3, b'READY=1\\n')
signal.sigwait({signal.SIGUSR1})
"""]


def refused(daemon, method, **params):
    try:
        daemon.call(method, **params)
    except Refused as refusal:
        return refusal
    raise AssertionError(f'{method} was not refused')


def suptree(daemon, *words):
    return subprocess.run([BIN + '/suptree', '--socket', daemon.socket, *words], text=True,
                          capture_output=True, check=False)


def test_a_stop_signal_stops_what_does_not_hear_sigterm_X6():
    spec = {'id': 'a', 'ready': 'fd=3', 'start': ON_USR1, 'stop_signal': 'USR1',
            'shutdown': 'infinity', 'restart': 'transient', 'kill_subtree': True}
    with Daemon('') as daemon:
        events = daemon.follow()
        daemon.call('start_child', path='/', spec=spec)
        assert daemon.call('get_childspec', path='a')['stop_signal'] == 'USR1'
        daemon.call('terminate_child', path='a')
        end = events.event('exited', 'a')
        assert end['how'] == {'exit': 0} and end['reason'] == 'normal', end


def test_what_a_child_leaves_gets_its_stop_signal_X6():
    spec = {'id': 'a', 'ready': 'fd=3', 'start': ['sh', '-c', '"$@" & wait', 'sh', *ON_USR1],
            'stop_signal': 'USR1', 'shutdown': 'infinity', 'restart': 'temporary',
            'kill_subtree': True}
    with Daemon('') as daemon:
        events = daemon.follow()
        daemon.call('start_child', path='/', spec=spec)
        os.kill(daemon.pid('a'), signal.SIGKILL)
        assert events.event('exited', 'a')['reason'] == 'killed'


def test_an_end_by_the_stop_signal_is_shutdown_X6():
    spec = {'id': 'a', 'start': ['sleep', 'infinity'], 'stop_signal': 'SIGINT',
            'restart': 'transient'}
    with Daemon('') as daemon:
        events = daemon.follow()
        daemon.call('start_child', path='/', spec=spec)
        os.kill(daemon.pid('a'), signal.SIGINT)
        end = events.event('exited', 'a')
        assert end['reason'] == 'shutdown' and end['how']['signal'] == 'INT', end
        daemon.call('settle')
        assert daemon.info('a')['state'] == 'stopped'


def test_start_now_false_waits_for_a_request_X7():
    config = ('children: [{id: a, start: [sleep, infinity], start_now: false}, '
              '{id: b, start: [sleep, infinity]}]')
    with Daemon(config) as daemon:
        assert daemon.info('a')['state'] == 'stopped'
        assert daemon.call('get_childspec', path='a')['start_now'] is False
        done = suptree(daemon, 'restart', 'a')
        assert done.returncode == 0 and done.stdout == f'started: pid {daemon.pid("a")}\n', done
        spec = {'id': 'c', 'start': ['sleep', 'infinity'], 'start_now': False}
        assert daemon.call('start_child', path='/', spec=spec) == {'added': True}
        assert daemon.info('c')['state'] == 'stopped'


def test_a_reload_sees_a_changed_extension_X7():
    with Daemon('children: [{id: a, start: [sleep, infinity]}]') as daemon:
        daemon.write('children: [{id: a, start: [sleep, infinity], stop_signal: INT}]')
        assert daemon.call('reload')['changed'] == ['/']
        assert daemon.call('get_childspec', path='a')['stop_signal'] == 'INT'
        daemon.write('children: [{id: a, start: [sleep, infinity], stop_signal: INT},\n'
                     '           {id: b, start: [sleep, infinity], start_now: false}]')
        daemon.call('reload', start_new=True)
        assert daemon.info('b')['state'] == 'stopped'


def test_ready_exit_runs_before_the_next_child_starts_X8():
    config = '''
children:
  - {id: prepare, ready: exit, start: [sh, -c, "echo prepared"]}
  - {id: work, start: [sleep, infinity]}
'''
    with Daemon(config) as daemon:
        events = daemon.follow(since=0)
        done = events.event('done', 'prepare')
        assert done['how'] == {'exit': 0}, done
        assert events.event('started', 'work')['seq'] > done['seq']
        assert daemon.info('prepare')['state'] == 'stopped'
        assert daemon.call('restart', path='prepare') == {'done': True}
        assert suptree(daemon, 'restart', 'prepare').stdout.startswith('done: ')


def test_ready_exit_that_fails_is_a_start_error_X8():
    with Daemon('') as daemon:
        spec = {'id': 'a', 'ready': 'exit', 'start': ['sh', '-c', 'exit 3']}
        refusal = refused(daemon, 'start_child', path='/', spec=spec)
        assert refusal.otp == {'start_error': {'code': 3}}, refusal.otp


def test_an_end_before_min_uptime_is_a_start_error_X9():
    with Daemon('') as daemon:
        spec = {'id': 'a', 'min_uptime': '1 h', 'start': ['sh', '-c', 'exit 0']}
        refusal = refused(daemon, 'start_child', path='/', spec=spec)
        assert refusal.otp == {'start_error': 'normal'}, refusal.otp
        spec = {'id': 'a', 'min_uptime': 20, 'start': ['sleep', 'infinity']}
        assert daemon.call('start_child', path='/', spec=spec)['started']
        assert daemon.follow(since=0).event('started', 'a')['took_ns'] >= 20_000_000


def test_restart_gives_any_child_a_new_process_X10():
    config = '''
children:
  - {id: a, start: [sleep, infinity]}
  - {id: t, start: [sleep, infinity], restart: temporary}
  - id: pool
    supervisor:
      strategy: simple_one_for_one
      children: [{id: w, start: [sleep]}]
'''
    with Daemon(config) as daemon:
        daemon.call('start_child', path='pool', name='one', args=['infinity'])
        for path in ('a', 't', 'pool/one'):
            before = daemon.pid(path)
            after = daemon.call('restart', path=path)['started']['pid']
            assert before != after == daemon.pid(path), path
        assert daemon.call('restart', path='pool')['started']['generation']
        assert daemon.info('pool')['state'] == 'running'
        assert refused(daemon, 'restart', path='/').kind == 'not_found'
        assert refused(daemon, 'restart', path='nobody').kind == 'not_found'


def test_an_environment_file_is_read_again_at_a_reload():
    config = '''
children:
  - {id: a, start: [sleep, infinity], environment_file: [DIR/x, -DIR/none],
     environment: {B: here}}
'''
    with Daemon('') as daemon:
        def variables():
            found = []

            def read():  # nothing is there until the kernel has loaded the program
                with open(f'/proc/{daemon.pid("a")}/environ', encoding='utf-8') as file:
                    found[:] = [line for line in file.read().split('\0')
                                if line[:2] in ('A=', 'B=')]
                return found
            daemon.poll(read)
            return found

        daemon.write('A=one two\nB=there\n', 'x')
        config = daemon.write(config.replace('DIR', daemon.dir))
        daemon.call('reload', start_new=True)
        assert sorted(variables()) == ['A=one two', 'B=here'], variables()
        spec = daemon.call('get_childspec', path='a')
        assert spec['environment_file'] == [f'{daemon.dir}/x', f'-{daemon.dir}/none'], spec
        assert spec['environment'] == {'B': 'here'}, spec
        daemon.write('A=new\n', 'x')
        plan = daemon.call('reload', dry_run=True)
        assert plan['variables'] == ['a'] and not plan['changed'], plan
        daemon.call('restart', path='a')
        assert 'A=one two' in variables()
        done = daemon.call('reload')
        assert done == {**plan, 'dry_run': False}, (plan, done)
        assert 'A=one two' in variables(), 'a reload restarts nothing'
        assert not daemon.call('reload')['variables'], 'nothing differs any more'
        daemon.call('restart', path='a')
        assert 'A=new' in variables()
        daemon.write('A\n', 'x')
        assert f'{daemon.dir}/x:1: it is not NAME=VALUE (child a)' in str(refused(daemon, 'reload'))
        daemon.call('restart', path='a')
        assert 'A=new' in variables()


def unix_server(daemon, name):
    """A server on a unix socket in the daemon's folder."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(f'{daemon.dir}/{name}')
    listener.listen(64)
    listener.settimeout(PATIENCE_S)
    return listener


class HttpServer:
    """A server on a TCP port that answers each request with the next answer, the last for
    ever."""

    def __init__(self, answers):
        self.answers = answers
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.port = self.listener.getsockname()[1]
        self.requests, self.held = [], []
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while peer := self.listener.accept()[0]:
            request = peer.recv(4096)
            if request == b'enough':
                return
            self.answer(peer, self.answers[min(len(self.requests), len(self.answers) - 1)])
            self.requests.append(request)

    def answer(self, peer, answer):
        if answer is None:
            self.held.append(peer)
            return
        with peer, contextlib.suppress(ConnectionError):  # it may have read enough
            peer.sendall(answer)

    def end(self):
        """All requests: those that wait, too, for who has asked may not have waited."""
        with socket.create_connection(('127.0.0.1', self.port), PATIENCE_S) as last:
            last.sendall(b'enough')
            self.thread.join(PATIENCE_S)
        assert not self.thread.is_alive()
        for item in (self.listener, *self.held):
            item.close()
        return self.requests


SLEEP = ['sleep', 'infinity']


def test_ready_probe_waits_until_a_command_succeeds_X11():
    with Daemon('') as daemon:
        mark = daemon.dir + '/mark'
        start = 'echo $SUPTREE_PATH > "$MARK"; exec sleep infinity'
        spec = {'id': 'a', 'start': ['sh', '-c', start],
                'ready': 'probe', 'environment': {'MARK': mark}, 'cwd': daemon.dir,
                'probe': {'command': ['sh', '-c', 'test "$(cat "$MARK")" = "$SUPTREE_PATH"']}}
        assert daemon.call('start_child', path='/', spec=spec)['started']
        assert daemon.info('a')['state'] == 'running'


def test_a_command_that_fails_too_often_kills_the_child_X11():
    with Daemon('intensity: 100000') as daemon:  # until the mark has gone
        events = daemon.follow()
        mark = daemon.dir + '/mark'
        spec = {'id': 'a', 'start': SLEEP, 'restart': 'transient',
                'probe': {'command': ['test', '!', '-e', mark], 'interval': 1, 'failures': 2}}
        first = daemon.call('start_child', path='/', spec=spec)['started']['pid']
        with open(mark, 'w', encoding='ascii'):
            pass
        end = events.event('exited', 'a')
        assert end['reason'] == 'killed' and end['cause']['rule'] == 'X11', end
        os.unlink(mark)
        daemon.until('a=up')
        assert daemon.pid('a') != first
        assert '[X11]' in suptree(daemon, 'why', 'a').stdout


def test_a_probe_that_hangs_fails_and_leaves_no_process_X11():
    with Daemon('') as daemon:
        events = daemon.follow()
        spec = {'id': 'a', 'start': SLEEP, 'restart': 'transient',
                'probe': {'command': ['sh', '-c', 'sleep infinity & wait'], 'interval': 1,
                          'timeout': 10, 'failures': 2, 'on_failure': 'shutdown'}}
        daemon.call('start_child', path='/', spec=spec)
        end = events.event('exited', 'a')
        assert end['reason'] == {'shutdown': 'unhealthy'}, end
        assert end['how']['signal'] == 'TERM', end
        daemon.call('settle')
        assert daemon.info('a')['state'] == 'stopped'
        daemon.poll(lambda: not daemon.pids())


def test_a_probe_is_not_the_child_X11():
    with Daemon('') as daemon:
        events = daemon.follow()
        command = [BIN + '/suptree', '--socket', daemon.socket, 'register', 'mine']
        spec = {'id': 'a', 'start': SLEEP, 'restart': 'temporary',
                'probe': {'command': command, 'interval': 1, 'timeout': '1 h', 'failures': 1}}
        daemon.call('start_child', path='/', spec=spec)
        assert events.event('exited', 'a')['cause']['rule'] == 'X11'
        assert daemon.call('registered') == []


SAY = """
import os, socket, sys
def say(path, what):
    notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    notify.connect(path)
    notify.send(what)
    reader, writer = os.pipe()
    socket.send_fds(notify, [b'BARRIER=1'], [writer])
    os.close(writer)
    assert not os.read(reader, 1)  # the daemon has read both
"""
THE_CHILD = SAY + """
path = os.environ['NOTIFY_SOCKET']
with open(sys.argv[1], 'w') as file:
    file.write(path)
say(path, b'STATUS=own\\nREADY=1')
os.execvp('sleep', ['sleep', 'infinity'])
"""
A_PROBE = SAY + """
with open(sys.argv[1]) as file:
    path = file.read()
say(path, b'STATUS=of the command')
if os.fork():
    os.wait()
    os.unlink(sys.argv[1])
    os.execvp('sleep', ['sleep', 'infinity'])
say(path, b'STATUS=of what it has started')
"""


def test_a_command_that_probes_cannot_speak_for_the_child_X11():
    """Neither can what it starts, although both know the socket; the child itself can."""
    with Daemon('') as daemon:
        file = daemon.dir + '/path'
        spec = {'id': 'a', 'start': [sys.executable, '-c', THE_CHILD, file], 'ready': 'notify',
                'probe': {'command': [sys.executable, '-c', A_PROBE, file], 'interval': 1,
                          'timeout': '1 h', 'failures': 1}}
        daemon.call('start_child', path='/', spec=spec)
        daemon.poll(lambda: not os.path.exists(file))
        assert daemon.info('a')['status'] == 'own', daemon.info('a')


def test_tcp_is_well_while_it_accepts_X11():
    with Daemon('') as daemon:
        events = daemon.follow()
        listener = unix_server(daemon, 'sock')
        spec = {'id': 'a', 'start': SLEEP, 'restart': 'temporary', 'ready': 'probe',
                'probe': {'tcp': f'unix:{daemon.dir}/sock', 'interval': 1, 'failures': 3}}
        daemon.call('start_child', path='/', spec=spec)
        for _ in range(3):
            listener.accept()[0].close()
        listener.close()
        assert events.event('exited', 'a')['reason'] == 'killed'


def test_http_is_well_with_a_status_from_200_to_399_X11():
    good, bad = b'HTTP/1.1 302 Found\r\n\r\n', b'HTTP/1.1 503 No\r\n\r\n'
    with Daemon('') as daemon:
        server = HttpServer([bad, good, bad, bad, good, bad])
        events = daemon.follow()
        spec = {'id': 'a', 'start': SLEEP, 'restart': 'temporary', 'ready': 'probe',
                'probe': {'http': f'http://localhost:{server.port}/health?x=1', 'interval': 1,
                          'timeout': '1 h', 'failures': 3}}
        daemon.call('start_child', path='/', spec=spec)
        events.event('exited', 'a')
        requests = server.end()
        assert len(requests) == 8, requests
        assert requests[0].startswith(b'GET /health?x=1 HTTP/1.0\r\nHost: localhost:'), requests


def test_a_hostile_answer_is_a_failure_and_costs_nothing_X11():
    answers = [b'', b'x' * 100000, b'HTTP/1.1 2000', b'HTTP/2.0 200 OK', b'HTTP/1.1  200', None]
    with Daemon('') as daemon:
        server = HttpServer(answers)
        events = daemon.follow()
        spec = {'id': 'a', 'start': SLEEP, 'restart': 'temporary',
                'probe': {'http': f'http://127.0.0.1:{server.port}', 'interval': 1, 'timeout': 50,
                          'failures': len(answers)}}
        daemon.call('start_child', path='/', spec=spec)
        events.event('exited', 'a')
        requests = server.end()
        assert len(requests) == len(answers), requests


POOL = '''
children:
  - id: pool
    supervisor:
      partitions: 4
      children: [{id: t, start: [BIN/counter, "0"], ready: notify}]
'''.replace('BIN', BIN)


def test_a_key_leads_to_the_same_partition_over_restarts_X5():
    with Daemon(POOL) as daemon:
        def ask(key, *words):
            done = suptree(daemon, 'call', f'pool/{{{key}}}', *words)
            assert done.returncode == 0, done
            return done.stdout.strip()

        for key in range(4):
            ask(key, 'increment')
        ask(6, 'increment')
        assert [ask(key, 'get_value') for key in range(4)] == ['1', '1', '2', '1']
        before = {key: daemon.info(f'pool/{{{key}}}')['path'] for key in ('a', 'b', 'user:42', -3)}
        assert before[-3] == 'pool/3', before
        daemon.call('restart', path='pool/{a}')
        daemon.call('restart', path='pool')
        assert before == {key: daemon.info(f'pool/{{{key}}}')['path'] for key in before}
        with open(f'/proc/{daemon.pid("pool/2")}/environ', 'rb') as file:
            assert b'SUPTREE_PARTITION=2' in file.read().split(b'\0')
        daemon.until('pool/{2}=up')
        assert refused(daemon, 'info', path='pool/{x}/y').kind == 'not_found'


def test_more_partitions_are_a_change_X5():
    with Daemon(POOL) as daemon:
        assert daemon.call('get_childspec', path='pool')['supervisor']['partitions'] == 4
        daemon.write(POOL.replace('partitions: 4', 'partitions: 5'))
        plan = daemon.call('reload', start_new=True)
        assert plan['added'] == ['pool/4'] and 'pool' in plan['changed'], plan
        assert daemon.info('pool/{4}')['state'] == 'running'


ktap.run(globals())
