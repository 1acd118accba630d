#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Dispatch, help and completion say the same, for they come from one table."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path[:0] = [os.environ['ST_TEST_TOP'] + '/tests/lib', os.environ['ST_TEST_DIR'] + '/lib']
import ktap  # noqa: E402
from fake import SUBSCRIBED, Fake, Stream, environment, run, table  # noqa: E402
from terminal import Terminal  # noqa: E402

LOCAL = ['call', 'cast', 'state', 'trace-follow', 'trace-sequence', 'trace-export', 'audit',
         'check', 'import', 'demo', 'help', 'completion']
ROWS = [{'path': '/', 'type': 'supervisor'}, {'path': 'demo', 'type': 'supervisor'},
        {'path': 'demo/a b', 'type': 'worker'}, {'path': 'demo/in', 'type': 'supervisor'},
        {'path': 'demo/in/deep', 'type': 'worker'}, {'path': 'demo/in/twin', 'type': 'worker'},
        {'path': 'demo/twin', 'type': 'worker'}, {'path': 'one', 'type': 'worker'}]


def header_rows():
    """(method, verb) as they stand in the source."""
    folder = os.environ['ST_TEST_TOP'] + '/userspace/proto/ops'
    with open(folder + '.h', encoding='utf-8') as file:
        families = re.findall(r'^\tST_OPERATIONS_([A-Z]+)\(X\)', file.read(), re.M)
    rows = []
    for family in families:
        with open(f'{folder}/{family.lower()}.h', encoding='utf-8') as file:
            rows += re.findall(r'^\tX\([A-Z_]+, (\w+), "([\w-]+)"', file.read(), re.M)
    assert len(families) == len(os.listdir(folder)), families
    return rows


def option(param):
    return '--' + param['name'].removesuffix('_ms').replace('_', '-')


def placed_as_option(row, param):
    return option(param) in run('help', row['verb']).stdout.split('Usage')[1].split('Parameters')[0]


def test_the_table_that_is_told_is_the_one_in_the_source():
    rows = header_rows()
    assert len(rows) > 20
    assert [(row['name'], row['verb']) for row in table()] == rows


def test_help_lists_every_verb_with_its_summary_and_no_other():
    text = ' '.join(run('help').stdout.split('Options')[0].split())
    for row in table():
        assert ' '.join([row['verb'], *row['summary'].split()]) in text, row['verb']
    listed = re.findall(r'^  ([a-z-]+) {2,}', run('help').stdout.split('Options')[0], re.M)
    assert sorted(listed) == sorted([row['verb'] for row in table()] + LOCAL), listed


def test_help_begins_with_eight_verbs_and_ends_with_those_of_processes():
    text = run('help').stdout.split('\nOptions\n')[0]
    first = text.split('\nStart here\n')[1].split('\n\n')[0]
    verbs = re.findall(r'^  suptree ([a-z-]+)', first, re.M)
    assert len(verbs) == 8 and {'check', 'tree', 'logs', 'why'} < set(verbs), verbs
    assert text.index('Start here') < text.index('\nLook\n'), text
    titles = re.findall(r'^(\S.*)$', text, re.M)
    apart = text.split('\nOnly for supervised processes')[1]
    for verb in ('register', 'offer', 'join', 'report-signal', 'connect'):
        assert f'\n  {verb} ' in apart, verb
    assert titles[-2].startswith('Only for supervised') or titles[-1].startswith('Only for'), titles


def test_help_of_a_verb_as_json_is_its_row():
    for row in table():
        for arguments in (['help', row['verb'], '--json'], [row['verb'], '--help', '--jsonl']):
            assert json.loads(run(*arguments).stdout) == row, arguments
    assert json.loads(run('help', 'kill_process', '--json').stdout)['verb'] == 'kill'
    for verb in LOCAL:
        row = json.loads(run('help', verb, '--json').stdout)
        assert row['verb'] == verb and row['summary'] and row['example'], row
        assert [param['name'] for param in row['params']] or verb == '', row


def test_help_of_a_verb_has_its_parameters_role_errors_and_example():
    for row in table():
        done = run(row['verb'], '--help')
        assert done.returncode == 0 and done.stdout == run('help', row['verb']).stdout, row
        text = ' '.join(done.stdout.split())
        for param in row['params']:
            assert ' '.join(param['help'].split()) in text, (row['name'], param)
        for kind in row['errors']:
            assert f'\n  {kind}' in done.stdout, (row['name'], kind)
        assert f'Role {row["role"]}' in text, row['name']
        assert done.stdout.endswith(f'Example\n  {row["example"]}\n'), row['name']
        assert max(map(len, done.stdout.splitlines())) <= 80, row['name']
        assert not re.search(r' $', done.stdout, re.M), row['name']
    for verb in LOCAL:
        assert run('help', verb).returncode == 0


