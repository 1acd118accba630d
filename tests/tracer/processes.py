#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Fork, exec and exit; which processes are followed; a tracer leaves nothing in the kernel."""

import os
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/tracer/lib')
from kernel import NEXT_ID, is_in_the_kernel, own_objects  # noqa: E402
from tracing import PATIENCE_S, TRACER, Actor, Tracer, ktap, needs_bpf, pid_of, trace  # noqa: E402


def of(records, action):
    return [r for r in records if r['kind'] == 'process' and r['action'] == action]


def run_true():
    pid = os.fork()
    if pid == 0:
        os.execv('/bin/true', ['true'])
    return os.WEXITSTATUS(os.waitpid(pid, 0)[1]) + 7


def test_a_child_is_forked_executes_a_file_and_exits_in_this_order():
    needs_bpf()
    actor = Actor(run_true)
    records, _ = trace(actor, '--kinds', 'process', '--payload', '4096')
    child, = [pid_of(r['to']) for r in of(records, 'fork') if pid_of(r['from']) == actor.pid]
    assert [(r['action'], pid_of(r['from']), pid_of(r['to'])) for r in records] == [
        ('fork', actor.pid, child), ('exec', child, child), ('exit', child, actor.pid),
        ('exit', actor.pid, os.getpid())]
    assert bytes.fromhex(of(records, 'exec')[0]['payload']) == b'/bin/true'
    assert [os.WEXITSTATUS(r['status']) for r in of(records, 'exit')] == [0, 7]


def test_the_name_of_a_process_that_is_gone_comes_from_its_own_exec():
    needs_bpf()
    actor = Actor(run_true)
    records, _ = trace(actor, '--kinds', 'process')
    names = [r['from']['name'] for r in of(records, 'exec')]
    assert names in (['true'], ['?']), names


def test_a_payload_longer_than_allowed_is_cut_and_says_so():
    needs_bpf()
    actor = Actor(run_true)
    records, _ = trace(actor, '--kinds', 'process', '--payload', '4')
    record, = of(records, 'exec')
    assert (record['size'], bytes.fromhex(record['payload'])) == (9, b'/bin')
    assert record['flags'] == ['truncated']


def test_children_are_not_followed_if_the_process_is_traced_alone():
    needs_bpf()
    actor = Actor(run_true)
    records, _ = trace(actor, '--kinds', 'process', '--alone')
    assert [r['action'] for r in records] == ['fork', 'exit']


def run_threads():
    threads = [threading.Thread(target=os.getpid) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_threads_are_no_processes():
    needs_bpf()
    actor = Actor(run_threads)
    records, _ = trace(actor, '--kinds', 'process')
    assert [(r['action'], r['status']) for r in records] == [('exit', 0)]


def fork_many(depth):
    children = []
    for _ in range(2 if depth else 0):
        pid = os.fork()
        if pid == 0:
            os._exit(fork_many(depth - 1) or 0)
        children.append(pid)
    for child in children:
        os.waitpid(child, 0)


def test_every_fork_of_a_growing_family_is_told_and_every_exit():
    needs_bpf()
    actor = Actor(fork_many, 4)
    records, _ = trace(actor, '--kinds', 'process')
    born = [pid_of(r['to']) for r in of(records, 'fork')]
    assert sorted([*born, actor.pid]) == sorted(pid_of(r['from']) for r in of(records, 'exit'))
    assert len(born) == 2 + 4 + 8 + 16, len(born)


def test_a_tracer_that_is_killed_under_load_leaves_nothing_in_the_kernel():
    needs_bpf()
    actor = Actor(fork_many, 3)
    tracer = Tracer('--pid', str(actor.pid))
    loaded = own_objects(tracer.process.pid)
    assert {sort for sort, _ in loaded} == set(NEXT_ID), loaded
    assert all(is_in_the_kernel(*one) for one in loaded), loaded
    os.close(actor.go_on)
    tracer.process.kill()
    tracer.process.communicate(timeout=PATIENCE_S)
    os.waitpid(actor.pid, 0)
    end = time.monotonic() + PATIENCE_S
    while left := {one for one in loaded if is_in_the_kernel(*one)}:
        assert time.monotonic() < end, left  # the kernel frees them a little later
        os.sched_yield()


def test_two_tracers_at_once_see_the_same():
    needs_bpf()
    actor = Actor(run_true)
    tracers = [Tracer('--pid', str(actor.pid), '--kinds', 'process') for _ in range(2)]
    actor.go()
    seen = [[(r['action'], pid_of(r['from'])) for r in tracer.finish()] for tracer in tracers]
    assert seen[0] == seen[1] and len(seen[0]) == 4, seen


def refused(*words):
    done = subprocess.run([TRACER, *words], capture_output=True, text=True, check=False,
                          timeout=PATIENCE_S)
    assert done.stderr.startswith('suptree-tracer: '), done
    assert done.stdout == '', done
    return done.returncode


def test_a_command_line_that_makes_no_sense_is_refused_with_status_2():
    for words in (['--pid', '0'], ['--pid', 'x'], ['--pid', ','], ['--pid', '1', '--all'], [],
                  ['--all', '--kinds', 'smoke'], ['--all', '--kinds', ''],
                  ['--all', '--payload', '4097'], ['--all', '--duration', '0s'],
                  ['--all', '--ring', '5000'], ['--all', 'more'], ['--all', '--count', '-1']):
        assert refused(*words) == 2, words


def test_a_process_that_is_not_there_cannot_be_traced():
    needs_bpf()
    actor = Actor(os.getpid)
    actor.go()
    assert refused('--pid', str(actor.pid)) == 1


def test_the_doctor_has_a_line_for_each_hook_and_one_of_each_sight_is_used():
    said = needs_bpf().splitlines()
    assert said[0].split() == ['KIND', 'HOOK', 'TIER', 'TARGET', 'STATE']
    lines = [line.split(None, 4) for line in said[1:]]
    used = {line[1] for line in lines if line[4] == 'used'}
    assert {'process_fork', 'process_exec', 'process_exit', 'signal_sent',
            'signal_delivered'} <= used
    assert ('unix_sent_tp' in used) != ({'unix_stream_sent', 'unix_dgram_sent'} <= used)
    for *_, state in lines:
        assert state, lines


def test_a_kind_without_any_hook_is_an_error_if_it_was_asked_for_else_a_warning():
    needs_bpf()
    words = ['--all', '--tier', 'function', '--duration', '0.001s']
    done = [subprocess.run([TRACER, *words, *more], capture_output=True, text=True, check=False,
                           timeout=PATIENCE_S) for more in ([], ['--kinds', 'signal'])]
    assert [one.returncode for one in done] == [0, 1], done
    for one in done:
        assert 'signal: no hook signal_sent (tracepoint signal_generate): ' in one.stderr


def test_everything_is_traced_but_never_the_tracer_itself():
    needs_bpf()
    tracer = Tracer('--all', '--kinds', 'process,signal')
    actor = Actor(run_true)
    actor.go()
    records = tracer.finish()
    seen = {pid_of(r['from']) for r in records}
    assert actor.pid in seen
    assert tracer.process.pid not in seen


ktap.run(globals())
