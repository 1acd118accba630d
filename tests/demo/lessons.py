#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The examples of userspace/workers/README.md: the command after each "$" is run in one
shell, and must print the lines below it.
"""

import os
import re
import subprocess

import ktap
from readme import FENCE, MAX_LOOKS, steps
from servers import PATIENCE_S, TOP, Servers

README = (TOP / 'userspace/workers/README.md').read_text()
# a cast or a promise takes a moment to happen: these commands may be repeated
LOOKS = re.compile(r'suptree (?:call stage_4|settle; suptree call bank)')


def test_the_examples_print_what_they_say():
    (_, _, text), = [block for block in FENCE.findall(README) if block[0] == 'console']
    with Servers('children: []') as daemon:
        for command, expected in steps(text):
            for _ in range(MAX_LOOKS if LOOKS.match(command) else 1):
                done = subprocess.run(
                    ['sh', '-c', command], text=True, check=False, cwd=TOP, timeout=PATIENCE_S,
                    env=os.environ | {'SUPTREE_SOCKET': daemon.socket, 'LC_ALL': 'C.UTF-8'},
                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
                if done.stdout == expected:
                    break
            assert done.stdout == expected, f'\n$ {command}\n{done.stdout}instead of\n{expected}'


def test_every_worker_is_in_the_table():
    for path in (TOP / 'userspace/workers').glob('*.[ch]'):
        assert f'`{path.name}`' in README, path.name


if __name__ == '__main__':
    ktap.run(globals())