def test_help_names_the_parameters_of_which_one_must_be_given():
    for verb, words in (('kill', 'PATH or --pid PID'), ('check', 'FILE or --keys'),
                        ('trace-stop', 'ID or --path PATH or --pid PID')):
        assert f'\n  Give exactly one of these: {words}\n' in run('help', verb).stdout, verb
    assert 'Give exactly' not in run('help', 'tree').stdout


def test_help_explains_every_role_that_an_operation_needs():
    roles = run('help').stdout.split('\nRoles\n')[1].split('\n\n')[0]
    for role in {row['role'] for row in table()}:
        assert f'  {role} ' in roles, role


def test_every_verb_calls_its_method():
    required = {'path': 'demo', 'child': 'demo', 'method': 'x.a.b', 'spec': '{}', 'word': 'w',
                'specs': '[]', 'file': '/dev/null', 'name': 'n', 'trace_id': '1', 'ref': '1',
                'objects': '[{}]', 'pid': '1', 'signal': 'TERM', 'args': 'kill demo'}
    for row in table():
        arguments = ['--until', 'a=up'] if row['name'] == 'wait' else []
        given = False
        for param in row['params']:
            if param['required'] or (param.get('one_of') and not given):
                given |= param.get('one_of', False)
                word = param['words'][0] if 'words' in param else required.get(param['type'])
                arguments += [word] if word else []
        with Fake(subscribe=Stream(SUBSCRIBED), monitor=Stream({'ref': 1})) as fake:
            fake.run(row['verb'], *arguments)
            assert [method for method, _ in fake.requests] == [row['name']], (row, fake.requests)


def test_every_option_of_the_table_is_taken():
    values = {'pid': '7', 'path': 'a', 'child': 'a', 'name': 'n', 'generation': '1',
              'signal': 'HUP', 'intensity': '1', 'period': '1', 'auto_shutdown': 'never',
              'reason': 'normal', 'lines': '1', 'seq': '1', 'count': '1', 'uid': '1',
              'time_ns': '1', 'words': 'signal', 'duration': '1s', 'age': '1d',
              'condition': 'a=up', 'spec': '{}', 'object': '{}', 'word': 'w', 'pattern': 'w*',
              'integer': '1', 'text': 't'}
    for row in table():
        for param in row['params']:
            if not placed_as_option(row, param):
                continue
            value = param['words'][0] if 'words' in param else values.get(param['type'])
            arguments = [option(param)] + ([] if param['type'] == 'flag' else [value])
            done = run(row['verb'], *arguments, '--help')
            assert done.returncode == 0, (row['name'], param, done.stderr)


def proposed(*words):
    """What the last of these words can become, without what it means."""
    done = run('completion', 'words', '--', *words)
    assert (done.returncode, done.stderr) == (0, ''), done
    return [line.split('\t')[0] for line in done.stdout.splitlines()]


def test_completion_has_every_verb_and_option():
    assert proposed('') == [row['verb'] for row in table()] + LOCAL
    for row in table():
        for param in row['params']:
            if placed_as_option(row, param):
                assert option(param) in proposed(row['verb'], '--'), (row['verb'], param)
    for verb in LOCAL:
        assert '--json' in proposed(verb, '--'), verb


def shell_says(shell, script, **options):
    if not shutil.which(shell):
        raise ktap.Skip(f'{shell} is not installed')
    return subprocess.run([shell, *script], check=False, text=True, capture_output=True,
                          timeout=120, **options)


def syntax(shell):
    with tempfile.NamedTemporaryFile('w', suffix='.' + shell, encoding='utf-8') as file:
        file.write(run('completion', shell).stdout)
        file.flush()
        done = shell_says(shell, ['-n', file.name])
        assert (done.returncode, done.stderr) == (0, ''), done


def test_completion_for_bash_is_a_script_of_bash():
    syntax('bash')


def test_completion_for_zsh_is_a_script_of_zsh():
    syntax('zsh')


def test_completion_for_fish_is_a_script_of_fish():
    syntax('fish')


def completed(fake, *words):
    """What bash offers for the last of these words."""
    script = '''
eval "$(suptree completion bash)"
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); compopt() { :; }
_suptree; printf '%s\\n' "${COMPREPLY[@]}"
'''
    env = environment(fake.path)
    env['PATH'] = os.environ['ST_TEST_BIN'] + ':' + env['PATH']
    done = shell_says('bash', ['-c', script, 'bash', 'suptree', *words], env=env)
    assert done.stderr == '', done
    return [word for word in done.stdout.split('\n') if word]


