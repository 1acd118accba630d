#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Unix sockets: sender, receiver, bytes and order, for each system call."""

import array
import os
import socket
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/tracer/lib')
from tracing import Actor, Tracer, ktap, needs_bpf, pid_of, trace  # noqa: E402

STREAM, DGRAM, SEQPACKET = socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET
TYPE_FLAGS = {STREAM: [], DGRAM: ['dgram'], SEQPACKET: ['seqpacket']}


def inode(sock):
    return os.fstat(sock.fileno()).st_ino


def of(records, action, channel=None):
    return [r for r in records if r['kind'] == 'unix' and r['action'] == action and
            channel in (None, r['channel'])]


def kept(record):
    return bytes.fromhex(record['payload'])


def ends(record):
    return pid_of(record['from']), pid_of(record['to'])


SENDERS = {
    'write': lambda sock: os.write(sock.fileno(), b'by write'),
    'send': lambda sock: sock.send(b'by send'),
    'writev': lambda sock: os.writev(sock.fileno(), [b'by ', b'', b'wri', b'tev']),
    'sendmsg': lambda sock: sock.sendmsg([b'by se', b'ndmsg']),
}


def send_each_way(pair):
    for send in SENDERS.values():
        send(pair[0])
        pair[1].recv(64)


def test_each_call_that_sends_is_seen_with_its_bytes_and_both_ends():
    needs_bpf()
    for kind, flags in TYPE_FLAGS.items():
        pair = socket.socketpair(socket.AF_UNIX, kind)
        actor = Actor(send_each_way, pair)
        records, _ = trace(actor, '--kinds', 'unix')
        sent, received = of(records, 'sent'), of(records, 'received')
        said = [f'by {name}'.encode() for name in SENDERS]
        assert [kept(r) for r in sent] == said, sent
        assert [r['size'] for r in sent] == [r['size'] for r in received] == list(map(len, said))
        for r in sent + received:
            assert (r['source'], r['channel']) == (inode(pair[0]), inode(pair[1])), r
            assert [f for f in r['flags'] if f != 'guess'] == flags, r
        assert {ends(r)[0] for r in sent} == {ends(r)[1] for r in received} == {actor.pid}
        assert [kept(r) for r in received] == [b''] * 4, 'the sender was seen'


def lengths_and_offsets(records):
    return [(r['offset'], r['size']) for r in records]


def test_both_ends_of_a_stream_count_the_same_bytes():
    needs_bpf()
    for kind, unit in ((STREAM, lambda size: size), (SEQPACKET, lambda size: 1)):
        pair = socket.socketpair(socket.AF_UNIX, kind)
        actor = Actor(send_each_way, pair)
        records, _ = trace(actor, '--kinds', 'unix')
        sent, received = of(records, 'sent'), of(records, 'received')
        expected, offset = [], 0
        for name in SENDERS:
            expected.append((offset, len(f'by {name}')))
            offset += unit(expected[-1][1])
        assert lengths_and_offsets(sent) == lengths_and_offsets(received) == expected
        assert len({r['serial'] for r in records}) == 1


def test_up_to_4_kib_of_the_bytes_are_kept_and_it_says_if_that_is_not_all():
    needs_bpf()
    whole = bytes(range(256)) * 40
    for limit in (0, 65, 4096):
        pair = socket.socketpair(socket.AF_UNIX, STREAM)
        actor = Actor(pair[0].send, whole)
        records, _ = trace(actor, '--kinds', 'unix', '--payload', str(limit))
        record, = of(records, 'sent')
        assert (record['size'], kept(record)) == (len(whole), whole[:limit])
        assert record['flags'] == ['truncated'], record


def send_segments(pair):
    pair[0].sendmsg([bytes([n]) * 100 for n in range(50)])


def test_the_bytes_of_all_segments_are_kept_in_order():
    needs_bpf()
    whole = b''.join(bytes([n]) * 100 for n in range(50))
    for limit in (250, 4096):
        pair = socket.socketpair(socket.AF_UNIX, STREAM)
        records, _ = trace(Actor(send_segments, pair), '--kinds', 'unix', '--payload', str(limit))
        record, = of(records, 'sent')
        assert (record['size'], kept(record)) == (len(whole), whole[:limit]), limit


def send_to_name(name):
    sock = socket.socket(socket.AF_UNIX, DGRAM)
    sock.sendto(b'first', name)
    sock.sendto(b'second', name)


def test_a_datagram_to_an_address_goes_to_the_socket_that_has_it():
    needs_bpf()
    name = f'\0suptree-test-{os.getpid()}'
    with socket.socket(socket.AF_UNIX, DGRAM) as receiver:
        receiver.bind(name)
        actor = Actor(send_to_name, name)
        records, _ = trace(actor, '--kinds', 'unix')
        sent = of(records, 'sent', inode(receiver))
        assert [(kept(r), r['offset']) for r in sent] == [(b'first', 0), (b'second', 1)], records


def test_who_will_receive_is_unknown_until_somebody_has_and_then_a_guess():
    needs_bpf()
    pair = socket.socketpair(socket.AF_UNIX, STREAM)
    actor = Actor(send_each_way, pair)
    records, _ = trace(actor, '--kinds', 'unix')
    sent = of(records, 'sent')
    assert ends(sent[0]) == (actor.pid, None) and 'guess' not in sent[0]['flags']
    for record in sent[1:]:
        assert ends(record) == (actor.pid, actor.pid) and 'guess' in record['flags']
    for record in of(records, 'received'):
        assert ends(record) == (actor.pid, actor.pid) and 'guess' in record['flags']


