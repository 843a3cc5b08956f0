#!/bin/sh
# Every test on AArch64, and the same numbers there as on this machine. Needs no such machine: a
# cross compiler builds, qemu-user runs.
set -eu
cd "$(dirname "$0")/.."
jobs=${JOBS:-$(nproc)}
mkdir -p build

say() {
    printf '\n== %s\n' "$*"
}

# build PRESET [ARGS...]: quiet unless it fails
build() {
    preset=$1
    shift
    { cmake --preset "$preset" && cmake --build --preset "$preset" -j "$jobs" "$@"; } \
        >"build/$preset.log" 2>&1 || {
        cat "build/$preset.log"
        exit 1
    }
}

say "cross compiler, emulator, libraries"
./scripts/deps.sh gcc-aarch64-linux-gnu qemu-user
./scripts/arm64-sysroot.sh

say "build for AArch64"
build arm64
say "tests on AArch64"
ctest --test-dir build/arm64 -j "$jobs" --output-on-failure --no-tests=error

say "same numbers on AArch64 and $(uname -m)"
build release --target cclab
./scripts/numbers.sh build/release/cclab >build/numbers.host.txt
./scripts/numbers.sh scripts/arm64-run.sh build/arm64/cclab >build/numbers.arm64.txt
diff -u build/numbers.host.txt build/numbers.arm64.txt || {
    echo "the numbers of build/release/cclab and build/arm64/cclab differ" >&2
    exit 1
}
echo "$(wc -l <build/numbers.host.txt) numbers, the same on both"
