/* The controller, DockerVM and the engine under many schedules and with faults: what must hold in
 * every one of them. */
#include <limits.h>

#include "mocks/docker/engine.h"
#include "model/container/docker_vm.h"
#include "model/container/vm_controller.h"
#include "model/gostd/tar.h"
#include "model/rt/clock.h"
#include "tests/support/random.h"
#include "tests/support/test.h"

enum { MAX_CALLS = 8, MAX_PROCS = 64 };

/* One run: a peer's calls on one chaincode, all at once. */
struct world {
    struct rt *rt;
    struct docker_engine *engine;
    struct docker_transport transport;
    struct vm_controller *vmc;
    struct rt_proc *peer;
    struct rt_proc *procs[MAX_PROCS]; /* every process that ran in a container */
    size_t proc_count;
    unsigned began;
    unsigned returned;
    unsigned waits;
    unsigned exits;
};

static const struct ccid ccid = { .name = RT_STR_INIT("cc"), .version = RT_STR_INIT("1") };

static void chaincode_main(void *self, struct engine_process *process)
{
    struct world *w = self;
    void *never = NULL;
    assert_true(w->proc_count < MAX_PROCS);
    w->procs[w->proc_count++] = process->proc;
    engine_process_write(process, 1, RT_STR("up\n"));
    rt_daemon();
    rt_recv(NULL, &never);
}

static struct engine_program program(void *self, const struct engine_process *process)
{
    (void)process;
    return (struct engine_program){ self, chaincode_main, ENGINE_TERM_GO };
}

static struct rt_error *build(void *self, struct io_reader *context)
{
    struct rt_buf tar = { 0 };
    struct tar_writer writer = { .out = &tar };
    (void)self;
    tar_write_bytes_to_package(&writer, RT_STR("Dockerfile"), RT_STR("FROM scratch\nENV A=b\n"));
    RT_DROP(tar_writer_close(&writer));
    *context = io_reader_from(gzip_compress(rt_buf_str(&tar)));
    return NULL;
}

static void do_start(void *arg)
{
    static rt_str args[] = { RT_STR_INIT("chaincode") };
    static rt_str env[] = { RT_STR_INIT("CORE_CHAINCODE_ID_NAME=cc:1") };
    struct world *w = arg;
    const struct start_container_req req = {
        .ccid = ccid,
        .builder = { NULL, build },
        .args = { args, 1 },
        .env = { env, 1 },
    };
    RT_DROP(vm_controller_process(w->vmc, RT_STR("DOCKER"), vmc_req_start(&req)));
    w->returned++;
}

static void do_stop(void *arg)
{
    struct world *w = arg;
    const struct stop_container_req req = { .ccid = ccid };
    RT_DROP(vm_controller_process(w->vmc, RT_STR("DOCKER"), vmc_req_stop(&req)));
    w->returned++;
}

static void exited(void *self, int64_t exit_code, struct rt_error *err)
{
    struct world *w = self;
    assert_true(!err || exit_code == 0);
    w->exits++;
}

static void do_wait(void *arg)
{
    struct world *w = arg;
    struct wait_container_req *req = rt_new(struct wait_container_req);
    *req = (struct wait_container_req){ ccid, { w, exited } };
    w->waits++;
    RT_DROP(vm_controller_process(w->vmc, RT_STR("DOCKER"), vmc_req_wait(req)));
    w->returned++;
}

static size_t alive(const struct world *w)
{
    size_t count = 0;
    for (size_t i = 0; i < w->proc_count; i++)
        count += rt_proc_alive(w->procs[i]);
    return count;
}

/* In every state: one live container of a name at most, references that add up. */
static void check_step(void *arg)
{
    struct world *w = arg;
    assert_true(alive(w) <= 1);
    int64_t refs = vm_controller_lock_refs(w->vmc, RT_STR("cc-1"));
    assert_true(refs >= 0 && refs <= (int64_t)(w->began - w->returned));
    assert_true(vm_controller_lock_count(w->vmc) <= 1);
}

struct plan {
    const char *calls; /* s start, x stop, w wait */
    struct engine_fault_plan faults;
    bool attach;
    const int64_t *delays_ns;
    size_t delay_count;
};

