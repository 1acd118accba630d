#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Processes that talk to each other: names, connections, monitors."""

import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys

TOP = os.environ['ST_TEST_TOP']
sys.path.insert(0, TOP + '/tests/lib')
import ktap  # noqa: E402
from suptreed import BIN, PATIENCE_S, Connection, Daemon, Refused  # noqa: E402
from talk import Talk  # noqa: E402
from talker import CALL, HEADER  # noqa: E402

PYTHON = '/usr/bin/python3' if os.path.exists('/usr/bin/python3') else sys.executable
TALKER = f'[{PYTHON}, {TOP}/tests/lib/talker.py'
TWO = f'''
intensity: 100
children:
  - {{id: a, start: {TALKER}], ready: notify, output: "null"}}
  - {{id: b, start: {TALKER}], ready: notify, output: "null"}}
  - {{id: plain, start: [sleep, infinity], output: "null"}}
'''


def suptree(daemon, *words):
    return subprocess.run([BIN + '/suptree', '--socket', daemon.socket, *words], text=True,
                          capture_output=True, check=False, timeout=PATIENCE_S)


def call(daemon, name, words):
    talk = Talk(daemon, name)
    try:
        return talk.call(words)
    finally:
        talk.close()


def refusal(function, *args, **kwargs):
    try:
        function(*args, **kwargs)
    except Refused as refused:
        return refused.kind
    return None


def kill_and_settle(daemon, name):
    pid = daemon.pid(name)
    events = daemon.follow()
    os.kill(pid, signal.SIGKILL)
    events.event('started', name)
    assert daemon.pid(name) != pid


def test_a_call_goes_to_the_process_and_its_answer_comes_back():
    with Daemon(TWO) as daemon:
        talk = Talk(daemon, 'a')
        assert talk.answer['result'] == {'path': 'a', 'pid': daemon.pid('a'),
                                         'generation': daemon.info('a')['generation'],
                                         'uid': os.getuid()}
        assert talk.call('echo hello') == 'hello'
        assert talk.call('echo ' + 'x' * 60000) == 'x' * 60000
        assert talk.call('whereami') == 'a'
        talk.close()


def test_the_server_is_told_who_calls():
    with Daemon(TWO) as daemon:
        assert json.loads(call(daemon, 'a', 'who')) == {'pid': os.getpid(), 'uid': os.getuid(),
                                                        'role': 'admin'}
        hello = json.loads(call(daemon, 'b', 'ask a who'))
        assert hello == {'path': 'b', 'generation': daemon.info('b')['generation'],
                         'pid': daemon.pid('b'), 'uid': os.getuid(), 'role': 'admin',
                         'link': True}, hello


def test_a_connection_ends_with_its_process_and_the_name_leads_to_the_next_one():
    with Daemon(TWO) as daemon:
        talk = Talk(daemon, 'a')
        kill_and_settle(daemon, 'a')
        try:
            assert talk.hear() is None
        except ConnectionResetError:
            pass
        talk.close()
        assert call(daemon, 'a', 'echo again') == 'again'


def test_a_name_is_registered_until_its_process_ends():
    with Daemon(TWO) as daemon:
        assert call(daemon, 'a', 'register speaker') == '{"ok": true}'
        assert call(daemon, 'speaker', 'whereami') == 'a'
        assert call(daemon, 'b', 'register speaker') == '"already_registered"'
        assert [row['name'] for row in daemon.call('registered')] == ['speaker']
        assert daemon.call('whereis', path='speaker')['path'] == 'a'
        kill_and_settle(daemon, 'a')
        assert daemon.call('registered') == []
        assert refusal(daemon.call, 'whereis', path='speaker') == 'noproc'
        assert call(daemon, 'b', 'register speaker') == '{"ok": true}'
        assert call(daemon, 'a', 'unregister speaker') == '"conflict"'
        assert call(daemon, 'b', 'unregister speaker') == '{"ok": true}'
        assert daemon.call('registered') == []


def test_a_process_has_a_limited_number_of_names():
    with Daemon(TWO) as daemon:
        talk = Talk(daemon, 'a')
        for number in range(16):
            assert talk.call(f'register n{number}') == '{"ok": true}'
        assert talk.call('register n16') == '"limit"'
        talk.close()


def test_only_supervised_processes_have_names():
    with Daemon(TWO) as daemon:
        assert refusal(daemon.call, 'register', name='me') == 'refused'
        assert refusal(daemon.call, 'unregister', name='me') == 'refused'


