#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# oracle.sh EBIN SCENARIO TRACE [SCENARIO TRACE...]: run scenarios on Erlang's own
# supervisor. EBIN is a folder for the compiled modules, made when they are newer.
# Exit status 1 if one could not be run, 4 if there is no Erlang here.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
ebin=$1
shift

if ! command -v erl >/dev/null || ! command -v erlc >/dev/null; then
	echo "erl and erlc are not installed (Debian: erlang-base)" >&2
	exit 4
fi
mkdir -p "$ebin"
for source in "$here"/erlang/*.erl; do
	beam=$ebin/$(basename -- "$source" .erl).beam
	if [ ! -e "$beam" ] || [ -n "$(find "$here/erlang" -newer "$beam" -name '*.[eh]rl')" ]; then
		erlc -Werror -o "$ebin" "$source"
	fi
done
exec erl -noinput -boot start_clean -pa "$ebin" \
	-eval 'oracle:main(init:get_plain_arguments())' -extra "$@"
