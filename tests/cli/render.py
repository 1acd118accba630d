#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""How results look, as text, as JSON, in colour and without."""

import json
import os
import re
import sys

sys.path[:0] = [os.environ['ST_TEST_TOP'] + '/tests/lib', os.environ['ST_TEST_DIR'] + '/lib']
import ktap  # noqa: E402
from fake import Fake, table  # noqa: E402


def worker(name, state, **more):
    return {'id': name, 'path': 'demo/' + name, 'type': 'worker', 'state': state,
            'restart': 'permanent', 'significant': False, 'shutdown': 5000, 'restarts': 0, **more}


POOL = {'id': 'pool', 'path': 'demo/pool', 'type': 'supervisor', 'state': 'running',
        'restart': 'permanent', 'significant': False, 'shutdown': 'infinity', 'restarts': 1,
        'strategy': 'simple_one_for_one', 'intensity': 1, 'period': 5, 'auto_shutdown': 'never',
        'restarts_in_period': 0, 'children': [worker('n1', 'starting')]}
TREE = {'seq': 9, 'root': {
    'id': 'demo', 'path': 'demo', 'type': 'supervisor', 'state': 'running',
    'restart': 'transient', 'significant': False, 'shutdown': 'infinity', 'restarts': 0,
    'strategy': 'one_for_one', 'intensity': 3, 'period': 60, 'auto_shutdown': 'any_significant',
    'restarts_in_period': 2, 'children': [
        worker('a', 'running', pid=4711, generation=3, uptime_ms=12345, restarts=2,
               status='value 7'),
        POOL,
        worker('b', 'restarting', reason={'error': 'spawn: No such file'}, significant=True),
        worker('c', 'stopping', pid=12),
        worker('d', 'stopped', restart='temporary', reason={'signal': 'SEGV'})]}}

TEXT = '''\
demo ● running  one_for_one, 2 of 3 restarts in 60s, any_significant, transient
├── a ● running  pid 4711, up 12s, 2 restarts, value 7
├── pool ● running  simple_one_for_one, 0 of 1 restarts in 5s, 1 restart
│   └── n1 ◐ starting
├── b ↻ restarting  spawn: No such file, significant
├── c ◑ stopping  pid 12
└── d ○ stopped  SIGSEGV, temporary
'''

ASCII = '''\
demo * running  one_for_one, 2 of 3 restarts in 60s, any_significant, transient
|-- a * running  pid 4711, up 12s, 2 restarts, value 7
|-- pool * running  simple_one_for_one, 0 of 1 restarts in 5s, 1 restart
|   `-- n1 + starting
|-- b ~ restarting  spawn: No such file, significant
|-- c - stopping  pid 12
`-- d o stopped  SIGSEGV, temporary
'''


def shown(result, *arguments, **options):
    """What the CLI writes when the verb, arguments[0], gets this result."""
    with Fake(**{arguments[0].replace('-', '_'): result}) as fake:
        done = fake.run(*arguments, **options)
        assert done.returncode == 0 and done.stderr == '', done
        return done.stdout


def test_a_tree_has_a_line_for_each_child_with_glyph_and_word():
    assert shown(TREE, 'tree') == TEXT


def test_where_utf_8_is_not_spoken_ascii_is_drawn():
    assert shown(TREE, 'tree', env={'LC_ALL': 'C'}) == ASCII


def test_a_tree_with_a_limit_says_how_to_go_on():
    assert shown({**TREE, 'next': 'demo/d'}, 'tree', '--limit', '7') == (
        TEXT + 'more children: --after demo/d\n')


def test_some_members_of_children_are_shown_as_they_are():
    part = {'path': 'demo/a', 'partial': True, 'pid': 4711, 'generation': 3}
    assert shown([part], 'ps', '--fields', 'pid') == (
        '- path: demo/a\n  partial: true\n  pid: 4711\n  generation: 3\n')
    assert shown({'seq': 9, 'root': part, 'seq_end': 9}, 'tree', '--fields', 'pid') == (
        'seq: 9\nroot:\n  path: demo/a\n  partial: true\n  pid: 4711\n  generation: 3\n'
        'seq_end: 9\n')


