#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""suptree check: what is wrong, and what will probably not work on this machine."""

import json
import os
import pathlib
import sys
import tempfile

sys.path[:0] = [os.environ['ST_TEST_TOP'] + '/tests/lib', os.environ['ST_TEST_DIR'] + '/lib']
import ktap  # noqa: E402
from fake import run  # noqa: E402

# what stands after "id: a" in a child, and what is warned of: (a part of the message, pointer)
OF_CHILDREN = [
    ('start: [/bin/true]', []),
    ('start: [sh, -c, "echo $HOME > /dev/null | cat; ls * &"]', []),
    ('start: sh -c "echo $HOME > /dev/null"', []),
    ("start: echo '>' \"|\" \\; --host=* *:80 http://h/?a=1&b=2 'a$b' 5$ $ a&b", []),
    ('start: /nonexistent/program x',
     [('the program "/nonexistent/program" does not exist', '/start')]),
    ('start: [/nonexistent/program, x]',
     [('the program "/nonexistent/program" does not exist', '/start/0')]),
    ('start: [no-such-program]', [('the program "no-such-program" is not in PATH', '/start/0')]),
    ('start: [true]\n    environment: {PATH: /nonexistent}',
     [('the program "true" is not in PATH', '/start/0')]),
    ('start: ["true"]\n    environment: {PATH: "/nonexistent:/usr/bin:/bin"}', []),
    ('start: bin/true\n    cwd: /usr', []),
    ('start: bin/no-such-program\n    cwd: /usr', [('does not exist', '/start')]),
    ('start: ./program', [('is relative to the folder in which suptreed was started', '/start')]),
    ('start: [/usr]', [('the program "/usr" is a folder', '/start/0')]),
    ('start: [/etc/passwd]', [('the program "/etc/passwd" cannot be executed', '/start/0')]),
    ('start: [FOLDER/script]', [('is a text without #!', '/start/0')]),
    ('start: [FOLDER/other]', [('an interpreter that does not exist: /nonexistent/python',
                                '/start/0')]),
    ('start: [FOLDER/windows]', [('has a carriage return', '/start/0')]),
    ('start: [FOLDER/empty]', [('is empty', '/start/0')]),
    ('start: cd /tmp', [('the program "cd" is a word of the shell', '/start')]),
    ('start: export A=1', [('the program "export" is a word of the shell', '/start')]),
    ('start: "true > /tmp/x"', [('">" is an argument and sends output nowhere', '/start')]),
    ('start: "true 2>&1"', [('">" is an argument', '/start')]),
    ('start: "true < /tmp/x"', [('"<" is an argument', '/start')]),
    ('start: true | cat', [('"|" is an argument and connects nothing', '/start')]),
    ('start: true && cat', [('"&&" is an argument and begins no second command', '/start')]),
    ('start: true || cat', [('"||" is an argument', '/start')]),
    ('start: true; cat', [('";" is an argument', '/start')]),
    ('start: true &', [('"&" is an argument', '/start')]),
    ('start: true $HOME', [('"$HOME" is not replaced by the value', '/start')]),
    ('start: true --port=${PORT}', [('"${PORT}" is not replaced by the value', '/start')]),
    ('start: true "$PORT"', [('"$PORT" is not replaced by the value', '/start')]),
    ('start: true $(date)', [('"$(" is not replaced by the output', '/start')]),
    ('start: true `date`', [('"`" is not replaced by the output', '/start')]),
    ('start: A=1 true', [('"A=1" is taken for the program', '/start')]),
    ('start: true *.log', [('"*.log" is not replaced by the names of files', '/start')]),
    ('start: true ~/x', [('"~" is not replaced by a home directory', '/start')]),
    ('start: [sleep, 9]\n    probe: {command: "true | cat"}',
     [('no shell runs command, so "|"', '/probe/command')]),
    ('start: [sleep, 9]\n    probe: {command: [no-such-program]}',
     [('the program "no-such-program" is not in PATH', '/probe/command/0')]),
    ('start: [sleep, 9]\n    user: no-such-user', [('user "no-such-user" does not exist',
                                                    '/user')]),
    ('start: [sleep, 9]\n    group: no-such-group', [('group "no-such-group" does not exist',
                                                      '/group')]),
    ('start: [sleep, 9]\n    user: 54321', [('is a number without a name', '/user')]),
    ('start: [sleep, 9]\n    cwd: /nonexistent', [('the folder "/nonexistent" does not exist',
                                                   '/cwd')]),
    ('start: [sleep, 9]\n    cwd: /etc/passwd', [('"/etc/passwd" is not a folder', '/cwd')]),
    ('start: [sleep, 9]\n    environment_file: /nonexistent',
     [('the file "/nonexistent" does not exist', '/environment_file')]),
    ('start: [sleep, 9]\n    environment_file: [-/nonexistent, /usr]',
     [('environment_file "/usr" is not a file', '/environment_file/1')]),
    ('start: [sleep, 9]\n    log: {file: /nonexistent/a.log}',
     [('the folder "/nonexistent" does not exist', '/log/file')]),
    ('start: [sleep, 9]\n    log: {folder: /nonexistent/logs}',
     [('the folder "/nonexistent" does not exist', '/log/folder')]),
    ('start: [sleep, 9]\n    log: {file: FOLDER}', [('is a folder', '/log/file')]),
    ('start: [sleep, 9]\n    log: {folder: FOLDER/logs, stderr: FOLDER/link/errors}',
     [('has a symbolic link in it', '/log/stderr')]),
]

