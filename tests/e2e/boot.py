#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""How suptreed says that it could not do what it was started for, and its exit status."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from suptreed import BIN, PATIENCE_S, Daemon  # noqa: E402

NESTED = '''
children:
  - id: site
    supervisor:
      children:
        - {id: first, start: sleep infinity}
        - {id: db, %s}
        - {id: never, start: sleep infinity}
'''

# What a parent may have left ignored.
IGNORED = ('HUP', 'INT', 'QUIT', 'PIPE', 'ALRM', 'TERM', 'USR1', 'USR2', 'CHLD', 'TSTP', 'TTIN')


def suptreed(config, *options):
    """(exit status, what it said, the configuration's path)."""
    with tempfile.TemporaryDirectory(prefix='suptree-e2e-') as folder:
        file = folder + '/suptree.yaml'
        with open(file, 'w', encoding='utf-8') as out:
            out.write(config)
        done = subprocess.run(
            [BIN + '/suptreed', '--socket', folder + '/s', '--config', file, *options],
            capture_output=True, text=True, check=False, timeout=PATIENCE_S)
        assert 'Sanitizer' not in done.stderr, done.stderr
        assert os.listdir(folder) == ['suptree.yaml'], os.listdir(folder)
        return done.returncode, done.stderr, file


def test_a_start_that_fails_at_boot_says_which_child_why_and_what_to_do_A5():
    cases = {
        'start: /no/such/program': '"execve /no/such/program (or its interpreter): No such file '
                                   'or directory"',
        'start: "true", cwd: /nonexistent': '"chdir /nonexistent: No such file or directory"',
        'ready: notify, start: [sh, -c, "exit 3"]': 'it ended with exit status 3 before it was '
                                                    'ready',
        'ready: notify, start: [sh, -c, "exit 0"]': 'it ended with exit status 0 before it was '
                                                    'ready',
        'ready: notify, start: [sh, -c, "kill -SEGV $$"]': 'it ended with {"signal":"SEGV"} '
                                                           'before it was ready',
        'ready: notify, start_timeout: 10 ms, start: sleep infinity': '"start_timeout: not ready '
                                                                      'in time"',
    }
    for child, why in cases.items():
        status, said, file = suptreed(NESTED % child)
        assert status == 1, (status, said)
        assert f'suptreed: site/db could not be started: {why}\n' in said, said
        assert said.endswith(f'suptreed: so none of the trees runs; correct {file}, or what '
                             'site/db needs, and start again\n'), said


def test_the_last_words_of_the_child_that_failed_are_told():
    _, said, _ = suptreed(NESTED % 'ready: notify, start: [sh, -c, '
                          '"for i in 1 2 3 4 5 6; do echo line $i >&2; done; exit 1"]')
    assert 'site/db wrote: "line 1"' not in said, said
    lines = [f'suptreed: site/db wrote: "line {i}"\n' for i in range(2, 7)]
    assert ''.join(lines) in said, said


def test_a_mistake_in_the_configuration_is_shown_where_it_is():
    status, said, file = suptreed('children:\n  - {id: a, colour: x}\n')
    assert status == 1 and f'{file}:2:' in said and 'colour' in said, (status, said)


def test_a_socket_may_be_named_from_where_one_is():
    daemon = Daemon('children:\n  - {id: a, cwd: /, start: '
                    '[sh, -c, "echo $SUPTREE_SOCKET; exec sleep infinity"]}')
    with contextlib.chdir(os.path.dirname(daemon.dir)), daemon:
        daemon.command[2] = os.path.relpath(daemon.socket)
        told = daemon.call('status')['socket']
        assert told[0] == '/' and os.path.samefile(told, daemon.socket), told
        daemon.poll(lambda: daemon.call('logs', path='a')['lines'])
        assert daemon.call('logs', path='a')['lines'][0]['text'] == told


def test_ends_are_known_although_the_parent_ignores_all_signals_B2():
    daemon = Daemon('children:\n'
                    '  - {id: a, start: [sleep, infinity], restart: transient}\n'
                    '  - {id: b, start: [sh, -c, "kill -USR1 $$"], restart: temporary}\n'
                    '  - {id: c, start: [sh, -c, "exit 7"], restart: temporary}\n')
    daemon.command[:0] = ['sh', '-c', f'trap "" {" ".join(IGNORED)}; exec "$@"', 'sh']
    with daemon:
        for path, reason in (('b', {'signal': 'USR1'}), ('c', {'code': 7})):
            assert daemon.follow(since=0).event('exited', path)['reason'] == reason
        follower = daemon.follow()
        os.kill(daemon.pid('a'), signal.SIGKILL)
        assert follower.event('exited', 'a')['reason'] == 'killed'
        follower.event('started', 'a')
        daemon.call('kill', path='a', signal='TERM')
        assert follower.event('exited', 'a')['reason'] == 'shutdown'


def test_a_mistake_in_the_command_line_is_2():
    status, said, _ = suptreed('children: []', '--no-such-option')
    assert status == 2 and 'suptreed --help' in said, (status, said)


def test_the_old_names_of_the_option_transcript_are_accepted():
    for number, name in enumerate(('--transcript', '-t', '--log', '-l')):
        daemon = Daemon('children: []')
        file = f'{daemon.dir}/{number}'
        daemon.command += [name, file]
        with daemon:
            daemon.call('settle')
            daemon.stop()
            with open(file, encoding='utf-8') as transcript:
                assert transcript.readline().startswith('suptree-log 1 '), name


def test_help_tells_the_exit_status():
    done = subprocess.run([BIN + '/suptreed', '--help'], capture_output=True, text=True,
                          check=True)
    assert 'Exit status: 0 after it was asked to stop' in done.stdout, done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80, done.stdout


ktap.run(globals())