def test_a_process_is_meant_by_path_by_the_older_name_too_but_not_by_both():
    with Daemon(TWO) as daemon:
        found = daemon.call('whereis', path='a')
        assert daemon.call('whereis', name='a') == found
        try:
            daemon.call('whereis', path='a', name='a')
        except Refused as error:
            assert error.kind == 'invalid_params' and 'not both' in str(error), error
        else:
            raise AssertionError('both were taken')


def test_the_end_of_a_path_is_a_name_if_only_one_child_has_it():
    config = f'''
children:
  - id: x
    supervisor:
      children:
        - {{id: one, start: {TALKER}], ready: notify, output: "null"}}
        - {{id: same, start: [sleep, infinity], output: "null"}}
  - id: y
    supervisor:
      children:
        - {{id: same, start: [sleep, infinity], output: "null"}}
'''
    with Daemon(config) as daemon:
        assert call(daemon, 'one', 'whereami') == 'x/one'
        assert daemon.call('whereis', path='x/same')['path'] == 'x/same'
        assert refusal(daemon.call, 'whereis', path='same') == 'conflict'
        assert refusal(daemon.call, 'monitor', path='same') == 'conflict'
        assert refusal(daemon.call, 'whereis', path='x') == 'noproc'


def test_who_takes_no_messages_is_not_connected_to():
    with Daemon(TWO) as daemon:
        kinds = {name: Talk(daemon, name).answer['error']['data']['kind']
                 for name in ('plain', 'nobody')}
        assert kinds == {'plain': 'no_mailbox', 'nobody': 'noproc'}


def test_a_process_that_names_the_mailbox_of_another_one_gets_no_connection_there():
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as ours:
        ours.bind('')
        ours.listen()
        address = ours.getsockname()[1:].decode()
        with Daemon(TWO.replace('id: a, start: ' + TALKER,
                                'id: a, start: ' + TALKER + f', "{address}"')) as daemon:
            error = Talk(daemon, 'a').answer['error']
            assert error['data']['kind'] == 'noproc', error
            assert 'closed its mailbox' in error['message'], error


def test_a_monitor_hears_of_the_end_once_and_why():
    with Daemon(TWO) as daemon:
        watcher = daemon.connect()
        asked = watcher.call('monitor', path='a')
        assert asked['path'] == 'a' and asked['generation'] == daemon.info('a')['generation']
        os.kill(daemon.pid('a'), signal.SIGSEGV)
        down = watcher.notification()
        assert down['method'] == 'down'
        assert down['params'] == {**asked, 'reason': {'signal': 'SEGV'}}, down
        daemon.until('a=running')
        kill_and_settle(daemon, 'a')
        watcher.call('ping')
        assert watcher.waiting == []


def test_several_monitors_of_a_process_hear_each_once_in_order():
    with Daemon(TWO) as daemon:
        watcher = daemon.connect()
        refs = [watcher.call('monitor', path='a')['ref'] for _ in range(3)]
        watcher.call('demonitor', ref=refs[1])
        os.kill(daemon.pid('a'), signal.SIGKILL)
        heard = [watcher.notification()['params']['ref'] for _ in range(2)]
        assert sorted(heard) == [refs[0], refs[2]]
        daemon.until('a=running')
        watcher.call('ping')
        assert watcher.waiting == []


def test_a_monitor_of_nobody_hears_noproc_at_once():
    with Daemon(TWO) as daemon:
        watcher = daemon.connect()
        asked = watcher.call('monitor', path='nobody')
        assert watcher.notification()['params'] == {**asked, 'reason': 'noproc'}
        asked = watcher.call('monitor', generation=123456)
        assert watcher.notification()['params'] == {**asked, 'reason': 'noproc'}


def test_a_monitor_of_one_that_has_ended_hears_the_true_reason():
    with Daemon(TWO) as daemon:
        generation = daemon.info('a')['generation']
        talk = Talk(daemon, 'a')
        talk.say('crash')
        watcher = daemon.connect()
        asked = watcher.call('monitor', generation=generation)
        down = watcher.notification()['params']
        assert down == {'ref': asked['ref'], 'generation': generation, 'path': 'a',
                        'reason': {'code': 3}}, down
        talk.close()
        daemon.until('a=running')


def test_a_monitor_hears_of_a_supervisor_too():
    config = '''
children:
  - id: s
    supervisor:
      intensity: 0
      children: [{id: a, start: [sleep, infinity], output: "null"}]
'''
    with Daemon(config) as daemon:
        watcher = daemon.connect()
        watcher.call('monitor', path='s')
        os.kill(daemon.pid('s/a'), signal.SIGKILL)
        assert watcher.notification()['params']['reason'] == 'shutdown'


