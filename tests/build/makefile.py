#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The Makefile on a small tree of its own: folders become archives and programs,
output stays where O says, and a change remakes what depends on it and nothing else. The
tree's own path has a blank and an umlaut in it; the output's cannot.
"""

import os
import pathlib
import shutil
import subprocess
import tempfile

import ktap

TOP = pathlib.Path(os.environ['ST_TEST_TOP'])
LAYERS = 'base:\ncore: base\ndaemon: base core\nworkers: base\n\n[tools]\nstorm: base core\n'
MAIN = '#include "core/core.h"\nint main(void)\n{\n\treturn st_core() - 42;\n}\n'
FILES = {
    'tools/lint/layers.txt': LAYERS,
    'userspace/base/base.h': '#define ST_BASE 40\nint st_base(void);\n',
    'userspace/base/base.c': '#include "base/base.h"\nint st_base(void)\n{\n\treturn ST_BASE;\n}\n',
    'userspace/core/core.h': 'int st_core(void);\n',
    'userspace/core/core.c': '#include "core/core.h"\n#include "base/base.h"\n'
                             'int st_core(void)\n{\n\treturn st_base() + 2;\n}\n',
    'userspace/daemon/main.c': MAIN,
    'userspace/workers/counter.c': 'int main(void)\n{\n\treturn 0;\n}\n',
    'tools/storm/storm.c': MAIN,
}


class Tree(tempfile.TemporaryDirectory):
    """A copy of the Makefile and its parts, with the small sources above."""

    def __enter__(self):
        self.top = pathlib.Path(super().__enter__(), 'Ein Bäumchen')
        self.out = pathlib.Path(tempfile.mkdtemp(dir=os.environ['ST_TEST_OUT']), 'out')
        for path in ('Makefile', 'tools/build'):
            copy = shutil.copytree if (TOP / path).is_dir() else shutil.copy
            (self.top / path).parent.mkdir(parents=True, exist_ok=True)
            copy(TOP / path, self.top / path)
        for path, text in FILES.items():
            self.write(path, text)
        return self

    def __exit__(self, *why):
        shutil.rmtree(self.out.parent)
        super().__exit__(*why)

    def write(self, path, text):
        (self.top / path).parent.mkdir(parents=True, exist_ok=True)
        (self.top / path).write_text(text)

    def said(self, *arguments, fails=False):
        """All that make prints for these arguments."""
        environment = {name: value for name, value in os.environ.items()
                       if name not in ('MAKEFLAGS', 'MFLAGS', 'O', 'CC', 'SAN', 'VARIANT')}
        done = subprocess.run(['make', '-C', self.top, f'O={self.out}', *arguments], text=True,
                              env=environment, check=False, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        assert (done.returncode != 0) == fails, done.stdout
        return done.stdout

    def make(self, *arguments, fails=False):
        """The lines make prints for its steps."""
        return [line.split() for line in self.lines(*arguments, fails=fails)
                if line.startswith('  ')]

    def lines(self, *arguments, fails=False):
        return self.said(*arguments, fails=fails).splitlines()

    def runs(self, program):
        # whatever is loaded in front of programs, sanitizers want to come first
        env = {name: value for name, value in os.environ.items() if name != 'LD_PRELOAD'}
        return subprocess.run([self.out / program], env=env, check=False).returncode == 0

    def sources(self):
        return sorted(path for path in self.top.rglob('*') if path.is_file())


def test_folders_become_archives_and_programs():
    with Tree() as tree:
        tree.make()
        for path in ('lib/libbase.a', 'lib/libcore.a', 'bin/counter'):
            assert (tree.out / path).is_file(), path
        assert not (tree.out / 'lib/libdaemon.a').exists(), 'main.c is no library'
        assert tree.runs('bin/suptreed') and tree.runs('bin/st-storm')


def make_rooms(tree):
    """Let base have a room, and the daemon and its rooms have lines of their own."""
    tree.write('tools/lint/layers.txt', LAYERS.replace(
        'daemon: base core\n',
        'daemon/main: daemon/log\n\tcore # by a line that goes on\ndaemon/log: base\ndaemon:\n'))
    tree.write('userspace/base/room/deep.c', '#include "base/base.h"\nint st_base(void)\n'
                                             '{\n\treturn ST_BASE;\n}\n')
    (tree.top / 'userspace/base/base.c').unlink()


def test_a_room_is_part_of_its_folders_archive_and_its_line_counts_for_the_folder():
    with Tree() as tree:
        make_rooms(tree)
        tree.make()
        assert tree.runs('bin/suptreed') and tree.runs('bin/st-storm')
        assert tree.make() == []
        tree.write('userspace/base/base.h', '#define ST_BASE 39\nint st_base(void);\n')
        compiled = [words[1] for words in tree.make() if words[0] == 'CC']
        assert sorted(compiled) == ['userspace/base/room/deep.c', 'userspace/core/core.c']


def test_a_source_that_moves_into_a_room_is_found_there():
    with Tree() as tree:
        tree.make()
        make_rooms(tree)
        tree.make()
        members = subprocess.run(['ar', 't', tree.out / 'lib/libbase.a'], text=True, check=True,
                                 stdout=subprocess.PIPE).stdout.split()
        assert members == ['deep.o'] and tree.runs('bin/suptreed'), members


def test_two_files_of_one_name_in_a_folder_are_an_error_that_names_both():
    with Tree() as tree:
        tree.write('userspace/base/room/base.c', 'int st_more;\n')
        said = tree.said(fails=True)
        for words in ('userspace/base/base.c', 'userspace/base/room/base.c',
                      'one base.o', 'rename one'):
            assert words in said, (words, said)


def test_a_folder_that_is_not_there_is_not_missed():
    with Tree() as tree:
        for path in ('userspace/daemon', 'userspace/workers', 'userspace/core', 'tools/storm'):
            shutil.rmtree(tree.top / path)
        tree.make()
        assert [path.name for path in (tree.out / 'lib').iterdir()] == ['libbase.a']


def test_out_of_tree_output_leaves_the_sources_clean():
    with Tree() as tree:
        before = tree.sources()
        tree.make('all')
        tree.make('SAN=1', 'all')
        assert tree.sources() == before


def test_a_second_make_does_nothing():
    with Tree() as tree:
        assert tree.make()
        assert tree.make() == []


def test_a_changed_header_remakes_its_users_only():
    with Tree() as tree:
        tree.make()
        tree.write('userspace/base/base.h', '#define ST_BASE 39\nint st_base(void);\n')
        compiled = [words[1] for words in tree.make() if words[0] == 'CC']
        assert sorted(compiled) == ['userspace/base/base.c', 'userspace/core/core.c'], compiled
        assert not tree.runs('bin/suptreed')


def test_a_removed_header_that_nobody_includes_any_more_is_not_missed():
    with Tree() as tree:
        tree.make()
        (tree.top / 'userspace/core/core.h').unlink()
        for path in ('userspace/core/core.c', 'userspace/daemon/main.c', 'tools/storm/storm.c'):
            text = (tree.top / path).read_text()
            tree.write(path, text.replace('#include "core/core.h"', 'int st_core(void);'))
        tree.make()
        assert tree.runs('bin/suptreed')


def test_a_removed_source_leaves_its_archive():
    with Tree() as tree:
        tree.write('userspace/base/more.c', 'int st_more;\n')
        tree.make()
        (tree.top / 'userspace/base/more.c').unlink()
        tree.make()
        members = subprocess.run(['ar', 't', tree.out / 'lib/libbase.a'], text=True, check=True,
                                 stdout=subprocess.PIPE).stdout.split()
        assert members == ['base.o'], members


def test_other_flags_remake_everything():
    with Tree() as tree:
        compiled = len([words for words in tree.make() if words[0] == 'CC'])
        again = len([words for words in tree.make('CFLAGS=-DX=1') if words[0] == 'CC'])
        assert compiled == again == len([path for path in FILES if path.endswith('.c')])


def test_the_sanitizer_build_has_its_own_folder():
    with Tree() as tree:
        tree.make('SAN=1')
        assert tree.runs('san/bin/suptreed') and not (tree.out / 'bin').exists()
        tree.make()
        assert tree.runs('bin/suptreed')
        assert tree.make('SAN=1') == []


def test_a_warning_is_an_error_with_both_compilers():
    with Tree() as tree:
        tree.write('userspace/base/base.c', 'int st_base(void)\n{\n\treturn 40;\n}\n')
        for compiler in ('gcc', 'clang'):
            if shutil.which(compiler):
                tree.make(f'CC={compiler}', fails=True)


def test_each_step_is_one_line_unless_asked_for_more():
    with Tree() as tree:
        steps = {words[0] for words in tree.make()}
        assert steps == {'CC', 'AR', 'LD'}, steps
        shutil.rmtree(tree.out)
        assert tree.make('V=1') == []


def test_clean_leaves_only_what_was_downloaded():
    with Tree() as tree:
        tree.make()
        (tree.out / 'kselftest').mkdir()
        tree.make('clean')
        assert [path.name for path in tree.out.iterdir()] == ['kselftest']


def test_an_output_folder_with_a_blank_is_refused_with_what_to_do():
    with Tree() as tree:
        for out in (str(tree.top) + '/build', f'{tree.out} 2', 'a b'):
            said = [line for line in tree.lines(f'O={out}', fails=True) if '***' in line]
            assert len(said) == 1 and f'"{out}" has one: make O=/some/folder' in said[0], said
        assert not tree.out.exists()


ktap.run(globals())
