#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""compare.py EXPECTED.json ACTUAL.json: is a trace what Erlang's supervisor did?

Step by step: results and states exactly, lists in {"unordered": [...]} as sets;
events in their order, except those that the expected trace marks:
  "float": true   may be anywhere in its step
  "par": SUP      events marked so that follow each other are in lanes, one for
                  each child of SUP; only within its lane each keeps its place
The comparison ends at the first step that differs: what comes later follows from
it. Exit status: 0 equal, 1 not, 2 unreadable.
"""

import difflib
import sys

import corpus

MARKS = ('float', 'par')


def normal(value):
    """A value in which everything unordered is sorted."""
    if isinstance(value, list):
        return [normal(member) for member in value]
    if not isinstance(value, dict):
        return value
    if set(value) == {'unordered'}:
        return {'unordered': sorted(map(normal, value['unordered']), key=corpus.text)}
    return {key: normal(member) for key, member in value.items()}


def line(value):
    return corpus.text(normal(value))


def event_line(event):
    """An event in one readable line, without its marks."""
    words = [event.get('ev', '?')]
    for key in ('sup', 'child', 'inc', 'context', 'reason', 'count'):
        if key in event:
            value = event[key]
            words.append(f'{key}={value if isinstance(value, str) else line(value)}')
    return ' '.join(words)


def lane(event, sup):
    """To which child of a supervisor that stops in parallel an event belongs."""
    if event.get('ev') == 'report' and event.get('sup') == sup:
        return event_line(event)  # the supervisor's own: a lane for each
    path = event.get('child') or event.get('sup') or ''
    return path[len(sup) + 1:].partition('/')[0] if path.startswith(sup + '/') else ''


def lane_lines(events, sup):
    """The lines of such events, lane after lane."""
    return [event_line(event) for event in sorted(events, key=lambda event: lane(event, sup))]


def take_floating(expected, actual):
    """(expected, actual, lines of what is missing) without what may stand anywhere."""
    actual = list(actual)
    lines = [event_line(event) for event in actual]
    missing = []
    for event in expected:
        if not event.get('float'):
            continue
        wanted = event_line(event)
        if wanted in lines:
            del actual[lines.index(wanted)]
            lines.remove(wanted)
        else:
            missing.append(f'{wanted}   (anywhere in this step)')
    return [event for event in expected if not event.get('float')], actual, missing


def event_lines(expected, actual):
    """Two lists of lines, the same if the events agree."""
    expected, actual, expected_lines = take_floating(expected, actual)
    actual_lines = []
    first = 0
    while first < len(expected):
        sup = expected[first].get('par')
        last = first + 1
        while sup and last < len(expected) and expected[last].get('par') == sup:
            last += 1
        lines = (lambda events: lane_lines(events, sup)) if sup else (
            lambda events: [event_line(event) for event in events])
        expected_lines += lines(expected[first:last])
        actual_lines += lines(actual[first:last])
        first = last
    return expected_lines, actual_lines + [event_line(event) for event in actual[first:]]


def difference(where, expected, actual):
    """Lines that show how two lists of lines differ; none if they do not."""
    if expected == actual:
        return []
    return [where, *(f'    {text}' for text in difflib.unified_diff(
        expected, actual, 'expected', 'actual', lineterm=''))]


def compare_step(expected, actual, events):
    """Lines about one step; events are the actual ones since the last settled step."""
    where = f'step {expected["step"]} ({expected["op"]})'
    lines = difference(f'{where}: result', [line(expected['result'])],
                       [line(actual.get('result'))])
    if 'events' in expected:
        lines += difference(f'{where}: events', *event_lines(expected['events'], events))
        lines += difference(f'{where}: state', sorted(map(line, expected['state'])),
                            sorted(map(line, actual.get('state', []))))
    return lines


def compare(expected, actual):
    """Lines that show where two traces differ; none if they are equal."""
    steps = list(zip(expected['steps'], actual['steps']))
    events = []
    for wanted, got in steps:
        events += got.get('events', [])
        lines = compare_step(wanted, got, events)
        if lines:
            return lines
        if 'events' in wanted:
            events = []
    if len(expected['steps']) != len(actual['steps']):
        return [f'{len(actual["steps"])} steps, not {len(expected["steps"])}']
    if actual.get('leftover'):
        return [f'processes are left at the end: {line(actual["leftover"])}']
    return []


def main(paths):
    if len(paths) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        lines = compare(*map(corpus.load, paths))
    except (OSError, ValueError, KeyError) as error:
        print(f'compare.py: {error!r}', file=sys.stderr)
        return 2
    print('\n'.join(lines) if lines else 'equal')
    return 1 if lines else 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
