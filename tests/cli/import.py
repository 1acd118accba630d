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
import shutil
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
]

# format, a text, and what its mistake is: line (0: none), words
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
