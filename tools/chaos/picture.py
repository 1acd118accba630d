# SPDX-License-Identifier: GPL-2.0-only
"""What the witness knows of a supervisor: its specification, its children, and what it has
begun. A picture checks nothing; witness.py and rest.py do.
"""


class Violation(Exception):
    """A rule is broken; the text says which, where and by what."""


class Round:
    """The round after a death [D1] [D2] [D3]: these must start, in this order."""

    def __init__(self, dead, expected):
        self.dead, self.expected = dead, expected
        self.has_begun = False


class Picture:
    """A supervisor as the witness knows it."""

    def __init__(self, sup, restart, parent):
        self.sup, self.restart, self.parent = sup, restart, parent
        self.generation = None  # None: it does not run
        self.limits = {sup.intensity}  # one of them is its intensity now
        self.asked_limit = None  # by a request that has not been seen to come true
        self.asked_kinds = {}  # path: restart types of requests to add that child
        self.reset()

    def reset(self):
        """A new incarnation knows its specification only [E8]."""
        self.order = [] if self.sup.is_pool else [child.path for child in self.sup.children]
        self.kinds = {child.path: child.restart for child in self.sup.children}
        self.decisions, self.perhaps = [], []  # seconds of restarts; of what may be some
        self.ends = {}  # path: reason of the last end
        self.round = None
        self.failing = set()  # whose starts have failed: they are tried again [F1]
        self.is_murky = False  # a start may have causes that nobody can tell apart
        self.is_order_known = True
        self.has_given_up = False
        self.is_over = False  # more deaths than its intensity allows
        self.is_starting = False

    def kind(self, path):
        """Its restart type; None where several requests were made."""
        if self.sup.is_pool:
            return self.sup.children[0].restart
        if path in self.kinds:
            return self.kinds[path]
        asked = self.asked_kinds.get(path, ())
        return next(iter(asked)) if len(asked) == 1 else None

    def permanent(self):
        return [path for path, kind in self.kinds.items()
                if kind == 'permanent' and not self.sup.is_pool]

    def transient(self):
        return [path for path, kind in self.kinds.items()
                if kind == 'transient' and not self.sup.is_pool]

    def range_of(self, path):
        """Who is started after the end of a child, in order; None: it is not known."""
        if self.sup.is_pool or self.sup.strategy == 'one_for_one':
            return [path]
        if not self.is_order_known or path not in self.order:
            return None
        first = self.order.index(path) if self.sup.strategy == 'rest_for_one' else 0
        kinds = {other: self.kind(other) for other in self.order[first:]}
        if None in kinds.values():
            return None
        return [other for other, kind in kinds.items() if other == path or kind != 'temporary']

    def retry(self, path):
        """A child is started because a start has failed before; False: none has [F4] [F5]."""
        is_first = path in self.failing or (self.failing and self.sup.strategy == 'one_for_all')
        if is_first and self.sup.strategy in ('one_for_all', 'rest_for_one'):
            self.begin_round(path)
        return bool(is_first)

    def begin_round(self, path):
        expected = self.range_of(path)
        self.round = Round(path, expected) if expected else None
        self.is_murky = self.is_murky or not expected

    def after(self, path):
        """Who is stopped before that child, whenever both are stopped [G1]."""
        if self.sup.is_pool or not self.is_order_known or path not in self.order:
            return []
        return self.order[self.order.index(path) + 1:]

    def add(self, path):
        if not self.sup.is_pool and path not in self.order:
            self.order.append(path)

    def remove(self, path):
        self.ends.pop(path, None)
        self.failing.discard(path)
        if path in self.order:
            self.order.remove(path)
        if self.round and path in self.round.expected:
            self.round.expected.remove(path)
            self.round = self.round if self.round.expected else None

    def change(self, is_reload):
        """The daemon has changed it, by a request to do so or by a reload [K4]."""
        if self.asked_limit is not None and not is_reload:
            self.limits = {self.asked_limit}
        self.is_order_known = self.is_order_known and (not is_reload or self.asked_limit is None)
        self.asked_limit = None
        if is_reload and not self.sup.is_pool:
            told = [child.path for child in self.sup.children]
            self.order = told + [path for path in self.order if path not in told]
