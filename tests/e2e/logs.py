#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Logs of real children: files, rotation, the journal, and what a flood costs."""

import datetime
import glob
import os
import re
import shutil
import signal
import socket
import stat
import subprocess
import sys

# freed memory that a sanitizer keeps is not what this looks for
os.environ['ASAN_OPTIONS'] = os.environ.get('ASAN_OPTIONS', '') + ':quarantine_size_mb=1'
sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from suptreed import BIN, Daemon, PATIENCE_S, Refused  # noqa: E402

TALK = "start: [sh, -c, 'echo $SUPTREE_PATH $SUPTREE_GENERATION; exec sleep infinity']"


def daemon_with(config):
    """A daemon whose configuration may name its own folder as DIR."""
    daemon = Daemon('')
    daemon.write(config.replace('DIR', daemon.dir))
    return daemon


def reload(daemon, config):
    daemon.write(config.replace('DIR', daemon.dir))
    return daemon.call('reload')


def read(path):
    try:
        with open(path, encoding='utf-8') as file:
            return file.read()
    except FileNotFoundError:
        return ''


def poll_text(daemon, name, condition):
    daemon.poll(lambda: condition(read(f'{daemon.dir}/{name}')))
    return read(f'{daemon.dir}/{name}')


def restart(daemon, path):
    """Kill it, and wait until it is there again."""
    before = daemon.info(path)['generation']
    events = daemon.follow()
    os.kill(daemon.pid(path), signal.SIGKILL)
    event = events.event('started', path)
    assert event['generation'] > before
    return event['generation']


def test_a_file_goes_on_when_the_child_is_started_again():
    with daemon_with(f'children: [{{id: a, {TALK}, log: {{file: DIR/a.log}}}}]') as daemon:
        poll_text(daemon, 'a.log', lambda text: text.count('\n') == 1)
        generation = restart(daemon, 'a')
        text = poll_text(daemon, 'a.log', lambda text: text.count('\n') == 2)
        assert re.fullmatch(f'a \\d+\na {generation}\n', text), text
        mode = os.stat(daemon.dir + '/a.log').st_mode
        assert stat.S_IMODE(mode) & ~0o640 == 0, oct(mode)
        assert daemon.info('a')['log'] == {'file': daemon.dir + '/a.log', 'lost': 0}


def test_the_log_of_a_supervisor_is_that_of_all_below_that_say_nothing():
    with daemon_with(f'''
log: {{folder: DIR/logs}}
children:
  - {{id: a, {TALK}}}
  - {{id: b, {TALK}, log: none}}
  - id: s
    supervisor:
      strategy: dynamic
      log: {{file: DIR/s.log, timestamps: true}}
  - id: t
    supervisor: {{children: [{{id: c, {TALK}}}]}}
''') as daemon:
        for name in ('x', 'y'):
            daemon.call('start_child', path='s', spec=f'{{id: {name}, {TALK}}}')
        text = poll_text(daemon, 's.log', lambda text: text.count('\n') == 2)
        line = r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}[+-]\d\d:\d\d s/%s stdout: s/%s \d+\n'
        assert all(re.search(line % (name, name), text) for name in 'xy'), text
        poll_text(daemon, 'logs/a.log', lambda text: text.startswith('a '))
        poll_text(daemon, 'logs/t/c.log', lambda text: text.startswith('t/c '))
        assert sorted(os.listdir(daemon.dir + '/logs')) == ['a.log', 't']
        assert 'log' not in daemon.info('b')


def test_a_reload_changes_the_log_of_children_that_run():
    config = f'children: [{{id: s, supervisor: {{LOG children: [{{id: a, {TALK}}}]}}}}]'
    with daemon_with(config.replace('LOG', 'log: {file: DIR/1.log},')) as daemon:
        poll_text(daemon, '1.log', lambda text: text)
        pid = daemon.pid('s/a')
        plan = reload(daemon, config.replace('LOG', 'log: {file: DIR/2.log},'))
        assert plan['changed'] == plan['logs'] == ['s'], plan
        daemon.poll(lambda: daemon.info('s/a')['log']['file'].endswith('/2.log'))
        assert daemon.pid('s/a') == pid
        restart(daemon, 's/a')
        poll_text(daemon, '2.log', lambda text: text)
        own = config.replace('LOG', '').replace("infinity']}", "infinity'], log: none}")
        assert reload(daemon, own)['logs'] == ['s', 's/a']
        daemon.poll(lambda: 'log' not in daemon.info('s/a'))


