/* The median, the 90th percentile and the worst of trials, some of which found nothing. */
#include "harness/seeded/stats.h"

#include <stdlib.h>

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

/* The smallest value with at least `percent` of all values at or below it. */
static uint64_t rank(const uint64_t *sorted, size_t count, size_t percent)
{
    return sorted[(count * percent + 99) / 100 - 1];
}

struct stats stats_of(uint64_t *schedules, size_t count)
{
    struct stats s = { .trials = count };
    if (count == 0)
        return s;
    qsort(schedules, count, sizeof(*schedules), compare);
    while (s.found < count && schedules[s.found] != STATS_MISSED)
        s.found++;
    s.median = rank(schedules, count, 50);
    s.p90 = rank(schedules, count, 90);
    s.worst = schedules[count - 1];
    return s;
}
