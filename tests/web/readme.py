#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The examples of userspace/web/README.md do what they show."""

import json
import os
import pathlib
import re
import subprocess
import sys

sys.path[:0] = [os.environ['ST_TEST_TOP'] + '/tests/lib', os.environ['ST_TEST_DIR'] + '/lib']
import ktap  # noqa: E402
from gateway import BIN, PATIENCE_S, Gateway  # noqa: E402

README = pathlib.Path(os.environ['ST_TEST_TOP'], 'userspace/web/README.md')
CONFIG = f'''\
intensity: 1000
children:
  - id: demo
    supervisor:
      children: [{{id: counter_1, start: [{BIN}/counter, '0'], ready: notify}}]
'''


def commands():
    """The commands after a "$", with the lines that continue them."""
    text = README.read_text().replace('\\\n        ', ' ')
    return re.findall(r'^    \$ (.*)$', text, re.M)


def test_each_command_of_the_readme_works():
    with Gateway(CONFIG) as web:
        starts, token, *requests = commands()
        assert starts == 'suptree services-start web' and len(requests) == 4, commands()
        for request in requests:
            done = subprocess.run(['sh', '-ec', f'{token}\n{request}'], check=True, text=True,
                                  capture_output=True, timeout=PATIENCE_S,
                                  env={**os.environ, 'URL': f'http://{web.host}',
                                       'SUPTREE_SOCKET': web.socket,
                                       'PATH': f'{BIN}:{os.environ["PATH"]}'})
            assert list(json.loads(done.stdout)) == ['result'], (request, done.stdout)
            web.until('demo/counter_1=running')
        assert web.info('demo')['strategy'] == 'one_for_all'


ktap.run(globals())
