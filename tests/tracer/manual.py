#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""suptree-tracing(7): its examples print what the page says, numbers apart."""

import os
import subprocess
import sys
import tempfile

TOP = os.environ['ST_TEST_TOP']
sys.path[:0] = [f'{TOP}/tests/{folder}' for folder in ('lib', 'tracer/lib', 'cli/lib', 'cli')]
import man  # noqa: E402
from masks import TRACE, masked  # noqa: E402
from bpffs import SBIN, needs_bpftool, needs_pins  # noqa: E402
from tracing import PATIENCE_S, ktap  # noqa: E402


def test_the_examples_print_what_the_page_says():
    needs_pins()
    needs_bpftool()
    commands = man.examples(man.all_pages()[man.OF_TRACER])
    assert len(commands) > 10, commands
    script = ''.join(f'{command}\necho {man.END!r}\n' for command, _ in commands)
    env = os.environ | {'PATH': f'{man.BIN}:{os.environ["PATH"]}{SBIN}', 'LC_ALL': 'C'}
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(['bash'], input=script, text=True, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, env=env, cwd=folder, check=False,
                              timeout=PATIENCE_S)
    said = done.stdout.split(man.END + '\n')
    assert len(said) == len(commands) + 1 and said[-1] == '', done
    for (command, expected), printed in zip(commands, said):
        assert masked(printed, TRACE) == masked(expected, TRACE), f'$ {command}\n{printed}'


ktap.run(globals())
