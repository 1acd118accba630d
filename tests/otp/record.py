#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""record.py written [NAME...]: write expected/ again by asking Erlang's supervisor.
record.py plain|hard SEED COUNT: make that set of random scenarios again.

A scenario is kept only if Erlang does the same in two runs. After the end of a
tree every call is answered noproc: of those steps one is kept.
"""

import os
import sys
import tempfile

import compare
import corpus
import generate
import runner


def ask(scenarios):
    """[(scenario, trace)] of those that came out the same twice."""
    with tempfile.TemporaryDirectory() as folder:
        first, second = (runner.ask_oracle(scenarios, os.cpu_count(), folder)
                         for _ in range(2))
    pairs = []
    for scenario, one, other in zip(scenarios, first, second):
        if not one or not other:
            print(f'{scenario["name"]}: the oracle can not run it')
        elif compare.compare(one, other):
            print(f'{scenario["name"]}: differs from run to run')
        else:
            pairs.append((scenario, one))
    return pairs


def cut(scenario, trace):
    """The same without most of what comes after the end of the tree."""
    steps = trace['steps']
    end = next((k for k, step in enumerate(steps) if step.get('state') == []), len(steps))
    if end + 2 < len(steps) - 1:
        last = {**steps[-1], 'step': end + 2}
        trace = {**trace, 'steps': steps[:end + 2] + [last]}
        scenario = {**scenario, 'steps': scenario['steps'][:end + 1]}
    return scenario, trace


def record_written(names):
    scenarios = [corpus.load(path) for path in sorted((corpus.HERE / 'scenarios').glob('*.json'))
                 if not names or path.stem in names]
    for scenario, trace in ask(scenarios):
        path = corpus.HERE / 'expected' / f'{scenario["name"]}.json'
        path.write_text(corpus.trace_text(trace), encoding='utf-8')


def main(words):
    if words[:1] == ['written']:
        record_written(words[1:])
    elif len(words) == 3 and words[0] in corpus.RANDOM:
        scenarios = list(generate.generate(words[0], words[1], int(words[2])))
        corpus.write_random(words[0], [cut(*pair) for pair in ask(scenarios)])
    else:
        print(__doc__, file=sys.stderr)
        return 2
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
