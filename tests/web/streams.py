#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Server-sent events: nothing is lost and nothing comes twice, or `resync` says so."""

import os
import sys

sys.path[:0] = [os.environ['ST_TEST_TOP'] + '/tests/lib', os.environ['ST_TEST_DIR'] + '/lib']
import ktap  # noqa: E402
from gateway import API, Events, Gateway  # noqa: E402
from shapes import check_notification  # noqa: E402

CONFIG = '''\
intensity: 100000
children:
  - {id: a, start: [sleep, infinity]}
  - {id: b, start: [sleep, infinity]}
  - {id: chatter, start: [sh, -c, 'echo one; echo two; exec sleep infinity']}
'''


def kill(web, path):
    web.call('kill', path=path)
    web.until(path + '=running')


def test_an_event_comes_as_the_daemon_has_it():
    with Gateway(CONFIG) as web:
        stream = Events(web)
        assert stream.answer.headers['Content-Type'] == 'text/event-stream'
        client = web.follow()
        kill(web, 'a')
        for _ in range(3):
            method, number, data = stream.next()
            assert data == client.notification()['params']
            check_notification({'method': method, 'params': data})
            assert number == f'{web.call("status")["incarnation"]}-{data["seq"]}'


def test_a_stream_goes_on_after_the_last_event_that_was_seen():
    with Gateway(CONFIG) as web:
        last, found = None, []
        for _ in range(30):
            headers = {'Last-Event-ID': last} if last else {}
            stream = Events(web, '/events' + ('' if last else '?since=0'), headers=headers)
            kill(web, 'a')
            for _ in range(3):
                event, last, data = stream.next()
                assert event == 'event'
                found.append(data['seq'])
            stream.answer.close()
        assert found == list(range(1, len(found) + 1)), found


def test_a_stream_of_a_child_has_only_its_events():
    with Gateway(CONFIG) as web:
        stream = Events(web, '/events?path=b')
        kill(web, 'a')
        kill(web, 'b')
        assert stream.next()[2]['path'] == 'b'


def test_what_is_not_kept_any_more_is_a_resync():
    with Gateway(CONFIG) as web:
        status = web.call('status')
        for last in ('1-1', f'{status["incarnation"]}-{status["seq"] + 1000}', 'nonsense'):
            event, number, data = Events(web, headers={'Last-Event-ID': last}).next()
            assert event == 'resync', (last, event, data)
            check_notification({'method': 'resync', 'params': data})
            assert number == f'{status["incarnation"]}-{data["seq"]}'


def test_lines_of_a_child_follow_those_that_are_there():
    with Gateway(CONFIG) as web:
        web.poll(lambda: len(web.call('logs', path='chatter')['lines']) == 2)
        stream = Events(web, '/processes/chatter/logs?follow=true')
        event, _, data = stream.next()
        assert event == 'logs' and [line['text'] for line in data['lines']] == ['one', 'two']
        kill(web, 'chatter')
        event, _, data = stream.next()
        assert (event, data['path'], data['text']) == ('output', 'chatter', 'one')
        plain = web.get(API + '/processes/chatter/logs?lines=1').result
        assert len(plain['lines']) == 1


def test_there_are_only_so_many_streams():
    with Gateway(CONFIG) as web:
        streams = [Events(web) for _ in range(200)]
        assert {stream.answer.status for stream in streams} == {200}
        answer = web.get(API + '/events')
        answer.problem(503, 'limit')
        assert answer.headers['Retry-After'] == '5'
        kill(web, 'a')
        for stream in streams:
            assert stream.next()[2]['path'] == 'a'
        assert web.call('status')['counts']['clients'] < 10


def test_a_logout_ends_the_streams_of_the_session():
    with Gateway(CONFIG) as web:
        token = web.token('viewer')
        stream = Events(web, token=token)
        web.ask('DELETE', API + '/session', token=token).result
        try:
            stream.next()
        except EOFError:
            return
        raise AssertionError('the stream did not end')


ktap.run(globals())
