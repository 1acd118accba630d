#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""What blast and whatif predict is what then happens to real processes, and they change nothing.

ST_TREES=500 e2e/blast.py tries this number of random trees instead of 40."""

import json
import os
import random
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from suptreed import Daemon, Refused  # noqa: E402

NR_TREES = int(os.environ.get('ST_TREES', '40'))
SHOWN = ('started', 'exited', 'done', 'start_failed', 'start_aborted', 'added', 'removed',
         'delayed', 'changed', 'halted')
PERIOD = 3600  # seconds: no restart is forgotten while a test runs

SITE = f'''
children:
  - id: site
    supervisor:
      strategy: one_for_all
      intensity: 2
      period: {PERIOD}
      children:
        - {{id: db, start: [sleep, infinity]}}
        - {{id: web, start: [sleep, infinity]}}
        - {{id: once, start: [sleep, infinity], restart: temporary}}
'''


def random_sup(dice, depth):
    children = []
    for index in range(dice.randint(1, 4)):
        child = {'id': f'c{index}', 'restart': dice.choice(
            ['permanent', 'permanent', 'transient', 'temporary'])}
        if depth < 3 and dice.random() < 0.4:
            child['supervisor'] = random_sup(dice, depth + 1)
        else:
            child['start'] = ['sleep', 'infinity']
            if dice.random() < 0.2:
                child['shutdown'] = 'brutal_kill'
            if dice.random() < 0.1:
                child['stop_signal'] = 'INT'
        children.append(child)
    sup = {'strategy': dice.choice(['one_for_one', 'one_for_all', 'rest_for_one']),
           'intensity': dice.randint(0, 3), 'period': PERIOD, 'children': children}
    if dice.random() < 0.3:
        sup['auto_shutdown'] = dice.choice(['any_significant', 'all_significant'])
        for child in children:
            if child['restart'] != 'permanent':
                child['significant'] = dice.random() < 0.5
    return sup


def random_tree(dice):
    """Its root never gives up: then the daemon would end, which another test is about."""
    return json.dumps({'intensity': 1000, 'period': PERIOD, 'children': [
        {'id': 'tree', 'restart': dice.choice(['permanent', 'transient']),
         'supervisor': random_sup(dice, 1)}]})


def random_step(dice, rows):
    """(what whatif is asked, the operation, its parameters)"""
    workers = [row['path'] for row in rows if row['type'] == 'worker']
    sups = [row['path'] for row in rows if row['type'] == 'supervisor' and row['path'] != '/']
    verb = dice.choice(['kill'] * 6 + ['restart', 'terminate-child', 'restart-child',
                                       'delete-child', 'stop-supervisor', 'strategy'])
    if verb == 'kill' and workers:
        path, name = dice.choice(workers), dice.choice(['KILL', 'SEGV', 'TERM'])
        return f'kill {path} --signal {name}', 'kill', {'path': path, 'signal': name}
    if verb == 'strategy' and sups:
        path, strategy = dice.choice(sups), dice.choice(['one_for_one', 'one_for_all'])
        return (f'strategy {path} {strategy} --intensity 2', 'strategy',
                {'path': path, 'strategy': strategy, 'intensity': 2})
    if verb == 'stop-supervisor' and sups:
        path = dice.choice(sups)
        return f'{verb} {path}', 'stop_supervisor', {'path': path}
    path = dice.choice(workers + sups)
    if verb in ('kill', 'strategy', 'stop-supervisor'):
        verb = 'terminate-child'
    return f'{verb} {path}', verb.replace('-', '_'), {'path': path}


def predicted(forecast):
    return [(step['event'], step['path']) for step in forecast['steps']]


def happened(daemon, events, forecast):
    """What was reported since the last call, when the first predicted end has come."""
    found, last = [], None
    first = next((step['path'] for step in forecast['steps'] if step['event'] == 'exited'), None)
    if first:  # a signal may work only after it was sent
        last = events.event('exited', first)
        found.append(('exited', first))
    seq = daemon.call('settle')['seq']
    while not last or last['seq'] < seq:
        last = events.notification()['params']
        if last['event'] in SHOWN:
            found.append((last['event'], last['path']))
        elif last['event'] == 'report' and last['context'] == 'shutdown':
            found.append(('gave_up', last['sup']))
    return found


def last_event(daemon):
    return daemon.call('status')['seq']


def check_tree(seed):
    """One random tree: four steps are predicted together, and each is done and compared."""
    dice = random.Random(seed)
    with Daemon(random_tree(dice)) as daemon:
        rows = daemon.call('ps')
        steps = [random_step(dice, rows) for _ in range(4)]
        seq, state = last_event(daemon), daemon.call('ps', fields='state,pid,reason')
        events = daemon.follow()
        foreseen = daemon.call('whatif', steps=[text for text, _, _ in steps])
        assert last_event(daemon) == seq
        assert daemon.call('ps', fields='state,pid,reason') == state
        assert foreseen['at_rest'] and foreseen['survives']
        for forecast, (text, operation, params) in zip(foreseen['forecasts'], steps):
            assert forecast['action'].split()[:2] == text.split()[:2]
            assert forecast['left_out'] == 0 and forecast['complete']
            try:
                daemon.call(operation, **params)
                was_refused = False
            except Refused:
                was_refused = True
            assert was_refused == ('refused' in forecast), (seed, text, forecast)
            if was_refused:
                break
            wanted = predicted(forecast)
            if wanted:
                found = happened(daemon, events, forecast)
                assert found == wanted, (seed, text, wanted, found)
            running = {row['path'] for row in daemon.call('ps', state='running')}
            assert not running & {child['path'] for child in forecast['down']}, (seed, text)


def test_what_is_predicted_for_random_trees_then_happens():
    for seed in range(NR_TREES):
        check_tree(seed)


def test_blast_shows_the_ends_and_starts_of_a_kill_in_order():
    with Daemon(SITE) as daemon:
        pid = daemon.pid('site/web')
        blast = daemon.call('blast', path='site/web')
        assert blast['action'] == 'kill site/web' and blast['survives'] and blast['complete']
        assert predicted(blast) == [
            ('exited', 'site/web'), ('exited', 'site/once'), ('removed', 'site/once'),
            ('exited', 'site/db'), ('started', 'site/db'), ('started', 'site/web')]
        first, second = blast['steps'][:2]
        assert first['pid'] == pid and first['signal'] == 'KILL' and first['rule'] == 'B1'
        assert not first['asked'] and second['asked'] and second['signal'] == 'TERM'
        assert second['because'] == 'D2' and second['restarts'] == 1
        assert (blast['ends'], blast['starts']) == (3, 2)
        assert blast['budgets'] == [{
            'path': 'site', 'intensity': 2, 'period': PERIOD, 'used_before': 0, 'used_after': 1,
            'left_before': 2, 'left_after': 1}]
        assert blast['down'] == [{'path': 'site/once', 'state': 'removed'}]
        assert blast['gave_up'] == [] and daemon.pid('site/web') == pid


def test_blast_of_any_signal_is_about_that_signal():
    with Daemon(SITE) as daemon:
        for name in ('SEGV', 'TERM', 'USR1'):
            step = daemon.call('blast', path='site/db', signal=name)['steps'][0]
            assert step['signal'] == name, step
        blast = daemon.call('blast', path='site/db', signal='CONT')
        assert blast['steps'] == [] and blast['nr_down'] == 0


def test_whatif_goes_on_from_step_to_step():
    with Daemon(SITE) as daemon:
        answer = daemon.call('whatif', steps=[
            'kill site/db', 'kill site/db', 'strategy site one_for_one', 'kill site/web'])
        used = [[(budget['used_before'], budget['used_after']) for budget in forecast['budgets']]
                for forecast in answer['forecasts']]
        assert used == [[(0, 1)], [(1, 2)], [], [(2, 3)]], used
        last = answer['forecasts'][-1]
        # a transient tree that has given up is not restarted [E7]
        assert last['gave_up'] == ['site'] and answer['survives'], last
        assert ('exited', 'site') in predicted(last) and last['nr_down'] >= 3


def check_done(daemon, blast, operation, **params):
    """What was predicted is what happens when it is done."""
    events = daemon.follow()
    daemon.call(operation, **params)
    found = happened(daemon, events, blast)
    assert predicted(blast) and found == predicted(blast), (predicted(blast), found)
    running = {row['path'] for row in daemon.call('ps', state='running')}
    assert not running & {child['path'] for child in blast['down']}, running


def test_unload_is_predicted_with_its_tree_gone():
    for site in (SITE, SITE.replace('- id: site', '- id: site\n    restart: temporary')):
        with Daemon(site) as daemon:
            blast = daemon.call('blast', path='site', verb='unload')
            assert blast['action'] == 'unload site' and 'refused' not in blast, blast
            assert predicted(blast)[-1] == ('removed', 'site'), blast
            assert {'path': 'site/db', 'state': 'removed'} in blast['down'], blast
            check_done(daemon, blast, 'unload', path='site')


def test_only_a_tree_can_be_unloaded():
    with Daemon(SITE) as daemon:
        for path in ('site/db', '/'):
            refused = daemon.call('blast', path=path, verb='unload')['refused']
            assert refused == 'it is not directly below the root', refused


def test_reload_is_predicted_from_the_configuration_as_it_is_now():
    with Daemon(SITE) as daemon:
        blast = daemon.call('blast', path='/', verb='reload')
        assert (blast['action'], blast['steps']) == ('reload /', []), blast
        daemon.write(SITE.replace('id: web,', 'id: new,').replace('intensity: 2', 'intensity: 5'))
        for flags in ({}, {'start_new': True}, {'prune': True, 'start_new': True}):
            blast = daemon.call('blast', path='/', verb='reload', **flags)
            steps = predicted(blast)
            assert (('started', 'site/new') in steps) == ('start_new' in flags), steps
            assert (('removed', 'site/web') in steps) == ('prune' in flags), steps
        pid = daemon.pid('site/web')
        events = daemon.follow()
        daemon.call('reload', **flags)
        assert daemon.info('site/new')['state'] == 'running'
        found = happened(daemon, events, {'steps': []})
        assert found == steps and not os.path.exists(f'/proc/{pid}'), (steps, found)


def test_a_reload_that_cannot_be_done_is_refused_as_reload_refuses_it():
    with Daemon(SITE) as daemon:
        daemon.write('children: [{id: 1, start: }]')
        for path, kind, words in (('site', 'invalid_params', 'of the whole tree'),
                                  ('/', 'invalid_spec', 'start')):
            try:
                daemon.call('blast', path=path, verb='reload')
                raise AssertionError(path)
            except Refused as refused:
                assert refused.kind == kind and words in str(refused), refused
    with Daemon() as daemon:
        try:
            daemon.call('blast', path='/', verb='reload')
            raise AssertionError('there is no configuration')
        except Refused as refused:
            assert refused.kind == 'conflict' and '--config' in str(refused), refused


def test_a_step_that_is_no_step_is_refused_with_its_number():
    with Daemon(SITE) as daemon:
        for step, part in (('kil site/web', 'did you mean kill?'),
                           ('kill', 'it needs the path'),
                           ('kill site/web --signal NONE', 'this is no signal: "NONE"'),
                           ('kill site/web twice', 'it may not have "twice"'),
                           ('reload', 'ask blast / --verb reload'),
                           ('unload', 'it needs the path'),
                           ('strategy site', 'it needs a strategy'),
                           ('strategy site all', 'this is no strategy: "all"'),
                           ('strategy site --intensity -1', 'no number'),
                           ('', 'it is empty')):
            try:
                daemon.call('whatif', steps=['kill site/web', step])
                raise AssertionError(step)
            except Refused as refused:
                assert 'step 2' in str(refused) and part in str(refused), str(refused)


def test_a_step_that_cannot_be_done_ends_whatif_and_says_why():
    with Daemon(SITE) as daemon:
        for step, why in (('kill site/none', 'no such child'),
                          ('kill site', 'a supervisor is not a process'),
                          ('restart-child site/db', 'it runs'),
                          ('delete-child site/db', 'it runs'),
                          ('terminate-child /', 'the root is no'),
                          ('strategy site/db one_for_one', 'it is a worker'),
                          ('strategy site simple_one_for_one', 'a pool')):
            answer = daemon.call('whatif', steps=[step, 'kill site/db'])
            assert len(answer['forecasts']) == 1 and answer['not_tried'] == 1, answer
            assert why in answer['forecasts'][0]['refused'], (step, answer['forecasts'])


def test_the_end_of_the_root_is_foreseen():
    config = '''
intensity: 0
children: [{id: only, start: [sleep, infinity]}]
'''
    with Daemon(config) as daemon:
        blast = daemon.call('blast', path='only')
        assert not blast['survives'] and blast['gave_up'] == ['/'], blast
        assert {child['path'] for child in blast['down']} == {'/', 'only'}
        try:
            daemon.call('kill', path='only')
        except EOFError:
            pass  # it was faster than its answer
        assert daemon.process.wait() != 0


def test_a_backoff_is_waited_for_and_an_older_one_is_not():
    config = '''
intensity: 10
children:
  - {id: a, start: [sleep, infinity], backoff: {min: 600000, max: 600000}}
  - {id: b, start: [sleep, infinity], backoff: {min: 700000, max: 700000}}
'''
    with Daemon(config) as daemon:
        daemon.call('kill', path='a')
        daemon.call('settle')
        blast = daemon.call('blast', path='b')
        assert not blast['at_rest']
        step = blast['steps'][-1]
        assert step['event'] == 'started' and step['path'] == 'b', blast['steps']
        assert step['after_ms'] == 700000


def test_the_limit_leaves_steps_out_and_counts_them():
    with Daemon(SITE) as daemon:
        whole = daemon.call('blast', path='site/web')
        part = daemon.call('blast', path='site/web', limit=2)
        assert part['steps'] == whole['steps'][:2]
        assert part['left_out'] == len(whole['steps']) - 2 and part['ends'] == whole['ends']


def test_a_pool_of_300_children_is_predicted_in_slices():
    config = '''
children:
  - id: pool
    supervisor: {strategy: simple_one_for_one, children: [{id: w, start: [sleep, infinity]}]}
'''
    with Daemon(config) as daemon:
        for index in range(300):
            daemon.call('start_child', path='pool', name=f'w{index}', args=[])
        seq = last_event(daemon)
        other = daemon.connect()
        blast = daemon.call('blast', path='pool')
        other.call('ping')
        assert blast['ends'] == 300 and last_event(daemon) == seq, blast['ends']


ktap.run(globals())
