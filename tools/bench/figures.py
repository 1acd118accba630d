# SPDX-License-Identifier: GPL-2.0-only
"""The figures: what is measured of a supervisor. Each takes a driver through one run
in its own folder on tmpfs and removes it. Called by run and figure.
"""

import contextlib
import fcntl
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import time

import processes
from drivers import OURS, RAW
from peers import PEERS

HERE = pathlib.Path(__file__).resolve().parent
TMPFS = pathlib.Path('/dev/shm')
DRIVERS = {driver.name: driver for driver in (*RAW, *OURS, *PEERS)}


class Tools:
    """The programs: the daemon of bin_dir, the benchmark's own made beside it."""

    def __init__(self, bin_dir):
        self.suptreed = pathlib.Path(bin_dir).resolve() / 'suptreed'
        self.folder = self.suptreed.parent.parent / 'bench'
        self.child = self.folder / 'child0'
        self.rawsup = self.folder / 'rawsup'
        self.measure = self.folder / 'measure'
        self.calls = self.folder / 'calls'
        self.busy = self.folder / 'busy'
        self.flood = self.folder / 'flood'
        env = {name: value for name, value in os.environ.items()
               if name not in ('MAKEFLAGS', 'MFLAGS', 'MAKELEVEL')}
        subprocess.run(['make', '-s', '-C', HERE, f'B={self.folder}'], check=True, env=env)
        if not self.suptreed.exists():
            sys.exit(f'bench: {self.suptreed}: not there; make builds it')


@contextlib.contextmanager
def only_one():
    """Two benchmarks at once would measure each other."""
    with open(TMPFS / 'suptree-bench.lock', 'w', encoding='utf-8') as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Failed(Exception):
    """A supervisor did not do what was measured; the text says what."""


class Session:
    """One supervisor from its start until nothing of it is left."""

    def __init__(self, tools, driver, count, mode='pause', timeout_s=90):
        self.tools = tools
        self.timeout_s = timeout_s
        self.folder = TMPFS / f'suptree-bench.{os.getpid()}'
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir()
        self.driver = driver(tools, count, mode, self.folder)
        self.count = count
        self.started = []
        self.answers_per_s = 0

    def __enter__(self):
        self.measure('init')
        self.driver.prepare()
        return self

    def __exit__(self, *_):
        processes.kill_all(self.started)
        self.driver.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)

    def popen_measure(self, command, *args):
        words = [str(word) for word in (self.tools.measure, command, self.driver.ring, *args)]
        return subprocess.Popen(words, stdout=subprocess.PIPE, text=True)

    def measure(self, command, *args):
        """What a command of src/measure.c found."""
        with self.popen_measure(command, *args) as meter:
            text = meter.stdout.read()
        found = json.loads(text) if text else {}
        if not found.get('ok'):
            log = self.folder / 'LOG'
            tail = log.read_text(errors='replace')[-300:] if log.exists() else ''
            raise Failed(f'{self.driver.name}: {command} {args}: {text.strip()} {tail.strip()}')
        return found

    def start(self):
        """Milliseconds until the last child's first instruction."""
        from_ns = time.monotonic_ns()
        self.started.append(self.driver.start())
        found = self.measure('wait', self.count, from_ns, self.timeout_s)
        time.sleep(self.driver.settle_s)
        return found['ms']

    def restart_us(self, samples, gap_us=3000):
        samples = min(samples, self.driver.samples)
        return self.measure('restart', self.count, samples, gap_us, self.timeout_s)

    @contextlib.contextmanager
    def busy_clients(self, program, *args):
        """They ask while the block runs; what they say in the end goes to .answers."""
        words = [program, self.folder / 'control.sock', *args]
        with subprocess.Popen([str(word) for word in words], stdout=subprocess.PIPE,
                              text=True) as busy:
            try:
                if busy.stdout.readline() != 'busy\n':
                    raise Failed(f'{self.driver.name}: the clients get no answers')
                from_s = time.monotonic()
                yield
                took_s = time.monotonic() - from_s
            finally:
                busy.terminate()
                said = busy.stdout.read()
            self.answers_per_s = json.loads(said)['answers'] / took_s

    def mass_ms(self):
        found = self.measure('mass', self.count, self.timeout_s)
        time.sleep(self.driver.settle_s)
        return found['all_ms']

    def idle(self, seconds):
        """(ticks, milliseconds of CPU, context switches) of the supervisor."""
        pids = processes.supervisors()
        before = processes.cpu_use(pids)
        time.sleep(seconds)
        ticks, ran_ns, switches = (
            after - first for first, after in zip(before, processes.cpu_use(pids)))
        return ticks, ran_ns / 1e6, switches

    def kib_per_child(self):
        return sum(map(processes.proportional_kib, processes.supervisors())) / self.count

    def stop(self):
        """(milliseconds until no child is left, until no supervisor is left)."""
        with self.popen_measure('gone', self.count, self.timeout_s) as meter:
            if meter.stdout.readline() != 'waiting\n':
                raise Failed(f'{self.driver.name}: stop: the meter does not wait')
            from_ns = time.monotonic_ns()
            self.driver.stop()
            processes.reap_until_end(meter, self.started)
            found = json.loads(meter.stdout.read())
        if not found['ok']:
            raise Failed(f'{self.driver.name}: stop: children are left')
        end_s = from_ns / 1e9 + self.timeout_s
        while (left := processes.supervisors()) and processes.wait_for_ends(left, end_s):
            processes.reap(self.started)
        return ((found['at_ns'] - from_ns) / 1e6, (time.monotonic_ns() - from_ns) / 1e6)