static void begin(struct world *w, const struct plan *plan)
{
    const struct engine_config config = {
        .program = program,
        .program_self = w,
        .faults = plan->faults,
        .delays_ns = plan->delays_ns,
        .delay_count = plan->delay_count,
        .all_images = true,
    };
    w->engine = docker_engine_new(&config);
    w->transport = docker_engine_transport(w->engine);
    const struct docker_vm_config vm = {
        .peer_id = RT_STR("peer0"),
        .network_id = RT_STR("dev"),
        .get_client = docker_client_getter_over(&w->transport),
        .attach_stdout = plan->attach,
        .host_config = docker_host_config_default(),
    };
    struct rt_map *providers = rt_map_new();
    struct vm_provider *provider = rt_new(struct vm_provider);
    *provider = docker_vm_provider(docker_vm_new(&vm));
    rt_map_put(providers, RT_STR("DOCKER"), provider);
    w->vmc = vm_controller_new(providers);
    w->peer = rt_proc_new("peer");
    for (const char *c = plan->calls; *c != 0; c++) {
        w->began++;
        rt_go_in(w->peer,
                *c == 's'   ? "start"
                : *c == 'x' ? "stop"
                            : "wait",
                *c == 's'   ? do_start
                : *c == 'x' ? do_stop
                            : do_wait,
                w);
    }
}

/* At the end: everything has returned, no lock is left, waits have ended unless their container
 * lives. */
static void check_end(const struct world *w)
{
    assert_int_equal(w->returned, w->began);
    assert_int_equal(vm_controller_lock_count(w->vmc), 0);
    assert_true(!rt_proc_panic(w->peer).data);
    if (alive(w) == 0)
        assert_int_equal(w->exits, w->waits);
    assert_true(w->exits <= w->waits);
}

static uint64_t run(struct rt *rt, const struct rt_source *source, const struct plan *plan)
{
    struct world w = { .rt = rt };
    const struct rt_config config = { .source = source };
    rt_begin(rt, &config);
    begin(&w, plan);
    rt_on_step(rt, check_step, &w);
    assert_int_equal(rt_run(rt), RT_IDLE);
    check_end(&w);
    uint64_t hash = rt_trace_hash(rt);
    rt_end(rt);
    return hash;
}

/* ---- random schedules ---- */

static void run_random(const struct plan *plan, unsigned schedules)
{
    struct rt *rt = rt_machine_new();
    for (uint64_t seed = 1; seed <= schedules; seed++) {
        struct rt_rng rng = { seed };
        const struct rt_source source = random_source(&rng);
        uint64_t hash = run(rt, &source, plan);
        if (seed % 50 == 0) { /* the same choices give the same run */
            rng.state = seed;
            assert_true(run(rt, &source, plan) == hash);
        }
    }
    rt_machine_free(rt);
}

static void test_random(void **state)
{
    static const char *const calls[] = { "sx", "sxw", "ssw", "swsx", "sxsxww", "wwsx" };
    static const int64_t delays[] = { 0, RT_MS, 40 * RT_MS };
    (void)state;
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        struct plan plan = { .calls = calls[i], .attach = i % 2 == 1 };
        run_random(&plan, 300);
        plan.delays_ns = delays;
        plan.delay_count = 3;
        run_random(&plan, 300);
    }
}

/* Any of these may happen at any time. None lasts for ever. */
static const struct engine_fault some_faults[] = {
    { .kind = ENGINE_FAULT_STATUS,
            .op = ENGINE_OP_ANY,
            .maybe = true,
            .status = 500,
            .message = RT_STR_INIT("x") },
    { .kind = ENGINE_FAULT_STATUS,
            .op = ENGINE_OP_ANY,
            .maybe = true,
            .status = 409,
            .after = true },
    { .kind = ENGINE_FAULT_EOF, .op = ENGINE_OP_ANY, .maybe = true },
    { .kind = ENGINE_FAULT_EOF, .op = ENGINE_OP_ANY, .maybe = true, .after = true },
    { .kind = ENGINE_FAULT_REFUSED, .op = ENGINE_OP_ANY, .maybe = true },
    { .kind = ENGINE_FAULT_CUT, .op = ENGINE_OP_ANY, .maybe = true, .bytes = 5 },
    { .kind = ENGINE_FAULT_HANG, .op = ENGINE_OP_ANY, .maybe = true, .ms = 70 },
    { .kind = ENGINE_FAULT_HANG, .op = ENGINE_OP_ANY, .maybe = true, .ms = 70, .after = true },
    { .kind = ENGINE_FAULT_NO_IMAGE, .op = ENGINE_OP_CREATE, .maybe = true },
    { .kind = ENGINE_FAULT_CONFLICT, .op = ENGINE_OP_CREATE, .maybe = true },
    { .kind = ENGINE_FAULT_BUILD_ERROR,
            .op = ENGINE_OP_BUILD,
            .maybe = true,
            .message = RT_STR_INIT("no") },
    { .kind = ENGINE_FAULT_BUILD_HIDDEN,
            .op = ENGINE_OP_BUILD,
            .maybe = true,
            .message = RT_STR_INIT("no") },
    { .kind = ENGINE_FAULT_BUILD_TEXT,
            .op = ENGINE_OP_BUILD,
            .maybe = true,
            .message = RT_STR_INIT("no") },
    { .kind = ENGINE_FAULT_NO_EXEC, .op = ENGINE_OP_START, .maybe = true },
    { .kind = ENGINE_FAULT_EXIT, .op = ENGINE_OP_START, .maybe = true, .exit_code = 7 },
    { .kind = ENGINE_FAULT_EXIT, .op = ENGINE_OP_START, .maybe = true, .exit_code = 8, .ms = 30 },
    { .kind = ENGINE_FAULT_EARLY_WAIT, .op = ENGINE_OP_WAIT, .maybe = true, .exit_code = 3 },
    { .kind = ENGINE_FAULT_BODY,
            .op = ENGINE_OP_ANY,
            .maybe = true,
            .status = 200,
            .body = RT_STR_INIT("[") },
};

