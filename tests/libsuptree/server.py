#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""libsuptree's gen_server under a real daemon: calls, casts, timers, state, its end."""

import json
import os
import signal
import socket
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from suptreed import PATIENCE_S, Daemon, Refused  # noqa: E402
from talk import Talk  # noqa: E402
from talker import CALL, ERROR, HEADER, HELLO  # noqa: E402

ACTOR = os.environ['ST_TEST_OUT'] + '/programs/actor'
SYSTEM = 7


def child(name, *words, more=''):
    start = ', '.join([ACTOR, *words])
    return f'  - {{id: {name}, start: [{start}], ready: notify{more}}}\n'


TWO = 'intensity: 1000\nchildren:\n' + child('a') + child('b')


def call(daemon, name, words):
    talk = Talk(daemon, name)
    try:
        return talk.call(words)
    finally:
        talk.close()


def system(daemon, name, words):
    """(answer's type, text) of a system request."""
    talk = Talk(daemon, name)
    talk.say(words, SYSTEM)
    packet = talk.socket.recv(65552)
    talk.close()
    return HEADER.unpack_from(packet)[0], packet[HEADER.size:].decode()


def test_a_call_is_answered():
    with Daemon(TWO) as daemon:
        assert call(daemon, 'a', 'echo hello world') == '0 hello world'


def test_a_call_that_the_server_does_not_know_is_an_error():
    with Daemon('children:\n' + child('a') + child('bare', 'bare')) as daemon:
        for name in ('a', 'bare'):
            talk = Talk(daemon, name)
            talk.say('nonsense')
            packet = talk.socket.recv(65552)
            assert HEADER.unpack_from(packet) == (ERROR, 1), packet
            assert packet[HEADER.size:] == b'unknown_call'
            talk.close()


def test_the_server_knows_who_calls():
    with Daemon(TWO) as daemon:
        assert call(daemon, 'a', 'who') == f' {os.getpid()} 0'
        info = daemon.info('b')
        assert call(daemon, 'b', 'call a 5000 who') == f'0 b {info["pid"]} {info["generation"]}'


def test_calls_of_many_are_answered_each_to_its_own():
    with Daemon(TWO) as daemon:
        talks = [Talk(daemon, 'a') for _ in range(100)]
        for number, talk in enumerate(talks):
            talk.say(f'echo {number}')
        for number, talk in reversed(list(enumerate(talks))):
            assert talk.hear() == f'0 {number}'
            talk.close()


def test_a_reply_may_come_from_another_callback():
    with Daemon(TWO) as daemon:
        waiting = [Talk(daemon, 'a') for _ in range(3)]
        for talk in waiting:
            talk.say('later')
            assert system(daemon, 'a', 'get_state')  # so it has come
        waiting.pop().close()
        assert call(daemon, 'a', 'now it is') == '0 '
        for talk in waiting:
            assert talk.hear() == 'it is'
            talk.close()


def test_messages_of_every_size_go_through_up_to_the_limit():
    with Daemon(TWO) as daemon:
        talk = Talk(daemon, 'a')
        for size in (0, 1, 4096, 65536):
            assert talk.call(f'bytes {size}') == 'x' * size
        talk.say('bytes 65537')
        packet = talk.socket.recv(65600)
        assert packet[HEADER.size:] == b'too_long', packet[:100]
        assert talk.call('echo ' + 'y' * 65529) == '0 ' + 'y' * 65529
        talk.close()


def test_what_is_no_packet_ends_the_connection_and_nothing_else():
    with Daemon(TWO) as daemon:
        for wrong in (b'x', HEADER.pack(0, 1), HEADER.pack(99, 1), HEADER.pack(HELLO, 0) + b'{}',
                      HEADER.pack(3, 1) + b'a reply', HEADER.pack(CALL, 1) + b'x' * 65537,
                      b'\2\1' + bytes(14)):
            talk = Talk(daemon, 'a')
            talk.socket.send(wrong)
            try:
                assert talk.socket.recv(100) == b'', wrong
            except ConnectionResetError:
                pass
            talk.close()
        assert call(daemon, 'a', 'echo still here') == '0 still here'


