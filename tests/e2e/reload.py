#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Reload: the plan says what will be, and that is what happens. [K3] [K9]"""

import json
import os
import random
import signal
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from suptreed import Daemon, Refused, states  # noqa: E402

LISTS = ('added', 'started', 'stopped', 'changed', 'logs', 'variables', 'removed', 'kept',
         'failed')
SLEEP = ['sleep', 'infinity']


def worker(name, **keys):
    return {'id': name, 'start': SLEEP, 'output': 'null', **keys}


def supervisor(name, *children, **keys):
    return {'id': name, 'supervisor': {**keys, 'children': list(children)}}


def text(*children, **keys):
    return json.dumps({**keys, 'children': list(children)})


def said(plan):
    """What a plan says, without the lists that are empty."""
    return {name: plan[name] for name in LISTS if plan[name]}


def reload_both(daemon, **flags):
    """A dry run, then the reload; both say the same."""
    plan = daemon.call('reload', dry_run=True, **flags)
    done = daemon.call('reload', **flags)
    assert plan.pop('dry_run') is True and done.pop('dry_run') is False
    assert plan == done, (plan, done)
    return said(done)


def give_up(daemon, child, sup):
    os.kill(daemon.pid(child), signal.SIGKILL)
    daemon.until(f'{sup}=stopped')
    daemon.call('settle')


def test_what_changed_below_a_supervisor_that_gave_up_is_started_next_K9():
    def config(number):
        web = supervisor('web', worker('a', shutdown=number), intensity=0)
        return text(supervisor('up', {**web, 'restart': 'transient'}))
    with Daemon(config(1)) as daemon:
        give_up(daemon, 'up/web/a', 'up/web')
        daemon.write(config(77))
        assert reload_both(daemon) == {'changed': ['up/web']}
        assert reload_both(daemon) == {}
        daemon.call('restart_child', path='up/web')
        assert daemon.call('get_childspec', path='up/web/a')['shutdown'] == 77
        assert reload_both(daemon) == {}


def test_an_earlier_change_below_does_not_outlive_a_reload_K9():
    def config(number):
        inner = supervisor('inner', worker('a', shutdown=number), intensity=0)
        return text(supervisor('web', {**inner, 'restart': 'transient'}, intensity=0))
    with Daemon(config(1)) as daemon:
        daemon.write(config(2))
        assert reload_both(daemon) == {'changed': ['web/inner']}
        daemon.call('terminate_child', path='web')
        daemon.write(config(3))
        assert reload_both(daemon) == {'changed': ['web']}
        daemon.call('restart_child', path='web')
        assert daemon.call('get_childspec', path='web/inner/a')['shutdown'] == 3


def test_what_was_unloaded_is_added_again_and_started_if_asked_K9():
    config = text(supervisor('web', worker('a')), worker('other'))
    with Daemon(config) as daemon:
        daemon.call('unload', path='web')
        assert reload_both(daemon) == {'added': ['web'], 'stopped': ['web'], 'changed': ['/']}
        assert states(daemon.call('tree')['root'])['web'] == 'stopped'
        assert reload_both(daemon) == {'stopped': ['web']}
        assert reload_both(daemon, start_new=True) == {'started': ['web']}
        assert states(daemon.call('tree')['root'])['web/a'] == 'running'
        daemon.call('unload', path='web')
        assert reload_both(daemon, start_new=True) == {
            'added': ['web'], 'started': ['web'], 'changed': ['/']}
        assert states(daemon.call('tree')['root'])['web/a'] == 'running'
        assert reload_both(daemon, start_new=True) == {}


def test_a_child_that_was_added_without_a_start_is_started_by_a_later_reload_K3():
    with Daemon(text(supervisor('demo', worker('t1'), worker('t2')))) as daemon:
        daemon.write(text(supervisor('demo', worker('t1'), worker('t2'), worker('t3'))))
        assert reload_both(daemon) == {'added': ['demo/t3'], 'stopped': ['demo/t3'],
                                       'changed': ['demo']}
        assert reload_both(daemon) == {'stopped': ['demo/t3']}
        assert states(daemon.call('tree')['root'])['demo/t3'] == 'stopped'
        assert reload_both(daemon, start_new=True) == {'started': ['demo/t3']}
        assert states(daemon.call('tree')['root'])['demo/t3'] == 'running'
        daemon.call('terminate_child', path='demo/t3')  # no longer new
        assert reload_both(daemon, start_new=True) == {}


