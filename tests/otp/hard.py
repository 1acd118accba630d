# SPDX-License-Identifier: GPL-2.0-only
"""Difficult random scenarios.

Supervisors are four deep, blocked while deaths and calls come, changed together
with their parents, killed with all that is below them; specifications are invalid
where nobody looks, everything is significant, restarts fail in pools, supervisors
ignore.

They avoid races (README.md, "What is not compared"): no stop takes longer than its
timeout, except for workers that ignore it; a blocking start takes 400 ms, and events
during it begin after 150 ms, 50 ms apart; a supervisor that may be killed has only
workers.
"""

import copy
import random

REASONS = ['normal', 'shutdown', {'shutdown': 3}, {'code': 1}, {'code': 42},
           {'signal': 'SEGV'}, 'killed']
CRASHES = [{'code': 1}, {'code': 7}, {'signal': 'ABRT'}, 'killed']
STATIC = ['one_for_one', 'one_for_all', 'rest_for_one']
IDS = 'abcdefgh'
BLOCK_MS = 400
DEPTH = 4


class Supervisor:
    """What the generator remembers of one: its path, its present specification."""

    def __init__(self, path, spec, depth):
        self.path = path
        self.spec = spec
        self.depth = depth
        self.names = []           # of dynamic children so far
        self.changed = False

    def is_dynamic(self):
        return self.spec.get('strategy') == 'simple_one_for_one'

    def ids(self):
        return [child['id'] for child in self.spec['children']]


