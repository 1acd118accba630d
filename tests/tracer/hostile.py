#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Numbers that are used again, memory that is not there, processes that die anywhere.

ST_TRACER_SESSIONS=N starts and stops N traces instead of a few.
"""

import ctypes
import mmap
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/tracer/lib')
from kernel import own_objects  # noqa: E402
from tracing import TRACER, Actor, Tracer, ktap, needs_bpf, pid_of, trace  # noqa: E402
from suptreed import Daemon  # noqa: E402

libc = ctypes.CDLL(None, use_errno=True)
SYS_CLONE3 = 435
PAGE = mmap.PAGESIZE
PROT_NONE = 0
SESSIONS = int(os.environ.get('ST_TRACER_SESSIONS', '3'))
TREE = f'''
children:
  - {{id: tracer, ready: notify, start: [{TRACER}, --service]}}
  - {{id: a, start: [sleep, infinity], output: "null"}}
'''


def of(records, action):
    return [r for r in records if r['action'] == action]


def kept(record):
    return bytes.fromhex(record['payload'])


def address_of(memory):
    return ctypes.addressof(ctypes.c_char.from_buffer(memory))


def write(fd, address, length):
    return libc.write(fd, ctypes.c_void_p(address), length)


def write_half_of_it(fds):
    """Two pages, of which the second is not there."""
    memory = mmap.mmap(-1, 2 * PAGE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    memory.write(b'there' * 10)
    address = address_of(memory)
    libc.mprotect(ctypes.c_void_p(address + PAGE), PAGE, PROT_NONE)
    sock, pipe = fds
    return not (write(sock, address + PAGE, 5) == -1 and write(sock, 8, 5) == -1 and
                write(pipe, address + PAGE, 5) == -1 and
                write(pipe, address, 2 * PAGE) == PAGE)


def test_bytes_that_are_not_there_are_no_message_and_only_those_before_them_are_one():
    needs_bpf()
    pair, (reader, writer) = socket.socketpair(), os.pipe()
    actor = Actor(write_half_of_it, (pair[0].fileno(), writer))
    records, status = trace(actor, '--kinds', 'unix,pipe', '--payload', '50')
    assert status == 0
    record, = records
    assert (record['kind'], record['size'], kept(record)) == ('pipe', PAGE, b'there' * 10)
    os.close(reader)
    os.close(writer)


def write_what_comes_and_goes():
    memory = mmap.mmap(-1, PAGE, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    memory.write(b'there')
    address = address_of(memory)
    sock = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    done = threading.Event()

    def take_away_and_give_back():
        while not done.is_set():
            libc.mprotect(ctypes.c_void_p(address), PAGE, mmap.PROT_READ | mmap.PROT_WRITE)
            libc.mprotect(ctypes.c_void_p(address), PAGE, PROT_NONE)

    thread = threading.Thread(target=take_away_and_give_back)
    thread.start()
    for _ in range(300):
        if write(sock[0].fileno(), address, 5) == 5:
            sock[1].recv(5)
    done.set()
    thread.join()


def test_bytes_that_are_taken_away_meanwhile_are_missing_and_it_says_so():
    needs_bpf()
    records, status = trace(Actor(write_what_comes_and_goes), '--kinds', 'unix')
    assert status == 0
    for record in of(records, 'sent'):
        assert kept(record) == (b'' if 'no_payload' in record['flags'] else b'there'), record


def use_descriptors_again():
    for _ in range(50):
        reader, writer = os.pipe()
        os.write(writer, b'first')
        os.write(writer, b'second')
        os.read(reader, 5)
        os.close(reader)
        os.close(writer)


def test_descriptors_that_are_used_again_are_other_channels():
    needs_bpf()
    records, _ = trace(Actor(use_descriptors_again), '--kinds', 'pipe')
    assert [r['offset'] for r in of(records, 'sent')] == [0, 5] * 50
    assert [r['offset'] for r in of(records, 'received')] == [0] * 50
    assert len({r['serial'] for r in records}) == 50


def use_inodes_again(folder):
    for n in range(50):
        path = f'{folder}/{n}'
        os.mkfifo(path)
        fifo = os.open(path, os.O_RDWR)
        os.write(fifo, b'unread')
        os.close(fifo)
        os.unlink(path)


def test_inodes_that_are_used_again_are_other_channels():
    needs_bpf()
    with tempfile.TemporaryDirectory() as folder:
        sort = subprocess.run(['stat', '-f', '-c', '%T', folder], capture_output=True, text=True,
                              check=True).stdout.strip()
        if sort == 'overlayfs':
            raise ktap.Skip('overlayfs gives inodes no generations')
        records, _ = trace(Actor(use_inodes_again, folder), '--kinds', 'pipe')
    print(f'# {len({r["channel"] for r in records})} inodes of {sort}')
    assert [r['offset'] for r in records] == [0] * 50, records
    assert len({r['serial'] for r in records}) == 50


def fork_as(pid):
    """fork(2), but the child's number is chosen: clone3(2)."""
    wanted = ctypes.c_int(pid)
    words = (ctypes.c_uint64 * 11)()  # struct clone_args
    words[4] = signal.SIGCHLD
    words[8], words[9] = ctypes.addressof(wanted), 1
    child = libc.syscall(SYS_CLONE3, ctypes.byref(words), ctypes.sizeof(words))
    if child < 0:
        raise OSError(ctypes.get_errno(), f'clone3 as {pid}')
    return child


