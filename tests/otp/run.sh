#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh BIN: see run.py
set -eu
PYTHONDONTWRITEBYTECODE=1 exec python3 "$(dirname -- "$0")/run.py" "$@"
