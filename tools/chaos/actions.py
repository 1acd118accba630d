# SPDX-License-Identifier: GPL-2.0-only
"""The actions of chaos. plan() makes the actions only from the seed, so that the same seed
gives the same sequence. Actions applies one of them to the child that has its path then.
"""

import contextlib
import os
import signal
import socket

import forest
from asking import Asking

FLOOD = 2000  # requests, notifications
MAX_IDLERS = 20  # connections that say nothing, or do not read
WEIGHTS = {
    'kill': 30, 'burst': 4, 'stop': 4, 'cont': 4, 'crash_call': 4, 'call': 6, 'lull': 30,
    'terminate_child': 8, 'restart_child': 8, 'delete_child': 4, 'start_child': 6,
    'start_in_pool': 10, 'terminate_in_pool': 3, 'kill_request': 6, 'stop_supervisor': 2,
    'strategy': 2, 'reload': 2, 'look': 6, 'flood_requests': 1, 'flood_notify': 2,
    'half_line': 2, 'garbage': 2, 'idle': 2, 'lazy_reader': 1, 'hang_up': 2,
}
SIGNALS = ('KILL', 'KILL', 'KILL', 'TERM', 'SEGV', 'INT')
WORDS = (b'READY=1', b'STOPPING=1', b'X_SUPTREE=IGNORE', b'\xff' * 500)
REASONS = ('normal', 'shutdown', 'killed')


def plan(rng, root):
    """Actions without end: (name, parameters)."""
    sups = forest.all_sups(root)[1:]
    pools = [sup.path for sup in sups if sup.is_pool]
    workers = [child.path for sup in sups for child in sup.children
               if not child.sup and not sup.is_pool]
    workers += [forest.join(pool, name) for pool in pools for name in forest.POOL_NAMES]
    children = workers + [sup.path for sup in sups]
    static = [sup.path for sup in sups if not sup.is_pool]
    names, weights = list(WEIGHTS), list(WEIGHTS.values())
    while True:
        name = rng.choices(names, weights)[0]
        extra = rng.choice(static), rng.choice(forest.EXTRA_IDS)
        yield name, {
            'worker': rng.choice(workers), 'child': rng.choice(children),
            'workers': rng.sample(workers, min(len(workers), rng.randint(2, 8))),
            'sup': rng.choice(static), 'pool': rng.choice(pools),
            'name': rng.choice(forest.POOL_NAMES), 'signal': rng.choice(SIGNALS),
            'extra': forest.join(*extra), 'spec': forest.worker(rng, extra[1]),
            'is_extra': rng.random() < 0.5, 'reason': rng.choice(REASONS),
            'intensity': rng.choice((1, 3, 1000)),
        }


