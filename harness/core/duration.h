/* Durations as Go writes them. */
#ifndef CCLAB_HARNESS_CORE_DURATION_H
#define CCLAB_HARNESS_CORE_DURATION_H

#include "model/rt/str.h"

/* time.ParseDuration: "300s", "1m30s", "1.5h"; false if it is none, or too long. */
bool duration_parse(rt_str text, int64_t *ns);

#endif