WHY = {
    'path': 'demo/b', 'type': 'worker', 'state': 'running', 'pid': 30, 'generation': 9,
    'ended': True, 'left_out': 3,
    'end': {'seq': 5, 'time_ns': 2000900000, 'wall': '2026-11-22T18:23:05.124000Z',
            'event': 'exited', 'path': 'demo/b', 'generation': 4, 'pid': 22, 'reason': 'shutdown',
            'how': {'signal': 'TERM', 'core': False}, 'ran_ns': 243000000000, 'took_ns': 800000,
            'cause': {'rule': 'D2', 'generation': 3},
            'sender': {'pid': 17, 'name': 'suptreed', 'uid': 0}},
    'root': {'seq': 3, 'time_ns': 2000000000, 'wall': '2026-11-22T18:23:05.123000Z',
             'event': 'exited', 'path': 'demo/a', 'generation': 3, 'pid': 21,
             'reason': {'signal': 'SEGV'}, 'how': {'signal': 'SEGV', 'core': True},
             'ran_ns': 243000000000, 'rule': 'B1',
             'sender': 'unknown: the tracer does not run'}}
WHY['steps'] = [
    WHY['root'], {'rule': 'B1', 'sup': 'demo', 'text': 'again'},
    {'rule': 'D2', 'sup': 'demo', 'text': 'all', 'restarts': 1, 'intensity': 3, 'period': 5},
    WHY['end'],
    {'seq': 6, 'time_ns': 3500000000, 'event': 'start_failed', 'path': 'demo/a',
     'reason': {'error': 'no'}, 'rule': 'F1', 'took_ns': 20},
    {'seq': 7, 'time_ns': 3500000000, 'event': 'report', 'path': 'demo/a', 'sup': 'demo'}]
STORY = '''\
demo/b  now ● running, pid 30
stopped 18:23:05.124: SIGTERM, pid 22, ran 4m 3s, took 0.8ms, generation 4
  sent by suptreed (pid 17, uid 0)
because of demo/a ended 18:23:05.123: SIGSEGV, core dumped, pid 21, ran 4m 3s, generation 3
  sent by unknown: the tracer does not run

   +0.0ms   demo/a  ended: SIGSEGV, core dumped, pid 21, ran 4m 3s
            [B1] demo: again
            [D2] demo: all (restart 1 within 5s, 3 allowed)
   +0.9ms   demo/b  stopped: SIGTERM, pid 22, ran 4m 3s, took 0.8ms
      +1s   demo/a  failed to start: no, took 0.0ms
      +1s   demo  gave up
            and 3 more steps: --limit
'''


def test_why_is_a_story_with_each_rule_before_what_it_explains():
    assert shown(WHY, 'why', 'demo/b', env={'TZ': 'UTC'}) == STORY
    asked = {'path': 'a', 'state': 'stopped', 'ended': True, 'steps': [],
             'asked_by': {'operation': 'terminate-child', 'pid': 5, 'uid': 7},
             'end': {'event': 'exited', 'wall': '', 'how': {'exit': 3}, 'killed': False}}
    assert 'asked for by suptree terminate-child (pid 5, uid 7)\n' in shown(asked, 'why', 'a')


RUNNING = {
    'path': 'demo/b', 'type': 'worker', 'state': 'running', 'pid': 30, 'generation': 9,
    'running': True, 'restarts': 1, 'uptime_ms': 243000,
    'started': {'event': 'started', 'wall': '2026-11-22T18:23:06.000000Z', 'took_ns': 900000},
    'rule': 'D2', 'rule_text': 'all', 'because': WHY['root'],
    'holds': {'sockets': 3, 'pipes': 2, 'others': 0, 'left_out': 4, 'gone': True,
              'ports': [{'fd': 3, 'protocol': 'tcp', 'address': '::1', 'port': 80},
                        {'fd': 4, 'protocol': 'unix', 'address': '@x y'}],
              'files': [{'fd': 0, 'path': '/dev/null', 'reads': True, 'writes': True},
                        {'fd': 5, 'path': '/log', 'reads': False, 'writes': True},
                        {'fd': 6, 'path': '/data', 'reads': True, 'writes': False}]}}


def test_why_running_has_who_started_it_and_what_it_holds():
    assert shown(RUNNING, 'why', 'b', '--running', env={'TZ': 'UTC'}) == '''\
demo/b  now ● running, pid 30
started 18:23:06.000: took 0.9ms, up 4m 3s, 1 restart, generation 9
because of demo/a ended 18:23:05.123: SIGSEGV, core dumped, pid 21, ran 4m 3s, generation 3
  sent by unknown: the tracer does not run
            [D2] all

it holds
  listens tcp [::1]:80
  listens unix @x y
  file    /dev/null  reads, writes
  file    /log  writes
  file    /data  reads
  and 3 sockets, 2 ends of pipes, 0 others
  4 more are not shown
it has ended meanwhile, so this may not be all
'''


