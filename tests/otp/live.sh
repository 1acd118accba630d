#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# live.sh BIN: see live.py
set -eu
PYTHONDONTWRITEBYTECODE=1 exec python3 "$(dirname -- "$0")/live.py" "$@"
