#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# live.sh BINDIR [SEED [COUNT]]: fresh random scenarios on Erlang's own supervisor,
# on core and, a part of them, on a daemon. The seed is printed: the same seed
# makes the same scenarios. This is `make otp`.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
bin=$(CDPATH='' cd -- "$1" && pwd)
seed=${2:-$(date +%s)}
count=${3:-300}
if ! command -v erl >/dev/null; then
	echo "live.sh: erl is not installed (Debian: erlang-base)" >&2
	exit 1
fi
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
echo "seed $seed, $count scenarios of each generator"
for generator in generate hard; do
	dir=$tmp/$generator
	python3 "$here/$generator.py" --seed "$seed" --count "$count" --out "$dir/scenarios"
	"$here/oracle/run.sh" --dir "$dir/scenarios" "$dir/expected"
	echo "$generator, on core:"
	python3 "$here/compare.py" --jobs 2 --run "$bin/st-scenario --core" \
		--scenarios "$dir/scenarios" --expected "$dir/expected"
	echo "$generator, on a daemon, every fifth:"
	mkdir "$dir/some"
	find "$dir/expected" -name '*[05].json' -exec cp {} "$dir/some" \;
	python3 "$here/compare.py" --jobs 2 --run "$bin/st-scenario" \
		--scenarios "$dir/scenarios" --expected "$dir/some"
done
