/* The locks between installs and commits, and who is told. */
#include "model/lscc/cceventmgmt.h"
#include "model/rt/chan.h"
#include "model/rt/rt.h"
#include "tests/support/test.h"

/* A ledger that has a commit lock and one definition. */
struct channel {
    struct rt_rwmutex commit_lock;
    struct peer_ledger ledger;
    struct query_executor executor;
    struct deployed_chaincode_info_provider info;
    struct peer_operations peer;
    struct cceventmgmt_mgr *mgr;
    struct rt_chan *simulating; /* the install may have its simulator: the commit can begin */
    struct rt_chan *deploying;  /* the commit has the manager's lock */
    struct rt_buf log;
    int executors; /* open ones */
};

static struct rt_error *get_state(void *self, rt_str ns, rt_str key, rt_bytes *value)
{
    struct channel *c = self;
    assert_true(rt_str_is(ns, "lscc"));
    rt_buf_printf(&c->log, "state %S\n", key);
    *value = RT_STR("definition");
    return NULL;
}

static void done(void *self)
{
    struct channel *c = self;
    c->executors--;
    rt_runlock(&c->commit_lock);
}

static struct rt_error *new_query_executor(void *self, const struct query_executor **executor)
{
    struct channel *c = self;
    rt_rlock(&c->commit_lock);
    c->executors++;
    *executor = &c->executor;
    return NULL;
}

static struct rt_error *chaincode_info(void *self, rt_str chaincode_name,
        const struct simple_query_executor *qe, struct deployed_chaincode_info **info)
{
    struct channel *c = self;
    assert_ptr_equal(qe->self, c);
    rt_buf_printf(&c->log, "info %S\n", chaincode_name);
    if (rt_str_is(chaincode_name, "bad"))
        return rt_errorf("error unmarshalling chaincode state data: bad");
    *info = rt_new(struct deployed_chaincode_info);
    (*info)->version = RT_STR("1");
    (*info)->hash = RT_STR("h");
    return NULL;
}

static const struct peer_ledger *get_ledger(void *self, rt_str cid)
{
    struct channel *c = self;
    return rt_str_is(cid, "ch") ? &c->ledger : NULL;
}

static struct rt_error *retrieve_artifacts(void *arg, rt_str name, rt_str version, bool *installed)
{
    (void)arg;
    (void)version;
    *installed = rt_str_is(name, "cc");
    return NULL;
}

static struct channel *channel_new(void)
{
    struct channel *c = rt_new(struct channel);
    rt_rwmutex_init(&c->commit_lock, "commit");
    c->ledger.self = c;
    c->ledger.new_query_executor = new_query_executor;
    c->executor.self = c;
    c->executor.get_state = get_state;
    c->executor.done = done;
    c->info.self = c;
    c->info.chaincode_info = chaincode_info;
    c->peer.self = c;
    c->peer.get_ledger = get_ledger;
    c->simulating = rt_chan_make(1, "simulating");
    c->deploying = rt_chan_make(1, "deploying");
    c->mgr = cceventmgmt_new_mgr(
            cceventmgmt_ledger_info_provider(&c->peer, &c->info, retrieve_artifacts, c));
    return c;
}

static const struct cceventmgmt_definition cc1 = {
    .name = RT_STR_INIT("cc"),
    .version = RT_STR_INIT("1"),
    .hash = RT_STR_INIT("h"),
};

struct scene {
    struct rt *machine;
    struct rt_proc *peer;
    struct channel *channel;
};

static struct scene scene_new(void)
{
    struct scene s = { .machine = rt_machine_new() };
    rt_begin(s.machine, &(struct rt_config){ 0 });
    s.peer = rt_proc_new("peer");
    s.channel = channel_new();
    return s;
}

static uint32_t scene_end(struct scene *s)
{
    assert_int_equal(rt_run(s->machine), RT_IDLE);
    assert_true(rt_proc_alive(s->peer));
    uint32_t blocked;
    rt_fibers(s->machine, &blocked);
    return blocked;
}

static void scene_free(struct scene *s)
{
    rt_end(s->machine);
    rt_machine_free(s->machine);
}

/* Of the channel, with nothing installed at the start. */
static struct cceventmgmt_listener subscription(struct channel *c)
{
    const struct cclifecycle lc = { 0 };
    struct cceventmgmt_listener listener;
    assert_null(cclifecycle_new_channel_subscription(&lc, &c->peer, RT_STR("ch"), &listener));
    return listener;
}

/* ---- an install ---- */

static void install(void *arg)
{
    struct channel *c = arg;
    cceventmgmt_register(c->mgr, RT_STR("ch"), subscription(c));
    struct cceventmgmt_definition other = cc1;
    other.hash = RT_STR("other");
    assert_null(cceventmgmt_handle_chaincode_install(c->mgr, &other));
    cceventmgmt_chaincode_install_done(c->mgr, true);
    rt_buf_printf(&c->log, "other done\n");

    assert_null(cceventmgmt_handle_chaincode_install(c->mgr, &cc1));
    cceventmgmt_chaincode_install_done(c->mgr, false);
    rt_buf_printf(&c->log, "failed done\n");
    rt_yield();

    assert_null(cceventmgmt_handle_chaincode_install(c->mgr, &cc1));
    cceventmgmt_chaincode_install_done(c->mgr, true);
}

