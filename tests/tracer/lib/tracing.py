# SPDX-License-Identifier: GPL-2.0-only
"""A suptree-tracer for a test, and processes that follow a script, so that the test knows
what they do. Nothing here sleeps: the tracer reports when it has begun, a byte lets a
process go on, and the test waits for its end.
"""

import functools
import json
import os
import re
import signal
import subprocess
import sys

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402

TRACER = os.environ['ST_TEST_BIN'] + '/suptree-tracer'
TIER = os.environ.get('ST_TRACER_TIER')  # only hooks of this one: tiers.py
TIER_WORDS = ['--tier', TIER] if TIER else []
PATIENCE_S = 60  # a hang guard, not a measure of anything
TRACING = 'suptree-tracer: tracing\n'
COUNTS = re.compile(r'suptree-tracer: (\w+): (\d+) emitted, (\d+) dropped, (\d+) limited')


@functools.cache
def needs_bpf():
    """Skips where the kernel lets this process load nothing; what the doctor says."""
    done = subprocess.run([TRACER, '--doctor', *TIER_WORDS], capture_output=True, text=True,
                          check=False, timeout=PATIENCE_S)
    if os.geteuid() != 0 or done.returncode != 0:
        raise ktap.Skip(f'BPF programs cannot be loaded: {done.stdout}{done.stderr}'
                        .replace('\n', '; '))
    return done.stdout


class Actor:
    """A child that waits for a byte, then runs a function, then ends by its return
    value; its pid is known before."""

    def __init__(self, function, *words):
        reader, self.go_on = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            status = 255
            try:
                os.close(self.go_on)
                os.read(reader, 1)
                status = function(*words) or 0
            finally:
                os._exit(status)  # or it would go on as the test
        os.close(reader)

    def go(self):
        """Let it run; returns when it has ended, with wait(2)'s status."""
        os.close(self.go_on)
        return os.waitpid(self.pid, 0)[1]


class Tracer:
    """suptree-tracer --json, from its beginning to its end."""

    def __init__(self, *words):
        self.process = subprocess.Popen(
            [TRACER, '--json', *TIER_WORDS, *words], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.unseen = []  # what it says that no hook sees
        line = self.process.stderr.readline()
        while TIER and ': no hook ' in line:
            self.unseen.append(line.strip())
            line = self.process.stderr.readline()
        if line != TRACING:
            _, said = self.process.communicate(timeout=PATIENCE_S)
            assert self.unseen and self.process.returncode == 1, line + said
            raise ktap.Skip(self.unseen[0])

    def finish(self):
        """Stop it; its records, in the order of their time."""
        self.process.send_signal(signal.SIGTERM)
        said, self.summary = self.process.communicate(timeout=PATIENCE_S)
        assert self.process.returncode == 0, self.summary
        self.records = sorted((json.loads(line) for line in said.splitlines()),
                              key=lambda record: record['time_ns'])
        return self.records

    def counts(self, kind):
        """(emitted, dropped, limited) after the end."""
        found = {match[1]: tuple(map(int, match.groups()[1:]))
                 for match in COUNTS.finditer(self.summary)}
        return found[kind]

    def lost(self):
        """Whether anything was dropped or limited."""
        return any(int(match[3]) + int(match[4]) for match in COUNTS.finditer(self.summary))

    def missed(self):
        """Events inside of the same hook on the same CPU."""
        return int(re.search(r'(\d+) missed', self.summary)[1])


def pid_of(end):
    """The pid of a record's from or to; None: unknown."""
    return end and end['pid']


def trace(actors, *words):
    """All records of the run of an actor, or of some that run at once."""
    actors = actors if isinstance(actors, list) else [actors]
    tracer = Tracer('--pid', ','.join(str(actor.pid) for actor in actors), *words)
    for actor in actors:
        os.close(actor.go_on)
    status = [os.waitpid(actor.pid, 0)[1] for actor in actors][-1]
    records = tracer.finish()
    assert not tracer.lost(), tracer.summary
    return records, status