class Hard:
    """One scenario; see scenario()."""

    def __init__(self, seed):
        self.r = random.Random(seed)
        self.left = self.r.randint(4, 14)     # children still to hand out
        self.sups = {}                        # path -> Supervisor
        self.workers = []                     # paths, static ones
        self.fresh = 0
        self.in_template = False              # what ends in parallel does not wait
        self.steps = []

    def chance(self, p):
        return self.r.random() < p

    def new_id(self):
        self.fresh += 1
        return f'n{self.fresh}'

    # -- specifications ------------------------------------------------------

    def starts(self):
        """Outcomes of the attempts to start a worker: they fail and recover."""
        fails = [{'error': 'no'}, {'error': 'down'}, {'exit': {'code': 3}}, {'exit': 'normal'},
                 {'exit': {'signal': 'SEGV'}}, {'exit': {'shutdown': 1}}, 'ignore']
        out = ['ok'] * self.r.choice([1, 1, 1, 2])
        for _ in range(self.r.choice([1, 1, 2, 3])):
            out.append(self.r.choice(fails))
            if self.chance(0.2):
                out.append('ok')
        return out + ['ok']

    def blocking(self):
        """Attempts that take their time: the second one, and another one perhaps."""
        return [0, BLOCK_MS] + [BLOCK_MS if self.chance(0.2) else 0 for _ in range(3)] + [0]

    def stopping(self, child):
        """How a worker ends on request, with a shutdown that fits."""
        kind = self.r.random()
        if kind < 0.4:
            return None
        if kind < 0.52:
            child['shutdown'] = 'brutal_kill'
            return {'ignore': True} if self.chance(0.5) else None
        if kind < 0.62:
            child['shutdown'] = 60
            return {'ignore': True}
        if kind < 0.72:
            child['shutdown'] = self.r.choice([3000, 'infinity'])
            return {'delay_ms': 12, 'exit': self.r.choice(['shutdown', 'normal', {'code': 9}])}
        if kind < 0.9:
            return {'exit': self.r.choice(['normal', {'shutdown': 2}, {'code': 3}, 'killed',
                                           {'signal': 'SEGV'}])}
        child['shutdown'] = self.r.choice([2000, 'infinity'])
        return None

    def restart(self, child, auto):
        restart = self.r.choices(['permanent', 'transient', 'temporary'], [4, 4, 3])[0]
        if restart != 'permanent' or self.chance(0.3):
            child['restart'] = restart
        if auto != 'never' and restart != 'permanent' and self.chance(0.8):
            child['significant'] = True

    def worker(self, id_, auto):
        child = {'id': id_}
        behaviour = {}
        self.restart(child, auto)
        on_stop = self.stopping(child)
        if on_stop:
            behaviour['on_stop'] = on_stop
        if self.chance(0.3):
            behaviour['start'] = self.starts()
        elif self.chance(0.06):
            behaviour['start'] = ['ignore', 'ok']
        if self.chance(0.12) and not self.in_template:
            behaviour['start_delay_ms'] = self.blocking()
        if behaviour:
            child['behaviour'] = behaviour
        return child

    def flags(self, depth):
        r = self.r
        # what ends in parallel inside of what ends in parallel has no order to compare
        pool = {1: 0.7, DEPTH: 0}.get(depth, 2)
        spec = {'strategy': r.choices(STATIC + ['simple_one_for_one'], [3, 3, 3, pool])[0],
                'intensity': r.choice([0, 1, 1, 2, 3, 5, 9]), 'period': 3600}
        auto = r.choices(['never', 'any_significant', 'all_significant'],
                         [3, 1, 2] if depth > 1 else [8, 0.5, 2])[0]
        if auto != 'never' or self.chance(0.2):
            spec['auto_shutdown'] = auto
        return spec

    def supervisor_child(self, id_, depth, auto, may_kill=True):
        """A child that is a supervisor; its subtree is not known to the steps yet."""
        child = {'id': id_, 'type': 'supervisor'}
        if self.chance(0.6):
            self.restart(child, auto)
        child['sup'] = self.supervisor(depth + 1)
        only_workers = all('sup' not in c for c in child['sup']['children'])
        if may_kill and only_workers and self.chance(0.2):
            child['shutdown'] = 'brutal_kill'
        elif self.chance(0.15):
            child['shutdown'] = 5000
        return child

    def template(self, depth, auto):
        """Of a pool: now and then the children are supervisors."""
        if depth < DEPTH and self.chance(0.25):
            self.in_template = True
            child = self.supervisor_child('t', DEPTH - 1, auto, may_kill=False)
            self.in_template = False
            child['sup'].pop('init', None)
        else:
            child = self.worker('t', auto)
            child.get('behaviour', {}).pop('start', None)
            child.get('behaviour', {}).pop('start_delay_ms', None)
        return child

    def supervisor(self, depth, force=None):
        spec = self.flags(depth)
        if force:
            spec['strategy'] = force
        auto = spec.get('auto_shutdown', 'never')
        if depth > 1 and self.chance(0.04):
            spec['init'] = 'ignore'
        if spec['strategy'] == 'simple_one_for_one':
            spec['children'] = [self.template(depth, auto)]
            return spec
        number = min(self.left, self.r.randint(1 if depth > 1 else 2, 4))
        self.left -= number
        spec['children'] = []
        for k in range(number):
            if depth < DEPTH and self.chance(0.45 if depth < 3 else 0.25):
                spec['children'].append(self.supervisor_child(IDS[k], depth, auto))
            else:
                spec['children'].append(self.worker(IDS[k], auto))
        return spec

    def spoil(self, spec):
        """Make a specification invalid, somewhere below its top."""
        nested = [c['sup'] for c in spec['children'] if 'sup' in c]
        if not nested:
            return
        victim = self.r.choice(nested)
        kind = self.r.randrange(5)
        if kind == 0:
            victim['intensity'] = -1
        elif kind == 1:
            victim['strategy'] = 'one_for_al'
        elif kind == 2 and victim['children']:
            victim['children'][-1]['restart'] = 'always'
        elif kind == 3 and len(victim['children']) > 1:
            victim['children'][-1]['id'] = victim['children'][0]['id']
        else:
            self.spoil(victim)

    # -- what is known -------------------------------------------------------

    def learn(self, path, spec, depth=1):
        """Remember a supervisor and all below it."""
        self.sups[path] = Supervisor(path, spec, depth)
        if spec.get('strategy') == 'simple_one_for_one':
            return
        for child in spec['children']:
            self.learn_child(path, child, depth)

    def learn_child(self, path, child, depth):
        below = f"{path}/{child['id']}"
        if 'sup' in child:
            self.learn(below, child['sup'], depth + 1)
        elif below not in self.workers:
            self.workers.append(below)

    def pick(self, dynamic):
        found = [s for s in self.sups.values() if s.is_dynamic() == dynamic]
        return self.r.choice(found) if found else None

    def targets(self):
        """Paths of workers to be ended."""
        dynamic = [f'{s.path}/{name}' for s in self.sups.values()
                   if s.is_dynamic() and 'sup' not in s.spec['children'][0] for name in s.names]
        return self.workers + dynamic

    # -- steps ---------------------------------------------------------------

    def add(self, **step):
        self.steps.append(step)
        return step

    def exit_step(self, child, reasons=None):
        return self.add(op='exit', child=child,
                        reason=self.r.choice(reasons or self.r.choice([REASONS, CRASHES, CRASHES])))

    def some_exit(self):
        paths = self.targets()
        if paths:
            self.exit_step(self.r.choice(paths))

    def new_child(self, sup):
        """A CHILD for start_child: known or new, valid or not."""
        auto = sup.spec.get('auto_shutdown', 'never')
        known = sup.ids()
        id_ = self.r.choice(known) if known and self.chance(0.3) else self.new_id()
        self.left = max(self.left, 3)
        if self.chance(0.3) and sup.depth < DEPTH and not self.is_taboo(sup, id_):
            child = self.supervisor_child(id_, sup.depth, auto)
            if self.chance(0.15):
                self.spoil(child['sup'])
                return child
        else:
            child = self.worker(id_, auto)
            if self.chance(0.25):
                child.setdefault('behaviour', {})['start'] = self.r.choice(
                    [[{'error': 'no'}, 'ok'], ['ignore', 'ok'], [{'exit': 'killed'}, 'ok']])
        if self.chance(0.08):
            key = self.r.choice(['restart', 'type', 'shutdown', 'significant'])
            child[key] = self.r.choice(['bogus', -3])
        elif id_ not in known:
            sup.spec['children'].append(child)
            self.learn_child(sup.path, child, sup.depth)
        return child

    def is_taboo(self, sup, id_):
        """The oracle gives a changed specification to any supervisor at that path."""
        path = f'{sup.path}/{id_}'
        return any(s.changed and (s.path == path or s.path.startswith(path + '/'))
                   for s in self.sups.values())

    def is_pooled(self, sup):
        """A child of a pool that ignores its restart is a ghost in OTP. [I6]"""
        parent = sup.path.rpartition('/')[0]
        return parent in self.sups and self.sups[parent].is_dynamic()

    def is_killable(self, sup):
        """Whether it may be killed with what is below it, which must be workers then."""
        parent, _, id_ = sup.path.rpartition('/')
        if parent not in self.sups:
            return False
        return any(c['id'] == id_ and c.get('shutdown') == 'brutal_kill'
                   for c in self.sups[parent].spec['children'])

    def static_call(self, sup, alone=False):
        """A call to a static supervisor; another one may follow at once, unless alone."""
        op = self.r.choices(['terminate_child', 'restart_child', 'delete_child', 'start_child',
                             'which_children', 'count_children', 'get_childspec'],
                            [6, 5, 3, 5, 1, 1, 1])[0]
        if op in ('which_children', 'count_children'):
            return self.add(op=op, sup=sup.path)
        if op == 'start_child':
            if self.is_killable(sup):
                return self.add(op='count_children', sup=sup.path)
            return self.add(op=op, sup=sup.path, spec=copy.deepcopy(self.new_child(sup)))
        ids = sup.ids()
        id_ = self.r.choice(ids) if ids and self.chance(0.95) else 'nobody'
        if op == 'delete_child' and self.is_taboo(sup, id_):
            op = 'terminate_child'
        self.add(op=op, sup=sup.path, id=id_)
        if op == 'terminate_child' and not alone and self.chance(0.5):
            follow = self.r.choice(['restart_child', 'delete_child', 'terminate_child',
                                    'restart_child'])
            if follow != 'delete_child' or not self.is_taboo(sup, id_):
                self.add(op=follow, sup=sup.path, id=id_)
        return None

    def pool_start(self, sup):
        name = self.new_id()
        step = {'op': 'start_child', 'sup': sup.path, 'name': name}
        template = sup.spec['children'][0]
        if 'sup' in template:
            self.learn(f'{sup.path}/{name}', copy.deepcopy(template['sup']), sup.depth + 1)
        else:
            behaviour = copy.deepcopy(template.get('behaviour', {}))
            kind = self.r.random()
            if kind < 0.1:
                behaviour['start'] = [self.r.choice([{'error': 'no'}, 'ignore',
                                                     {'exit': {'code': 3}}])]
            elif kind < 0.5:
                behaviour['start'] = ['ok'] + [{'error': 'down'}] * self.r.randint(1, 3) + ['ok']
            if kind < 0.6:
                step['behaviour'] = behaviour
            if kind < 0.1:
                self.steps.append(step)
                return
        sup.names.append(name)
        self.steps.append(step)

    def pool_call(self, sup):
        if not sup.names or self.chance(0.4):
            self.pool_start(sup)
            return
        op = self.r.choice(['terminate', 'terminate', 'which_children', 'count_children', 'by_id',
                            'foreign'])
        if op == 'terminate':
            self.add(op='terminate_child', sup=sup.path, name=self.r.choice(sup.names))
        elif op == 'foreign':
            self.add(op='terminate_child', sup=sup.path, name='$foreign')
        elif op == 'by_id':
            self.add(op=self.r.choice(['terminate_child', 'restart_child', 'delete_child',
                                       'get_childspec']), sup=sup.path, id='t')
        else:
            self.add(op=op, sup=sup.path)

    def changed_children(self, sup, auto):
        """The children of a change: mostly known ones, in another order, altered."""
        children = copy.deepcopy(sup.spec['children'])
        if children and self.chance(0.3):
            children.pop(self.r.randrange(len(children)))
        if self.chance(0.3):
            self.r.shuffle(children)
        for child in children:
            if 'sup' not in child and self.chance(0.4):
                for key in ('restart', 'significant'):
                    child.pop(key, None)
                self.restart(child, auto)
            elif auto == 'never' or child.get('restart', 'permanent') == 'permanent':
                child.pop('significant', None)
            if 'sup' in child and self.chance(0.3) and not self.is_taboo(sup, child['id']):
                child['sup'].update({'intensity': self.r.choice([0, 2, 4])})
        while self.chance(0.4):
            self.left = max(self.left, 2)
            id_ = self.new_id()
            if self.chance(0.3) and sup.depth < DEPTH:
                child = self.supervisor_child(id_, sup.depth, auto)
            else:
                child = self.worker(id_, auto)
            children.insert(self.r.randint(0, len(children)), child)
        return children

    def change(self, sup):
        if sup.is_dynamic():
            return
        new = {**{k: v for k, v in sup.spec.items() if k != 'children'},
               'strategy': self.r.choice(STATIC), 'intensity': self.r.choice([0, 1, 2, 3, 5])}
        new.pop('init', None)
        new.pop('auto_shutdown', None)
        auto = self.r.choice(['never', 'never', 'any_significant', 'all_significant'])
        if auto != 'never':
            new['auto_shutdown'] = auto
        new['children'] = self.changed_children(sup, auto)
        if self.is_killable(sup):
            new['children'] = [c for c in new['children'] if 'sup' not in c]
        step = self.add(op='code_change', sup=sup.path, to=copy.deepcopy(new))
        kind = self.r.random()
        if kind < 0.06:
            step['to']['intensity'] = -1
        elif kind < 0.1 and step['to']['children']:
            step['to']['children'].append(copy.deepcopy(step['to']['children'][0]))
        elif kind < 0.16:
            self.spoil(step['to'])
        elif kind < 0.21 and not self.is_pooled(sup):
            step['to']['init'] = 'ignore'
            sup.changed = True
        else:
            self.accept_change(sup, new)

    def accept_change(self, sup, new):
        kept = [c for c in sup.spec['children']
                if c['id'] not in [n['id'] for n in new['children']]]
        known = sup.ids()
        new['children'] = new['children'] + kept
        sup.spec = new
        sup.changed = True
        for child in new['children']:
            if child['id'] not in known:
                self.learn_child(sup.path, child, sup.depth)

    def blocker(self):
        """A worker whose next start will take its time, and its supervisor."""
        found = []
        for sup in self.sups.values():
            for child in sup.spec['children']:
                if (not sup.is_dynamic() and sup.spec.get('intensity', 1) > 2
                        and 'start_delay_ms' in child.get('behaviour', {})):
                    found.append((sup, child))
        return self.r.choice(found) if found else None

    def happen_meanwhile(self, sup, siblings):
        """Something for a supervisor that is blocked, or for another one.

        Its children must not die while it starts itself, for it would notice while
        its parent goes on, and nothing orders the two. The root never does that.
        """
        if siblings and sup.path == 'root' and self.chance(0.7):
            self.exit_step(self.r.choice(siblings))
        elif self.chance(0.3):
            paths = [path for path in self.targets() if path.count('/') == 1]
            if paths:
                self.exit_step(self.r.choice(paths))
        else:
            other = sup if self.chance(0.5) else self.pick(dynamic=False)
            if other:
                self.static_call(other, alone=True)

    def burst(self):
        """Block a supervisor, and let things happen before it is ready again."""
        found = self.blocker()
        if not found:
            return
        sup, child = found
        siblings = [f"{sup.path}/{c['id']}" for c in sup.spec['children']
                    if c is not child and 'sup' not in c]
        self.exit_step(f"{sup.path}/{child['id']}", CRASHES)['settle'] = False
        self.add(op='sleep', ms=150, settle=False)
        for _ in range(self.r.randint(1, 3)):
            before = len(self.steps)
            self.happen_meanwhile(sup, siblings)
            for step in self.steps[before:]:
                step['settle'] = False
            self.add(op='sleep', ms=50, settle=False)
        self.steps[-1].pop('settle')

    def stop(self):
        paths = [path for path in self.sups if path != 'root' or self.chance(0.1)]
        if paths:
            self.add(op='stop', sup=self.r.choice(paths),
                     reason=self.r.choice(['normal', 'shutdown', {'shutdown': 1}, {'code': 4},
                                           {'signal': 'SEGV'}, 'killed']))

    def step(self):
        kind = self.r.random()
        static, pool = self.pick(dynamic=False), self.pick(dynamic=True)
        if kind < 0.36:
            self.some_exit()
        elif kind < 0.54:
            self.burst()
        elif kind < 0.74 and static:
            self.static_call(static)
        elif kind < 0.84 and pool:
            self.pool_call(pool)
        elif kind < 0.91 and static:
            self.change(static)
        elif kind < 0.98:
            self.stop()
        elif self.chance(0.1):
            self.add(op='shutdown_root')

    def scenario(self, name):
        tree = self.supervisor(1)
        tree['intensity'] = self.r.choice([3, 8, 20, 50])
        if self.chance(0.03):
            self.spoil(tree)
        first = copy.deepcopy(tree)
        self.learn('root', tree)
        for pool in [s for s in self.sups.values() if s.is_dynamic()]:
            for _ in range(self.r.randint(1, 3)):
                self.pool_start(pool)
        want = len(self.steps) + self.r.randint(4, 14)
        for _ in range(60):
            if len(self.steps) >= want:
                break
            self.step()
        return {'name': name, 'tree': first, 'steps': self.steps}
