/* A part of a search, or of a suite, for one of several machines.
 *
 * Shards divide what has numbers (batches of schedules, files) without a gap or an overlap, by the
 * numbers alone: machines need not talk to each other, and whoever has the parts can
 * put them together. */
#ifndef CCLAB_HARNESS_EXPLORE_SHARD_H
#define CCLAB_HARNESS_EXPLORE_SHARD_H

#include <stdbool.h>
#include <stdint.h>

/* Part `index`, from 1, of `count`; {0, 0} is no part but the whole. */
struct shard {
    uint64_t index;
    uint64_t count;
};

/* The most parts that there can be. */
#define SHARD_MAX 1000000

/* What the command line says of the part: flags that are to be embedded in a command's options. */
struct shard_flags {
    const char *text; /* "i/n", from 1; NULL: not given */
    int64_t index;    /* from 0, as batch systems count; -1: not given */
    int64_t count;    /* 0: not given */
};
/* Reads the flags; reports contradictions in the name of `command` and returns false. */
bool shard_from_flags(const char *command, const struct shard_flags *flags, struct shard *shard);

/* The part's share of `total` consecutive numbers from 0: from *begin up to but without *end. The
 * whole is everything. Shares differ by one at most. */
void shard_range(struct shard shard, uint64_t total, uint64_t *begin, uint64_t *end);

#endif
