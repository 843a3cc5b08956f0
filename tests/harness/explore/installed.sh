#!/bin/sh
# The explorer as a stranger uses it: installed into an empty folder, found by pkg-config, and the
# example of its README compiled against nothing but that. usage: installed.sh BUILD CC [FLAGS...]
set -eu
build=$1
shift
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cmake --install "$build" --component explore --prefix "$dir" >/dev/null
PKG_CONFIG_PATH=$(dirname "$(find "$dir" -name cclab-explore.pc)")
export PKG_CONFIG_PATH
# Only the example is copied: headers come from the folder alone.
cp docs/examples/explore/bank.c "$dir"
cd "$dir"
"$@" -std=gnu11 -Wall -Wextra -Werror -o bank bank.c $(pkg-config --cflags --libs cclab-explore)
./bank | tee out
grep -q '^assert/the balance is never below #/main: it does not hold that the balance is never below 0$' out
# Each looks, then takes, under one lock: 4 choose 2 orders. One switch between the two shows it.
grep -q '^6 orders searched, exhausted; smallest run: 1 context switches$' out
grep -q '^replayed: the same run$' out
