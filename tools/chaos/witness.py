# SPDX-License-Identifier: GPL-2.0-only
"""Checks that the tree obeys its rules, from the specifications and the stream of events;
each event is compared with /proc and pidfds.

It knows the specifications of the supervisors (forest.py), and the requests and faults
(actions.py reports them), and keeps its own picture: which children are alive, in which
generation, in which order. It asks the daemon nothing; rest.py compares the picture with
the machine when everything has come to rest.
"""

import processes
from picture import Picture, Violation


class Witness:
    """The picture of the whole tree."""

    def __init__(self, root, daemon_pid, socket):
        self.daemon_pid, self.socket = daemon_pid, socket
        self.sups = {}
        self.add_sup(root, 'permanent', None)
        self.live = {}  # path: generation, of workers and supervisors
        self.pids = {}  # path: pid, of live workers
        self.watches = {}  # (path, generation): Watch
        self.used = set()  # generations; none of them comes back
        self.seq = 0
        self.ignored = set()
        # since all was at rest:
        self.asked = set()  # paths that a request may have started
        self.harmed = {}  # path that somebody else may have stopped: generation, None: any
        self.is_reloading = False

    def add_sup(self, sup, restart, parent):
        self.sups[sup.path] = Picture(sup, restart, parent)
        for child in sup.children:
            if child.sup:
                self.add_sup(child.sup, child.restart, sup.path)

    def above(self, path):
        """The supervisor's picture of a child."""
        return self.sups.get(path.rpartition('/')[0] or '/') if path != '/' else None

    def must(self, truth, text):
        if not truth:
            raise Violation(f'event {self.seq}: {text}')

    def has_rested(self):
        """All that was asked has been answered, and nothing moves."""
        self.asked.clear()
        self.harmed = {  # what has got SIGTERM may take its time to end
            path: self.live[path] for path, generation in self.harmed.items()
            if path in self.live and generation in (None, self.live[path])}
        self.is_reloading = False
        for picture in self.sups.values():
            picture.failing.clear()
            picture.is_murky = False
            picture.asked_limit = None
            picture.asked_kinds = {path: kinds for path, kinds in picture.asked_kinds.items()
                                   if path in picture.order}

    # ---- what was done and asked for ----

    def harm(self, path, is_request=True):
        """A signal, or a request that will be served when its turn comes."""
        if path not in self.harmed or self.harmed[path] is not None:
            self.harmed[path] = None if is_request else self.live.get(path)

    def is_harmed(self, path, generation):
        return path in self.harmed and self.harmed[path] in (None, generation)

    def ask_child(self, path, kind):
        """A request to add a child may come true."""
        self.above(path).asked_kinds.setdefault(path, set()).add(kind)
        self.asked.add(path)

    def ask_limit(self, path, intensity):
        """False: another change is under way, and nobody could tell which came last."""
        picture = self.sups[path]
        if picture.asked_limit is not None:
            return False
        picture.asked_limit = intensity
        picture.limits.add(intensity)
        return True

    def ask_reload(self, intensities):
        """{path: intensity} of the new file; what is deleted there comes back, stopped [K3]."""
        self.is_reloading = True
        for path, intensity in intensities.items():
            self.sups[path].limits.add(intensity)

    # ---- what has happened ----

    def see(self, message):
        """One notification of the event stream."""
        params = message['params']
        if message['method'] == 'resync':
            self.must(False, f'events were lost to a client that reads at once: {params}')
        self.must(params['seq'] == self.seq + 1,
                  f'its number is {params["seq"]}: the stream has a hole')
        self.seq = params['seq']
        handler = getattr(self, 'see_' + params['event'], None)
        if handler:
            handler(params)

    def children_of(self, path):
        return [other for other in self.live
                if other != path and self.above(other) is self.sups[path]]

    def see_starting(self, event):
        path = event['path']
        self.begin(event)
        self.must(not self.children_of(path),
                  f'{path} starts while {self.children_of(path)} run [A5] [G7]')
        self.sups[path].reset()
        self.sups[path].is_starting = True
        for picture in self.sups.values():  # its own specification may be the old one
            if picture.parent == path:
                picture.limits.add(picture.sup.intensity)

    def begin(self, event):
        path, generation = event['path'], event['generation']
        self.must(generation not in self.used, f'generation {generation} of {path} comes back')
        self.used.add(generation)

    def see_started(self, event):
        path, generation = event['path'], event['generation']
        if path not in self.sups:
            self.begin(event)
        self.must(path not in self.live, f'{path} starts while it runs')
        self.take_turn(path)
        self.live[path] = generation
        self.ignored.discard(path)
        if path in self.sups:
            self.sups[path].generation = generation
            self.sups[path].is_starting = False
        elif 'pid' in event:
            self.pids[path] = event['pid']
            self.watch(path, generation, event['pid'])

    def watch(self, path, generation, pid):
        """Is it a child of the daemon, and the one it is said to be?"""
        look = processes.Process(pid)
        self.watches[path, generation] = processes.Watch(pid)
        if not look.is_there or look.is_zombie or look.parent != self.daemon_pid:
            return  # it has ended since; `exited` must say so, or rest.py will
        if look.path and processes.Process(pid).key == look.key:
            self.must((look.path, look.generation) == (path, generation),
                      f'{path} of generation {generation} is process {look}')

    def take_turn(self, path):
        """A start has a cause, and its turn."""
        picture = self.above(path)
        if not picture:
            return
        sup_path = picture.sup.path
        self.must(not picture.has_given_up, f'{path} starts after {sup_path} gave up [E6]')
        self.must(not picture.is_over, f'{path} starts, one more than {sup_path} may [E1]')
        if picture.is_starting:
            later = [other for other in picture.after(path) if other in self.live]
            self.must(not later, f'{path} starts after {later} [A1]')
        elif path in self.asked and not picture.round:
            picture.is_murky = picture.is_murky or bool(picture.failing)
        elif not picture.is_murky or picture.round:
            self.must(picture.round or picture.retry(path),
                      f'{path} starts, but nothing has ended that it is restarted for, '
                      f'and nobody asked [B1] [B2]')
        if picture.round:
            self.take_part(picture, path)
        picture.failing.discard(path)

    def take_part(self, picture, path):
        current = picture.round
        if not current.has_begun:
            current.has_begun = True
            left = [other for other in current.expected if other in self.live]
            self.must(not left, f'{path} starts while {left} still run [D2] [D3]')
        self.must(current.expected[0] == path,
                  f'{path} starts after the end of {current.dead}, '
                  f'but {current.expected[:1]} is next [D1] [D2] [D3]')
        current.expected.pop(0)
        if not current.expected:
            picture.round = None

    def see_ignored(self, event):
        if event['path'] not in self.sups:
            self.begin(event)
        self.ignored.add(event['path'])
        self.take_turn(event['path'])

    def see_start_failed(self, event):
        picture = self.above(event['path'])
        if event['path'] in self.sups:
            self.sups[event['path']].is_starting = False
        if picture:
            picture.round = None
            picture.failing.add(event['path'])

    def see_start_aborted(self, event):
        self.see_start_failed(event)

    def see_exited(self, event):
        path, generation = event['path'], event['generation']
        self.must(self.live.get(path) == generation,
                  f'{path} ends in generation {generation}, it runs in {self.live.get(path)}')
        del self.live[path]
        self.pids.pop(path, None)
        watch = self.watches.pop((path, generation), None)
        if watch:
            self.must(watch.has_ended(), f'{path}: process {watch.pid} is alive [M3]')
            watch.close()
        self.end_in_turn(path, generation, event['reason'])
        if path in self.sups:
            self.end_sup(path, event)

    def end_in_turn(self, path, generation, reason):
        """Nobody but its supervisor can have sent it SIGTERM: who started later is dead."""
        picture = self.above(path)
        if not picture:
            return
        picture.ends[path] = reason
        is_own_end = path in self.sups and self.sups[path].has_given_up
        if reason == 'shutdown' and not self.is_harmed(path, generation) and not is_own_end:
            left = [other for other in picture.after(path) if other in self.live]
            self.must(not left, f'{path} is stopped while {left} still run [G1] [D6]')

    def end_sup(self, path, event):
        picture = self.sups[path]
        if picture.has_given_up:
            self.must(event['reason'] in ('shutdown', 'killed'),
                      f'{path} gave up and ends with {event["reason"]} [E6]')
        if event['reason'] != 'killed':
            self.must(not self.children_of(path),
                      f'{path} ends before {self.children_of(path)} [G1]')
        picture.generation = None
        picture.round = None

    def see_removed(self, event):
        picture = self.above(event['path'])
        if picture:
            picture.remove(event['path'])

    def see_added(self, event):
        picture = self.above(event['path'])
        if picture:
            picture.add(event['path'])

    def see_changed(self, event):
        self.sups[event['path']].change(self.is_reloading)

    def see_report(self, event):
        picture = self.sups.get(event['sup'])
        if not picture or 'path' not in event:
            return
        if event['context'] == 'child_terminated':
            self.decide(picture, event)
        elif event['context'] == 'start_error':
            picture.perhaps.append(event['time_ns'] // 1000000000)
        elif event['context'] == 'shutdown':
            self.give_up(picture, event)

    def within(self, picture, times, now_s):
        return [time for time in times if time >= now_s - picture.sup.period]

    def decide(self, picture, event):
        """A death that is followed by a restart, if the intensity allows it [E1]."""
        path, kind = event['path'], picture.kind(event['path'])
        now_s = event['time_ns'] // 1000000000
        self.must(path not in self.live, f'{path} is said to be terminated and runs')
        self.must(not picture.round or kind == 'temporary',
                  f'{path} is decided upon amid a round [M1]')
        if kind is None:  # added by a request: perhaps a temporary one
            picture.perhaps.append(now_s)
            picture.is_murky = True
        if kind in ('temporary', None):
            return
        picture.decisions = self.within(picture, [*picture.decisions, now_s], now_s)
        picture.begin_round(path)
        picture.is_over = len(picture.decisions) > max(picture.limits)

    def give_up(self, picture, event):
        now_s = event['time_ns'] // 1000000000
        most = (len(self.within(picture, picture.decisions, now_s))
                + len(self.within(picture, picture.perhaps, now_s)))
        self.must(most > min(picture.limits),
                  f'{picture.sup.path} gives up after {most} restarts of '
                  f'{min(picture.limits)} [E1]')
        picture.has_given_up = True
        picture.is_over = False
        picture.round = None
