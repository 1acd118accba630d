# SPDX-License-Identifier: GPL-2.0-only
"""The BPF objects that a process has in the kernel. Others have theirs, which are not
looked at.
"""

import ctypes
import os
import re

SYS_BPF = 321  # x86-64
NEXT_ID = {'prog': 11, 'map': 12, 'link': 31}  # BPF_*_GET_NEXT_ID of linux/bpf.h
OBJECT = re.compile(r'^(prog|map|link)_id:\s*(\d+)$', re.MULTILINE)


def own_objects(pid):
    """(sort, id) of those that a process has open."""
    found = set()
    for name in os.listdir(f'/proc/{pid}/fdinfo'):
        with open(f'/proc/{pid}/fdinfo/{name}', encoding='ascii') as file:
            found |= {(sort, int(number)) for sort, number in OBJECT.findall(file.read())}
    return found


def is_in_the_kernel(sort, number):
    """Whether an object exists, by bpf(2). Numbers are not used again soon."""
    call = ctypes.CDLL(None, use_errno=True).syscall
    attribute = (ctypes.c_uint32 * 8)(number - 1)  # the first one after it
    return call(SYS_BPF, NEXT_ID[sort], ctypes.byref(attribute),
                ctypes.sizeof(attribute)) == 0 and attribute[1] == number