def test_a_temporary_child_that_has_ended_is_not_run_again_K9():
    job = worker('job', restart='temporary')
    with Daemon(text(job, worker('a'))) as daemon:
        events = daemon.follow()
        os.kill(daemon.pid('job'), signal.SIGKILL)
        events.event('removed', 'job')
        assert reload_both(daemon, start_new=True) == {}
        daemon.write(text(job, worker('a', shutdown=9), worker('b')))
        assert reload_both(daemon, start_new=True) == {
            'added': ['b'], 'started': ['b'], 'changed': ['/']}
        assert 'job' not in states(daemon.call('tree')['root'])


def test_a_start_that_fails_is_said_and_the_rest_is_done():
    with Daemon(text(worker('a'))) as daemon:
        daemon.write(text(worker('a'), {'id': 'bad', 'start': ['/nonexistent']}, worker('b')))
        done = daemon.call('reload', start_new=True)
        assert [failure['path'] for failure in done['failed']] == ['bad'], done
        assert 'nonexistent' in done['failed'][0]['message'], done
        assert done['started'] == ['b'] and done['added'] == ['bad', 'b'], done
        assert states(daemon.call('tree')['root']) == {
            '/': 'running', 'a': 'running', 'bad': 'stopped', 'b': 'running'}


def test_a_pool_that_would_become_something_else_is_refused_before_anything_is_done_K8():
    with Daemon(text(worker('a'), supervisor('pool', worker('w')))) as daemon:
        daemon.write(text(worker('a', shutdown=1), supervisor(
            'pool', worker('w'), strategy='simple_one_for_one')))
        for dry_run in (True, False):
            try:
                daemon.call('reload', dry_run=dry_run)
                raise AssertionError('it was taken')
            except Refused as refusal:
                assert refusal.kind == 'conflict', refusal.kind
                assert 'pool' in str(refusal) and 'nothing was changed' in str(refusal), refusal
        assert daemon.call('get_childspec', path='a')['shutdown'] == 5000


def test_load_of_a_tree_that_runs_says_which_in_words_and_starts_nothing():
    with Daemon(text(worker('a'))) as daemon:
        file = daemon.write(text(worker('new'), worker('a')), 'more.yaml')
        try:
            daemon.call('load', file=file)
            raise AssertionError('it was taken')
        except Refused as refusal:
            assert refusal.kind == 'already_started', refusal.kind
            assert str(refusal) == (
                f'load {file}: a: a child with this id runs; nothing was started'), refusal
        assert states(daemon.call('tree')['root']) == {'/': 'running', 'a': 'running'}


# Random configurations and states. Each child carries a number, by which its
# specification is known: shutdown of a worker, period of a supervisor.

def random_children(rng, depth):
    ids = rng.sample('abcd', rng.randint(1, 4))
    children = []
    for name in ids:
        if depth and rng.random() < 0.4:
            children.append({**supervisor(
                name, *random_children(rng, depth - 1),
                intensity=0, period=rng.randint(1, 3),
                strategy=rng.choice(['one_for_one', 'rest_for_one'])), 'restart': 'temporary'
                if rng.random() < 0.1 else 'transient'})
        else:
            children.append(worker(name, shutdown=rng.randint(1000, 1002),
                                   restart=rng.choice(['permanent', 'permanent', 'transient',
                                                       'temporary'])))
    return children


def mutated(rng, children, depth):
    """Another configuration that has much in common with this one."""
    if rng.random() < 0.2:
        return random_children(rng, depth)
    changed = []
    for child in children:
        if rng.random() < 0.15:
            continue
        child = json.loads(json.dumps(child))
        if 'supervisor' in child and depth:
            below = child['supervisor']
            below['children'] = mutated(rng, below['children'], depth - 1)
            if rng.random() < 0.2:
                below['period'] = rng.randint(1, 3)
        elif 'supervisor' not in child and rng.random() < 0.2:
            child['shutdown'] = rng.randint(1000, 1002)
        changed.append(child)
    if rng.random() < 0.2:
        rng.shuffle(changed)
    return changed or random_children(rng, 0)


def nodes(node):
    found = {node['path']: node}
    for child in node.get('children', []):
        found.update(nodes(child))
    return found


def kill(daemon, path, pid):
    """When it returns the daemon knows of the end, and has done what follows."""
    os.kill(pid, signal.SIGKILL)
    daemon.poll(lambda: nodes(daemon.call('tree')['root']).get(path, {}).get('pid') != pid)
    daemon.call('settle')