def restart(tools, driver, count, samples=250):
    """SIGKILL to the first instruction of the replacement, microseconds."""
    with Session(tools, driver, count) as session:
        session.start()
        return session.restart_us(samples)


def crash(tools, driver, count, seconds=2):
    """Starts a second of children that exit at once."""
    with Session(tools, driver, count, 'crash') as session:
        session.start()
        return {'per_s': session.measure('rate', seconds)['per_s']}


def scale(tools, driver, count, samples=0, idle_s=0, mass=False):
    """Start of count children, memory, idleness, restarts, a death of all, stop."""
    found = {}
    with Session(tools, driver, count) as session:
        found['start_ms'] = session.start()
        found['kib_per_child'] = session.kib_per_child()
        if idle_s:
            found['idle_ticks'], found['idle_ms'], found['idle_switches'] = session.idle(idle_s)
        if samples:
            found['restart'] = session.restart_us(samples)
        if mass:
            found['mass_ms'] = session.mass_ms()
        found['stop_ms'], found['stop_all_ms'] = session.stop()
    return found


def compare(session, samples, program, *args):
    """Restarts without clients and with busy ones, of the same daemon, twice in turns."""
    blocks = {'without': [], 'with': []}
    with session:
        session.start()
        for _ in range(2):
            blocks['without'].append(session.restart_us(samples))
            with session.busy_clients(program, *args):
                blocks['with'].append(session.restart_us(samples))
        found = {f'{name}_{key}': statistics.mean(block[key] for block in some)
                 for name, some in blocks.items() for key in ('p50_us', 'p99_us')}
        return {**found, 'p50_ratio': found['with_p50_us'] / found['without_p50_us'],
                'p99_ratio': found['with_p99_us'] / found['without_p99_us'],
                'answers_per_s': session.answers_per_s}


def clients(tools, driver, count, samples=500, clients=500, pause_us=50000):
    return compare(Session(tools, driver, count), samples, tools.busy, clients, pause_us)


def flood(tools, driver, count, samples=500):
    """The same with one user who has no right to anything."""
    return compare(Session(tools, driver, count), samples, tools.flood)


FIGURES = {'restart': restart, 'crash': crash, 'scale': scale, 'clients': clients,
           'flood': flood}
