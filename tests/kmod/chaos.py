#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""suptreed, suptree.ko and /proc agree while tools/chaos does its worst to all of it.
ST_KMOD_CHAOS=n seconds (10), ST_KMOD_SEED=n (1).
"""

import os
import subprocess
import sys

TOP, BIN = os.environ['ST_TEST_TOP'], os.environ['ST_TEST_BIN']
sys.path.insert(0, TOP + '/tests/lib')
import ktap  # noqa: E402


def test_no_audit_amid_chaos_finds_a_difference():
    done = subprocess.run(
        [TOP + '/tools/chaos/chaos', BIN, '--audit',
         '--seed', os.environ.get('ST_KMOD_SEED', '1'),
         '--seconds', os.environ.get('ST_KMOD_CHAOS', '10')],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    lines = done.stdout.splitlines()
    assert done.returncode == 0, '\n'.join(lines)
    for line in lines:
        print(f'# {line}')
    assert 'against the module' in lines[-1], lines[-1]


ktap.run(globals())
