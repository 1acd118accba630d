# SPDX-License-Identifier: GPL-2.0-only
"""Folders with planted faults, and what a gate finds in them. For the tests of this
folder, which add it to sys.path.
"""

import os
import pathlib
import subprocess
import tempfile

TOP = pathlib.Path(os.environ['ST_TEST_TOP'])


def plant(folder, files):
    """Write {path: text} below a folder."""
    for path, text in files.items():
        path = pathlib.Path(folder, path)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def gate(files, tool, *arguments, **environment):
    """(exit status, lines) of a tool in a folder with just these files."""
    with tempfile.TemporaryDirectory() as folder:
        plant(folder, files)
        done = subprocess.run([TOP / tool, *arguments], cwd=folder, text=True, check=False,
                              env=os.environ | environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout.splitlines()


def assert_passes(files, tool, *arguments):
    status, lines = gate(files, tool, *arguments)
    assert status == 0 and not lines, lines


def assert_finds(expected, files, tool, *arguments):
    """The gate fails with one line, which has the expected text in it."""
    status, lines = gate(files, tool, *arguments)
    assert status == 1 and len(lines) == 1 and expected in lines[0], lines
