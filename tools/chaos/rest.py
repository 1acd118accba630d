# SPDX-License-Identifier: GPL-2.0-only
"""Checks at rest: the machine must match the witness's picture, and both must obey the
rules."""

import processes
from picture import Violation

MAX_RSS_KIB = 128 << 10
FDS_OF_WORKER = 4  # pidfd, standard output and error; what a ready: fd child adds
FDS_OF_DAEMON = 64


def must(truth, text):
    if not truth:
        raise Violation(f'at rest: {text}')


def check_children(witness):
    """Each child of the daemon is what runs in the picture, and the other way round."""
    daemon = witness.daemon_pid
    own = processes.exe(daemon)
    looks = {look.pid: look for look in processes.children(daemon)}
    known = {pid: path for path, pid in witness.pids.items()}
    for path, pid in witness.pids.items():
        look = looks.get(pid)
        must(look, f'{path} runs, but process {pid} is no child of the daemon')
        must(not look.is_zombie, f'{path} is not reaped: {look}')
        must((look.path, look.generation) == (path, witness.live[path]),
             f'{path} of generation {witness.live[path]} is {look}')
    prepared = 0
    for pid, look in looks.items():
        if pid in known or look.is_zombie:  # orphans; their age is looked at elsewhere
            continue
        prepared += processes.exe(pid) == own
        must(processes.exe(pid) == own and prepared <= 1,
             f'process {look} belongs to nobody')
    strangers = processes.strangers(witness.socket, daemon)
    must(not strangers, f'orphans outside the tree: {strangers}')


def check_bounds(witness, nr_connections):
    nr_fds = processes.nr_fds(witness.daemon_pid)
    most = FDS_OF_DAEMON + FDS_OF_WORKER * len(witness.pids) + 2 * nr_connections
    must(nr_fds <= most, f'{nr_fds} descriptors, {most} at most')
    rss_kib = processes.rss_kib(witness.daemon_pid)
    must(rss_kib <= MAX_RSS_KIB or processes.is_sanitized(witness.daemon_pid),
         f'{rss_kib} KiB of memory')


def is_excused(witness, picture, path, excused):
    """May it be down because of a request, or because it said IGNORE?"""
    if path in excused or path in witness.ignored:
        return True
    siblings = {other for other in excused if other.rpartition('/')[0] == picture.sup.path}
    return picture.sup.strategy != 'one_for_one' and bool(siblings)


def is_clean(reason):
    """The ends after which a transient child stays down [B2]."""
    return reason in ('normal', 'shutdown') or isinstance(reason, dict) and 'shutdown' in reason


def check_alive(witness, excused):
    """Of every supervisor that runs: who has to run, does [B1] [B2]; nothing is half done."""
    must('/' in witness.live, 'the root does not run')
    for path, picture in witness.sups.items():
        if picture.generation is None or witness.live.get(path) != picture.generation:
            continue
        must(not picture.has_given_up, f'{path} gave up and runs [E6]')
        must(not picture.is_over, f'{path} runs; it should have given up [E1]')
        must(not picture.round, f'{path}: {picture.round and picture.round.expected} do not start '
             f'after the end of {picture.round and picture.round.dead} [D1] [D2] [D3]')
        due = picture.permanent() + [
            child for child in picture.transient() if not is_clean(picture.ends.get(child))]
        for child in due:
            must(child in witness.live or is_excused(witness, picture, child, excused),
                 f'{child} does not run, but {path} does; its last end: '
                 f'{picture.ends.get(child)} [B1] [B2]')
        check_ages(witness, picture, excused)


def check_ages(witness, picture, excused):
    """All of a one_for_all are of the same round, in order [D2]."""
    running = [child for child in picture.order if child in witness.live]
    if (picture.sup.strategy == 'one_for_all' and picture.is_order_known
            and not is_excused(witness, picture, '', excused)):
        born = [witness.live[child] for child in running]
        must(born == sorted(born), f'{picture.sup.path}: {running} have generations {born} [D2]')


def check_words(witness, daemon):
    """The daemon's own word, last: `tree` is what the picture is."""
    def walk(node):
        path = node['path']
        is_live = path in witness.live
        must((node['state'] == 'running') == is_live,
             f'{path} is said to be {node["state"]}; it is {"" if is_live else "not "}alive')
        if is_live:
            must(node.get('generation') == witness.live[path] and
                 node.get('pid') == witness.pids.get(path), f'{path}: {node}')
        return {path}.union(*(walk(child) for child in node.get('children', [])))
    said = walk(daemon.call('tree')['root'])
    must(said >= set(witness.live), f'not in the tree: {set(witness.live) - said}')
