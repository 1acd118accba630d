# SPDX-License-Identifier: GPL-2.0-only
"""The goals for the daemon, and the table of results. A goal is a limit for one of these:
a ratio to the floor, which ran next to it, or to the floor that keeps OTP's order; a
ratio to another figure of the daemon; or the figure itself. Ratios are computed run by
run, and their median counts, because the load of the machine changes from minute to
minute. Called by run.
"""

import dataclasses
import statistics

FLOOR_RATIO, ORDERED_RATIO, OWN_RATIO, ABSOLUTE = range(4)


@dataclasses.dataclass(frozen=True)
class Goal:
    title: str
    unit: str
    figure: str
    limit: float
    kind: int = FLOOR_RATIO
    base: str = ''          # OWN_RATIO: the figure it is held against
    at_least: bool = False  # more is better

    def text(self):
        sign = '>=' if self.at_least else '<='
        if self.kind == ABSOLUTE:
            return f'{sign} {self.limit:g} {self.unit}'.strip()
        return f'{sign} {self.limit:.2f} x' + (' own' if self.kind == OWN_RATIO else '')

    def is_met(self, value):
        return value >= self.limit if self.at_least else value <= self.limit


GOALS = (
    Goal('restart with 250 children, p50', 'us', 'restart_250', 1.2),
    Goal('restart with 5,000, against its own with 250', 'us', 'restart_5000', 1.3,
         OWN_RATIO, 'restart_250'),
    Goal('crash loop of 1 child', '/s', 'crash_1', 0.85, at_least=True),
    Goal('crash loop of 100', '/s', 'crash_100', 0.75, at_least=True),
    Goal('crash loop of 100, in order', '/s', 'crash_100', 0.75, ORDERED_RATIO, at_least=True),
    Goal('start 1,000', 'ms', 'start_1000', 1.25),
    Goal('start 1,000, in order', 'ms', 'start_1000', 1.25, ORDERED_RATIO),
    Goal('start 10,000', 'ms', 'start_10000', 1.5),
    Goal('start 10,000, in order', 'ms', 'start_10000', 1.5, ORDERED_RATIO),
    Goal('stop 1,000', 'ms', 'stop_1000', 1.5),
    Goal('stop 1,000, in order', 'ms', 'stop_1000', 1.5, ORDERED_RATIO),
    Goal('stop 10,000', 'ms', 'stop_10000', 1.5),
    Goal('stop 10,000, in order', 'ms', 'stop_10000', 1.5, ORDERED_RATIO),
    Goal('all back after SIGKILL to 1,000', 'ms', 'mass_1000', 1.25),
    Goal('all back after SIGKILL to 1,000, in order', 'ms', 'mass_1000', 1.25, ORDERED_RATIO),
    Goal('memory per child, 5,000', 'KiB', 'kib_5000', 1, ABSOLUTE),
    Goal('CPU ticks in {idle_s} s idle, 1,000', '', 'idle_ticks', 0, ABSOLUTE),
    Goal('context switches in {idle_s} s idle', '', 'idle_switches', 0, ABSOLUTE),
)


def has_ordered(names):
    """Whether a goal holds one of these figures against the floor in order."""
    return any(goal.kind == ORDERED_RATIO and goal.figure in names for goal in GOALS)


class Results:
    """values[driver][figure][rep], filled by run."""

    def __init__(self, floor, ordered):
        self.floor = floor
        self.ordered = ordered
        self.values = {}
        self.failures = []

    def add(self, driver, rep, found):
        for figure, value in found.items():
            self.values.setdefault(driver, {}).setdefault(figure, {})[rep] = value

    def base_driver(self, driver, goal):
        """Whose figure the goal divides by."""
        return {FLOOR_RATIO: self.floor, ORDERED_RATIO: self.ordered}.get(goal.kind, driver)

    def of(self, driver, figure):
        return self.values.get(driver, {}).get(figure, {})

    def median(self, driver, figure):
        values = self.of(driver, figure).values()
        return statistics.median(values) if values else None

    def judged(self, driver, goal):
        """All values of what the goal limits, a run each; empty if nothing was measured."""
        values = self.of(driver, goal.figure)
        if goal.kind == ABSOLUTE:
            return list(values.values())
        base = self.of(self.base_driver(driver, goal), goal.base or goal.figure)
        return [value / base[rep] for rep, value in values.items() if base.get(rep)]


def number(value):
    if value is None:
        return '-'
    return f'{value:,.0f}' if abs(value) >= 100 else f'{value:.3g}'


def spread(goal, judged):
    """The median and, of ratios, the range."""
    if not judged:
        return '-'
    if goal.kind == ABSOLUTE:
        return number(statistics.median(judged))
    text = f'{statistics.median(judged):.2f}'
    return text + (f' ({min(judged):.2f}-{max(judged):.2f})' if len(judged) > 1 else '')


def table(results, subject, peers, idle_s):
    """The lines of a table in Markdown; and the number of goals that are missed."""
    head = ['figure', 'floor', subject, 'median (range)', 'goal', '', *peers]
    lines = ['| ' + ' | '.join(head) + ' |', '|' + '---|' * len(head)]
    missed = 0
    for goal in GOALS:
        judged = results.judged(subject, goal)
        met = bool(judged) and goal.is_met(statistics.median(judged))
        missed += not met
        floor = results.ordered if goal.kind == ORDERED_RATIO else results.floor
        unit = f', {goal.unit}' if goal.unit else ''
        cells = [goal.title.format(idle_s=f'{idle_s:g}') + unit,
                 number(results.median(floor, goal.figure)),
                 number(results.median(subject, goal.figure)),
                 spread(goal, judged), goal.text(), 'PASS' if met else 'MISS']
        cells += [spread(goal, results.judged(peer, goal)) for peer in peers]
        lines.append('| ' + ' | '.join(cells) + ' |')
    return lines, missed
