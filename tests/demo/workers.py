#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The demo workers alone: their messages to the supervisor, their output, their ends. The
test is their supervisor.
"""

import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import tempfile

import ktap

BIN = pathlib.Path(os.environ['ST_TEST_BIN'])


class Supervisor:
    """A folder, a notify socket in it, and workers with both."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notify.bind(str(self.folder / 'notify'))
        self.workers = []

    def start(self, *words):
        env = os.environ | {'NOTIFY_SOCKET': str(self.folder / 'notify')}
        worker = subprocess.Popen([BIN / words[0], *words[1:]], stdout=subprocess.PIPE,
                                  text=True, env=env, cwd=self.folder)
        self.workers.append(worker)
        return worker

    def heard(self):
        """What a worker says, but where it takes messages."""
        lines = self.notify.recv(4096).decode().split('\n')
        return '\n'.join(line for line in lines if not line.startswith('X_SUPTREE_MAILBOX='))

    def close(self):
        self.notify.close()
        for worker in self.workers:
            worker.kill()
            worker.wait()
            worker.stdout.close()


@contextlib.contextmanager
def supervisor():
    with tempfile.TemporaryDirectory() as folder:
        with contextlib.closing(Supervisor(folder)) as found:
            yield found


def run(*words):
    """(exit status, standard error) of a worker that ends at once."""
    done = subprocess.run([BIN / words[0], *words[1:]], text=True, check=False,
                          stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
    return done.returncode, done.stderr


def test_a_counter_is_ready_with_its_first_value():
    with supervisor() as parent:
        counter = parent.start('counter', '100')
        assert parent.heard() == 'READY=1\nSTATUS=value 100'
        assert counter.stdout.readline() == 'value 100\n'


def test_a_counter_counts_up_and_down_by_signals():
    with supervisor() as parent:
        counter = parent.start('counter', '-1')
        parent.heard()
        for number, value in ((signal.SIGUSR1, 0), (signal.SIGUSR1, 1), (signal.SIGUSR2, 0)):
            counter.send_signal(number)
            assert parent.heard() == f'STATUS=value {value}'


def test_a_counter_dies_of_sigterm_itself_which_is_otp_s_shutdown():
    with supervisor() as parent:
        counter = parent.start('counter', '0')
        parent.heard()
        counter.terminate()
        assert counter.wait() == -signal.SIGTERM


def test_a_counter_refuses_what_is_no_number():
    for words in ([], [''], ['1x'], ['x'], ['1', '2'], ['9' * 30], ['1000000001']):
        status, text = run('counter', *words)
        assert status == 1 and text.count('\n') == 1, (words, status, text)
    assert run('counter', '1x')[1] == 'counter: 1x: not a number from -1000000000 to 1000000000\n'


def test_a_printer_numbers_the_lines_of_whoever_writes():
    with supervisor() as parent:
        printer = parent.start('printer', 'pipe')
        assert parent.heard() == 'READY=1\nSTATUS=printed 0 lines'
        for number, line in enumerate(('first', 'second writer', ''), 1):
            (parent.folder / 'pipe').write_text(line + '\n')
            assert printer.stdout.readline() == f'{number}: {line}\n'
            assert parent.heard() == f'STATUS=printed {number} lines'


def test_a_printer_begins_anew_on_the_pipe_of_its_predecessor():
    with supervisor() as parent:
        parent.start('printer', 'pipe')
        parent.heard()
        parent.workers[0].kill()
        parent.workers[0].wait()
        printer = parent.start('printer', 'pipe', str(parent.folder))
        parent.heard()
        (parent.folder / 'pipe').write_text('again\n')
        assert printer.stdout.readline() == '1: again\n'


def test_a_printer_says_what_it_cannot_print_from():
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, 'file')
        path.write_text('')
        assert run('printer', 'file', folder) == (
            1, f'printer: read lines from {path}: it is no pipe\n')
        assert run('printer', 'no/pipe', folder) == (
            1, f'printer: make {folder}/no/pipe: No such file or directory\n')
        assert run('printer', 'x' * 5000)[1].endswith(': File name too long\n')


if __name__ == '__main__':
    ktap.run(globals())
