/* Data races of random programs, against an oracle that knows no clocks: it writes down every
 * operation as two nodes of a graph, its begin and its end, adds the edges of Go's memory model
 * from what the run reports, and looks for a path between each two accesses. */
#include "model/rt/race.h"
#include "model/rt/trace.h"
#include "tests/rt/helper_program.h"
#include "tests/support/random.h"

#include <stdio.h>
#include <string.h>

enum {
    PROGRAMS = 1500,
    SCHEDULES = 4,
    FIBERS = 4,
    OPS = 9,
    FIELDS = 3,
    CHANS = 4,
    NODES = 4096,
    EDGES = 16384,
    ACCESSES = 256,
};

/* ---- the graph ---- */

struct edge {
    int from;
    int next; /* of the same target, -1 at the end */
};

static struct {
    int nodes;
    int into[NODES]; /* the first edge into a node */
    struct edge edges[EDGES];
    int edge_count;
    int last[FIBERS]; /* node of each fiber */
    int begin[FIBERS];
    int end[FIBERS];
} g;

struct access {
    int node;
    int fiber;
    int field;
    bool write;
};
static struct access accesses[ACCESSES];
static int access_count;

static int node(void)
{
    assert_true(g.nodes < NODES);
    g.into[g.nodes] = -1;
    return g.nodes++;
}

static void edge(int from, int to)
{
    if (from < 0)
        return;
    assert_true(g.edge_count < EDGES);
    g.edges[g.edge_count] = (struct edge){ from, g.into[to] };
    g.into[to] = g.edge_count++;
}

static int after(int fiber)
{
    int n = node();
    edge(g.last[fiber], n);
    g.last[fiber] = n;
    return n;
}

static void op_begins(int fiber)
{
    g.begin[fiber] = after(fiber);
    g.end[fiber] = after(fiber);
}

static bool reaches(int from, int to, bool *seen)
{
    if (from == to)
        return true;
    if (seen[to])
        return false;
    seen[to] = true;
    for (int e = g.into[to]; e >= 0; e = g.edges[e].next)
        if (reaches(from, g.edges[e].from, seen))
            return true;
    return false;
}

static bool ordered(int a, int b)
{
    static bool seen[NODES];
    memset(seen, 0, sizeof(seen));
    if (reaches(a, b, seen))
        return true;
    memset(seen, 0, sizeof(seen));
    return reaches(b, a, seen);
}

/* ---- what the programs share, and what the oracle knows of it ---- */

struct past {
    int nodes[256];
    int count;
};

static void remember(struct past *past, int n)
{
    assert_true(past->count < 256);
    past->nodes[past->count++] = n;
}

static void all_before(const struct past *past, int n)
{
    for (int i = 0; i < past->count; i++)
        edge(past->nodes[i], n);
}

static struct {
    struct rt_chan *chans[CHANS];
    struct rt_chan *closing;
    struct rt_mutex mutex;
    struct rt_rwmutex rwmutex;
    struct rt_once once;
    struct rt_waitgroup wg;
    int *fields[FIELDS];
    struct past sends[CHANS], receives[CHANS]; /* in the channel's order */
    struct past unlocks, wunlocks, runlocks, dones;
    int closed; /* node, -1 */
    int once_end;
    uint64_t program;
} w;

enum op {
    WRITE,
    READ,
    SEND,
    RECV,
    SELECT,
    POLL,
    LOCKED,
    WLOCKED,
    RLOCKED,
    ONCE,
    AFTER,
    CLOSED,
    WAIT,
    OP_COUNT
};

static void access_field(int fiber, int field, bool write)
{
    static const char *const names[FIELDS] = { "f0", "f1", "f2" };
    if (write)
        rt_shared_write(w.fields[field], names[field]);
    else
        rt_shared_read(w.fields[field], names[field]);
    assert_true(access_count < ACCESSES);
    accesses[access_count++] = (struct access){ after(fiber), fiber, field, write };
}

static int fiber_number(const struct rt_fiber *f)
{
    return rt_fiber_name(f)[0] - 'a';
}

/* As in Go's own detector, the receiver of an element also knows of the receive that made room for
 * it. */
static void a_send(int c, int fiber)
{
    int capacity = (int)rt_chan_cap(w.chans[c]);
    struct past *r = &w.receives[c], *s = &w.sends[c];
    int k = s->count;
    remember(s, g.end[fiber]);
    if (capacity && k >= capacity)
        edge(r->nodes[k - capacity], g.end[fiber]);
}

