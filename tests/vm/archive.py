#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The archives from which guests boot: they can be read back, and the smaller one for the
kernel with sanitizers (tools/vm/sanitizer/shrink) has everything that its programs need.
"""

import os
import pathlib
import stat
import subprocess
import sys
import tempfile

TOP = pathlib.Path(os.environ['ST_TEST_TOP'])
sys.path.insert(0, str(TOP / 'tools/vm'))
import ktap  # noqa: E402
from newc import Archive, entries  # noqa: E402

LIBRARIES = 'usr/lib/x86_64-linux-gnu'
LISTS = 'modules.order', 'modules.builtin', 'modules.builtin.modinfo'


def written(path, fill):
    with open(path, 'wb') as file, Archive(file) as archive:
        fill(archive)
    return path.read_bytes()


def test_what_is_written_to_an_archive_is_read_back():
    def fill(archive):
        archive.text('etc/name', 'x' * 13, 0o640, owner=(5, 7))
        archive.text('etc/empty', '')
        archive.link('etc/link', 'name')
    with tempfile.TemporaryDirectory() as folder:
        found = list(entries(written(pathlib.Path(folder, 'a.cpio'), fill)))
    assert found == [('etc', stat.S_IFDIR | 0o755, b'', (0, 0)),
                     ('etc/name', stat.S_IFREG | 0o640, b'x' * 13, (5, 7)),
                     ('etc/empty', stat.S_IFREG | 0o644, b'', (0, 0)),
                     ('etc/link', stat.S_IFLNK | 0o777, b'name', (0, 0))], found


def test_programs_that_are_kept_or_brought_along_keep_their_libraries_and_no_others():
    def fill(archive):
        archive.copy('/bin/cat', 'usr/bin/cat')
        archive.text('usr/bin/nobody_wants_it', '')
        archive.text(f'{LIBRARIES}/libc.so.6.0', 'the library')
        archive.link(f'{LIBRARIES}/libc.so.6', 'libc.so.6.0')
        archive.text(f'{LIBRARIES}/libjansson.so.4', 'of suptree')
        archive.text(f'{LIBRARIES}/libother.so.1', '')
    with tempfile.TemporaryDirectory() as folder:
        root, kernel = pathlib.Path(folder, 'root.cpio'), pathlib.Path(folder, 'kernel')
        written(root, fill)
        for name in LISTS:
            kernel.joinpath('out', name).parent.mkdir(parents=True, exist_ok=True)
            kernel.joinpath('out', name).touch()
        kernel.joinpath('release').write_text('6.1\n')
        subprocess.run([TOP / 'tools/vm/sanitizer/shrink', root, kernel,
                        os.environ['ST_TEST_BIN']], check=True)
        small = kernel.joinpath('root.cpio').read_bytes()
    files = {name for name, mode, *_ in entries(small) if stat.S_ISREG(mode)}
    assert files == {'usr/bin/cat', f'{LIBRARIES}/libc.so.6.0', f'{LIBRARIES}/libjansson.so.4'} | {
        f'usr/lib/modules/6.1/{name}' for name in LISTS}, files


ktap.run(globals())
