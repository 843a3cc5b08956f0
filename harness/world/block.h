/* Configuration blocks of channels. */
#ifndef CCLAB_HARNESS_WORLD_BLOCK_H
#define CCLAB_HARNESS_WORLD_BLOCK_H

#include <jansson.h>
#include <stdbool.h>

/* Reads a block with a channel's configuration, as `peer channel fetch config` writes it, in the
 * current arena: adds its channel to `channels` and its organisations to `msps`, unless they are
 * there. Reports what is wrong and returns false. */
bool block_read(const char *path, json_t *channels, json_t *msps);

#endif
