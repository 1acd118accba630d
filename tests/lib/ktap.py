# SPDX-License-Identifier: GPL-2.0-only
"""KTAP for tests written in Python: each function of the script whose name starts
with test_ is a test, its name the sentence it proves. Call run(globals()) last.
"""

import sys
import traceback

SKIPPED = 4  # as kselftest has it


class Skip(Exception):
    """Raised by a test that cannot run here; its text says what is missing."""


def skip_all(reason):
    """End before the first test: none of them can run here."""
    print(f'TAP version 13\n1..0 # SKIP {reason}')
    sys.exit(SKIPPED)


def verdict(function):
    """(passed, text) of one test; what went wrong goes to stdout as comments."""
    name = function.__name__.removeprefix('test_')
    try:
        function()
    except Skip as reason:
        return True, f'{name} # SKIP {reason}'
    except Exception:  # a test may die of anything, and has failed then
        for line in traceback.format_exc().splitlines():
            print(f'# {line}')
        return False, name
    return True, name


def run(names):
    """Run the tests among names (the script's globals()) and exit."""
    tests = [value for name, value in names.items() if name.startswith('test_')]
    print('TAP version 13')
    print(f'1..{len(tests)}', flush=True)
    failed = 0
    for number, test in enumerate(tests, 1):
        passed, text = verdict(test)
        failed += not passed
        print(f'{"ok" if passed else "not ok"} {number} {text}', flush=True)
    print(f'# Totals: pass:{len(tests) - failed} fail:{failed}')
    sys.exit(1 if failed else 0)