static void a_receive(int c, int fiber)
{
    edge(w.sends[c].nodes[w.receives[c].count], g.end[fiber]);
    remember(&w.receives[c], g.end[fiber]);
}

/* The run says who did what on which channel, and with whom. */
static void done(void *self, int64_t time_ns, struct rt_fiber *f, const struct rt_op *op,
        struct rt_fiber *partner)
{
    (void)self;
    (void)time_ns;
    int c = 0;
    while (c < CHANS && rt_chan_object(w.chans[c]) != op->object)
        c++;
    if (c == CHANS || !f)
        return;
    int a = fiber_number(f), b = partner ? fiber_number(partner) : -1;
    bool sends = op->kind == RT_OP_SEND;
    if (rt_chan_cap(w.chans[c]) == 0) {
        edge(g.begin[a], g.end[b]);
        edge(g.begin[b], g.end[a]);
        return;
    }
    if (sends)
        a_send(c, a);
    else
        a_receive(c, a);
    if (b >= 0 && sends)
        a_receive(c, b);
    else if (b >= 0)
        a_send(c, b);
}

static void initialise(void *arg)
{
    int fiber = (int)(intptr_t)arg;
    access_field(fiber, 0, true);
    w.once_end = after(fiber);
}

static void do_once(int fiber)
{
    rt_once_do(&w.once, initialise, (void *)(intptr_t)fiber);
    edge(w.once_end, after(fiber));
}

static void locked(int fiber, int field, bool write, enum op kind)
{
    if (kind == LOCKED)
        rt_lock(&w.mutex);
    else if (kind == WLOCKED)
        rt_wlock(&w.rwmutex);
    else
        rt_rlock(&w.rwmutex);
    int got = after(fiber);
    all_before(kind == LOCKED ? &w.unlocks : &w.wunlocks, got);
    if (kind == WLOCKED)
        all_before(&w.runlocks, got);
    access_field(fiber, field, write);
    remember(kind == LOCKED    ? &w.unlocks
             : kind == WLOCKED ? &w.wunlocks
                               : &w.runlocks,
            after(fiber));
    if (kind == LOCKED)
        rt_unlock(&w.mutex);
    else if (kind == WLOCKED)
        rt_wunlock(&w.rwmutex);
    else
        rt_runlock(&w.rwmutex);
}

static void timer(int fiber)
{
    int set = after(fiber);
    struct rt_chan *ch = rt_after(1000, "after");
    rt_recv(ch, NULL);
    edge(set, after(fiber));
}

static void closed(int fiber)
{
    if (fiber == 0 && w.closed < 0) {
        w.closed = -2;
        int n = after(fiber);
        rt_close(w.closing);
        w.closed = n;
        (void)after(fiber);
    } else if (fiber != 0) {
        rt_recv(w.closing, NULL);
        edge(w.closed, after(fiber));
    }
}

static void choose_case(int fiber, int c, int d, bool poll)
{
    struct rt_case cases[2] = { RT_RECV(w.chans[c]), RT_SEND(w.chans[d], NULL) };
    op_begins(fiber);
    if (poll)
        (void)rt_select_default(cases, 2);
    else
        (void)rt_select(cases, 2);
}

static void operate(int fiber, enum op op, int x, int y)
{
    int c = x % CHANS, field = x % FIELDS;
    switch (op) {
    case WRITE:
    case READ:
        access_field(fiber, field, op == WRITE);
        break;
    case SEND:
        op_begins(fiber);
        rt_send(w.chans[c], NULL);
        break;
    case RECV:
        op_begins(fiber);
        rt_recv(w.chans[c], NULL);
        break;
    case SELECT:
    case POLL:
        choose_case(fiber, c, y % CHANS, op == POLL);
        break;
    case LOCKED:
    case WLOCKED:
    case RLOCKED:
        locked(fiber, field, y % 2 == 0, op);
        break;
    case ONCE:
        do_once(fiber);
        break;
    case AFTER:
        timer(fiber);
        break;
    case CLOSED:
        closed(fiber);
        break;
    default:
        if (fiber != 0)
            break;
        rt_waitgroup_wait(&w.wg);
        all_before(&w.dones, after(fiber));
    }
}