def on_one_processor(test):
    """What a sender's hook sees on one processor has not been received yet."""
    def run():
        processors = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {min(processors)})
        try:
            test()
        finally:
            os.sched_setaffinity(0, processors)
    run.__name__ = test.__name__
    return run


@on_one_processor
def test_a_sender_that_nobody_watches_is_seen_on_a_channel_of_one_that_is():
    needs_bpf()
    ours, theirs = socket.socketpair(socket.AF_UNIX, SEQPACKET)
    back, forth = socket.socketpair(socket.AF_UNIX, STREAM)

    def answer():
        ours.close()
        while message := theirs.recv(64):
            forth.send(message)

    actor = Actor(answer)
    theirs.close()
    tracer = Tracer('--pid', str(actor.pid), '--kinds', 'unix')
    os.write(actor.go_on, b'.')
    for message in (b'unseen', b'seen', b'seen, too'):
        ours.send(message)
        assert back.recv(64) == message
    ours.close()
    actor.go()
    records = tracer.finish()
    channel = of(records, 'received')[0]['channel']
    received, sent = of(records, 'received', channel), of(records, 'sent', channel)
    assert [kept(r) for r in received] == [b'unseen', b'', b''], (received, sent)
    if kept(sent[0]) == b'unseen':  # its sender's hook came when the channel had been marked
        assert sent.pop(0)['offset'] == received[0]['offset']
    assert [(kept(r), ends(r)[0]) for r in sent] == [
        (b'seen', os.getpid()), (b'seen, too', os.getpid())]
    assert ([r['offset'] for r in received][1:] == [r['offset'] for r in sent] == [1, 2])


def drain(sock):
    for _ in range(4):
        sock.recv(10)


def test_a_queue_that_was_not_empty_is_counted_from_its_beginning():
    needs_bpf()
    for kind, unit in ((STREAM, 10), (DGRAM, 1)):
        pair = socket.socketpair(socket.AF_UNIX, kind)
        for _ in range(3):
            pair[0].send(b'0123456789')
        actor = Actor(lambda pair=pair: (pair[0].send(b'new entry!'), drain(pair[1])) and 0)
        records, _ = trace(actor, '--kinds', 'unix')
        record, = of(records, 'sent')
        assert record['offset'] == 3 * unit, record
        received = of(records, 'received')
        assert [r['offset'] for r in received] == [n * unit for n in range(4)]
        assert [r['left'] for r in received] == [3, 2, 1, 0]


def peek(pair):
    pair[0].send(b'look')
    pair[1].recv(2, socket.MSG_PEEK)
    pair[1].recv(4)


def test_a_look_ahead_leaves_the_offset_where_it_was():
    needs_bpf()
    pair = socket.socketpair(socket.AF_UNIX, STREAM)
    records, _ = trace(Actor(peek, pair), '--kinds', 'unix')
    looked, taken = of(records, 'received')
    assert 'peek' in looked['flags'] and 'peek' not in taken['flags']
    assert (looked['offset'], looked['size']) == (0, 2)
    assert (taken['offset'], taken['size']) == (0, 4)


def pass_a_socket(pair):
    inner = socket.socketpair(socket.AF_UNIX, STREAM)
    words = array.array('i', [inner[1].fileno()])
    pair[0].sendmsg([b'x'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, words)])
    child = os.fork()
    if child == 0:
        _, (passed,), _, _ = socket.recv_fds(pair[1], 1, 1)
        os.write(passed, b'from the child')
        os._exit(0)
    os.waitpid(child, 0)
    inner[0].recv(64)


def test_a_socket_that_was_passed_on_stays_the_same_channel():
    needs_bpf()
    pair = socket.socketpair(socket.AF_UNIX, STREAM)
    actor = Actor(pass_a_socket, pair)
    records, _ = trace(actor, '--kinds', 'unix,process')
    child, = [pid_of(r['to']) for r in records if r['action'] == 'fork']
    record, = [r for r in of(records, 'sent') if kept(r) == b'from the child']
    assert ends(record)[0] == child
    taken, = of(records, 'received', record['channel'])
    assert (ends(taken)[1], taken['serial'], taken['offset']) == (actor.pid, record['serial'], 0)


def connect_and_write(path):
    with socket.socket(socket.AF_UNIX, STREAM) as listener:
        listener.bind(path)
        listener.listen()
        with socket.socket(socket.AF_UNIX, STREAM) as client:
            client.connect(path)
            client.send(b'before accept')
            server, _ = listener.accept()
            server.recv(64)
            server.close()


def test_what_is_sent_before_the_other_side_accepts_has_the_same_serial_number():
    needs_bpf()
    actor = Actor(connect_and_write, f'\0suptree-test-{os.getpid()}')
    records, _ = trace(actor, '--kinds', 'unix')
    sent, = of(records, 'sent')
    received, = of(records, 'received')
    assert sent['channel'] == 0 != received['channel']
    assert (sent['serial'], sent['offset']) == (received['serial'], received['offset'])


ktap.run(globals())
