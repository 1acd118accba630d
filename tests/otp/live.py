#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""live.py BIN: fresh random scenarios, on suptree and on Erlang's own supervisor.

SEED in the environment makes the same ones again, PLAIN and HARD are how many of
each kind (300), REAL how many of them run with real processes too (60). Where the
two differ, Erlang is asked again: what it answers now one way, now the other, is
a race. What differs for good is shown, and kept in a folder.
"""

import os
import pathlib
import secrets
import sys
import tempfile

import compare
import corpus
import generate
import runner

ASKED_AGAIN = 4
SHOWN_LINES = 60


class Comparison:
    """One run: what was asked for, and how much of it came out how."""

    def __init__(self, programs, folder):
        self.programs = programs
        self.folder = folder
        self.jobs = int(os.environ.get('JOBS', os.cpu_count()))
        self.kept = None
        self.equal = self.races = self.differ = 0

    def is_race(self, mode, scenario):
        """Whether Erlang, asked again, answers as suptree did, or not as before."""
        runs = [trace for _ in range(ASKED_AGAIN)
                for trace in runner.ask_oracle([scenario], 1, self.folder) if trace]
        if any(compare.compare(runs[0], trace) for trace in runs[1:]):
            return True
        again = runner.run_all(self.programs, mode, [(scenario, runs[0])], 1) if runs else [[]]
        return not list(again)[0]

    def keep(self, scenario, expected, lines):
        """Show a difference and keep the files."""
        self.kept = self.kept or pathlib.Path(tempfile.mkdtemp(prefix='suptree-otp-'))
        name = scenario['name']
        (self.kept / f'{name}.json').write_text(corpus.text(scenario) + '\n', encoding='utf-8')
        (self.kept / f'{name}.expected').write_text(corpus.trace_text(expected),
                                                    encoding='utf-8')
        print(f'DIFFERS {self.kept / name}.json')
        for line in lines[:SHOWN_LINES]:
            print(f'  {line}')

    def compare(self, mode, pairs):
        for pair, lines in zip(pairs, runner.run_all(self.programs, mode, pairs, self.jobs)):
            if not lines:
                self.equal += 1
            elif self.is_race(mode, pair[0]):
                self.races += 1
            else:
                self.differ += 1
                self.keep(*pair, lines)

    def run(self, kind, seed, count, real):
        """Fresh scenarios of a kind; the first @real calm ones with processes too."""
        scenarios = list(generate.generate(kind, seed, count))
        traces = runner.ask_oracle(scenarios, self.jobs, self.folder)
        pairs = [pair for pair in zip(scenarios, traces) if pair[1]]
        calm = [pair for pair in pairs if not corpus.needs_timing(pair[0])]
        self.compare('core', pairs)
        self.compare('processes', calm[:real])


def main(words):
    if len(words) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    seed = os.environ.get('SEED', secrets.token_hex(4))
    counts = {kind: int(os.environ.get(kind.upper(), 300)) for kind in corpus.RANDOM}
    real = int(os.environ.get('REAL', 60))
    print(f'SEED={seed} PLAIN={counts["plain"]} HARD={counts["hard"]} REAL={real}', flush=True)
    with tempfile.TemporaryDirectory() as folder:
        comparison = Comparison(words[0], folder)
        for kind, count in counts.items():
            comparison.run(kind, seed, count, real // len(counts))
    print(f'{comparison.equal} equal, {comparison.races} races, {comparison.differ} different')
    return 1 if comparison.differ else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
