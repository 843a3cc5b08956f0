#!/bin/sh
# mainline.sh CCLAB MAINLINE: what scripts/mainline.sh prints is 1.4.2. A cclab made from it
# (MAINLINE) takes the same way through every scenario as the whole one (CCLAB) with no variant on,
# even when it is told to have them all on.
set -eu
scenarios=$(ls scenarios/*.json scenarios/bare/*.json | grep -v -e schema -e known-)
# fix-close-send is of mocks/, whose files are not printed.
all=$("$1" list variants | cut -d ' ' -f 1 | grep -v fix-close-send | sed 's/^/--variant /')
hashes() {
    cclab=$1
    shift
    for seed in '' '--seed 1' '--seed 2' '--seed 3'; do
        "$cclab" run --plain --quiet $seed "$@" $scenarios | grep '^Trace: ' || true
    done
}
whole=$(hashes "$1")
printed=$(hashes "$2" $all)
[ "$(echo "$whole" | wc -l)" -eq "$(($(echo "$scenarios" | wc -w) * 4))" ] || {
    echo "runs are missing" >&2
    exit 1
}
if [ "$whole" != "$printed" ]; then
    echo "without variants the model takes another way than with all of them off" >&2
    exit 1
fi
