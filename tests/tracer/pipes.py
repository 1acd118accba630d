#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Pipes and fifos: the writer, the bytes, the reader, and the place in the pipe."""

import os
import sys
import tempfile

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/tracer/lib')
from tracing import Actor, ktap, needs_bpf, pid_of, trace  # noqa: E402


def of(records, action, inode=None):
    return [r for r in records if r['kind'] == 'pipe' and r['action'] == action and
            inode in (None, r['channel'])]


def kept(record):
    return bytes.fromhex(record['payload'])


def ends(record):
    return pid_of(record['from']), pid_of(record['to'])


def through(reader, writer):
    os.write(writer, b'by write')
    os.writev(writer, [b'by ', b'', b'writev'])
    os.read(reader, 3)
    os.readv(reader, [bytearray(2), bytearray(100)])


def test_a_pipe_s_bytes_are_seen_on_both_sides_with_their_place():
    needs_bpf()
    reader, writer = os.pipe()
    inode = os.fstat(reader).st_ino
    actor = Actor(through, reader, writer)
    records, _ = trace(actor, '--kinds', 'pipe')
    sent, received = of(records, 'sent', inode), of(records, 'received', inode)
    assert [(r['offset'], r['size'], kept(r)) for r in sent] == [
        (0, 8, b'by write'), (8, 9, b'by writev')]
    assert [(r['offset'], r['size'], kept(r)) for r in received] == [(0, 3, b''), (3, 14, b'')]
    assert {ends(r)[0] for r in sent} == {ends(r)[1] for r in received} == {actor.pid}
    assert {r['source'] for r in sent + received} == {inode}
    assert received[0]['left'] > 0 == received[1]['left']


def write_fifo(path):
    child = os.fork()
    if child == 0:
        with open(path, 'rb', buffering=0) as file:
            os._exit(len(file.read(64)))
    with open(path, 'wb', buffering=0) as file:
        file.write(b'through a fifo')
        os.waitpid(child, 0)


def test_a_fifo_is_a_pipe_with_the_number_of_its_file():
    needs_bpf()
    with tempfile.TemporaryDirectory() as folder:
        path = f'{folder}/fifo'
        os.mkfifo(path)
        actor = Actor(write_fifo, path)
        records, _ = trace(actor, '--kinds', 'pipe,process')
        inode = os.stat(path).st_ino % 2**32
    child, = [pid_of(r['to']) for r in records if r['action'] == 'fork']
    sent, = of(records, 'sent', inode)
    received, = of(records, 'received', inode)
    assert (ends(sent)[0], ends(received)[1]) == (actor.pid, child)
    assert (kept(sent), received['size'], received['offset']) == (b'through a fifo', 14, 0)
    assert sent['serial'] == received['serial']


def fill_again(reader, writer):
    os.read(reader, 4)
    os.write(writer, b'new')
    os.read(reader, 100)


def test_what_was_in_a_pipe_before_is_counted():
    needs_bpf()
    reader, writer = os.pipe()
    os.write(writer, b'01234567')
    actor = Actor(fill_again, reader, writer)
    records, _ = trace(actor, '--kinds', 'pipe')
    inode = os.fstat(reader).st_ino
    first, rest = of(records, 'received', inode)
    assert (first['offset'], rest['offset'], rest['size']) == (0, 4, 7)
    assert kept(first) == b'0123', 'nobody has been seen writing it'
    sent, = of(records, 'sent', inode)
    assert sent['offset'] == 8


def test_pipes_that_nobody_watched_has_used_are_not_told():
    needs_bpf()
    reader, writer = os.pipe()
    actor = Actor(os.getpid)
    os.write(writer, b'not watched')
    os.read(reader, 64)
    records, _ = trace(actor, '--kinds', 'pipe')
    assert of(records, 'sent', os.fstat(reader).st_ino) == []


ktap.run(globals())
