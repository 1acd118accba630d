# SPDX-License-Identifier: GPL-2.0-only
"""The emulated machine: its command line, and what its end means. Called by
tools/vm/test and tools/vm/lab. The processor is emulated, which works everywhere;
ST_VM_ACCEL=kvm is faster where KVM works.

A test run is good only if the guest said so itself (isa-debug-exit: a panic, a reboot
and a power cut all give other statuses than its 0) and the kernel complained of nothing
on its console meanwhile. README.md has the whole list.
"""

import os
import pathlib
import re
import select
import subprocess
import time

QEMU = os.environ.get('ST_VM_QEMU', 'qemu-system-x86_64')
ACCEL = os.environ.get('ST_VM_ACCEL', 'tcg')
# more words for its command line, such as -s for gdb
QEMU_WORDS = os.environ.get('ST_VM_QEMU_WORDS', '').split()
# if the script that started a machine is killed, the machine is killed too
DIES_WITH_US = ['setpriv', '--pdeathsig', 'KILL']
# mitigations cost nothing here that they would save; oops=panic: no result after one
APPEND = 'console=ttyS0 quiet loglevel=5 panic=-1 oops=panic mitigations=off'
SPLAT = re.compile(r'BUG: |WARNING: |Oops|KASAN|UBSAN|Kernel panic|general protection'
                   r'|INFO: (?:possible|rcu|task|trying)|soft lockup|hard LOCKUP'
                   r'|suspicious RCU|unreferenced object|kmemleak: \d|refcount_t: '
                   r'|list_(?:add|del) corruption'
                   r'|possible (?:circular|recursive)|sleeping function called')
GUEST_OK = 1  # 2 * 0 + 1


def command(kernel, initrd, memory_mb=1024, processors=2, append=''):
    """Words of qemu's command line that every guest has; serial lines are the caller's.

    initrd is an open file, which may have no name: qemu must inherit its descriptor.
    """
    return [*DIES_WITH_US, QEMU, '-nodefaults', '-no-user-config', '-display', 'none',
            '-no-reboot',
            '-M', f'pc,accel={ACCEL}', '-cpu', 'max', '-smp', str(processors),
            '-m', str(memory_mb),
            '-device', 'isa-debug-exit,iobase=0xf4,iosize=0x04',
            '-kernel', str(kernel), '-initrd', f'/proc/self/fd/{initrd.fileno()}',
            '-append', f'{APPEND} {append}'.strip(), *QEMU_WORDS]


def splats(console):
    """Lines of a console's text in which the kernel complains."""
    return [line.strip() for line in console.splitlines() if SPLAT.search(line)]


def complaints(status, console):
    """Why a run of tests is not to be believed, a line each; none if it is.

    status: qemu's exit status, None if it had to be killed for taking too long.
    """
    found = []
    if status is None:
        found.append('no end within the time allowed: it hangs')
    elif status == 0:
        found.append('panicked, or was switched off before the tests ended')
    elif status % 2 == 0 or status < 0:
        found.append(f'qemu failed with status {status}')
    elif status != GUEST_OK:
        found.append(f'the tests ended with status {status // 2}')
    return found + [f'kernel: {line}' for line in splats(console)]


class Run:
    """qemu, with results on its standard output; a machine that hangs is killed."""

    def __init__(self, words, initrd, console, timeout_s):
        self.console = pathlib.Path(console)
        self.deadline = time.monotonic() + timeout_s
        serial = ['-serial', f'file:{console}', '-serial', 'stdio']
        self.process = subprocess.Popen(words + serial, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, pass_fds=[initrd.fileno()])

    def chunks(self):
        """What comes, until the end or the deadline."""
        stream = self.process.stdout.fileno()
        while True:
            left_s = self.deadline - time.monotonic()
            if left_s <= 0 or not select.select([stream], [], [], left_s)[0]:
                return
            data = os.read(stream, 1 << 16)
            if not data:
                return
            yield data

    def lines(self):
        rest = b''
        for data in self.chunks():
            *whole, rest = (rest + data).split(b'\n')
            for line in whole:
                yield line.decode(errors='replace').rstrip('\r')
        if rest:
            yield rest.decode(errors='replace')

    def end(self):
        """(exit status or None, the console's text), when lines() is through."""
        try:
            status = self.process.wait(max(self.deadline - time.monotonic(), 0))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            status = None
        self.process.stdout.close()
        return status, self.console.read_text(errors='replace')
