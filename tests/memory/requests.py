#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The daemon runs out of memory in each allocation of each request: it answers or
hangs up, the tree is as it was or as it was asked to be, and nothing leaks.
"""

import json
import mmap
import os
import signal
import socket
import struct
import sys
import tempfile

TOP = os.environ['ST_TEST_TOP']
sys.path.insert(0, TOP + '/tests/lib')
import ktap  # noqa: E402
from suptreed import PATIENCE_S, Daemon, Refused  # noqa: E402
from talk import Talk  # noqa: E402

TREE = '''
intensity: 1000000
period: 3600
children:
  - id: demo
    supervisor:
      intensity: 1000000
      period: 3600
      children:
        - {id: a, start: [sleep, infinity], output: "null"}
        - {id: b, start: [sleep, infinity], environment: {A: b}, cwd: /}
        - id: inner
          supervisor: {children: [{id: x, start: [sleep, infinity]}]}
  - id: pool
    supervisor:
      strategy: simple_one_for_one
      intensity: 1000000
      period: 3600
      children: [{id: worker, restart: temporary, start: [sleep]}]
'''

PYTHON = '/usr/bin/python3' if os.path.exists('/usr/bin/python3') else sys.executable
OFFERING = f'''
children:
  - {{id: t, start: [{PYTHON}, {TOP}/tests/lib/talker.py], ready: notify, output: "null"}}
'''

SPEC = {'id': 'new', 'start': ['sleep', 'infinity'], 'environment': {'COLOUR': 'green'},
        'limits': {'nofile': [100, 200]}, 'cwd': '/tmp', 'umask': '027'}
NESTED = {'id': 'new', 'supervisor': {'strategy': 'one_for_all', 'children': [
    {'id': 'one', 'start': ['sleep', 'infinity']}, {'id': 'two', 'start': ['sleep', '1d']}]}}
CHANGED = {'strategy': 'rest_for_one', 'intensity': 1000000, 'period': '1h', 'children': [
    {'id': 'a', 'start': ['sleep', 'infinity'], 'output': 'null'},
    {'id': 'b', 'start': ['sleep', 'infinity'], 'environment': {'A': 'b'}, 'cwd': '/'},
    {'id': 'inner', 'supervisor': {'children': [{'id': 'x', 'start': ['sleep', 'infinity']}]}}]}
BACK = ('strategy', {'path': 'demo', 'strategy': 'one_for_one'})
MAX_NTH = 3000


class Starved(Daemon):
    """A daemon whose n-th allocation from now on can be made to fail."""

    def __init__(self, config=TREE, options=()):
        self.file = tempfile.NamedTemporaryFile()
        self.file.truncate(16)
        self.switches = mmap.mmap(self.file.fileno(), 16)
        os.environ['ST_TEST_MEMORY'] = self.file.name
        super().__init__(config, options)
        self.command[0] = os.environ['ST_TEST_OUT'] + '/programs/suptreed'

    def starve(self, nth):
        struct.pack_into('QQ', self.switches, 0, nth, 0)

    def feed(self):
        """Whether an allocation has failed; none will from now on."""
        failed = struct.unpack_from('Q', self.switches, 8)[0]
        struct.pack_into('Q', self.switches, 0, 0)
        return bool(failed)

    def try_call(self, method, **params):
        try:
            return self.call(method, **params)
        except Refused:
            return None

    def shape(self):
        return [(node['path'], node['state']) for node in self.call('ps')]


def once(daemon, nth, method, params):
    """One request of a client of its own; (whether an allocation has failed, the answer)."""
    return ask(daemon, nth, method, params)[:2]


def ask(daemon, nth, method, params):
    """The same, and the result."""
    with socket.socket(socket.AF_UNIX) as client, client.makefile('r') as lines:
        client.settimeout(PATIENCE_S)
        client.connect(daemon.socket)
        daemon.starve(nth)
        try:
            client.sendall(json.dumps({'jsonrpc': '2.0', 'id': 1, 'method': method,
                                       'params': params}).encode() + b'\n')
            line = lines.readline()
        except ConnectionError:
            line = ''
        failed = daemon.feed()
    if not line:
        return failed, 'closed', None
    try:
        answer = json.loads(line)
    except ValueError:
        raise AssertionError(f'{method}, allocation {nth}: {line}') from None
    if 'error' not in answer:
        return failed, 'ok', answer['result']
    return failed, answer['error']['data']['kind'], None


def starve_each(method, params, before=(), after=(), answers=(), final='ok'):
    """A test: the request with each allocation failing, between others that do not."""
    allowed = {final, 'closed', 'no_memory', *answers}
    with Starved() as daemon:
        shape, seen = daemon.shape(), set()
        for nth in range(1, MAX_NTH):
            for name, others in before:
                daemon.call(name, **others)
            failed, answer = once(daemon, nth, method, params(nth) if callable(params) else params)
            assert answer in allowed, f'{method}, allocation {nth}: {answer}'
            seen.add(answer)
            for name, others in after if isinstance(after, (list, tuple)) else after(daemon):
                daemon.try_call(name, **others)
            daemon.call('settle')
            assert daemon.shape() == shape, f'{method}, allocation {nth}: {daemon.shape()}'
            if not failed:
                break
        assert answer == final, f'{method}: {answer} with memory enough'
        print(f'# {method}: {nth - 1} allocations, answers: {sorted(seen)}')


def path(name, key='path'):
    return {key: name}


def test_requests_that_look():
    for method, params in (
            ('ping', {}), ('status', {}), ('operations', {}), ('registered', {}),
            ('tree', {}), ('ps', {}), ('info', path('demo/a')), ('info', path('demo')),
            ('which_children', path('demo')), ('count_children', path('demo')),
            ('get_childspec', path('demo/b')), ('logs', path('demo/b')), ('settle', {}),
            ('wait', {'until': 'demo/a=running'}), ('subscribe', path('demo')),
            ('monitor', path('demo/a', 'name')),
            ('check_childspecs', {'specs': [SPEC, {**NESTED, 'id': 'nested'}]})):
        starve_each(method, params)
    starve_each('check_childspecs', {'specs': [SPEC, NESTED]}, final='invalid_spec')


def test_start_child_C1():
    clear = [('terminate_child', path('demo/new')), ('delete_child', path('demo/new'))]
    for spec in (SPEC, NESTED):
        starve_each('start_child', {'path': 'demo', 'spec': spec}, after=clear,
                    answers=['start_error'])

    def other_user(nth):  # one that was never looked up
        return {'path': 'demo', 'spec': {**SPEC, 'user': str(nth), 'group': '0'}}
    if os.geteuid() == 0:
        starve_each('start_child', other_user, after=clear, answers=['start_error'])


def test_start_child_of_a_pool_I1():
    def clear(daemon):
        return [('terminate_child', {'path': 'pool', 'pid': child['pid']})
                for child in daemon.call('which_children', path='pool')]
    starve_each('start_child', {'path': 'pool', 'name': 'w', 'args': ['infinity']},
                after=clear, answers=['start_error'])


def test_restart_child_C3():
    starve_each('restart_child', path('demo/a'), before=[('terminate_child', path('demo/a'))],
                after=[('restart_child', path('demo/a'))], answers=['start_error'])


def test_terminate_and_delete_child_C4_C5():
    again = [('restart_child', path('demo/a'))]
    starve_each('terminate_child', path('demo/a'), after=again)
    starve_each('terminate_child', path('demo/inner'), after=[('restart_child',
                                                               path('demo/inner'))])
    stopped = {'id': 'new', 'start': ['sleep', 'infinity']}
    starve_each('delete_child', path('demo/new'),
                before=[('start_child', {'path': 'demo', 'spec': stopped}),
                        ('terminate_child', path('demo/new'))],
                after=[('delete_child', path('demo/new'))])


def test_strategy_and_change_K1_K3():
    starve_each('strategy', {'path': 'demo', 'strategy': 'one_for_all', 'intensity': 7},
                after=[('strategy', {'path': 'demo', 'strategy': 'one_for_one',
                                     'intensity': 1000000})])
    starve_each('change', {'path': 'demo', 'spec': CHANGED}, after=[BACK])


def test_a_killed_child_comes_back_B1():
    starve_each('kill', path('demo/b'), after=[('wait', {'until': 'demo/b=running'})])


def test_stop_supervisor_G6():
    starve_each('stop_supervisor', path('demo'), after=[('restart_child', path('demo')),
                                                        ('wait', {'until': 'demo/b=running'})])


def test_load_unload_and_reload():
    with tempfile.NamedTemporaryFile('w', suffix='.yaml') as file:
        file.write('children: [{id: more, supervisor: {children: [\n'
                   '  {id: m, start: [sleep, infinity]}]}}]\n')
        file.flush()
        clear = [('unload', {'path': 'more'})]
        starve_each('load', {'file': file.name}, after=clear, answers=['start_error'])
        starve_each('unload', {'path': 'more'}, before=[('load', {'file': file.name})],
                    after=clear)
    starve_each('reload', {}, answers=['invalid_spec'])


RELOADED = '''
intensity: 1000000
period: 3600
children:
  - id: demo
    supervisor:
      intensity: 1000000
      period: 3600
      children:
        - {id: a, start: [sleep, infinity], output: "null", shutdown: 7}
        - id: inner
          supervisor: {children: [{id: x, start: [sleep, infinity], shutdown: 7}]}
        - {id: new, start: [sleep, infinity], output: "null"}
  - {id: keep, start: [sleep, infinity], output: "null"}
'''
BEFORE = '''
intensity: 1000000
period: 3600
children:
  - id: demo
    supervisor:
      intensity: 1000000
      period: 3600
      children:
        - {id: a, start: [sleep, infinity], output: "null"}
        - {id: b, start: [sleep, infinity], output: "null"}
        - id: inner
          supervisor: {children: [{id: x, start: [sleep, infinity]}]}
  - {id: keep, start: [sleep, infinity], output: "null"}
'''


def test_a_reload_changes_what_it_was_to_change_and_nothing_else_K9():
    """With each allocation failing: what runs on runs on, and a further reload completes it."""
    with Starved(BEFORE) as daemon:
        kept = {name: daemon.pid(name) for name in ('demo/a', 'demo/inner/x', 'keep')}
        flags, nth, failed, seen = {'start_new': True, 'prune': True}, 0, True, set()
        while failed:
            nth += 1
            daemon.write(RELOADED)
            plan = daemon.call('reload', dry_run=True, **flags)
            assert plan['removed'] == ['demo/b'] and plan['started'] == ['demo/new'], plan
            failed, answer, result = ask(daemon, nth, 'reload', flags)
            seen.add(answer)
            shape = dict(daemon.shape())
            assert {name: daemon.pid(name) for name in kept} == kept, f'allocation {nth}'
            assert set(shape) - {'demo/b', 'demo/new'} == {
                '/', 'demo', 'demo/a', 'demo/inner', 'demo/inner/x', 'keep'}, (nth, shape)
            left = daemon.call('reload', dry_run=True, **flags)
            if answer == 'ok' and not result['failed']:
                wrong = {name for name in left if left[name]} - {'dry_run'}
                assert not wrong, f'allocation {nth}: success, but left to do: {left}'
            daemon.call('reload', **flags)
            assert 'demo/b' not in dict(daemon.shape())
            assert dict(daemon.shape())['demo/new'] == 'running'
            assert daemon.call('get_childspec', path='demo/inner/x')['shutdown'] == 7
            daemon.write(BEFORE)
            daemon.call('reload', **flags)
            assert daemon.call('get_childspec', path='demo/inner/x')['shutdown'] == 5000
        assert answer == 'ok' and seen <= {'ok', 'no_memory', 'closed', 'invalid_spec'}, seen
        print(f'# reload: {nth - 1} allocations, answers: {sorted(seen)}')


def environment(pid):
    with open(f'/proc/{pid}/environ', 'rb') as file:
        return file.read()


def test_a_child_has_its_own_path_or_is_not_started():
    with Starved() as daemon:
        failed, nth = True, 0
        while failed:
            nth += 1
            daemon.call('terminate_child', path='demo/inner/x')
            failed, answer = once(daemon, nth, 'restart_child', path('demo/inner/x'))
            daemon.try_call('restart_child', path='demo/inner/x')
            pid = daemon.pid('demo/inner/x')
            daemon.poll(lambda pid=pid: environment(pid))  # empty until the program is loaded
            assert b'SUPTREE_PATH=demo/inner/x' in environment(pid).split(b'\0'), (nth, answer)


def test_what_is_said_of_a_child_is_about_that_child():
    with Starved() as daemon:
        daemon.call('kill', path='demo/inner/x')  # so that why has a chain to tell
        daemon.until('demo/inner/x=running')
        daemon.call('settle')
        for method, params in (('info', path('demo/inner/x')), ('why', path('demo/inner/x')),
                               ('tree', path('demo/inner')), ('ps', path('demo/inner'))):
            wanted = json.dumps(daemon.call(method, **params)).count('demo/inner')
            failed, nth = True, 0
            while failed:
                nth += 1
                failed, answer, result = ask(daemon, nth, method, params)
                assert answer in ('ok', 'closed', 'no_memory'), (method, nth, answer)
                assert answer != 'ok' or json.dumps(result).count('demo/inner') == wanted, (
                    method, nth, result)
            assert answer == 'ok', (method, answer)


def test_a_child_that_dies_meanwhile_is_started_again_B1():
    with Starved() as daemon:
        shape, failed, nth = daemon.shape(), True, 0
        while failed:
            nth += 1
            before, pid = set(daemon.pids()), daemon.pid('demo/b')
            daemon.starve(nth)
            os.kill(pid, signal.SIGKILL)
            # asked of the kernel, for the daemon would need memory for the answer
            while not set(daemon.pids()) - before:
                pass
            failed = daemon.feed()
            daemon.until('demo/b=running')
            daemon.call('settle')
            assert daemon.shape() == shape, f'allocation {nth}: {daemon.shape()}'
        print(f'# restart: {nth - 1} allocations')


OFFERS = [{'name': name, 'summary': 'do as it says',
           'params': [{'name': 'text', 'type': 'text', 'required': False}]}
          for name in ('echo', 'silent', 'nonsense')]


def offer_starved(daemon, talk, words):
    """What became of it, with each allocation of the daemon failing."""
    seen, failed, nth = set(), True, 0
    while failed:
        nth += 1
        daemon.starve(nth)
        seen.add(talk.call(words))
        failed = daemon.feed()
    print(f'# {words.split()[0]}: {nth - 1} allocations, answers: {sorted(seen)}')
    return seen


def test_operations_that_processes_offer():
    with Starved(OFFERING) as daemon:
        talk = Talk(daemon, 't')
        for words in ('offer ' + json.dumps(OFFERS), 'withdraw echo'):
            seen = offer_starved(daemon, talk, words)
            # withdrawn, though the answer got no memory: then there is none to withdraw
            assert all('memory' in text or text in ('ok', 'closed') or
                       'no such operation' in text for text in seen), seen
        assert daemon.call('status')['counts']['offers'] == len(OFFERS) - 1
        assert talk.call('offer ' + json.dumps(OFFERS)) == 'ok'
        talk.close()
        for method, params, final in (
                ('offered', {}, 'ok'), ('offered', {'name': 't'}, 'ok'), ('operations', {}, 'ok'),
                ('x.t.echo', {'text': 'hello'}, 'ok'), ('x.t.ehco', {}, 'method_not_found'),
                ('x.s.echo', {}, 'noproc'), ('x.t.nonsense', {}, 'failed'),
                ('x.t.silent', {'timeout_ms': 1}, 'timeout')):
            failed, nth = True, 0
            while failed:
                nth += 1
                failed, answer = once(daemon, nth, method, params)
                assert answer in (final, 'closed', 'no_memory'), (method, nth, answer)
            assert answer == final, (method, answer)
            print(f'# {method}: {nth - 1} allocations')


def test_the_start_fails_with_a_reason_or_succeeds():
    nth, failed, outcomes = 0, True, []
    while failed:
        nth += 1
        daemon = Starved('children: [{id: a, start: [sleep, infinity], cwd: /tmp}]')
        daemon.starve(nth)
        try:
            daemon.start()
            status = 0
        except AssertionError:
            status = daemon.process.wait(PATIENCE_S)
        failed = daemon.feed()
        outcomes.append(status)
        assert status in (0, 1, 2), f'allocation {nth}: {status}'
        assert status == 0 or daemon.said(), f'allocation {nth}: not a word'
        if status:  # the next one on it replaces the socket
            for name in filter(lambda name: name.startswith('control'), os.listdir(daemon.dir)):
                os.unlink(f'{daemon.dir}/{name}')
        daemon.__exit__(None, None, None)
    print(f'# start: {nth - 1} allocations, {nth - outcomes.count(0)} refused')


ktap.run(globals())
