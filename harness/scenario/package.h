/* Packages and messages that a step says by their size. Internal to scenario. */
#ifndef CCLAB_HARNESS_SCENARIO_PACKAGE_H
#define CCLAB_HARNESS_SCENARIO_PACKAGE_H

#include "harness/scenario/scenario.h"

/* The package that install sends if the step has none: a deployment spec whose code is one source
 * file, as the chaincode's type wants it, and `padding` bytes that nobody reads. */
rt_bytes package_made(const struct scenario_step *step, size_t padding);

#endif
