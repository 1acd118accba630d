#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Event counters, message queues, shared futexes, signals that are waited for."""

import ctypes
import mmap
import os
import signal
import struct
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/tracer/lib')
from tracing import Actor, ktap, needs_bpf, pid_of, trace  # noqa: E402

libc = ctypes.CDLL(None, use_errno=True)
SYS_SIGNALFD4, SYS_FUTEX = 289, 202  # x86-64
FUTEX_WAIT, FUTEX_WAKE = 0, 1
O_CREAT_RDWR = os.O_CREAT | os.O_RDWR


class Attributes(ctypes.Structure):
    """struct mq_attr"""
    _fields_ = [('flags', ctypes.c_long), ('maxmsg', ctypes.c_long), ('msgsize', ctypes.c_long),
                ('curmsgs', ctypes.c_long), ('reserved', ctypes.c_long * 4)]


def must(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), 'a call of libc')
    return result


def of(records, kind, action):
    return [r for r in records if (r['kind'], r['action']) == (kind, action)]


def ends(record):
    return pid_of(record['from']), pid_of(record['to'])


def kept(record):
    return bytes.fromhex(record['payload'])


def count_events(fds):
    for fd in fds:
        os.eventfd_write(fd, 42)
        os.eventfd_write(fd, 8)
        os.eventfd_read(fd)


def test_event_counters_tell_what_is_added_and_what_is_taken():
    needs_bpf()
    actor = Actor(count_events, [os.eventfd(0), os.eventfd(0)])
    records, _ = trace(actor, '--kinds', 'eventfd')
    sent, received = of(records, 'eventfd', 'sent'), of(records, 'eventfd', 'received')
    assert [r['value'] for r in sent] == [42, 8, 42, 8]
    assert [r['value'] for r in received] == [50, 50]
    assert len({r['channel'] for r in records}) == 2
    assert {ends(r)[0] for r in sent} == {ends(r)[1] for r in received} == {actor.pid}


def wait_for_signals():
    own = {signal.SIGUSR1, signal.SIGUSR2}
    signal.pthread_sigmask(signal.SIG_BLOCK, own)
    os.kill(os.getpid(), signal.SIGUSR1)
    signal.sigwaitinfo({signal.SIGUSR1})
    mask = struct.pack('<Q', 1 << (signal.SIGUSR2 - 1))
    fd = must(libc.syscall(SYS_SIGNALFD4, -1, mask, 8, 0))
    os.kill(os.getpid(), signal.SIGUSR2)
    os.read(fd, 128)


def test_signals_that_are_taken_by_waiting_or_by_descriptor_are_told_of():
    needs_bpf()
    actor = Actor(wait_for_signals)
    records, _ = trace(actor, '--kinds', 'sigwait,signal')
    taken = of(records, 'sigwait', 'received')
    assert [(r['signal'], ends(r)) for r in taken] == [
        (signal.SIGUSR1, (actor.pid, actor.pid)), (signal.SIGUSR2, (actor.pid, actor.pid))]
    assert of(records, 'signal', 'delivered') == []


def exchange_by_mqueue(name):
    attributes = Attributes(maxmsg=4, msgsize=256)
    queue = must(libc.mq_open(name, O_CREAT_RDWR, 0o600, ctypes.byref(attributes)))
    libc.mq_unlink(name)
    must(libc.mq_send(queue, b'less urgent', 11, 1))
    must(libc.mq_send(queue, b'urgent', 6, 7))
    buffer, priority = ctypes.create_string_buffer(256), ctypes.c_uint()
    must(libc.mq_receive(queue, buffer, 256, ctypes.byref(priority)))
    must(libc.mq_receive(queue, buffer, 256, None))


def test_posix_queues_tell_bytes_and_priorities():
    needs_bpf()
    actor = Actor(exchange_by_mqueue, f'/suptree-test-{os.getpid()}'.encode())
    records, status = trace(actor, '--kinds', 'mqueue')
    assert status == 0
    sent, received = of(records, 'mqueue', 'sent'), of(records, 'mqueue', 'received')
    assert [(kept(r), r['size'], r['priority']) for r in sent] == [
        (b'less urgent', 11, 1), (b'urgent', 6, 7)]
    assert [(r['size'], r['priority']) for r in received] == [(6, 7), (11, -1)]
    assert len({r['channel'] for r in records}) == 1 and records[0]['channel'] > 0
    assert {ends(r)[0] for r in sent} == {ends(r)[1] for r in received} == {actor.pid}


def exchange_by_sysv(queue):
    message = struct.pack('<q', 9) + b'of type nine'
    must(libc.msgsnd(queue, message, 12, 0))
    buffer = ctypes.create_string_buffer(64)
    must(libc.msgrcv(queue, buffer, 50, ctypes.c_long(0), 0))


def test_system_v_queues_tell_bytes_and_types():
    needs_bpf()
    queue = must(libc.msgget(0, 0o600))
    try:
        actor = Actor(exchange_by_sysv, queue)
        records, status = trace(actor, '--kinds', 'sysv')
    finally:
        libc.msgctl(queue, 0, None)
    assert status == 0
    sent, = of(records, 'sysv', 'sent')
    received, = of(records, 'sysv', 'received')
    assert (kept(sent), sent['size'], sent['type'], sent['channel']) == (
        b'of type nine', 12, 9, queue)
    assert (received['size'], received['type'], received['channel']) == (12, 9, queue)
    assert ends(sent)[0] == ends(received)[1] == actor.pid


def wake_the_child():
    page = mmap.mmap(-1, 4096)
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    child = os.fork()
    if child == 0:
        libc.syscall(SYS_FUTEX, ctypes.c_void_p(address), FUTEX_WAIT, 0, None, None, 0)
        os._exit(0)
    while libc.syscall(SYS_FUTEX, ctypes.c_void_p(address), FUTEX_WAKE, 1, None, None, 0) == 0:
        os.sched_yield()
    os.waitpid(child, 0)


def test_who_wakes_somebody_at_a_shared_futex_is_told_once():
    needs_bpf()
    actor = Actor(wake_the_child)
    records, _ = trace(actor, '--kinds', 'futex,process')
    child, = [pid_of(r['to']) for r in records if r['action'] == 'fork']
    woken, = of(records, 'futex', 'sent')
    assert ends(woken) in ((actor.pid, None), (actor.pid, child)), woken
    assert woken['woken'] == 1 and woken['address'] > 0


ktap.run(globals())
