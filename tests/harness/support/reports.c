/* Reports kept in a list. */
#include "tests/harness/support/reports.h"

#include <ctype.h>
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

static bool is_placed(const char *line, const char *path)
{
    if (strncmp(line, path, strlen(path)) != 0)
        return false;
    line += strlen(path);
    for (int i = 0; i < 2; i++) {
        if (*line++ != ':' || !isdigit((unsigned char)*line))
            return false;
        line += strspn(line, "0123456789");
    }
    return strncmp(line, ": ", 2) == 0;
}

bool reports_placed(const char *text, const char *path)
{
    while (*text) {
        if (is_placed(text, path))
            return true;
        text += strcspn(text, "\n");
        text += *text == '\n';
    }
    return false;
}
