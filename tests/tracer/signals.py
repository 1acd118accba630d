#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Signals: the tracer reports the signals that were sent, their receivers and outcomes."""

import os
import select
import signal
import subprocess
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/tracer/lib')
from tracing import Actor, Tracer, ktap, needs_bpf, pid_of, trace  # noqa: E402


def of(records, action, number):
    """(from, to, flags, result) of the records of a signal."""
    return [(pid_of(r['from']), pid_of(r['to']), r['flags'], r.get('result')) for r in records
            if r['kind'] == 'signal' and r['action'] == action and r['signal'] == number]


def handle_own():
    signal.signal(signal.SIGUSR1, lambda *_: None)
    os.kill(os.getpid(), signal.SIGUSR1)


def test_a_signal_is_sent_and_then_delivered_to_its_handler():
    needs_bpf()
    actor = Actor(handle_own)
    records, _ = trace(actor)
    number = signal.SIGUSR1
    assert of(records, 'sent', number) == [(actor.pid, actor.pid, [], 'queued')]
    assert of(records, 'delivered', number) == [(actor.pid, actor.pid, ['handled'], None)]


def test_the_sender_of_a_deadly_signal_is_known_though_nobody_watches_it():
    needs_bpf()
    actor = Actor(signal.pause)
    tracer = Tracer('--pid', str(actor.pid))
    os.kill(actor.pid, signal.SIGKILL)
    status = actor.go()
    records = tracer.finish()
    assert os.WTERMSIG(status) == signal.SIGKILL
    assert of(records, 'sent', signal.SIGKILL) == [(os.getpid(), actor.pid, [], 'queued')]
    ends = [r for r in records if r['action'] == 'exit']
    assert [(pid_of(r['from']), pid_of(r['to']), r['status']) for r in ends] == [
        (actor.pid, os.getpid(), status)]


def test_the_name_and_user_of_a_sender_that_is_gone_are_known_without_payloads():
    needs_bpf()
    actor = Actor(signal.pause)
    tracer = Tracer('--pid', str(actor.pid), '--payload', '0')
    killer = subprocess.run(['sh', '-c', 'kill -KILL "$1"; echo $$', 'sh', str(actor.pid)],
                            check=True, capture_output=True, text=True)
    actor.go()
    sent, = [r for r in tracer.finish() if r['kind'] == 'signal' and r['action'] == 'sent'
             and r['signal'] == signal.SIGKILL]
    assert sent['from'] == {'pid': int(killer.stdout), 'name': 'sh'}, sent
    assert sent['uid'] == os.getuid() and sent['flags'] == [], sent


def send_blocked():
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])
    os.kill(os.getpid(), signal.SIGUSR2)
    os.kill(os.getpid(), signal.SIGUSR2)


def test_a_blocked_signal_waits_and_a_second_one_is_pending_already():
    needs_bpf()
    actor = Actor(send_blocked)
    records, _ = trace(actor)
    assert of(records, 'sent', signal.SIGUSR2) == [
        (actor.pid, actor.pid, ['blocked'], 'queued'),
        (actor.pid, actor.pid, ['blocked'], 'pending already')]
    assert of(records, 'delivered', signal.SIGUSR2) == []


def send_ignored():
    signal.signal(signal.SIGUSR2, signal.SIG_IGN)
    os.kill(os.getpid(), signal.SIGUSR2)


def test_an_ignored_signal_is_marked_and_never_delivered():
    needs_bpf()
    actor = Actor(send_ignored)
    records, _ = trace(actor)
    assert of(records, 'sent', signal.SIGUSR2) == [
        (actor.pid, actor.pid, ['ignored'], 'ignored')]
    assert of(records, 'delivered', signal.SIGUSR2) == []


def wait_for_alarm():
    reader, writer = os.pipe2(os.O_NONBLOCK)
    signal.signal(signal.SIGALRM, lambda *_: None)
    signal.set_wakeup_fd(writer)  # a byte stays, where pause(2) could come too late
    signal.setitimer(signal.ITIMER_REAL, 0.001)
    select.select([reader], [], [])


def test_a_timer_s_signal_has_no_sender_but_the_kernel():
    needs_bpf()
    actor = Actor(wait_for_alarm)
    records, _ = trace(actor)
    assert of(records, 'sent', signal.SIGALRM) == [(None, actor.pid, ['kernel'], 'queued')]


def send_many(times):
    signal.signal(signal.SIGUSR1, signal.SIG_IGN)
    for _ in range(times):
        os.kill(os.getpid(), signal.SIGUSR1)


def test_under_overload_emitted_and_dropped_together_are_what_was_generated():
    needs_bpf()
    for times in (1, 1000, 20000):
        actor = Actor(send_many, times)
        tracer = Tracer('--pid', str(actor.pid), '--kinds', 'signal', '--ring', '4096')
        actor.go()
        records = tracer.finish()
        emitted, dropped, limited = tracer.counts('signal')
        # one more is its SIGCHLD, to this process; others' may have been missed, too
        assert 0 <= times + 1 - emitted - dropped <= tracer.missed(), tracer.summary
        assert len(records) == emitted and limited == 0, tracer.summary


def test_what_is_over_the_count_is_counted_not_told():
    needs_bpf()
    actor = Actor(send_many, 100)
    tracer = Tracer('--pid', str(actor.pid), '--kinds', 'signal', '--count', '10')
    actor.go()
    said, summary = tracer.process.communicate(timeout=60)
    tracer.summary = summary
    assert len(said.splitlines()) == 10
    emitted, dropped, limited = tracer.counts('signal')
    assert (emitted, dropped) == (10, 0), summary
    assert limited <= 91, summary


def test_what_is_over_the_rate_is_counted_not_told():
    needs_bpf()
    actor = Actor(send_many, 2000)
    tracer = Tracer('--pid', str(actor.pid), '--kinds', 'signal', '--rate', '5')
    actor.go()
    records = tracer.finish()
    emitted, dropped, limited = tracer.counts('signal')
    assert 0 <= 2001 - emitted - dropped - limited <= tracer.missed(), tracer.summary
    assert len(records) == emitted and dropped == 0, tracer.summary
    for second in {record['time_ns'] // 10**9 for record in records}:
        assert sum(record['time_ns'] // 10**9 == second for record in records) <= 5


ktap.run(globals())
