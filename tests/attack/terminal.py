#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Attacks on the terminal of an admin: a child of another user writes escape sequences
wherever it can, and root looks at it."""

import json
import os
import shutil
import subprocess
import sys

TOP = os.environ['ST_TEST_TOP']
sys.path.insert(0, TOP + '/tests/lib')
import ktap  # noqa: E402
from foreign import NASTY, on_terminal, wrong_in  # noqa: E402
from suptreed import BIN, PATIENCE_S, Daemon  # noqa: E402
from talk import Talk  # noqa: E402

SUPTREE = BIN + '/suptree'
PYTHON = '/usr/bin/python3' if os.path.exists('/usr/bin/python3') else sys.executable
WRITER = '''
import os, socket, sys
nasty = bytes.fromhex(sys.argv[1])
sys.stdout.buffer.write(nasty + b"\\n")
sys.stderr.buffer.write(nasty + b"\\nlast\\n")
sys.stdout.buffer.flush()
sys.stderr.buffer.flush()
notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
for text in b"STATUS=" + nasty.replace(b"\\n", b"").replace(b"\\0", b""), b"READY=1":
    notify.sendto(text, os.environ["NOTIFY_SOCKET"])
sys.stdin.read() or os.execvp("sleep", ["sleep", "infinity"])
'''
BYTES = NASTY.encode() + b'\x9b31m\x80'


def attacker():
    """What makes a child another user's, if the test can."""
    return {'user': 'nobody'} if os.geteuid() == 0 else {}


def look(daemon, *words):
    env = {**os.environ, 'SUPTREE_SOCKET': daemon.socket, 'LC_ALL': 'C.UTF-8', 'TERM': 'xterm',
           'NO_COLOR': '1'}
    written = on_terminal([SUPTREE, *words], daemon.dir, env)
    wrong = wrong_in(written)
    assert not wrong, f'{words}: {wrong} in {written!r}'
    return written.decode()


def test_output_and_status_of_a_child_do_nothing_to_a_terminal():
    with Daemon() as daemon:
        daemon.call('start_child', path='/', spec={
            'id': 'a', 'ready': 'notify', 'start': [PYTHON, '-c', WRITER, BYTES.hex()],
            **attacker()})
        daemon.poll(lambda: [line['text'] for line in daemon.call(
            'logs', path='a')['lines']].count('last') == 1)
        for options in ([], ['--json'], ['--jsonl']):
            for words in (['tree'], ['ps'], ['info', 'a'], ['logs', 'a'], ['why', 'a'],
                          ['events', '--since', '0', '--limit', '3'], ['status'],
                          ['which-children', '/'], ['get-childspec', 'a']):
                look(daemon, *words, *options)
        text = look(daemon, 'logs', 'a')
        assert 'last' in text and '<U+202E>' in text and '^[' in text, text


def test_a_nul_in_output_breaks_no_log():
    with Daemon() as daemon:
        daemon.call('start_child', path='/', spec={
            'id': 'a', **attacker(), 'start': [
                'sh', '-c', r'printf "one\0two\nafter\n"; exec sleep infinity']})
        daemon.poll(lambda: len(daemon.call('logs', path='a')['lines']) == 2)
        for words, wanted in ((['logs', 'a'], 'one\0two\nafter\n'),
                              (['logs', 'a', '--jsonl'], r'one\u0000two')):
            done = subprocess.run([SUPTREE, *words], env={
                **os.environ, 'SUPTREE_SOCKET': daemon.socket}, capture_output=True, text=True,
                check=True, timeout=PATIENCE_S)
            assert wanted in done.stdout and 'after' in done.stdout, done
        follower = subprocess.Popen(
            [SUPTREE, 'logs', 'a', '--follow'], stdout=subprocess.PIPE, text=True,
            env={**os.environ, 'SUPTREE_SOCKET': daemon.socket})
        try:
            assert follower.stdout.readline() == 'one\0two\n'
            assert follower.stdout.readline() == 'after\n'
        finally:
            follower.kill()
            follower.wait(PATIENCE_S)
            follower.stdout.close()


def test_an_offer_with_a_nasty_summary_is_refused_and_a_reply_is_shown_harmless():
    with Daemon() as daemon:
        for name in ('talker.py', 'shapes.py'):  # another user may not read the checkout
            shutil.copy(f'{TOP}/tests/lib/{name}', daemon.dir)
            os.chmod(f'{daemon.dir}/{name}', 0o644)
        daemon.call('start_child', path='/', spec={
            'id': 'a', 'ready': 'notify', 'output': 'null', **attacker(),
            'start': [PYTHON, daemon.dir + '/talker.py'],
            'environment': {'ST_TEST_BIN': BIN}})
        talk = Talk(daemon, 'a')
        try:
            for text in ('\u202e', '\x9b31m', '\x1b[31m', '\0', 'a\nb', '\u2066x'):
                offered = [{'name': 'op', 'summary': text}]
                assert talk.call('offer ' + json.dumps(offered)) != 'ok', repr(text)
                offered = [{'name': 'op', 'summary': 'fine', 'params': [
                    {'name': 'p', 'help': text}]}]
                assert talk.call('offer ' + json.dumps(offered)) != 'ok', repr(text)
            text = {'name': 'text', 'type': 'text', 'required': False}
            fine = [{'name': name, 'summary': 'größer ✔', 'params': [text]}
                    for name in ('echo', 'binary')]
            assert talk.call('offer ' + json.dumps(fine)) == 'ok'
            assert talk.call('register \u202eknab') != 'ok'
        finally:
            talk.close()
        for words in (['offered'], ['x.a.binary'], ['call', 'a', 'binary'], ['help', 'x.a.echo'],
                      ['x.a.echo', NASTY.replace('\0', '')], ['registered'],
                      ['call', 'a', 'echo', NASTY.replace('\0', '')],
                      ['call', NASTY.replace('\0', ''), 'x'], [NASTY.replace('\0', '')]):
            for options in ([], ['--json']):
                look(daemon, *options, *words)


ktap.run(globals())
