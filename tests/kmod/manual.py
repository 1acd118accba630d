#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""suptree-kmod(4): its examples print what the page says, where the module is; and it
has the columns, events and numbers that the files have. Run in the lab VM.
"""

import os
import pathlib
import re
import sys

TOP = os.environ['ST_TEST_TOP']
sys.path[:0] = [TOP + '/tests/lib', TOP + '/tests/cli/lib', TOP + '/tests/cli']
import ktap  # noqa: E402
import man  # noqa: E402

PROC = pathlib.Path('/proc/suptree')


def page():
    return man.all_pages()[man.OF_MODULE]


def words_of(text):
    """The words after .It Cm and .Cm."""
    return set(re.findall(r'[a-z_]+', ' '.join(re.findall(r'^\.(?:It )?Cm (.*)', text, re.M))))


def test_the_examples_print_what_the_page_says():
    wrong = list(man.differences(man.OF_MODULE, page()))
    assert not wrong, '\n\n'.join(wrong)


def test_the_page_has_every_column_every_number_and_every_event():
    known = words_of(page())
    for name in ('tree', 'events'):
        titles = PROC.joinpath(name).read_text('utf-8').split('\n', 1)[0]
        assert set(titles.split()) <= known, (titles, known)
    numbers = PROC.joinpath('stats').read_text('utf-8').splitlines()
    assert {line.split()[0] for line in numbers} <= known, numbers
    format_ = pathlib.Path('/sys/kernel/tracing/events/suptree/suptree_event/format')
    events = set(re.findall(r'"(\w+)" \}', format_.read_text('utf-8')))
    assert 'owner_lost' in events and events <= known, (events, known)


if os.geteuid() or not PROC.exists():
    ktap.skip_all('needs root, and suptree.ko loaded')
ktap.run(globals())
