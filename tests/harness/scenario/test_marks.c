/* The marks of fields that goroutines share (docs/runtime.md). What a lock guards is silent, and a
 * race as soon as that lock orders nothing; what is written before others are started is silent,
 * and a race in a twin that starts them too early. */
#include <stdio.h>
#include <string.h>

#include "model/ccprovider/store.h"
#include "model/container/inproc_vm.h"
#include "model/lscc/cceventmgmt.h"
#include "model/rt/race.h"
#include "model/scc/provider.h"
#include "model/shim/handler.h"
#include "tests/harness/support/schedules.h"
#include "tests/support/random.h"
#include "tests/support/test.h"

enum { SCHEDULES = 20 };

/* ---- guarded by a lock ---- */

/* How many of the schedules show a race of this field. */
static unsigned races_with(const char *path, const char *unordered_lock, const char *field)
{
    char id[128];
    snprintf(id, sizeof(id), "race/%s/", field);
    struct lab_options options = { .races = true, .unordered_lock = unordered_lock };
    return schedules_with(path, &options, SCHEDULES, id);
}

static void test_locks(void **state)
{
    static const struct {
        const char *scenario;
        const char *lock;
        const char *field;
    } marks[] = {
        { "scenarios/two-invokes.json", "VMController", "VMController.containerLocks" },
        { "scenarios/slow-start.json", "VMController", "refCountedLock.refCount" },
        { "scenarios/two-invokes.json", "shim.Handler", "shim.Handler.responseChannel" },
        { "scenarios/two-invokes.json", "ccInfoCache", "ccInfoCache.cache" },
        { "scenarios/two-invokes.json", "inproccontroller.Registry", "inproccontroller map" },
        { "scenarios/two-invokes.json", "pluginEndorser", "PluginEndorser.pluginChannelMapping" },
        { "scenarios/two-invokes.json", "pluginsByChannel", "pluginsByChannel.channels2Plugins" },
        { "scenarios/races/deploys-at-once.json", "cceventmgmt.callbackStatus.l",
                "cceventmgmt.callbackStatus" },
        { "scenarios/names-share-container.json", "cclifecycle.Subscription",
                "Subscription.pendingUpdates" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        if (races_with(marks[i].scenario, NULL, marks[i].field) != 0)
            fail_msg("%s is a race, though %s guards it", marks[i].field, marks[i].lock);
        if (races_with(marks[i].scenario, marks[i].lock, marks[i].field) == 0)
            fail_msg("%s is no race, though %s orders nothing", marks[i].field, marks[i].lock);
    }
}

/* ---- small programs ---- */

/* What a program and its second goroutine share, in the run's arena. */
struct program {
    bool early; /* the second goroutine does not wait for what it uses */
    struct scc_provider *sccs;
    struct memory_fs *fs;
    struct package_store *packages;
    struct inproc_registry *registry;
    struct cceventmgmt_mgr *mgr;
    struct shim_handler *shim;
    struct peer_chaincode_stream stream;
};

/* The races' fields, in order, with a space behind each. */
static void races_of(
        rt_fn fn, bool early, const char *unordered_lock, uint64_t seed, char *found, size_t size)
{
    struct rt *rt = rt_machine_new();
    struct rt_rng rng = { seed };
    struct rt_source source = random_source(&rng);
    const struct rt_config config = {
        .source = &source, .track_races = true, .unordered_lock = unordered_lock
    };
    rt_begin(rt, &config);
    struct program *p = rt_new(struct program);
    p->early = early;
    struct rt_proc *proc = rt_proc_new("p");
    rt_go_in(proc, "main", fn, p);
    assert_int_equal(rt_run(rt), RT_IDLE);
    assert_null(rt_proc_panic(proc).data);
    size_t count, len = 0;
    const struct rt_race *races = rt_races(rt, &count);
    found[0] = 0;
    for (size_t i = 0; i < count; i++)
        len += (size_t)snprintf(found + len, size - len, "%s ", races[i].field);
    rt_end(rt);
    rt_machine_free(rt);
}

/* Silent in order, a race of this field when the second goroutine is early. */
static void assert_twin(rt_fn fn, const char *field)
{
    char found[256], expected[64];
    snprintf(expected, sizeof(expected), "%s ", field);
    for (uint64_t seed = 1; seed <= SCHEDULES; seed++) {
        races_of(fn, false, NULL, seed, found, sizeof(found));
        assert_string_equal(found, "");
        races_of(fn, true, NULL, seed, found, sizeof(found));
        assert_string_equal(found, expected);
    }
}

static struct rt_error *register_cc(void *self, struct ccid ccid, const struct chaincode *cc)
{
    (void)self, (void)ccid, (void)cc;
    return NULL;
}

static void ask_sys_cc(void *arg)
{
    struct program *p = arg;
    (void)p->sccs->interface.is_sys_cc(p->sccs, RT_STR("cscc"));
}

/* A peer registers its system chaincodes before it serves. */
static void sys_ccs(void *arg)
{
    static const struct self_describing_sys_cc cscc = { .name = RT_STR_INIT("cscc") };
    struct program *p = arg;
    p->sccs = scc_provider_new(NULL, (struct registrar){ NULL, register_cc, "" }, RT_STR("1"),
            (struct scc_whitelist){ 0 });
    if (p->early)
        rt_go("g", ask_sys_cc, p);
    scc_provider_register_sys_cc(p->sccs, &cscc);
    if (!p->early)
        rt_go("g", ask_sys_cc, p);
}

static void make_packages(void *arg)
{
    struct program *p = arg;
    p->packages = package_store_new(memory_fs_interface(p->fs), RT_STR("/cc"));
}

/* SetChaincodesPath comes before all else. */
static void install_path(void *arg)
{
    struct program *p = arg;
    p->fs = memory_fs_new();
    if (p->early)
        rt_go("g", make_packages, p);
    else
        make_packages(p);
    while (!p->packages)
        rt_yield();
    (void)package_store_path(p->packages);
}

static void start_cscc(void *arg)
{
    struct program *p = arg;
    struct vm vm = inproc_vm_new(p->registry);
    struct rt_error *err = vm.start(vm.self, (struct ccid){ .name = RT_STR("cscc") },
            (struct str_slice){ 0 }, (struct str_slice){ 0 }, NULL, (struct builder){ 0 });
    assert_null(err);
}

static struct rt_error *no_stream(void *self, struct chaincode_stream stream)
{
    (void)self, (void)stream;
    return rt_eof;
}

/* The registry is made first and gets its ChaincodeSupport before anything is started. */
static void chaincode_support(void *arg)
{
    static const struct chaincode nothing;
    struct program *p = arg;
    const struct ccid ccid = { .name = RT_STR("cscc") };
    p->registry = inproc_registry_new();
    assert_null(inproc_registry_register(p->registry, &ccid, &nothing));
    if (p->early)
        rt_go("g", start_cscc, p);
    inproc_registry_set_chaincode_support(p->registry, (struct cc_support){ p, no_stream });
    if (!p->early)
        rt_go("g", start_cscc, p);
}

static void test_start_up(void **state)
{
    (void)state;
    assert_twin(sys_ccs, "scc.Provider.SysCCs");
    assert_twin(install_path, "ccprovider.chaincodeInstallPath");
    assert_twin(chaincode_support, "Registry.ChaincodeSupport");
}

static struct rt_error *sends_nothing(void *self, Protos__ChaincodeMessage *msg)
{
    (void)self, (void)msg;
    return NULL;
}

static void handle_ready(void *arg)
{
    struct program *p = arg;
    RT_DROP(shim_handler_handle_message(
            p->shim, chaincode_message_new(CC_MSG(READY), RT_NIL, RT_STR(""), RT_STR("")), NULL));
}

/* The shim's state belongs to the goroutine that reads the stream; no lock guards it. */
static void shim_state(void *arg)
{
    struct program *p = arg;
    p->stream.send = sends_nothing;
    p->shim = shim_handler_new(&p->stream, NULL);
    if (p->early)
        rt_go("g", handle_ready, p);
    RT_DROP(shim_handler_handle_message(p->shim,
            chaincode_message_new(CC_MSG(REGISTERED), RT_NIL, RT_STR(""), RT_STR("")), NULL));
    if (!p->early)
        handle_ready(p);
}

static void test_shim_state(void **state)
{
    (void)state;
    assert_twin(shim_state, "shim.Handler.state");
}

static void register_listener(void *arg)
{
    struct program *p = arg;
    cceventmgmt_register(p->mgr, RT_STR("ch"), (struct cceventmgmt_listener){ 0 });
}

static void listeners(void *arg)
{
    struct program *p = arg;
    p->mgr = cceventmgmt_new_mgr((struct cceventmgmt_info_provider){ 0 });
    rt_go("g", register_listener, p);
    register_listener(p);
}

static void test_listeners(void **state)
{
    char found[256];
    (void)state;
    for (uint64_t seed = 1; seed <= SCHEDULES; seed++) {
        races_of(listeners, false, NULL, seed, found, sizeof(found));
        assert_string_equal(found, "");
        races_of(listeners, false, "cceventmgmt.Mgr.rwlock", seed, found, sizeof(found));
        assert_string_equal(found, "cceventmgmt.Mgr.ccLifecycleListeners ");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_locks),
        cmocka_unit_test(test_start_up),
        cmocka_unit_test(test_shim_state),
        cmocka_unit_test(test_listeners),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
