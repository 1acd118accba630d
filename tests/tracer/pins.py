#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Pins are there while the tracer is, and no longer, however it ends."""

import json
import os
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/tracer/lib')
from bpffs import PINS, ROOT, mount, needs_bpftool, needs_pins  # noqa: E402
from tracing import PATIENCE_S, TRACER, Actor, Tracer, ktap  # noqa: E402

def start(*words):
    return Tracer('--pid', str(os.getpid()), '--pin', *words)


def pins(part):
    return sorted(os.listdir(f'{PINS}/{part}'))


def until_gone():
    end = time.monotonic() + PATIENCE_S
    while os.path.exists(PINS):
        assert time.monotonic() < end, os.listdir(PINS)
        os.sched_yield()


def keeper(tracer):
    pid = tracer.process.pid
    with open(f'/proc/{pid}/task/{pid}/children', encoding='ascii') as file:
        child, = file.read().split()
    return int(child)


def refused():
    done = subprocess.run([TRACER, '--all', '--pin'], capture_output=True, text=True,
                          check=False, timeout=PATIENCE_S)
    assert (done.returncode, done.stdout) == (1, ''), done
    return done.stderr


def test_what_is_loaded_has_a_name_while_it_is_and_none_when_it_ends():
    needs_pins()
    tracer = start('--kinds', 'signal')
    assert os.stat(PINS).st_mode & 0o777 == 0o700
    assert pins('progs') == pins('links')
    assert {'process_fork', 'signal_sent', 'signal_delivered'} <= set(pins('links'))
    assert 'process_exit' not in pins('links')
    assert {'bss', 'counters', 'records', 'rodata', 'watched'} <= set(pins('maps'))
    tracer.finish()
    assert not os.path.exists(PINS)


def test_a_tracer_that_is_killed_leaves_no_pin():
    needs_pins()
    tracer = start()
    assert pins('links')
    tracer.process.kill()
    tracer.process.communicate(timeout=PATIENCE_S)
    until_gone()


def test_interrupting_all_of_its_group_leaves_no_pin():
    needs_pins()
    tracer = start()
    os.kill(keeper(tracer), signal.SIGINT)
    os.kill(keeper(tracer), signal.SIGTERM)
    tracer.finish()
    assert not os.path.exists(PINS)


def test_if_the_keeper_is_killed_too_the_next_tracer_takes_the_pins_away():
    needs_pins()
    tracer = start()
    os.kill(keeper(tracer), signal.SIGKILL)
    tracer.process.kill()
    tracer.process.communicate(timeout=PATIENCE_S)
    assert pins('links')
    old = os.stat(PINS + '/links').st_ino
    tracer = start('--kinds', 'signal')
    assert os.stat(PINS + '/links').st_ino != old
    assert 'process_exit' not in pins('links')
    tracer.finish()
    assert not os.path.exists(PINS)


def test_two_tracers_cannot_pin_at_once_and_the_first_goes_on():
    needs_pins()
    tracer = start()
    before = pins('links')
    assert refused() == f'suptree-tracer: pin below {PINS}: another tracer does\n'
    assert pins('links') == before
    tracer.finish()


def test_what_is_not_its_own_stays():
    needs_pins()
    os.makedirs(PINS + '/mine/deep')
    start().finish()
    assert os.listdir(PINS) == ['mine'] and os.listdir(PINS + '/mine') == ['deep']


def test_a_folder_of_another_user_is_refused():
    needs_pins()
    os.mkdir(PINS)
    os.chown(PINS, 65534, 65534)
    assert 'Operation not permitted' in refused()


def test_without_a_bpf_file_system_it_says_how_to_mount_one():
    needs_pins()
    mount('tmpfs', ROOT)
    assert refused().endswith('no BPF file system is mounted: mount -t bpf bpf /sys/fs/bpf\n')
    assert os.listdir(ROOT) == []


def bpftool(*words):
    done = subprocess.run([needs_bpftool(), '--json', *words], capture_output=True, text=True,
                          check=False, timeout=PATIENCE_S)
    assert done.returncode == 0, done
    return json.loads(done.stdout)


def test_bpftool_shows_whose_programs_they_are_and_what_they_counted():
    needs_pins()
    actor = Actor(lambda: os.kill(os.getpid(), 0) or signal.raise_signal(signal.SIGCONT))
    tracer = Tracer('--pid', str(actor.pid), '--pin')
    program = bpftool('prog', 'show', 'pinned', PINS + '/progs/signal_sent')
    assert program['metadata']['project'] == 'suptree', program
    link = bpftool('link', 'show', 'pinned', PINS + '/links/signal_sent')
    assert link['prog_id'] == program['id'], (link, program)
    actor.go()
    counted = sum(one['value']['emitted']
                  for entry in bpftool('map', 'dump', 'pinned', PINS + '/maps/counters')
                  for one in entry['formatted']['values'])
    assert len(tracer.finish()) == counted
    assert tracer.counts('signal')[0] >= 2  # sent and delivered


ktap.run(globals())
