#!/bin/sh
# Runs an AArch64 program: arm64-run.sh PROGRAM ARGS.... QEMU signs return addresses in a way of its
# own here: the architecture's takes most of the time.
exec qemu-aarch64 -cpu max,pauth-impdef=on -L "$(dirname "$0")/../build/arm64-sysroot" "$@"
