#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Thousands of children: started, killed all at once, restarted, stopped."""

import os
import platform
import resource
import signal
import subprocess
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from suptreed import Daemon, Refused  # noqa: E402

PAUSE = os.environ['ST_TEST_OUT'] + '/pause'
# A program without libc: what is measured in patience here is the daemon, not ld.so.
PAUSE_C = 'void _start(void) { for (;;) __asm__ volatile("syscall" :: "a"(34) : "rcx", "r11"); }'
NR = 10000
NR_IN_A_ROUND = 1000


def config(strategy, nr):
    children = ''.join(f'        - {{id: w{number}, output: "null", start: {START}}}\n'
                       for number in range(nr))
    return f'''
children:
  - id: many
    supervisor:
      strategy: {strategy}
      intensity: {nr}
      period: 3600
      children:
{children}'''


def build_pause():
    """Compile the child, or use one that every machine has."""
    if platform.machine() != 'x86_64':
        return ['sleep', 'infinity']
    os.makedirs(os.path.dirname(PAUSE), exist_ok=True)
    subprocess.run(['cc', '-x', 'c', '-', '-O2', '-static', '-nostdlib', '-ffreestanding',
                    '-fno-stack-protector', '-o', PAUSE], input=PAUSE_C, text=True, check=True)
    return [PAUSE]


START = build_pause()


def table_size(daemon):
    """Entries of the daemon's table of descriptors, open or not."""
    with open(f'/proc/{daemon.process.pid}/status', encoding='ascii') as status:
        return next(int(line.split()[1]) for line in status if line.startswith('FDSize:'))


def test_the_table_of_descriptors_grows_once_for_all_children_that_are_to_start():
    """It would grow while children in flight share it: 8 to 24 ms, each time it doubles."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    many = [{'id': 'first', 'start': ['/nonexistent']},
            *({'id': f'w{number}', 'start': START} for number in range(2000))]
    with Daemon('children: [{id: a, start: sleep infinity}]') as daemon:
        assert table_size(daemon) >= min(limit, 4096)
        try:
            daemon.call('start_child', path='/', spec={'id': 'many',
                                                       'supervisor': {'children': many}})
        except Refused as refused:
            assert refused.kind == 'start_error', refused
        assert table_size(daemon) >= min(limit, 3 * 2000 + 512)


def workers(daemon):
    return {node['path']: node for node in daemon.call('ps', path='many')
            if node['type'] == 'worker'}


def test_ten_thousand_children_start_run_die_at_once_and_stop():
    with Daemon(config('one_for_one', NR)) as daemon:
        before = workers(daemon)
        assert len(before) == NR
        assert {node['state'] for node in before.values()} == {'running'}
        # held up, so that more completions come at once than their queue holds
        daemon.process.send_signal(signal.SIGSTOP)
        for node in before.values():
            os.kill(node['pid'], signal.SIGKILL)
        daemon.process.send_signal(signal.SIGCONT)

        daemon.poll(lambda: daemon.info('many')['restarts_in_period'] == NR)
        daemon.call('settle')
        after = workers(daemon)
        assert {node['state'] for node in after.values()} == {'running'}
        assert all(after[path]['generation'] > node['generation']
                   for path, node in before.items())
        assert daemon.call('count_children', path='many')['active'] == NR
        assert len(daemon.pids()) == NR, 'and no process more'


def test_one_for_all_stops_and_starts_a_thousand_in_one_round_D2():
    with Daemon(config('one_for_all', NR_IN_A_ROUND)) as daemon:
        before = workers(daemon)
        os.kill(before['many/w500']['pid'], signal.SIGKILL)
        daemon.follow(since=0, path='many/w999').event('exited', 'many/w999')
        daemon.call('settle')
        after = workers(daemon)
        assert all(after[path]['pid'] != node['pid'] or
                   after[path]['generation'] != node['generation']
                   for path, node in before.items())
        assert daemon.call('tree', path='many')['root']['restarts_in_period'] == 1


ktap.run(globals())
