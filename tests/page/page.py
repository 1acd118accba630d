#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The page of suptree-web in a browser: one Chromium for all tests, driven by lib/run.mjs,
which prints the results. Pictures of each size and theme go to O/screens.
"""

import os
import pathlib
import shutil
import subprocess
import sys

sys.path[:0] = [os.environ['ST_TEST_TOP'] + '/tests/' + part for part in ('lib', 'web/lib')]
import ktap  # noqa: E402
from gateway import Gateway  # noqa: E402

TOP = pathlib.Path(os.environ['ST_TEST_TOP'])
OUT = pathlib.Path(os.environ['ST_TEST_O'])
PACKAGES = OUT / 'npm/page-tests'
DEMO = (TOP / 'tools/demo/demo.yaml').read_text()
# enough children that most rows are not in the document, and names that try to be tags
MANY = ''.join(f'        - {{id: c{number}, start: [sleep, infinity], start_now: false}}\n'
               for number in range(1000))
CONFIG = DEMO + f'''
  - id: many
    supervisor:
      children:
{MANY}
  - id: "<img src=x onerror=alert(1)>"
    supervisor:
      children:
        - id: "<b>bold"
          start: [sh, -c, "echo '<script>alert(2)</script>'; exec sleep infinity"]
'''


def browser():
    return shutil.which('chromium') or shutil.which('chromium-browser')


def has_page():
    header = OUT / 'page/page.h'
    return header.is_file() and 'ST_PAGE_TAG' in header.read_text()


def main():
    if not has_page():
        ktap.skip_all('suptree-web was built without its page (PAGE=0, or npm could not be used)')
    if not browser():
        ktap.skip_all('needs chromium: tools/deps check')
    made = subprocess.run([TOP / 'tools/build/npm', TOP / 'tests/page', PACKAGES], check=False)
    if made.returncode:
        ktap.skip_all('needs playwright-core and axe-core from the registry of npm')
    os.environ['PATH'] = os.environ['ST_TEST_BIN'] + ':' + os.environ['PATH']
    with Gateway(CONFIG) as web:
        env = {name: value for name, value in os.environ.items() if name != 'LD_PRELOAD'}
        env |= {'ST_URL': f'http://{web.host}', 'SUPTREE_SOCKET': web.socket,
                'ST_BROWSER': browser(),
                'ST_PACKAGES': str(PACKAGES), 'ST_SCREENS': str(OUT / 'screens')}
        status = subprocess.run(['node', TOP / 'tests/page/lib/run.mjs'], env=env,
                                check=False).returncode
    sys.exit(status)


if __name__ == '__main__':
    main()
