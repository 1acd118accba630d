#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The kernel of `make kasan` finds the faults that are planted for it (tests/vm/planted),
all in one guest; lockdep is off after a report of any other kind, so its fault comes
first. `make kasan` runs this, with O in the environment and everything built.
"""

import functools
import pathlib
import sys

TESTS = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TESTS / 'lib'), str(TESTS / 'vm/lib')]
import ktap  # noqa: E402
from guests import judged  # noqa: E402

PLANTED = ('lock_inversion', 'sleep_in_atomic', 'shift', 'use_after_free', 'out_of_bounds',
           'leak')


@functools.cache
def reports():
    """What is held against a guest in which all of them are."""
    return judged('kasan', '; '.join(f'insmod /lab/planted/{name}.ko' for name in PLANTED))


def assert_found(expected):
    assert any(expected in line for line in reports()), reports()


def test_lockdep_finds_a_lock_inversion():
    assert_found('possible circular locking dependency')


def test_a_sleep_in_atomic_context_is_found():
    assert_found('sleeping function called from invalid context')


def test_ubsan_finds_a_shift_out_of_bounds():
    assert_found('UBSAN: shift-out-of-bounds')


def test_kasan_finds_a_use_after_free():
    assert_found('KASAN: use-after-free in plant')


def test_kasan_finds_a_write_out_of_bounds():
    assert_found('KASAN: slab-out-of-bounds in plant')


def test_kmemleak_finds_a_leak():
    assert_found('Bail out! kmemleak')


ktap.run(globals())
