/* What is in a world, for somebody who reads. */
#ifndef CCLAB_HARNESS_WORLD_SHOW_H
#define CCLAB_HARNESS_WORLD_SHOW_H

#include <stdio.h>

#include "model/lab/world.h"

/* Prints it in the current arena: the peer, who can sign, organisations, channels with what is
 * instantiated there, packages. */
void world_show(FILE *to, const struct world *world);

#endif
