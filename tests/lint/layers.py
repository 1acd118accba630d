#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""tools/lint/layers finds what is planted for it: includes against the table, tables
without an order, rooms that no line names. tools/lint/rooms counts what a folder has.
"""

import os
import sys

import ktap

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lint/lib')
from planting import assert_finds, assert_passes, gate  # noqa: E402

LAYERS = 'base:\ncore: base\nos: base\n\n[tools]\nstorm: base core\n'
ROOMS = ('base:\nos: base\ndaemon/log: base\ndaemon/names: base os daemon/log\n'
         'daemon/control: base daemon/log daemon/names\n'
         'daemon: base\n  daemon/log # what it says\n\tdaemon/control\n')
HOUSE = {
    'tools/lint/layers.txt': ROOMS,
    'userspace/os/spawn/raw.c': '#include "base/b.h"\n#include "os/pid.h"\n',
    'userspace/daemon/log.h': '#include "base/b.h"\n',
    'userspace/daemon/log_file.c': '#include "daemon/control/client.h"\n',
    'userspace/daemon/main.c': '#include "daemon/log.h"\n#include "daemon/main.h"\n',
    'userspace/daemon/names/names.c': '#include "os/spawn/raw.h"\n#include "names.h"\n',
    'userspace/daemon/names/names.h': '#include "daemon/log.h"\n',
    'userspace/daemon/control/client.c': '#include "daemon/names/names.h"\n',
    'userspace/daemon/control/client.h': '',
}


def layered(path, text):
    return {'tools/lint/layers.txt': LAYERS, path: text}


def test_layers_allows_what_the_table_allows():
    text = '#include "core/a.h"\n#include "base/b.h"\n#include <os/x.h>\n#include "c.h"\n'
    assert_passes(layered('userspace/core/a.c', text), 'tools/lint/layers')
    assert_passes(layered('tools/storm/a.c', text), 'tools/lint/layers')


def test_layers_finds_an_include_upwards():
    assert_finds('userspace/base/a.c:2: must not include core/',
                 layered('userspace/base/a.c', '\n# include "core/spec.h"\n'),
                 'tools/lint/layers')


def test_layers_finds_an_include_sideways_by_a_tool():
    assert_finds('tools/storm/a.h:1: must not include os/',
                 layered('tools/storm/a.h', '#include "os/pidref.h"\n'), 'tools/lint/layers')


def test_layers_finds_a_folder_that_the_table_does_not_name():
    assert_finds('userspace/misc: has C files', layered('userspace/misc/a.c', ''),
                 'tools/lint/layers')


def assert_house_fails(expected, path, text):
    assert_finds(expected, HOUSE | {path: text}, 'tools/lint/layers')


def test_layers_allows_rooms_and_files_what_their_own_lines_allow():
    assert_passes(HOUSE, 'tools/lint/layers')


def test_layers_finds_an_include_that_goes_back_to_a_room_above():
    assert_house_fails('userspace/daemon/names/a.h:1: must not include daemon/control/client.h: '
                       'backward',
                       'userspace/daemon/names/a.h', '#include "daemon/control/client.h"\n')
    assert_house_fails('userspace/daemon/log.c:2: must not include daemon/main.h: backward',
                       'userspace/daemon/log.c', '\n#include "daemon/main.h"\n')


def test_layers_finds_a_backward_include_by_a_path_from_beside():
    assert_house_fails('backward, for daemon/control uses daemon/names',
                       'userspace/daemon/names/a.c', '#include "../control/client.h"\n')


def test_layers_finds_an_include_of_a_room_that_the_line_does_not_name():
    assert_house_fails('must not include daemon/names/names.h: daemon does not name daemon/names',
                       'userspace/daemon/a.c', '#include "daemon/names/names.h"\n')


def test_layers_finds_a_line_for_the_file_and_not_for_the_folder_that_begins_like_it():
    assert_house_fails('must not include os/pid.h: daemon/log does not name os',
                       'userspace/daemon/log.c', '#include "os/pid.h"\n')
    assert_house_fails('daemon does not name os', 'userspace/daemon/logs.c',
                       '#include "os/pid.h"\n')


def test_layers_finds_lines_in_a_circle():
    table = ROOMS.replace('daemon/log: base', 'daemon/log: base daemon/control')
    assert_house_fails('layers.txt:5: lines in a circle: daemon/control -> daemon/log -> '
                       'daemon/control', 'tools/lint/layers.txt', table)


def test_layers_finds_a_room_with_c_files_that_no_line_names():
    assert_house_fails('userspace/daemon/mirror: has C files and no line',
                       'userspace/daemon/mirror/mirror.c', '')
    assert_passes(HOUSE | {'userspace/daemon/mirror/mirror.h': ''}, 'tools/lint/layers')


def test_layers_finds_a_room_inside_of_a_room():
    assert_house_fails('userspace/os/spawn/deep/a.c: a room has no rooms',
                       'userspace/os/spawn/deep/a.c', '')


def test_layers_finds_a_line_of_what_is_not_there():
    assert_house_fails('layers.txt:9: there is no userspace/daemon/web/',
                       'tools/lint/layers.txt', ROOMS + 'daemon/web: base\n')


def test_layers_finds_a_line_that_names_what_has_no_line():
    assert_house_fails('layers.txt:2: os names loop, which has no line',
                       'tools/lint/layers.txt', ROOMS.replace('os: base', 'os: base loop'))


def test_layers_finds_two_lines_of_one_folder():
    assert_house_fails('layers.txt:9: base has a line already', 'tools/lint/layers.txt',
                       ROOMS + 'base:\n')


def rooms(files, *arguments):
    """{folder: figures}, and the lines of the arrows, of a house."""
    status, lines = gate(files, 'tools/lint/rooms', *arguments)
    assert status == 0 and lines[0].split()[0] == 'folder', lines
    figures = {line.split()[0]: list(map(int, line.split()[1:]))
               for line in lines[1:] if not line.startswith(' ')}
    return figures, [line.strip() for line in lines[1:] if line.startswith(' ')]


CHAIN = {
    'tools/lint/layers.txt': 'base:\n',
    'userspace/base/a.c': '#include "base/b.h"\n#include "base/c.h"\n',
    'userspace/base/b.h': 'int st_b(void);\n',
    'userspace/base/b.c': '#include "base/b.h"\n#include "base/c_internal.h"\n',
    'userspace/base/c.h': '',
    'userspace/base/c_internal.h': '#include "base/c.h"\n',
    'userspace/base/c.c': '/* st_b() */\nint st_c(void)\n{\n\treturn 0;\n}\n',
}


def test_rooms_counts_modules_floors_and_arrows():
    assert rooms(CHAIN)[0] == {'base': [3, 3, 3, 0]}


def test_rooms_counts_what_goes_back_and_shows_why():
    circle = {'userspace/base/c.h': '#include "base/a.h"\n', 'userspace/base/a.h': ''}
    figures, arrows = rooms(CHAIN | circle, '-v')
    assert figures == {'base': [3, 3, 4, 1]}, figures
    assert arrows == ['module: base/c -> base/a: "base/a.h"'], arrows


def test_rooms_takes_the_call_of_a_function_for_an_arrow():
    text = 'int st_c(void)\n{\n\treturn st_b();\n}\n'
    called = 'int st_b(void)\n{\n\treturn 1;\n}\n'
    figures, arrows = rooms({'tools/lint/layers.txt': 'base:\n', 'userspace/base/b.c': called,
                             'userspace/base/c.c': text})
    assert figures == {'base': [2, 2, 1, 0]}, (figures, arrows)


def test_rooms_holds_rooms_against_their_lines():
    figures, arrows = rooms(HOUSE | {'userspace/daemon/names/a.c':
                                     '#include "daemon/control/client.h"\n'}, '-v')
    # units: daemon, daemon/control, daemon/log, daemon/names
    assert figures['daemon'] == [6, 4, 5, 0, 4, 4, 5, 1], figures
    assert arrows == ['unit: daemon/names/a -> daemon/control/client: '
                      '"daemon/control/client.h"'], arrows


ktap.run(globals())