# what stands in a file, and what its first error says: message, did you mean, advice
OF_OTHERS = [
    ('trees: {a: {start: x}}', 'no key "trees"', 'children', 'children is a list'),
    ('processes: {a: {command: x}}', 'no key "processes"', 'children', 'children is a list'),
    ('services: {a: {image: x}}', 'services has no key "a"', None, ''),  # those are ours
    ('[program:x]', 'cannot be a list', None, "supervisord's"),
    ('[program:x]\ncommand=x\n', 'not YAML', None, "supervisord's"),
    ('[Unit]\nDescription=x\n\n[Service]\nExecStart=x\n', 'not YAML', None, "systemd's"),
    ('Restart=always', 'the main file cannot be "Restart=always"', None, 'KEY: VALUE'),
    ('children:\n- id: a\n  Restart=always\n  start: x\n', 'not YAML', None, 'KEY: VALUE'),
    ('children: [{id: a, start: x, depends_on: [b]}]', 'no key "depends_on"', None,
     'rest_for_one'),
    ('children: [{id: a, command: x}]', 'no key "command"', 'start', ''),
    ('children: [{id: a, start: x, autorestart: true}]', 'no key "autorestart"', 'restart',
     'permanent'),
    ('children: [{id: a, start: x, WorkingDirectory: /}]', 'no key "WorkingDirectory"', 'cwd', ''),
    ('children: [{id: a, start: x, numprocs: 4}]', 'no key "numprocs"', None, 'partitions'),
    ('children: [{id: a, start: x, readiness_probe: {}}]', 'no key "readiness_probe"', 'probe',
     'ready: probe'),
    ('children: [{id: a, start: x, restart: always}]', 'unknown restart', 'permanent', ''),
    ('children: [{id: a, start: x, restart: on-failure}]', 'unknown restart', 'transient', ''),
    ('children: [{id: a, start: x, type: notify}]', 'unknown type', None, 'ready: notify'),
    ('children: [{id: a, start: x, period: 5}]', 'period is a key of', None, 'map supervisor'),
]


def check(text, *arguments):
    """(exit status, what `check --json` says) of a configuration on standard input."""
    done = run('check', *arguments, '--json', '-', stdin=text, env={'PATH': '/usr/bin:/bin'})
    assert done.stderr == '', done
    return done.returncode, json.loads(done.stdout)


def make_files(folder):
    for name, content in (('script', 'echo\n'), ('other', '#! /nonexistent/python -u\n'),
                          ('windows', '#!/bin/sh\r\necho\r\n'), ('empty', '')):
        path = pathlib.Path(folder, name)
        path.write_text(content, newline='')
        path.chmod(0o755)
    pathlib.Path(folder, 'there').mkdir()
    pathlib.Path(folder, 'link').symlink_to('there')


def test_check_warns_of_what_will_not_work_here_and_of_nothing_else():
    with tempfile.TemporaryDirectory() as folder:
        folder = os.path.realpath(folder)
        make_files(folder)
        for text, wanted in OF_CHILDREN:
            text = text.replace('FOLDER', folder)
            status, said = check(f'children:\n  - id: a\n    {text}\n')
            found = said['diagnostics']
            assert (status, said['errors'], said['warnings']) == (0, 0, len(found)), (text, said)
            assert len(found) == len(wanted), (text, found)
            for one, (message, pointer) in zip(found, wanted):
                assert message in one['message'], (text, one)
                assert one['pointer'] == '/children/0' + pointer, (text, one)
                assert (one['severity'], one['file']) == ('warning', '<stdin>'), one
                assert one['line'] >= 3 and one['column'] > 1, one


