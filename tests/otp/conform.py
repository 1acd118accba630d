#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""conform.py BINDIR: all scenarios in both modes against OTP's traces, as TAP.

A result is one scenario in one mode; what differs follows it as comments.
"""

import argparse
import concurrent.futures
import os
import sys
import tempfile

import compare

HERE = os.path.dirname(os.path.abspath(__file__))
MODES = (('core', '--core'), ('daemon', ''))
SETS = ('', 'random')
JOBS = 2
PATIENCE_S = 120  # a hang guard for one scenario


def options(bindir, flag, folder, timeout):
    """What compare.run_one() wants to know."""
    return argparse.Namespace(
        run=f'{bindir}/st-scenario {flag}', timeout=timeout, no_reports=False, no_events=False,
        all_steps=False, scenarios=os.path.join(HERE, folder, 'scenarios'),
        expected=os.path.join(HERE, folder, 'expected'))


def work(bindir):
    """(name of the result, scenario, options) for everything there is to do."""
    for mode, flag in MODES:
        for folder in SETS:
            opts = options(bindir, flag, folder, PATIENCE_S)
            for file in sorted(os.listdir(opts.expected)):
                scenario = file.removesuffix('.json')
                yield f'{mode}: {scenario}', scenario, opts


def main():
    jobs = list(work(os.path.abspath(sys.argv[1])))
    print('TAP version 13')
    print(f'1..{len(jobs)}', flush=True)
    failed = 0
    with tempfile.TemporaryDirectory() as tmp, \
            concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        results = pool.map(lambda job: compare.run_one(job[1], job[2], tmp), jobs)
        for number, (job, (_, differences)) in enumerate(zip(jobs, results), 1):
            for text in differences:
                print('# ' + text.replace('\n', '\n# '))
            failed += bool(differences)
            print(f'{"not ok" if differences else "ok"} {number} {job[0]}', flush=True)
    print(f'# Totals: pass:{len(jobs) - failed} fail:{failed}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
