#!/bin/sh
# Builds what `make check` does not: the benchmarks, the presets tsan, fuzz, afl and coverage, and
# everything with clang, tests included; then runs each benchmark for a moment, and each fuzz target
# for some seconds under libFuzzer and AFL++.
set -eu
cd "$(dirname "$0")/.."
. ./scripts/steps.sh
./scripts/deps.sh libclang-rt-14-dev afl++
seconds=${TIME:-5}
export SEED=1 # campaigns look for what is new; here the same inputs are tried each time

for preset in tsan fuzz afl coverage; do
    say "preset $preset"
    configure "$preset" --preset "$preset"
    build --preset "$preset"
done
say "Debug, with clang"
configure clang --preset debug -B build/clang -DCMAKE_C_COMPILER=clang
build build/clang

say "benchmarks"
configure release --preset release
build --preset release --target bench
for file in bench/bench_*.c; do
    quiet bench "build/release/bench/$(basename "$file" .c)" --seconds 0.2
done

# fuzz_done TARGET ENGINE PID: says how it went
fuzz_done() {
    log=build/$1.$2.log
    wait "$3" || {
        cat "$log"
        exit 1
    }
    tail -n 1 "$log"
}

say "each fuzz target for $seconds seconds"
for file in fuzz/fuzz_*.c; do
    target=$(basename "$file" .c)
    ./scripts/fuzz.sh "$target" "$seconds" libfuzzer >"build/$target.libfuzzer.log" 2>&1 &
    libfuzzer=$!
    ./scripts/fuzz.sh "$target" "$seconds" afl >"build/$target.afl.log" 2>&1 &
    afl=$!
    fuzz_done "$target" libfuzzer "$libfuzzer"
    fuzz_done "$target" afl "$afl"
done
say "all builds passed"