def test_why_running_says_what_is_not_known():
    old = {'path': 'b', 'state': 'running', 'running': True, 'restarts': 2, 'uptime_ms': 10,
           'holds': {'unknown': 'Permission denied'}}
    assert shown(old, 'why', 'b', '--running') == (
        'b  now ● running\nup 10ms, 2 restarts\n'
        'its start is too old: the event is no longer kept\n'
        'what it holds is not known: Permission denied\n')
    asked = {'path': 'b', 'state': 'running', 'running': True, 'restarts': 0, 'started': {
        'wall': '', 'asked_by': {'operation': 'start-child', 'pid': 5, 'uid': 7}}}
    assert 'asked for by suptree start-child (pid 5, uid 7)\n' in shown(asked, 'why', 'b')


def test_why_of_who_never_ended_says_since_when_that_is_known():
    never = {'path': 'demo', 'state': 'running', 'ended': False, 'events_from': 1}
    assert shown(never, 'why', 'demo') == (
        'demo  now ● running\nit has not ended since the daemon was started\n')
    never |= {'events_from': 77, 'below': WHY['root']}
    assert shown(never, 'why', 'demo', env={'TZ': 'UTC'}) == '''\
demo  now ● running
it has not ended since event 77, the oldest that is kept
the last end below it: demo/a ended 18:23:05.123: SIGSEGV, core dumped, pid 21, ran 4m 3s, ''' '''\
generation 3
  sent by unknown: the tracer does not run
'''


TRACE = {'id': 3, 'path': 'demo', 'state': 'running', 'records': 7, 'lost': 0, 'passed_over': 5,
         'kinds': ['signal', 'process']}
MESSAGE = {'seq': 17, 'time_ns': 1, 'cpu': 0, 'sequence': 4, 'kind': 'signal', 'action': 'sent',
           'from': {'pid': 4711, 'name': 'bash'}, 'to': {'pid': 12, 'name': 'a'}, 'flags': [],
           'signal': 15, 'code': 0, 'result': 'queued', 'to_path': 'demo/a'}


def test_traces_and_their_sums_are_tables_and_messages_are_lines():
    assert shown([TRACE, {'id': 4, 'pid': 9, 'kinds': []}], 'trace-list') == '''\
ID  TRACED  KINDS           TRACING  RECORDS  PASSED  LOST
3   demo    signal,process  running  7        5       0
4   pid 9                            0        0       0
'''
    assert shown(TRACE, 'trace-start', 'demo').splitlines()[1].startswith('3   demo')
    with Fake(trace_stop=TRACE) as fake:
        assert fake.run('trace', 'stop', '3').returncode == 0
        assert fake.requests == [('trace_stop', {'id': 3})], fake.requests
        assert 'did you mean trace-start?' in fake.run('trace', 'strat').stderr
        assert 'a verb is missing: trace-start, ' in fake.run('trace').stderr
    lines = shown([MESSAGE, MESSAGE | {'from': None, 'to_path': '', 'result': 'ignored'},
                   MESSAGE | {'from': None, 'flags': ['kernel']}], 'trace-history', '3')
    assert re.sub(r'(?m)^17  \d\d:\d\d:\d\d\.\d{6}  ', '', lines) == '''\
bash[4711] -> demo/a  signal SIGTERM
unknown -> a[12]  signal SIGTERM ignored
kernel -> demo/a  signal SIGTERM
''', lines
    total = {'kind': 'signal', 'records': 7, 'dropped': 1, 'limited': 2, 'bytes': 3, 'largest': 4,
             'interval_ns': 5000000}
    pair = {'from': 'demo/a', 'to': 'b[1]', 'records': 6, 'bytes': 5}
    assert shown({'kinds': [total], 'pairs': [pair]}, 'trace-summary', '3') == '''\
KIND    RECORDS  DROPPED  LIMITED  BYTES  LARGEST  EVERY
signal  7        1        2        3      4        5ms

FROM    TO    RECORDS  BYTES
demo/a  b[1]  6        5
'''
    assert shown({'kinds': [total], 'passed_over': 2, 'pattern': 'a*'},
                 'trace-summary', '3').endswith(
            '5ms\n\n2 left out: they do not match the pattern "a*"\n')
    assert shown({'kinds': [total], 'system_left_out': 2}, 'trace-summary', '3').endswith(
        '5ms\n\n2 left out: messages with the daemon or the tracer '
        '(trace-start --include-system)\n')
    assert shown({'kinds': [total], 'pairs': [pair], 'pairs_left_out': 2}, 'trace-summary',
                 '3').endswith('6        5\nand 2 more pairs: --top\n')
    sample = {'p50': 900, 'p90': 8400, 'p99': 2500000, 'largest': 61000000000}
    total |= {'sizes': None, 'intervals_ns': sample}
    calls = {'answered': 3, 'unanswered': 1, 'latency_ns': sample}
    assert shown({'calls': calls, 'kinds': [total]}, 'trace-analyze', '3') == '''\
3 calls answered, 1 not

WHAT             P50    P90    P99    LARGEST
reply latency    900ns  8.4us  2.5ms  61.0s
signal interval  900ns  8.4us  2.5ms  61.0s

KIND    RECORDS  DROPPED  LIMITED  BYTES  LARGEST  EVERY
signal  7        1        2        3      4        5ms
'''


