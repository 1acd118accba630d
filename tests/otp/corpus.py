# SPDX-License-Identifier: GPL-2.0-only
"""The stored scenarios and their traces: where they are, how they are written.

A scenario of hand is a file of scenarios/, its trace the file of that name in
expected/. Random ones come by the hundred: NAME.jsonl.xz has a line for each,
{"scenario": ..., "expected": ...}; `xzcat NAME.jsonl.xz | sed -n 17p` shows one.
"""

import json
import lzma
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
RANDOM = ('plain', 'hard')


def load(path):
    return json.loads(pathlib.Path(path).read_text(encoding='utf-8'))


def text(value):
    """JSON that is the same for the same value."""
    return json.dumps(value, sort_keys=True, separators=(',', ':'), ensure_ascii=False)


def trace_text(trace):
    """A trace with a line for each step."""
    head = text({key: value for key, value in trace.items() if key != 'steps'})
    steps = ',\n'.join('  ' + text(step) for step in trace['steps'])
    return f'{head[:-1]},"steps":[\n{steps}\n]}}\n'


def written():
    """[(scenario, expected trace)] of those written by hand."""
    return [(load(path), load(HERE / 'expected' / path.name))
            for path in sorted((HERE / 'scenarios').glob('*.json'))]


def random(name):
    """[(scenario, expected trace)] of a set of random ones."""
    with lzma.open(HERE / f'{name}.jsonl.xz', 'rt', encoding='utf-8') as file:
        pairs = [json.loads(line) for line in file]
    return [(pair['scenario'], pair['expected']) for pair in pairs]


def write_random(name, pairs):
    """Store a set of random scenarios."""
    lines = ''.join(text({'scenario': scenario, 'expected': expected}) + '\n'
                    for scenario, expected in pairs)
    with lzma.open(HERE / f'{name}.jsonl.xz', 'wt', preset=9, encoding='utf-8') as file:
        file.write(lines)


def needs_timing(scenario):
    """Whether its steps must come at the right moment: while something is blocked."""
    return any(step.get('settle') is False for step in scenario['steps'])
