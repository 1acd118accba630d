#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""libsuptree and other processes: names, monitors, links, groups, and calls to those
that die meanwhile.
"""

import os
import re
import signal
import subprocess
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from suptreed import Daemon  # noqa: E402
from talk import Talk  # noqa: E402

ACTOR = os.environ['ST_TEST_OUT'] + '/programs/actor'
NR_DEATHS = 1000
TWINS = '''
  - {id: mute, start: [sleep, infinity]}
  - {id: x, supervisor: {children: [{id: twin, start: [sleep, infinity]}]}}
  - {id: y, supervisor: {children: [{id: twin, start: [sleep, infinity]}]}}
'''


def tree(*names):
    children = [f'  - {{id: {name}, start: [{ACTOR}], ready: notify}}\n' for name in names]
    return 'intensity: 10000\nchildren:\n' + ''.join(children)


class Actor:
    """A connection to a child that obeys messages."""

    def __init__(self, daemon, name):
        self.talk = Talk(daemon, name)

    def __call__(self, words):
        return self.talk.call(words)

    def close(self):
        self.talk.close()


class Client:
    """A process with libsuptree that is no server and no child."""

    def __init__(self, daemon):
        self.process = subprocess.Popen([ACTOR, 'client'], text=True, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE,
                                        env=os.environ | {'SUPTREE_SOCKET': daemon.socket})

    def ask(self, words):
        self.process.stdin.write(words + '\n')
        self.process.stdin.flush()

    def answer(self):
        return self.process.stdout.readline()[:-1]

    def __call__(self, words):
        self.ask(words)
        return self.answer()

    def close(self):
        self.process.stdin.close()
        assert self.process.stdout.read() == ''
        self.process.stdout.close()
        assert self.process.wait() == 0


def close(*actors):
    for actor in actors:
        actor.close()


def await_state(daemon, client, name, state):
    """A cast has no answer, and the state is asked on another connection: it may overtake."""
    daemon.poll(lambda: client(f'state {name}') == f'0 {state}')


def kill(daemon, name):
    """Kill it and wait until its successor runs."""
    events = daemon.follow()
    os.kill(daemon.pid(name), signal.SIGKILL)
    events.event('started', name)
    events.close()


def test_a_client_that_is_no_child_calls_and_casts():
    with Daemon(tree('a')) as daemon:
        client = Client(daemon)
        assert client('call a 5000 echo hello') == '0 0 hello'
        assert client('cast a add 5') == '0 '
        await_state(daemon, client, 'a', '5')
        assert client('replace a 6') == '0 '
        assert client('state a') == '0 6'
        pid, generation = daemon.pid('a'), daemon.info('a')['generation']
        assert client('whereis a') == f'0 a {pid} {generation}'
        assert client(f'call #{generation} 5000 echo by generation') == '0 0 by generation'
        close(client)


def test_errors_have_otps_words():
    with Daemon(tree('a') + TWINS) as daemon:
        client = Client(daemon)
        for words, answer in (
                ('call nobody 5000 x', '-3 noproc'), ('cast nobody x', '-3 noproc'),
                ('whereis nobody', '-3 noproc'), ('call #99999 5000 x', '-3 noproc'),
                ('call a 20 silent', '-110 timeout'), ('call a 0 silent', '-110 timeout'),
                ('call a 5000 nonsense', '-121 unknown_call')):
            assert client(words) == answer, (words, client(words))
        assert client('call mute 5000 x').startswith('-95 ')
        assert client('call twin 5000 x').startswith('-76 ')
        assert client('register me').startswith('-3 ')
        assert client('join us').startswith('-3 ')
        assert client('demonitor 7').startswith('-2 ')
        actor = Actor(daemon, 'a')
        assert actor('call a 5000 echo x') == '-35 calling_self'
        close(actor, client)


def test_without_a_daemon_there_is_no_connection():
    with Daemon(tree('a')) as daemon:
        client = Client(daemon)
        assert client('call a 5000 echo x') == '0 0 x'
        assert client('monitor a').startswith('0 ')
    assert client('receive 5000') in ('0 down 1 a shutdown 1 0', '0 down 1 a noconnection 6 0')
    assert client('receive 5000').startswith('-107 ')
    assert client('call a 5000 echo x').startswith('-107 ')
    assert client('monitor a').startswith('-107 ')
    close(client)


def test_a_late_answer_is_not_taken_for_another_one():
    with Daemon(tree('a')) as daemon:
        client, other = Client(daemon), Client(daemon)
        assert client('call a 10 later') == '-110 timeout'
        assert other('call a 5000 now too late') == '0 0 '
        assert client('call a 5000 echo mine') == '0 0 mine'
        close(client, other)


def test_the_next_incarnation_is_found_again():
    with Daemon(tree('a', 'b')) as daemon:
        client, actor = Client(daemon), Actor(daemon, 'b')
        for number in range(5):
            assert client(f'call a 5000 echo {number}') == f'0 0 {number}'
            assert actor(f'call a 5000 echo {number}') == f'0 0 {number}'
            assert client('cast a add 1') == '0 '
            await_state(daemon, client, 'a', '1')
            kill(daemon, 'a')
        close(actor, client)


POOL = tree('a') + f'''
  - id: pool
    supervisor:
      intensity: 10000
      partitions: 4
      children: [{{id: t, start: [{ACTOR}], ready: notify}}]
'''
KEYS = ('0', '7', '-3', 'user:42', 'group/7', '{}')


def reached(ask):
    """{key: path} of the partitions that answer; each has heard its key, and nothing before."""
    paths = {key: ask(f'whereis pool/{{{key}}}').split()[1] for key in KEYS}
    for key in KEYS:
        assert ask(f'cast pool/{{{key}}} add 1') == '0 '
        assert ask(f'call pool/{{{key}}} 5000 echo {key}') == f'0 0 {key}'
    for path in set(paths.values()):
        assert ask(f'state {path}') == f'0 {list(paths.values()).count(path)}', (path, paths)
    return paths


def test_a_key_reaches_the_same_partition_over_restarts_X5():
    with Daemon(POOL) as daemon:
        client, actor = Client(daemon), Actor(daemon, 'a')
        before = reached(client)
        assert (before['0'], before['7'], before['-3']) == ('pool/0', 'pool/3', 'pool/3'), before
        for path in sorted(set(before.values())):
            kill(daemon, path)
        assert reached(actor) == before
        daemon.call('restart', path='pool')
        assert reached(client) == before
        daemon.call('restart', path='pool/{user:42}')
        assert client(f'state {before["user:42"]}') == '0 0'
        assert client('call pool/{user:42} 5000 echo again') == '0 0 again'
        assert client('call nopool/{user:42} 5000 echo x') == '-3 noproc'
        close(actor, client)


def test_who_dies_in_mid_call_is_named_with_its_reason():
    with Daemon(tree('a')) as daemon:
        client = Client(daemon)
        for status, reason in ((3, '{"code":3}'), (0, 'normal'), (143, 'shutdown')):
            events = daemon.follow()
            # the timeout tells that the silence has begun before the end comes
            assert client('call a 1 silent') == '-110 timeout'
            client.ask('call a 60000 stop-in-silence')
            assert client.answer() == '-121 unknown_call'
            client.ask('call a 60000 silent')
            other = Client(daemon)
            assert other('call a 5000 echo x') == '0 0 x'
            assert other(f'cast a stop {status}') == '0 '
            events.event('started', 'a')
            assert client.answer() in (f'-104 {reason}', '-3 noproc')
            close(other, events)
        close(client)


def test_each_call_to_a_server_that_is_killed_all_the_time_is_answered_or_fails():
    with Daemon(tree('a')) as daemon:
        client = Client(daemon)
        events = daemon.follow()
        failures = {}
        for number in range(NR_DEATHS):
            pid = daemon.pid('a')
            client.ask(f'call a 60000 echo {number}')
            os.kill(pid, signal.SIGKILL)
            answer = client.answer()
            if answer != f'0 0 {number}':
                failures[answer] = failures.get(answer, 0) + 1
            events.event('started', 'a')
        assert set(failures) <= {'-104 killed', '-3 noproc'}, failures
        close(client)


def test_a_monitor_gives_one_down_with_the_true_reason():
    with Daemon(tree('a', 'b')) as daemon:
        actor = Actor(daemon, 'a')
        for status, text in ((0, 'normal 0 0'), (143, 'shutdown 1 0'), (5, '{"code":5} 2 5')):
            ref = actor('monitor b').split()[1]
            events = daemon.follow()
            actor(f'cast b stop {status}')
            assert actor('await 1') == f'down {ref} b {text}'
            events.event('started', 'b')
            close(events)
        ref = actor('monitor b').split()[1]
        kill(daemon, 'b')
        assert actor('await 1') == f'down {ref} b killed 3 0'
        ref = actor('monitor nobody').split()[1]
        assert actor('await 1') == f'down {ref}  noproc 5 0'
        actor('after 1 and no more')
        assert actor('await 1').startswith('timeout and no more')
        close(actor)


def test_a_monitor_that_is_given_up_gives_nothing():
    with Daemon(tree('a', 'b')) as daemon:
        actor = Actor(daemon, 'a')
        given_up = actor('monitor b').split()[1]
        kept = actor('monitor b').split()[1]
        assert actor(f'demonitor {given_up}') == '0 '
        assert actor(f'demonitor {given_up}').startswith('-2 ')
        kill(daemon, 'b')
        assert actor('await 1') == f'down {kept} b killed 3 0'
        assert actor(f'demonitor {kept}').startswith('-2 ')
        close(actor)


def test_a_client_that_is_no_server_receives_its_downs():
    with Daemon(tree('a')) as daemon:
        client = Client(daemon)
        ref = client('monitor a').split()[1]
        assert client('receive 10') == '-110 timeout'
        kill(daemon, 'a')
        assert client('receive 60000') == f'0 down {ref} a killed 3 0'
        assert client('receive 0') == '-110 timeout'
        close(client)


def ends_of_linked(how, first):
    """{path: reason} of a and b, of which a has linked itself to b, when one ends so."""
    with Daemon(tree('a', 'b')) as daemon:
        actor, client = Actor(daemon, 'a'), Client(daemon)
        assert actor('link b') == '0 '
        assert actor('call b 5000 echo so the link has come').startswith('0 ')
        events = daemon.follow()
        if how == 'kill':
            os.kill(daemon.pid(first), signal.SIGKILL)
        else:
            assert client(f'cast {first} {how}') == '0 '
        ends = [events.event('exited') for _ in range(2)]
        close(actor, client)
    return {end['path']: end['reason'] for end in ends}


def test_linked_servers_end_together_for_the_same_reason():
    for how, reason in (('stop 6', {'code': 6}), ('stop 143', 'shutdown'), ('kill', 'killed')):
        for first in ('a', 'b'):
            ends = ends_of_linked(how, first)
            assert ends == {'a': reason, 'b': reason}, (ends, how, first)


def test_a_normal_end_does_not_take_who_is_linked_along():
    with Daemon(tree('a', 'b')) as daemon:
        actor, pid = Actor(daemon, 'a'), daemon.pid('a')
        assert actor('link b') == '0 '
        ref = actor('monitor b').split()[1]
        assert actor('cast b stop 0') == '0 '
        assert actor('await 1') == f'down {ref} b normal 0 0'
        assert daemon.pid('a') == pid
        close(actor)


def test_who_traps_exits_is_told_instead():
    with Daemon(tree('a', 'b')) as daemon:
        actor, pid = Actor(daemon, 'a'), daemon.pid('a')
        assert actor('trap on') == '0 '
        for status, text in ((0, 'normal'), (6, '{"code":6}')):
            assert actor('link b') == '0 '
            assert actor('link b') == '0 ', 'twice is once'
            events = daemon.follow()
            assert actor(f'cast b stop {status}') == '0 '
            assert actor('await 1') == f'exit b {text}'
            events.event('started', 'b')
            close(events)
        assert actor('link nobody') == '0 '
        assert actor('await 1') == 'exit  noproc'
        assert daemon.pid('a') == pid
        close(actor)


def test_a_link_that_is_undone_does_nothing():
    with Daemon(tree('a', 'b')) as daemon:
        actor, pid = Actor(daemon, 'a'), daemon.pid('a')
        assert actor('unlink b').startswith('-2 ')
        assert actor('link b') == '0 '
        assert actor('unlink b') == '0 '
        assert actor('call b 5000 echo so it has come').startswith('0 ')
        kill(daemon, 'b')
        assert daemon.pid('a') == pid
        pid = daemon.pid('b')
        kill(daemon, 'a')
        assert daemon.pid('b') == pid
        close(actor)


def test_a_name_leads_to_who_has_it_now():
    with Daemon(tree('a', 'b')) as daemon:
        a, b, client = Actor(daemon, 'a'), Actor(daemon, 'b'), Client(daemon)
        assert a('register leader') == '0 '
        assert b('register leader').startswith('-17 ')
        assert client('whereis leader').startswith('0 a ')
        assert re.fullmatch(r'0  \d+ 0', client('call leader 5000 who'))
        assert client('cast leader add 1') == '0 '
        assert a('unregister leader') == '0 '
        assert a('unregister leader').startswith('-2 ')
        assert client('call leader 5000 echo x') == '-3 noproc'
        assert b('register leader') == '0 '
        assert client('cast leader add 10') == '0 '
        await_state(daemon, client, 'a', '1')
        await_state(daemon, client, 'b', '10')
        close(a, b, client)


def test_a_name_that_moved_is_not_followed_to_where_it_was():
    with Daemon(tree('a', 'b')) as daemon:
        a, b, client = Actor(daemon, 'a'), Actor(daemon, 'b'), Client(daemon)
        for there, here in ((a, b), (b, a)) * 10:
            assert there('register leader') == '0 '
            assert client('cast leader add 1') == '0 '
            assert there('unregister leader') == '0 '
            assert here('register leader') == '0 '
            assert client('cast leader add 100') == '0 '
            assert here('unregister leader') == '0 '
        await_state(daemon, client, 'a', '1010')
        await_state(daemon, client, 'b', '1010')
        close(a, b, client)


def test_a_group_is_its_members_and_they_leave_by_dying():
    with Daemon(tree('a', 'b', 'c')) as daemon:
        a, b, c = (Actor(daemon, name) for name in 'abc')
        client = Client(daemon)
        assert client('broadcast us hello') == '0 0'
        assert a('join us') == b('join us') == c('join us') == c('join us') == '0 '
        assert client('broadcast us hello') == '0 4'
        assert [actor('await 1') for actor in (a, b, c, c)] == 4 * ['message hello from ']
        assert c('leave us') == a('leave us') == '0 '
        assert a('leave us').startswith('-2 ')
        assert a('broadcast us from a') == '0 2'
        assert b('await 1') == c('await 1') == 'message from a from a'
        assert sorted(member['path'] for member in daemon.call('members', group='us')) == ['b', 'c']
        kill(daemon, 'b')
        assert daemon.call('groups') == [
            {'group': 'us', 'path': 'c', 'pid': daemon.pid('c'),
             'generation': daemon.info('c')['generation'], 'uid': os.getuid()}]
        close(a, b, c, client)


def test_what_a_server_offers_is_called_with_its_parameters_as_words():
    with Daemon(tree('a', 'b')) as daemon:
        a = Actor(daemon, 'a')
        assert a('offer echo') == '0 '
        row, who = daemon.call('offered')
        assert [(param['name'], param['type'], param['required'], param['help'])
                for param in row['params'][:3]] == [
            ('word', 'word', True, 'a word'), ('n', 'integer', False, ''),
            ('rest', 'text', False, 'a text')], row
        assert (row['summary'], row['changes'], who['changes']) == ('do as it is told', True, False)
        assert daemon.call('x.a.echo', word='one', n=2, rest='three four') == \
            {'reply': '0 one 2 three four'}
        assert daemon.call('x.a.who') == {'reply': f' {os.getpid()} 0'}
        assert a('withdraw echo') == '0 '
        assert a('withdraw echo').startswith('-2 ')
        assert [row['name'] for row in daemon.call('offered')] == ['x.a.who']
        close(a)


def test_what_cannot_be_offered_is_refused_with_the_reason():
    with Daemon(tree('a')) as daemon:
        a, client = Actor(daemon, 'a'), Client(daemon)
        assert a('offer No').startswith('-22 offer: operation "No" must have a name'), a('offer No')
        assert client('offer echo').startswith('-3 ')
        assert client('withdraw echo').startswith('-2 ')
        close(a, client)


def test_a_server_that_offers_keeps_no_connection_for_it():
    with Daemon(tree('a', 'b')) as daemon:
        before = daemon.call('status')['counts']['clients']
        for name in 'ab':
            actor = Actor(daemon, name)
            assert actor('offer echo') == '0 '
            assert actor('whereis a')[0] == '0'  # it is made anew
            close(actor)
        assert daemon.call('status')['counts']['clients'] == before + 2  # those of whereis
        kill(daemon, 'a')
        actor = Actor(daemon, 'a')
        assert actor('offer echo') == '0 '
        daemon.poll(lambda: daemon.call('status')['counts']['clients'] == before + 1)
        close(actor)


def test_a_message_comes_to_handle_info():
    with Daemon(tree('a', 'b')) as daemon:
        a, b, client = Actor(daemon, 'a'), Actor(daemon, 'b'), Client(daemon)
        assert client('send b one') == '0 '
        assert b('await 1') == 'message one from '
        assert a('send b two') == '0 '
        assert b('await 1') == 'message two from a'
        close(a, b, client)


def test_more_servers_than_connections_are_kept():
    names = [f'n{number}' for number in range(70)]
    with Daemon(tree(*names)) as daemon:
        client = Client(daemon)
        for _ in range(2):
            for name in names:
                assert client(f'cast {name} add 1') == '0 '
        for name in names:
            await_state(daemon, client, name, '2')
        close(client)


ktap.run(globals())