BOTH = "start: [sh, -c, 'echo said; echo complained >&2; exec sleep infinity']"


def test_standard_error_may_have_a_file_of_its_own():
    with daemon_with(f'''
children:
  - {{id: a, {BOTH}, log: {{file: DIR/a.log, stderr: DIR/a.err}}}}
  - id: s
    supervisor:
      log: {{folder: DIR/out, stderr: DIR/err}}
      children: [{{id: b, {BOTH}}}]
''') as daemon:
        for out, err in (('a.log', 'a.err'), ('out/s/b.log', 'err/s/b.log')):
            assert poll_text(daemon, out, lambda text: text) == 'said\n'
            assert poll_text(daemon, err, lambda text: text) == 'complained\n'
        log = daemon.info('a')['log']
        assert (log['file'], log['stderr']) == (daemon.dir + '/a.log', daemon.dir + '/a.err'), log
        changed = reload(daemon, f'children: [{{id: a, {BOTH}, log: {{file: DIR/a.log}}}}]')
        assert 'a' in changed['logs'], changed
        assert 'stderr' not in daemon.info('a')['log']


def test_a_reload_opens_a_file_anew_that_was_renamed():
    with daemon_with(f'children: [{{id: a, {TALK}, log: {{file: DIR/a.log}}}}]') as daemon:
        poll_text(daemon, 'a.log', lambda text: text)
        os.rename(daemon.dir + '/a.log', daemon.dir + '/old.log')
        daemon.call('reload', dry_run=True)
        assert daemon.call('reload')['changed'] == []
        restart(daemon, 'a')
        poll_text(daemon, 'a.log', lambda text: text.count('\n') == 1)
        assert read(daemon.dir + '/old.log').count('\n') == 1


def rss_kb(pid):
    with open(f'/proc/{pid}/status', encoding='ascii') as file:
        return int(re.search(r'VmRSS:\s+(\d+)', file.read())[1])


def test_a_flood_costs_no_memory_and_others_are_served():
    megabytes, limit_kb, line = 66, 8 << 10, '0123456789abcdef' * 2
    with daemon_with(f'''
intensity: 1000
children:
  - id: flood
    start: [sh, -c, 'yes {line} | head -c {megabytes}M; echo end; exec sleep infinity']
    log: {{file: DIR/flood.log, max_size: 1 MiB, keep: 2}}
  - {{id: quiet, {TALK}, log: {{file: DIR/quiet.log}}}}
''') as daemon:
        poll_text(daemon, 'quiet.log', lambda text: text)
        before = rss_kb(daemon.process.pid)
        for number in range(5):
            restart(daemon, 'quiet')  # while the other one floods
            poll_text(daemon, 'quiet.log', lambda text: text.count('\n') == number + 2)
        most = rss_kb(daemon.process.pid)

        def is_over():
            nonlocal most
            most = max(most, rss_kb(daemon.process.pid))
            return read(daemon.dir + '/flood.log').endswith('end\n')
        daemon.poll(is_over)
        assert most - before < limit_kb, f'{before} kB became {most} kB'
        sizes = [os.path.getsize(name) for name in glob.glob(daemon.dir + '/flood.log*')]
        assert len(sizes) == 3 and max(sizes) <= 1 << 20, sizes
        for name in glob.glob(daemon.dir + '/flood.log*'):
            assert set(read(name).splitlines()) - {'end'} == {line}
        assert daemon.info('flood')['log']['lost'] == 0, daemon.said()


