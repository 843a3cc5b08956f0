#!/bin/sh
# Prints what must be the same in any process, build and machine: the trace hash of each scenario,
# and what a search to the end of a small one counts. Usage: numbers.sh COMMAND..., which runs a
# cclab.
set -eu
cd "$(dirname "$0")/.."
scenarios=$(ls scenarios/*.json scenarios/bare/*.json | grep -v -e schema -e known-)
traces=$("$@" run --plain $scenarios | grep '^Trace: ')
if [ "$(echo "$traces" | wc -l)" -ne "$(echo "$scenarios" | wc -l)" ]; then
    echo "$*: not a trace hash for each scenario" >&2
    exit 1
fi
echo "$traces"
"$@" explore scenarios/bare/one-launch.json --strategy dpor --schedules 100000 | grep ' executions, '
