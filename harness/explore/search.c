#include "harness/explore/search.h"

#include <stdlib.h>
#include <string.h>

#include "harness/cli/diag.h"

struct random_walk {
    struct rt_rng rng;
    struct rt_source source;
};

static uint32_t random_choose(void *self, const struct rt_choice *c)
{
    struct random_walk *walk = self;
    return rt_rng_below(&walk->rng, c->options);
}

static const struct rt_source *random_next(void *self)
{
    struct random_walk *walk = self;
    return &walk->source;
}

static void random_done(void *self, const struct run_result *result)
{
    (void)self;
    (void)result;
}

static void random_new(const struct search_options *options, struct search *search)
{
    struct random_walk *walk = calloc(1, sizeof(*walk));
    if (!walk)
        abort();
    walk->rng.state = options->seed;
    walk->source = (struct rt_source){ .self = walk, .choose = random_choose };
    *search = (struct search){ walk, random_next, random_done, free, NULL };
}

static const struct search_info infos[] = {
    { "random", "each choice is drawn evenly" },
    { NULL, NULL },
};

const struct search_info *search_list(void)
{
    return infos;
}

bool search_new(const char *name, const struct search_options *options, struct search *search)
{
    if (strcmp(name, "random") == 0) {
        random_new(options, search);
        return true;
    }
    diag("there is no strategy \"%s\"; see cclab list strategies", name);
    return false;
}

bool search_is_systematic(const char *name)
{
    (void)name;
    return false;
}