def test_a_folder_that_is_missing_is_said_once_and_the_ring_goes_on():
    with daemon_with(f'''
intensity: 1000
children: [{{id: a, {TALK}, log: {{file: DIR/no/a.log}}}}]
''') as daemon:
        for number in range(1, 5):
            daemon.poll(lambda: len(daemon.call('logs', path='a')['lines']) == number)
            if number < 4:
                restart(daemon, 'a')
        daemon.poll(lambda: daemon.info('a')['log']['lost'] == 4)
        assert daemon.said().count('/no/a.log: open it: No such file') == 1, daemon.said()
        os.mkdir(daemon.dir + '/no')
        daemon.call('reload')
        restart(daemon, 'a')
        text = poll_text(daemon, 'no/a.log', lambda text: text.count('\n') == 2)
        assert text.startswith('suptreed: 4 lines are missing here\n'), text
        daemon.poll(lambda: 'it is written again; 4 lines are missing' in daemon.said())


def test_a_full_disk_is_said_once_and_the_ring_goes_on():
    daemon = daemon_with('''
children:
  - id: a
    start: [sh, -c, 'seq -f %0999g 1 200; exec sleep infinity']
    log: {file: DIR/disk/a.log}
''')
    disk = daemon.dir + '/disk'
    os.mkdir(disk)
    if subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=64k', 'suptree', disk],
                      check=False, stderr=subprocess.DEVNULL).returncode:
        os.rmdir(disk)
        shutil.rmtree(daemon.dir)
        raise ktap.Skip('needs the right to mount a tmpfs')
    try:
        with daemon:
            daemon.poll(lambda: daemon.call('logs', path='a')['lines'][-1:] and
                        daemon.call('logs', path='a')['lines'][-1]['text'].endswith('200'))
            daemon.poll(lambda: 0 < daemon.info('a')['log']['lost'] ==
                        200 - read(disk + '/a.log').count('\n'))
            lines = read(disk + '/a.log').splitlines()
            assert lines and all(len(line) == 999 for line in lines), [len(x) for x in lines]
            assert daemon.said().count('No space left on device') == 1, daemon.said()
            daemon.stop()
    finally:
        subprocess.run(['umount', '-l', disk], check=True)


def test_a_child_cannot_make_root_write_elsewhere():
    if os.geteuid():
        raise ktap.Skip('needs root')
    with daemon_with('''
children:
  - id: a
    start: [sh, -c, 'echo evil; exec sleep infinity']
    user: nobody
    log: {file: DIR/own/a.log}
''') as daemon:
        daemon.call('terminate_child', path='a')
        os.mkdir(daemon.dir + '/own')
        os.chown(daemon.dir + '/own', 65534, -1)
        os.symlink(daemon.dir + '/secret', daemon.dir + '/own/a.log')
        daemon.call('reload')
        daemon.call('restart_child', path='a')
        daemon.poll(lambda: daemon.info('a')['log']['lost'] >= 1)
        daemon.poll(lambda: 'symbolic link' in daemon.said() or 'No such file' in daemon.said())
        assert not os.path.lexists(daemon.dir + '/secret')
        os.unlink(daemon.dir + '/own/a.log')
        daemon.call('reload')
        restart(daemon, 'a')
        poll_text(daemon, 'own/a.log', lambda text: text.endswith('evil\n'))
        status = os.stat(daemon.dir + '/own/a.log')
        os.umask(umask := os.umask(0))
        assert (status.st_uid, stat.S_IMODE(status.st_mode)) == (0, 0o640 & ~umask), status
        assert status.st_gid != 0  # who has said it may read it


def fields_of(datagram):
    """The fields of a datagram without newlines in its values."""
    return dict(line.split('=', 1) for line in datagram.decode().splitlines())


class Journal:
    """journald's socket, in the folder of a daemon."""

    def __init__(self, daemon):
        self.path = daemon.dir + '/journal'
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.settimeout(PATIENCE_S)
        self.socket.bind(self.path)
        os.environ['SUPTREE_JOURNAL_SOCKET'] = self.path

    def fields(self):
        return fields_of(self.socket.recv(65536))

    def close(self):
        self.socket.close()
        os.unlink(self.path)
        del os.environ['SUPTREE_JOURNAL_SOCKET']


