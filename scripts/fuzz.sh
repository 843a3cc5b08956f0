#!/bin/sh
# Runs one libFuzzer target for a number of seconds; new inputs and crashes stay under build/fuzz.
set -eu
target=$1
seconds=$2
cd "$(dirname "$0")/.."
work=build/fuzz/work/$target
mkdir -p "$work/corpus" "$work/artifacts"
dict=
[ -f "fuzz/$target.dict" ] && dict="-dict=fuzz/$target.dict"
exec "build/fuzz/fuzz/$target" -max_total_time="$seconds" -print_final_stats=1 $dict \
    -artifact_prefix="$work/artifacts/" "$work/corpus" "corpora/$target"