def test_a_root_has_no_restart_type_to_show():
    root = TREE['root'] | {'id': '/', 'path': '/', 'restart': None, 'children': []}
    assert shown({'root': root}, 'tree') == (
        '/ ● running  one_for_one, 2 of 3 restarts in 60s, any_significant\n')


def test_reasons_are_told_in_words():
    reasons = {'normal': '"normal"', 'shutdown 5': '{"shutdown":5}', 'exit 3': '{"code":3}',
               'SIGSEGV': '{"signal":"SEGV"}', 'killed': '"killed"',
               'no file': '{"error":"no file"}',
               '{"shutdown":{"failed_to_start_child":["a","normal"]}}':
               '{"shutdown":{"failed_to_start_child":["a","normal"]}}'}
    for words, reason in reasons.items():
        tree = {'root': worker('a', 'stopped', reason=json.loads(reason))}
        assert shown(tree, 'tree') == f'a ○ stopped  {words}\n', words


def test_durations_have_their_two_largest_units():
    for ms, words in ((0, '0ms'), (999, '999ms'), (1000, '1s'), (60000, '1m'), (185000, '3m 5s'),
                      (7800000, '2h 10m'), (3600000, '1h'), (356400000, '4d 3h')):
        tree = {'root': worker('a', 'running', uptime_ms=ms)}
        assert shown(tree, 'tree') == f'a ● running  up {words}\n', words


def test_a_tree_for_dot_has_a_node_and_an_edge_for_each_child():
    text = shown(TREE, 'tree', '--format', 'dot')
    assert text.startswith('digraph suptree {\n') and text.endswith('}\n')
    assert '"demo/a" [label="a\\nrunning", color=green];' in text
    assert '"demo/pool" -> "demo/n1";' in text
    assert text.count(' -> ') == 6 and text.count('[label=') == 7
    odd = {'root': worker('a"b\\c', 'running') | {'path': 'a"b\\c'}}
    assert '"a\\"b\\\\c" [label="a\\"b\\\\c\\nrunning"' in shown(odd, 'tree', '-Fdot')


def test_a_tree_for_mermaid_has_a_node_and_an_edge_for_each_child():
    text = shown(TREE, 'tree', '--format', 'mermaid')
    assert text.startswith('graph TD\n  n0["demo<br>running"]\n')
    assert 'n1("a<br>running")' in text and 'n2 --> n3' in text
    assert text.count(' --> ') == 6 and text.count('  style n') == 7
    odd = {'root': worker('a"<b>', 'running')}
    assert 'n0("a#34;#60;b#62;<br>running")' in shown(odd, 'tree', '--format', 'mermaid')


def test_a_changed_strategy_is_told_as_it_is_now():
    flags = {'strategy': 'one_for_all', 'intensity': 5, 'period': 10, 'auto_shutdown': 'never'}
    assert shown(flags, 'strategy', 'a') == 'one_for_all, 5 restarts in 10s\n'
    more = flags | {'intensity': 1, 'auto_shutdown': 'all_significant'}
    assert shown(more, 'strategy', 'a') == 'one_for_all, 1 restart in 10s, all_significant\n'
    assert json.loads(shown(flags, 'strategy', 'a', '--json')) == flags