def disturb(rng, daemon):
    """Something happens to a child: asked for, or by itself."""
    tree = nodes(daemon.call('tree')['root'])
    path = rng.choice(sorted(set(tree) - {'/'}) or ['/'])
    deed = rng.choice(['terminate_child', 'delete_child', 'restart_child', 'kill', 'start'])
    try:
        if path == '/':
            return
        if deed == 'kill':
            if 'pid' in tree[path]:
                kill(daemon, path, tree[path]['pid'])
        elif deed == 'start':
            daemon.call('start_child', path=os.path.dirname(path) or '/', spec=worker('x'))
        elif deed == 'delete_child':
            daemon.call('terminate_child', path=path)
            daemon.call('delete_child', path=path)
        else:
            daemon.call(deed, path=path)
    except Refused:
        pass
    daemon.call('settle')


def processes(tree):
    return {path: node['pid'] for path, node in tree.items() if 'pid' in node}


def below(path, tops):
    return any(path == top or path.startswith(top + '/') for top in tops)


def check_tree(done, before, after):
    new, gone = set(after) - set(before), set(before) - set(after)
    assert {path for path in new if not below(path, done['added'] + done['started'])} == set()
    assert set(done['added']) <= new, (done, new)
    assert {path for path in gone if not below(path, done['removed'])} == set(), gone
    assert not set(done['removed']) & set(after), done
    old, now = processes(before), processes(after)
    for path, pid in old.items():
        assert now.get(path) == pid or below(path, done['removed']), (path, done)
    for path in set(now) - set(old):
        assert below(path, done['started']), (path, done)
    for path in done['started']:
        assert after[path]['state'] == 'running', (path, after[path])
    for path in done['stopped']:
        assert after[path]['state'] == 'stopped', (path, after[path])
    for path in done['kept']:
        assert after[path]['state'] == before[path]['state'], path


def check_specs(daemon, children, prefix, tree):
    """What runs has the specification of the configuration, and so has what will."""
    for child in children:
        path = prefix + child['id']
        if path not in tree:
            assert child.get('restart') == 'temporary', path
            continue
        spec = daemon.call('get_childspec', path=path)
        if 'supervisor' not in child:
            assert spec['shutdown'] == child['shutdown'], path
            continue
        if spec['type'] != 'supervisor' or 'supervisor' not in spec:
            raise AssertionError((path, spec))
        wanted, found = child['supervisor'], spec['supervisor']
        assert found['period'] == wanted['period'], path
        assert [each['id'] for each in found['children']] == [
            each['id'] for each in wanted['children']], (path, found, wanted)
        if tree[path]['state'] == 'running' and tree[path]['type'] == 'supervisor':
            check_specs(daemon, wanted['children'], path + '/', tree)


def test_any_plan_for_any_state_is_what_happens_K3_K9():
    first = int(os.environ.get('ST_TEST_SEED', 0)) * 1000
    for seed in range(first, first + 8):
        rng = random.Random(seed)
        children = random_children(rng, 2)
        flags = {'intensity': 1000000, 'period': '1h'}
        with Daemon(text(*children, **flags)) as daemon:
            for turn in range(12):
                for _ in range(rng.randint(0, 4)):
                    disturb(rng, daemon)
                children = mutated(rng, children, 2) if rng.random() < 0.7 else children
                daemon.write(text(*children, **flags))
                wish = {name: True for name in ('start_new', 'prune') if rng.random() < 0.4}
                before = nodes(daemon.call('tree')['root'])
                plan = daemon.call('reload', dry_run=True, **wish)
                done = daemon.call('reload', **wish)
                daemon.call('settle')
                after = nodes(daemon.call('tree')['root'])
                try:
                    assert {**plan, 'dry_run': False} == done, 'the plan is not what was done'
                    assert not done['failed'], 'something failed'
                    check_tree(done, before, after)
                    check_specs(daemon, children, '', after)
                    again = said(daemon.call('reload', dry_run=True, **wish))
                    again.pop('stopped', None)
                    again.pop('kept', None)
                    assert again == {}, f'not all was done: {again}'
                except AssertionError:
                    print(f'# seed {seed}, turn {turn}, {wish}')
                    print(f'# plan {said(plan)}\n# done {said(done)}')
                    raise


ktap.run(globals())
