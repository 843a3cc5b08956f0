/* What fixes that a suite switches on mend, as far as a list of known findings says. */
#ifndef CCLAB_HARNESS_REPORT_MENDED_H
#define CCLAB_HARNESS_REPORT_MENDED_H

#include "harness/report/baseline.h"
#include "harness/scenario/lab.h"

/* True if the finding is known and its fix is one of these variants. `b` may be NULL. */
bool mended_finding(const struct baseline *b, uint64_t variants, const char *id);
/* True if a known finding that begins so is mended. */
bool mended_ids(const struct baseline *b, uint64_t variants, rt_str prefix);
/* True if the scenario's plain run without these variants ends badly, and all that it shows is
 * mended: with them it has to end well, whatever the scenario expects of 1.4.2. */
bool mended_plain(const struct baseline *b, uint64_t variants, const struct scenario *s);

#endif