def test_json_is_the_result_as_it_came_on_every_verb():
    result = {'b': [1, 2.5, None, True], 'a': {'ü': 'x\n'}}
    required = {'PATH': 'demo', 'SPEC': '{}', 'WORD': 'w', 'SPECS': '[]', 'FILE': '/dev/null',
                'NAME': 'n', 'CHILD': 'demo', 'METHOD': 'x.a.b', 'TRACE_ID': '1',
                'REF': '1', 'OBJECTS': '[{}]', 'SIGNAL': 'TERM',
                'PID': '9', 'ARGS': 'kill demo'}
    for row in table():
        if row['streams']:
            continue
        one_of = [param for param in row['params'] if param.get('one_of')]
        arguments = [param.get('words', [required[param['type'].upper()]])[0]
                     for param in row['params']
                     if param['required'] and param['type'].upper() in required
                     or param in one_of[:1]]
        if row['name'] == 'wait':
            arguments = ['--until', 'a=up']
        with Fake(**{row['name']: result}) as fake:
            for option in ('--json', '--jsonl'):
                done = fake.run(row['verb'], *arguments, option)
                assert done.returncode == 0, (row['name'], done)
                assert json.loads(done.stdout) == result, (row['name'], done)
            assert done.stdout.count('\n') == 1, done


def test_a_list_as_jsonl_is_a_line_for_each_element():
    rows = [{'path': '/'}, {'path': 'a'}]
    assert shown(rows, 'ps', '--jsonl') == '{"path":"/"}\n{"path":"a"}\n'
    assert json.loads(shown(rows, 'ps', '--json')) == rows


def test_a_list_of_processes_is_a_table():
    rows = [TREE['root'], *TREE['root']['children']]
    assert shown(rows, 'ps') == '''\
PATH       TYPE        STATE         PID   UPTIME  RESTARTS  STATUS
demo       supervisor  ● running     -     -       0
demo/a     worker      ● running     4711  12s     2         value 7
demo/pool  supervisor  ● running     -     -       1
demo/b     worker      ↻ restarting  -     -       0         spawn: No such file
demo/c     worker      ◑ stopping    12    -       0
demo/d     worker      ○ stopped     -     -       0         SIGSEGV
'''


def test_which_children_is_a_table_newest_first_C7():
    rows = [{'id': 'b', 'state': 'running', 'type': 'worker', 'pid': 7, 'generation': 2},
            {'id': None, 'state': 'restarting', 'type': 'worker'}]
    assert shown(rows, 'which-children', 'demo') == '''\
ID  STATE         TYPE    PID  GENERATION
b   ● running     worker  7    2
-   ↻ restarting  worker  -    0
'''


def test_names_and_groups_are_tables_with_the_process_of_each_row():
    process = {'path': 'demo/a', 'pid': 7, 'generation': 2}
    assert shown([{'name': 'speaker', **process}, {'name': 'old'}], 'registered') == '''\
NAME     PATH    PID  GENERATION
speaker  demo/a  7    2
old      -       -    0
'''
    assert shown([{'group': 'all', **process}], 'groups') == '''\
GROUP  PATH    PID  GENERATION
all    demo/a  7    2
'''
    assert shown([process], 'members', 'all') == '''\
PATH    PID  GENERATION
demo/a  7    2
'''
    assert shown([{'name': 'speaker', **process, 'uid': 1000}], 'registered') == '''\
NAME     PATH    PID  GENERATION  UID
speaker  demo/a  7    2           1000
'''


def test_an_empty_table_has_its_head_only():
    assert shown([], 'which-children', 'demo') == 'ID  STATE  TYPE  PID  GENERATION\n'


def test_starts_say_the_process_or_that_it_ignored_A4():
    assert shown({'started': {'pid': 5, 'generation': 1}}, 'restart-child', 'a') == \
        'started: pid 5\n'
    assert shown({'started': {}}, 'restart-child', 'a') == 'started\n'
    assert shown({'added': True}, 'start-child', 'a', '{}') == \
        'added, and not started: its specification has start_now: false\n'
    assert shown({'done': True}, 'restart', 'a') == \
        'done: the child ended with status 0, as ready: exit wants\n'
    assert shown({'ignored': True}, 'restart-child', 'a') == \
        'ignored: the child did not want to run\n'


