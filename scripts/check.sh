#!/bin/sh
# Every test: the tests in the release build and under ASan and UBSan, the run time under TSan, and
# the same trace hashes from two compilers at two levels of optimisation.
set -eu
cd "$(dirname "$0")/.."
jobs=${JOBS:-$(nproc)}
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_stack_use_after_return=0:strict_string_checks=1}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
mkdir -p build

say() {
    printf '\n== %s\n' "$*"
}

# configure NAME ARGS...: quiet unless it fails
configure() {
    name=$1
    shift
    cmake -G Ninja "$@" >"build/$name.configure.log" 2>&1 || {
        cat "build/$name.configure.log"
        exit 1
    }
}

build() {
    cmake --build "$@" -j "$jobs" >build/last.log 2>&1 || {
        cat build/last.log
        exit 1
    }
}

say "release build"
configure release --preset release
build --preset release
say "tests, release build"
ctest --test-dir build/release -j "$jobs" --output-on-failure --no-tests=error

say "build with AddressSanitizer and UndefinedBehaviorSanitizer"
configure asan --preset asan
build --preset asan
say "tests under AddressSanitizer and UndefinedBehaviorSanitizer"
ctest --test-dir build/asan -j "$jobs" --output-on-failure --no-tests=error

say "the run time under ThreadSanitizer"
configure tsan --preset tsan
build --preset tsan --target rt_tests
ctest --test-dir build/tsan -j "$jobs" -R '^rt/' --output-on-failure --no-tests=error

say "same trace hashes: gcc and clang, -O0 and -O2"
./scripts/hashes.sh

say "layout"
if command -v clang-format >/dev/null 2>&1; then
    git ls-files '*.c' '*.h' | xargs clang-format --dry-run -Werror
else
    echo "clang-format is not installed: the layout was not checked"
fi
say "all checks passed"
