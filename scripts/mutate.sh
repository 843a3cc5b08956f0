#!/bin/sh
# The mutation pass over the run time and model/chaincode, see docs/mutation.md: mutate.sh --help.
set -eu
exec python3 "$(dirname "$0")/mutate.py" "$@"
