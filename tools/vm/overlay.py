# SPDX-License-Identifier: GPL-2.0-only
"""The small archive that is made for each start of a guest: tools/vm/guest, the
programs, the module if it has been built, and the job; the tests, or what is for the
lab. Called by tools/vm/test and tools/vm/lab, which give the file it is written to.

For tests, files lie in the guest where they lie here, since test programs know their
folders by absolute names. In the lab, programs are where `make install` puts them.
"""

import contextlib
import pathlib
import shlex
import shutil
import subprocess

from newc import Archive

TOP = pathlib.Path(__file__).resolve().parents[2]
GUEST = TOP / 'tools/vm/guest'
SOURCES = ('tests', 'tools', 'userspace')
# large, and never run in a guest: the conformance corpus, fuzzing seeds
LEFT_OUT = {TOP / name for name in ('tests/otp', 'tests/fuzz', 'tools/bench', 'tools/vm')}
STUDENT = (1000, 1000)
KASAN = 'kasan'  # the kernel of SANITIZER
SANITIZER = TOP / 'tools/vm/sanitizer'


def images(version, out):
    """(kernel, archives to boot from, release), fetched and made if they are not there."""
    folder = out / 'vm' / version
    subprocess.run([TOP / 'tools/vm/root', out / 'vm'], check=True)
    if version == KASAN:
        subprocess.run([SANITIZER / 'build', folder], check=True)
        subprocess.run([SANITIZER / 'shrink', out / 'vm/root.cpio', folder, out / 'bin'],
                       check=True)
        kernel = folder / 'bzImage'  # PVH is too early for KASAN
        archives = [folder / 'root.cpio']
    else:
        subprocess.run([TOP / 'tools/vm/kernel', version, out / 'vm'], check=True)
        kernel = folder / 'vmlinux'
        archives = [out / 'vm/root.cpio', folder / 'modules.cpio']
    return kernel, archives, (folder / 'release').read_text().strip()


def inside(path):
    """Where a file of this machine is in the guest."""
    return str(pathlib.Path(path).absolute()).removeprefix('/')


def wanted(path):
    path = pathlib.Path(path)
    return path not in LEFT_OUT and path.name != '__pycache__' and path.suffix != '.o'


def add_guest(archive):
    """tools/vm/guest, and links that no package has."""
    archive.tree(GUEST, '')
    archive.link('usr/bin/awk', 'gawk')
    archive.directory('tmp', 0o1777)
    archive.directory('root', 0o700)
    archive.directory('home/student', owner=STUDENT)
    for name in ('proc', 'sys', 'dev', 'run', 'mnt'):
        archive.directory(name)


def module(out, release):
    """suptree.ko for that kernel, or None."""
    path = pathlib.Path(out, 'kmod', release, 'suptree.ko')
    return path if path.exists() else None


def add_tests(archive, out, parts):
    """Programs, tests of these parts, and what they read."""
    for name in SOURCES:
        archive.tree(TOP / name, inside(TOP / name), wanted)
    archive.tree(out / 'bin', inside(out / 'bin'))
    for library in sorted(out.glob('lib/libsuptree.so*')):
        archive.copy(library, inside(library))
    for part in parts:
        if (out / 'tests' / part).is_dir():
            archive.tree(out / 'tests' / part, inside(out / 'tests' / part))
    for planted in sorted((out / 'vm/kasan/planted').glob('*.ko')):
        archive.copy(planted, f'lab/planted/{planted.name}')
    archive.tree((out / 'kselftest').resolve(), inside(out / 'kselftest'))


@contextlib.contextmanager
def started(file, archives, release, out, job):
    """An archive behind those that are there already, with what every guest gets.

    job is {name: value}, what /lab/job will say.
    """
    for name in archives:
        with open(name, 'rb') as source:
            shutil.copyfileobj(source, file, 1 << 20)
    with Archive(file) as archive:
        add_guest(archive)
        if module(out, release):
            archive.copy(module(out, release), f'usr/lib/modules/{release}/suptree.ko')
        archive.text('lab/job', ''.join(f'{name}={shlex.quote(str(value))}\n'
                                        for name, value in job.items()))
        yield archive
    file.flush()


def write_tests(file, archives, release, out, job):
    """Everything to boot from for tests, those of the job's PARTS."""
    with started(file, archives, release, out, job) as archive:
        add_tests(archive, out, job['PARTS'].split())


def write_lab(file, archives, release, out, job, key):
    """Everything to boot from for the lab; who has the key may come in."""
    with started(file, archives, release, out, job) as archive:
        archive.tree(out / 'vm/installed', '')
        for tree in sorted((TOP / 'tools/demo').glob('*.yaml')):
            archive.copy(tree, f'etc/suptree/{tree.name}')
        for home, owner in (('root', (0, 0)), ('home/student', STUDENT)):
            archive.directory(f'{home}/.ssh', 0o700, owner)
            archive.text(f'{home}/.ssh/authorized_keys', key, 0o600, owner)
