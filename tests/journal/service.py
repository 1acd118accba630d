#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""suptree-journal as a service: every event is stored, over its own end and the daemon's."""

import os
import pathlib
import signal
import stat
import sys

TOP = os.environ['ST_TEST_TOP']
sys.path[:0] = [TOP + '/tests/lib', TOP + '/tests/journal/lib']
import ktap  # noqa: E402
from journals import AGE_MS, DEMO, Journal, crash, crash_and_restart, refusal  # noqa: E402


def told(daemon, **params):
    """All events that the daemon has, until now."""
    last = daemon.call('status')['seq']
    follow = daemon.follow(since=0, **params)
    found = []
    while not found or found[-1]['seq'] < last:
        found.append(follow.notification()['params'])
    follow.close()
    return found


def test_history_has_every_event_as_the_daemon_has_sent_it():
    with Journal() as daemon:
        for signo in (signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM):
            crash_and_restart(daemon, 'demo/a', signo)
        daemon.call('terminate_child', path='demo/b')
        daemon.call('restart_child', path='demo/b')
        daemon.call('kill', path='demo/a', signal='USR1')
        daemon.call('start_child', path='demo', spec={'id': 'c', 'start': ['/nonexistent'],
                                                      'start_now': False})
        refusal(daemon.call, 'restart_child', path='demo/c')
        daemon.call('delete_child', path='demo/c')
        daemon.call('settle')
        sent = told(daemon)
        kept = daemon.events()[::-1]
        assert [event['seq'] for event in kept[:len(sent)]] == list(range(1, len(sent) + 1))
        for one, other in zip(sent, kept, strict=False):
            assert one == other, (one, other)
        kinds = {event['event'] for event in kept}
        assert kinds >= {'starting', 'started', 'exited', 'report', 'added', 'removed'}, kinds


def test_sync_is_answered_when_every_end_before_it_is_stored():
    with Journal() as daemon:
        for _ in range(20):
            pid = daemon.pid('demo/a')
            crash(daemon, 'demo/a')
            daemon.sync()
            ends = daemon.call('history', path='demo/a', kind='exited', limit=1)['rows']
            assert ends and ends[0]['event']['pid'] == pid, (pid, ends)
            daemon.until('demo/a=running')


def test_history_is_of_a_child_or_of_all_below_a_supervisor():
    with Journal(DEMO, {**DEMO, 'id': 'demo2'}) as daemon:
        for path in ('demo/a', 'demo/b', 'demo2/a'):
            crash_and_restart(daemon, path)
        daemon.call('settle')
        every = daemon.events()
        assert [event['seq'] for event in every] == list(range(len(every), 0, -1))
        for path in ('demo', 'demo2', 'demo/a', 'system'):
            wanted = [event for event in every
                      if (event.get('path', event.get('sup')) + '/').startswith(path + '/')]
            found = daemon.events(path)
            assert found == wanted and found, path
            assert daemon.events(path, limit=3) == wanted[:3], path
        assert daemon.events('none') == []


def test_filters_choose_by_kind_reason_rule_and_time():
    with Journal() as daemon:
        crash_and_restart(daemon, 'demo/a')
        crash_and_restart(daemon, 'demo/b', signal.SIGSEGV)
        daemon.call('settle')
        every = daemon.events()
        assert daemon.events(kind='exited') == [e for e in every if e['event'] == 'exited']
        found = daemon.events(reason='SEGV')
        assert {e['path'] for e in found} == {'demo/b'} and len(found) == 2, found
        assert all('B1' in (e.get('rule'), e.get('cause', {}).get('rule'))
                   for e in daemon.events(rule='B1'))
        assert daemon.events(rule='B1'), every
        assert daemon.events(since_ms=AGE_MS) == every
        assert daemon.events(until_ms=AGE_MS) == []
        # of each path, too, since other ways lead to these
        assert daemon.events('demo/a', since_ms=AGE_MS) == daemon.events('demo/a')
        assert daemon.events('demo/a', until_ms=AGE_MS) == []


def test_pages_have_each_event_once():
    with Journal() as daemon:
        for _ in range(10):
            crash_and_restart(daemon, 'demo/a')
        daemon.call('settle')
        daemon.sync()
        for path in ('/', 'demo', 'demo/a'):
            pages, after = [], {}
            while True:
                page = daemon.call('history', path=path, limit=3, **after)
                assert len(page['rows']) <= 3
                pages += page['rows']
                if page['next'] is None:
                    break
                after = {'after': page['next']}
            assert pages == daemon.rows(path), path
            assert len(pages) > 20, path


def test_a_journal_that_was_killed_goes_on_where_it_was():
    with Journal() as daemon:
        daemon.allow_ends()
        for _ in range(5):
            crash_and_restart(daemon, 'demo/a')
            daemon.kill_journal()
        daemon.call('settle')
        sent = told(daemon)
        kept = daemon.events()[::-1]
        assert kept[:len(sent)] == sent
        assert daemon.gaps() == []


