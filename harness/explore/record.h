/* Lists of choices: recording what a source chose, and giving it again.
 *
 * Given again strictly, the first choice that is not as recorded (its kind or number of options)
 * stops the comparison and is kept, to be explained; the run goes on with option 0. Leniently, a
 * recorded number that is too large becomes 0. Behind the end of the list every choice is 0. */
#ifndef CCLAB_HARNESS_EXPLORE_RECORD_H
#define CCLAB_HARNESS_EXPLORE_RECORD_H

#include <stddef.h>

#include "model/rt/choice.h"

/* One choice that was made. */
struct made {
    uint32_t options;
    uint32_t chosen;
    uint8_t kind; /* enum rt_choice_kind */
    bool runs_on; /* the goroutine that ran last could have gone on, and option 0 is it */
};

struct choices {
    struct made *items; /* malloced */
    size_t count;
    size_t cap;
};
void choices_add(struct choices *list, struct made made) RT_NONNULL;
/* Replaces what is in `to`. */
void choices_copy(struct choices *to, const struct choices *from) RT_NONNULL;
void choices_free(struct choices *list) RT_NONNULL;
/* Drops choices of 0 at the end: they are what comes anyway. */
void choices_trim(struct choices *list) RT_NONNULL;
/* Context switches: times that another goroutine than the running one was picked though it could
 * have gone on, or a timer instead of it. Who goes on when the running one waits or has ended is no
 * switch: somebody has to. */
size_t choices_switches(const struct choices *list) RT_NONNULL;
/* Picks: times that another goroutine than the first was picked, switches included. A run of no
 * picks is the plain one, but for faults and the like. */
size_t choices_picks(const struct choices *list) RT_NONNULL;
/* Faults that happened. */
size_t choices_faults(const struct choices *list) RT_NONNULL;

/* A source that passes on what another one chooses and writes it down. */
struct recorder {
    const struct rt_source *from; /* NULL: always 0 */
    struct rt_source source;
    struct choices made;
};
void recorder_init(struct recorder *r, const struct rt_source *from) RT_NONNULL_AT(1);
/* Forgets what was written down, keeps the memory. */
void recorder_reset(struct recorder *r, const struct rt_source *from) RT_NONNULL_AT(1);
void recorder_free(struct recorder *r) RT_NONNULL;

/* A source that gives a list again. */
struct player {
    const struct choices *list;
    bool strict;
    size_t next;
    struct rt_source source;
    /* Strict: the first choice that did not fit. */
    bool diverged;
    size_t diverged_at;
    struct made asked; /* what the run asked there */
    const char *asked_label;
};
void player_init(struct player *p, const struct choices *list, bool strict) RT_NONNULL;

#endif