static void test_random_with_faults(void **state)
{
    static const char *const calls[] = { "s", "sxw", "sws", "sxsxww" };
    (void)state;
    for (size_t f = 0; f < sizeof(some_faults) / sizeof(some_faults[0]); f++) {
        assert_true(!engine_fault_check(&some_faults[f]).data);
        for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
            const struct plan plan = {
                .calls = calls[i],
                .faults = { .faults = &some_faults[f], .count = 1 },
                .attach = i % 2 == 1,
            };
            run_random(&plan, 100);
        }
    }
    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        const struct plan plan = {
            .calls = calls[i],
            .faults = { .faults = some_faults,
                    .count = sizeof(some_faults) / sizeof(some_faults[0]) },
            .attach = i % 2 == 0,
        };
        run_random(&plan, 300);
    }
}

/* ---- every schedule ---- */

struct search {
    uint32_t options[512];
    uint32_t chosen[512];
    size_t depth;
    size_t at;
    unsigned budget; /* choices other than the dullest that a run may have */
};

static uint32_t search_choice(void *self, const struct rt_choice *c)
{
    struct search *s = self;
    assert_true(s->at < sizeof(s->options) / sizeof(s->options[0]));
    if (s->at == s->depth) {
        unsigned spent = 0;
        for (size_t i = 0; i < s->depth; i++)
            spent += s->chosen[i] != 0;
        s->options[s->depth] = spent < s->budget ? c->options : 1;
        s->chosen[s->depth++] = 0;
    }
    return s->chosen[s->at++];
}

/* Moves to the next path; false when there is none. */
static bool search_next(struct search *s)
{
    while (s->depth > 0 && s->chosen[s->depth - 1] + 1 == s->options[s->depth - 1])
        s->depth--;
    if (s->depth == 0)
        return false;
    s->chosen[s->depth - 1]++;
    return true;
}

static unsigned run_all(const struct plan *plan, unsigned budget)
{
    const unsigned limit = 100000;
    static struct search search;
    struct rt *rt = rt_machine_new();
    const struct rt_source source = { .self = &search, .choose = search_choice };
    unsigned runs = 0;
    search.depth = 0;
    search.budget = budget;
    do {
        search.at = 0;
        (void)run(rt, &source, plan);
        search.depth = search.at;
        runs++;
    } while (runs < limit && search_next(&search));
    rt_machine_free(rt);
    assert_true(runs < limit);
    return runs;
}

static void test_exhaustive(void **state)
{
    static const struct engine_fault dies = {
        .kind = ENGINE_FAULT_EXIT,
        .op = ENGINE_OP_START,
        .maybe = true,
        .exit_code = 7,
    };
    const struct plan start = { .calls = "s" };
    const struct plan start_dies = { .calls = "s", .faults = { .faults = &dies, .count = 1 } };
    const struct plan start_stop = { .calls = "sx" };
    const struct plan stops = { .calls = "xx" };
    const struct plan all = { .calls = "sxw", .faults = { .faults = &dies, .count = 1 } };
    (void)state;
    print_message("start: %u executions\n", run_all(&start, UINT_MAX));
    print_message("start, may die: %u executions\n", run_all(&start_dies, UINT_MAX));
    print_message("start, stop: %u executions\n", run_all(&start_stop, UINT_MAX));
    print_message("stop, stop: %u executions\n", run_all(&stops, UINT_MAX));
    print_message("start, stop, wait, may die, 3 switches: %u executions\n", run_all(&all, 3));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_random_with_faults),
        cmocka_unit_test(test_exhaustive),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
