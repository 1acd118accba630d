#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Guests that really end badly are found out: what tests/vm/strict.py plants in qemu's
place is what qemu and the kernel do. The gate `planted` runs it, with O in the
environment and everything built; it starts guests, so `make test` does not.
"""

import os
import pathlib
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(TOP / 'tests/lib')]
import ktap  # noqa: E402


def judged(first):
    """The lines of a run in which the guest does this before its tests."""
    done = subprocess.run([TOP / 'tools/vm/test', '6.1', 'os/path'],
                          env=os.environ | {'ST_VM_FIRST': first}, text=True, check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    lines = done.stdout.splitlines()
    assert done.returncode == 1, lines
    return [line.removeprefix('Bail out! Linux 6.1: ') for line in lines if 'Bail out!' in line]


def test_a_panic_is_found_out_and_what_the_kernel_said_is_shown():
    wrong = judged('echo c >/proc/sysrq-trigger; sleep infinity')
    assert wrong[0].startswith('panicked'), wrong
    assert any('Kernel panic' in line for line in wrong), wrong


def test_a_status_of_the_guest_comes_out():
    assert judged('finish 7') == ['the tests ended with status 7']


def test_a_power_cut_is_no_good_end():
    assert judged('poweroff; sleep infinity')[0].endswith('switched off before the tests ended')


ktap.run(globals())
