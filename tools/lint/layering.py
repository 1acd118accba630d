# SPDX-License-Identifier: GPL-2.0-only
"""tools/lint/layers.txt as data, for tools/lint/layers and tools/lint/rooms.

Each line is about a unit: a folder (daemon), a room in it (daemon/control), or a file by
its path without suffix (daemon/log stands for log.h and log.c). A file belongs to the unit
with the longest name that its path begins with. A line that begins with a blank continues
the line before it. Includes are written as seen from userspace/, or from the folder of the
file that includes.
"""

import os.path
import pathlib
import re
import sys

TABLE = 'tools/lint/layers.txt'
INCLUDE = re.compile(r'\s*#\s*include\s+"([^"]+)"')
NAME = r'[a-z][a-z0-9_]*(?:/[a-z][a-z0-9_]*)*'
LINE = re.compile(rf'({NAME}):((?:\s+{NAME})*)$')
MORE = re.compile(rf'(?:\s+{NAME})+$')  # goes on with the line above


class Table:
    """used: {unit below the top: units it names, in order}; lines: {unit: its number}"""

    def __init__(self, top):
        self.used = {}
        self.lines = {}
        part, unit = 'userspace', None
        for number, line in enumerate((top / TABLE).read_text().splitlines(), 1):
            line = line.partition('#')[0].rstrip()
            match = LINE.match(line)
            more = MORE.match(line)
            if line == '[tools]':
                part = 'tools'
            elif match:
                unit = f'{part}/{match[1]}'
                if unit in self.used:
                    sys.exit(f'{TABLE}:{number}: {match[1]} has a line already')
                self.used[unit] = []
                self.lines[unit] = number
            elif line and not (more and unit):
                sys.exit(f'{TABLE}:{number}: neither "folder: folders" nor [tools]')
            for name in (match[2] if match else line if more else '').split():
                self.used[unit].append(f'userspace/{name}')

    def unit(self, path):
        """The unit that a file belongs to, or None."""
        name = os.path.splitext(path)[0]
        while name:
            if name in self.used:
                return name
            name = os.path.dirname(name)
        return None

    def allows(self, user, used):
        """May files of one unit include those of another?"""
        return user == used or used in self.used[user]


def short(unit):
    """A unit as its line has it."""
    return unit.partition('/')[2]


def included(top, path):
    """(line number, text, path from the top) of each #include "..." of a file."""
    folder = pathlib.PurePath(path).parent
    text = (top / path).read_text(encoding='utf-8')
    for number, line in enumerate(text.splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            beside = os.path.normpath(folder / match[1])
            is_beside = (top / beside).is_file() or '/' not in match[1]
            yield number, match[1], beside if is_beside else f'userspace/{match[1]}'
