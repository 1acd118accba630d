# SPDX-License-Identifier: GPL-2.0-only
"""Guests that are to end badly, for the tests of the judgement over them."""

import os
import pathlib
import subprocess

TOP = pathlib.Path(__file__).resolve().parents[3]


def judged(version, first):
    """What tools/vm/test has against a guest that does this before its tests."""
    done = subprocess.run([TOP / 'tools/vm/test', version, 'os/path'],
                          env=os.environ | {'ST_VM_FIRST': first}, text=True, check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    lines = done.stdout.splitlines()
    assert done.returncode == 1, lines
    start = f'Bail out! Linux {version}: '
    return [line.removeprefix(start) for line in lines if line.startswith('Bail out!')]
