#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""tools/lint/unused finds functions and tables that only tests call, also those that
call each other, and believes a header that gives the reason, while it is true.
"""

import os
import sys
import tempfile

import ktap

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lint/lib')
from planting import gate  # noqa: E402

MAKEFILE = """
OUT := $(O)/$(VARIANT)
SOURCES := $(wildcard userspace/*/*.c)
all:
	@mkdir -p $(OUT)/bin $(OUT)/lib $(OUT)/obj/userspace/base $(OUT)/obj/userspace/cli
	@for file in $(SOURCES:%.c=%); do \\
		gcc $(CFLAGS) -fPIC -Iuserspace -c $$file.c -o $(OUT)/obj/$$file.o || exit 1; done
	@gcc $(LDFLAGS) $(OUT)/obj/userspace/*/*.o -o $(OUT)/bin/$(or $(TRACER),suptree-tracer)
	@gcc $(LDFLAGS) -shared -Wl,--version-script=public.map $(OUT)/obj/userspace/base/*.o \\
		-o $(OUT)/lib/libsuptree.so
"""
HEADER = """
int st_used(void);
int st_by_table(void);
extern int (*const st_table[])(void);
int suptree_public(void);
int st_behind_public(void);
"""
SOURCE = """
#include "base/a.h"
int st_used(void) { return 0; }
int st_by_table(void) { return 1; }
int (*const st_table[])(void) = {st_by_table};
int st_behind_public(void) { return 2; }
int suptree_public(void) { return st_behind_public(); }
"""
FILES = {
    'Makefile': MAKEFILE,
    'public.map': '{ global: suptree_*; local: *; };\n',
    'userspace/base/a.h': HEADER,
    'userspace/base/a.c': SOURCE,
    'userspace/cli/main.c': '#include "base/a.h"\n'
                            'int main(void) { return st_used() + st_table[0](); }\n',
}


def unused(header='', source='', **variables):
    """(exit status, lines) for a tree with these lines added to the folder base."""
    files = FILES | {'userspace/base/a.h': HEADER + header, 'userspace/base/a.c': SOURCE + source}
    with tempfile.TemporaryDirectory() as out:
        return gate(files, 'tools/lint/unused', O=out, MAKEFLAGS='', **variables)


def test_what_programs_tables_and_the_public_library_reach_is_used():
    assert unused() == (0, [])


def test_a_function_that_no_program_calls_is_found_where_it_is_declared():
    status, lines = unused('int st_dead(void);\n', 'int st_dead(void) { return st_used(); }\n')
    assert status == 1 and len(lines) == 1, lines
    assert lines[0].startswith('userspace/base/a.h:7: st_dead is used by no program'), lines


def test_dead_functions_that_call_each_other_are_found():
    status, lines = unused('int st_ping(int);\nint st_pong(int);\n',
                           'int st_ping(int n) { return n ? st_pong(n - 1) : 0; }\n'
                           'int st_pong(int n) { return n ? st_ping(n - 1) : 0; }\n')
    assert status == 1 and [line.split()[1] for line in lines] == ['st_ping', 'st_pong'], lines


def test_a_table_that_no_program_reads_is_found():
    status, lines = unused('extern const int st_numbers[2];\n',
                           'const int st_numbers[2] = {1, 2};\n')
    assert status == 1 and 'st_numbers is used by no program' in lines[0], lines


EXCUSED = '/*\n * Makes the next one fail.\n * No program: tests make memory fail.\n */\n'


def test_a_header_that_gives_the_reason_is_believed():
    dead = 'int st_dead(void) { return 3; }\n'
    assert unused(EXCUSED + 'int st_dead(void);\n', dead) == (0, [])
    status, lines = unused(EXCUSED.replace('tests make memory fail.', '') + 'int st_dead(void);\n',
                           dead)
    assert status == 1 and 'st_dead' in lines[0], lines


def test_a_reason_that_is_no_longer_true_is_found():
    status, lines = unused(EXCUSED + 'int st_more(void);\n',
                           'int st_more(void) { return 4; }\n'
                           'int suptree_too(void) { return st_more(); }\n')
    assert status == 1 and lines[0].endswith('st_more says "No program:", and one uses it'), lines


def test_without_the_tracer_the_gate_is_skipped_with_the_reason():
    status, lines = unused(TRACER='suptreed')
    assert status == 4 and 'tracer' in lines[-1], lines


def test_what_does_not_build_fails_the_gate():
    status, lines = unused(source='int st_broken(\n')
    assert status == 1 and lines[-1] == 'unused: make failed', lines


ktap.run(globals())
