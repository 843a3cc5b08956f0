/* What cclab reports in a test, kept instead of printed. */
#ifndef CCLAB_TESTS_HARNESS_SUPPORT_REPORTS_H
#define CCLAB_TESTS_HARNESS_SUPPORT_REPORTS_H

#include <stdbool.h>

/* From now on reports are kept, and those from before are forgotten. */
void reports_begin(void);
/* Reports are printed again. Those that were kept, one a line, until the next reports_begin(). */
const char *reports_end(void);

/* True if one of these reports is "<path>:<line>:<column>: <message>". */
bool reports_placed(const char *reports, const char *path);

#endif
