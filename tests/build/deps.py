#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""tools/deps with an apt-get, a dpkg-query, a compiler and a user of its own."""

import contextlib
import os
import pathlib
import shutil
import subprocess
import tempfile

import ktap

TOP = pathlib.Path(os.environ['ST_TEST_TOP'])
FROM_HERE = ('sh', 'sed', 'tr', 'cat', 'grep')
# Files of the folder: installed has a line for each package, gone those that no mirror has.
PROGRAMS = {
    'id': 'echo "$ST_UID"',
    'gcc': 'grep -q "[<]" && ! grep -qx headers "$ST_FOLDER/gone"',
    'dpkg-query': 'for package; do :; done\n'
                  'grep -qx "$package" "$ST_FOLDER/installed" && echo installed',
    'apt-get': '''echo "$*" >>"$ST_FOLDER/asked"
case "$*" in *update*) ! grep -qx update "$ST_FOLDER/gone"; exit ;; esac
for word; do
	case $word in -*|install) continue ;; esac
	if grep -qx "$word" "$ST_FOLDER/gone"; then echo "E: no $word" >&2; exit 100; fi
done
for word; do
	case $word in -*|install) ;; *) echo "$word" >>"$ST_FOLDER/installed" ;; esac
done''',
}
COMMANDS = ('make', 'ar', 'python3', 'clang', 'clang-format', 'clang-tidy', 'cppcheck',
            'shellcheck', 'codespell', 'valgrind', 'mandoc', 'perl', 'xz', 'localedef', 'sparse',
            'git', 'node', 'npm', 'bpftool', 'curl', 'chromium')


class Machine:
    """What is there: all, except the commands of `without`; and what can be had."""

    def __init__(self, folder, without=(), gone=(), installed=()):
        self.folder = pathlib.Path(folder)
        for name in FROM_HERE:
            (self.folder / name).symlink_to(shutil.which(name))
        for name in set(COMMANDS) - set(without):
            self.write(name, ':')
        for name, text in PROGRAMS.items():
            self.write(name, text)
        for name, lines in (('gone', gone), ('asked', ()), ('installed', (
                'libclang-rt-14-dev', 'libfaketime', *installed))):
            (self.folder / name).write_text(''.join(line + '\n' for line in lines))

    def write(self, name, text):
        (self.folder / name).write_text(f'#!/bin/sh\n{text}\n')
        (self.folder / name).chmod(0o755)

    def deps(self, *groups, uid=0):
        env = {'PATH': str(self.folder), 'ST_FOLDER': str(self.folder), 'ST_UID': str(uid)}
        return subprocess.run([TOP / 'tools/deps', *groups], text=True, env=env, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)

    def asked(self):
        return (self.folder / 'asked').read_text().splitlines()

    def installed(self):
        return (self.folder / 'installed').read_text().splitlines()[2:]


@contextlib.contextmanager
def machine(**what):
    with tempfile.TemporaryDirectory() as folder:
        yield Machine(folder, **what)


def test_with_everything_there_any_user_gets_on_and_apt_is_not_asked():
    with machine() as here:
        for groups in (['run'], ['check'], ['run', 'check']):
            done = here.deps(*groups, uid=1000)
            assert (done.returncode, done.stdout) == (0, ''), (groups, done)
        assert here.asked() == []


def test_run_asks_for_nothing_that_only_the_gates_need():
    with machine(without=('python3', 'clang', 'bpftool', 'valgrind', 'git')) as here:
        assert here.deps('run', uid=1000).returncode == 0
        assert here.asked() == []
        done = here.deps('run', 'check', uid=1000)
        assert done.returncode == 1 and ' clang' in done.stdout, done


def test_without_root_it_says_the_one_command():
    with machine(without=('make', 'ar'), gone=('headers',)) as here:
        done = here.deps('run', uid=1000)
        assert done.returncode == 1 and here.asked() == [], done
        lines = [line for line in done.stdout.splitlines() if 'apt-get install' in line]
        assert len(lines) == 1, done
        assert lines[0].endswith(' make binutils libc6-dev linux-libc-dev liburing-dev '
                                 'libyaml-dev libjansson-dev libnl-genl-3-dev libedit-dev '
                                 'libmicrohttpd-dev libseccomp-dev'), done


def test_root_installs_what_is_missing_and_no_more():
    with machine(without=('make', 'clang', 'perl', 'git'), installed=('git',)) as here:
        here.write('apt-get', PROGRAMS['apt-get'] + '\n: >"$ST_FOLDER/clang"')
        done = here.deps('check')
        assert done.returncode == 0, done
        assert sorted(here.installed()) == ['clang', 'git', 'perl'], done


def test_a_package_that_no_mirror_has_does_not_stop_the_others_and_is_named():
    with machine(without=('clang', 'perl', 'mandoc'), gone=('perl',)) as here:
        done = here.deps('check')
        assert done.returncode == 1, done
        assert sorted(here.installed()) == ['clang', 'mandoc'], done
        assert "  perl: kselftest's runner" in done.stdout and 'clang:' not in done.stdout, done


def test_without_a_group_only_what_run_needs_is_a_failure():
    for gone, status in (('perl', 0), ('make', 1)):
        with machine(without=('clang', 'perl', 'make'), gone=(gone,)) as here:
            done = here.deps()
            assert done.returncode == status, done
            assert 'clang' in here.installed() and gone not in here.installed(), done
            assert f'  {gone}: ' in done.stdout, done


def test_a_failed_update_does_not_stop_it():
    with machine(without=('make',), gone=('update',)) as here:
        done = here.deps('run')
        assert (done.returncode, here.installed()) == (0, ['make']), done


def test_on_a_system_without_apt_it_says_what_to_install():
    with machine(gone=('headers',)) as here:
        (here.folder / 'apt-get').unlink()
        done = here.deps('run')
        assert done.returncode == 1 and 'liburing-dev: io_uring' in done.stdout, done


def test_an_unknown_group_is_a_mistake():
    with machine() as here:
        assert here.deps('runn').returncode == 2 and here.asked() == []


if __name__ == '__main__':
    ktap.run(globals())
