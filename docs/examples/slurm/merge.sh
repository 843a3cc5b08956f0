#!/bin/sh
#SBATCH --job-name=cclab-merge
cclab merge "$RESULTS"/part-*.json --out "$RESULTS/replays" \
    --json "$RESULTS/whole.json" --junit "$RESULTS/whole.xml" --sarif "$RESULTS/whole.sarif"
