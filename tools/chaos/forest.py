# SPDX-License-Identifier: GPL-2.0-only
"""Random trees: every strategy, restart type, way to stop and kind of worker.

A forest is the configuration, made only from the seed. The witness uses it to know what
must be true, and the actions use it to choose their targets.
"""

import json

STRATEGIES = ('one_for_one', 'one_for_all', 'rest_for_one', 'simple_one_for_one')
RESTARTS = ('permanent', 'permanent', 'permanent', 'transient', 'temporary')
POOL_NAMES = [f'n{number}' for number in range(6)]
EXTRA_IDS = [f'x{number}' for number in range(3)]
NR_TREES, MAX_CHILDREN, MAX_DEPTH = 5, 5, 3
ROOT_INTENSITY = 100000
# a shell that ignores SIGTERM, one with a descendant, one that talks a lot
DEAF = 'trap "" TERM; exec sleep infinity'
FAMILY = 'sleep infinity & echo begun; wait'
LOUD = 'yes aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa | head -n 20000; exec sleep infinity'


class Child:
    """A worker or, with .sup, a supervisor."""

    def __init__(self, path, spec, sup=None):
        self.path, self.spec, self.sup = path, spec, sup
        self.restart = spec.get('restart', 'permanent')

    def config(self):
        """Its specification as it is now; an intensity may have been changed."""
        return {**self.spec, 'supervisor': self.sup.spec()} if self.sup else self.spec


class Sup:
    """What the configuration says of a supervisor; children in start order."""

    def __init__(self, path, strategy, intensity, period, children):
        self.path, self.strategy = path, strategy
        self.intensity, self.period, self.children = intensity, period, children

    @property
    def is_pool(self):
        return self.strategy == 'simple_one_for_one'

    def spec(self):
        return {'strategy': self.strategy, 'intensity': self.intensity, 'period': self.period,
                'children': [child.config() for child in self.children]}


def join(sup_path, name):
    return name if sup_path == '/' else f'{sup_path}/{name}'


def behaviour(rng):
    """Of an st-worker that may fail to start, or end by itself, a few times."""
    starts = [rng.choice(['ok', 'ok', 'ok', 'ignore', {'error': 'chaos'}, {'exit': {'code': 9}}])
              for _ in range(rng.randint(0, 3))]
    ends = [rng.choice(['run', 'run', {'exit': rng.choice(['normal', {'code': 3}, 'killed']),
                                       'after_ms': rng.randint(0, 50)}])
            for _ in range(rng.randint(0, 3))]
    stop = rng.choice([{}, {}, {'ignore': True}, {'delay_ms': 20}, {'exit': {'code': 5}}])
    return json.dumps({'start': ['ok', *starts, 'ok'], 'after_start': [*ends, 'run'],
                       'on_stop': stop})


def worker(rng, name):
    """A specification of one of the kinds of workers."""
    kind = rng.choice(('sleep', 'sleep', 'counter', 'counter', 'printer', 'st-worker',
                       'st-worker', 'deaf', 'family', 'loud'))
    spec = {'id': name, 'shutdown': rng.choice((1000, 50, 'brutal_kill'))}
    if kind in ('deaf', 'family', 'loud'):
        script = {'deaf': DEAF, 'family': FAMILY, 'loud': LOUD}[kind]
        spec.update(start=['sh', '-c', script], kill_subtree=True)
    elif kind == 'st-worker':
        spec.update(start=['st-worker', behaviour(rng)], ready='notify')
    elif kind == 'counter':
        spec.update(start=['counter', '0'], ready='notify')
    elif kind == 'printer':
        spec.update(start=['printer', f'pipe.{rng.randrange(1 << 30)}'], ready='notify')
    else:
        spec['start'] = ['sleep', 'infinity']
    spec['restart'] = rng.choice(RESTARTS)
    return spec


def make_sup(rng, path, depth):
    strategy = rng.choice(STRATEGIES if depth > 1 else STRATEGIES[:3])
    intensity, period = rng.choice(((0, 5), (1, 5), (3, 1), (1000, 1), (1000, 1), (1000, 1)))
    if strategy == 'simple_one_for_one':
        template = Child(join(path, 'template'), worker(rng, 'template'))
        return Sup(path, strategy, intensity, period, [template])
    children = []
    for number in range(rng.randint(2, MAX_CHILDREN)):
        child_path = join(path, f'c{number}')
        if depth < MAX_DEPTH and rng.random() < 0.3:
            children.append(make_sup_child(rng, child_path, depth + 1))
        else:
            children.append(Child(child_path, worker(rng, f'c{number}')))
    return Sup(path, strategy, intensity, period, children)


def make_sup_child(rng, path, depth):
    sup = make_sup(rng, path, depth)
    spec = {'id': path.rpartition('/')[2],
            'restart': rng.choice(RESTARTS[:4] if depth > 1 else ('permanent',)),
            'shutdown': rng.choice(('infinity', 'infinity', 'infinity', 'brutal_kill', 500))}
    return Child(path, spec, sup)


def make(rng):
    """The root's Sup."""
    trees = [make_sup_child(rng, f't{number}', 1) for number in range(NR_TREES)]
    pool = Sup('pool', 'simple_one_for_one', 1000, 1,
               [Child('pool/template', {**worker(rng, 'template'), 'restart': 'permanent'})])
    trees.append(Child('pool', {'id': 'pool', 'restart': 'permanent'}, pool))
    return Sup('/', 'one_for_one', ROOT_INTENSITY, 1, trees)


def all_sups(sup):
    found = [sup]
    for child in sup.children:
        if child.sup:
            found += all_sups(child.sup)
    return found


def config(root):
    """The text of the configuration; JSON is YAML."""
    return json.dumps(root.spec(), indent=1)
