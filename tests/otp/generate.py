#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""generate.py plain|hard SEED COUNT FOLDER: write random scenarios as files.

Scenario k of a seed is made from "SEED/k" alone: the same arguments always give
the same files, and a larger count only adds some.
"""

import pathlib
import sys

import corpus
from hard import Hard
from plain import Plain

KINDS = {'plain': (Plain, 'r{:04}'), 'hard': (Hard, 'h{:04}')}


def generate(kind, seed, count):
    """The first scenarios of a seed. They share nothing with each other."""
    maker, name = KINDS[kind]
    for k in range(count):
        yield maker(f'{seed}/{k}').scenario(name.format(k))


def main(words):
    if len(words) != 4 or words[0] not in KINDS or not words[2].isdigit():
        print(__doc__, file=sys.stderr)
        return 2
    folder = pathlib.Path(words[3])
    folder.mkdir(parents=True, exist_ok=True)
    for scenario in generate(words[0], words[1], int(words[2])):
        (folder / f'{scenario["name"]}.json').write_text(corpus.text(scenario) + '\n',
                                                         encoding='utf-8')
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
