#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The manual is clean and complete, and each example prints what the page shows.

The command after each "$" of a page, with the lines after ">" as its input, is run in one
shell beside a daemon with the demo trees. Pids, times and folders differ from run to run,
so they are masked. A command that only looks may be repeated.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

sys.path[:0] = [os.environ['ST_TEST_TOP'] + '/tests/lib', os.environ['ST_TEST_DIR'] + '/lib']
import ktap  # noqa: E402
from fake import run, table  # noqa: E402
from masks import PAGE, masked  # noqa: E402
from suptreed import Daemon  # noqa: E402

TOP = pathlib.Path(os.environ['ST_TEST_TOP'])
BIN = pathlib.Path(os.environ['ST_TEST_BIN'])
LOCAL = ['call', 'cast', 'state', 'trace-follow', 'trace-sequence', 'trace-export', 'audit',
         'check', 'import', 'demo', 'help', 'completion']
OF_MODULE = 'suptree-kmod.4'  # its examples need the module: tests/kmod/manual.py
OF_TRACER = 'suptree-tracing.7'  # its examples need root and BPF: tests/tracer/manual.py
HAND_WRITTEN = ['suptree.1', OF_MODULE, 'suptree.yaml.5', 'suptree-protocol.7', OF_TRACER,
                'suptreed.8', 'suptree-observer.8', 'suptree-web.8']
TREES = ['one_for_one', 'one_for_all', 'rest_for_one', 'outer', 'pool']
END = '-- end of a command --'
LOOKS = re.compile(r'^(?:timeout \d+ )?suptree (?:--socket \S+ )?(?:tree|ps|info|which-children'
                   r'|count-children|logs|events|registered|offered|members|groups|state|call'
                   r'|status|audit)\b|^grep ')
MAX_LOOKS = 100
LABELS = ['Default:', 'Result:', 'Role:', 'Takes:']  # of st-man itself


def pages(folder):
    done = subprocess.run([BIN / 'st-man', TOP / 'tools/man', folder], check=False, text=True,
                          capture_output=True)
    assert (done.returncode, done.stderr) == (0, ''), done
    return {name: pathlib.Path(folder, name).read_text() for name in sorted(os.listdir(folder))}


def all_pages():
    with tempfile.TemporaryDirectory() as folder:
        return pages(folder)


def verbs():
    return [row['verb'] for row in table()] + LOCAL


def examples(page):
    """[(command, what it prints)] below EXAMPLES."""
    found = []
    text = page.partition('.Sh EXAMPLES\n')[2].partition('.Sh ')[0]
    for block in re.findall(r'^\.Bd -literal.*?\n(.*?)^\.Ed$', text, re.M | re.S):
        for line in block.replace('\\&', '').replace('\\e', '\\').splitlines():
            if line.startswith('$ '):
                found.append([line[2:], ''])
            elif line.startswith('> '):
                found[-1][0] += '\n' + line[2:]
            else:
                found[-1][1] += line + '\n'
    return found


class Shell:
    """A shell in a folder of its own, beside a daemon with the demo trees."""

    def __init__(self, daemon):
        env = {**os.environ, 'SUPTREE_SOCKET': daemon.socket, 'PRINTER_DIR': daemon.dir,
               'LC_ALL': 'C.UTF-8', 'TZ': 'UTC'}
        self.folders = [daemon.dir]
        self.process = subprocess.Popen(
            ['bash'], text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, cwd=daemon.dir, env=env, bufsize=1)

    def run(self, command):
        self.process.stdin.write(f'{command}\necho "{END}"\n')
        said = ''
        while not said.endswith(END + '\n'):
            line = self.process.stdout.readline()
            assert line, f'the shell ended: {said}'
            said += line
        return said.removesuffix(END + '\n')

    def differs(self, command, expected):
        """What the command prints, if that is not what is expected."""
        for _ in range(MAX_LOOKS if LOOKS.match(command) else 1):
            said = self.run(command)
            if masked(said, PAGE, self.folders) == masked(expected, PAGE):
                return None
        return said

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def demo():
    """The demo trees, all up; their files and programs where examples look for them."""
    os.environ['PATH'] = f'{BIN}:{os.environ["PATH"]}'
    daemon = Daemon((TOP / 'tools/demo/demo.yaml').read_text())
    os.environ['PRINTER_DIR'] = daemon.dir
    shutil.copy(TOP / 'tools/demo/demo.yaml', daemon.dir + '/demo.yaml')
    return daemon


def differences(name, page):
    """What an example of a page prints, where it is not what the page says."""
    with demo() as daemon:
        for tree in TREES:
            daemon.until(tree + '=up')
        with Shell(daemon) as shell:
            for command, expected in examples(page):
                said = shell.differs(command, expected)
                if said is not None:
                    yield f'{name}\n$ {command}\n{said}instead of\n{expected}'


def test_every_verb_has_a_page_and_the_pages_are_those_of_the_verbs():
    assert set(all_pages()) == {f'suptree-{verb}.1' for verb in verbs()} | set(HAND_WRITTEN)


def test_every_page_is_clean():
    with tempfile.TemporaryDirectory() as folder:
        names = pages(folder)
        try:
            done = subprocess.run(['mandoc', '-T', 'lint', '-W', 'warning', *names], cwd=folder,
                                  check=False, text=True, capture_output=True)
        except FileNotFoundError:
            raise ktap.Skip('needs mandoc') from None
        assert (done.returncode, done.stdout) == (0, ''), done.stdout[:4000]


def test_a_sentence_ends_once_and_names_keep_their_letters():
    for name, page in all_pages().items():
        prose = re.sub(r'^\.Bd -literal.*?^\.Ed$', '', page, flags=re.M | re.S)
        for line in prose.splitlines():
            assert not re.search(r'\w\.\.$', line), (name, line)
            capital = re.match(r'[A-Z][\w-]*(?:\(\d\)|\.[a-z,]|:)', line)
            assert not capital or capital[0] in LABELS, (name, line)


def test_a_page_has_all_that_help_has():
    found = all_pages()
    for row in table():
        page = found[f'suptree-{row["verb"]}.1']
        for param in row['params']:
            assert param['help'][1:].split(' [')[0].split(': ')[0] in page, (row['verb'], param)
        for kind in row['errors']:
            assert f'Pq Er {kind}\n' in page, (row['verb'], kind)
        assert f'man suptree-{row["verb"]}\n' in run(row['verb'], '--help').stdout
    for verb in verbs():
        assert f'.It Xr suptree-{verb} 1\n' in found['suptree.1'], verb


def test_the_page_of_the_daemon_has_its_options():
    text = subprocess.run([BIN / 'suptreed', '--help'], check=True, text=True,
                          capture_output=True).stdout
    page = all_pages()['suptreed.8']
    for option in set(re.findall(r'--([a-z]+)', text)):
        assert f'Fl -{option}' in page, option


def test_every_page_has_examples_and_they_print_what_it_says():
    wrong = []
    for name, page in all_pages().items():
        assert examples(page), name
        if name in (OF_MODULE, OF_TRACER):
            continue
        wrong += differences(name, page)
    assert not wrong, '\n\n'.join(wrong)


if __name__ == '__main__':
    ktap.run(globals())