def test_history_goes_on_over_the_end_of_the_daemon():
    with Journal() as daemon:
        crash_and_restart(daemon, 'demo/a')
        daemon.call('settle')
        before = daemon.rows('demo/a')
        daemon.stop()
        os.unlink(daemon.dir + '/ready')
        daemon.start()
        crash_and_restart(daemon, 'demo/a', signal.SIGSEGV)
        after = daemon.rows('demo/a')
        assert [row for row in after if row in before] == before
        assert [row['id'] for row in after] == sorted((row['id'] for row in after), reverse=True)
        assert after[0]['id'] >> 40 == 2 and after[-1]['id'] >> 40 == 1, after
        boots = daemon.select('SELECT boot, incarnation, boot_id, version FROM boot')
        kernel = pathlib.Path('/proc/sys/kernel/random/boot_id').read_text(encoding='ascii')
        assert [boot[0] for boot in boots] == [1, 2] and boots[0][1] != boots[1][1], boots
        assert {boot[2] for boot in boots} == {kernel.strip()}, boots
        assert boots[1][3] == daemon.call('status')['version'], boots


def test_unstable_shows_the_children_that_were_restarted_most():
    with Journal() as daemon:
        crash_and_restart(daemon, 'demo/a')
        for _ in range(3):
            crash_and_restart(daemon, 'demo/b', signal.SIGSEGV)
        daemon.call('settle')
        daemon.sync()
        found = daemon.call('unstable', since_ms=AGE_MS)
        assert found['complete'], found
        rows = [(row['path'], row['restarts'], row['failures'], row['end']['reason'])
                for row in found['children']]
        assert rows == [('demo/b', 3, 3, {'signal': 'SEGV'}), ('demo/a', 1, 1, 'killed')], rows
        assert len(daemon.call('unstable', since_ms=AGE_MS, limit=1)['children']) == 1


def test_roll_ups_count_what_the_events_say():
    with Journal() as daemon:
        for _ in range(4):
            crash_and_restart(daemon, 'demo/a')
        daemon.call('terminate_child', path='demo/b')
        daemon.call('settle')
        events = daemon.events()
        starts = sum(e['event'] == 'started' for e in events)
        restarts = sum(e['event'] == 'started' and e['cause']['rule'] == 'D1' for e in events)
        ends = sum(e['event'] == 'exited' for e in events)
        sums = 'SELECT sum(starts), sum(restarts), sum(ends), sum(crashes) FROM minute WHERE path='
        assert daemon.select(sums + '1') == [(starts, restarts, ends, 4)], (starts, restarts)
        demo = daemon.select("SELECT path FROM path WHERE name='demo'")[0][0]
        assert daemon.select(sums + str(demo))[0][1:] == (4, 5, 4)
        first, last = daemon.select('SELECT min(first), max(last) FROM minute WHERE path=1')[0]
        assert (first, last) == daemon.select('SELECT min(id), max(id) FROM event')[0]


def test_the_tree_and_the_inputs_of_core_are_kept():
    with Journal() as daemon:
        crash_and_restart(daemon, 'demo/a')
        daemon.call('settle')
        daemon.sync()
        trees = daemon.select('SELECT id, text FROM tree')
        assert trees and trees[0][1].startswith('suptree-state '), trees
        assert trees[0][1].rstrip().splitlines()[-1].startswith('end '), trees
        inputs = daemon.select(f'SELECT line FROM input WHERE id >= {trees[0][0]}')
        assert any('exited' in line or 'exit' in line for (line,) in inputs), inputs


def test_the_file_is_for_its_user_alone_and_the_service_has_no_rights():
    with Journal() as daemon:
        daemon.sync()
        status = pathlib.Path(f'/proc/{daemon.pid("system/journal")}/status').read_text(
            encoding='utf-8')
        found = dict(line.split(':\t', 1) for line in status.splitlines())
        assert stat.S_IMODE(daemon.file.stat().st_mode) == 0o600
        assert (found['NoNewPrivs'], found['Seccomp']) == ('1', '2'), found
        assert int(found['CapEff'], 16) == int(found['CapPrm'], 16) == 0, found
        if os.geteuid() == 0:
            assert daemon.info('system/journal')['pid'] and found['Uid'].split()[0] != '0', found


def test_without_a_journal_its_verbs_say_how_to_start_it():
    with Journal() as daemon:
        daemon.stop_journal()
        for verb in ('history', 'unstable', 'sync'):
            refused = refusal(daemon.call, verb)
            assert refused.kind == 'noproc', refused
            assert 'suptree services-start journal' in str(refused), refused


if __name__ == '__main__':
    ktap.run(globals())
