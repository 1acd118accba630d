#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Attacks by messages: a process of another user calls, links and floods a server of root."""

import json
import os
import signal
import socket
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from puppets import LINK, PYTHON, SYSTEM, UNLINK, PuppetDaemon, puppet, refusal  # noqa: E402
from roles import nobody  # noqa: E402
from suptreed import BIN, PATIENCE_S  # noqa: E402
from talker import CALL, CAST, ERROR, HEADER, HELLO, REPLY  # noqa: E402

STORE = f'start: [{BIN}/kv-store], ready: notify'
EXAMPLE = f'start: [{PYTHON}, FOLDER/example.py], ready: notify'
EVIL = puppet('evil', user='nobody')


def tree(*children):
    return 'intensity: 1000\nchildren:\n' + ''.join(f'  - {child}\n' for child in children)


def filled(daemon, path='bank'):
    """Root's store has one pair; its state."""
    root = daemon.reach(path)
    assert root.ask('put money 100') == (REPLY, 'ok')
    state = root.ask('get_state', SYSTEM)
    assert state == (REPLY, 'money 100'), state
    return state


def is_untouched(daemon, pid, state):
    root = daemon.reach('bank')
    assert root.ask('get_state', SYSTEM) == state
    assert daemon.pid('bank') == pid and daemon.info('bank')['restarts'] == 0
    root.close()


def test_a_process_without_a_role_sends_no_system_requests():
    with PuppetDaemon(['evil'], tree(f'{{id: bank, {STORE}}}', EVIL)) as daemon:
        pid, state = daemon.pid('bank'), filled(daemon)
        link = daemon.puppets['evil'].connect().reach('bank')
        for words in ('replace_state money 0', 'get_state', 'get_status', 'nonsense'):
            assert link.ask(words, SYSTEM) == (ERROR, 'refused'), words
        assert link.ask('get money') == (REPLY, '100'), 'calls are for the whole tree'
        is_untouched(daemon, pid, state)


def test_system_requests_need_an_operator():
    with PuppetDaemon([], tree(f'{{id: bank, accept: anyone, {STORE}}}')) as daemon:
        filled(daemon)
        for role, answer in (('viewer', (ERROR, 'refused')), ('operator', (REPLY, 'money 100')),
                             ('admin', (REPLY, 'money 100'))):
            assert daemon.reach('bank', role, nobody()).ask('get_state', SYSTEM) == answer, role


def test_who_is_not_accepted_cannot_link_itself_and_its_end_ends_nobody():
    with PuppetDaemon(['evil'], tree(f'{{id: bank, {STORE}}}', EVIL)) as daemon:
        pid, state = daemon.pid('bank'), filled(daemon)
        link = daemon.puppets['evil'].connect().reach('bank')
        assert 'link' not in link.answer
        link.say(LINK)
        assert link.hear() is None, 'it ends the connection'
        events = daemon.follow()
        os.kill(daemon.pid('evil'), signal.SIGKILL)
        events.event('started', 'evil')
        is_untouched(daemon, pid, state)


def test_who_is_no_supervised_process_cannot_link_itself():
    with PuppetDaemon([], tree(f'{{id: bank, accept_links: anyone, {STORE}}}')) as daemon:
        pid, state = daemon.pid('bank'), filled(daemon)
        for kind in (LINK, UNLINK):
            root = daemon.reach('bank')
            assert 'link' not in root.answer
            root.say(kind)
            assert (root.ask('get money') if kind == UNLINK else root.hear()) in (
                None, (REPLY, '100'))
        is_untouched(daemon, pid, state)


def test_a_link_that_the_specification_accepts_ends_both():
    with PuppetDaemon(['evil'], tree(f'{{id: bank, accept_links: tree, {STORE}}}',
                                     EVIL)) as daemon:
        link = daemon.puppets['evil'].connect().reach('bank')
        assert link.answer['link'] is True
        link.say(LINK)
        assert link.ask('size') == (REPLY, '0')
        events = daemon.follow()
        os.kill(daemon.pid('evil'), signal.SIGKILL)
        assert events.event('exited', 'bank')['reason'] == 'killed'


