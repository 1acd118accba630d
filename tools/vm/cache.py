# SPDX-License-Identifier: GPL-2.0-only
"""What is made once and kept: one maker at a time, however many ask. Called by
tools/vm/root and tools/vm/kernel.
"""

import contextlib
import fcntl
import pathlib


@contextlib.contextmanager
def locked(folder, name):
    """Alone with what is called so in the folder, which is made if need be."""
    pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
    with open(pathlib.Path(folder, f'{name}.lock'), 'w', encoding='ascii') as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
