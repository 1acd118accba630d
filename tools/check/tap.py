# SPDX-License-Identifier: GPL-2.0-only
"""Strict reading of KTAP, for tools/check/tap and tools/check/run.

kselftest's runner writes an outer stream with one result for each program. Before each
result it writes the program's own stream, with "# " before every line. Both must keep the
rules. These are failures: "not ok"; a plan that is missing, given twice or not kept;
numbers out of order; a program without its end line (# Totals:); a crash or time-out that
only the runner saw; a failure declared as expected.
"""

import re

PLAN = re.compile(r'1\.\.(\d+)(?:\s+# SKIP\b\s*(.*))?$')
RESULT = re.compile(r'(not )?ok (\d+)\b ?(.*)$')
SKIP = re.compile(r'(.*?)\s*# SKIP\b\s*(.*)$', re.I)
EXPECTED = re.compile(r'# (?:XFAIL|T[O]DO)\b', re.I)
PROGRAM = re.compile(r'# selftests: (\S+): (\S+)$')
CHATTER = ('# Starting ', '#  RUN ', '#            OK ', '# PASSED:', '# FAILED:', '# Totals:',
           'TAP version', 'ok ', '1..')


class Tally:
    """What came out: the count of passed, and a line for each failed or skipped."""

    def __init__(self):
        self.passed = 0
        self.failed = []
        self.skipped = []

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def counts(self):
        return (f'{self.passed} passed, {len(self.failed)} failed, '
                f'{len(self.skipped)} skipped')


class Stream:
    """One stream: fed line by line, it knows at its end whether it kept its plan."""

    def __init__(self, name):
        self.name = name
        self.tally = Tally()
        self.planned = None
        self.seen = 0
        self.ended = False

    def fail(self, text):
        self.tally.failed.append(f'{self.name}: {text}')

    def skip(self, text):
        self.tally.skipped.append(f'{self.name}: {text}')

    def feed(self, line):
        plan = PLAN.match(line)
        result = RESULT.match(line)
        if plan:
            self.plan(int(plan[1]), plan[2])
        elif result:
            self.number(int(result[2]), result[3])
            self.result(result[1] is not None, result[3])
        elif line.startswith('# Totals:'):
            self.ended = True
        elif line.startswith('Bail out!'):
            self.fail(line)

    def plan(self, count, skip_reason):
        if self.planned is not None:
            self.fail('two plans')
        self.planned = count
        if count == 0:
            self.ended = True
            self.skip(skip_reason or 'no reason given')

    def number(self, number, text):
        self.seen += 1
        if number != self.seen:
            self.fail(f'result {number} where {self.seen} was due: {text}')
            self.seen = number

    def result(self, is_bad, text):
        skip = SKIP.match(text)
        if is_bad:
            self.fail(text)
        elif EXPECTED.search(text):
            self.fail(f'a failure declared as expected: {text}')
        elif skip:
            self.skip(f'{skip[1]} {skip[2]}'.strip())
        else:
            self.tally.passed += 1

    def finish(self):
        """The plan's last word; returns the tally."""
        if self.planned is None:
            self.fail('no plan')
        elif self.seen != self.planned:
            self.fail(f'planned {self.planned}, reported {self.seen}')
        return self.tally


class Collection(Stream):
    """The runner's stream: results of programs, or, without programs, of tests."""

    def __init__(self, name, report=print):
        super().__init__(name)
        self.report = report
        self.program = None
        self.log = []

    def feed(self, line):
        start = PROGRAM.match(line)
        if start:
            self.close('no result line')
            self.program = Stream(f'{start[1]}/{start[2]}')
            self.log = []
        elif line.startswith('# ') and self.program:
            self.log.append(line[2:])
            self.program.feed(line[2:])
        elif line.startswith('TAP version') and self.planned is not None:
            self.finish()
            self.planned = None
            self.seen = 0
        else:
            if line.startswith('# '):
                self.report(f'    {line}')
            super().feed(line)

    def result(self, is_bad, text):
        if self.program:
            self.close(text.partition('# ')[2] if is_bad else None)
        else:
            super().result(is_bad, text)

    def close(self, verdict):
        """End the program at hand; verdict: what the runner has against it, or None."""
        if not self.program:
            return
        program = self.program
        self.program = None
        tally = program.finish()
        if not program.ended:
            program.fail('the end line is missing')
        if verdict and (verdict != 'exit=1' or not tally.failed):
            program.fail(f'ended with {verdict}')
        if tally.failed:
            for line in self.log:
                if not line.startswith(CHATTER):
                    self.report(f'    {line}')
        self.report(f'  TEST    {program.name}: {tally.counts()}')
        self.tally.add(tally)

    def finish(self):
        self.close('no result line')
        return super().finish()


def read(lines, name='tests', report=print):
    """The Tally of an iterable of text lines; report gets a line a program."""
    stream = Collection(name, report)
    for line in lines:
        stream.feed(line.rstrip('\r\n'))
    return stream.finish()
