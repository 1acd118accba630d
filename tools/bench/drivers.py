# SPDX-License-Identifier: GPL-2.0-only
"""Drivers: a class for each supervisor. To measure another one, write one:

    class Mine(Driver):
        name = 'mine'
        program = 'mined'        # must be in PATH
        def prepare(self):       # write a configuration of self.count children to self.dir
        def start(self):         # start it in the foreground, by self.popen(argv)
        def stop(self):          # ask for an orderly stop of all; do not wait

A child is self.child_argv(slot) = [child0, RING, SLOT, MODE]. For peers that can
only execute ./run, RING and MODE are in the environment too, and the slot is the name
of the working folder. figures.py finds out everything else (the processes, which of them
are alive, times). The peers are in peers.py.
"""

import json
import os
import pathlib
import shutil
import signal
import subprocess


class Driver:
    name = ''
    program = None       # found in PATH, else the driver cannot run
    max_count = 10000    # the largest number of children worth trying
    samples = 250        # restarts to measure; fewer where each takes a second
    settle_s = 0.3       # time to live that spares children a brake on restarts
    throttle = 'none'    # how it brakes restarts, for the report

    def __init__(self, tools, count, mode, folder):
        self.tools = tools
        self.count = count
        self.mode = mode
        self.dir = pathlib.Path(folder)
        self.ring = str(self.dir / 'ring')
        self.env = dict(os.environ, BENCH_RING=self.ring, BENCH_MODE=mode)
        self.process = None
        self.log = None

    @classmethod
    def is_available(cls, tools):
        return cls.program is None or shutil.which(cls.program) is not None

    def child_argv(self, slot):
        return [str(self.tools.child), self.ring, str(slot), self.mode]

    def popen(self, argv):
        with open(self.dir / 'LOG', 'ab') as log:
            self.process = subprocess.Popen(
                [str(word) for word in argv], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=self.env, start_new_session=True, cwd=self.dir)
        return self.process

    def write(self, path, text, mode=0o644):
        path = self.dir / path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)
        return path

    def prepare(self):
        """Write the configuration."""

    def start(self):
        raise NotImplementedError

    def stop(self):
        self.process.send_signal(signal.SIGTERM)

    def cleanup(self):
        """Remove what is outside self.dir, when all is dead."""


class Raw(Driver):
    """The floor, src/rawsup.c, with one way to notice ends and one to start children."""
    arguments = ()

    def start(self):
        return self.popen([self.tools.rawsup, '-n', self.count, '-r', self.ring,
                           '-c', self.tools.child, '-m', self.mode, *self.arguments])


class RawFloor(Raw):
    name = 'raw-clone3vm-f'
    arguments = ('-d', 'uring', '-s', 'clone3vm', '-f')


class RawVfork(Raw):
    """We wait for each exec."""
    name = 'raw-clone3vfork-f'
    arguments = ('-d', 'uring', '-s', 'clone3vfork', '-f')


class RawOrdered(Raw):
    """The least that keeps OTP's order: each exec is waited for before the next child
    is started, and each end before the next one is stopped."""
    name = 'raw-ordered-f'
    arguments = (*RawVfork.arguments, '-o')


class RawCopiedFiles(Raw):
    """Each spawn copies the table of descriptors."""
    name = 'raw-clone3vm'
    arguments = ('-d', 'uring', '-s', 'clone3vm')


class RawWaitid(Raw):
    """Each end walks all waiters."""
    name = 'raw-waitid-f'
    arguments = ('-d', 'waitid', '-s', 'clone3vm', '-f')


class RawEpoll(Raw):
    name = 'raw-epoll-posix_spawn'
    arguments = ('-d', 'epoll', '-s', 'posix_spawn')


class RawTextbook(Raw):
    """SIGCHLD and fork, as in every textbook."""
    name = 'raw-sigchld-fork'
    arguments = ('-d', 'sigchld', '-s', 'fork')


class Suptree(Driver):
    """Workers right below the root, which never gives up."""
    name = 'suptree'
    samples = 1000

    def child_spec(self, slot):
        return {'id': f'w{slot}', 'start': self.child_argv(slot), 'output': 'inherit'}

    def children(self):
        return [self.child_spec(slot) for slot in range(self.count)]

    def prepare(self):
        # JSON is YAML; a child a line
        lines = ',\n'.join('  ' + json.dumps(child) for child in self.children())
        self.write('tree.yaml', 'strategy: one_for_one\nintensity: 1000000000\nperiod: 1\n'
                                f'children: [\n{lines}\n]\n')

    def start(self):
        return self.popen([self.tools.suptreed, '--config', self.dir / 'tree.yaml',
                           '--socket', self.dir / 'control.sock'])


class SuptreeRing(Suptree):
    """The same with the default output: a pipe and a ring of memory for each child."""
    name = 'suptree-ring'
    max_count = 5000

    def child_spec(self, slot):
        return {'id': f'w{slot}', 'start': self.child_argv(slot)}


class SuptreeNested(Suptree):
    """The same with a supervisor for every hundred workers."""
    name = 'suptree-nested'

    def children(self):
        workers = super().children()
        groups = [workers[first:first + 100] for first in range(0, len(workers), 100)]
        return [{'id': f's{number}', 'supervisor': {
            'intensity': 1000000000, 'period': 1, 'children': group}}
            for number, group in enumerate(groups)]


FLOOR = RawFloor
ORDERED = RawOrdered
OURS = (Suptree, SuptreeRing, SuptreeNested)
RAW = (RawFloor, RawVfork, RawOrdered, RawCopiedFiles, RawWaitid, RawEpoll, RawTextbook)
