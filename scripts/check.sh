#!/bin/sh
# Every test: the tests in the release and Debug builds and under ASan and UBSan, the run time under
# TSan, and the same trace hashes from two compilers at two levels of optimisation.
set -eu
cd "$(dirname "$0")/.."
. ./scripts/steps.sh
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_stack_use_after_return=0:strict_string_checks=1}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}

# test_all PRESET WHAT
test_all() {
    say "$2: build"
    configure "$1" --preset "$1"
    build --preset "$1"
    say "$2: tests"
    ctest --test-dir "build/$1" -j "$jobs" --output-on-failure --no-tests=error
}

test_all release "release"
test_all debug "Debug"
test_all asan "AddressSanitizer and UndefinedBehaviorSanitizer"

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
