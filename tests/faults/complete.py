#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""No call of os/ and loop/ is forgotten: what their archives leave undefined is either
in the table of lib/wrapped.h, and so refused by calls.c, or cannot fail.
"""

import os
import re
import subprocess

import ktap

LIB = os.environ['ST_TEST_BIN'] + '/../lib'
TABLE = os.environ['ST_TEST_DIR'] + '/lib/wrapped.h'

# What compilers bring in by themselves, and what belongs to the project.
OURS = re.compile(r'__(asan|ubsan|sanitizer)_.*|_GLOBAL_OFFSET_TABLE_|__(stack_chk_fail|.*_chk)'
                  r'|__assert_fail|st_.*')

HARMLESS = {
    'memory and text, without the kernel':
        'memchr memcmp memcpy memmove memrchr memset snprintf strchr strcmp strcspn '
        'strerror strlen strncmp strrchr strspn strstr strtol strtoul strtoull sigaddset '
        'sigdelset sigemptyset sigfillset '
        'dirfd '
        '__errno_location',
    'cannot fail with the arguments given':
        'clock_gettime geteuid getpid getppid getuid getresuid getpriority getrlimit sched_yield '
        'kill sigaction setitimer sigprocmask munmap inet_ntop',
    'fail in the year 2147485547 only':
        'gmtime_r localtime_r',
    'asks whether it is a terminal':
        'isatty',
    'return nothing':
        '_exit io_uring_free_probe io_uring_queue_exit nl_socket_free nlmsg_free',
    'look into a message that is there, or at a socket':
        'genlmsg_parse genlmsg_valid_hdr nl_socket_get_fd nla_data nla_len nla_parse nla_strcmp '
        'nlmsg_data nlmsg_datalen nlmsg_hdr nlmsg_ok',
    'looks into memory; the calls that fill it are in the table':
        '__io_uring_get_cqe',
}


def undefined(folder):
    out = subprocess.run(['nm', '--undefined-only', f'{LIB}/lib{folder}.a'], check=True,
                         capture_output=True, text=True).stdout
    return {line.split()[-1] for line in out.splitlines() if ' U ' in line}


def listed():
    with open(TABLE, encoding='utf-8') as file:
        return set(re.findall(r'^\tCALL\((\w+),', file.read(), re.MULTILINE))


def calls(folder):
    return {name for name in undefined(folder) if not OURS.fullmatch(name)}


def test_each_function_that_os_and_loop_call_is_refused_or_cannot_fail():
    harmless = {name for names in HARMLESS.values() for name in names.split()}
    missing = (calls('os') | calls('loop')) - listed() - harmless
    assert not missing, sorted(missing)


def test_the_table_names_nothing_that_is_not_called():
    own = {'st_alloc', 'st_alloc_array', 'st_realloc', 'st_raw_call', 'st_raw_clone'}
    used = undefined('os') | undefined('loop')
    assert listed() <= used, sorted(listed() - used)
    assert own <= used, sorted(own - used)


def test_nothing_is_called_harmless_that_is_in_the_table():
    harmless = {name for names in HARMLESS.values() for name in names.split()}
    assert not harmless & listed(), sorted(harmless & listed())


ktap.run(globals())
