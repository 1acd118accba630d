# SPDX-License-Identifier: GPL-2.0-only
"""`suptree audit` during chaos: the daemon, the kernel module (if it is loaded) and /proc
are read one after the other while everything changes, and they must agree. The audit asks
again to distinguish a change from a difference. So everything that it reports is a fault
of one of these or of the audit.
"""

import json
import subprocess

from picture import Violation

AGREE, FINDINGS = 0, 8  # exit statuses, suptree(1)


class Auditor:
    """Asks, and counts."""

    def __init__(self, bindir, daemon):
        self.command = [f'{bindir}/suptree', '--socket', daemon.socket, 'audit', '--json']
        self.nr_audits = self.nr_nodes = 0
        self.without = None

    def look(self):
        done = subprocess.run(self.command, capture_output=True, text=True, check=False)
        if done.returncode not in (AGREE, FINDINGS):
            raise Violation(f'audit: status {done.returncode}: {done.stderr.strip()}')
        answer = json.loads(done.stdout)
        if answer['differences']:
            raise Violation(f'audit: {answer["differences"]}')
        self.nr_audits += 1
        self.nr_nodes += answer['nodes']
        self.without = answer.get('without')

    def said(self):
        asked = 'the module and /proc' if not self.without else f'/proc only ({self.without})'
        return (f'{self.nr_audits} audits of {self.nr_nodes} nodes against {asked}: '
                'no difference')
