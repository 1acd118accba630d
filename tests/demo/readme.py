#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""README.md's tour is real: the command after each "$" is run in one shell, in order, and
must print the lines below it. Pids, times and folders differ from run to run, so they are
masked. A file that the tour shows is written first. It has a longer period: two deaths that
belong together are a few commands apart, and OTP's 5 s may not be enough for these.
"""

import os
import pathlib
import re
import subprocess
import tempfile

import ktap
from masks import TOUR, masked

TOP = pathlib.Path(os.environ['ST_TEST_TOP'])
BIN = pathlib.Path(os.environ['ST_TEST_BIN'])
FENCE = re.compile(r'^```(\w+)(?: (\S+))?\n(.*?)^```$', re.MULTILINE | re.DOTALL)
END = '-- end of a command --'
LOOKS = ('suptree tree', 'suptree logs', 'suptree events', 'cat')
MAX_LOOKS = 1000
# (what the README has, what the test has): the period of the tree
PATIENT = (('strategy: rest_for_one\n', 'strategy: rest_for_one\n      period: 1 h\n'),
           ('restarts in 5s', 'restarts in 3600s'), ('within 5s', 'within 3600s'))
# another one may take the tour on this machine at the same time
OWN = (('SUPTREE_SOCKET=/tmp/tour.sock', 'SUPTREE_SOCKET="$PWD/tour.sock"'),)


def changed(text):
    """The text of the README, for this test."""
    for found, instead in PATIENT + OWN:
        assert found in text, found
        text = text.replace(found, instead)
    return text


def steps(console):
    """[(command, what it printed)] of a console block."""
    found = []
    for line in console.splitlines():
        if line.startswith('$ '):
            found.append((line[2:], ''))
        else:
            command, output = found[-1]
            found[-1] = (command, output + line + '\n')
    return found


class Shell:
    """A shell whose commands are run one by one, as a person would."""

    def __init__(self, folder):
        env = os.environ | {'SUPTREE_SOCKET': f'{folder}/tour.sock', 'LC_ALL': 'C.UTF-8'}
        os.symlink(BIN.parent, pathlib.Path(folder, 'build'))
        self.folders = [folder]
        self.process = subprocess.Popen(
            ['sh'], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, cwd=folder, env=env, bufsize=1)

    def run(self, command):
        if command.endswith('&'):  # a person takes a moment to type the next one
            command += '\nuntil suptree ping >/dev/null 2>&1; do :; done'
        self.process.stdin.write(f'{command}\necho "{END}"\n')
        said = ''
        while not said.endswith(END + '\n'):
            line = self.process.stdout.readline()
            assert line, f'the shell ended: {said}'
            said += line
        return said.removesuffix(END + '\n')

    def differs(self, command, expected):
        """What it prints, if that is not what is expected; whoever looks may look again until
        what was done has happened."""
        looks = MAX_LOOKS if command.startswith(LOOKS) else 1
        for _ in range(looks):
            said = self.run(command)
            if masked(said, TOUR, self.folders) == masked(expected, TOUR):
                return None
        return said

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.run('suptree stop 2>/dev/null; wait')
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def test_the_tour_prints_what_readme_says():
    blocks = FENCE.findall(changed((TOP / 'README.md').read_text()))
    tour = [step for kind, _, text in blocks if kind == 'console' for step in steps(text)]
    assert len(tour) > 10, 'README.md has no tour'
    with tempfile.TemporaryDirectory() as folder:
        for kind, name, text in blocks:
            if kind == 'yaml':
                pathlib.Path(folder, name).write_text(text)
        with Shell(folder) as shell:
            for command, expected in tour:
                said = shell.differs(command, expected)
                assert said is None, f'\n$ {command}\n{said}instead of\n{expected}'


def test_the_files_that_readme_names_are_there():
    text = (TOP / 'README.md').read_text()
    for name in re.findall(r'`((?:userspace|tools|tests)/[\w./-]*)`', text):
        assert (TOP / name).exists(), name


if __name__ == '__main__':
    ktap.run(globals())
