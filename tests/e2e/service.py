#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The daemon as a service of another supervisor: what it says by sd_notify(3)."""

import os
import signal
import socket
import subprocess
import sys
import tempfile

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from suptreed import BIN, PATIENCE_S  # noqa: E402

CONFIG = '''
children:
  - {id: a, start: [sleep, infinity]}
'''


class Service:
    """suptreed, and the socket on which its supervisor listens."""

    def __init__(self, **environment):
        self.dir = tempfile.TemporaryDirectory(prefix='suptree-e2e-')
        self.environment = environment

    def __enter__(self):
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.listener.settimeout(PATIENCE_S)
        self.listener.bind(self.dir.name + '/notify')
        with open(self.dir.name + '/a.yaml', 'w', encoding='utf-8') as file:
            file.write(CONFIG)
        self.process = subprocess.Popen(
            [BIN + '/suptreed', '--socket', self.dir.name + '/control', '--config', file.name],
            env={**os.environ, 'NOTIFY_SOCKET': self.dir.name + '/notify', **self.environment},
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        return self

    def heard(self):
        return self.listener.recv(1000).decode()

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        _, said = self.process.communicate(timeout=PATIENCE_S)
        self.listener.close()
        self.dir.cleanup()
        assert self.process.returncode == 0, said


def test_it_says_that_it_is_ready_and_once_that_it_stops():
    with Service() as service:
        assert service.heard() == 'READY=1'
        service.process.send_signal(signal.SIGTERM)
        assert service.heard() == 'STOPPING=1'
        service.process.wait(PATIENCE_S)
        service.listener.setblocking(False)
        try:
            raise AssertionError(service.heard())
        except BlockingIOError:
            pass


def test_its_loop_gives_signs_of_life_when_a_watchdog_wants_them():
    with Service(WATCHDOG_USEC='20000') as service:
        assert [service.heard() for _ in range(4)] == ['READY=1'] + 3 * ['WATCHDOG=1']


def test_a_stopped_loop_gives_no_sign_of_life():
    with Service(WATCHDOG_USEC='20000') as service:
        assert service.heard() == 'READY=1'
        assert service.heard() == 'WATCHDOG=1'
        service.process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, service.process.pid, os.WSTOPPED)
        service.listener.setblocking(False)
        try:
            while True:
                service.heard()  # what it said before
        except BlockingIOError:
            pass
        service.process.send_signal(signal.SIGCONT)
        service.listener.settimeout(PATIENCE_S)
        assert service.heard() == 'WATCHDOG=1'


def test_a_watchdog_that_is_meant_for_another_process_is_none():
    for wrong in ({'WATCHDOG_USEC': '1000', 'WATCHDOG_PID': '1'}, {'WATCHDOG_USEC': '1000x'},
                  {'WATCHDOG_USEC': '99999999999999999999'}, {'WATCHDOG_USEC': '-5'}):
        with Service(**wrong) as service:
            assert service.heard() == 'READY=1'
            service.process.send_signal(signal.SIGTERM)
            assert service.heard() == 'STOPPING=1', wrong


def test_a_supervisor_that_went_away_is_no_reason_to_end():
    with Service(WATCHDOG_USEC='20000') as service:
        assert service.heard() == 'READY=1'
        os.unlink(service.dir.name + '/notify')
        line = service.process.stderr.readline()
        while 'WATCHDOG=1' not in line:
            assert line, 'the daemon has ended'
            line = service.process.stderr.readline()


ktap.run(globals())
