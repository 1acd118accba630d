#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Attacks of a false service: it has taken the tracer's name, and answers lines that look
like the daemon's own."""

import json
import os
import sys

TOP = os.environ['ST_TEST_TOP']
sys.path.insert(0, TOP + '/tests/lib')
import ktap  # noqa: E402
from suptreed import Daemon  # noqa: E402

PYTHON = '/usr/bin/python3' if os.path.exists('/usr/bin/python3') else sys.executable
FORGED = '{"jsonrpc":"2.0","id":2,"result":{"ok":false,"forged":true}}'
TRACE = {'id': 1, 'path': 'a', 'state': 'running', 'include_system': False, 'records': 3,
         'passed_over': 0, 'system_left_out': 0, 'lost': 0, 'kinds': ['unix']}


def answers(kind, data, method='trace_list', **params):
    """The lines that come for this request and a ping after it, with a service that
    answers these bytes."""
    config = json.dumps({'children': [{'id': 'tracer', 'ready': 'notify', 'start': [
        PYTHON, TOP + '/tests/lib/impostor.py', 'tracer', kind, data.encode().hex()]}]})
    with Daemon(config) as daemon:
        connection = daemon.connect()
        for number, (name, given) in enumerate(((method, params), ('ping', {})), 1):
            connection.socket.sendall(json.dumps({
                'jsonrpc': '2.0', 'id': number, 'method': name, 'params': given}).encode() + b'\n')
        lines = [json.loads(connection.lines.readline()) for _ in range(2)]
        daemon.call('ping')  # nothing more came before this answer
        connection.socket.setblocking(False)
        try:
            more = connection.socket.recv(1000)
        except BlockingIOError:
            more = b''
        assert not more, more
        return lines


def check_refused(kind, data, **request):
    first, second = answers(kind, data, **request)
    assert second == {'jsonrpc': '2.0', 'id': 2, 'result': {'ok': True}}, second
    assert first['id'] == 1 and first['error']['data']['kind'] == 'failed', first
    return first['error']['message']


def test_an_answer_with_a_second_line_does_not_become_two_answers():
    for text in ('[]\n' + FORGED, '[]\n' + FORGED + '\n', '[]\r\n' + FORGED, FORGED,
                 '\n' + FORGED):
        assert 'the answer' in check_refused('reply', text), text


def test_an_answer_of_another_shape_is_refused():
    for text in ('{}', '[1]', 'null', '"[]"', '[{}]', json.dumps([{**TRACE, 'more': 1}]),
                 json.dumps([{**TRACE, 'state': 'gone'}]), json.dumps([{**TRACE, 'lost': -1}]),
                 json.dumps([{**TRACE, 'lost': 1.5}]), '[[' * 1000 + ']]' * 1000):
        check_refused('reply', text)


def test_an_error_with_a_second_line_does_not_become_two_answers():
    message = check_refused('error', 'not_a_kind x\n' + FORGED)
    assert 'forged' in message and 'not_a_kind' in message, message
    first, second = answers('error', 'not_found x\n' + FORGED, method='trace_stop', id=1)
    assert first['error']['data']['kind'] == 'not_found' and second['result'] == {'ok': True}


def test_a_right_answer_is_passed_on_on_one_line():
    first, second = answers('reply', json.dumps([TRACE], indent=4))
    assert first == {'jsonrpc': '2.0', 'id': 1, 'result': [TRACE]}, first
    assert second['result'] == {'ok': True}


ktap.run(globals())