def test_a_pid_that_is_used_again_is_somebody_else_whom_nobody_watches():
    needs_bpf()
    actor = Actor(os.getpid)
    tracer = Tracer('--pid', str(actor.pid), '--kinds', 'process,unix')
    actor.go()
    pair = socket.socketpair()
    child = fork_as(actor.pid)
    if child == 0:
        pair[0].send(b'by somebody else')
        os._exit(0)
    assert child == actor.pid
    os.waitpid(child, 0)
    assert [(r['action'], pid_of(r['from'])) for r in tracer.finish()] == [('exit', actor.pid)]


def state_of(pid):
    with open(f'/proc/{pid}/stat', encoding='ascii') as file:
        return file.read().rpartition(')')[2].split()[0]


def be_killed_in_a_read():
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.read(reader, 64)
        os._exit(1)
    while state_of(child) != 'S':
        os.sched_yield()
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.write(writer, b'to nobody')


def test_who_dies_in_the_middle_of_a_call_has_received_nothing():
    needs_bpf()
    actor = Actor(be_killed_in_a_read)
    records, _ = trace(actor, '--kinds', 'pipe', '--join')
    record, = [r for r in records if pid_of(r['from']) == actor.pid]
    assert (record['action'], record['to']) == ('sent', None)
    assert kept(record) == b'to nobody'


def belongings(pid):
    """(BPF objects, areas of their maps) of a process."""
    with open(f'/proc/{pid}/maps', encoding='ascii') as file:
        return own_objects(pid), sum('bpf' in line for line in file)


def resident_kib(pid):
    with open(f'/proc/{pid}/status', encoding='ascii') as file:
        return int(next(line for line in file if line.startswith('VmRSS')).split()[1])


def start_and_stop(daemon):
    number = daemon.call('trace_start', path='a', kinds='signal')['id']
    daemon.call('trace_stop', id=number)


def test_traces_that_have_been_stopped_leave_no_program_no_map_and_no_memory():
    needs_bpf()
    with Daemon(TREE) as daemon:
        pid = daemon.pid('tracer')
        start_and_stop(daemon)
        before, size_kib = belongings(pid), []
        for _ in range(SESSIONS):
            start_and_stop(daemon)
            size_kib.append(resident_kib(pid))
        print(f'# {SESSIONS} traces: {size_kib[0]} KiB, {size_kib[-1]} KiB at last')
        assert belongings(pid) == before and daemon.pid('tracer') == pid
        if SESSIONS >= 100:  # what keeps freed memory for a while has enough by the middle
            grown_kib = size_kib[-1] - size_kib[SESSIONS // 2]
            assert grown_kib < SESSIONS, grown_kib


if __name__ == '__main__':
    ktap.run(globals())
