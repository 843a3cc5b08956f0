/* Which occurrences a fault hits. */
#ifndef CCLAB_MOCKS_FAULT_WHEN_H
#define CCLAB_MOCKS_FAULT_WHEN_H

#include "model/rt/str.h"

struct fault_when {
    int64_t from_ms; /* virtual time before which nothing is counted */
    uint32_t first;  /* the first occurrence that is hit, from 1; 0 counts as 1 */
    uint32_t count;  /* how many are hit; 0: all from the first on */
    bool maybe;      /* a choice decides each time */
};

/* One more occurrence of what the fault is about, of which there were *hits: whether it strikes.
 * Counts in *struck (may be NULL) before a choice, labelled `label`, decides. */
bool fault_strikes(
        const struct fault_when *when, uint32_t *hits, uint32_t *struck, const char *label);
/* Waits for so long; does not return when it is negative. */
void fault_hang(int64_t ms);

#endif
