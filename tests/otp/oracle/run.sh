#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Run scenarios on Erlang's own supervisor and write its traces.
#   oracle/run.sh SCENARIO.json TRACE.json [SCENARIO.json TRACE.json ...]
#   oracle/run.sh --dir SCENARIO_DIR TRACE_DIR
# Needs erl and erlc (Debian: erlang-base). Exit 0: every scenario gave a trace.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
ebin=$(mktemp -d)
trap 'rm -rf "$ebin"' EXIT
erlc -o "$ebin" "$here"/*.erl
if [ "${1:-}" = --dir ]; then
	in=$2 out=$3
	mkdir -p "$out"
	set --
	for file in "$in"/*.json; do
		set -- "$@" "$file" "$out/$(basename -- "$file")"
	done
fi
erl -noinput -boot start_clean -pa "$ebin" \
	-eval 'suptree_oracle:main(init:get_plain_arguments())' -extra "$@"
