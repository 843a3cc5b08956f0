#!/bin/sh
# The demonstration, from the root of the source tree: demo.sh PROGRAM
set -eu
cd "$(dirname "$0")/.."
exec "$1" demo
