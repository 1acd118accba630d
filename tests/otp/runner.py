# SPDX-License-Identifier: GPL-2.0-only
"""Running scenarios: on st-scenario, and on Erlang's own supervisor."""

import concurrent.futures
import json
import pathlib
import subprocess
import tempfile

import compare
import corpus

PATIENCE_S = 180  # a guard against hanging, not a measure of anything
TRIES = 3  # of a scenario whose steps must come at the right moment
NO_ERLANG = 4  # exit status of oracle.sh


class Runner:
    """st-scenario, in one of its two modes; called with pairs, in any thread."""

    def __init__(self, programs, mode, folder):
        self.command = [pathlib.Path(programs, 'st-scenario')]
        self.command += ['--core'] if mode == 'core' else []
        self.is_real = mode != 'core'
        self.folder = pathlib.Path(folder, mode)
        self.folder.mkdir(parents=True, exist_ok=True)

    def once(self, scenario, expected):
        """Lines that show how the trace differs; none if it does not."""
        given = self.folder / f'{scenario["name"]}.json'
        trace = self.folder / f'{scenario["name"]}.trace'
        given.write_text(corpus.text(scenario), encoding='utf-8')
        try:
            done = subprocess.run([*self.command, given, trace], timeout=PATIENCE_S,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, check=False)
        except subprocess.TimeoutExpired:
            return [f'no end within {PATIENCE_S} s']
        if done.returncode:
            text = done.stdout.decode('utf-8', 'replace').splitlines()
            return [f'st-scenario: exit status {done.returncode}', *text[-20:]]
        try:
            return compare.compare(expected, corpus.load(trace))
        except (ValueError, KeyError) as error:
            return [f'no trace: {error!r}']

    def __call__(self, pair):
        """As once(); where the moment matters, a busy machine gets another chance."""
        scenario, _ = pair
        tries = TRIES if self.is_real and corpus.needs_timing(scenario) else 1
        lines = []
        for _ in range(tries):
            lines = self.once(*pair)
            if not lines:
                break
        return lines


def run_all(programs, mode, pairs, jobs):
    """[lines] for each pair, in their order: none where the trace is as expected.

    Real processes wait most of the time, so there are several runs for each job.
    """
    with tempfile.TemporaryDirectory() as folder, \
            concurrent.futures.ThreadPoolExecutor(jobs if mode == 'core' else 3 * jobs) as pool:
        yield from pool.map(Runner(programs, mode, folder), pairs)


def ask_part(part, folder):
    """Run one oracle on several scenarios, and say what it printed."""
    files = [folder / f'{scenario["name"]}.{kind}' for scenario in part
             for kind in ('json', 'trace')]
    done = subprocess.run([corpus.HERE / 'oracle.sh', folder.parent / 'ebin', *files],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    if done.returncode == NO_ERLANG:
        raise SystemExit(done.stdout.decode().strip())
    return done.stdout.decode('utf-8', 'replace')


def ask_oracle(scenarios, jobs, top):
    """Traces of Erlang's supervisor, None where it could not run a scenario.

    An oracle waits most of its time, so there are several for each of the jobs.
    """
    top = pathlib.Path(top)
    ask_part([], top / 'none')  # compiles, once
    with tempfile.TemporaryDirectory(dir=top) as name, \
            concurrent.futures.ThreadPoolExecutor(3 * jobs) as pool:
        folder = pathlib.Path(name)
        for scenario in scenarios:
            path = folder / f'{scenario["name"]}.json'
            path.write_text(corpus.text(scenario), encoding='utf-8')
        parts = [scenarios[k::3 * jobs] for k in range(3 * jobs)]
        list(pool.map(lambda part: ask_part(part, folder), [part for part in parts if part]))
        return [read_trace(folder / f'{scenario["name"]}.trace') for scenario in scenarios]


def read_trace(path):
    try:
        return json.loads(path.read_text(encoding='utf-8'))
    except (OSError, ValueError):
        return None
