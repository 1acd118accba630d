#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Guests that really end badly are found out: what tests/vm/strict.py plants in qemu's
place is what qemu and the kernel do. The gate `planted` runs it, with O in the
environment and everything built; it starts guests, so `make test` does not.
"""

import pathlib
import sys

TESTS = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TESTS / 'lib'), str(TESTS / 'vm/lib')]
import ktap  # noqa: E402
from guests import judged  # noqa: E402


def test_a_panic_is_found_out_and_what_the_kernel_said_is_shown():
    wrong = judged('6.1', 'echo c >/proc/sysrq-trigger; sleep infinity')
    assert wrong[0].startswith('panicked'), wrong
    assert any('Kernel panic' in line for line in wrong), wrong


def test_a_status_of_the_guest_comes_out():
    assert judged('6.1', 'finish 7') == ['the tests ended with status 7']


def test_a_power_cut_is_no_good_end():
    wrong = judged('6.1', 'poweroff; sleep infinity')
    assert wrong[0].endswith('switched off before the tests ended'), wrong


ktap.run(globals())
