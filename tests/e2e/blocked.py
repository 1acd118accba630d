#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Standard error, and the file of --transcript, that nobody reads: the daemon goes on, stops when
it is asked to, and says how many lines are missing.
"""

import contextlib
import fcntl
import os
import pty
import re
import select
import socket
import subprocess
import sys
import tempfile
import termios

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from suptreed import BIN, PATIENCE_S, Daemon  # noqa: E402

LONG_ID = 'crashing_with_a_long_name_that_fills_the_lines_of_the_reports'
# a crash is a line of 100 bytes and more
CRASHING = f'''
intensity: 1000000
period: 3600
children:
  - {{id: steady, start: [sleep, infinity]}}
  - id: {LONG_ID}
    start: [sh, -c, "exit 3"]
'''


@contextlib.contextmanager
def with_stderr(fd, *options):
    """A daemon that crashes fill the standard error of; it is asked to stop in the end."""
    with Daemon(CRASHING, options, stderr_fd=fd) as daemon:
        yield daemon


def lose(daemon, nr_lines):
    """Wait until this number of lines is lost; all that while the daemon answers."""
    daemon.poll(lambda: daemon.call('status').get('lost_lines', 0) >= nr_lines)
    assert daemon.info('steady')['state'] == 'running'


def small_pipe():
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
    return reader, writer


def read_until(fd, pattern):
    """What is read, up to the text that matches."""
    text = ''
    while not re.search(pattern, text):
        readable, _, _ = select.select([fd], [], [], PATIENCE_S)
        assert readable, text[-1000:]
        text += os.read(fd, 65536).decode()
    return text


def test_a_pipe_that_nobody_reads_stops_nothing():
    reader, writer = small_pipe()
    with with_stderr(writer) as daemon:
        lose(daemon, 1)
    os.close(reader)
    os.close(writer)


def test_a_pipe_that_is_full_before_the_start_does_not_hinder_it():
    reader, writer = small_pipe()
    os.write(writer, b'x' * 4096)
    with with_stderr(writer) as daemon:
        lose(daemon, 1)
    os.close(reader)
    os.close(writer)


def test_a_socket_that_nobody_reads_stops_nothing():
    reader, writer = socket.socketpair()
    with with_stderr(writer.fileno()) as daemon:
        lose(daemon, 1)
    reader.close()
    writer.close()


def test_a_terminal_that_is_stopped_stops_nothing_and_gets_its_lines_when_it_goes_on():
    master, slave = pty.openpty()
    termios.tcflow(slave, termios.TCOOFF)
    with with_stderr(slave) as daemon:
        lose(daemon, 1)
        termios.tcflow(slave, termios.TCOON)
        read_until(master, r'suptreed: \d+ lines are missing here')
    os.close(master)
    os.close(slave)


def test_missing_lines_are_counted_where_they_are_missing():
    reader, writer = small_pipe()
    with with_stderr(writer) as daemon:
        lose(daemon, 100)
        text = read_until(reader, r'suptreed: \d+ lines are missing here: nobody read them\n')
        assert all(line.startswith('suptreed: ') for line in text.splitlines()), text
        said = int(re.search(r'suptreed: (\d+) lines are missing', text)[1])
        assert 100 <= said <= daemon.call('status')['lost_lines'], text[-300:]
    os.close(reader)
    os.close(writer)


def test_a_reader_that_goes_stops_nothing():
    reader, writer = small_pipe()
    with with_stderr(writer) as daemon:
        os.close(reader)
        lose(daemon, 100)
    os.close(writer)


def test_a_terminal_that_is_stopped_is_a_transcript_that_stops_nothing():
    """The transcript of 300 ends is more than a terminal takes."""
    master, slave = pty.openpty()
    termios.tcflow(slave, termios.TCOOFF)
    with Daemon(CRASHING, ('--transcript', os.ttyname(slave))) as daemon:
        daemon.poll(lambda: daemon.info(LONG_ID)['restarts'] >= 300)
        assert daemon.info('steady')['state'] == 'running'
    os.close(master)
    os.close(slave)


def test_a_pipe_is_refused_as_a_transcript_with_and_without_a_reader():
    with tempfile.TemporaryDirectory(prefix='suptree-e2e-') as folder:
        os.mkfifo(folder + '/fifo')
        for flags in (None, os.O_RDONLY | os.O_NONBLOCK):
            reader = os.open(folder + '/fifo', flags) if flags is not None else -1
            done = subprocess.run(
                [BIN + '/suptreed', '--socket', folder + '/s', '--transcript', folder + '/fifo'],
                capture_output=True, text=True, check=False, timeout=PATIENCE_S)
            assert done.returncode == 1, done
            assert f'{folder}/fifo: it is neither a file nor a terminal' in done.stderr, done
            if reader >= 0:
                os.close(reader)


ktap.run(globals())
