/* One finding of a search: what is known of it, and its replay. */
#ifndef CCLAB_HARNESS_REPORT_FOUND_H
#define CCLAB_HARNESS_REPORT_FOUND_H

#include "harness/report/baseline.h"
#include "harness/scenario/lab.h"

/* Saves its replay in `folder`; `found_by` says how it was found. The path, malloced, or NULL after
 * a report. */
char *found_save(const struct found *f, const struct scenario *s, const struct lab_options *options,
        const char *found_by, const char *folder);

/* Notes what the baseline (NULL: there is none) and the scenario say of it, instead of what was
 * said before; its replay is saved anew. */
void found_describe(struct found *f, const struct baseline *baseline, const struct scenario *s);

#endif
