#include "tests/harness/support/reports.h"

#include <stdio.h>
#include <string.h>

#include "harness/base/diag.h"

static char reports[65536];

static void take(void *arg, const char *line)
{
    size_t used = strlen(reports);
    (void)arg;
    snprintf(reports + used, sizeof(reports) - used, "%s\n", line);
}

void reports_begin(void)
{
    reports[0] = 0;
    diag_capture(take, NULL);
}

const char *reports_end(void)
{
    diag_capture(NULL, NULL);
    return reports;
}
