# shellcheck shell=sh
# Sourced by the checks: steps that say what they do and are quiet unless they fail.
jobs=${JOBS:-$(nproc)}
mkdir -p build

say() {
    printf '\n== %s\n' "$*"
}

# quiet LOG COMMAND...: what the command says goes to build/LOG.log, and is shown if it fails
quiet() {
    log=build/$1.log
    shift
    "$@" >"$log" 2>&1 || {
        cat "$log"
        exit 1
    }
}

# configure NAME ARGS...
configure() {
    name=$1
    shift
    quiet "$name.configure" cmake -G Ninja "$@"
}

build() {
    quiet last cmake --build "$@" -j "$jobs"
}
