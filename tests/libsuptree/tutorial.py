#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""userspace/libsuptree/README.md is real: its server is compiled as others would, put below a
supervisor, and answers as it says. So does the example in another language. And
what the header declares, the libraries export, and nothing else.
"""

import contextlib
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

TOP = pathlib.Path(os.environ['ST_TEST_TOP'])
sys.path.insert(0, str(TOP / 'tests/lib'))
import ktap  # noqa: E402
from suptreed import BIN, PATIENCE_S, Daemon  # noqa: E402
from talk import Talk  # noqa: E402

LIB = pathlib.Path(BIN).parent / 'lib'
INCLUDE = pathlib.Path(BIN).parent / 'top/userspace/libsuptree'
FENCE = re.compile(r'^`?(\S+\.\w+)?`?[^\n]*\n*^```(\w+)\n(.*?)^```$', re.MULTILINE | re.DOTALL)
PYTHON = '/usr/bin/python3' if os.path.exists('/usr/bin/python3') else sys.executable


def run(command, folder, **environment):
    done = subprocess.run(['sh', '-c', command], cwd=folder, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          env={**os.environ, **environment}, timeout=PATIENCE_S)
    return done.stdout


def symbols(*options):
    done = subprocess.run(['nm', *options, '--defined-only'], text=True, check=True,
                          stdout=subprocess.PIPE)
    return {line.split()[2].split('@')[0] for line in done.stdout.splitlines()
            if len(line.split()) == 3 and line.split()[1] == 'T'}


def declared():
    header = (TOP / 'userspace/libsuptree/suptree.h').read_text()
    return set(re.findall(r'^[a-z][\w ]*[ *](suptree_\w+)\(', header, re.MULTILINE))


def test_the_libraries_export_what_the_header_declares_and_nothing_else():
    names = declared()
    assert len(names) > 30, names
    assert symbols('-D', str(LIB / 'libsuptree.so')) == names
    assert symbols('-g', str(LIB / 'libsuptree.a')) == names


def test_each_function_has_a_page_and_all_pages_are_clean():
    with tempfile.TemporaryDirectory() as folder:
        said = run(f'"{TOP}/tools/man/api" "{TOP}/userspace/libsuptree" "{folder}"', folder)
        assert said == '', said
        pages = {path.stem: path.read_text() for path in pathlib.Path(folder).iterdir()}
        assert set(pages) == declared() | {'libsuptree'}
        for name in declared():
            assert f'.Fo {name}\n' in pages[name], name
        for line in blocks()['c'].splitlines():
            assert line.replace('\\', '\\e') in pages['libsuptree'], line
        said = run('mandoc -T lint -W warning *.3', folder)
        assert said == '', said


def pkg_config(options):
    """As after an installation, but with the folders of this build; the checkout by the name
    that has no blank, for a command in $( ) is cut at blanks."""
    return subprocess.run(['pkg-config', f'--define-variable=libdir={LIB}',
                           f'--define-variable=includedir={INCLUDE}', *options.split(),
                           str(LIB / 'suptree.pc')], text=True, check=True,
                          stdout=subprocess.PIPE).stdout.strip()


def sanitized():
    with open(LIB / 'libsuptree.so', 'rb') as file:
        return '-fsanitize=address,undefined ' if b'__asan_init' in file.read() else ''


def blocks():
    text = (TOP / 'userspace/libsuptree/README.md').read_text()
    return {kind: body for _, kind, body in FENCE.findall(text)}


def build(folder, *static):
    """Compile stack.c with the tutorial's command, where only the folders differ."""
    pathlib.Path(folder, 'stack.c').write_text(blocks()['c'])
    command = blocks()['sh'].strip()
    assert '$(pkg-config --cflags --libs suptree)' in command
    flags = pkg_config(' '.join(['--cflags', '--libs', *static]))
    if static:
        flags = flags.replace('-lsuptree', '-l:libsuptree.a')
    command = command.replace('$(pkg-config --cflags --libs suptree)', flags)
    said = run(f'{command} {sanitized()} -Wall -Werror', folder)
    assert said == '', said


def steps(console):
    found = []
    for line in console.splitlines():
        if line.startswith('$ '):
            found.append([line[2:], ''])
        else:
            found[-1][1] += line + '\n'
    return found


@contextlib.contextmanager
def within(folder, **environment):
    """In a folder, with these variables: a daemon that is started there has both."""
    before, old = os.getcwd(), {name: os.environ.get(name) for name in environment}
    os.chdir(folder)
    os.environ.update(environment)
    try:
        yield
    finally:
        os.chdir(before)
        for name, value in old.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value


def follow_the_tutorial(*static):
    with tempfile.TemporaryDirectory() as folder:
        build(folder, *static)
        path = f'{BIN}:{os.environ["PATH"]}'
        # the folder in which an installation would have put the library
        library = '/nonexistent' if static else str(LIB)
        with within(folder, LD_LIBRARY_PATH=library), Daemon(blocks()['yaml']) as daemon:
            for command, expected in steps(blocks()['console']):
                said = run(command, folder, PATH=path, SUPTREE_SOCKET=daemon.socket)
                assert said == expected, f'\n$ {command}\n{said}instead of\n{expected}'


def test_the_tutorial_s_server_does_what_it_says():
    follow_the_tutorial()


def test_it_does_with_the_static_library_too():
    follow_the_tutorial('--static')


def test_the_header_is_one_for_cplusplus_too():
    if not shutil.which('g++'):
        raise ktap.Skip('there is no g++')
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, 'a.cc').write_text('#include <suptree.h>\nint main() { return 0; }\n')
        said = run(f'g++ -Wall -Wextra -Werror {pkg_config("--cflags")} -c a.cc', folder)
        assert said == '', said


def test_the_example_in_another_language_is_a_server_among_the_others():
    start = f'[{PYTHON}, {TOP}/userspace/libsuptree/example.py]'
    with Daemon('children:\n' + ''.join(
            f'  - {{id: {name}, start: {start}, ready: notify}}\n' for name in 'ab')) as daemon:
        a, b = Talk(daemon, 'a'), Talk(daemon, 'b')
        a.say('one', 5)
        a.say('two', 5)
        assert a.call('words') == 'one two'
        assert b.call('ask a words') == 'one two'
        assert b.call('ask nobody x') == 'noproc'
        assert daemon.call('x.a.words') == {'reply': 'one two'}
        assert daemon.call('x.b.ask', name='a', text='words') == {'reply': 'one two'}
        a.close()
        b.close()


ktap.run(globals())
