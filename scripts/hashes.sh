#!/bin/sh
# Compares the numbers of four builds (gcc and clang, -O0 and -O2), each twice in separate
# processes; fails unless all agree.
set -eu
cd "$(dirname "$0")/.."
jobs=${JOBS:-$(nproc)}
mkdir -p build/hashes
reference=
for compiler in gcc clang; do
    for level in 0 2; do
        name=$compiler-O$level
        cmake -S . -B "build/hashes/$name" -G Ninja -DCMAKE_C_COMPILER="$compiler" -DCCLAB_TESTS=OFF \
            -DCMAKE_BUILD_TYPE=None -DCMAKE_C_FLAGS="-O$level" >"build/hashes/$name.log" 2>&1 ||
            { cat "build/hashes/$name.log"; exit 1; }
        cmake --build "build/hashes/$name" -j "$jobs" --target cclab >"build/hashes/$name.log" 2>&1 ||
            { cat "build/hashes/$name.log"; exit 1; }
        for round in 1 2; do
            out=build/hashes/$name.$round.txt
            ./scripts/numbers.sh "build/hashes/$name/cclab" >"$out"
            if [ -z "$reference" ]; then
                reference=$out
            elif ! diff -u "$reference" "$out"; then
                echo "trace hashes differ: $reference and $out" >&2
                exit 1
            fi
        done
        echo "$name: $(wc -l <"$reference") numbers, the same in two processes"
    done
done
