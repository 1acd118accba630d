#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The way into the lab (tools/vm/lab), as a person goes it: on a terminal, and by ssh,
into two machines at once. The gate `lab` runs it, with O in the environment and
everything built; it starts guests, so `make test` does not.
"""

import os
import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[3]
sys.path[:0] = [str(TOP / 'tests/lib'), str(TOP / 'tests/cli/lib')]
import ktap  # noqa: E402
from terminal import Terminal  # noqa: E402

PROMPT = 'student@suptree-lab:~$ '
SSH_S = 120  # a hang guard


def lab(version):
    return Terminal([str(TOP / 'tools/vm/lab'), version], os.environ | {'TERM': 'vt100'}, 100)


def command(terminal, text):
    """What a command typed at the prompt has written."""
    terminal.type(text + '\n')
    terminal.expect(text)
    return terminal.expect(PROMPT)


def way_in(terminal):
    """The configuration file for ssh, from the first output of the lab."""
    terminal.expect('ssh -F ')
    return terminal.expect(' lab')


def ssh(config, text, *options):
    done = subprocess.run(['ssh', *options, '-F', config, 'lab', text], stdin=subprocess.DEVNULL,
                          timeout=SSH_S, check=False, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout


def test_the_console_is_a_shell_of_the_student_beside_the_running_demo():
    with lab('6.1') as terminal:
        terminal.expect(PROMPT)
        tree = command(terminal, 'suptree tree')
        assert re.search(r'counter_2 . running', tree) and 'rest_for_one' in tree, tree
        assert 'ok' in command(terminal, 'suptree kill --yes one_for_one/counter_2')
        assert 'child_terminated' in command(terminal, 'cat /run/suptree/reports')
        assert command(terminal, 'sudo id -u').strip() == '0'
        assert 'supervision' in command(terminal, 'man suptree | cat')
        terminal.type('exit\n')
        assert terminal.end() == 0, terminal.text[-500:]


def test_ssh_comes_in_by_its_key_alone_and_two_machines_run_at_once():
    with lab('6.1') as first, lab('6.12') as second:
        keys = []
        for terminal, version in ((first, '6.1.'), (second, '6.12.')):
            way = way_in(terminal)
            keys.append(pathlib.Path(way).parent / 'key')
            terminal.expect(PROMPT)
            status, said = ssh(way, 'uname -r; id -un; suptree ping')
            assert status == 0 and said.startswith(version) and 'student' in said, said
            status, said = ssh(way, 'true', '-o', 'PubkeyAuthentication=no', '-o', 'BatchMode=yes')
            assert status == 255 and 'denied' in said, said
        assert all(key.stat().st_mode & 0o077 == 0 for key in keys), 'nobody else reads them'
        first.type('poweroff\n')
        assert first.end() == 0
        assert [key.exists() for key in keys] == [False, True], 'a key goes with its machine'


ktap.run(globals())
