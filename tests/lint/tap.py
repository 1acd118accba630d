#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The reader of test results (tools/check/tap.py) forgives nothing: what a runner or
a program can get wrong is planted here, and must come out as a failure.
"""

import importlib.util
import os

import ktap

SPEC = importlib.util.spec_from_file_location(
    'reader', os.path.join(os.environ['ST_TEST_TOP'], 'tools/check/tap.py'))
reader = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(reader)

GOOD = """TAP version 13
1..2
# selftests: core: step
# TAP version 13
# 1..2
# # Starting 2 tests from 1 test cases.
# ok 1 global.a
# ok 2 global.b
# # Totals: pass:2 fail:0 xfail:0 xpass:0 skip:0 error:0
ok 1 selftests: core: step
# selftests: core: window
# TAP version 13
# 1..1
# ok 1 # SKIP no io_uring
# # Totals: pass:0 fail:0 xfail:0 xpass:0 skip:1 error:0
ok 2 selftests: core: window
"""


def read(text):
    return reader.read(text.splitlines(), report=lambda line: None)


def assert_failed(text, reason):
    failed = read(text).failed
    assert any(reason in line for line in failed), f'{reason!r} not in {failed}'


def test_a_good_run_passes_and_names_its_skips():
    tally = read(GOOD)
    assert tally.counts() == '2 passed, 0 failed, 1 skipped', tally.counts()
    assert tally.skipped == ['core/window: no io_uring'], tally.skipped


def test_the_streams_of_several_parts_add_up():
    assert read(GOOD + GOOD).counts() == '4 passed, 0 failed, 2 skipped'


def test_a_plain_stream_without_programs_counts_its_results():
    tally = read('TAP version 13\n1..2\nok 1 a\nok 2 b # SKIP none\n')
    assert tally.counts() == '1 passed, 0 failed, 1 skipped', tally.counts()


def test_not_ok_is_a_failure():
    assert_failed(GOOD.replace('# ok 2 global.b', '# not ok 2 global.b'), 'core/step: global.b')


def test_a_short_plan_of_a_program_is_a_failure():
    assert_failed(GOOD.replace('# ok 2 global.b\n', ''), 'planned 2, reported 1')


def test_more_results_than_planned_are_a_failure():
    assert_failed(GOOD.replace('# 1..2', '# 1..1'), 'planned 1, reported 2')


def test_a_missing_plan_is_a_failure():
    assert_failed(GOOD.replace('# 1..2\n', ''), 'core/step: no plan')


def test_a_second_plan_is_a_failure():
    assert_failed(GOOD.replace('# 1..2\n', '# 1..2\n# 1..2\n'), 'two plans')


def test_numbers_out_of_order_are_a_failure():
    assert_failed(GOOD.replace('# ok 2 global.b', '# ok 3 global.b'), 'result 3 where 2 was due')


def test_a_missing_end_line_is_a_failure():
    totals = '# # Totals: pass:2 fail:0 xfail:0 xpass:0 skip:0 error:0\n'
    assert_failed(GOOD.replace(totals, ''), 'the end line is missing')


def test_a_crash_after_the_last_test_is_a_failure():
    assert_failed(GOOD.replace('ok 1 selftests: core: step',
                               'not ok 1 selftests: core: step # exit=139'), 'exit=139')


def test_a_timeout_is_a_failure():
    assert_failed(GOOD.replace('ok 1 selftests: core: step',
                               'not ok 1 selftests: core: step # TIMEOUT 300 seconds'), 'TIMEOUT')


def test_a_bad_exit_status_without_a_bad_test_is_a_failure():
    assert_failed(GOOD.replace('ok 1 selftests: core: step',
                               'not ok 1 selftests: core: step # exit=1'), 'exit=1')


def test_a_program_that_the_runner_never_closed_is_a_failure():
    assert_failed(GOOD.replace('ok 1 selftests: core: step\n', ''), 'no result line')


def test_a_program_that_never_ran_is_a_failure():
    assert_failed(GOOD.replace('1..2\n# selftests', '1..3\n# selftests', 1),
                  'planned 3, reported 2')


def test_an_empty_output_is_a_failure():
    assert_failed('', 'no plan')


def test_a_bail_out_is_a_failure():
    assert_failed(GOOD.replace('# ok 2 global.b', '# Bail out! no memory'), 'Bail out!')


def test_a_failure_declared_as_expected_is_a_failure():
    assert_failed(GOOD.replace('# ok 2 global.b', '# ok 2 global.b # XFAIL'), 'expected')


def test_a_program_that_skips_itself_is_one_skip_with_its_reason():
    tally = read('TAP version 13\n1..1\n# selftests: os: cgroup\n# TAP version 13\n'
                 '# 1..0 # SKIP needs root\nok 1 selftests: os: cgroup # SKIP\n')
    assert tally.counts() == '0 passed, 0 failed, 1 skipped', tally.failed
    assert tally.skipped == ['os/cgroup: needs root'], tally.skipped


ktap.run(globals())
