#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The masks of tests/lib/masks.py: what varies with the day, the zone, the user or the
folder is masked to the same text; what does not vary stays different.
"""

import ktap
from masks import KINDS, PAGE, TOUR, TRACE, masked

# by kind, lines that only differ in what that kind varies in
SAME = {
    'folder': ['/tmp/a/demo.yaml:3: no', '/demo.yaml:3: no',
               '/home/you/x-1/y.d/demo.yaml:3: no'],
    'secret': ['token: ' + '0123456789abcdef' * 4, 'token: ' + 'f' * 64],
    'wall': ['2026-11-23T08:59:07.120Z up', '2040-02-29T23:59:59.999999Z up',
             '1999-12-31T00:00:00Z up', '2028-03-01T02:44:59.5+13:45 up',
             '2028-03-01 02:44:59-0330 up'],
    'date': ['on 2026-11-23, up', 'on 2040-02-29, up'],
    'clock': ['08:59:07.120 up', '23:59:59 up', '00:00:00.000001 up'],
    'delta': [' +0.001ms a', '+12345.678ms   a'],
    'cpu': ['cpu 0.01 s', 'cpu 1234.5 s', 'cpu 3 s'],
    'measured': ['up 3.5s, ran 12ms', 'up 2h 10m, ran 1s', 'up 400d 3h, ran 0.1ms'],
    'duration': ['in 3.5s, 12ms', 'in 2h 10m, 1s', 'in 400d 3h 2m, 7us'],
    'pid': ['web pid 7 up', 'web pid 4194303 up'],
    'uid': ['by uid 0 gid: 0', 'by uid 1000 gid: 65534'],
    'number': ['a 100 b', 'a 4194303 b'],
    'any': ['a 1 b 0123456789abcdef', 'a 12,345.6 b ffffffffffffffff'],
    'blanks': ['a b', 'a \t  b  ', '  a b'],
}
# by kind, lines that must not become the same
DIFFERENT = {
    'folder': ['/tmp/demo.yaml', '/tmp/other.yaml'],
    'secret': ['token: ' + 'f' * 64, 'token: ' + 'f' * 63],
    'wall': ['2026-11-23T08:59:07Z up', '2026-11-23T08:59:07Z down'],
    'date': ['2026-11-23', '12-11-23'],
    'clock': ['08:59:07', '08:59'],
    'delta': ['+1.5ms a', 'a +1.5ms'],
    'cpu': ['cpu 0.1 s', 'cpu 0.1 m'],
    'measured': ['up 3s, within 5s', 'up 3s, within 6s'],
    'duration': ['in 3s', 'in 3 sheep'],
    'pid': ['pid 7', 'generation 7'],
    'uid': ['uid 7', 'generation 7'],
    'number': ['12 restarts', '13 restarts'],
    'any': ['a 1', 'b 1'],
    'blanks': ['a b', 'ab'],
}
# lines of programs at two places, by the set that a test uses
LINES = {
    PAGE: [('2026-11-23T08:59:07.120Z demo/a: up, pid 4711',
            '2040-02-29T23:59:59.999Z demo/a: up, pid 99'),
           ('stopped by uid 0 after 3.5s, cpu 0.01 s',
            'stopped by uid 1000 after 2h 10m, cpu 7.1 s'),
           ('counter_1   4711  running  3.5s', 'counter_1 4194303 running 2m 1s')],
    TOUR: [('08:59:07.120 demo/a (pid 4711) up 3.5s, uid 0',
            '23:59:59.001 demo/a (pid 5) up 1m, uid 9'),
           ('  +0.120ms   ran 3ms', '+99.001ms ran 1.2s')],
    TRACE: [('11:02:07.1 #17 a -> b 12 bytes', '23:59:59.123456 #1 a -> b   1,234 bytes')],
}


def all_same(lines, kinds):
    first, *others = [masked(line, kinds) for line in lines]
    for line in others:
        assert line == first, (kinds, line, first)
    return first


def test_every_kind_is_tried():
    assert set(SAME) == set(DIFFERENT) == KINDS


def test_what_varies_is_the_same_behind_its_mask():
    for kind, lines in SAME.items():
        all_same(lines, [kind])


def test_what_does_not_vary_stays_different():
    for kind, lines in DIFFERENT.items():
        one, other = [masked(line, [kind]) for line in lines]
        assert one != other, (kind, one)


def test_a_mask_takes_nothing_from_another_one_whatever_their_order():
    for kinds, pairs in LINES.items():
        for pair in pairs:
            assert all_same(pair, kinds) == all_same(pair, kinds[::-1])


def test_a_wall_time_is_masked_with_its_date_where_clocks_are_masked_too():
    assert masked('2026-11-30T01:02:03.4Z, 01:02:03', ['clock', 'wall']) == 'WALL, CLOCK'


def test_a_folder_with_a_blank_is_masked_as_the_test_names_it():
    said = '/tmp/Zelt öde/demo.yaml:3: no, in /tmp/Zelt öde/x'
    assert masked(said, ['folder'], ['/tmp/Zelt öde']) == 'FOLDER/demo.yaml:3: no, in FOLDER/x'
    assert masked('/home/you/demo.yaml:3: no', ['folder']) == 'FOLDER/demo.yaml:3: no'


def test_a_mask_that_is_not_there_is_refused():
    try:
        masked('a', ['wal'])
    except AssertionError as error:
        assert 'wal' in str(error)
    else:
        raise AssertionError('it was taken')


if __name__ == '__main__':
    ktap.run(globals())
