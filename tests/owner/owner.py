#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""A new service adds rows, an owner and a program; daemon and CLI need no code for it.

The table is copied, with one more line in owners.h, the headers of rows and of shapes, and
the two lines each of ops.h and shapes.h that compose them. What depends on the table is
compiled again with the copy in front of the source, all else is what the build has made.
Then programs/scribe.c is the service.
"""

import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import tempfile

import ktap

TOP = pathlib.Path(os.environ['ST_TEST_TOP'])
OUT = pathlib.Path(os.environ['ST_TEST_BIN']).parent
SCRIBE = os.environ['ST_TEST_OUT'] + '/programs/scribe'
FLAGS = shlex.split((OUT / '.flags').read_text(encoding='utf-8'))
START = "suptree start-child / '{id: scribe, ready: notify, start: [scribe]}'"
LINE = f'\tX(SCRIBE, "scribe", 5000, "{START}") \\\n'

folder = tempfile.TemporaryDirectory(prefix='suptree-owner-')
HERE = pathlib.Path(folder.name)
os.environ['ST_TEST_BIN'] = str(HERE / 'bin')
from suptreed import Daemon, Refused  # noqa: E402  it starts what is built here

TREE = f'''
children:
  - {{id: scribe, ready: notify, start: [{SCRIBE}]}}
  - id: demo
    supervisor:
      children: [{{id: a, start: [sleep, infinity]}}]
'''
WITHOUT = 'children: [{id: a, start: [sleep, infinity]}]'


def with_rows():
    """A copy of the two lists, and the rows: all that a new owner needs."""
    proto = HERE / 'proto'
    (proto / 'ops').mkdir(parents=True)
    text = (TOP / 'userspace/proto/owners.h').read_text(encoding='utf-8')
    text, nr = re.subn(r'(?m)^(\tX\(DAEMON, .*\n)', lambda match: match[1] + LINE, text)
    assert nr == 1, 'owners.h has another form'
    (proto / 'owners.h').write_text(text, encoding='utf-8')
    text = (TOP / 'userspace/proto/ops.h').read_text(encoding='utf-8')
    text, nr = re.subn(r'(?m)^(#include "proto/ops/offers.h"\n)',
                       r'\1#include "proto/ops/scribe.h"\n', text)
    assert nr == 1, 'ops.h has another form'
    text, nr = re.subn(r'(?m)^(\tST_OPERATIONS_OFFERS\(X\) .\n)',
                       r'\1\tST_OPERATIONS_SCRIBE(X) \\\n', text)
    assert nr == 1, 'ops.h has another form'
    (proto / 'ops.h').write_text(text, encoding='utf-8')
    text = (TOP / 'userspace/proto/shapes.h').read_text(encoding='utf-8')
    text, nr = re.subn(r'(?m)^(#include "proto/shapes/event.h"\n)',
                       r'\1#include "proto/shapes/scribe.h"\n', text)
    assert nr == 1, 'shapes.h has another form'
    text, nr = re.subn(r'(?m)^(\tST_EVENT_SHAPES\(S\) .\n)',
                       r'\1\tST_SCRIBE_SHAPES(S) \\\n', text)
    assert nr == 1, 'shapes.h has another form'
    (proto / 'shapes.h').write_text(text, encoding='utf-8')
    (proto / 'shapes').mkdir()
    shutil.copy(TOP / 'tests/owner/scribe.h', proto / 'ops/scribe.h')
    shutil.copy(TOP / 'tests/owner/scribe_shapes.h', proto / 'shapes/scribe.h')


def knows_the_table(built):
    """Whether an object depends on the table, as the compiler has written it down."""
    text = built.with_suffix('.d').read_text(encoding='utf-8')
    return re.search(r'proto/(ops|owners|shapes)\.h', text) is not None


def cc(*arguments):
    subprocess.run([*FLAGS, '-Wno-unused-command-line-argument', '-O0', *arguments], cwd=TOP,
                   check=True)


def compile_again(built):
    source = built.relative_to(OUT / 'obj').with_suffix('.c')
    target = HERE / 'obj' / source.with_suffix('.o')
    target.parent.mkdir(parents=True, exist_ok=True)
    cc('-iquote', str(HERE), '-c', '-o', str(target), str(source))
    return target


def objects(*folders):
    """The objects of some folders below userspace/, made again where they must be."""
    made = OUT / 'obj'
    paths = [path for name in folders for path in sorted((made / 'userspace' / name).rglob('*.o'))
             if (TOP / path.relative_to(made)).with_suffix('.c').is_file()]
    known = [path for path in paths if knows_the_table(path)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return [path for path in paths if path not in known] + list(pool.map(compile_again, known))


def build():
    with_rows()
    (HERE / 'bin').mkdir()
    shared = objects('base', 'core', 'config', 'proto', 'os')
    for program, folders in (('suptreed', ('daemon', 'loop', 'predict')), ('suptree', ('cli',))):
        cc('-o', str(HERE / 'bin' / program), *map(str, shared + objects(*folders)), *FLAGS[1:])


def suptree(daemon, *arguments):
    return subprocess.run([HERE / 'bin/suptree', '--socket', daemon.socket, *arguments],
                          check=False, text=True, capture_output=True, timeout=60)


def refused(daemon, method, **params):
    """(kind, text) of the error that it must be."""
    try:
        daemon.call(method, **params)
    except Refused as error:
        return error.kind, str(error)
    raise AssertionError(method)


def test_the_daemon_passes_its_operations_on_and_brings_the_answers_back():
    with Daemon(TREE) as daemon:
        assert daemon.call('note_add', path='a', text='slow', weight=3) == {'ok': True}
        note = {'path': 'demo/a', 'note': 'slow', 'weight': 3}
        assert daemon.call('note_last', path='demo/a') == note
        assert daemon.call('note_last', path='a') == note


def test_its_parameters_are_checked_before_it_is_asked():
    with Daemon(TREE) as daemon:
        for params, text in (({'path': 'a'}, '"text" is missing'),
                             ({'path': 'a', 'text': 't', 'weight': 10}, 'must be 1..9, not 10'),
                             ({'path': 'a', 'name': 'a', 'text': 't'}, 'not both')):
            kind, said = refused(daemon, 'note_add', **params)
            assert kind == 'invalid_params' and text in said, said
        assert refused(daemon, 'note_add', path='b', text='t')[0] == 'not_found'


def test_its_errors_are_those_of_the_table():
    with Daemon(TREE) as daemon:
        kind, text = refused(daemon, 'note_last', path='a')
        assert kind == 'not_found' and 'there is no note about it' in text, text


def test_without_the_service_the_error_says_how_to_start_it():
    with Daemon(WITHOUT) as daemon:
        kind, text = refused(daemon, 'note_last', path='a')
        assert (kind, text) == ('noproc', f'note-last: no scribe runs; start one: {START}'), text


def test_the_list_of_operations_has_its_rows():
    with Daemon(TREE) as daemon:
        rows = {row['name']: row for row in daemon.call('operations')}
        row = rows['note_add']
        assert row['owner'] == 'scribe' and row['group'] == 'look', row
        assert row['rest']['path'] == '/processes/{path}/notes', row
        assert [param['in'] for param in row['params']] == ['path', 'body', 'body'], row
        assert {'noproc', 'timeout', 'failed', 'no_mailbox'} < set(row['errors']), row


def test_the_cli_has_its_verbs_help_and_completion():
    with Daemon(TREE) as daemon:
        done = suptree(daemon, 'note-add', 'a', 'it is slow', '--weight', '2')
        assert (done.returncode, done.stderr) == (0, ''), done
        done = suptree(daemon, 'note-last', 'a', '--json')
        assert json.loads(done.stdout)['note'] == 'it is slow', done
        done = suptree(daemon, 'help')
        assert '\n  note-add                take a note about a child\n' in done.stdout, done
        done = suptree(daemon, 'help', 'note-add')
        assert 'how much it matters (1 to 9, default 1)' in ' '.join(done.stdout.split())
        done = suptree(daemon, 'completion', 'words', '--', 'note-')
        assert [line.split('\t')[0] for line in done.stdout.splitlines()] == [
            'note-add', 'note-last'], done
        done = suptree(daemon, 'completion', 'words', '--', 'note-last', 'demo/')
        assert 'demo/a' in done.stdout, done


build()
ktap.run(globals())