def test_only_the_daemon_may_connect():
    with Daemon(TWO) as daemon:
        pid = daemon.pid('a')
        with open('/proc/net/unix', encoding='utf-8', errors='replace') as file:
            lines = [line.split() for line in file]
        links = {os.readlink(f'/proc/{pid}/fd/{fd}') for fd in os.listdir(f'/proc/{pid}/fd')}
        found = [line[7] for line in lines
                 if len(line) > 7 and line[7].startswith('@') and f'socket:[{line[6]}]' in links]
        assert len(found) == 1, found
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as stranger:
            stranger.settimeout(PATIENCE_S)
            stranger.connect('\0' + found[0][1:])
            try:
                assert stranger.recv(100) == b''
            except ConnectionResetError:
                pass


def test_who_does_not_read_its_answers_is_let_go():
    with Daemon(TWO) as daemon:
        lazy = Talk(daemon, 'a')
        try:
            while True:
                lazy.say('bytes 60000')
        except (BrokenPipeError, ConnectionResetError):
            pass
        lazy.close()
        assert call(daemon, 'a', 'echo go on') == '0 go on'


def test_casts_are_handled_in_order_and_nobody_waits():
    with Daemon(TWO) as daemon:
        for _ in range(200):
            assert call(daemon, 'b', 'cast a add 3') == '0 '
        # order is kept between two processes: a question of the daemon may overtake
        assert call(daemon, 'b', 'call a 5000 echo after all') == '0 0 after all'
        assert system(daemon, 'a', 'get_state') == (3, '600')


def test_a_timer_comes_once_and_a_cancelled_one_never():
    with Daemon(TWO) as daemon:
        talk = Talk(daemon, 'a')
        second = talk.call('after 20 second').split()[1]
        first = talk.call('after 1 first').split()[1]
        never = talk.call('after 3600000 never').split()[1]
        assert talk.call(f'cancel {never}') == '0 yes'
        assert talk.call(f'cancel {never}') == '0 no'
        came = talk.call('await 2').split('\n')
        assert sorted(came) == [f'timeout first {first}', f'timeout second {second}'], came
        assert talk.call(f'cancel {first}') == '0 no'
        talk.close()


def test_a_signal_comes_as_a_message():
    with Daemon(TWO) as daemon:
        talk = Talk(daemon, 'a')
        assert talk.call(f'signal {signal.SIGUSR1.value}') == '0 '
        os.kill(daemon.pid('a'), signal.SIGUSR1)
        assert talk.call('await 1') == f'signal {signal.SIGUSR1.value}'
        for wrong in (signal.SIGKILL, signal.SIGTERM, signal.SIGRTMAX, 0, 1000):
            assert talk.call(f'signal {int(wrong)}').startswith('-22 '), wrong
        talk.close()


def test_a_state_is_seen_and_replaced():
    with Daemon(TWO) as daemon:
        assert system(daemon, 'a', 'get_state') == (3, '0')
        assert system(daemon, 'a', 'replace_state 41') == (3, 'ok')
        assert call(daemon, 'b', 'state a') == '0 41'
        assert system(daemon, 'a', 'replace_state x') == (ERROR, 'no number of version 1: x')
        assert call(daemon, 'b', 'replace a y').endswith('no number of version 1: y')
        assert call(daemon, 'b', 'replace a 42') == '0 '
        assert system(daemon, 'a', 'get_state') == (3, '42')
        assert system(daemon, 'a', 'nonsense') == (ERROR, 'unknown_request')


