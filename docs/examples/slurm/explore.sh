#!/bin/sh
# sbatch --array=1-8 docs/examples/slurm/explore.sh; then, when it is done, merge.sh beside it:
#   sbatch --dependency=afterok:JOB docs/examples/slurm/merge.sh
#SBATCH --job-name=cclab-explore
#SBATCH --cpus-per-task=4
cclab explore scenarios/die-anywhere.json \
    --schedules 1000000 --seed 1 --jobs "${SLURM_CPUS_PER_TASK:-1}" \
    --baseline scenarios/known-1.4.2.json \
    --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" \
    --json "$RESULTS/part-$SLURM_ARRAY_TASK_ID.json" --out "$RESULTS/parts" ||
    [ $? -eq 1 ]