def test_bash_completes_verbs_options_values_and_paths():
    with Fake(ps=ROWS, registered=[{'name': 'printer', 'path': 'demo'}]) as fake:
        for words, offered in (
                (['wh'], ['why', 'whatif', 'which-children', 'whereis']),
                (['st'], ['start-child', 'strategy', 'stop-supervisor', 'status', 'stop',
                          'state']),
                (['--so'], ['--socket']),
                (['list_s'], ['list_supervisors']),
                (['--json', 'pin'], ['ping']),
                (['kill', '--s'], ['--signal', '--system', '--socket']),
                (['kill', '--signal', 'TER'], ['TERM']),
                (['kill', '--signal', '=', 'TER'], ['TERM']),
                (['kill', 'demo', '-s', 'HU'], ['HUP']),
                (['tree', '--format', ''], ['text', 'json', 'dot', 'mermaid']),
                (['trace', 's'], ['start', 'stop', 'summary', 'sequence']),
                (['services', 'st'], ['start', 'stop']),
                (['services', 'start', 'j'], ['journal']),
                (['trace', 'start', '--kin'], ['--kinds']),
                (['trace', 'start', 'o'], ['one']),
                (['tree', 'dem'], ['demo/']),
                (['tree', 'demo/'], [r'demo/a\ b', 'demo/in/', 'demo/twin']),
                (['tree', 'demo/in/'], ['demo/in/deep', 'demo/in/twin']),
                (['tree', '/demo/i'], ['/demo/in/']),
                (['kill', 'dee'], ['deep']),
                (['kill', 'twi'], []),
                (['tree', "'demo/a"], ['demo/a b']),
                (['tree', r'demo/a\ '], [r'demo/a\ b']),
                (['kill', ''], ['/', 'demo/', 'one']),
                (['kill', 'demo', ''], []),
                (['wait', '--until', 'demo/'], [r'demo/a\ b=', 'demo/in/', 'demo/in=',
                                                'demo/twin=']),
                (['wait', '--until', 'demo', '=', 'u'], ['up']),
                (['call', 'pri'], ['printer']),
                (['strategy', 'demo', 'one_for_a'], ['one_for_all']),
                (['strategy', 'demo', '--auto-shutdown', 'n'], ['never']),
                (['check', '/etc/hostn'], ['/etc/hostname']),
                (['help', 'oper'], ['operations']),
                (['completion', ''], ['bash', 'zsh', 'fish'])):
            assert completed(fake, *words) == offered, (words, completed(fake, *words))


def test_zsh_completes_verbs_options_values_and_paths():
    setup = ("PROMPT='%% '; autoload -Uz compinit; compinit -D -u; LISTMAX=0\n"
             'eval "$(suptree completion zsh)"; print ready\n')
    rows = [row for row in ROWS if 'in' not in row['path']]
    with Fake(ps=rows, registered=[]) as fake, tempfile.TemporaryDirectory() as home:
        zsh = shutil.which('zsh')
        if not zsh:
            raise ktap.Skip('zsh is not installed')
        env = environment(fake.path, TERM='dumb', HOME=home)
        env['PATH'] = os.environ['ST_TEST_BIN'] + ':' + env['PATH']
        with Terminal([zsh, '-f', '-i'], env) as terminal:
            terminal.type(setup)
            terminal.expect('\nready')
            for typed, method, params in (
                    ('suptree pin\t', 'ping', {}),
                    ('suptree kill demo/\t', 'kill', {'path': 'demo/a b'}),
                    ('suptree kill demo --sig\tTER\t', 'kill', {'path': 'demo', 'signal': 'TERM'}),
                    ('suptree wait --until demo=u\t', 'wait', {'until': 'demo=up'})):
                terminal.type(typed + '; print done''-it\n')
                terminal.expect('\ndone-it')
                assert fake.requests[-1] == (method, params), (typed, fake.requests)


def test_fish_completes_verbs_options_values_and_paths():
    with Fake(ps=[{'path': 'demo', 'type': 'supervisor'}, {'path': 'demo/a'}]) as fake:
        env = environment(fake.path)
        env['PATH'] = os.environ['ST_TEST_BIN'] + ':' + env['PATH']
        for line, offered in (('suptree whi', ['which-children']),
                              ('suptree kill --sig', ['--signal']),
                              ('suptree kill -s TER', ['TERM']),
                              ('suptree info de', ['demo/']),
                              ('suptree info demo/', ['demo/a']),
                              ('suptree trace sta', ['start']),
                              ('suptree wait --until demo=u', ['demo=up']),
                              ('suptree check /etc/hostn', ['/etc/hostname']),
                              ('suptree tree --format m', ['mermaid'])):
            done = shell_says('fish', ['--no-config', '-c', 'suptree completion fish | source; '
                                       'complete -C $argv[1]', line], env=env)
            words = [text.split('\t')[0] for text in done.stdout.splitlines()]
            assert (words, done.stderr) == (offered, ''), (line, done)


def test_names_are_listed_quietly_whether_or_not_a_daemon_runs():
    with Fake(ps=[{'path': '/', 'state': 'running'}]) as fake:
        assert fake.run('completion', 'words', '--', 'tree', '').stdout == '/\trunning\n'
    assert proposed('tree', '') == []


ktap.run(globals())
