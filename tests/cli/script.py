#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""suptree alone without a terminal: lines of a script."""

import os
import signal
import sys

sys.path[:0] = [os.environ['ST_TEST_TOP'] + '/tests/lib', os.environ['ST_TEST_DIR'] + '/lib']
import ktap  # noqa: E402
from fake import Failure, Fake, run  # noqa: E402


def test_lines_are_run_in_order_and_nothing_else_is_said():
    with Fake() as fake:
        done = fake.run(stdin='# two of them\n\nping\nsuptree kill "a b" # x\n')
        assert (done.returncode, done.stdout, done.stderr) == (0, 'ok\nok\n', ''), done
        assert fake.requests == [('ping', {}), ('kill', {'path': 'a b'})]


def test_the_last_line_needs_no_newline_and_a_quoted_word_may_have_one():
    with Fake() as fake:
        done = fake.run(stdin="check-childspecs '- id: a\n  start: b'\nping")
        assert done.returncode == 0, done
        assert fake.requests == [('check_childspecs', {'specs': '- id: a\n  start: b'}),
                                 ('ping', {})]


def test_the_end_of_a_verb_is_known_although_the_parent_ignores_SIGCHLD():
    with Fake() as fake:
        done = fake.run(stdin='ping\nping\n', preexec_fn=lambda: signal.signal(
            signal.SIGCHLD, signal.SIG_IGN))
        assert (done.returncode, done.stdout, done.stderr) == (0, 'ok\nok\n', ''), done


def test_the_first_failure_ends_it_with_its_exit_code():
    with Fake(kill=Failure('not_found', 'kill x: no such child'), ps=[]) as fake:
        done = fake.run(stdin='ping\n\nkill x\nping\n')
        assert (done.returncode, done.stdout) == (3, 'ok\n'), done
        assert done.stderr == ('suptree: kill x: no such child\n'
                               'suptree: standard input, line 3: stopped here\n'), done
    done = run(stdin='ping\n')
    assert done.returncode == 6, done
    done = run(stdin='nonsense\n')
    assert done.returncode == 2, done


def test_open_quotes_at_the_end_are_an_error_and_nothing_of_it_is_run():
    for text in ("kill 'a\nping\n", 'kill a \\', 'kill "a'):
        with Fake() as fake:
            done = fake.run(stdin='ping\n' + text)
            assert (done.returncode, fake.requests) == (2, [('ping', {})]), done
            assert ('line 2: the last line has an open quote or ends with a backslash'
                    in done.stderr), done


def test_exit_ends_it_well():
    with Fake() as fake:
        done = fake.run(stdin='ping\nexit\nkill a\n')
        assert (done.returncode, fake.requests) == (0, [('ping', {})]), done


def test_a_verb_does_not_read_the_script():
    with Fake() as fake:
        done = fake.run(stdin='check-childspecs -\nping\n')
        assert done.returncode == 2 and 'SPECS must be 1..' in done.stderr, done
        assert fake.requests == []


def test_options_hold_for_each_line():
    with Fake() as fake:
        done = fake.run('--jsonl', stdin='ping\nping\n')
        assert done.stdout == '{"ok":true}\n' * 2, done


def test_an_empty_script_does_nothing():
    for text in ('', '\n', '  # only a comment', '\0\n'):
        done = run(stdin=text)
        assert (done.returncode, done.stdout, done.stderr) == (0, '', ''), done


ktap.run(globals())
