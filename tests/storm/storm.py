#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""st-storm finds nothing in core, and does the same for the same seed."""

import os
import pathlib
import subprocess
import tempfile

import ktap

BIN = pathlib.Path(os.environ['ST_TEST_BIN'])


def storm(*options):
    """(exit status, output) of st-storm."""
    done = subprocess.run([BIN / 'st-storm', *options], text=True, check=False,
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    return done.returncode, done.stdout


def transcript(*options):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, 'transcript')
        status, output = storm('--transcript', path, '--quiet', *options)
        assert status == 0 and output == '', output
        return path.read_text(encoding='utf-8')


def test_a_hundred_storms_break_no_invariant():
    status, output = storm('--trees', '100', '--events', '3000')
    assert status == 0 and output.startswith('seeds 1..100: 3'), output
    assert output.endswith('nothing broken\n'), output


def test_copies_do_the_same_as_their_trees():
    options = ('--trees', '60', '--events', '3000', '--seed', '1000')
    status, output = storm(*options, '--copy', '40')
    assert status == 0 and output.endswith('nothing broken\n'), output


def test_what_is_saved_and_loaded_does_the_same_as_the_tree():
    options = ('--trees', '60', '--events', '2000', '--seed', '3000')
    status, output = storm(*options, '--copy', '30', '--save')
    assert status == 0 and output.endswith('nothing broken\n'), output


def test_copies_change_nothing():
    options = ('--seed', '21', '--trees', '2', '--events', '1000')
    assert transcript(*options) == transcript(*options, '--copy', '10')


def test_what_is_predicted_then_happens():
    # an action is predicted after every sixth step: about 10,000 of them
    status, output = storm('--trees', '20', '--events', '3000', '--seed', '2000',
                           '--predict', '6', '--check', '0')
    assert status == 0 and output.endswith('nothing broken\n'), output


def test_predictions_change_nothing():
    options = ('--seed', '22', '--trees', '2', '--events', '1000')
    assert transcript(*options) == transcript(*options, '--predict', '10')


def test_jobs_share_the_seeds():
    status, output = storm('--trees', '7', '--events', '1000', '--jobs', '3', '--seed', '11')
    assert status == 0 and output.startswith('seeds 11..17: 7'), output


def test_the_same_seed_is_the_same_storm():
    options = ['--seed', '9', '--trees', '2', '--events', '1000']
    first, second = transcript(*options), transcript(*options)
    assert first == second and first.startswith('suptree-log 1 seed=')


def test_the_transcript_does_not_depend_on_checks():
    options = ('--seed', '9', '--trees', '1', '--events', '1000')
    assert transcript(*options, '--check', '0') == transcript(*options, '--check', '7')


def test_another_seed_is_another_storm():
    assert transcript('--seed', '1', '--trees', '1') != transcript('--seed', '2', '--trees', '1')


def test_every_kind_of_event_and_of_effect_comes_up():
    lines = transcript('--trees', '60', '--events', '2000').splitlines()
    events = {line.split()[1] for line in lines if line[0].isdigit()}
    requests = {line.split()[2] for line in lines if ' request ' in line and line[0].isdigit()}
    effects = {line.split()[0] for line in lines if line.startswith('  ')}
    replies = {line.split()[2] for line in lines if line.startswith('  reply')}
    assert len(events) == 12, events
    assert len(requests) == 11, requests
    assert len(effects) == 16, effects
    # all but limit and no_memory
    assert len(replies) == 19, replies


def test_wrong_usage_is_an_error():
    for options in (['--trees', '0'], ['--seed', 'x'], ['--jobs', '2', '--transcript', 'x'],
                    ['more'], ['--nothing'], ['--events', '-1']):
        status, output = storm(*options)
        assert status == 2 and output.count('usage:') == 1, (options, output)
    status, output = storm('--transcript', '/nonexistent/transcript')
    assert status == 2 and 'open /nonexistent/transcript' in output, output
    status, output = storm('--help')
    assert status == 0 and output.startswith('usage:'), output


ktap.run(globals())
