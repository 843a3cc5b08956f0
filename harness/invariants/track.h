/* Records about things that events name by address or by chaincode name. */
#ifndef CCLAB_HARNESS_INVARIANTS_TRACK_H
#define CCLAB_HARNESS_INVARIANTS_TRACK_H

#include "model/rt/map.h"

/* The record of `name` in the map, zeroed memory of `size` bytes when it is new. */
void *track_name(struct rt_map *map, rt_str name, size_t size);
/* The same by address. */
void *track_object(struct rt_map *map, const void *object, size_t size);
/* The record by address, or NULL. */
void *track_find(struct rt_map *map, const void *object);

/* "name:version" taken apart at the first colon. */
rt_str track_cc_name(rt_str cname);
rt_str track_cc_version(rt_str cname);

#endif
