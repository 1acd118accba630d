#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Operations that children offer: they are listed, every client may call them, and they end
with the child. Also children that offer too much, or answer wrongly, too late or never.
"""

import json
import os
import signal
import subprocess
import sys

TOP = os.environ['ST_TEST_TOP']
sys.path.insert(0, TOP + '/tests/lib')
import ktap  # noqa: E402
from suptreed import BIN, PATIENCE_S, Daemon, Refused  # noqa: E402
from talk import Talk  # noqa: E402

PYTHON = '/usr/bin/python3' if os.path.exists('/usr/bin/python3') else sys.executable
TALKER = f'start: [{PYTHON}, {TOP}/tests/lib/talker.py], ready: notify, output: "null"'
TWO = f'intensity: 1000\nchildren:\n  - {{id: a, {TALKER}}}\n  - {{id: b, {TALKER}}}\n'
TEXT = [{'name': 'text', 'type': 'text', 'required': False, 'help': 'what to say'}]
ALL = [{'name': name, 'summary': f'do {name}', 'params': TEXT} for name in (
    'echo', 'who', 'crash', 'silent', 'garbage', 'stranger', 'binary', 'nul', 'hangup', 'last',
    'unknown')]
MAX_OFFERS = 64
MAX_LISTED = 400
BACKLOG = 64


def tell(daemon, name, words):
    talk = Talk(daemon, name)
    try:
        return talk.call(words)
    finally:
        talk.close()


def offer(daemon, name, operations):
    return tell(daemon, name, 'offer ' + json.dumps(operations))


def refusal(daemon, method, **params):
    """(kind, OTP's term, text) of the answer that it failed."""
    try:
        return 'answered', daemon.call(method, **params), ''
    except Refused as refused:
        return refused.kind, refused.otp, str(refused)


def names(daemon, **params):
    return [row['name'] for row in daemon.call('offered', **params)]


def suptree(daemon, *words):
    return subprocess.run([BIN + '/suptree', '--socket', daemon.socket, *words], text=True,
                          capture_output=True, check=False, timeout=PATIENCE_S)


def descriptors(daemon):
    return len(os.listdir(f'/proc/{daemon.process.pid}/fd'))


def test_an_operation_is_listed_and_called_by_its_method():
    with Daemon(TWO) as daemon:
        assert offer(daemon, 'a', ALL) == 'ok'
        row = daemon.call('offered', path='a')[0]
        info = daemon.info('a')
        assert row == {**row, 'name': 'x.a.echo', 'verb': 'x.a.echo', 'summary': 'do echo',
                       'role': 'operator', 'changes': True, 'example': 'suptree x.a.echo TEXT',
                       'path': 'a', 'pid': info['pid'], 'generation': info['generation'],
                       'uid': os.getuid()}, row
        assert [param['name'] for param in row['params']] == ['text', 'timeout_ms']
        assert row in daemon.call('operations')
        assert daemon.call('status')['counts']['offers'] == len(ALL)
        assert daemon.call('x.a.echo', text='hello  world') == {'reply': 'hello  world'}
        assert daemon.call('invoke', operation='x.a.echo', params={'text': 'hi'}) == {'reply': 'hi'}
        assert daemon.call('invoke', operation='x.a.echo') == {'reply': ''}


def test_the_server_knows_who_calls():
    with Daemon(TWO) as daemon:
        offer(daemon, 'a', ALL)
        hello = json.loads(daemon.call('x.a.who')['reply'])
        assert hello == {'pid': os.getpid(), 'uid': os.getuid(), 'role': 'admin'}, hello


def test_the_command_line_calls_it_as_any_verb():
    with Daemon(TWO) as daemon:
        offer(daemon, 'a', ALL)
        done = suptree(daemon, 'x.a.echo', 'hello', 'world')
        assert (done.returncode, done.stdout) == (0, 'hello world\n'), done
        done = suptree(daemon, 'x.a.crash', '--timeout', '50s')
        assert done.returncode == 3, done
        assert done.stderr == 'suptree: x.a.crash: the process ended before it answered: ' \
            '{"code":3}\n', done
        daemon.until('a=running')
        assert suptree(daemon, 'x.a.echo', 'hello').returncode == 2


def test_what_a_process_offers_goes_with_it():
    with Daemon(TWO) as daemon:
        offer(daemon, 'a', ALL)
        events = daemon.follow()
        os.kill(daemon.pid('a'), signal.SIGKILL)
        events.event('started', 'a')
        assert names(daemon) == [] and daemon.call('status')['counts']['offers'] == 0
        assert refusal(daemon, 'x.a.echo')[0] == 'method_not_found'


def test_what_is_withdrawn_is_offered_no_longer():
    with Daemon(TWO) as daemon:
        offer(daemon, 'a', ALL)
        assert tell(daemon, 'a', 'withdraw echo') == 'ok'
        assert 'x.a.echo' not in names(daemon) and len(names(daemon)) == len(ALL) - 1
        assert refusal(daemon, 'x.a.echo')[0] == 'method_not_found'
        assert 'no such operation' in tell(daemon, 'a', 'withdraw echo')
        assert 'no such operation' in tell(daemon, 'b', 'withdraw who')


def test_an_operation_that_is_offered_again_is_the_newer_one():
    with Daemon(TWO) as daemon:
        offer(daemon, 'a', ALL)
        last = daemon.call('offered')[-1]['seq']
        offer(daemon, 'a', [{'name': 'echo', 'summary': 'say nothing', 'changes': False}])
        assert len(names(daemon)) == len(ALL)
        row, = daemon.call('offered', since=last)
        assert (row['summary'], row['changes']) == ('say nothing', False)
        assert refusal(daemon, 'x.a.echo', text='x')[0] == 'invalid_params'


def test_only_supervised_processes_offer():
    with Daemon(TWO) as daemon:
        for method, params in (('offer', {'operations': ALL}), ('withdraw', {'operation': 'x'})):
            assert refusal(daemon, method, **params)[0] == 'refused'


def test_a_process_is_found_by_each_of_its_names_and_listed_by_the_registered_one():
    with Daemon(f'''
children:
  - id: x
    supervisor: {{children: [{{id: twin, {TALKER}}}, {{id: only, {TALKER}}}]}}
  - id: y
    supervisor: {{children: [{{id: twin, {TALKER}}}]}}
''') as daemon:
        for path in ('x/twin', 'x/only', 'y/twin'):
            offer(daemon, path, ALL[:1])
        assert names(daemon) == ['x.x/twin.echo', 'x.x/only.echo', 'x.y/twin.echo']
        for method in ('x.x/only.echo', 'x.only.echo', f'x.#{daemon.info("x/only")["generation"]}.'
                       'echo'):
            assert daemon.call(method, text='1') == {'reply': '1'}, method
        kind, _, text = refusal(daemon, 'x.twin.echo')
        assert kind == 'conflict' and '2 children' in text, text
        for name in ('version.2', 'later'):
            tell(daemon, 'y/twin', 'register ' + name)
        assert names(daemon) == ['x.x/twin.echo', 'x.x/only.echo', 'x.version.2.echo']
        assert daemon.call('x.version.2.echo', text='2') == {'reply': '2'}


def test_parameters_are_checked_before_the_process_is_asked():
    params = [{'name': 'word'}, {'name': 'n', 'type': 'integer', 'required': False},
              {'name': 'rest', 'type': 'text', 'required': False}]
    with Daemon(TWO) as daemon:
        offer(daemon, 'a', [{'name': 'echo', 'summary': 'say', 'params': params}])
        for given, part in (({}, '"word" is missing'), ({'word': 'a b'}, 'one word'),
                            ({'word': 'a', 'n': '1'}, 'a whole number'),
                            ({'word': 'a', 'rest': 'r'}, '"n" is missing, but a later one'),
                            ({'wrod': 'a'}, 'did you mean "word"?'),
                            ({'word': 'x' * 4096}, '1..4095 bytes')):
            kind, _, text = refusal(daemon, 'x.a.echo', **given)
            assert kind == 'invalid_params' and part in text, (given, text)
        assert daemon.call('x.a.echo', word='w', n=-7, rest='r  s\nt') == \
            {'reply': 'w -7 r  s\nt'}


def test_an_unknown_one_is_told_what_was_meant():
    with Daemon(TWO) as daemon:
        offer(daemon, 'a', ALL)
        for method, kind, part in (
                ('x.a.ehco', 'method_not_found', 'did you mean x.a.echo?'),
                ('x.b.echo', 'method_not_found', 'did you mean x.a.echo?'),
                ('x.aa.echo', 'noproc', 'did you mean x.a.echo?'),
                ('x.', 'method_not_found', 'x.NAME.OPERATION'),
                ('x.a.', 'method_not_found', 'x.NAME.OPERATION'),
                ('x..echo', 'method_not_found', 'x.NAME.OPERATION'),
                ('x.a', 'method_not_found', 'x.NAME.OPERATION')):
            found = refusal(daemon, method)
            assert found[0] == kind and part in found[2], (method, found)


def test_a_process_offers_64_operations_at_most_even_if_it_tries_10000():
    with Daemon(TWO) as daemon:
        assert tell(daemon, 'a', f'flood {MAX_OFFERS}') == 'ok'
        assert 'at most' in offer(daemon, 'a', ALL[:1])
        said = tell(daemon, 'b', 'flood 10000')
        assert 'op_64: a process may offer at most 64 operations' in said, said
        assert daemon.call('status')['counts']['offers'] == 2 * MAX_OFFERS
        assert len(names(daemon, name='b')) == MAX_OFFERS
        assert tell(daemon, 'b', 'flood 1') == 'ok'


def test_a_long_list_comes_in_parts():
    count = MAX_LISTED // MAX_OFFERS + 1
    children = ''.join(f'  - {{id: c{number}, {TALKER}}}\n' for number in range(count))
    with Daemon('children:\n' + children) as daemon:
        for number in range(count):
            assert tell(daemon, f'c{number}', f'flood {MAX_OFFERS}') == 'ok'
        first = daemon.call('offered')
        rest = daemon.call('offered', since=first[-1]['seq'])
        assert len(first) == MAX_LISTED and len(first + rest) == count * MAX_OFFERS
        assert len({row['name'] for row in first + rest}) == count * MAX_OFFERS


def test_a_server_that_never_answers_holds_up_its_caller_alone():
    with Daemon(TWO) as daemon:
        offer(daemon, 'a', ALL)
        offer(daemon, 'b', ALL)
        waiting, events = daemon.connect(), daemon.follow()
        waiting.socket.sendall(b'{"jsonrpc":"2.0","id":1,"method":"x.a.silent"}\n')
        os.kill(daemon.pid('b'), signal.SIGKILL)
        events.event('started', 'b')
        assert daemon.call('x.a.echo', text='at work') == {'reply': 'at work'}
        assert refusal(daemon, 'x.a.silent', timeout_ms=1)[:2] == ('timeout', 'timeout')
        os.kill(daemon.pid('a'), signal.SIGKILL)
        error = waiting.message()['error']
        assert (error['data']['kind'], error['data']['otp']) == ('noproc', 'killed'), error


def test_who_dies_in_mid_call_is_named_with_its_reason():
    with Daemon(TWO) as daemon:
        for _ in range(20):
            offer(daemon, 'a', ALL)
            kind, reason, text = refusal(daemon, 'x.a.crash', timeout_ms=PATIENCE_S * 1000)
            assert (kind, reason) == ('noproc', {'code': 3}), text
            daemon.call('settle')


def test_what_a_server_says_last_is_heard():
    with Daemon(TWO) as daemon:
        events = daemon.follow()
        for number in range(20):
            offer(daemon, 'a', ALL)
            assert daemon.call('x.a.last', text=f'bye {number}') == {'reply': f'bye {number}'}
            events.event('started', 'a')


def test_a_wrong_answer_is_an_error_and_nothing_else():
    with Daemon(TWO) as daemon:
        offer(daemon, 'a', ALL)
        for name, part in (('garbage', 'not an answer'), ('stranger', 'not an answer'),
                           ('nul', 'not text'), ('hangup', 'closed the connection'),
                           ('unknown', 'unknown_call')):
            kind, _, text = refusal(daemon, 'x.a.' + name)
            assert kind == 'failed' and part in text, (name, text)
        assert daemon.call('x.a.binary') == {'reply': 'a\ufffd\ufffdb\x1b[1m'}


def test_a_caller_that_goes_leaves_nothing_behind():
    with Daemon(TWO) as daemon:
        offer(daemon, 'a', ALL)
        daemon.poll(lambda: daemon.call('status')['counts']['clients'] == 1)
        before = descriptors(daemon)
        for _ in range(50):
            connection = daemon.connect()
            connection.socket.sendall(b'{"jsonrpc":"2.0","id":1,"method":"x.a.silent"}\n')
            connection.close()
        daemon.poll(lambda: descriptors(daemon) == before)


def test_a_server_that_is_stopped_is_asked_by_as_many_as_it_lets_wait():
    with Daemon(TWO) as daemon:
        offer(daemon, 'a', ALL)
        os.kill(daemon.pid('a'), signal.SIGSTOP)
        callers = [daemon.connect() for _ in range(2 * BACKLOG)]
        for number, caller in enumerate(callers):
            caller.socket.sendall(json.dumps({
                'jsonrpc': '2.0', 'id': 1, 'method': 'x.a.echo',
                'params': {'text': str(number), 'timeout_ms': PATIENCE_S * 1000}}).encode() + b'\n')
        refused = callers[-1].message()['error']
        assert refused['data']['kind'] == 'failed' and 'too many' in refused['message'], refused
        os.kill(daemon.pid('a'), signal.SIGCONT)
        assert callers[0].message()['result'] == {'reply': '0'}


def test_calls_that_wait_do_not_hold_up_the_end():
    with Daemon(TWO) as daemon:
        offer(daemon, 'a', ALL)
        for _ in range(10):
            daemon.connect().socket.sendall(
                b'{"jsonrpc":"2.0","id":1,"method":"x.a.silent","params":{"timeout_ms":60000}}\n')
        daemon.call('ping')


def test_a_call_that_a_server_does_not_know_is_answered_with_what_it_offers():
    config = (f'children:\n  - {{id: counter_1, start: [{BIN}/counter, "0"], ready: notify}}\n')
    with Daemon(config) as daemon:
        done = subprocess.run([BIN + '/suptree', '--socket', daemon.socket, 'call', 'counter_1',
                               'get'], text=True, capture_output=True, check=False)
        assert done.returncode == 1, done
        first, second = done.stderr.splitlines()
        assert first == 'suptree: call counter_1: unknown_call', done
        assert second.startswith('suptree: counter_1 offers: get_value, '), done
        assert ' add N' in second, done
        names = {row['name'].rpartition('.')[2] for row in daemon.call('offered',
                                                                       path='counter_1')}
        offered = second.partition('offers: ')[2].split(', ')
        assert {words.split()[0] for words in offered} == names, done


ktap.run(globals())