/* Only the very chaincode that is deployed, and an install that succeeds, lead to a query. */
static void test_install_tells_subscription(void **state)
{
    (void)state;
    struct scene s = scene_new();
    rt_go_in(s.peer, "install", install, s.channel);
    assert_int_equal(scene_end(&s), 0);
    assert_string_equal(rt_cstr(rt_buf_str(&s.channel->log)),
            "info cc\nother done\ninfo cc\nfailed done\ninfo cc\nstate cc\n");
    assert_int_equal(s.channel->executors, 0);
    scene_free(&s);
}

static void install_bad(void *arg)
{
    struct channel *c = arg;
    cceventmgmt_register(c->mgr, RT_STR("ch"), subscription(c));
    struct cceventmgmt_definition bad = { .name = RT_STR("bad") };
    struct rt_error *err = cceventmgmt_handle_chaincode_install(c->mgr, &bad);
    assert_string_equal(rt_cstr(err->text), "error unmarshalling chaincode state data: bad");
    cceventmgmt_chaincode_install_done(c->mgr, false);

    cceventmgmt_register(c->mgr, RT_STR("zz"), subscription(c));
    err = cceventmgmt_handle_chaincode_install(c->mgr, &cc1);
    assert_string_equal(rt_cstr(err->text), "Ledger not opened [zz]");
    cceventmgmt_chaincode_install_done(c->mgr, false);
    rt_buf_printf(&c->log, "end\n"); /* the lock is free again after each */
}

static void test_install_errors(void **state)
{
    (void)state;
    struct scene s = scene_new();
    rt_go_in(s.peer, "install", install_bad, s.channel);
    assert_int_equal(scene_end(&s), 0);
    assert_true(rt_str_has_suffix(rt_buf_str(&s.channel->log), RT_STR("end\n")));
    assert_int_equal(s.channel->executors, 0);
    scene_free(&s);
}

/* ---- against a commit ---- */

static void commit(void *arg)
{
    struct channel *c = arg;
    void *nothing;
    rt_recv(c->simulating, &nothing);
    assert_null(cceventmgmt_handle_chaincode_deploy(c->mgr, RT_STR("ch"), &cc1, 1));
    rt_send(c->deploying, NULL);
    rt_wlock(&c->commit_lock);
    rt_buf_printf(&c->log, "commit\n");
    rt_wunlock(&c->commit_lock);
    cceventmgmt_chaincode_deploy_done(c->mgr, RT_STR("ch"));
}

/* An install that came with a channel holds the channel's commit lock, shared, all along. */
static void install_in_simulation(void *arg)
{
    struct channel *c = arg;
    rt_rlock(&c->commit_lock);
    rt_send(c->simulating, NULL);
    void *nothing;
    rt_recv(c->deploying, &nothing);
    assert_null(cceventmgmt_handle_chaincode_install(c->mgr, &cc1));
    cceventmgmt_chaincode_install_done(c->mgr, true);
    rt_runlock(&c->commit_lock);
    rt_buf_printf(&c->log, "installed\n");
}

static void install_alone(void *arg)
{
    struct channel *c = arg;
    rt_send(c->simulating, NULL);
    assert_null(cceventmgmt_handle_chaincode_install(c->mgr, &cc1));
    cceventmgmt_chaincode_install_done(c->mgr, true);
    rt_buf_printf(&c->log, "installed\n");
}

static void register_channel(void *arg)
{
    struct channel *c = arg;
    cceventmgmt_register(c->mgr, RT_STR("ch"), subscription(c));
}

static void test_commit_and_install(void **state)
{
    (void)state;
    struct scene s = scene_new();
    rt_go_in(s.peer, "register", register_channel, s.channel);
    rt_go_in(s.peer, "commit", commit, s.channel);
    rt_go_in(s.peer, "install", install_alone, s.channel);
    assert_int_equal(scene_end(&s), 0);
    assert_true(rt_str_contains(rt_buf_str(&s.channel->log), RT_STR("commit\n")));
    assert_true(rt_str_contains(rt_buf_str(&s.channel->log), RT_STR("installed\n")));
    scene_free(&s);
}

/* The commit has the manager's lock and waits for the simulator; the install has the simulator and
 * waits for the manager: both wait forever, as in Fabric 1.4.2. */
static void test_install_in_simulation_deadlocks(void **state)
{
    (void)state;
    struct scene s = scene_new();
    rt_go_in(s.peer, "register", register_channel, s.channel);
    rt_go_in(s.peer, "commit", commit, s.channel);
    rt_go_in(s.peer, "install", install_in_simulation, s.channel);
    assert_int_equal(scene_end(&s), 2);
    assert_false(rt_str_contains(rt_buf_str(&s.channel->log), RT_STR("commit\n")));
    scene_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_install_tells_subscription),
        cmocka_unit_test(test_install_errors),
        cmocka_unit_test(test_commit_and_install),
        cmocka_unit_test(test_install_in_simulation_deadlocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