def test_a_server_without_these_callbacks_says_so():
    with Daemon('children:\n' + child('a', 'bare')) as daemon:
        assert system(daemon, 'a', 'get_state') == (ERROR, 'the server does not show its state')
        assert system(daemon, 'a', 'replace_state 1') == (ERROR, 'the server takes no state')
        assert json.loads(system(daemon, 'a', 'get_status')[1])['calls'] == 0


def test_what_is_known_of_a_server_beside_its_state():
    with Daemon(TWO) as daemon:
        call(daemon, 'a', 'monitor b')
        call(daemon, 'a', 'link b')
        call(daemon, 'a', 'trap on')
        call(daemon, 'a', 'after 100000 x')
        call(daemon, 'b', 'cast a add 1')
        daemon.poll(lambda: json.loads(system(daemon, 'a', 'get_status')[1])['casts'])
        status = json.loads(system(daemon, 'a', 'get_status')[1])
        assert status == {'vsn': '1', 'trap_exit': True, 'calls': 4, 'casts': 1, 'infos': 0,
                          'callers': status['callers'], 'timers': 1, 'monitors': 1,
                          'links': ['b']}, status


def end_of(daemon, events, name, words, kind=CALL):
    """The reason with which it ended, on request."""
    talk = Talk(daemon, name)
    talk.say(words, kind)
    reason = events.event('exited', name)['reason']
    events.event('started', name)
    talk.close()
    return reason


def test_a_server_ends_for_the_reason_that_it_gives():
    with Daemon(TWO) as daemon:
        events = daemon.follow()
        for status, reason in ((0, 'normal'), (143, 'shutdown'), (163, {'shutdown': 3}),
                               (9, {'code': 9})):
            assert end_of(daemon, events, 'a', f'stop {status}') == reason
            assert end_of(daemon, events, 'a', f'stop {status}', 5) == reason


def logs(daemon, name):
    return [line['text'] for line in daemon.call('logs', path=name)['lines']]


def test_terminate_is_called_when_it_stops_by_itself():
    with Daemon(TWO) as daemon:
        events = daemon.follow()
        end_of(daemon, events, 'a', 'stop 7')
        assert 'terminate code 7' in logs(daemon, 'a')


def test_terminate_is_called_by_its_supervisor_if_it_traps_exits_and_else_not():
    with Daemon('children:\n' + child('traps', 'trap') + child('plain')) as daemon:
        daemon.call('terminate_child', path='traps')
        daemon.call('terminate_child', path='plain')
        assert logs(daemon, 'traps') == ['terminate shutdown 0']
        assert logs(daemon, 'plain') == []


def test_trapping_may_be_switched_on_and_off():
    with Daemon(TWO) as daemon:
        call(daemon, 'a', 'trap on')
        call(daemon, 'b', 'trap on')
        call(daemon, 'b', 'trap off')
        daemon.call('terminate_child', path='a')
        daemon.call('terminate_child', path='b')
        assert logs(daemon, 'a') == ['terminate shutdown 0']
        assert logs(daemon, 'b') == []


def test_init_may_ignore_or_fail():
    with Daemon('children: []') as daemon:
        spec = {'id': 'i', 'start': [ACTOR, 'ignore'], 'ready': 'notify'}
        assert daemon.call('start_child', path='/', spec=spec) == {'ignored': True}
        spec = {'id': 'f', 'start': [ACTOR, 'fail', 'no luck today'], 'ready': 'notify'}
        try:
            daemon.call('start_child', path='/', spec=spec)
        except Refused as refused:
            assert 'no luck today' in str(refused), str(refused)
        else:
            raise AssertionError('it started')


def test_a_server_without_descriptors_for_callers_takes_them_later():
    few = ', limits: {nofile: 12}'
    with Daemon('children:\n' + child('a', more=few)) as daemon:
        talks = [Talk(daemon, 'a') for _ in range(20)]
        for talk in talks:
            talk.say('echo x')
        for talk in talks:
            assert talk.hear() == '0 x'
            talk.close()


ktap.run(globals())
