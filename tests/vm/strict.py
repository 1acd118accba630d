#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A run of tests in a guest (tools/vm/test) passes only if everything is in order. A program
in the place of qemu plants the faults. No guest is started here: this tests only the
judgement. tests/vm/guest/planted.py tests that real guests end in these ways.
"""

import os
import pathlib
import subprocess
import tempfile

import ktap

TOP = pathlib.Path(os.environ['ST_TEST_TOP'])
GOOD = '''TAP version 13
1..1
# selftests: os: path
# TAP version 13
# 1..2
# ok 1 a
# ok 2 b
# # Totals: pass:2 fail:0 xfail:0 xpass:0 skip:0 error:0
ok 1 selftests: os: path
'''
END = '# # Totals: pass:2 fail:0 xfail:0 xpass:0 skip:0 error:0\n'
QUIET = '[    1.0] mtrr: your CPUs had inconsistent settings\n'
ENDED_WELL = 1
# qemu's command line has the console behind "-serial file:"
FAKE = '''#!/bin/sh
for word; do
	case $word in file:*) cat "$0.console" >"${word#file:}" ;; esac
done
cat "$0.results"
. "$0.end"
'''


def judged(results=GOOD, console=QUIET, end=f'exit {ENDED_WELL}', timeout_s=60):
    """(exit status, lines) of a run in which qemu says and does just that."""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder)
        plant(out)
        qemu = out / 'qemu'
        qemu.write_text(FAKE)
        qemu.chmod(0o755)
        for name, text in (('results', results), ('console', console), ('end', end)):
            pathlib.Path(f'{qemu}.{name}').write_text(text)
        done = subprocess.run(
            [TOP / 'tools/check/tap', TOP / 'tools/vm/test', '6.1', 'os/path'],
            env=os.environ | {'O': folder, 'ST_VM_QEMU': str(qemu),
                              'ST_VM_TIMEOUT': str(timeout_s)},
            text=True, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout.splitlines()


def plant(out):
    """What a build and the fetching would have left, without a byte in it."""
    stamp = subprocess.run([TOP / 'tools/vm/root', '--stamp'], check=True,
                           stdout=subprocess.PIPE, text=True).stdout.strip()
    files = {'vm/root.cpio': '', 'vm/root.stamp': stamp, 'vm/6.1/vmlinux': '',
             'vm/6.1/modules.cpio': '', 'vm/6.1/release': '6.1.0-0-amd64\n',
             'bin/suptreed': '', 'kselftest/lib.mk': ''}
    for name, text in files.items():
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def assert_fails(expected, **planted):
    status, lines = judged(**planted)
    assert status == 1, lines
    assert any(line.startswith('failed: ') and expected in line for line in lines), lines


def test_a_good_run_passes_and_names_the_kernel():
    status, lines = judged()
    assert status == 0 and lines[-1] == '2 passed, 0 failed, 0 skipped', lines
    assert any('6.1/os/path' in line for line in lines), lines


def test_what_the_kernel_says_of_its_faults_is_a_failure():
    faults = ('WARNING: CPU: 0 PID: 1 at mm/x.c:1 f+0x1/0x2',
              'BUG: KASAN: use-after-free in f+0x1/0x2',
              'BUG: sleeping function called from invalid context at x.c:1',
              'WARNING: possible circular locking dependency detected',
              'INFO: task suptreed:12 blocked for more than 120 seconds.',
              'rcu: INFO: rcu_preempt self-detected stall on CPU',
              'general protection fault, probably for non-canonical address',
              'Oops: 0000 [#1] PREEMPT SMP',
              'UBSAN: shift-out-of-bounds in x.c:1:2',
              'watchdog: BUG: soft lockup - CPU#0 stuck for 22s!',
              'refcount_t: underflow; use-after-free.',
              'kmemleak: 1 new suspected memory leaks')
    status, lines = judged(console=QUIET + ''.join(f'[    9.0] {text}\n' for text in faults))
    assert status == 1, lines
    for text in faults:
        assert any('failed: ' in line and text in line for line in lines), text
    assert not any('mtrr' in line for line in lines), lines


def test_a_panic_is_a_failure():
    assert_fails('panicked, or was switched off', end='exit 0')


def test_a_status_of_the_tests_other_than_0_is_a_failure():
    assert_fails('ended with status 2', end='exit 5')


def test_a_qemu_that_fails_or_is_killed_is_a_failure():
    assert_fails('qemu failed with status 2', end='exit 2')
    assert_fails('qemu failed with status -9', end='kill -9 $$')


def test_a_guest_that_hangs_is_ended_and_is_a_failure():
    assert_fails('it hangs', end='exec tail -f /dev/null', timeout_s=1)


def test_a_short_plan_is_a_failure():
    assert_fails('planned 2, reported 1', results=GOOD.replace('# ok 2 b\n', ''))
    assert_fails('planned 2, reported 1', results=GOOD.replace('1..1\n', '1..2\n', 1))


def test_a_missing_end_line_is_a_failure():
    assert_fails('the end line is missing', results=GOOD.replace(END, ''))


def test_a_missing_result_is_a_failure():
    assert_fails('no result line',
                 results=GOOD.replace('ok 1 selftests: os: path\n', ''))


def test_no_results_are_a_failure():
    assert_fails('no plan', results='')


def test_a_test_that_is_not_there_is_refused():
    done = subprocess.run([TOP / 'tools/vm/test', '6.1', 'os/pathh'], text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    assert done.returncode == 1 and 'no tests called os/pathh' in done.stdout, done.stdout


ktap.run(globals())
