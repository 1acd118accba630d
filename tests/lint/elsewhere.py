#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The places of tools/check/elsewhere are what they are called: what is run there sees
that time, zone, language, user, host, number of processors, uptime and umask.
"""

import contextlib
import importlib.machinery
import importlib.util
import os
import pathlib
import subprocess
import tempfile

import ktap

TOP = pathlib.Path(os.environ['ST_TEST_TOP'])
LOADER = importlib.machinery.SourceFileLoader('elsewhere', str(TOP / 'tools/check/elsewhere'))
elsewhere = importlib.util.module_from_spec(importlib.util.spec_from_loader('elsewhere', LOADER))
LOADER.exec_module(elsewhere)
FACTS = ('date "+%Y-%m-%d %H:%M:%S"; date +%z; locale charmap; id -u; nproc; umask; hostname; '
         'cut -d. -f1 /proc/uptime; date +%s')
# where clocks change within seconds, before and after that
ZONES = {'leap': ['+1345'], 'new-year': ['-0330'], 'spring': ['+0100', '+0200'],
         'autumn': ['+1100', '+1030'], '2039': ['-0437']}
# the minute of a place, and that to which its clock goes on
NEAR = {'12:00': ['12:00', '12:01'], '23:59': ['23:59', '00:00', '00:01'],
        '01:59': ['01:59', '03:00', '03:01', '01:30', '01:31'],
        '11:59': ['11:59', '12:00', '12:01']}
CHARSETS = {'tr_TR.UTF-8': 'UTF-8', 'de_DE.UTF-8': 'UTF-8', 'tr_TR.ISO-8859-9': 'ISO-8859-9',
            'C': 'ANSI_X3.4-1968', 'POSIX': 'ANSI_X3.4-1968'}
LATE_S = 60  # a hang guard


def needs_this_place():
    if 'FAKETIME' in os.environ:
        raise ktap.Skip('needs the true clock, and is elsewhere itself')
    if os.geteuid():
        raise ktap.Skip('needs root: users, hosts and uptimes')


@contextlib.contextmanager
def house():
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        found = elsewhere.House(folder)
        found.top = TOP
        found.speak()
        yield found


def facts(name, where, libraries):
    """What a program sees at the place, a line each."""
    place = elsewhere.PLACES[name]
    uid = 0 if place.is_root else elsewhere.ORDINARY
    done = subprocess.run(
        [*elsewhere.prefix(place, uid), *elsewhere.clock(name, libraries), 'sh', '-c', FACTS],
        env=elsewhere.environment(place, where, '/tmp'), umask=elsewhere.UMASK, text=True,
        check=False, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    assert done.returncode == 0, done
    return done.stdout.splitlines()


def test_what_is_run_at_a_place_sees_what_the_place_is_called_after():
    needs_this_place()
    with house() as where:
        libraries = where.clock()
        seen = {name: facts(name, where, libraries) for name in elsewhere.PLACES}
    cpus = len(os.sched_getaffinity(0))
    for name, place in elsewhere.PLACES.items():
        now, zone, charset, uid, nproc, umask, host, uptime, clock = seen[name]
        assert now[:10] in (place.when[:10], '2028-01-01'), (name, now)
        assert now[11:16] in NEAR[place.when[11:16]], (name, now)
        assert zone in ZONES[name], (name, zone)
        language, = place.language.values()
        assert charset == CHARSETS[language], (name, charset)
        assert (uid == '0') == place.is_root and int(nproc) == (place.nr_cpus or cpus), name
        assert (umask, host) == ('0077', elsewhere.HOST), (name, umask, host)
        if place.uptime_s:
            assert 0 <= int(uptime) - place.uptime_s < LATE_S, (name, uptime)
        assert (float(clock) > 2 ** 31) == (name == '2039'), (name, clock)


def test_every_oddity_occurs_at_some_place():
    places = elsewhere.PLACES.values()
    assert {place.when[:10] for place in places} >= {'2028-02-29', '2027-12-31'}
    assert {place.is_root for place in places} == {True, False}
    assert {place.nr_cpus for place in places} == {1, None}
    assert len({place.zone for place in places}) == len(places)
    assert any(place.uptime_s and place.uptime_s < 60 for place in places)


def test_a_place_that_is_not_there_is_refused_and_the_others_are_named():
    done = subprocess.run([TOP / 'tools/check/elsewhere', 'atlantis'], text=True, check=False,
                          env=os.environ | {'O': os.environ['ST_TEST_OUT']},
                          stdin=subprocess.DEVNULL, capture_output=True)
    assert done.returncode == 1 and 'no place or part atlantis' in done.stderr, done
    assert all(name in done.stderr for name in elsewhere.PLACES), done


if __name__ == '__main__':
    ktap.run(globals())