def hello_to(mailbox):
    """What the daemon says of the next caller."""
    caller = mailbox.accept()[0]
    packet = caller.recv(4096)
    assert HEADER.unpack_from(packet) == (HELLO, 0), packet
    return json.loads(packet[HEADER.size:])


def test_hello_says_who_calls_as_the_kernel_knows_it():
    children = [puppet(name, user='nobody') for name in ('evil', 'twin')] + [puppet('server')]
    with PuppetDaemon(['evil', 'twin', 'server'], tree(*children)) as daemon:
        for path, has_link in (('server', False), ('twin', True)):
            mailbox = daemon.puppets[path].serve()
            daemon.puppets['evil'].connect().reach(path)
            info, hello = daemon.info('evil'), hello_to(mailbox)
            assert hello == {'path': 'evil', 'pid': info['pid'], 'generation': info['generation'],
                             'uid': nobody(), **({'link': True} if has_link else {})}, hello
            daemon.reach(path, 'operator', nobody())
            assert hello_to(mailbox) == {'pid': os.getpid(), 'uid': nobody(), 'role': 'operator'}


def accepted(daemon, path):
    """Who is connected to a server: names of the callers below."""
    callers = {
        'evil': daemon.puppets['evil'].connect().reach,
        'viewer': lambda path: daemon.reach(path, 'viewer', nobody()),
        'operator': lambda path: daemon.reach(path, 'operator', nobody() - 1),
        'root': daemon.reach,
    }
    kinds = {name: refusal(reach, path) for name, reach in callers.items()}
    assert set(kinds.values()) <= {None, 'refused'}, kinds
    return {name for name, kind in kinds.items() if kind is None}


def test_a_server_is_called_by_whom_its_specification_accepts():
    cases = {'none': set(), 'same_user': {'root'}, 'tree': {'root', 'operator', 'evil'},
             'default': {'root', 'operator', 'evil'},
             'anyone': {'root', 'operator', 'evil', 'viewer'}}
    children = [f'{{id: {word}, accept: {word}, {STORE}}}' for word in cases]
    with PuppetDaemon(['evil'], tree(EVIL, *children)) as daemon:
        for word, wanted in cases.items():
            assert accepted(daemon, word) == wanted, word
            kind = refusal(daemon.puppets['evil'].connect().call, f'x.{word}.size')
            assert kind == (None if 'evil' in wanted else 'refused'), word


def test_of_server_and_specification_the_stricter_one_counts():
    with PuppetDaemon(['evil', 'open', 'closed'], tree(
            EVIL, puppet('open'), puppet('closed', accept='same_user'))) as daemon:
        for path, said, wanted in (
                ('open', 'anyone', {'root', 'operator', 'evil', 'viewer'}),
                ('open', 'same_user', {'root'}), ('open', 'nonsense', {'root'}),
                ('closed', 'anyone', {'root'}), ('closed', 'none', set())):
            daemon.puppets[path].serve('X_SUPTREE_ACCEPT=' + said)
            assert accepted(daemon, path) == wanted, (path, said)


def test_a_connection_that_outlives_its_process_has_no_rights_left():
    with PuppetDaemon(['evil'], tree(f'{{id: bank, {STORE}}}', EVIL)) as daemon:
        kept = daemon.puppets['evil'].connect()
        assert kept.call('whereis', path='bank')['uid'] == 0
        events = daemon.follow()
        os.kill(daemon.pid('evil'), signal.SIGKILL)
        events.event('started', 'evil')
        for method, params in (('whereis', {'path': 'bank'}), ('connect', {'path': 'bank'}),
                               ('register', {'name': 'late'}), ('registered', {}),
                               ('x.bank.size', {}), ('monitor', {'path': 'bank'})):
            assert refusal(kept.call, method, **params) == 'refused', method
        assert daemon.call('registered') == []


