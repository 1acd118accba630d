#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""More than the ring can take, or than the limits allow: every loss is counted.

ST_SEED=N repeats a run of the random mix.
"""

import collections
import ctypes
import mmap
import os
import random
import signal
import socket
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/tracer/lib')
from tracing import Actor, Tracer, ktap, needs_bpf  # noqa: E402

SEED = int(os.environ.get('ST_SEED', '0')) or random.randrange(1, 2**32)
libc = ctypes.CDLL(None, use_errno=True)
SYS_FUTEX = 202  # x86-64
FUTEX_WAIT, FUTEX_WAKE = 0, 1
TIMES = 400
SMALL = ('--ring', '4096')  # some 30 records


def by_socket(times):
    one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    for _ in range(times):
        one.send(b'message')
        other.recv(64)


def by_pipe(times):
    reader, writer = os.pipe()
    for _ in range(times):
        os.write(writer, b'message')
        os.read(reader, 64)


def by_eventfd(times):
    fd = os.eventfd(0)
    for _ in range(times):
        os.eventfd_write(fd, 1)
        os.eventfd_read(fd)


def by_mqueue(times):
    name = f'/suptree-test-{os.getpid()}'.encode()
    queue = libc.mq_open(name, os.O_CREAT | os.O_RDWR, 0o600, None)
    libc.mq_unlink(name)
    buffer = ctypes.create_string_buffer(8192)
    for _ in range(times):
        libc.mq_send(queue, b'message', 7, 0)
        libc.mq_receive(queue, buffer, 8192, None)


def by_sysv(times):
    queue = libc.msgget(0, 0o600)
    buffer = ctypes.create_string_buffer(b'\x01' + bytes(7) + b'message', 64)
    for _ in range(times):
        libc.msgsnd(queue, buffer, 7, 0)
        libc.msgrcv(queue, buffer, 50, ctypes.c_long(0), 0)
    libc.msgctl(queue, 0, None)


def by_sigwait(times):
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
    for _ in range(times):
        os.kill(os.getpid(), signal.SIGUSR1)
        signal.sigwaitinfo({signal.SIGUSR1})


def by_futex(times):
    word = ctypes.c_uint32.from_buffer(mmap.mmap(-1, 4096))
    address = ctypes.byref(word)
    child = os.fork()
    while child == 0:
        libc.syscall(SYS_FUTEX, address, FUTEX_WAIT, 0, None, None, 0)
    left = times
    while left:
        left -= libc.syscall(SYS_FUTEX, address, FUTEX_WAKE, 1, None, None, 0)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def by_fork(times):
    for _ in range(times):
        child = os.fork()
        if child == 0:
            os._exit(0)
        os.waitpid(child, 0)


GENERATORS = {'unix': by_socket, 'pipe': by_pipe, 'eventfd': by_eventfd, 'mqueue': by_mqueue,
              'sysv': by_sysv, 'sigwait': by_sigwait, 'futex': by_futex, 'process': by_fork}
SLOW = {'futex': 10, 'process': 10}  # the number of events is divided by this


def events_of(kind, times):
    """Of a generator, and of the actor's own end."""
    return times * (1 if kind in ('sigwait', 'futex') else 2) + (kind == 'process')


def must_agree(tracer, generated):
    """Records there are, and those that are counted as lost, are all that happened. What
    was missed has no kind, and may be other processes'.
    """
    records = collections.Counter(record['kind'] for record in tracer.finish())
    counts = {kind: tracer.counts(kind) for kind in generated}
    assert {kind: records[kind] for kind in generated} == {
        kind: count[0] for kind, count in counts.items()}, tracer.summary
    silent = sum(generated.values()) - sum(map(sum, counts.values()))
    assert 0 <= silent <= tracer.missed(), (generated, tracer.summary)
    for kind, count in counts.items():
        assert sum(count) <= generated[kind], (kind, generated, tracer.summary)


def test_of_every_kind_what_is_generated_is_emitted_dropped_limited_or_missed():
    needs_bpf()
    for kind, generate in GENERATORS.items():
        times = TIMES // SLOW.get(kind, 1)
        actor = Actor(generate, times)
        more = ['--rate', '100'] if kind == 'pipe' else SMALL
        tracer = Tracer('--pid', str(actor.pid), '--kinds', kind, *more)
        assert actor.go() == 0, kind
        must_agree(tracer, {kind: events_of(kind, times)})


KINDS = ('unix', 'pipe', 'eventfd', 'mqueue', 'sysv', 'sigwait')


def play(plan):
    for kind, times in plan:
        GENERATORS[kind](times)


def test_so_it_is_of_a_random_mix_of_kinds_and_processes_whatever_the_limits():
    needs_bpf()
    print(f'# ST_SEED={SEED}')
    rng = random.Random(SEED)
    plans = [[(rng.choice(KINDS), rng.randrange(1, TIMES)) for _ in range(5)] for _ in range(3)]
    generated = dict.fromkeys(KINDS, 0)
    for kind, times in sum(plans, []):
        generated[kind] += events_of(kind, times)
    actors = [Actor(play, plan) for plan in plans]
    limits = rng.choice(((), ('--rate', '500'), ('--count', '700')))
    tracer = Tracer('--pid', ','.join(str(actor.pid) for actor in actors),
                    '--kinds', ','.join(KINDS), '--payload', rng.choice(('0', '64', '1000')),
                    '--ring', rng.choice(('4096', '65536')), *limits)
    for actor in actors:
        os.close(actor.go_on)
    for actor in actors:
        assert os.waitpid(actor.pid, 0)[1] == 0
    must_agree(tracer, generated)


ktap.run(globals())