class Actions:
    """Does them, and remembers what it has asked for: the witness's excuses."""

    def __init__(self, daemon, witness, root):
        self.daemon, self.witness, self.root = daemon, witness, root
        self.asking = Asking(daemon.socket)
        self.stopped, self.idlers = set(), []
        self.doomed = set()  # (path, generation): SIGKILL is on its way
        self.names = set()  # in pools, asked for since all was at rest
        self.excused = set()  # paths that a request may have taken down

    def do(self, name, params):
        getattr(self, 'do_' + name)(**params)

    def send_signal(self, path, number):
        pid = self.witness.pids.get(path)
        watch = self.witness.watches.get((path, self.witness.live.get(path)))
        if pid and watch and watch.fd >= 0:
            self.witness.harm(path, is_request=False)
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(watch.fd, number)
                if number == signal.SIGKILL:
                    self.doomed.add((path, self.witness.live[path]))
                return True
        return False

    def do_kill(self, worker, signal, **_):
        self.send_signal(worker, number_of(signal))

    def do_burst(self, workers, **_):
        for path in workers:
            self.send_signal(path, signal.SIGKILL)

    def do_stop(self, worker, **_):
        if self.send_signal(worker, signal.SIGSTOP):
            self.stopped.add(worker)

    def do_cont(self, **_):
        for path in self.stopped:
            self.send_signal(path, signal.SIGCONT)
        self.stopped.clear()

    def await_doomed(self):
        """Until the kernel has ended them; the daemon's next turn will see it."""
        for key in self.doomed:
            if key in self.witness.watches:
                self.witness.watches[key].wait()
        self.doomed.clear()

    def do_lull(self, **_):
        with contextlib.suppress(Exception):
            self.daemon.call('settle', timeout_ms=50)

    def ask(self, method, excuse=None, **params):
        if excuse:
            self.excused.add(excuse)
            self.witness.harm(excuse)
        self.asking.ask(method, params)

    def do_terminate_child(self, child, extra, is_extra, **_):
        path = extra if is_extra else child
        self.ask('terminate_child', path, path=path)

    def do_restart_child(self, child, extra, is_extra, **_):
        path = extra if is_extra else child
        self.witness.asked.add(path)
        self.ask('restart_child', path, path=path)

    def do_delete_child(self, child, extra, is_extra, **_):
        path = extra if is_extra else child
        self.ask('delete_child', path, path=path)

    def do_start_child(self, extra, spec, **_):
        sup = extra.rpartition('/')[0]
        self.witness.ask_child(extra, spec['restart'])
        self.ask('start_child', extra, path=sup, spec=spec)

    def do_start_in_pool(self, pool, name, **_):
        path = forest.join(pool, name)
        if path not in self.names:  # a pool may have the same name twice; a picture not [I1]
            self.names.add(path)
            self.witness.asked.add(path)
            self.ask('start_child', path=pool, name=name)

    def do_terminate_in_pool(self, pool, name, **_):
        pid = self.witness.pids.get(forest.join(pool, name))
        if pid:
            self.ask('terminate_child', path=pool, pid=pid)

    def do_kill_request(self, worker, signal, **_):
        self.witness.harm(worker)
        self.ask('kill', path=worker, signal=signal)

    def do_stop_supervisor(self, sup, reason, **_):
        self.ask('stop_supervisor', sup, path=sup, reason=reason)

    def do_strategy(self, sup, intensity, **_):
        if self.witness.ask_limit(sup, intensity):
            self.ask('strategy', path=sup, intensity=intensity)

    def do_reload(self, intensity, **_):
        """The same trees, and one supervisor has another intensity."""
        changed = self.root.children[intensity % len(self.root.children)].sup
        sups = forest.all_sups(self.root)
        for sup in sups:
            self.excused.update(child.path for child in sup.children)
        old, changed.intensity = changed.intensity, intensity
        self.daemon.write(forest.config(self.root))
        self.witness.ask_reload({sup.path: sup.intensity for sup in sups})
        changed.intensity = old
        self.ask('reload')

    def do_look(self, child, sup, **_):
        for method in ('tree', 'ps', 'which_children', 'count_children'):
            self.ask(method, path=sup)
        self.ask('logs', path=child)
        self.ask('info', path=child)
        self.ask('status')

    def do_flood_requests(self, **_):
        for _ in range(FLOOD):
            self.ask('ping')

    def do_flood_notify(self, worker, **_):
        """Words that no child has said: the daemon must not believe them."""
        environ = self.environ_of(worker)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            notify.setblocking(False)
            with contextlib.suppress(OSError):
                for number in range(FLOOD):
                    notify.sendto(WORDS[number % len(WORDS)], environ[b'NOTIFY_SOCKET'])

    def environ_of(self, path):
        """A child with a NOTIFY_SOCKET: the first one from a random place on."""
        for pid in [self.witness.pids.get(path), *self.witness.pids.values()]:
            with contextlib.suppress(OSError):
                with open(f'/proc/{pid}/environ', 'rb') as file:
                    found = dict(part.partition(b'=')[::2] for part in file.read().split(b'\0'))
                if b'NOTIFY_SOCKET' in found:
                    return found
        return {b'NOTIFY_SOCKET': b'/nowhere'}

    def open_idler(self, text):
        idler = socket.socket(socket.AF_UNIX)
        idler.setblocking(False)
        with contextlib.suppress(OSError):
            idler.connect(self.daemon.socket)
            idler.send(text)
        self.idlers.append(idler)
        if len(self.idlers) > MAX_IDLERS:
            self.idlers.pop(0).close()

    def do_half_line(self, **_):
        self.open_idler(b'{"jsonrpc":"2.0","id":1,"method":"pi')

    def do_garbage(self, **_):
        self.open_idler(bytes(range(256)) * 20 + b'\n')

    def do_idle(self, **_):
        self.open_idler(b'')

    def do_lazy_reader(self, **_):
        tree = b'{"jsonrpc":"2.0","id":1,"method":"tree","params":{}}\n'
        self.open_idler(b'{"jsonrpc":"2.0","id":1,"method":"subscribe","params":{"since":0}}\n'
                        + tree * 500)

    def do_hang_up(self, **_):
        for idler in self.idlers:
            idler.close()
        self.idlers.clear()

    def do_call(self, worker, **_):
        self.asking.talk(worker, b'add 1')

    def do_crash_call(self, worker, **_):
        self.asking.talk(worker, b'crash', is_cast=True)

    def close(self):
        self.do_hang_up()
        self.asking.close()


def number_of(name):
    return getattr(signal, 'SIG' + name)
