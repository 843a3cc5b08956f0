#!/bin/sh
# Installs the Debian packages of packages.txt that are missing. Asks nothing; says what is missing
# when it cannot install. Further packages may be named as arguments.
set -eu
here=$(dirname "$0")

has() {
    case $1 in
    cmd) command -v "$2" >/dev/null 2>&1 ;;
    pc) [ "$2" = libc ] && [ -e /usr/include/stdio.h ] && return 0
        command -v pkg-config >/dev/null 2>&1 && pkg-config --exists "$2" ;;
    py) /usr/bin/python3 -c "import $2" 2>/dev/null ;;
    esac
}

missing=
while read -r kind name package; do
    case $kind in cmd | pc | py) has "$kind" "$name" || missing="$missing $package" ;; esac
done <"$here/packages.txt"
for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q '^install ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null 2>&1; then
    echo "cclab needs these Debian packages, and this system has no apt-get:$missing" >&2
    exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "cclab needs packages that are missing; as root, run:" >&2
    echo "    apt-get install$missing" >&2
    exit 1
fi
echo "installing:$missing"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if ! { apt-get update && apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1; then
    cat "$log" >&2
    echo "apt-get could not install:$missing" >&2
    exit 1
fi