static void fiber_main(void *arg)
{
    int fiber = (int)(intptr_t)arg;
    struct rt_rng rng = { w.program * 16 + (uint64_t)fiber };
    for (int i = 0; i < OPS; i++) {
        enum op op = rt_rng_below(&rng, OP_COUNT);
        int x = (int)rt_rng_below(&rng, 12), y = (int)rt_rng_below(&rng, 12);
        operate(fiber, op, x, y);
    }
    if (fiber != 0) {
        remember(&w.dones, after(fiber));
        rt_waitgroup_done(&w.wg);
    }
}

static void program_main(void *arg)
{
    static const char *const names[FIBERS] = { "a", "b", "c", "d" };
    (void)arg;
    rt_waitgroup_add(&w.wg, FIBERS - 1);
    for (int i = 1; i < FIBERS; i++) {
        int started = after(0);
        rt_go(names[i], fiber_main, (void *)(intptr_t)i);
        edge(started, after(i));
        access_field(0, (int)(w.program % FIELDS), false);
    }
    fiber_main(NULL);
}

/* ---- the comparison ---- */

static bool found[FIELDS][FIBERS][FIBERS], expected[FIELDS][FIBERS][FIBERS];

static void ask_detector(const struct rt *rt)
{
    memset(found, 0, sizeof(found));
    size_t count;
    const struct rt_race *races = rt_races(rt, &count);
    for (size_t i = 0; i < count; i++) {
        if (races[i].field[0] != 'f' || races[i].field[2] != '\0')
            continue;
        int f = races[i].field[1] - '0';
        int a = races[i].first.goroutine[0] - 'a', b = races[i].second.goroutine[0] - 'a';
        found[f][a < b ? a : b][a < b ? b : a] = true;
    }
}

static size_t ask_oracle(void)
{
    size_t races = 0;
    memset(expected, 0, sizeof(expected));
    for (int i = 0; i < access_count; i++)
        for (int k = i + 1; k < access_count; k++) {
            const struct access *x = &accesses[i], *y = &accesses[k];
            if (x->fiber == y->fiber || x->field != y->field || (!x->write && !y->write))
                continue;
            int a = x->fiber < y->fiber ? x->fiber : y->fiber;
            int b = x->fiber < y->fiber ? y->fiber : x->fiber;
            if (expected[x->field][a][b] || ordered(x->node, y->node))
                continue;
            expected[x->field][a][b] = true;
            races++;
        }
    return races;
}

static void prepare(uint64_t program)
{
    memset(&w, 0, sizeof(w));
    g.nodes = g.edge_count = access_count = 0;
    for (int i = 0; i < FIBERS; i++)
        g.last[i] = -1;
    w.program = program;
    w.closed = w.once_end = -1;
    for (int i = 0; i < CHANS; i++)
        w.chans[i] = rt_chan_make((size_t)(i == 3 ? 3 : i % 3), "ch");
    w.closing = rt_chan_make(0, "closing");
    for (int i = 0; i < FIELDS; i++)
        w.fields[i] = rt_new(int);
}

static size_t run_one(struct rt *rt, uint64_t program, uint64_t seed)
{
    struct rt_rng rng = { program * 1000 + seed };
    struct rt_source source = random_source(&rng);
    struct rt_sink sink = { .done = done };
    struct rt_config config = {
        .source = &source, .sink = &sink, .track_races = true, .timers_race = seed % 2 == 0
    };
    rt_begin(rt, &config);
    prepare(program);
    rt_go_in(rt_proc_new("p"), "a", program_main, NULL);
    assert_int_equal(rt_run(rt), RT_IDLE);
    ask_detector(rt);
    size_t races = ask_oracle();
    if (memcmp(found, expected, sizeof(found)) != 0)
        print_error("program %d, schedule %d differ\n", (int)program, (int)seed);
    assert_memory_equal(found, expected, sizeof(found));
    rt_end(rt);
    return races;
}

static void test_random_programs(void **state)
{
    (void)state;
    struct rt *rt = rt_machine_new();
    size_t races = 0, silent = 0;
    for (uint64_t program = 1; program <= PROGRAMS; program++)
        for (uint64_t seed = 0; seed < SCHEDULES; seed++) {
            size_t n = run_one(rt, program, seed);
            races += n;
            silent += n == 0;
        }
    /* The programs are worth something: both answers are frequent. */
    assert_true(races > PROGRAMS);
    assert_true(silent > PROGRAMS / 20);
    rt_machine_free(rt);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_random_programs) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
