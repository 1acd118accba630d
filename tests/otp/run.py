#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""run.py [--core] BIN: do all stored scenarios come out as on Erlang's supervisor?

BIN is the folder of st-scenario, st-worker and suptreed. Each scenario is a test,
once on core alone, in virtual time, and once with a daemon and real processes. Of
the hard ones the second are some, for the sake of time, of those where no step must
come at the right moment; --core leaves those with a daemon out. KTAP on standard
output; JOBS in the environment is how many processors there are for it.
"""

import os
import sys

import corpus
import runner

SHOWN_LINES = 40
REAL_HARD = 150  # hard scenarios with real processes


def suites(core_only):
    """[(mode, name of the set, pairs)]"""
    hard = corpus.random('hard')
    calm = [pair for pair in hard if not corpus.needs_timing(pair[0])]
    sets = [('written', corpus.written()), ('plain', corpus.random('plain'))]
    core = [('core', name, pairs) for name, pairs in [*sets, ('hard', hard)]]
    if core_only:
        return core
    return core + [('processes', name, pairs)
                   for name, pairs in [*sets, ('hard', calm[:REAL_HARD])]]


def main(words):
    core_only = words[:1] == ['--core']
    if len(words) != 1 + core_only:
        print(__doc__, file=sys.stderr)
        return 2
    jobs = int(os.environ.get('JOBS', os.cpu_count()))
    planned = suites(core_only)
    total = sum(len(pairs) for _, _, pairs in planned)
    print(f'TAP version 13\n1..{total}', flush=True)
    number = failed = 0
    for mode, name, pairs in planned:
        results = runner.run_all(words[-1], mode, pairs, jobs)
        for (scenario, _), lines in zip(pairs, results):
            number += 1
            failed += bool(lines)
            for line in lines[:SHOWN_LINES]:
                print(f'#   {line}')
            verdict = 'not ok' if lines else 'ok'
            print(f'{verdict} {number} {mode}: {name}/{scenario["name"]}', flush=True)
    print(f'# Totals: pass:{total - failed} fail:{failed}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
