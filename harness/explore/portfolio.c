/* Several strategies in turn: each is best at some bugs, and together they are seldom far from the
 * best of them. */
#include <stdlib.h>

#include "harness/base/mem.h"
#include "harness/explore/strategy.h"

enum { MEMBERS = 8 };

struct portfolio {
    struct search members[MEMBERS];
    size_t turn;
};

static const struct rt_source *next(void *self)
{
    struct portfolio *p = self;
    p->turn = (p->turn + 1) % MEMBERS;
    return p->members[p->turn].next(p->members[p->turn].self);
}

static void done(void *self, const struct run_result *result)
{
    struct portfolio *p = self;
    p->members[p->turn].done(p->members[p->turn].self, result);
}

static void end(void *self)
{
    struct portfolio *p = self;
    for (size_t i = 0; i < MEMBERS; i++)
        p->members[i].end(p->members[i].self);
    free(p);
}

void strategy_portfolio(const struct search_options *options, struct search *search)
{
    struct portfolio *p = mem_new(struct portfolio);
    struct search_options two = { options->seed, 2 };
    struct search_options three = { options->seed ^ 3, 3 };
    strategy_few(&three, &p->members[0]);
    strategy_random(options, &p->members[1]);
    strategy_pos(options, &p->members[2]);
    strategy_pct(&two, &p->members[3]);
    strategy_surw(options, &p->members[4]);
    strategy_pct(&three, &p->members[5]);
    strategy_urw(options, &p->members[6]);
    strategy_feedback(options, &p->members[7]);
    *search = (struct search){ p, next, done, end, NULL };
}
