/* What cclab reports in a test, kept instead of printed. */
#ifndef CCLAB_TESTS_HARNESS_SUPPORT_REPORTS_H
#define CCLAB_TESTS_HARNESS_SUPPORT_REPORTS_H

/* From now on reports are kept, and those from before are forgotten. */
void reports_begin(void);
/* Reports are printed again. Those that were kept, one a line, until the next reports_begin(). */
const char *reports_end(void);

#endif
