#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""tools/lint/commits finds commits that say too little or do too much, and judges no
others than those it is asked for.
"""

import os
import pathlib
import subprocess
import tempfile

import ktap

TOP = pathlib.Path(os.environ['ST_TEST_TOP'])
BODY = '\n\nBecause somebody must.\n'
GOOD = 'core: restart the rest in start order' + BODY


class Repository(tempfile.TemporaryDirectory):
    """A repository without what this user has configured for git."""

    def __enter__(self):
        self.top = pathlib.Path(super().__enter__(), 'here')
        self.environment = {name: value for name, value in os.environ.items()
                            if not name.startswith('GIT_')}
        self.environment |= {'GIT_CONFIG_GLOBAL': os.devnull, 'GIT_CONFIG_NOSYSTEM': '1',
                             'GIT_AUTHOR_NAME': 'a', 'GIT_AUTHOR_EMAIL': 'a@example.org',
                             'GIT_COMMITTER_NAME': 'a', 'GIT_COMMITTER_EMAIL': 'a@example.org'}
        self.top.mkdir()
        self.git('init', '-q', '-b', 'main')
        return self

    def git(self, *arguments):
        subprocess.run(['git', *arguments], cwd=self.top, check=True, env=self.environment)

    def commit(self, message, files=None):
        """A commit of {path: text}, or of one with 20 lines."""
        for path, text in (files or {'a.c': message + '\nx' * 20}).items():
            (self.top / path).parent.mkdir(parents=True, exist_ok=True)
            (self.top / path).write_text(text)
        self.git('add', '-A')
        self.git('commit', '-q', '-m', message)

    def judge(self, *arguments):
        """(exit status, lines)"""
        done = subprocess.run([TOP / 'tools/lint/commits', *arguments], cwd=self.top, text=True,
                              check=False, env=self.environment, stdout=subprocess.PIPE)
        return done.returncode, done.stdout.splitlines()


def assert_finds(expected, message, files=None):
    """One fault of a commit, which has the expected text in it."""
    with Repository() as repository:
        repository.commit(GOOD)
        repository.commit(message, files)
        status, lines = repository.judge()
    assert status == 1 and len(lines) == 1 and expected in lines[0], lines


def test_commits_that_say_what_and_why_pass():
    with Repository() as repository:
        repository.commit(GOOD)
        repository.commit('x' * 64 + ': 345678' + BODY)
        repository.commit('daemon/control, tests: close what is left' + BODY)
        assert repository.judge() == (0, [])


def test_a_subject_without_a_folder_is_found():
    for subject in ('restart the rest', 'core:restart', 'core : restart'):
        assert_finds('is not "folder: what it does"', subject + BODY)


def test_a_subject_that_is_too_long_is_found():
    assert_finds('has 73 columns', 'x' * 65 + ': 345678' + BODY)


def test_a_subject_that_ends_in_a_dot_is_found():
    assert_finds('ends in a dot', 'core: restart the rest.' + BODY)


def test_a_change_without_a_reason_is_found_unless_it_is_trivial():
    assert_finds('no body: 11 changed lines', 'core: change', {'b.c': 'x\n' * 11})
    with Repository() as repository:
        repository.commit('core: change', {'b.c': 'x\n' * 10})
        assert repository.judge() == (0, [])


def test_a_commit_that_belongs_into_another_is_found():
    for subject in ('fixup! core: restart', 'squash! core: restart', 'WIP'):
        assert_finds('belongs into the commit', subject + BODY)


def test_a_path_of_one_machine_is_found():
    path = '/ho' + 'me/somebody/suptree'
    assert_finds(f'"{path}" is a path of one machine', f'core: change\n\nAs in {path} .\n')


def test_many_changed_lines_are_a_warning_but_moves_and_corpora_are_not():
    with Repository() as repository:
        text = ''.join(f'{number}\n' for number in range(500))
        repository.commit(GOOD, {'core/a.c': text})
        status, lines = repository.judge()
        assert status == 0 and len(lines) == 1 and lines[0].startswith('warning: '), lines
        assert '500 changed lines' in lines[0], lines
        (repository.top / 'base').mkdir()
        repository.git('mv', 'core/a.c', 'base/a.c')
        repository.commit('base: move a' + BODY, {'tests/fuzz/corpus/a/b': text + '.',
                                                  'tools/package-lock.json': text + ','})
        assert repository.judge('HEAD~1..HEAD') == (0, [])


def test_only_the_commits_of_the_range_are_judged():
    with Repository() as repository:
        repository.commit('bad')
        repository.commit(GOOD)
        assert repository.judge('HEAD~1..HEAD') == (0, [])
        assert repository.judge('HEAD')[0] == 1
        status, lines = repository.judge('nowhere..HEAD')
        assert status == 2 and 'no such range' in lines[0], lines


def test_without_a_range_what_the_upstream_branch_lacks_is_judged_else_the_last_20():
    with Repository() as repository:
        repository.commit('bad')
        for number in range(19):
            repository.commit(GOOD, {'a.c': str(number)})
        assert repository.judge()[0] == 1, 'the 20th from the end was not judged'
        repository.git('branch', 'upstream')
        repository.git('branch', '-q', '--set-upstream-to', 'upstream')
        assert repository.judge()[0] == 1, 'nothing is new, so the last 20 are judged'
        repository.commit(GOOD)
        assert repository.judge() == (0, [])
        repository.commit('bad', {'a.c': 'y\n'})
        assert repository.judge()[0] == 1


def test_a_folder_without_history_is_skipped_with_the_reason():
    with Repository() as repository:
        status, lines = repository.judge()
        assert status == 4 and 'no history' in lines[-1], lines


ktap.run(globals())
