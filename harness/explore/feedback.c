/* Search over streams of choices that learns from what was reached: a schedule in which two
 * operations on one object met in an order not seen before is kept, and later ones are random
 * changes to it. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/mem.h"
#include "harness/explore/strategy.h"

enum { MAP_BITS = 1 << 16, CORPUS_MAX = 512, LAST_OBJECTS = 4096, FILES_SEEN = 64 };

struct stream {
    uint32_t *items; /* what was chosen */
    size_t count;
    size_t cap;
};

struct feedback {
    struct rt_source source;
    struct rt_rng rng;
    struct stream corpus[CORPUS_MAX];
    size_t corpus_count;
    struct stream now;
    const struct stream *base; /* NULL: a run from nothing */
    size_t keep;               /* follow the base so far, then draw */
    double change;             /* probability of a change at each place before */
    bool fresh;                /* something new was seen */
    uint8_t map[MAP_BITS / 8];
    uint64_t last[LAST_OBJECTS]; /* by object: who did what there last */
    uint32_t highest;
    struct {
        const char *file;
        uint64_t hash;
    } files[FILES_SEEN]; /* hashes of names, by their address: a cache */
};

static uint32_t choose(void *self, const struct rt_choice *c)
{
    struct feedback *f = self;
    size_t at = f->now.count;
    uint32_t chosen;
    if (f->base && at < f->keep && strategy_uniform(&f->rng) >= f->change)
        chosen = f->base->items[at];
    else
        chosen = rt_rng_below(&f->rng, c->options);
    if (chosen >= c->options)
        chosen = 0;
    mem_reserve(f->now.items, f->now.cap, at + 1);
    f->now.items[f->now.count++] = chosen;
    return chosen;
}

/* The hash of a file's name without its folders, which differ between two machines. */
static uint64_t hash_file(struct feedback *f, const char *file)
{
    if (!file)
        return 0;
    size_t slot = ((uintptr_t)file >> 3) % FILES_SEEN;
    if (f->files[slot].file != file) {
        const char *folder = strrchr(file, '/');
        f->files[slot].file = file;
        f->files[slot].hash = rt_str_hash(rt_str_from(folder ? folder + 1 : file));
    }
    return f->files[slot].hash;
}

/* What was done, and in which file: no line, so that an edit of the program changes no search. */
static void step(void *self, struct rt_fiber *fiber, const struct rt_op *op)
{
    struct feedback *f = self;
    if (!op->object || op->object >= LAST_OBJECTS)
        return;
    uint64_t here = rt_fiber_identity(fiber) ^ (uint64_t)op->kind << 56 ^ hash_file(f, op->file);
    struct rt_rng mix = { f->last[op->object] * 3 + here };
    uint32_t bit = (uint32_t)(rt_rng_next(&mix) % MAP_BITS);
    f->last[op->object] = here;
    if (op->object > f->highest)
        f->highest = op->object;
    if (!(f->map[bit / 8] & 1u << bit % 8)) {
        f->map[bit / 8] |= (uint8_t)(1u << bit % 8);
        f->fresh = true;
    }
}

static const struct rt_source *next(void *self)
{
    struct feedback *f = self;
    memset(f->last, 0, (f->highest + 1) * sizeof(f->last[0]));
    f->highest = 0;
    f->now.count = 0;
    f->fresh = false;
    f->base = NULL;
    /* One run in four starts from nothing, so that the corpus does not narrow the search. */
    if (f->corpus_count && rt_rng_below(&f->rng, 4)) {
        f->base = &f->corpus[rt_rng_below(&f->rng, (uint32_t)f->corpus_count)];
        bool cut = rt_rng_below(&f->rng, 2);
        f->keep = cut ? rt_rng_below(&f->rng, (uint32_t)f->base->count + 1) : f->base->count;
        f->change = (double)(1 + rt_rng_below(&f->rng, 4)) / (double)(f->base->count + 1);
    }
    return &f->source;
}

static void done(void *self, const struct run_result *result)
{
    struct feedback *f = self;
    (void)result;
    if (!f->fresh)
        return;
    size_t at =
            f->corpus_count < CORPUS_MAX ? f->corpus_count++ : rt_rng_below(&f->rng, CORPUS_MAX);
    struct stream old = f->corpus[at];
    f->corpus[at] = f->now;
    f->now = old;
}

static void end(void *self)
{
    struct feedback *f = self;
    for (size_t i = 0; i < CORPUS_MAX; i++)
        free(f->corpus[i].items);
    free(f->now.items);
    free(f);
}

void strategy_feedback(const struct search_options *options, struct search *search)
{
    struct feedback *f = mem_new(struct feedback);
    f->rng = strategy_rng(options->seed, 5);
    f->source = (struct rt_source){ .self = f, .choose = choose, .step = step };
    *search = (struct search){ f, next, done, end, NULL };
}