def test_a_child_of_another_user_may_talk_without_a_role():
    if os.geteuid():
        raise ktap.Skip('needs root, to start a child as another user')
    daemon = Daemon()
    copy = shutil.copy(TOP + '/tests/lib/talker.py', daemon.dir)  # where that user may read it
    given = {name: os.environ[name] for name in ('PYTHONPATH', 'ST_TEST_BIN')}
    config = TWO.replace('id: b,', f'id: b, user: nobody, environment: {json.dumps(given)},')
    config = config.replace(TALKER, f'[{PYTHON}, {copy}')
    daemon.command += ['--config', daemon.write(config)]
    with daemon:
        assert call(daemon, 'b', 'register nobodys') == '{"ok": true}'
        hello = json.loads(call(daemon, 'b', 'ask a who'))
        assert hello == {'path': 'b', 'generation': daemon.info('b')['generation'],
                         'pid': daemon.pid('b'), 'uid': pwd.getpwnam('nobody').pw_uid}, hello
        assert call(daemon, 'nobodys', 'ask plain echo') == 'no_mailbox'


def test_an_answer_with_a_descriptor_waits_for_a_slow_reader_and_a_second_one_is_refused():
    with Daemon(TWO) as daemon:
        slow = Connection(daemon.socket)
        for method, params in (('ps', {}), ('connect', {'name': 'a'}), ('ping', {})):
            slow.socket.sendall(json.dumps({'jsonrpc': '2.0', 'id': method, 'method': method,
                                            'params': params}).encode() + b'\n')
        daemon.call('ping')
        text, fds = b'', []
        while text.count(b'\n') < 3:
            part, got, _, _ = socket.recv_fds(slow.socket, 7, 4)
            text, fds = text + part, fds + got
        assert [json.loads(line)['id'] for line in text.splitlines()] == ['ps', 'connect', 'ping']
        assert len(fds) == 1
        os.close(fds[0])
        slow.close()


def test_the_command_line_calls_and_casts():
    with Daemon(TWO) as daemon:
        done = suptree(daemon, 'call', 'a', 'echo', 'two', 'words')
        assert (done.returncode, done.stdout, done.stderr) == (0, 'two words\n', ''), done
        done = suptree(daemon, 'call', 'a', 'echo', 'x', '--json')
        assert json.loads(done.stdout) == {'reply': 'x'}, done
        done = suptree(daemon, 'cast', 'a', 'register', 'by_cast')
        assert (done.returncode, done.stdout, done.stderr) == (0, '', ''), done
        daemon.poll(lambda: daemon.call('registered'))  # another process's call may overtake
        assert daemon.call('whereis', path='by_cast')['path'] == 'a'


def test_the_command_line_says_why_there_is_no_answer():
    with Daemon(TWO) as daemon:
        for words, code, said in (
                (['nobody', 'x'], 3, 'suptree: call nobody: no such process'),
                (['plain', 'x'], 7, 'suptree: call plain: it takes no messages'),
                (['a', 'nonsense'], 1, 'call a: unknown_call'),
                (['--timeout', '10ms', 'a', 'silent'], 5, 'call a: no answer within 10 ms'),
                (['a', 'x' * 65537], 2, 'a message may have at most 65536 bytes'),
                (['a', 'crash'], 3, 'call a: the process ended before it answered: {"code":3}')):
            done = suptree(daemon, 'call', *words)
            assert done.returncode == code and said in done.stderr, (words, done)
        daemon.until('a=running')


def test_infinity_is_a_timeout():
    with Daemon(TWO) as daemon:
        done = suptree(daemon, 'call', '--timeout', 'infinity', 'a', 'echo', 'x')
        assert (done.returncode, done.stdout) == (0, 'x\n'), done
        for verb in ('ping', 'settle'):
            done = suptree(daemon, verb, '--timeout=infinity')
            assert (done.returncode, done.stdout) == (0, 'ok\n'), done
        done = subprocess.run([BIN + '/suptree', '--socket', daemon.socket, '--timeout=infinity'],
                              input='call a echo y\n', text=True, capture_output=True, check=False,
                              timeout=PATIENCE_S)
        assert (done.returncode, done.stdout) == (0, 'y\n'), done


def test_the_command_line_waits_for_an_end():
    with Daemon(TWO) as daemon:
        with subprocess.Popen([BIN + '/suptree', '--socket', daemon.socket, 'monitor', 'a'],
                              text=True, stdout=subprocess.PIPE) as watcher:
            daemon.poll(lambda: daemon.call('status')['counts'].get('monitors') == 1)
            os.kill(daemon.pid('a'), signal.SIGKILL)
            assert watcher.stdout.read() == 'a down: "killed"\n'
            assert watcher.wait(PATIENCE_S) == 0
        daemon.until('a=running')


ktap.run(globals())