def test_check_names_the_words_that_replace_those_of_other_systems():
    for text, message, meant, advice in OF_OTHERS:
        status, said = check(text)
        first = next((one for one in said['diagnostics'] if message in one['message']), None)
        assert first and (status, first['severity']) == (8, 'error'), (text, said)
        assert first.get('did_you_mean') == meant, (text, first)
        assert advice in first.get('advice', ''), (text, first)


def test_a_key_that_nobody_knows_is_answered_with_all_keys_once():
    said = check('shade: 1\ntint: 2\n')[1]['diagnostics']
    assert said[0]['expected'].startswith('include, strategy, intensity'), said
    assert said[0]['expected'].endswith(' or services') and 'expected' not in said[1], said


def test_warnings_do_not_fail_a_check_unless_it_is_strict():
    with tempfile.NamedTemporaryFile('w', suffix='.yaml', encoding='utf-8') as file:
        file.write('children:\n  - {id: a, start: [/nonexistent]}\n')
        file.flush()
        done = run('check', file.name)
        assert (done.returncode, done.stderr) == (0, ''), done
        assert done.stdout == (
            f'{file.name}:2:21: warning: the program "/nonexistent" does not exist\n'
            '  2 |   - {id: a, start: [/nonexistent]}\n'
            '    |                     ^~~~~~~~~~~~\n'
            f'{file.name}: ok, 1 tree, 1 warning\n'), done
        strict = run('check', '--strict', file.name)
        assert (strict.returncode, strict.stdout) == (8, done.stdout), strict


def test_warnings_and_errors_are_one_list_in_the_order_of_lines():
    status, said = check('children:\n  - {id: a, start: [/nonexistent]}\n  - {id: b, strt: [x]}\n'
                         '  - {id: c, start: [/nonexistent/too]}\n')
    assert (status, said['errors'], said['warnings']) == (8, 2, 2), said
    assert [(one['line'], one['severity']) for one in said['diagnostics']] == [
        (2, 'warning'), (3, 'error'), (3, 'error'), (4, 'warning')], said


def test_many_warnings_leave_room_for_errors_and_are_counted():
    warned = ''.join(f'  - {{id: a{i}, start: [/nonexistent]}}\n' for i in range(150))
    status, said = check(f'children:\n{warned}  - {{id: b, strt: [x]}}\n')
    assert (status, said['errors'], said['warnings']) == (8, 2, 150), said
    assert [one['severity'] for one in said['diagnostics']].count('error') == 2, said
    text = run('check', '-', stdin=f'children:\n{warned}').stdout
    assert text.endswith('and 50 more warnings\n<stdin>: ok, 150 trees, 150 warnings\n'), text


def test_check_reads_standard_input_and_includes_from_where_it_runs():
    done = run('check', '-', stdin='children:\n  - {id: a, start: [/bin/true]}\n')
    assert (done.returncode, done.stdout) == (0, '<stdin>: ok, 1 tree\n'), done
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, 'more.yaml').write_text('children: [{id: b, start: [/bin/true]}]\n',
                                                     encoding='utf-8')
        done = run('check', '-', stdin='include: [more.yaml]\n', cwd=folder)
        assert (done.returncode, done.stdout) == (0, '<stdin>: ok, 1 tree\n'), done
    done = run('check', '-', stdin='')
    assert (done.returncode, done.stdout) == (0, '<stdin>: ok, 0 trees\n'), done
    done = run('check', '-', stdin='#' * (17 << 20))
    assert done.returncode == 8 and 'larger than 16 MiB' in done.stdout, done


def test_a_program_of_another_user_must_be_executable_for_him():
    if os.geteuid():
        raise ktap.Skip('needs root')
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, 'program')
        path.write_text('#!/bin/sh\n', encoding='utf-8')
        path.chmod(0o755)
        text = f'children: [{{id: a, start: [{path}], user: nobody, cwd: {folder}}}]\n'
        said = check(text)[1]['diagnostics']
        assert len(said) == 2, said
        assert said[0]['message'].endswith('cannot be executed by the user of the child'), said
        assert said[1]['message'].endswith('cannot be entered by the user of the child'), said


if __name__ == '__main__':
    ktap.run(globals())
