# SPDX-License-Identifier: GPL-2.0-only
"""A BPF file system for one test, in which no other program pins."""

import ctypes
import os
import shutil

from tracing import ktap, needs_bpf

ROOT = '/sys/fs/bpf'
PINS = ROOT + '/suptree'
CLONE_NEWNS, MS_REC, MS_PRIVATE = 0x20000, 16384, 1 << 18
SBIN = ':/usr/sbin:/sbin'  # where bpftool is, which a user's PATH may lack


def mount(what, where, flags=0):
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b'none', where.encode(), what.encode(), flags, None):
        raise OSError(ctypes.get_errno(), f'mount {what} on {where}')


def needs_pins():
    """A BPF file system of this program's own, below which nobody else pins."""
    needs_bpf()
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNS):
        raise OSError(ctypes.get_errno(), 'unshare')
    mount('', '/', MS_REC | MS_PRIVATE)
    mount('bpf', ROOT)


def needs_bpftool():
    """Its path."""
    path = shutil.which('bpftool', path=os.environ['PATH'] + SBIN)
    if not path:
        raise ktap.Skip('no bpftool')
    return path
