# SPDX-License-Identifier: GPL-2.0-only
"""What differs from run to run in what programs print, masked: for tests that compare
output with a page of the manual, with a README or with a lesson.

    masked(text, PAGE, folders=[daemon.dir]) == masked(page, PAGE)

A kind of text that varies has one pattern, here and nowhere else. The order of MASKS
is that in which they are applied, whatever order a test names them in: a wall time holds
a clock, a duration holds a number. tests/lint/varying.py tries each of them.
"""

import re

UNIT = r'(?:ns|us|ms|s|m|h|d)'
DURATION = rf'\d+(?:\.\d+)?{UNIT}(?: \d+{UNIT})*'
# (kind, pattern, what stands in its place)
MASKS = (
    # an absolute path in front of a configuration: where a test has put it
    ('folder', r'(?<![\w.])/(?:[^\s/:"\']+/)*(?=[\w.-]+\.yaml\b)', 'FOLDER/'),
    # of a login
    ('secret', r'\b[0-9a-f]{64}\b', 'SECRET'),
    # RFC 3339, in UTC or in some zone, to any fraction of a second
    ('wall', r'\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?(?!\d)', 'WALL'),
    ('date', r'\b\d{4}-\d\d-\d\d\b', 'DATE'),
    ('clock', r'\b\d\d:\d\d:\d\d(?:\.\d+)?\b', 'CLOCK'),
    # since the event before, in front of a line
    ('delta', r'^ *\+\d+\.\d+ms +', '+TIME '),
    ('cpu', r'\bcpu \d+(?:\.\d+)? s\b', 'cpu TIME'),
    # how long something took; the other durations are somebody's will, and compared
    ('measured', rf'\b(up|ran|took) {DURATION}(?!\w)', r'\1 TIME'),
    ('duration', rf'(?<![\w.]){DURATION}(?!\w)', 'TIME'),
    ('pid', r'\b(pid|PID) \d+\b', r'\1 N'),
    ('uid', r'\b(uid|gid):? \d+\b', r'\1 N'),
    # pids in columns, counts of bytes: what nobody would write by hand
    ('number', r'\b\d{3,}\b', 'N'),
    ('any', r'\b[0-9a-f]{16}\b|\d[\d,.:T+-]*', 'N'),
    # a column is as wide as what stands in it
    ('blanks', r'[ \t]+', ' '),
    ('blanks', r'^ | $', ''),
)
KINDS = {kind for kind, _, _ in MASKS}
PATTERNS = [(kind, re.compile(pattern, re.M), instead) for kind, pattern, instead in MASKS]
# of a page of the manual, which shows tables; of a tour, whose reader sets the durations;
# of what the tracer prints, in which all is measured
PAGE = ('folder', 'secret', 'wall', 'date', 'clock', 'cpu', 'duration', 'pid', 'uid', 'number',
        'blanks')
TOUR = ('folder', 'wall', 'date', 'clock', 'delta', 'measured', 'pid', 'uid')
TRACE = ('any', 'blanks')


def masked(text, kinds, folders=()):
    """The text with those kinds masked; folders are those of the test, which may have
    blanks in them and can then not be told from what stands around them.
    """
    unknown = set(kinds) - KINDS
    assert not unknown, f'no such masks: {unknown}'
    for folder in folders:
        text = text.replace(f'{folder}/', 'FOLDER/')
    for kind, pattern, instead in PATTERNS:
        if kind in kinds:
            text = pattern.sub(instead, text)
    return text
