#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A kind that has hooks of both tiers is seen by functions where they can be hooked. Here
the same tests are passed by tracepoints alone, as on kernels where they cannot.
"""

import os
import subprocess
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/tracer/lib')
from tracing import ktap, needs_bpf  # noqa: E402

TESTS = os.environ['ST_TEST_TOP'] + '/tests/tracer'


def hooks():
    """(kind, hook, tier, state) of each."""
    lines = [line.split(None, 4) for line in needs_bpf().splitlines()[1:]]
    return [(kind, hook, tier, state) for kind, hook, tier, _, state in lines]


def kinds_used(tier):
    return {kind for kind, _, hooked, state in hooks() if (hooked, state) == (tier, 'used')}


def kinds_of_both():
    both = [{kind for kind, _, hooked, _ in hooks() if hooked == tier}
            for tier in ('function', 'tracepoint')]
    return both[0] & both[1]


def test_functions_are_hooked_for_all_kinds_or_cannot_be_for_any_and_the_doctor_says_why():
    used = kinds_used('function')
    if used:
        assert used == kinds_of_both(), hooks()
    for kind, hook, tier, state in hooks():
        print(f'# {kind} {hook} {tier}: {state}')
        assert used or tier != 'function' or state != 'used'


def pass_by_tracepoints(program):
    if not kinds_used('function'):
        return  # it is what the program itself has shown here
    done = subprocess.run([sys.executable, f'{TESTS}/{program}'], capture_output=True, text=True,
                          check=False, env={**os.environ, 'ST_TRACER_TIER': 'tracepoint'})
    print('# ' + done.stdout.replace('\n', '\n# '))
    assert done.returncode in (0, 4), done.stderr


def test_unix_sockets_by_tracepoints():
    pass_by_tracepoints('unix.py')


def test_pipes_by_tracepoints():
    pass_by_tracepoints('pipes.py')


def test_counters_queues_and_futexes_by_tracepoints():
    pass_by_tracepoints('objects.py')


def test_io_uring_by_tracepoints():
    pass_by_tracepoints('uring.py')


if __name__ == '__main__':
    ktap.run(globals())
