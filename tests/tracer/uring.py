#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Messages of io_uring are recorded like those of system calls, with a flag."""

import os
import subprocess
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/tracer/lib')
from tracing import Tracer, ktap, needs_bpf, pid_of  # noqa: E402

URING = os.environ['ST_TEST_OUT'] + '/programs/uring'


def run(*words):
    """Of a program that uses io_uring: (its pid, records of what it sent itself)."""
    with subprocess.Popen([URING, *words], stdin=subprocess.PIPE) as actor:
        tracer = Tracer('--pid', str(actor.pid), '--kinds', 'unix,pipe')
        actor.communicate(b'.')
        records = tracer.finish()
        if any(f'{words[0]}: ' in line for line in tracer.unseen):
            raise ktap.Skip(tracer.unseen[0])
    assert actor.returncode == 0 and not tracer.lost(), tracer.summary
    return actor.pid, [r for r in records if r['size'] == 5]  # without the byte to go on


def must_be_told(kind, *words):
    needs_bpf()
    pid, records = run(*words)
    assert [(r['kind'], r['action'], r['size'], r['offset']) for r in records] == [
        (kind, 'sent', 5, 0), (kind, 'received', 5, 0)], records
    sent, received = records
    assert pid_of(sent['from']) == pid_of(received['to']) == pid
    assert sent['channel'] == received['channel']
    for record in records:
        assert 'io_uring' in record['flags'], record
        # whose payload a hook cannot find says so
        assert bytes.fromhex(record['payload']) == (
            b'' if record is received or 'no_payload' in record['flags'] else b'hello'), record


def test_a_socket_s_bytes_by_io_uring():
    must_be_told('unix', 'socket')


def test_a_socket_s_bytes_by_its_workers():
    must_be_told('unix', 'socket', 'worker')


def test_a_pipe_s_bytes_by_io_uring():
    must_be_told('pipe', 'pipe')


def test_a_pipe_s_bytes_by_its_workers():
    must_be_told('pipe', 'pipe', 'worker')


ktap.run(globals())
