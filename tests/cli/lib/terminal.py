# SPDX-License-Identifier: GPL-2.0-only
"""A program on a new terminal, which the test uses like a person.

    with Terminal([SUPTREE], env) as terminal:
        terminal.expect('suptree> ')
        terminal.type('ping\n')

Nothing sleeps: expect() waits for the text itself.
"""

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

PATIENCE_S = 120  # a hang guard, not a measure of anything
ESCAPES = re.compile(r'\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]|\x1b[=>78]')


class Terminal:
    def __init__(self, arguments, env, columns=80):
        self.arguments, self.env, self.columns = arguments, env, columns
        self.text = ''  # all that was written so far, without escape sequences
        self.seen = 0  # what of it expect() has passed
        self.decoder = codecs.getincrementaldecoder('utf-8')()

    def __enter__(self):
        self.pid, self.main = pty.fork()
        if not self.pid:
            size = struct.pack('HHHH', 24, self.columns, 0, 0)
            fcntl.ioctl(0, termios.TIOCSWINSZ, size)
            os.execve(self.arguments[0], self.arguments, self.env)
        self.pidfd = os.pidfd_open(self.pid)
        self.status = None
        return self

    def __exit__(self, *exception):
        if self.status is None:
            os.kill(self.pid, signal.SIGKILL)
            self.end()
        os.close(self.main)
        os.close(self.pidfd)

    def type(self, text):
        os.write(self.main, text.encode())

    def read(self):
        """More of what is written; False at the end."""
        readable, _, _ = select.select([self.main], [], [], PATIENCE_S)
        assert readable, f'nothing more came behind {self.text[-500:]!r}'
        try:
            portion = os.read(self.main, 65536)
        except OSError:
            return False  # the other end is closed
        text = self.decoder.decode(portion)
        self.text = ESCAPES.sub('', self.text + text).replace('\r\n', '\n')
        return bool(portion)

    def expect(self, text):
        """Wait for a text; what was written from the last one up to it."""
        while (place := self.text.find(text, self.seen)) < 0:
            assert self.read(), f'{text!r} did not come: {self.text!r}'
        before = self.text[self.seen:place]
        self.seen = place + len(text)
        return before

    def await_lines(self):
        """Wait until the terminal, and no editor, takes what is typed: no event tells it."""
        end = time.monotonic() + PATIENCE_S
        while not termios.tcgetattr(self.main)[3] & termios.ICANON:
            assert time.monotonic() < end, 'an editor holds the terminal'

    def end(self):
        """Wait for the end of the program: its exit code."""
        while self.read():
            pass
        self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return self.status
