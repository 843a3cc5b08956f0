/* Plays one vector of launch.jsonl: chaincode support over a fake runtime and fake streams, event
 * by event. */
#ifndef CCLAB_HARNESS_CONFORM_LAUNCH_PLAY_H
#define CCLAB_HARNESS_CONFORM_LAUNCH_PLAY_H

#include <jansson.h>

#include "model/rt/choice.h"

struct rt;

/* The observations, one for each of the vector's events, in the form of its `expect`: a new
 * reference. If the peer dies, the last one has its panic. `source` makes the choices (NULL: always
 * the dullest); `variants` are bits of model/lab/variants.h. */
json_t *launch_play(struct rt *machine, const json_t *vector, const struct rt_source *source,
        uint64_t variants);

/* Orders an array of observations by call or stream, keeping the order of one stream's, or an array
 * of strings; anything else stays. */
void launch_sort(json_t *array);

#endif
