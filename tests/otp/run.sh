#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# run.sh BINDIR: every scenario on core alone and on a daemon with real processes,
# compared with the trace of Erlang's supervisor. Prints TAP, a result for each.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
exec python3 "$here/conform.py" "$1"
