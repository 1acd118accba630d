#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""tools/chaos and tools/soak: a short run of each, and whether the witness is awake:
sequences of events that no correct daemon sends, and a daemon with other rules.
"""

import contextlib
import importlib.machinery
import importlib.util
import io
import itertools
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import types

TOP, BIN = os.environ['ST_TEST_TOP'], os.environ['ST_TEST_BIN']
sys.path[:0] = [TOP + '/tests/lib', TOP + '/tools/chaos']
os.environ['PATH'] = BIN + ':' + os.environ['PATH']
import auditor  # noqa: E402
import forest  # noqa: E402
import ktap  # noqa: E402
import picture  # noqa: E402
import rest  # noqa: E402
import witness  # noqa: E402

PATIENCE_S = 300  # a hang guard
OUT_OF_ORDER = ('t/a', 't/c', 't/b')


def run(tool, *options):
    return subprocess.run([f'{TOP}/tools/{tool}/{tool}', BIN, *options], text=True,
                          capture_output=True, check=False, timeout=PATIENCE_S)


def tree(strategy='one_for_all', intensity=1, restart='permanent'):
    """A tree t with the workers a, b and c."""
    children = [forest.Child(f't/{name}', {'id': name, 'start': ['sleep', 'infinity'],
                                           'restart': restart}) for name in 'abc']
    # an hour: deaths that belong together stay so on a slow machine
    sup = forest.Sup('t', strategy, intensity, 3600, children)
    return forest.Sup('/', 'one_for_one', 9, 5, [forest.Child('t', {'id': 't'}, sup)])


class Story:
    """Events that no daemon has sent; each has the next number and a new generation."""

    def __init__(self, **options):
        self.root = tree(**options)
        self.witness = witness.Witness(self.root, os.getpid(), '/none')
        self.generation = self.seq = 0
        self.of = {}
        self.events = []

    def tell(self, name, path, **more):
        self.seq += 1
        if name == 'starting' or name == 'started' and path not in ('/', 't'):
            self.generation += 1
            self.of[path] = self.generation
        event = {'seq': self.seq, 'time_ns': self.seq, 'event': name, 'path': path,
                 'generation': self.of[path], **more}
        self.events.append(event)
        self.witness.see({'method': 'event', 'params': event})
        return self

    def begin(self, *paths):
        self.tell('starting', '/').tell('starting', 't')
        for path in paths or ('t/a', 't/b', 't/c'):
            self.tell('started', path)
        return self.tell('started', 't').tell('started', '/')

    def dies(self, path, reason='killed'):
        self.tell('exited', path, reason=reason)
        return self.tell('report', path, context='child_terminated', sup='t', reason=reason)

    def round(self):
        """All that one_for_all does after the death of t/b."""
        self.begin().dies('t/b')
        self.tell('exited', 't/c', reason='shutdown').tell('exited', 't/a', reason='shutdown')
        return self.tell('started', 't/a').tell('started', 't/b').tell('started', 't/c')

    def told_again(self, events):
        """Other events in the place of those of the story, and then all is at rest."""
        listener = witness.Witness(self.root, os.getpid(), '/none')
        for seq, event in enumerate(events, 1):
            listener.see({'method': 'event', 'params': {**event, 'seq': seq}})
        rest.check_alive(listener, set())


def broken(function):
    try:
        function()
    except picture.Violation as violation:
        return str(violation)
    raise AssertionError('the witness has seen nothing')


def test_chaos_finds_no_broken_rule_in_a_short_run_B1_D1_D2_D3_E1_E6():
    done = run('chaos', '--seed', '7', '--actions', '160', '--audit')
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr
    assert 'obeyed' in done.stdout and 'no difference' in done.stdout, done.stdout


def test_the_same_seed_is_the_same_trees_and_actions():
    plans = [run('chaos', '--seed', seed, '--actions', '50', '--plan').stdout
             for seed in ('1', '1', '2')]
    assert plans[0] == plans[1] != plans[2]


def test_every_strategy_and_restart_type_is_in_the_trees():
    texts = [json.dumps(forest.make(random.Random(seed)).spec()) for seed in range(20)]
    for word in (*forest.STRATEGIES, *forest.RESTARTS):
        assert any(f'"{word}"' in text for text in texts), word


def test_the_witness_sees_children_that_start_out_of_order_A1():
    assert '[A1]' in broken(lambda: Story().begin(*OUT_OF_ORDER))


def test_the_witness_sees_a_sibling_that_was_left_alone_in_a_round_D2():
    story = Story().begin().dies('t/b')
    assert '[D2]' in broken(lambda: story.tell('started', 't/b'))


def test_the_witness_sees_a_round_in_the_wrong_order_D3():
    story = Story(strategy='rest_for_one').begin().dies('t/b')
    story.tell('exited', 't/c', reason='shutdown')
    assert '[D3]' in broken(lambda: story.tell('started', 't/c'))


def test_the_witness_sees_a_supervisor_that_should_have_given_up_E1():
    story = Story(strategy='one_for_one', intensity=0).begin().dies('t/a')
    assert '[E1]' in broken(lambda: story.tell('started', 't/a'))


def test_the_witness_sees_a_supervisor_that_gives_up_too_early_E1():
    story = Story(strategy='one_for_one', intensity=5).begin().dies('t/a')
    assert '[E1]' in broken(lambda: story.tell('report', 't/a', context='shutdown', sup='t',
                                               reason='reached_max_restart_intensity'))


def test_the_witness_sees_a_supervisor_that_ends_before_its_children_G1():
    assert '[G1]' in broken(lambda: Story().begin().tell('exited', 't', reason='shutdown'))


def test_the_witness_sees_a_generation_that_comes_back_and_a_hole_in_the_stream():
    story = Story().begin().dies('t/b')
    story.generation -= 1
    assert 'comes back' in broken(lambda: story.tell('started', 't/b'))
    story = Story().begin()
    story.seq += 1
    assert 'hole' in broken(lambda: story.tell('exited', 't/a', reason='killed'))


def test_the_witness_sees_an_end_of_a_process_that_lives_M3():
    story = Story()
    story.tell('starting', 't').tell('started', 't/a', pid=os.getpid())
    assert 'is alive' in broken(lambda: story.tell('exited', 't/a', reason='killed'))


def test_a_story_by_the_rules_is_believed():
    story = Story().round()
    story.told_again(story.events)


def test_the_witness_misses_each_event_that_is_left_out():
    story = Story().round()
    for missing in range(len(story.events)):
        events = story.events[:missing] + story.events[missing + 1:]
        assert broken(lambda told=events: story.told_again(told)), story.events[missing]


def test_the_witness_does_not_believe_any_event_twice():
    story = Story().round()
    for number, event in enumerate(story.events):
        events = story.events[:number] + [event] + story.events[number:]
        assert broken(lambda told=events: story.told_again(told)), event


def test_the_witness_sees_a_start_that_nobody_asked_for_B2():
    story = Story(strategy='one_for_one', restart='transient').begin()
    story.tell('exited', 't/b', reason='normal')
    assert '[B2]' in broken(lambda: story.tell('started', 't/b'))


def test_the_witness_sees_a_temporary_child_that_comes_back_B2():
    story = Story(strategy='one_for_one', restart='temporary').begin().dies('t/b')
    assert '[B2]' in broken(lambda: story.tell('started', 't/b'))


def test_the_witness_sees_a_crash_after_which_nothing_happens_B2():
    story = Story(strategy='one_for_one', restart='transient').begin()
    story.tell('exited', 't/b', reason={'signal': 'SEGV'})
    assert '[B2]' in broken(lambda: story.told_again(story.events))


def test_the_witness_sees_a_retry_that_leaves_a_sibling_alone_F4():
    story = Story(intensity=3).round().dies('t/b')
    story.tell('exited', 't/c', reason='shutdown').tell('exited', 't/a', reason='shutdown')
    story.tell('started', 't/a').tell('start_failed', 't/b')
    assert 'still run' in broken(lambda: story.tell('started', 't/b'))


def test_the_witness_sees_a_retry_of_somebody_else_F5():
    story = Story(strategy='rest_for_one', intensity=3).begin().dies('t/b')
    story.tell('exited', 't/c', reason='shutdown').tell('start_failed', 't/b')
    assert 'nobody asked' in broken(lambda: story.tell('started', 't/c'))


def test_the_witness_sees_a_stop_in_the_order_of_the_start_G1():
    story = Story().begin().dies('t/b')
    assert '[G1]' in broken(lambda: story.tell('exited', 't/a', reason='shutdown'))


def test_the_witness_sees_a_supervisor_that_goes_on_after_giving_up_E6():
    story = Story(intensity=0).begin().dies('t/b')
    story.tell('report', 't/b', context='shutdown', sup='t', reason='killed')
    assert '[E6]' in broken(lambda: story.told_again(story.events))


def test_the_witness_sees_a_process_that_belongs_to_nobody():
    told = Story().begin().witness
    with subprocess.Popen(['cat'], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL):
        assert 'belongs to nobody' in broken(lambda: rest.check_children(told))


def test_the_witness_sees_an_orphan_outside_the_tree():
    pipes = {'stdin': subprocess.PIPE, 'stdout': subprocess.DEVNULL}
    env = {**os.environ, 'SUPTREE_SOCKET': '/none'}
    with subprocess.Popen(['cat'], **pipes) as daemon, subprocess.Popen(['cat'], **pipes, env=env):
        told = witness.Witness(tree(), daemon.pid, '/none')
        assert 'orphans' in broken(lambda: rest.check_children(told))


def auditing(answer, status):
    """What an audit of this answer is to chaos."""
    with tempfile.TemporaryDirectory() as folder:
        tool = pathlib.Path(folder, 'suptree')
        tool.write_text(f"#!/bin/sh\necho '{json.dumps(answer)}'\nexit {status}\n")
        tool.chmod(0o755)
        auditor.Auditor(folder, types.SimpleNamespace(socket='/none')).look()


def test_a_difference_that_an_audit_reports_breaks_the_run():
    difference = {'path': 't/a', 'difference': 'pid', 'daemon': '7', 'module': '8'}
    found = {'nodes': 5, 'differences': [difference]}
    assert "'module': '8'" in broken(lambda: auditing(found, 8))
    assert 'status 6' in broken(lambda: auditing({}, 6))
    auditing({'nodes': 5, 'differences': []}, 0)


def load_chaos():
    loader = importlib.machinery.SourceFileLoader('chaos_tool', TOP + '/tools/chaos/chaos')
    tool = importlib.util.module_from_spec(importlib.util.spec_from_loader('chaos_tool', loader))
    loader.exec_module(tool)
    return tool


def told_otherwise(root, lie, kills=1):
    """What chaos says of a daemon whose configuration is not what the witness knows."""
    tool = load_chaos()
    told = json.loads(forest.config(root))
    lie(told['children'][0])
    true_config, forest.config = forest.config, lambda _: json.dumps(told)
    plan = itertools.islice(itertools.cycle([('lull', {}), ('kill', {
        'worker': 't/b', 'signal': 'KILL'})]), 2 * kills)
    try:
        with contextlib.redirect_stdout(io.StringIO()) as said:
            status = tool.run(types.SimpleNamespace(seed=0, seconds=None, audit=False),
                              root, plan)
    finally:
        forest.config = true_config
    return f'{status} {said.getvalue()}'


def test_a_daemon_that_was_told_the_same_obeys_D2():
    assert told_otherwise(tree(), lambda told: None).startswith('0 ')


def test_a_daemon_with_another_strategy_is_found_out_D2():
    said = told_otherwise(tree(), lambda told: told['supervisor'].update(strategy='one_for_one'))
    assert said.startswith('1 ') and '[D2]' in said, said


def test_a_daemon_with_another_order_is_found_out_A1():
    said = told_otherwise(tree(), lambda told: told['supervisor']['children'].reverse())
    assert said.startswith('1 ') and '[A1]' in said, said


def test_a_daemon_with_less_intensity_is_found_out_E1():
    said = told_otherwise(tree(), lambda told: told['supervisor'].update(intensity=0))
    assert said.startswith('1 ') and '[E1]' in said, said


def test_a_daemon_with_more_intensity_is_found_out_E1():
    said = told_otherwise(tree(), lambda told: told['supervisor'].update(intensity=9), kills=3)
    assert said.startswith('1 ') and '[E1]' in said, said


def test_a_daemon_that_lets_a_permanent_child_stay_down_is_found_out_B1():
    said = told_otherwise(
        tree(), lambda told: told['supervisor']['children'][1].update(restart='temporary'))
    assert said.startswith('1 ') and 'VIOLATION' in said, said


def test_a_short_soak_runs_and_its_descriptors_and_ring_stay_the_same():
    done = run('soak', '--restarts', '200', '--calls', '2000', '--no-latency')
    assert 'soak: 200 restarts, 2,000 calls' in done.stdout, done.stdout + done.stderr
    assert ' changes: ' not in done.stdout, done.stdout


ktap.run(globals())
