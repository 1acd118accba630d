# SPDX-License-Identifier: GPL-2.0-only
"""Texts that want to be commands to a terminal, and what a terminal gets.

    written = on_terminal([SUPTREE, 'ps'], folder, env)
    assert not wrong_in(written)
"""

import os
import pty
import subprocess

PATIENCE_S = 120  # a hang guard, not a measure of anything
# a title, a cleared screen, a colour, the same by C1 controls, directions, DEL, NUL, lines
NASTY = 'a\x1b]0;title\x07\x1b[2J\x1b[31m\x9b31m\u009d0;t\u009c\u202e\u2066\u200f\x7f\0\r\nb'
HIDDEN = {0x61c, 0x200e, 0x200f, *range(0x2028, 0x202f), *range(0x2066, 0x2070), 0xfeff}


def on_terminal(command, folder, env):
    """All that a program writes when standard output and standard error are a terminal."""
    main, other = pty.openpty()
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=other, stderr=other,
                             cwd=folder, env=env)
    os.close(other)
    written = b''
    try:
        while portion := os.read(main, 65536):
            written += portion
    except OSError:
        pass  # the other end is closed
    os.close(main)
    child.wait(PATIENCE_S)
    return written


def is_wrong(c):
    code = ord(c)
    return (code < 0x20 and c not in '\n\t' or 0x7f <= code < 0xa0 or code in HIDDEN
            or 0xdc80 <= code < 0xdd00)  # a byte that is not UTF-8


def wrong_in(written):
    """Characters that no terminal may get. Of \\r\\n, the terminal has written the \\r."""
    text = written.replace(b'\r\n', b'\n').decode(errors='surrogateescape')
    return sorted({hex(ord(c)) for c in text if is_wrong(c)})
