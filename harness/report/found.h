/* One finding of a search, as result files name it and as its replay is kept. */
#ifndef CCLAB_HARNESS_REPORT_FOUND_H
#define CCLAB_HARNESS_REPORT_FOUND_H

#include <jansson.h>

#include "harness/report/baseline.h"
#include "harness/scenario/lab.h"

/* Saves its replay in `folder`; `found_by` says how it was found. The path, malloced, or NULL after
 * a report. */
char *found_save(const struct found *f, const struct scenario *s, const struct lab_options *options,
        const char *found_by, const char *folder);

/* Adds to its entry in a result file what the baseline (NULL: not known) and the scenario say of
 * it, and where its replay is (NULL: there is none). */
void found_describe(
        json_t *entry, const struct known_finding *known, bool expected, const char *replay);

#endif
