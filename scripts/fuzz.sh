#!/bin/sh
# fuzz.sh TARGET SECONDS libfuzzer|afl: runs a fuzz target of the preset fuzz or afl. New inputs,
# and those that broke a promise, stay in build/<preset>/work/<target>. Fails if one was broken
# or if no input was executed. SEED fixes the engine's random numbers.
set -eu
target=$1
seconds=$2
engine=$3
cd "$(dirname "$0")/.."

fail() {
    echo "$target, $engine: $*" >&2
    exit 1
}

# stat NAME: a number of afl-fuzz's; of a campaign that goes on, it counts earlier runs, too
stat() {
    sed -n "s/^$1 *: //p" "$work/default/fuzzer_stats"
}

preset=$([ "$engine" = afl ] && echo afl || echo fuzz)
[ -x "build/$preset/fuzz/$target" ] || fail "build/$preset/fuzz/$target is not built"
dict=fuzz/$target.dict
[ -f "$dict" ] || dict=
case $engine in
libfuzzer)
    work=build/fuzz/work/$target
    mkdir -p "$work/corpus" "$work/artifacts"
    {
        "build/fuzz/fuzz/$target" -max_total_time="$seconds" -print_final_stats=1 \
            ${SEED:+-seed="$SEED"} ${dict:+-dict="$dict"} \
            -artifact_prefix="$work/artifacts/" "$work/corpus" "corpora/$target" 2>&1 ||
            echo "$target ended with status $?"
    } | tee "$work/log"
    ! grep -q "^$target ended with status" "$work/log" || fail "see $work/artifacts"
    executed=$(sed -n 's/^stat::number_of_executed_units: *//p' "$work/log")
    ;;
afl)
    work=build/afl/work/$target
    mkdir -p "$work"
    # afl-fuzz skips seeds that crash.
    "build/afl/fuzz/$target" "corpora/$target"/* >"$work/seeds" 2>&1 ||
        fail "a seed broke a promise, see $work/seeds"
    before=0
    [ ! -f "$work/default/fuzzer_stats" ] || before=$(stat execs_done)
    [ -t 1 ] || export AFL_NO_UI=1
    AFL_AUTORESUME=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_AFFINITY=1 \
        afl-fuzz -V "$seconds" ${SEED:+-s "$SEED"} -t 1000 -i "corpora/$target" -o "$work" \
        ${dict:+-x "$dict"} -- "build/afl/fuzz/$target" || fail "afl-fuzz ended with status $?"
    crashes=$(stat saved_crashes)
    [ "$crashes" -eq 0 ] || fail "$crashes inputs broke a promise, see $work/default/crashes"
    executed=$(($(stat execs_done) - before))
    ;;
*)
    fail "no such engine: libfuzzer or afl"
    ;;
esac
[ "${executed:-0}" -gt 0 ] || fail "executed no input"
echo "$target, $engine: $executed inputs in $seconds seconds, no promise broken"
