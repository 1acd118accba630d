#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""tools/lint/results finds callers that read a result of a call that has failed, and lets
those pass that look first.
"""

import os
import shutil
import sys

import ktap

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lint/lib')
from planting import gate  # noqa: E402

HEADER = """
struct end { int code, status; };
/* 1: it has ended; 0: it runs; or an error */
int st_wait(int fd, struct end *ret_end, long *ret_usage) __must_check;
int st_names(int fd, char ret_names[2][8], const char **reterr_what);
_Bool st_other(void);
bool st_take(int fd, int *ret_number);
"""
SOURCE = """
#define __must_check
#define bool _Bool
#include "os/wait.h"

static int reason_of(const struct end *end)
{
	return end->code == 1 ? end->status : -end->status;
}

int on_end(int fd);
int on_end(int fd)
{
	struct end end;
%s
}
"""


def found(body, source=SOURCE):
    if not shutil.which('clang'):
        raise ktap.Skip('needs clang')
    status, lines = gate({'userspace/os/wait.h': HEADER, 'userspace/os/a.c': source % body},
                         'tools/lint/results', 'userspace/os/a.c', TIDY_FLAGS='-Iuserspace')
    assert status == bool(lines), (status, lines)
    return lines


def assert_found(body, *expected, source=SOURCE):
    lines = found(body, source)
    assert len(lines) == 1 and all(text in lines[0] for text in ('a.c:', *expected)), lines


def test_a_result_that_falls_through_after_a_failure_is_found():
    assert_found('\tif (st_wait(fd, &end, 0) == 0)\n\t\treturn 0;\n\treturn reason_of(&end);',
                 'a.c:8: ', 'garbage')


def test_a_result_that_is_read_whatever_the_call_returned_is_found():
    assert_found('\t(void)!st_wait(fd, &end, 0);\n\treturn end.code;', 'a.c:16: ')
    assert_found('\tint number;\n\n\t(void)end;\n\tst_take(fd, &number);\n\treturn number;',
                 'a.c:19: ')


def test_a_failure_that_another_variable_hides_is_found():
    assert_found('\tint ret = st_wait(fd, &end, 0);\n\n\tif (fd > 3)\n\t\tret = 0;\n'
                 '\treturn ret < 0 ? ret : end.status;', 'a.c:19: ')


def test_callers_that_look_first_pass():
    for body in ('\tint ret = st_wait(fd, &end, 0);\n\n\treturn ret < 0 ? ret : reason_of(&end);',
                 '\tif (st_wait(fd, &end, 0) > 0)\n\t\treturn end.code;\n\treturn 0;',
                 '\tend = (struct end){ 0 };\n\t(void)!st_wait(fd, &end, 0);\n\treturn end.code;',
                 '\tint number = 0;\n\n\t(void)end;\n\tif (!st_take(fd, &number))\n\t\treturn -1;'
                 '\n\treturn number;'):
        assert not found(body), (found(body), body)


def test_what_a_failure_writes_may_be_read_after_it():
    body = ('\tchar names[2][8];\n\tconst char *what;\n\n\t(void)end;\n'
            '\tif (st_names(fd, names, &what))\n\t\treturn what[0];\n\treturn names[0][0];')
    assert not found(body), found(body)


def test_a_function_of_the_source_itself_is_followed_as_it_is():
    own = SOURCE.replace('int on_end(int fd);', 'int st_wait(int fd, struct end *ret_end, long *u)'
                         '\n{\n\t*ret_end = (struct end){ fd };\n\treturn u ? -1 : 0;\n}\n', 1)
    assert not found('\t(void)!st_wait(fd, &end, 0);\n\treturn end.code;', own)


def test_a_negative_errno_is_a_failure():
    own = SOURCE.replace(
        'int on_end(int fd);', '#include <errno.h>\nstatic int get(struct end *ret_end)\n{\n'
        '\tif (!st_other())\n\t\treturn -errno;\n\t*ret_end = (struct end){ 1 };\n'
        '\treturn 0;\n}\nint on_end(int fd);', 1)
    assert not found('\treturn get(&end) ? -1 : end.code + fd;', own)
    assert_found('\t(void)get(&end);\n\treturn end.code + fd;', source=own)
    own = own.replace('-errno', '-fd').replace('get(struct end *ret_end)',
                                               'get(int fd, struct end *ret_end)')
    own = own.replace('if (!st_other())', 'if (fd)')
    assert not found('\treturn get(fd, &end) ? -1 : end.code;', own)
    assert_found('\treturn get(fd, &end) > 0 ? -1 : end.code;', source=own)


def test_a_result_of_libc_is_followed_too():
    own = SOURCE.replace('int on_end(int fd);', '#include <sys/stat.h>\nint on_end(int fd);', 1)
    start = '\tstruct stat status;\n\n\t(void)end;\n'
    assert_found(start + '\t(void)!fstat(fd, &status);\n\treturn status.st_nlink == 1;',
                 source=own)
    assert not found(start + '\treturn fstat(fd, &status) ? -1 : status.st_nlink == 1;', own)


def test_a_source_that_does_not_compile_is_a_fault():
    lines = found('\treturn st_wait(fd, &end, 0) + nonsense;')
    assert lines and all('a.c: ' in line for line in lines) and 'nonsense' in lines[0], lines


ktap.run(globals())
