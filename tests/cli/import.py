#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""suptree import: configurations of other systems become ours, or comments.

import/ has files as they are found in public, written anew, and beside each NAME the whole
result, NAME.yaml. A result is written anew with SUPTREE_WRITE=1 in the environment.
"""

import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

sys.path[:0] = [os.environ['ST_TEST_TOP'] + '/tests/lib', os.environ['ST_TEST_DIR'] + '/lib']
import ktap  # noqa: E402
from fake import run  # noqa: E402

HERE = pathlib.Path(os.environ['ST_TEST_DIR'], 'import')

# format, its files in import/ (the result is named by the first one)
GOOD = [
    ('supervisord', ['supervisord.conf']),
    ('procfile', ['Procfile']),
    ('process-compose', ['process-compose.yaml']),
    ('systemd', ['shop.service', 'old-mail.service']),
    ('erlang', ['shop_sup.erl', 'shop_pool_sup.erl']),
    ('erlang', ['children.term']),
]

HEAD = '-module(m).\ninit(_) -> '  # of a supervisor
CHILD = '#{id => a, start => {m, f, []}}'

# format, a text, and what its mistake is: line (0: none) or line and column, words
BAD = [
    ('supervisord', '', 0, 'there is no [program:NAME]'),
    ('supervisord', 'command=x\n', 1, 'a [SECTION] must come before'),
    ('supervisord', '[program:a\ncommand=x\n', 1, 'a section must end with ]'),
    ('supervisord', '[program:a]\n\ncommand x\n', 3, 'neither [SECTION] nor NAME=VALUE'),
    ('supervisord', '[program:a]\nuser=x\n', 1, '[program:a] has no command'),
    ('supervisord', '[program:a]\ncommand=x "y\n', 2, 'a quote has no end'),
    ('supervisord', '[program:a]\ncommand=\n', 2, 'it has no program'),
    ('supervisord', '[program:a]\ncommand=x\\\n', 2, 'nothing after the last backslash'),
    ('supervisord', '[program:a]\ncommand=x\nnumprocs=many\n', 3, 'numprocs and numprocs_start'),
    ('supervisord', '[program:a]\ncommand=x\nnumprocs=100000\n', 1, 'more than 1000 children'),
    ('supervisord', '[program:a]\ncommand=x\numask=9\n', 3, 'no octal number'),
    ('supervisord', '[program:a]\ncommand=x\nautorestart=maybe\n', 3, 'true, false or unexpected'),
    ('supervisord', '[program:a]\ncommand=x\nstopwaitsecs=-1\n', 3, 'no number of seconds'),
    ('supervisord', '[program:a]\ncommand=x\nenvironment=A\n', 3, 'NAME="VALUE"'),
    ('supervisord', '[program:a]\ncommand=x\nenvironment=A="b\n', 3, 'a quote has no end'),
    ('supervisord', '[program:a]\ncommand=x\n[group:g]\nprograms=b\n', 4, 'no [program:b]'),
    ('process-compose', '', 0, 'there is no map processes'),
    ('process-compose', 'processes:\n  a: {command: x\n', 3, 'not YAML'),
    ('process-compose', 'processes:\n  a: x\n', 2, 'a must be a map'),
    ('process-compose', 'processes:\n  a: {}\n', 2, 'a has no command'),
    ('process-compose', 'processes:\n  a: {command: x, depends_on: {b: {}}}\n', 2,
     'there is no process b'),
    ('process-compose', 'processes:\n  a: {command: x, depends_on: {a: {}}}\n', 0,
     'goes in a circle'),
    ('process-compose', 'processes:\n  a: {command: x, availability: {restart: odd}}\n', 2,
     'it must be no, always'),
    ('process-compose', 'processes:\n  a: {command: x, environment: [A]}\n', 2,
     'NAME=VALUE'),
    ('process-compose', 'processes:\n  a: {command: x, replicas: 9999}\n', 2,
     'more than 1000 children'),
    ('systemd', '', 0, 'there is no [Service]'),
    ('systemd', '[Unit]\nDescription=x\n', 0, 'has no [Service]'),
    ('systemd', '[Service]\nUser=x\n', 0, 'unit has no ExecStart'),
    ('systemd', 'ExecStart=x\n', 1, 'a [SECTION] must come before'),
    ('systemd', '[Service]\n\nExecStart\n', 3, 'neither [SECTION] nor NAME=VALUE'),
    ('systemd', '[Service]\nExecStart=x "y\n', 2, 'a quote has no end'),
    ('systemd', '[Service]\nExecStart=x\nType=odd\n', 3, 'this word is not known'),
    ('systemd', '[Service]\nExecStart=x\nTimeoutStopSec=soon\n', 3, 'this is no time'),
    ('systemd', '[Service]\nExecStart=x\nRestartSec=5 ells\n', 3, 'this is no time'),
    ('systemd', '[Service]\n' + 'ExecStart=x\n' * 60, 52, 'too many commands'),
    ('systemd', '[Service]\n' + 'Nice=1\n' * 6000, 5002, 'more than 5000 lines'),
    ('systemd', '[Service]\nExecStart=x\nEnvironment=A\n', 3, 'NAME=VALUE'),
    ('erlang', '', 0, 'no term and no form'),
    ('erlang', '%% nothing\n', 0, 'no term and no form'),
    ('erlang', '{#{}, [', '1:8', 'has no end before this'),
    ('erlang', '{#{},[]}}.', '1:9', '} cannot stand here'),
    ('erlang', '[a b].', '1:4', 'b cannot stand here'),
    ('erlang', '[a,].', '1:4', '] cannot stand here'),
    ('erlang', '{a}, {b}.', '1:4', ', cannot stand here'),
    ('erlang', "['a\n].", '1:2', 'a quote has no end'),
    ('erlang', '\n "äö" [37#1].', '2:8', 'the base of a number must be 2 to 36'),
    ('erlang', '[2#3].', '1:2', 'no digit of that base'),
    ('erlang', '[1x].', '1:2', 'this is no number'),
    ('erlang', '[`a`].', '1:2', 'Erlang has no ` here'),
    ('erlang', '[#{a}].', '1:6', 'a key of a map has no value'),
    ('erlang', '[' * 70 + ']' * 70 + '.', '1:64', 'nested too deep'),
    ('erlang', '{ok, {#{strategy => all}, []}}.', '1:21', 'strategy must be one_for_one'),
    ('erlang', '{{one_for_one, -1, 5}, []}.', '1:16', 'intensity must be a whole number'),
    ('erlang', '{#{period => 0}, []}.', '1:14', 'period must be a whole number, at least 1'),
    ('erlang', '{#{auto_shutdown => 1}, []}.', '1:21', 'auto_shutdown must be never'),
    ('erlang', '{ok, {{one_for_one, 1}, []}}.', '1:6', 'it must be {ok, {SupFlags, ChildSpecs}}'),
    ('erlang', '{application, x, []}.', '1:1', 'this describes an application'),
    ('erlang', '5.', '1:1', 'or a list of child specifications'),
    ('erlang', '[{a, b}].', '1:2', 'a child specification must be a map'),
    ('erlang', '[#{start => {m, f, []}}].', '1:2', 'needs id'),
    ('erlang', '[#{id => a}].', '1:2', 'needs start'),
    ('erlang', '[#{id => a, start => {m, f}}].', '1:22', 'must be {Module, Function, Args}'),
    ('erlang', '[#{id => a, start => {"m", f, []}}].', '1:22', 'must be {Module, Function, Args}'),
    ('erlang', f'[{CHILD}#{{restart => maybe}}].', '1:46', 'restart must be permanent'),
    ('erlang', f'[{CHILD}#{{type => x}}].', '1:43', 'type must be worker or supervisor'),
    ('erlang', f'[{CHILD}#{{significant => 1}}].', '1:50', 'significant must be true or false'),
    ('erlang', f'[{CHILD}#{{shutdown => -1}}].', '1:47', 'shutdown must be infinity, brutal_kill'),
    ('erlang', f'[{CHILD}, {CHILD}].', '1:43', 'another child has this id'),
    ('erlang', '[#{id => a, start => {m, f, ["' + 'x' * 3000 + '"]}}].', '1:22', 'too long'),
    ('erlang', '[' + ',\n'.join(f'{{{n}, {{m, f, []}}, permanent, 1, worker, [m]}}'
                               for n in range(1001)) + '].', '1001:1', 'more than 1000 children'),
    ('erlang', '-module(m).\ninit() -> x.\ninit(A, B) -> x.\n', 0, 'no init/1 of a supervisor'),
    ('erlang', 'init(_) -> {ok, {#{}, []}}.\n', 0, 'there is no -module'),
    ('erlang', '-module(m).\ninit(_) -> ignore', '2:1', 'does not end with a dot'),
    ('erlang', HEAD + 'ignore.', '2:12', 'returns ignore'),
    ('erlang', HEAD + '{ok, []}.', '2:17', 'it must be {ok, {SupFlags, ChildSpecs}}'),
    ('erlang', HEAD + 'case a of _ -> b end.', '2:12', 'known only when it runs'),
    ('erlang', '-endif.\n' + HEAD + 'ok.', '1:2', 'there is no -ifdef before it'),
    ('erlang', '-define(A, ?B).\n-define(B, ?A).\n' + HEAD + '?A.', '4:12', 'in a circle'),
    ('erlang', '-define(A(X), X).\n' + HEAD + '?A(1, 2).', '3:12', 'another number of parameters'),
    ('erlang', ''.join(f'-define(A{n}, ?A{n + 1} ?A{n + 1}).\n' for n in range(30)) +
     '-define(A30, ).\n' + HEAD + '?A0.', '33:12', 'its macros make it too large'),
    ('erlang', HEAD + 'A0 = [a], ' + ', '.join(f'A{n + 1} = A{n} ++ A{n}' for n in range(30)) +
     ', A30.', '2:333', 'its lists are too long'),
    ('erlang', 'defmodule Shop do\nend\n', 0, 'this is Elixir'),
    ('erlang', '[%{id: Shop.Cart}]\n', 0, 'this is Elixir'),
    ('erlang', '{ok, [Shop.Cart]}', '1:11', 'a name with dots is Elixir'),
    ('procfile', '# nothing\n', 0, 'there is no line NAME: COMMAND'),
    ('procfile', 'web: a\n\nworker b\n', 3, 'this is not NAME: COMMAND'),
    ('procfile', 'web:\n', 1, 'web has no command'),
    ('procfile', 'web: a "b\n', 1, 'a quote has no end'),
    ('procfile', 'web: a\0b\n', 1, 'NUL'),
    ('procfile', 'web: a\x1b[2Jb\n', 1, 'control character'),
]

# format, a text, and a line of the result
LINES = [
    ('supervisord', '[program:a]\ncommand=x "a b" c\\ d \'e"f\' ""\n',
     '    start: [x, "a b", "c d", "e\\"f", ""]'),
    ('supervisord', '[program:a]\ncommand=x ; a comment\n', '    start: [x]'),
    ('supervisord', '[program:a]\ncommand=x a;b\n', '    start: [x, "a;b"]'),
    ('supervisord', '[program:a]\ncommand: x\n', '    start: [x]'),
    ('supervisord', '[program:a]\r\ncommand=x\r\n', '    start: [x]'),
    ('supervisord', '[program:a]\ncommand=x\n  b\n  c\n', '    start: [x, b, c]'),
    ('supervisord', '[program:a]\ncommand=%(here)s/run\n', '    start: [FOLDER/run]'),
    ('supervisord', '[program:a]\ncommand=x %(ENV_A)s%(ENV_B)s $C\n',
     '    start: [sh, -c, "exec x \\"${A}\\"\\"${B}\\" \\\\$C"]'),
    ('supervisord', '[program:a]\ncommand=x\nuser=%(ENV_USER)s\n',
     '  # source:3: user=%(ENV_USER)s: a variable of the environment cannot stand here'),
    ('supervisord', '[program:a]\ncommand=x\ndirectory=srv\n',
     '    # not possible: cwd cannot be "srv"; expected an absolute path of at most 4095 bytes'),
    ('supervisord', '[program:a]\ncommand=x\ndirectory=srv\n', '    # cwd: srv'),
    ('supervisord', '[program:a/b]\ncommand=x\n', '  - id: a_b'),
    ('supervisord', '[program:true]\ncommand=no\n', '  - id: "true"'),
    ('supervisord', '[program:a]\ncommand=no\n', '    start: ["no"]'),
    ('supervisord', '[program:a]\ncommand=1e3\n', '    start: ["1e3"]'),
    ('supervisord', '[program:a]\ncommand=x\n[program:a]\ncommand=y\n', '  - id: a_2'),
    ('systemd', '[Service]\nExecStart=/x \\\n  # between\n  y\n', '    start: [/x, "y"]'),
    ('systemd', '[Service]\nExecStart=a\nExecStart=\nExecStart=b\n', '    start: [b]'),
    ('systemd', '[Service]\nExecStart=:/x $A $$B\n', '    start: [/x, "$A", "$$B"]'),
    ('systemd', '[Service]\nExecStart=/x $$A "\\x41 b"\n', '    start: [/x, "$A", "A b"]'),
    ('systemd', '[Service]\nExecStart=x\nTimeoutStopSec=1min 30s\n', '    shutdown: 90 s'),
    ('systemd', '[Service]\nExecStart=x\nRestart=always\nRestartSec=0\n',
     '    restart: permanent'),
    ('systemd', '[Service]\nExecStart=x\nNice=99\n', '    # nice: 99'),
    ('systemd', '[Service]\nExecStart=x\nWorkingDirectory=~\n',
     '  # source:3: WorkingDirectory=~: cwd needs an absolute path'),
    ('systemd', '[Service]\nExecStart=x\nLimitNOFILE=1024:4096\n',
     '      nofile: [1024, 4096]'),
    ('erlang', f'{CHILD}.', '  - id: a'),
    ('erlang', f'[{CHILD}]', '  - id: a'),
    ('erlang', "{a, {m, f, []}, transient, 16#ff, worker, [m]}.\n"
     "{b, {m, f, []}, permanent, infinity, worker, dynamic}.\n", '    shutdown: 255 ms'),
    ('erlang', "{'it''s', {m, f, []}, transient, $a, worker, [m]}.".replace("''", "\\'"),
     '  - id: "it\'s"'),
    ('erlang', '[#{id => <<"a/b">>, start => {m, f, []}}].', '  - id: a_b'),
    ('erlang', '[#{id => <<"a/b">>, start => {m, f, []}}].',
     '  # source:1: <<"a/b">>: this cannot be an id'),
    ('erlang', '[#{id => "a" "\\x{e4}\\n", start => {m, f, []}}].', '  - id: "aä_"'),
    ('erlang', f'[{CHILD}#{{shutdown => 2 * 3 * 1000}}].', '    shutdown: 6 s'),
    ('erlang', f'[{CHILD}#{{shutdown => timer:minutes(1_0)}}].', '    shutdown: 10 min'),
    ('erlang', f'[{CHILD}#{{shutdown => f(x)}}].',
     '  # source:1: f(x): it is known only when it runs; shutdown is not carried over'),
    ('erlang', f'[{CHILD}#{{colour => red}}].',
     '  # source:1: colour: a child specification has no such key'),
    ('erlang', f'{{#{{colour => red}}, [{CHILD}]}}.',
     '# source:1: colour: the supervisor has no such flag'),
    ('erlang', f'{{#{{intensity => f(1)}}, [{CHILD}]}}.',
     '# source:1: intensity is not carried over: f(1) is known only when it runs'),
    ('erlang', f'{{flags(), [{CHILD}]}}.',
     '# source:1: the flags are not carried over: flags() is known only when it runs'),
    ('erlang', f'[{CHILD} | rest()].',
     '# source:1: rest() is known only when it runs: it is not carried over'),
    ('erlang', f'[{CHILD}] ++ #shop{{a = 1}}.',
     '# source:1: #shop{a = 1} is known only when it runs: it is not carried over'),
    ('erlang', '{#{}, children()}.',
     '# source:1: children() is known only when it runs: these children are not carried over'),
    ('erlang', '[#{id => a, start => {m, f, [X, ?Y]}}].',
     '  # source:1: m:f(X, ?Y): what is no literal here is known only when it runs'),
    ('erlang', '[#{id => a, start => {m, f, []}, type => supervisor}].', '      children: []'),
    ('erlang', '{{simple_one_for_one, 3, 4}, [' + CHILD + ']}.', '  - id: pool'),
    ('erlang', HEAD + f'A = B = {CHILD}, {{ok, {{#{{}}, [B | []]}}}}.', '  - id: a'),
    ('erlang', HEAD + f'{{ok, {{#{{}}, [{CHILD}]}}}}.', '  # source:2: m:f()'),
    ('erlang', HEAD + f'f(), {{ok, {{#{{}}, [{CHILD}]}}}}; init(x) -> y.',
     '# source:2: init/1 has f(), which is not carried over'),
    ('erlang', HEAD + f'{{ok, {{#{{}}, [{CHILD}]}}}};\ninit(x) -> y.',
     '# source:3: further clauses of init/1 are not carried over'),
    ('erlang', '-define(N, 1).\n-undef(N).\n-ifndef(N).\n-define(P, 7).\n-endif.\n' + HEAD +
     f'{{ok, {{#{{period => ?P}}, [{CHILD}]}}}}.', 'period: 7'),
    ('erlang', '-define(C(I), ?C(I, [])).\n-define(C(I, A), #{id => I, start => {I, f, A}}).\n' +
     HEAD + '{ok, {#{}, [?C(b), ?C(?MODULE, [{1, 2}])]}}.', '  # source:4: m:f({1, 2})'),
    ('erlang', '-if(X > 1).\n-endif.\n' + HEAD + f'{{ok, {{#{{}}, [{CHILD}]}}}}.',
     '# source:1: -if is not decided here: its first branch is left out'),
    ('procfile', 'web: A=1 b\n', '    start: [sh, -c, "A=1 b"]'),
    ('procfile', 'web: exec b $A\n', '    start: [sh, -c, "exec b $A"]'),
    ('procfile', 'web: b é "c d"\n', '    start: [b, "é", "c d"]'),
]


def same(name, text):
    """Whether a text is that of a file, which is written if that is wanted."""
    path = HERE / name
    if os.environ.get('SUPTREE_WRITE'):
        path.write_text(text, encoding='utf-8')
    return text == path.read_text(encoding='utf-8')


def passes(text):
    """Whether `check` finds no mistake. It may warn: the programs are not here."""
    done = run('check', '--json', '-', stdin=text)
    return done.returncode == 0 and json.loads(done.stdout)['errors'] == 0


def plain_folder():
    """Its path has no blank, and needs no quotes in YAML: supervisord would split it, too."""
    return tempfile.TemporaryDirectory(dir='/tmp')


def of_text(form, text, *options):
    """The end of `import` for a text in a file called source; FOLDER is where it is."""
    with plain_folder() as folder:
        folder = os.path.realpath(folder)
        pathlib.Path(folder, 'source').write_bytes(text.encode())
        done = run(*options, 'import', form, 'source', cwd=folder)
        done.stdout = done.stdout.replace(folder, 'FOLDER')
        return done


def test_each_file_becomes_the_configuration_beside_it_which_passes_check():
    for form, names in GOOD:
        with plain_folder() as folder:
            folder = os.path.realpath(folder)
            shutil.copytree(HERE, folder, dirs_exist_ok=True)
            done = run('import', form, *names, cwd=folder)
        assert (done.returncode, done.stderr) == (0, ''), (names, done)
        text = done.stdout.replace(folder, '/srv/shop')
        assert same(names[0] + '.yaml', text), (names, text)
        assert passes(text), (names, run('check', '-', stdin=text).stdout)


def test_each_line_becomes_this_line():
    for form, text, wanted in LINES:
        done = of_text(form, text)
        assert (done.returncode, done.stderr) == (0, ''), (text, done)
        assert wanted in done.stdout.splitlines(), (text, wanted, done.stdout)
        assert passes(done.stdout.replace('FOLDER', '/srv')), (text, done.stdout)


def test_what_is_wrong_is_said_with_its_line():
    for form, text, line, words in BAD:
        done = of_text(form, text)
        place = f'source:{line}: ' if line else 'source: '
        assert (done.returncode, done.stdout) == (1, ''), (text, done)
        assert done.stderr.startswith('suptree: import: ' + place), (text, done)
        assert words in done.stderr, (text, done)


def test_a_failure_is_an_object_in_json_and_so_are_notes():
    done = of_text('procfile', 'web a\n', '--json')
    assert done.returncode == 1 and 'source:1' in json.loads(done.stdout)['error']['message'], done
    done = of_text('supervisord', '[program:a]\ncommand=x\nserverurl=y\n', '--json')
    said = json.loads(done.stdout)
    assert passes(said['yaml']), said
    assert {'file': 'source', 'line': 3, 'text': 'serverurl=y is not carried over'} in (
        said['notes']), said


def test_a_file_that_cannot_be_read_and_bytes_that_are_no_text_are_refused():
    done = run('import', 'procfile', '/nonexistent')
    assert done.returncode == 2 and 'cannot be read' in done.stderr, done
    done = run('import', 'procfile', '/')
    assert done.returncode == 1 and 'it is not a file' in done.stderr, done
    done = run('import', 'launchd', '/dev/null')
    assert done.returncode == 2 and 'FORMAT must be' in done.stderr, done
    with tempfile.TemporaryDirectory() as folder:
        for content, words in ((b'web: a\xff\n', 'not UTF-8'), (b'#' * (5 << 20), '4 MiB')):
            path = pathlib.Path(folder, 'source')
            path.write_bytes(content)
            done = run('import', 'procfile', str(path))
            assert done.returncode == 1 and words in done.stderr, done


def test_standard_input_is_read_too():
    done = run('import', 'procfile', '-', stdin='web: a\nweb b\n')
    assert done.returncode == 1 and 'import: <stdin>:2: ' in done.stderr, done
    done = run('import', 'procfile', '-', stdin='web: a\n')
    assert done.returncode == 0 and 'cwd' not in done.stdout and passes(done.stdout), done


def start_of(text):
    """The words of the only start of a configuration that `import erlang` has made."""
    words = re.search(r'start: \[erl, -noshell, -eval, (".*")\]', text)
    return ['erl', '-noshell', '-eval', json.loads(words[1])]


def test_a_function_of_erlang_runs_in_a_node_that_ends_as_its_process_does():
    if not shutil.which('erl') or not shutil.which('erlc'):
        raise ktap.Skip('needs erl and erlc')
    source = ('-module(one).\n-export([start_link/2]).\n'
              'start_link(Word, Reason) ->\n'
              '    {ok, spawn_link(fun() -> io:format("~s~n", [Word]), exit(Reason) end)}.\n')
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, 'one.erl').write_text(source, encoding='utf-8')
        subprocess.run(['erlc', 'one.erl'], check=True, cwd=folder)
        for reason, status in (('normal', 0), ('{shutdown, x}', 0), ('broken', 1)):
            done = run('import', 'erlang', '-', stdin=(
                '[#{id => a, start => {one, start_link, ["a \\"word\\"", ' + reason + ']}}].'))
            ended = subprocess.run(start_of(done.stdout), check=False, cwd=folder, text=True,
                                   capture_output=True, stdin=subprocess.DEVNULL)
            assert (ended.returncode, ended.stdout) == (status, 'a "word"\n'), (reason, ended)


def test_modules_that_start_each_other_in_a_circle_and_modules_that_nobody_starts():
    def source(module, inner):
        return (f'-module({module}).\ninit(_) -> {{ok, {{#{{}}, '
                f'[#{{id => a, start => {{{inner}, start_link, []}}, type => supervisor}}]}}}}.\n')

    with plain_folder() as folder:
        for module, inner in (('a', 'b'), ('b', 'a'), ('c', 'x')):
            pathlib.Path(folder, module + '.erl').write_text(source(module, inner),
                                                             encoding='utf-8')
        pathlib.Path(folder, 'd.term').write_text('[].\n', encoding='utf-8')
        done = run('import', 'erlang', 'a.erl', 'b.erl', cwd=folder)
        assert done.returncode == 1 and 'a.erl:2:44: supervisors are nested' in done.stderr, done
        done = run('import', 'erlang', 'c.erl', 'b.erl', cwd=folder)
        assert '# b.erl: no child starts its module b, which is not carried over' in done.stdout
        done = run('import', 'erlang', 'c.erl', 'd.term', cwd=folder)
        assert done.returncode == 1 and 'd.term: a further file must be a module' in done.stderr
        done = run('import', 'procfile', 'c.erl', 'b.erl', cwd=folder)
        assert done.returncode == 1 and 'procfile takes one file' in done.stderr, done


def test_a_procfile_uses_the_variables_beside_it():
    with tempfile.TemporaryDirectory() as folder:
        folder = os.path.realpath(folder)
        pathlib.Path(folder, '.env').write_text('A=1\n', encoding='utf-8')
        pathlib.Path(folder, 'Procfile').write_text('web: a\n', encoding='utf-8')
        done = run('import', 'procfile', folder + '/Procfile')
        quoted = json.dumps(folder + '/.env', ensure_ascii=False)
        assert any(f'environment_file: {path}\n' in done.stdout
                   for path in (quoted, folder + '/.env')), done


def broken(text, chance):
    """A text with bytes, words or lines of it changed, taken out or given twice."""
    parts = text.splitlines(keepends=True) if chance.random() < 0.5 else list(text)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(len(parts))
        parts[at:at + chance.randint(0, 2)] = chance.choice(
            [[], [parts[at]] * 2, [chance.choice('"\'\\=:[]{}(),%$#\n \t-')],
             [chance.choice(parts)]])
        if not parts:
            return '\n'
    return ''.join(parts)


def test_a_broken_file_is_refused_or_gives_what_passes_check():
    chance = random.Random(20)
    for form, names in GOOD:
        text = (HERE / names[0]).read_text(encoding='utf-8')
        for _ in range(40):
            bad = broken(text, chance)
            done = run('import', form, '-', stdin=bad)
            assert done.returncode in (0, 1), (form, bad, done)
            assert done.returncode or passes(done.stdout), (form, bad, done.stdout)


if __name__ == '__main__':
    ktap.run(globals())