def test_the_journal_gets_each_line_with_the_child_it_is_of():
    daemon = daemon_with('''
children:
  - id: s
    supervisor:
      log: journal
      children:
        - {id: a, start: [sh, -c, 'echo one; exec sleep infinity']}
        - {id: b, start: [sh, -c, 'echo two >&2; exec sleep infinity']}
''')
    journal = Journal(daemon)
    with daemon:
        got = sorted((journal.fields() for _ in range(2)), key=lambda one: one['SUPTREE_PATH'])
        generation = daemon.info('s/a')['generation']
        assert got[0] == {
            'MESSAGE': 'one', 'PRIORITY': '6', 'SYSLOG_IDENTIFIER': 'a', 'SUPTREE_PATH': 's/a',
            'SUPTREE_GENERATION': str(generation), 'SUPTREE_STREAM': 'stdout'}, got
        assert got[1]['MESSAGE'] == 'two' and got[1]['PRIORITY'] == '4', got
        assert daemon.info('s/a')['log'] == {'journal': True, 'lost': 0}
        journal.close()


def test_a_journal_that_takes_nothing_stops_nobody():
    daemon = daemon_with(f'''
children:
  - id: a
    start: [sh, -c, 'seq 1 100000; exec sleep infinity']
    log: journal
  - {{id: b, {TALK}}}
''')
    journal = Journal(daemon)  # nobody reads from it
    with daemon:
        daemon.poll(lambda: daemon.info('a')['log']['lost'] > 0)
        restart(daemon, 'b')
        daemon.poll(lambda: daemon.call('logs', path='a')['lines'][-1]['text'] == '100000')
        assert daemon.said().count('journal ') == 1, daemon.said()
        journal.close()


def test_the_ring_is_shown_with_times_and_since_a_moment():
    with daemon_with(f'children: [{{id: a, {TALK}}}]') as daemon:
        daemon.poll(lambda: daemon.call('logs', path='a')['lines'])
        line, = daemon.call('logs', path='a', since_ms=PATIENCE_S * 1000)['lines']
        assert re.fullmatch(r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z', line['wall']), line
        assert daemon.call('logs', path='a', since_ms=0)['lines'] == []
        done = subprocess.run([BIN + '/suptree', '--socket', daemon.socket, 'logs', 'a', '-t',
                               '--since', '1h'], capture_output=True, text=True, check=True)
        assert re.fullmatch(r'[-\dT:.]{26}[+-]\d\d:\d\d stdout: a \d+\n', done.stdout), done


def test_the_ring_has_the_times_that_the_log_file_has():
    with daemon_with(f'children: [{{id: a, {TALK}, log: {{file: DIR/a.log, timestamps: true}}}}]'
                     ) as daemon:
        daemon.poll(lambda: os.path.exists(daemon.dir + '/a.log')
                    and os.path.getsize(daemon.dir + '/a.log'))
        line, = daemon.call('logs', path='a')['lines']
        with open(daemon.dir + '/a.log', encoding='utf-8') as file:
            written = datetime.datetime.fromisoformat(file.read().split()[0])
        kept = datetime.datetime.fromisoformat(line['wall'].removesuffix('Z') + '+00:00')
        assert kept == written, (line, written)


def test_a_log_that_is_not_valid_changes_nothing():
    with daemon_with(f'children: [{{id: a, {TALK}, log: {{file: DIR/a.log}}}}]') as daemon:
        try:
            reload(daemon, f'children: [{{id: a, {TALK}, log: {{max_siz: 5, file: DIR/b.log}}}}]')
        except Refused as refused:
            assert 'did you mean "max_size"' in str(refused), refused
        else:
            raise AssertionError('it was not refused')
        assert daemon.info('a')['log']['file'] == daemon.dir + '/a.log'


ktap.run(globals())
