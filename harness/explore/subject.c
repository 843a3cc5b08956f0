/* What a run came to, in words and as an exit status. */
#include "harness/explore/subject.h"

#include "harness/base/exit.h"
#include "model/rt/names.h"

static const char *const names[] = RT_NAMES(VERDICTS);

const char *verdict_name(enum verdict v)
{
    return rt_name(names, v);
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
    return (enum verdict)rt_name_find(names, name);
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
