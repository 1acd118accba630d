#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The workers of tools/demo/workers.yaml under a real daemon: every call and cast that
they document, and what each is there to show.
"""

import contextlib
import json
import os
import pathlib
import signal
import subprocess
import sys

TOP = pathlib.Path(os.environ['ST_TEST_TOP'])
sys.path.insert(0, str(TOP / 'tests/lib'))
import ktap  # noqa: E402
from suptreed import BIN, PATIENCE_S, Daemon  # noqa: E402
from talk import Talk  # noqa: E402

TREE = (TOP / 'tools/demo/workers.yaml').read_text()
OK, FAILED, NOT_FOUND, TIMED_OUT = 0, 1, 3, 5
SYSTEM = 7  # userspace/libsuptree/PROTOCOL.md


class Servers(Daemon):
    """A daemon whose workers are found, and have its folder for their files."""

    def __init__(self, config=TREE):
        super().__init__(config)
        os.environ['WORKERS_DIR'] = self.dir
        if not os.environ['PATH'].startswith(BIN):
            os.environ['PATH'] = BIN + ':' + os.environ['PATH']

    def suptree(self, *words):
        """(exit status, what it said) of a verb."""
        done = subprocess.run([BIN + '/suptree', '--socket', self.socket, *words], text=True,
                              check=False, timeout=PATIENCE_S, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.returncode, done.stdout.removesuffix('\n')

    def ask(self, name, words):
        """The answer to a call."""
        status, said = self.suptree('call', name, words)
        assert status == OK, (name, words, said)
        return said

    def error(self, name, words):
        """The error that is the answer to a call, or why there was none."""
        status, said = self.suptree('call', name, words)
        assert status != OK, (name, words, said)
        return said.removeprefix(f'suptree: call {name}: ').partition('\n')[0]

    def cast(self, name, words):
        status, said = self.suptree('cast', name, words)
        assert status == OK, (name, words, said)

    def nr_casts(self, name):
        """How many casts the server has handled in this life."""
        talk = Talk(self, name)
        talk.say('get_status', SYSTEM)
        status = json.loads(talk.hear())
        talk.close()
        return status['casts']

    def told(self, name, words):
        """A cast that has been handled when this returns: a question after it comes on another
        connection, and could overtake it."""
        before = self.nr_casts(name)
        self.cast(name, words)
        self.poll(lambda: self.nr_casts(name) > before)

    def state(self, name):
        status, said = self.suptree('state', name)
        assert status == OK, (name, said)
        return said

    @contextlib.contextmanager
    def restart(self, *paths):
        """Leave when what is done inside has made these be started again."""
        events = self.follow()
        yield
        left = set(paths)
        while left:
            left.discard(events.event('started')['path'])
        self.call('settle')

    def calls(self, name, table):
        for words, answer in table:
            assert self.ask(name, words) == answer, (name, words, answer)

    def errors(self, name, table):
        for words, error in table:
            assert self.error(name, words) == error, (name, words, error)


def run(*words):
    """(exit status, standard error) of a worker that ends at once."""
    done = subprocess.run([f'{BIN}/{words[0]}', *words[1:]], text=True, check=False,
                          stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=PATIENCE_S)
    return done.returncode, done.stderr


def test_each_worker_says_what_is_wrong_with_its_arguments():
    for words in (('echo-server', 'x'), ('kv-store', 'x'), ('flaky',), ('flaky', 'after', '0'),
                  ('flaky', 'after', '1', '2'), ('flaky', 'chance', '101', '1'),
                  ('flaky', 'chance', '1', '0'), ('flaky', 'x', '1'), ('slow-starter',),
                  ('slow-starter', '-1'), ('slow-starter', '1', 'x'),
                  ('slow-starter', '1', 'fail', 'x', 'file'),
                  ('slow-starter', '1', 'fail', '1', '/nonexistent/file'),
                  ('slow-starter', '1', 'fail', '1', 'x' * 5000), ('stubborn',),
                  ('stubborn', 'ever'), ('leaker', 'memory', '1', '1'),
                  ('leaker', 'hope', '1', '1', '1'), ('leaker', 'memory', '0', '1', '1'),
                  ('leaker', 'memory', '1', 'x', '1'), ('leaker', 'memory', '1', '1', '0'),
                  ('spinner', 'x'), ('ping-pong',), ('ping-pong', 'other', 'x'),
                  ('pipeline-stage',), ('pipeline-stage', 'x', 'next'),
                  ('pipeline-stage', 'upper'), ('pipeline-stage', 'collect', 'next'),
                  ('bank',), ('bank', '/nonexistent/file'), ('bank', 'x' * 5000)):
        status, said = run(*words)
        assert status == 1 and said.count('\n') == 1, (words, status, said)
        assert said.startswith(words[0] + ': '), (words, said)


def test_every_worker_of_the_tree_has_a_status_and_shows_its_state():
    with Servers() as daemon:
        ids = {'echo-server': 'echo_1', 'kv-store': 'store_1', 'flaky': 'flaky_1',
               'slow-starter': 'starter_1', 'stubborn': 'stubborn_1', 'leaker': 'leaker_1',
               'spinner': 'spinner_1', 'ping-pong': 'ping_1', 'pipeline-stage': 'stage_1',
               'bank': 'bank_1', 'printer': 'printer_1'}
        programs = {path.stem for path in (TOP / 'userspace/workers').glob('*.c')}
        assert programs - {'counter', 'st-worker'} == ids.keys()
        for program, name in ids.items():
            paths = [row['path'] for row in daemon.call('ps') if row['path'].endswith('/' + name)]
            assert daemon.info(paths[0])['status'], program
            if program != 'kv-store':  # it is empty
                assert daemon.state(name), program
            assert daemon.error(name, 'nonsense') == 'unknown_call', program


def test_an_echo_server_says_what_it_hears_until_it_crashes():
    with Servers() as daemon:
        daemon.calls('echo_1', [('echo hello  world', 'hello  world'), ('echo', '')])
        assert daemon.state('echo_1') == 'echoed 2'
        with daemon.restart('workers/basics/echo_1'):
            status, said = daemon.suptree('call', 'echo_1', 'crash')
            assert status == NOT_FOUND and said.endswith('{"code":1}'), said
        assert daemon.state('echo_1') == 'echoed 0'
        with daemon.restart('workers/basics/echo_1'):
            daemon.cast('echo_1', 'crash')


def test_a_store_keeps_pairs_within_its_bounds():
    with Servers() as daemon:
        daemon.calls('store_1', [
            ('size', '0'), ('keys', ''), ('put a 1', 'ok'), ('put b two words', 'ok'),
            ('put a 2', 'ok'), ('get a', '2'), ('get b', 'two words'), ('keys', 'a\nb'),
            ('size', '2'), ('delete a', 'ok'), ('keys', 'b')])
        daemon.errors('store_1', [
            ('get a', 'not_found'), ('delete a', 'not_found'), ('put a', 'bad_value'),
            ('put', 'bad_value'), ('put a 1\n2', 'bad_value'),
            ('put ' + 'k' * 64 + ' v', 'too_long'), ('put k ' + 'v' * 256, 'too_long')])
        daemon.calls('store_1', [('put ' + 'k' * 63 + ' ' + 'v' * 255, 'ok')])
        daemon.told('store_1', 'put c 3')
        daemon.told('store_1', 'delete b')
        daemon.calls('store_1', [('get c', '3'), ('size', '2')])
        with daemon.restart('workers/basics/store_1'):
            daemon.cast('store_1', 'crash')
        daemon.calls('store_1', [('size', '0')])


def test_a_store_s_state_is_replaced_by_all_lines_or_by_none():
    with Servers() as daemon:
        full = '\n'.join(f'{number} {"v" * 200}' for number in range(128))
        assert daemon.suptree('state', 'store_1', '--replace', full) == (OK, 'ok')
        assert daemon.state('store_1') == full
        daemon.errors('store_1', [('put one_more v', 'full')])
        for state, why in (('a 1\nb', 'line 2 of the state (version 1): bad_value'),
                           (full + '\nx 1', 'line 129 of the state (version 1): full')):
            status, said = daemon.suptree('state', 'store_1', '--replace', state)
            assert status == FAILED and said.endswith(why), said
        assert daemon.state('store_1') == full
        assert daemon.suptree('state', 'store_1', '--replace', '') == (OK, 'ok')
        daemon.calls('store_1', [('size', '0')])


def test_flaky_crashes_at_its_third_request_in_every_life():
    with Servers() as daemon:
        for _ in range(2):
            daemon.calls('flaky_1', [('work', '1')])
            daemon.told('flaky_1', 'work')
            assert daemon.state('flaky_1') == 'survived 2 requests, crashes at request 3'
            with daemon.restart('workers/fragile/flaky_1'):
                assert daemon.error('flaky_1', 'work').endswith('{"code":1}')
        with daemon.restart('workers/fragile/flaky_1'):
            daemon.cast('flaky_1', 'crash')


def test_flaky_s_chance_is_the_same_for_the_same_seed():
    with Servers() as daemon:
        lives = []
        for _ in range(2):
            with daemon.restart('workers/fragile/flaky_2'):
                survived = 0
                while daemon.suptree('call', 'flaky_2', 'work')[0] == OK:
                    survived += 1
            lives.append(survived)
        assert lives[0] == lives[1] > 0, lives


def test_the_fourth_crash_within_the_period_is_one_too_many():
    """[E1] [E6]"""
    with Servers() as daemon:
        # that of the tree ends before the fourth one on a slow machine
        daemon.call('strategy', path='workers/fragile', period=3600)
        for _ in range(3):
            with daemon.restart('workers/fragile/flaky_1'):
                daemon.cast('flaky_1', 'crash')
        with daemon.restart('workers/fragile/flaky_1', 'workers/fragile/flaky_2'):
            daemon.cast('flaky_1', 'crash')
        assert daemon.info('workers/fragile')['restarts'] == 1


STARTERS = '''
children:
  - id: starters
    supervisor:
      strategy: one_for_one
      intensity: 3
      period: 1 h
      children:
        - {id: starter, start: [slow-starter, "0", fail, "3", count], ready: notify}
'''


def test_a_starter_that_fails_at_first_is_its_supervisor_s_failure():
    """[A6]"""
    with Servers('children: []') as daemon:
        status, said = daemon.suptree('load', daemon.write(STARTERS, 'starters.yaml'))
        assert status == FAILED and 'attempt 1 fails, as it was told' in said, said
        assert pathlib.Path(daemon.dir, 'count').read_text() == '.'


def test_a_starter_that_fails_at_a_restart_is_tried_until_it_succeeds():
    """[F1] [E1]"""
    with Servers('children: []') as daemon:
        count = pathlib.Path(daemon.dir, 'count')
        count.write_text('...')
        daemon.suptree('load', daemon.write(STARTERS, 'starters.yaml'))
        daemon.calls('starter', [('attempts', '4')])
        count.write_text('.')
        with daemon.restart('starters/starter'):
            daemon.cast('starter', 'crash')
        daemon.calls('starter', [('attempts', '4')])
        assert daemon.state('starter') == 'took 0 ms, attempt 4'
        assert daemon.said().count('start_error') == 2


def test_a_slow_starter_is_up_and_one_that_ignores_is_not():
    """[A4]"""
    with Servers() as daemon:
        daemon.calls('starter_1', [('attempts', '1')])
        assert daemon.suptree('call', 'starter_2', 'attempts')[0] == NOT_FOUND
        assert daemon.info('workers/slow/starter_2')['state'] == 'stopped'
        with daemon.restart('workers/slow/starter_1'):
            daemon.cast('starter_1', 'crash')


def test_a_stubborn_one_is_killed_when_its_time_is_up():
    """[G3] [G5]"""
    with Servers() as daemon:
        daemon.calls('stubborn_1', [('patience', '200')])
        daemon.calls('stubborn_2', [('patience', 'forever')])
        ends = daemon.follow()
        daemon.call('terminate_child', path='workers/hard_to_stop/stubborn_1')
        daemon.call('terminate_child', path='workers/hard_to_stop/stubborn_2')
        assert 'shutdown_error' in daemon.said() and 'stubborn_2' in daemon.said()
        assert 'stubborn_1' not in daemon.said()
        ends.event('exited', 'workers/hard_to_stop/stubborn_1', reason='shutdown')
        ends.event('exited', 'workers/hard_to_stop/stubborn_2', reason='killed')


def test_a_stubborn_one_takes_the_time_that_it_was_told_last():
    with Servers() as daemon:
        daemon.told('stubborn_2', 'take 0')
        daemon.told('stubborn_1', 'take x')
        daemon.calls('stubborn_1', [('patience', '200')])
        daemon.calls('stubborn_2', [('patience', '0')])
        assert daemon.state('stubborn_2') == 'takes 0 to clean up'
        daemon.call('terminate_child', path='workers/hard_to_stop/stubborn_2')
        assert 'shutdown_error' not in daemon.said()
        with daemon.restart('workers/hard_to_stop/stubborn_1'):
            daemon.cast('stubborn_1', 'take 0')
            daemon.cast('stubborn_1', 'crash')


def open_files(pid):
    return len(os.listdir(f'/proc/{pid}/fd'))


def test_a_leaker_of_descriptors_takes_them_until_there_are_none():
    with Servers() as daemon:
        path = 'workers/greedy/leaker_2'
        before = open_files(daemon.pid(path))
        daemon.told('leaker_2', 'leak')
        daemon.calls('leaker_2', [('leaked', '8')])
        assert open_files(daemon.pid(path)) >= before + 8
        assert daemon.state('leaker_2') == 'leaked 8 of 1000 descriptors, 8 each 0 ms'
        with daemon.restart(path):
            for _ in range(3):  # 32 it may have
                daemon.suptree('cast', 'leaker_2', 'leak')
        daemon.calls('leaker_2', [('leaked', '0')])


LEAKERS = '''
children:
  - {id: timed, start: [leaker, memory, "3", "1", "10"], ready: notify}
  - {id: told, start: [leaker, memory, "1024", "0", "4096"], ready: notify}
'''


def resident_kib(pid):
    status = pathlib.Path(f'/proc/{pid}/status').read_text()
    line, = (line for line in status.splitlines() if line.startswith('VmRSS:'))
    return int(line.split()[1])


def test_a_leaker_of_memory_goes_up_to_its_limit_and_no_further():
    with Servers(LEAKERS) as daemon:
        daemon.poll(lambda: daemon.info('timed')['status'] == 'leaked 10 KiB')
        before = resident_kib(daemon.pid('told'))
        for _ in range(5):
            daemon.told('told', 'leak')
        daemon.calls('told', [('leaked', '4096')])
        assert resident_kib(daemon.pid('told')) >= before + 4096
        with daemon.restart('told'):
            daemon.cast('told', 'crash')
        daemon.calls('told', [('leaked', '0')])


def test_a_spinner_hears_nothing_while_it_spins():
    with Servers() as daemon:
        daemon.calls('spinner_1', [('ping', 'pong'), ('spin 1', 'done')])
        daemon.told('spinner_1', 'spin 1')
        daemon.calls('spinner_1', [('ping', 'pong')])
        assert daemon.state('spinner_1') == 'spun 2 ms'
        daemon.cast('spinner_1', 'spin 3600000')
        status, said = daemon.suptree('call', 'spinner_1', 'ping', '--timeout', '50ms')
        assert (status, said) == (TIMED_OUT, 'suptree: call spinner_1: no answer within 50 ms')
        with daemon.restart('workers/greedy/spinner_1'):
            daemon.call('kill', path='workers/greedy/spinner_1', signal='TERM')
        daemon.calls('spinner_1', [('ping', 'pong')])
        with daemon.restart('workers/greedy/spinner_1'):
            daemon.cast('spinner_1', 'crash')


def test_each_pair_plays_and_counts():
    with Servers() as daemon:
        for number in (1, 2, 3):
            daemon.calls(f'ping_{number}', [('serve 50', '50'), ('hits', '50')])
            daemon.calls(f'pong_{number}', [('hits', '50'), ('serve 1', '1')])
            assert daemon.state(f'ping_{number}').startswith('hit 51 balls of workers/pairs/')


@contextlib.contextmanager
def rally(daemon, player):
    """A call that will not be answered soon; its process is given, to be waited for."""
    with subprocess.Popen([BIN + '/suptree', '--socket', daemon.socket, 'call', player,
                           'serve 1000000', '--timeout', f'{PATIENCE_S}s'], text=True,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT) as caller:
        try:
            daemon.poll(lambda: 'left' in daemon.state(player))
            yield caller
        finally:
            caller.kill()


def test_a_player_that_watches_the_other_one_says_why_the_rally_is_over():
    with Servers() as daemon:
        pid = daemon.pid('workers/pairs/ping_2')
        with rally(daemon, 'ping_2') as caller:
            with daemon.restart('workers/pairs/pong_2'):
                daemon.cast('pong_2', 'crash')
            said, _ = caller.communicate(timeout=PATIENCE_S)
        assert said == ('suptree: call ping_2: workers/pairs/pong_2 has ended: {"code":1}\n'), said
        assert daemon.pid('workers/pairs/ping_2') == pid
        daemon.calls('ping_2', [('serve 5', '5')])


def test_linked_players_die_together():
    with Servers() as daemon:
        with rally(daemon, 'ping_3') as caller:
            with daemon.restart('workers/pairs/ping_3', 'workers/pairs/pong_3'):
                daemon.cast('pong_3', 'crash')
            said, _ = caller.communicate(timeout=PATIENCE_S)
        assert said.endswith('{"code":1}\n'), said
        daemon.calls('ping_3', [('serve 5', '5')])


def test_the_next_serve_ends_a_rally_that_stands_still():
    with Servers() as daemon:
        with rally(daemon, 'ping_1') as caller:
            with daemon.restart('workers/pairs/pong_1'):
                daemon.call('kill', path='workers/pairs/pong_1', signal='KILL')
            daemon.calls('ping_1', [('serve 5', '5')])
            said, _ = caller.communicate(timeout=PATIENCE_S)
        assert said == 'suptree: call ping_1: another one has served\n', said


def test_nobody_can_play_with_who_is_not_there():
    with Servers() as daemon:
        for number in (1, 2, 3):
            daemon.call('terminate_child', path=f'workers/pairs/pong_{number}')
            assert daemon.error(f'ping_{number}', 'serve 1') == (
                f'workers/pairs/pong_{number}: noproc')


def test_a_text_runs_down_the_pipeline():
    with Servers() as daemon:
        daemon.calls('stage_1', [('text abc', 'ABC')])
        daemon.poll(lambda: daemon.ask('stage_4', 'collected') == '3 CBA')
        daemon.cast('stage_1', 'text and more')
        daemon.poll(lambda: daemon.ask('stage_4', 'collected') == '3 CBA\n8 EROM DNA')
        daemon.calls('stage_3', [('counts', 'passed 2, lost 0')])
        daemon.calls('stage_4', [('text directly', 'directly'), ('counts', 'passed 3, lost 0')])
        daemon.errors('stage_1', [('collected', 'unknown_call')])
        daemon.calls('stage_1', [('text ' + 'x' * 2000, 'X' * 1023)])


def test_the_last_stage_keeps_the_latest_texts():
    with Servers() as daemon:
        for number in range(25):
            daemon.told('stage_4', f'text {number}')
        assert daemon.ask('stage_4', 'collected').split() == [str(n) for n in range(5, 25)]


def test_a_restarted_stage_is_found_again_by_its_name():
    with Servers() as daemon:
        daemon.calls('stage_1', [('text a', 'A')])
        for stage in ('stage_2', 'stage_3', 'stage_4'):
            with daemon.restart(f'workers/pipeline/{stage}'):
                daemon.cast(stage, 'crash')
        daemon.calls('stage_1', [('text ab', 'AB'), ('counts', 'passed 2, lost 0')])
        daemon.poll(lambda: daemon.ask('stage_4', 'collected') == '2 BA')


def test_a_text_without_a_next_stage_is_lost_and_counted():
    with Servers() as daemon:
        daemon.call('terminate_child', path='workers/pipeline/stage_2')
        daemon.errors('stage_1', [('text a', 'workers/pipeline/stage_2: noproc')])
        daemon.told('stage_1', 'text b')
        daemon.calls('stage_1', [('counts', 'passed 0, lost 2')])


def test_a_printer_answers_too():
    with Servers() as daemon:
        daemon.calls('printer_1', [('print one', '1'), ('get_print_count', '1')])
        daemon.told('printer_1', 'print two')
        daemon.calls('printer_1', [('history', 'one\ntwo')])
        with daemon.restart('workers/basics/printer_1'):
            daemon.cast('printer_1', 'crash')
        daemon.calls('printer_1', [('get_print_count', '0')])


COUNTERS = 'children:\n  - {id: counter_1, start: [counter, "7"], ready: notify}\n'


def test_a_counter_counts_by_words_and_by_signals():
    with Servers(COUNTERS) as daemon:
        daemon.calls('counter_1', [('get_value', '7'), ('increment', '8'), ('add -3', '5'),
                                   ('decrement', '4'), ('reset', '7')])
        daemon.cast('counter_1', 'add 3')
        daemon.call('kill', path='counter_1', signal=int(signal.SIGUSR1))
        daemon.poll(lambda: daemon.info('counter_1')['status'] == 'value 11')
        assert daemon.suptree('state', 'counter_1', '--replace', 'value 3') == (OK, 'ok')
        daemon.calls('counter_1', [('get_value', '3')])
        with daemon.restart('counter_1'):
            daemon.cast('counter_1', 'crash')
        daemon.calls('counter_1', [('get_value', '7')])


if __name__ == '__main__':
    ktap.run(globals())