def test_nobody_but_the_daemon_gets_a_connection_to_a_mailbox():
    with PuppetDaemon(['evil'], tree(EVIL, f'{{id: bank, {STORE}}}',
                                     f'{{id: other, {EXAMPLE}}}')) as daemon:
        pids = {path: daemon.pid(path) for path in ('bank', 'other')}
        for path, pid in pids.items():
            for address in mailboxes(pid):
                fd = daemon.puppets['evil'].obey('raw ' + address)
                stranger = socket.socket(fileno=fd)
                stranger.settimeout(PATIENCE_S)
                try:
                    stranger.send(HEADER.pack(HELLO, 0) + b'{"pid":1,"uid":0,"role":"admin"}')
                    stranger.send(HEADER.pack(CALL, 1) + b'size')
                    assert stranger.recv(100) == b'', path
                except (ConnectionResetError, BrokenPipeError):
                    pass
                stranger.close()
            assert daemon.reach(path).ask('size' if path == 'bank' else 'words')[0] == REPLY
            assert daemon.pid(path) == pid


def mailboxes(pid):
    """The addresses at which a process listens."""
    links = {os.readlink(f'/proc/{pid}/fd/{fd}') for fd in os.listdir(f'/proc/{pid}/fd')}
    with open('/proc/net/unix', encoding='utf-8', errors='replace') as file:
        lines = [line.split() for line in file]
    found = [line[7][1:] for line in lines
             if len(line) > 7 and line[7].startswith('@') and f'socket:[{line[6]}]' in links]
    assert found
    return sorted(set(found))


WRONG = (b'x', HEADER.pack(0, 1), HEADER.pack(99, 1), HEADER.pack(HELLO, 0) + b'{"uid":0}',
         HEADER.pack(REPLY, 1) + b'a reply', HEADER.pack(CALL, 1) + b'x' * 65537,
         b'\2\1' + bytes(14))


def test_wrong_packets_end_the_connection_and_no_server():
    with PuppetDaemon(['evil'], tree(EVIL, f'{{id: bank, {STORE}}}',
                                     f'{{id: other, {EXAMPLE}}}')) as daemon:
        control = daemon.puppets['evil'].connect()
        for path, words in (('bank', 'size'), ('other', 'words')):
            pid = daemon.pid(path)
            for packet in WRONG:
                link = control.reach(path)
                link.socket.send(packet)
                assert link.hear() is None, (path, packet[:20])
                link.close()
            link = control.reach(path)
            for packet in (HEADER.pack(CAST, 0) + b'\xff\xfe', HEADER.pack(CALL, 1) + b'\xff\xc3'):
                link.socket.send(packet)
            assert link.hear()[0] == ERROR, path
            assert daemon.reach(path).ask(words)[0] == REPLY
            assert daemon.pid(path) == pid, path


def test_who_does_not_read_its_answers_ends_no_server():
    with PuppetDaemon(['evil'], tree(EVIL, f'{{id: bank, {STORE}}}',
                                     f'{{id: other, {EXAMPLE}}}')) as daemon:
        control = daemon.puppets['evil'].connect()
        for path, words in (('bank', 'size'), ('other', 'words')):
            pid, lazy = daemon.pid(path), control.reach(path)
            try:
                while True:
                    lazy.say(CALL, words, 1)
            except (BrokenPipeError, ConnectionResetError):
                pass
            assert daemon.reach(path).ask(words)[0] == REPLY
            assert daemon.pid(path) == pid, path


def test_a_user_who_holds_all_the_connections_that_it_gets_shuts_nobody_out():
    limit = 'limits: {nofile: 128}'
    with PuppetDaemon(['evil'], tree(EVIL, f'{{id: bank, {limit}, {STORE}}}',
                                     f'{{id: other, {limit}, {EXAMPLE}}}')) as daemon:
        control = daemon.puppets['evil'].connect()
        for path, words in (('bank', ('size', '0')), ('other', ('words', ''))):
            held = [control.reach(path) for _ in range(80)]
            answers = [link.ask(words[0]) for link in held]
            assert (answers.count((REPLY, words[1])), answers.count(None)) == (64, 16), answers
            assert daemon.reach(path).ask(words[0]) == (REPLY, words[1])
            for link in held:
                link.close()
            daemon.poll(lambda path=path, words=words:
                        control.reach(path).ask(words[0]) == (REPLY, words[1]))


ktap.run(globals())