def test_a_reload_says_what_it_did_or_would_do():
    result = {'added': ['x'], 'changed': ['a', 'b'], 'logs': ['b/l'], 'removed': [],
              'dry_run': True}
    assert shown(result, 'reload', '-n') == (
        'would add x\nwould change a\nwould change b\nwould change the log of b/l\n')
    result = {'changed': [], 'variables': ['a'], 'dry_run': False}
    assert shown(result, 'reload') == 'changed the variables of a (for its next start)\n'
    result = {'added': [], 'changed': [], 'removed': ['c'], 'dry_run': False}
    assert shown(result, 'reload') == 'removed c\n'
    result = {'added': [], 'changed': [], 'removed': [], 'dry_run': False}
    assert shown(result, 'reload') == 'nothing differs\n'
    result = {'added': ['new', 'old'], 'started': ['new'], 'stopped': ['old'], 'kept': ['k'],
              'failed': [{'path': 'bad', 'message': 'no such file'}], 'dry_run': False}
    assert shown(result, 'reload') == (
        'added new\nadded old\nstarted new\nnot started: old (--start-new starts it)\n'
        'kept k (not in the configuration; --prune removes it)\nfailed: bad: no such file\n')
    assert shown({'started': ['a', 'b']}, 'load', '/dev/null') == 'started a\nstarted b\n'


def test_other_results_are_yaml():
    result = {'plain': 'a/b', 'number': 5, 'word': 'yes', 'quoted': 'a: b', 'empty': '',
              'digits': '12', 'list': ['a', 1], 'none': [], 'nothing': {},
              'deep': {'list': [{'x': 1, 'y': [{'z': 2}]}, 'b']}}
    assert shown(result, 'info', 'a') == '''\
plain: a/b
number: 5
word: "yes"
quoted: "a: b"
empty: ""
digits: "12"
list: [a, 1]
none: []
nothing: {}
deep:
  list:
    - x: 1
      "y":
        - z: 2
    - b
'''


def test_a_specification_can_be_given_back_as_it_is_shown_C9():
    spec = {'id': 'a', 'start': ['/bin/sh', '-c', 'echo "x: $1"; exit 3', ''], 'shutdown': 5000,
            'environment': {'A': 'b # c', 'ON': 'on'}}
    text = shown(spec, 'get-childspec', 'demo/a')
    with Fake() as fake:
        fake.run('start-child', 'demo', '-', stdin=text)
        assert fake.requests[0][1]['spec'] == text
    assert text.startswith('id: a\nstart: [/bin/sh, "-c", ')


def test_there_is_colour_only_where_it_is_wanted():
    for env, option, expected in (
            ({}, [], False), ({'CLICOLOR_FORCE': '1'}, [], True),
            ({'CLICOLOR_FORCE': '0'}, [], False),
            ({'CLICOLOR_FORCE': '1', 'NO_COLOR': '1'}, [], False),
            ({'NO_COLOR': '1'}, ['--color', 'always'], True),
            ({'NO_COLOR': ''}, ['--color=auto'], False),
            ({'CLICOLOR_FORCE': '1'}, ['--color', 'never'], False)):
        text = shown(TREE, 'tree', *option, env=env)
        assert ('\033[' in text) == expected, (env, option, text)
    assert '\033[32m● running\033[0m' in shown(TREE, 'tree', '--color', 'always')


def test_a_log_is_the_text_that_was_written():
    result = {'lines': [{'stream': 'stdout', 'time_ns': 1, 'text': 'out\tx'},
                        {'stream': 'stderr', 'time_ns': 2, 'text': 'err'}]}
    assert shown(result, 'logs', 'a') == 'out\tx\nerr\n'
    assert shown(result, 'logs', 'a', '--color=always') == 'out\tx\n\033[33merr\033[0m\n'


def test_what_the_daemon_should_not_say_breaks_nothing():
    for result in (None, 5, 'x', [], {}, [[]], [None, 5], {'root': 5}, {'lines': 7},
                   {'root': {'children': [5, None]}}, {'started': 'x', 'added': {'a': 1}}):
        for arguments in (['tree'], ['tree', '-Fdot'], ['tree', '-Fmermaid'], ['ps'], ['info', 'a'],
                          ['which-children', 'a'], ['logs', 'a'], ['reload'], ['operations'],
                          ['restart-child', 'a'], ['load', '/dev/null'], ['status']):
            shown(result, *arguments)


ktap.run(globals())
