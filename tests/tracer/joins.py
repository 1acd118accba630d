#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Both ends of each message are found, exactly, whatever way it took."""

import os
import random
import socket
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/tracer/lib')
from tracing import Actor, ktap, needs_bpf, pid_of, trace  # noqa: E402

SEED = int(os.environ.get('ST_SEED', '0')) or random.randrange(1, 2**32)


def messages(records, kind=None):
    return [r for r in records if r['action'] == 'message' and kind in (None, r['kind'])]


def kept(record):
    return bytes.fromhex(record['payload'])


def in_pieces(pair):
    pair[0].send(b'abcdef')
    pair[1].recv(2)
    pair[1].recv(4)
    pair[0].send(b'gh')
    pair[0].send(b'ij')
    pair[1].recv(64)


def test_a_message_received_in_pieces_and_some_received_as_one_are_still_messages():
    needs_bpf()
    pair = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    actor = Actor(in_pieces, pair)
    records, _ = trace(actor, '--kinds', 'unix', '--join')
    assert [(r['action'], kept(r)) for r in records] == [
        ('message', b'abcdef'), ('message', b'gh'), ('message', b'ij')]
    for record in records:
        assert pid_of(record['from']) == pid_of(record['to']) == actor.pid
        assert record['latency_ns'] >= 0 and 'guess' not in record['flags']


def test_what_nobody_receives_is_shown_alone():
    needs_bpf()
    pair = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    records, _ = trace(Actor(pair[0].send, b'hello'), '--kinds', 'unix', '--join')
    record, = records
    assert (record['action'], record['to'], kept(record)) == ('sent', None, b'hello')


def random_line(rng):
    """(write a message, read what comes, close both) of a random sort of channel."""
    sort = rng.choice(('stream', 'dgram', 'seqpacket', 'pipe'))
    if sort == 'pipe':
        reader, writer = os.pipe()
        return (lambda data: os.write(writer, data), lambda: os.read(reader, 4096),
                lambda: (os.close(reader), os.close(writer)))
    number = {'stream': socket.SOCK_STREAM, 'dgram': socket.SOCK_DGRAM,
              'seqpacket': socket.SOCK_SEQPACKET}[sort]
    one, other = socket.socketpair(socket.AF_UNIX, number)
    return one.send, lambda: other.recv(4096), lambda: (one.close(), other.close())


def one_exchange(seed):
    """A child, which lives shortly, sends messages that its parent receives."""
    rng = random.Random(seed)
    sizes = [rng.randrange(1, 900) for _ in range(rng.randrange(1, 40))]
    send, receive, close = random_line(rng)
    child = os.fork()
    if child == 0:
        for size in sizes:
            send(f'{os.getpid()} {size} '.encode().ljust(size, b'.'))
        os._exit(0)
    left = sum(max(size, len(f'{child} {size} ')) for size in sizes)
    while left:
        left -= len(receive())
    os.waitpid(child, 0)
    close()


def pass_on():
    """A child receives by an end that has been passed to it, after its parent has."""
    one, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    child = os.fork()
    if child == 0:
        _, fds, _, _ = socket.recv_fds(theirs, 1, 1)
        os.read(fds[0], 64)
        os._exit(0)
    one.send(f'{os.getpid()} 0 for the parent'.encode())
    other.recv(64)
    socket.send_fds(ours, [b'x'], [other.fileno()])
    other.close()
    one.send(f'{os.getpid()} {child} for the child'.encode())
    os.waitpid(child, 0)
    for sock in (one, ours, theirs):
        sock.close()


def mix(seed, times):
    rng = random.Random(seed)
    for _ in range(times):
        if rng.random() < 0.2:
            pass_on()
        else:
            one_exchange(rng.randrange(2**32))


def test_of_a_random_mix_999_of_1000_are_joined_and_each_with_its_true_ends():
    needs_bpf()
    print(f'# ST_SEED={SEED}')
    actors = [Actor(mix, SEED + n, 100) for n in range(3)]
    words = ['--kinds', 'unix,pipe', '--join', '--ring', str(2**25)]
    records, _ = trace(actors, *words)
    joined = messages(records)
    own = {actor.pid for actor in actors}
    alone = [r for r in records if r['action'] != 'message']
    assert len(joined) > 2000, len(joined)
    assert len(alone) * 1000 <= len(joined), alone[:4]
    for record in joined:
        said = kept(record).split()
        if kept(record) == b'x':
            continue
        assert int(said[0]) == pid_of(record['from']), record
        to = pid_of(record['to'])
        assert to == int(said[1]) if b'for the child' in kept(record) else to in own, record


ktap.run(globals())
