/* A scenario under random schedules. */
#ifndef CCLAB_TESTS_HARNESS_SUPPORT_SCHEDULES_H
#define CCLAB_TESTS_HARNESS_SUPPORT_SCHEDULES_H

#include "harness/scenario/lab.h"

/* How many of the schedules with the seeds from 1 show a finding whose id begins like this. */
unsigned schedules_with(
        const char *path, const struct lab_options *options, unsigned schedules, const char *id);

#endif
