#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Two banks (userspace/workers/bank.c): money goes from one to the other or stays, and
none is lost or doubled, at whatever point one of them dies.
"""

import contextlib
import pathlib
import random
import re
import subprocess
import tempfile

import ktap
from servers import BIN, FAILED, NOT_FOUND, OK, PATIENCE_S, Servers, run

TREE = '''
intensity: 1000
children:
  - {id: bank_1, start: [bank, bank_1.ledger], ready: notify}
  - {id: bank_2, start: [bank, bank_2.ledger], ready: notify}
'''
ROUNDS = 40


class Banks(Servers):
    def __init__(self):
        super().__init__(TREE)

    def ledger(self, name):
        return pathlib.Path(self.dir, name + '.ledger')

    def answer(self, name, words):
        """The answer to a call, although a bank may have died before it; None: none yet."""
        status, said = self.suptree('call', name, words)
        return said if status == OK else None

    def is_over(self):
        return all(self.answer(name, 'pending') == '0' for name in ('bank_1', 'bank_2'))

    def accounts(self):
        """{account: balance} of both, when all transfers are over."""
        self.poll(self.is_over)
        lines = [line.split() for name in ('bank_1', 'bank_2')
                 for line in self.ask(name, 'accounts').splitlines()]
        return {account: int(balance) for account, balance in lines}

    def nr_entries(self, name, word):
        return len(re.findall(f'^{word} ', self.ledger(name).read_text(), re.MULTILINE))


@contextlib.contextmanager
def banks():
    with Banks() as daemon:
        daemon.calls('bank_1', [('deposit 1000 alice', '1000')])
        daemon.calls('bank_2', [('deposit 1000 bob', '1000')])
        yield daemon


def test_a_bank_keeps_accounts():
    with banks() as daemon:
        daemon.calls('bank_1', [
            ('deposit 5 carol', '5'), ('withdraw 2 carol', '3'), ('balance carol', '3'),
            ('accounts', 'alice 1000\ncarol 3'), ('pending', '0')])
        daemon.errors('bank_1', [
            ('withdraw 4 carol', 'insufficient_funds'), ('withdraw 1 dave', 'no_account'),
            ('balance dave', 'no_account'), ('deposit 0 carol', 'unknown_call'),
            ('deposit -1 carol', 'unknown_call'), ('deposit 1000000001 carol', 'unknown_call'),
            ('deposit 1 carol x', 'unknown_call'), ('deposit 1 ' + 'x' * 32, 'unknown_call'),
            ('deposit 1 carol\ndeposit 1 carol', 'unknown_call'),
            ('begin 1 1 alice bob bank_2', 'unknown_call')])
        assert daemon.state('bank_1') == '0 pending\nalice 1000\ncarol 3'


def test_a_bank_has_room_for_64_accounts():
    with banks() as daemon:
        for number in range(63):
            daemon.calls('bank_1', [(f'deposit 1 a{number}', '1')])
        daemon.errors('bank_1', [('deposit 1 one_more', 'too_many_accounts')])


def test_a_bank_that_crashes_knows_its_accounts():
    with banks() as daemon:
        with daemon.restart('bank_1'):
            daemon.cast('bank_1', 'crash')
        with daemon.restart('bank_1'):
            daemon.call('kill', path='bank_1', signal='KILL')
        daemon.calls('bank_1', [('balance alice', '1000')])


def test_money_goes_from_one_bank_to_the_other_or_stays():
    with banks() as daemon:
        daemon.calls('bank_1', [('transfer 30 alice bob bank_2', 'ok'), ('balance alice', '970')])
        daemon.calls('bank_2', [('balance bob', '1030'), ('transfer 5 bob alice bank_1', 'ok')])
        daemon.errors('bank_1', [
            ('transfer 2000 alice bob bank_2', 'insufficient_funds'),
            ('transfer 1 dave bob bank_2', 'no_account'),
            ('transfer 1 alice dave bank_2', 'no_account'),
            ('transfer 1 alice bob bank_3', 'noproc')])
        assert daemon.accounts() == {'alice': 975, 'bob': 1025}


def test_a_transfer_within_one_bank_is_one_too():
    with banks() as daemon:
        daemon.calls('bank_1', [('deposit 1 carol', '1'), ('transfer 3 alice carol bank_1', 'ok')])
        assert daemon.accounts() == {'alice': 997, 'carol': 4, 'bob': 1000}


def test_a_transfer_to_a_bank_that_is_stopped_stays_here():
    with banks() as daemon:
        daemon.call('terminate_child', path='bank_2')
        daemon.errors('bank_1', [('transfer 1 alice bob bank_2', 'noproc')])
        daemon.calls('bank_1', [('balance alice', '1000')])


def die_at(daemon, bank, point, order):
    """Let the bank die at the point; (exit status, output) of the order."""
    with daemon.restart(bank):
        daemon.cast(bank, f'crash {point}')
        status, said = daemon.suptree('call', 'bank_1', order)
    assert status in (OK, FAILED, NOT_FOUND), (status, said)
    return status, said


def test_whenever_a_bank_dies_a_good_transfer_happens_in_both_or_in_none():
    with banks() as daemon:
        moved = 0
        for bank, word in (('bank_1', 'begin'), ('bank_1', 'commit'), ('bank_1', 'done'),
                           ('bank_2', 'prepare'), ('bank_2', 'credit')):
            for when in ('before', 'in', 'after'):
                done = die_at(daemon, bank, f'{when} {word}', 'transfer 10 alice bob bank_2')
                # what the ledger says is decided
                now = daemon.accounts()
                commits = daemon.nr_entries('bank_1', 'commit')
                assert now == {'alice': 1000 - 10 * commits, 'bob': 1000 + 10 * commits}, (
                    bank, when, word, done, now)
                assert commits in (moved, moved + 1), (bank, when, word)
                if done[0] == OK or word in ('done', 'credit') or (when, word) == (
                        'after', 'commit'):
                    assert commits == moved + 1, (bank, when, word, done)
                elif done[0] == FAILED or bank == 'bank_1':
                    assert commits == moved, (bank, when, word, done)
                moved = commits


def test_whenever_a_bank_dies_a_refused_transfer_happens_in_none():
    with banks() as daemon:
        for bank, word in (('bank_1', 'begin'), ('bank_1', 'abort'), ('bank_1', 'done'),
                           ('bank_2', 'cancel')):
            for when in ('before', 'in', 'after'):
                status, said = die_at(daemon, bank, f'{when} {word}',
                                      'transfer 10 alice dave bank_2')
                assert status != OK, (bank, when, word, said)
                assert daemon.accounts() == {'alice': 1000, 'bob': 1000}, (bank, when, word)


def begin_call(daemon, bank, words):
    return subprocess.Popen(
        [BIN + '/suptree', '--socket', daemon.socket, 'call', bank, words], text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def test_no_money_is_lost_or_doubled_in_a_storm_of_kills():
    seed = random.SystemRandom().randrange(1 << 32)
    print(f'# seed {seed}')
    chance = random.Random(seed)
    with banks() as daemon:
        for number in range(ROUNDS):
            amount = chance.randrange(1, 20)
            callers = [begin_call(daemon, 'bank_1', f'transfer {amount} alice bob bank_2'),
                       begin_call(daemon, 'bank_2', f'transfer {amount} bob alice bank_1')]
            victim = chance.choice(('bank_1', 'bank_2'))
            # at the first words of the transfer, or a few turns of the daemon's loop later
            before = daemon.ledger(victim).stat().st_size
            daemon.poll(lambda: daemon.ledger(victim).stat().st_size > before
                        or all(caller.poll() is not None for caller in callers))
            for _ in range(chance.randrange(8)):
                daemon.call('ping')
            daemon.call('kill', path=victim, signal='KILL')
            for caller in callers:
                caller.communicate(timeout=PATIENCE_S)
            assert sum(daemon.accounts().values()) == 2000, (seed, number)
        for one, other in (('bank_1', 'bank_2'), ('bank_2', 'bank_1')):
            commits = daemon.nr_entries(one, 'commit')
            assert commits == daemon.nr_entries(other, 'credit') > 0, seed
            assert daemon.nr_entries(one, 'begin') == daemon.nr_entries(one, 'done'), seed


def test_a_line_that_was_being_written_is_cut_off():
    with banks() as daemon:
        ledger = daemon.ledger('bank_1')
        whole = ledger.read_text()
        for torn in ('d', 'deposit 7 alice', 'deposit 7 alice\0'):
            with daemon.restart('bank_1'):
                with open(ledger, 'a', encoding='utf-8') as file:
                    file.write(torn)
                daemon.cast('bank_1', 'crash')
            daemon.calls('bank_1', [('balance alice', '1000')])
            assert ledger.read_text() == whole


def test_a_bank_does_not_start_with_a_ledger_that_it_cannot_read():
    with tempfile.TemporaryDirectory() as folder:
        ledger = pathlib.Path(folder, 'ledger')
        for text, line, why in (
                ('deposit 1 a\nnonsense\n', 2, 'no entry'),
                ('deposit 1 a\n\n', 2, 'no entry'), ('deposit 1 a\0\n', 1, 'no entry'),
                ('deposit x a\n', 1, 'no entry'), ('x' * 3000, 1, 'no entry'),
                ('withdraw 1 a\n', 1, 'no_account'),
                ('deposit 1 a\nwithdraw 2 a\n', 2, 'insufficient_funds'),
                ('deposit 9 a\ncommit 1 b\n', 2, 'wrong_number'),
                ('deposit 9 a\nbegin 1 5 a x b\nbegin 2 1 a x b\n', 3, 'busy'),
                ('credit 1 b\n', 1, 'wrong_number')):
            ledger.write_text(text)
            assert run('bank', str(ledger)) == (
                1, f'bank: ledger {ledger}, line {line}: {why}\n'), text
            assert ledger.read_text() == text


def test_what_no_bank_has_said_changes_nothing():
    with banks() as daemon:
        for words in ('prepare 1 5 bob', 'commit 1', 'abort 1', 'prepared 1', 'credited 1',
                      'cancelled 1', 'refused 1 no', 'prepare', 'x' * 3000, 'crash x',
                      'crash before ' + 'x' * 100):
            daemon.cast('bank_2', words)
        daemon.calls('bank_2', [('transfer 1 bob alice bank_1', 'ok'), ('pending', '0')])
        assert daemon.accounts() == {'alice': 1001, 'bob': 999}


if __name__ == '__main__':
    ktap.run(globals())
