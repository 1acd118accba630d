# SPDX-License-Identifier: GPL-2.0-only
"""Random scenarios of everyday events; hard.py has the difficult ones.

They contain only what the oracle can decide without races: trees up to three deep, up to
12 static children, up to 12 steps that do not depend on the clock; stop timeouts far
longer or far shorter than the worker needs; dynamic supervisors with only workers;
brutal_kill of a supervisor only if all its children are workers; a child that dies by
itself after its start only as the last child of a one_for_one root.

plain.jsonl.xz was made with the seed open-1. The order of the draws from the generator is
part of that: if it changes, the same seed gives other scenarios.
"""
import random

REASONS = ['normal', 'shutdown', {'shutdown': 1}, {'shutdown': 7}, {'code': 1}, {'code': 42},
           {'signal': 'SEGV'}, {'signal': 'ABRT'}, 'killed']
CRASHES = [{'code': 1}, {'code': 42}, {'signal': 'SEGV'}, 'killed']
NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l']


class Plain:
    """One scenario; see scenario()."""

    def __init__(self, seed):
        self.r = random.Random(seed)
        self.left = self.r.randint(3, 12)       # static children still to hand out
        self.workers = []                       # paths of static workers
        self.sups = []                          # (path, spec)
        self.children = {}                      # sup path -> known ids
        self.dynamic = {}                       # dynamic sup path -> started names
        self.fresh = 0
        self.stopped = None                     # last (sup, id) given to terminate_child

    def chance(self, p):
        return self.r.random() < p

    def outcomes(self, first_ok=True):
        """Start outcomes per attempt; the last one is always 'ok'."""
        r = self.r
        out = ['ok'] if first_ok else []
        for _ in range(r.choice([1, 1, 1, 2, 2, 3])):
            out.append(r.choice([{'error': 'e%d' % r.randint(1, 3)}, {'error': 'refused'},
                                 {'exit': r.choice(REASONS)}, 'ignore']
                                if self.chance(0.5) else [{'error': 'down'}]))
        if self.chance(0.3):
            out.insert(1, 'ok')
        return out + ['ok']

    def stop_behaviour(self, spec):
        """Choose a shutdown value and a matching stop behaviour."""
        r = self.r
        k = r.random()
        if k < 0.55:
            return {}
        if k < 0.65:
            spec['shutdown'] = 'brutal_kill'
            return {'ignore': True} if self.chance(0.5) else {}
        if k < 0.72:
            spec['shutdown'] = 120
            return {'ignore': True}
        if k < 0.80:
            spec['shutdown'] = r.choice([3000, 'infinity'])
            return {'delay_ms': r.choice([10, 30])}
        if k < 0.9:
            return {'exit': r.choice(['normal', {'shutdown': 2}, {'code': 3}])}
        spec['shutdown'] = r.choice([2000, 'infinity'])
        return {}

    def worker(self, id_, auto, allow_start_failure=True):
        r = self.r
        c = {'id': id_}
        restart = r.choices(['permanent', 'transient', 'temporary'], [5, 3, 2])[0]
        if restart != 'permanent' or self.chance(0.3):
            c['restart'] = restart
        if auto != 'never' and restart != 'permanent' and self.chance(0.6):
            c['significant'] = True
        b = {}
        on_stop = self.stop_behaviour(c)
        if on_stop:
            b['on_stop'] = on_stop
        if allow_start_failure and self.chance(0.2):
            b['start'] = self.outcomes()
        elif self.chance(0.04):
            b['start'] = ['ignore', 'ok']
        if b:
            c['behaviour'] = b
        return c

    def sup(self, path, depth, force=None):
        r = self.r
        strategy = force or r.choices(['one_for_one', 'one_for_all', 'rest_for_one',
                                       'simple_one_for_one'],
                                      [4, 3, 3, 2.5 if depth > 1 else 1])[0]
        auto = r.choices(['never', 'any_significant', 'all_significant'], [6, 1, 1.5])[0]
        s = {'strategy': strategy, 'intensity': r.choice([0, 1, 1, 2, 3, 3, 4, 6]), 'period': 3600}
        if auto != 'never':
            s['auto_shutdown'] = auto
        self.sups.append((path, s))
        self.children[path] = []
        if strategy == 'simple_one_for_one':
            t = self.worker('t', auto, allow_start_failure=False)
            t.get('behaviour', {}).pop('start', None)
            s['children'] = [t]
            self.dynamic[path] = []
            return s
        n = min(self.left, r.randint(1, 5 if depth == 1 else 4))
        self.left -= n
        kids = []
        for k in range(n):
            id_ = NAMES[k]
            if depth < 3 and self.chance(0.35 if depth == 1 else 0.25):
                c = {'id': id_, 'type': 'supervisor'}
                if self.chance(0.35):
                    c['restart'] = r.choice(['transient', 'temporary'])
                    if auto != 'never' and self.chance(0.5):
                        c['significant'] = True
                c['sup'] = self.sup(path + '/' + id_, depth + 1)
                if (c['sup']['strategy'] != 'simple_one_for_one' and self.chance(0.12)
                        and all('sup' not in x for x in c['sup']['children'])):
                    c['shutdown'] = 'brutal_kill'
            else:
                c = self.worker(id_, auto)
                self.workers.append(path + '/' + id_)
            kids.append(c)
            self.children[path].append(id_)
        s['children'] = kids
        return s

    def pick_sup(self, dynamic):
        c = [p for p, s in self.sups if (s['strategy'] == 'simple_one_for_one') == dynamic]
        return self.r.choice(c) if c else None

    def some_id(self, sup):
        ids = self.children[sup]
        return self.r.choice(ids) if ids and self.chance(0.92) else 'nobody'

    def new_id(self):
        self.fresh += 1
        return 'n%d' % self.fresh

    def dyn_paths(self):
        return [p + '/' + n for p, names in self.dynamic.items() for n in names]

    def static_call(self, sup):
        r = self.r
        op = r.choices(['terminate_child', 'restart_child', 'delete_child', 'start_child',
                        'which_children', 'count_children', 'get_childspec'],
                       [5, 4, 2, 5, 1, 1, 1])[0]
        if self.stopped and self.chance(0.4):   # go on with a child that was stopped
            sup, id_ = self.stopped
            self.stopped = None
            op = r.choice(['restart_child', 'delete_child', 'start_child', 'terminate_child'])
            if op == 'start_child':
                return {'op': op, 'sup': sup, 'spec': {'id': id_}}
            return {'op': op, 'sup': sup, 'id': id_}
        step = {'op': op, 'sup': sup}
        if op in ('which_children', 'count_children'):
            return step
        if op == 'start_child':
            spec = dict(self.sups)[sup]
            auto = spec.get('auto_shutdown', 'never')
            again = self.chance(0.35)
            id_ = self.some_id(sup) if again else self.new_id()
            child = self.worker(id_, auto)
            if not again and self.chance(0.25):
                child['behaviour'] = {**child.get('behaviour', {}),
                                      'start': r.choice([[{'error': 'no'}, 'ok'], ['ignore', 'ok'],
                                                         [{'exit': {'code': 3}}, 'ok']])}
            if self.chance(0.06):
                child[r.choice(['restart', 'type', 'shutdown'])] = 'bogus'
            elif id_ not in self.children[sup] and id_ != 'nobody':
                self.children[sup].append(id_)
                self.workers.append(sup + '/' + id_)
            step['spec'] = child
            return step
        step['id'] = self.some_id(sup)
        if op == 'terminate_child':
            self.stopped = (sup, step['id'])
        return step

    def dynamic_call(self, sup):
        r = self.r
        names = self.dynamic[sup]
        if not names or self.chance(0.45):
            name = self.new_id()
            step = {'op': 'start_child', 'sup': sup, 'name': name}
            k = r.random()
            template = dict(self.sups)[sup]['children'][0].get('behaviour', {})
            if k < 0.12:
                step['behaviour'] = {**template, 'start': [r.choice([{'error': 'no'}, 'ignore',
                                                                      {'exit': {'code': 3}}])]}
                return step                    # never runs
            if k < 0.3:
                fails = [{'error': 'down'}] * r.randint(1, 2)
                step['behaviour'] = {**template, 'start': ['ok'] + fails + ['ok']}
            names.append(name)
            return step
        op = r.choice(['terminate_child', 'terminate_child', 'which_children', 'count_children',
                       'by_id'])
        if op == 'terminate_child':
            # only after its start_child step, which may have failed with noproc
            return {'op': op, 'sup': sup, 'name': r.choice(names)}
        if op == 'by_id':
            return {'op': r.choice(['terminate_child', 'restart_child', 'delete_child',
                                    'get_childspec']), 'sup': sup, 'id': 't'}
        return {'op': op, 'sup': sup}

    def change(self, sup):
        """New flags and a new child list for a static supervisor."""
        r = self.r
        old = dict(self.sups)[sup]
        new = {**old, 'strategy': r.choice(['one_for_one', 'one_for_all', 'rest_for_one']),
               'intensity': r.choice([0, 1, 2, 3, 5])}
        kids = list(old['children'])
        if kids and self.chance(0.3):
            kids.pop(r.randrange(len(kids)))
        if self.chance(0.4):
            id_ = self.new_id()
            auto = new.get('auto_shutdown', 'never')
            kids.insert(r.randint(0, len(kids)), self.worker(id_, auto))
            self.children[sup].append(id_)
            self.workers.append(sup + '/' + id_)
        if self.chance(0.12):
            new['intensity'] = -1
        new['children'] = kids
        if new['intensity'] != -1:
            self.sups = [(p, new if p == sup else s) for p, s in self.sups]
        return {'op': 'code_change', 'sup': sup, 'to': new}

    def scenario(self, name):
        r = self.r
        tree = self.sup('root', 1)
        tree['intensity'] = r.choice([1, 2, 4, 6, 8, 10])
        if (tree['strategy'] == 'one_for_one' and self.chance(0.12)
                and 'sup' not in tree['children'][-1]):
            last = tree['children'][-1]
            last.setdefault('behaviour', {})
            last['behaviour'].pop('start', None)
            ends = [{'exit': r.choice(REASONS)} for _ in range(r.randint(1, 3))]
            last['behaviour']['after_start'] = ['run', *ends, 'run']
        steps = []
        for p in self.dynamic:                 # give every pool something to do
            for _ in range(r.randint(1, 2)):
                n = self.new_id()
                self.dynamic[p].append(n)
                steps.append({'op': 'start_child', 'sup': p, 'name': n})
        want = r.randint(4, 12)
        while len(steps) < want:
            k = r.random()
            ds, ss = self.pick_sup(True), self.pick_sup(False)
            if k < 0.5:
                paths = self.workers + self.dyn_paths()
                if paths:
                    child = r.choice(paths[-6:] if self.chance(0.3) else paths)
                    steps.append({'op': 'exit', 'child': child,
                                  'reason': r.choice(CRASHES if self.chance(0.6) else REASONS)})
                else:
                    k = 0.6
            if 0.5 <= k < 0.86:
                if ds and (not ss or self.chance(0.4)):
                    steps.append(self.dynamic_call(ds))
                elif ss:
                    steps.append(self.static_call(ss))
            elif 0.86 <= k < 0.93:
                nested = [p for p, _ in self.sups if p != 'root']
                if nested:
                    steps.append({'op': 'stop', 'sup': r.choice(nested), 'reason':
                                  r.choice(['normal', 'shutdown', {'shutdown': 1}, {'code': 4}])})
            elif k >= 0.93 and ss and not self.has_after_start(tree):
                steps.append(self.change(ss))
        return {'name': name, 'tree': tree, 'steps': steps}

    @staticmethod
    def has_after_start(tree):
        return any('after_start' in c.get('behaviour', {}) for c in tree['children'])
