#include "harness/explore/subject.h"

#include "harness/base/exit.h"

const char *verdict_name(enum verdict v)
{
    static const char *const names[] = {
#define VERDICT_NAME(name, text, status) text,
        VERDICTS(VERDICT_NAME)
#undef VERDICT_NAME
    };
    return names[v];
}

int verdict_exit(enum verdict v)
{
    static const int statuses[] = {
#define VERDICT_STATUS(name, text, status) status,
        VERDICTS(VERDICT_STATUS)
#undef VERDICT_STATUS
    };
    return statuses[v];
}

enum verdict verdict_from(const char *name)
{
    int v = 0;
    while (v < VERDICT_COUNT && strcmp(verdict_name((enum verdict)v), name) != 0)
        v++;
    return (enum verdict)v;
}

const struct finding *run_result_find(const struct run_result *result, const char *id)
{
    for (size_t i = 0; i < result->findings.count; i++)
        if (rt_str_is(result->findings.items[i].id, id))
            return &result->findings.items[i];
    return NULL;
}

bool run_result_shows(const struct run_result *result, const char *finding, enum verdict verdict)
{
    return finding ? run_result_find(result, finding) != NULL : result->verdict == verdict;
}
