/* Registering and deploying system chaincodes. */
#include "model/ccprovider/ccprovider.h"
#include "model/ledger/ledger.h"
#include "model/rt/rt.h"
#include "model/scc/provider.h"
#include "model/shim/shim.h"
#include "proto/chaincode.pb-c.h"
#include "proto/proposal_response.pb-c.h"
#include "tests/support/test.h"

/* What the provider did, in order, one line each. */
struct log {
    struct rt_buf text;
    struct rt_error *register_result;
    struct rt_error *simulator_result;
    int32_t status;
    bool has_ledger;
    struct tx_simulator simulator;
    struct peer_ledger ledger;
};

static const char registered_err[] = "registered";

static struct rt_error *register_cc(void *self, struct ccid ccid, const struct chaincode *cc)
{
    (void)cc;
    struct log *log = self;
    rt_buf_printf(&log->text, "register %S:%S\n", ccid.name, ccid.version);
    return log->register_result;
}

static void done(void *self)
{
    rt_buf_printf(&((struct log *)self)->text, "done\n");
}

static struct rt_error *new_tx_simulator(
        void *self, rt_str tx_id, const struct tx_simulator **simulator)
{
    struct log *log = self;
    assert_true(tx_id.len > 0);
    rt_buf_printf(&log->text, "simulator\n");
    *simulator = &log->simulator;
    return log->simulator_result;
}

static const struct peer_ledger *get_ledger(void *self, rt_str cid)
{
    struct log *log = self;
    return log->has_ledger && rt_str_is(cid, "ch") ? &log->ledger : NULL;
}

static struct rt_error *execute_legacy_init(void *self, struct transaction_params *tx_params,
        const struct cc_context *cccid, Protos__ChaincodeDeploymentSpec *spec,
        Protos__Response **response, Protos__ChaincodeEvent **event)
{
    struct log *log = self;
    (void)event;
    assert_int_equal(spec->exec_env, 1);
    assert_int_equal(spec->chaincode_spec->type, 1);
    assert_int_equal(spec->chaincode_spec->input->n_args, 0);
    assert_null(tx_params->signed_prop);
    assert_true((tx_params->tx_simulator != NULL) == (tx_params->channel_id.len > 0));
    rt_buf_printf(&log->text, "init %S:%S path %S on '%S'\n", cccid->name, cccid->version,
            spec->chaincode_spec->chaincode_id->path, tx_params->channel_id);
    *response = rt_new(Protos__Response);
    (*response)->status = log->status;
    return NULL;
}

struct fixture {
    struct log log;
    struct peer_operations peer;
    struct chaincode_provider ccprov;
    struct scc_provider *provider;
};

static const struct self_describing_sys_cc lscc = { .name = RT_STR_INIT("lscc"),
    .path = RT_STR_INIT("p/lscc"),
    .invokable_external = true,
    .invokable_cc2cc = true,
    .enabled = true };
static const struct self_describing_sys_cc cscc = { .name = RT_STR_INIT("cscc"),
    .path = RT_STR_INIT("p/cscc"),
    .invokable_external = true,
    .enabled = true };
static const struct self_describing_sys_cc off = {
    .name = RT_STR_INIT("qscc"), .path = RT_STR_INIT("p/qscc"), .invokable_cc2cc = true
};

static const rt_str sample[] = { RT_STR_INIT("cscc"), RT_STR_INIT("lscc"), RT_STR_INIT("escc"),
    RT_STR_INIT("vscc"), RT_STR_INIT("qscc") };

static struct fixture *make(void)
{
    struct fixture *f = rt_new(struct fixture);
    f->log.has_ledger = true;
    f->log.status = SHIM_OK;
    f->log.ledger.self = &f->log;
    f->log.ledger.new_tx_simulator = new_tx_simulator;
    f->log.simulator.query.self = &f->log;
    f->log.simulator.query.done = done;
    f->peer.self = &f->log;
    f->peer.get_ledger = get_ledger;
    f->ccprov.self = &f->log;
    f->ccprov.execute_legacy_init = execute_legacy_init;
    f->provider = scc_provider_new(&f->peer,
            (struct registrar){
                    .self = &f->log,
                    .register_cc = register_cc,
                    .registered_err = registered_err,
            },
            RT_STR("latest"), (struct scc_whitelist){ sample, 5 });
    return f;
}

static int setup(void **state)
{
    support_arena_begin(state);
    *state = make();
    return 0;
}

static void register_all(struct fixture *f)
{
    scc_provider_register_sys_cc(f->provider, &lscc);
    scc_provider_register_sys_cc(f->provider, &cscc);
    scc_provider_register_sys_cc(f->provider, &off);
    scc_provider_register_sys_cc(f->provider, scc_lifecycle_new());
}

static void test_names(void **state)
{
    struct fixture *f = *state;
    register_all(f);
    static const struct {
        const char *name;
        bool is, not_cc2cc, not_external;
    } table[] = {
        { "lscc", true, false, false },
        { "cscc", true, true, false },
        { "qscc", true, false, true }, /* disabled, a name all the same */
        { "+lifecycle", true, false, false },
        { "escc", true, true, true },
        { "vscc", true, true, true },
        { "mycc", false, false, false },
        { "", false, false, false },
        { "LSCC", false, false, false },
    };
    const struct system_chaincode_provider *p = &f->provider->interface;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        rt_str name = rt_str_from(table[i].name);
        assert_int_equal(p->is_sys_cc(p->self, name), table[i].is);
        assert_int_equal(p->is_sys_cc_and_not_invokable_cc2cc(p->self, name), table[i].not_cc2cc);
        assert_int_equal(
                p->is_sys_cc_and_not_invokable_external(p->self, name), table[i].not_external);
    }
}

static void test_no_ledger(void **state)
{
    struct fixture *f = *state;
    const struct query_executor *qe;
    const struct system_chaincode_provider *p = &f->provider->interface;
    struct rt_error *err = p->get_query_executor_for_ledger(p->self, RT_STR("nope"), &qe);
    assert_string_equal(rt_cstr(err->text), "Could not retrieve ledger for channel nope");
}

static void test_deploy(void **state)
{
    struct fixture *f = *state;
    register_all(f);
    scc_provider_deploy_sys_ccs(f->provider, RT_STR(""), &f->ccprov);
    f->log.status = SHIM_ERROR; /* goes unnoticed */
    scc_provider_deploy_sys_ccs(f->provider, RT_STR("ch"), &f->ccprov);
    assert_string_equal(rt_cstr(rt_buf_str(&f->log.text)), "register lscc:latest\n"
                                                           "register cscc:latest\n"
                                                           "init lscc:latest path p/lscc on ''\n"
                                                           "init cscc:latest path p/cscc on ''\n"
                                                           "simulator\n"
                                                           "init lscc:latest path p/lscc on 'ch'\n"
                                                           "done\n"
                                                           "simulator\n"
                                                           "init cscc:latest path p/cscc on 'ch'\n"
                                                           "done\n");
}

/* What is not enabled is not registered, and not deployed; the peer starts all the same. So did a
 * real one with each of these settings of chaincode.system. */
static void test_whitelists(void **state)
{
    static const struct self_describing_sys_cc all[] = {
        { .name = RT_STR_INIT("lscc"), .enabled = true },
        { .name = RT_STR_INIT("cscc"), .enabled = true },
        { .name = RT_STR_INIT("qscc"), .enabled = true },
        { .name = RT_STR_INIT("+lifecycle"), .enabled = true },
    };
    (void)state;
    for (unsigned set = 0; set < 16; set++) {
        struct fixture *f = make();
        rt_str enabled[4];
        struct rt_buf registered = { 0 }, deployed = { 0 };
        f->provider->whitelist = (struct scc_whitelist){ enabled, 0 };
        for (unsigned i = 0; i < 4; i++) {
            if (!(set >> i & 1))
                continue;
            enabled[f->provider->whitelist.count++] = all[i].name;
            rt_buf_printf(&registered, "register %S:latest\n", all[i].name);
            rt_buf_printf(&deployed, "init %S:latest path  on ''\n", all[i].name);
        }
        for (size_t i = 0; i < 4; i++)
            scc_provider_register_sys_cc(f->provider, &all[i]);
        scc_provider_deploy_sys_ccs(f->provider, RT_STR(""), &f->ccprov);
        rt_str expected = rt_str_cat(rt_buf_str(&registered), rt_buf_str(&deployed));
        assert_string_equal(rt_cstr(rt_buf_str(&f->log.text)), rt_cstr(expected));
        assert_true(f->provider->interface.is_sys_cc(f->provider, RT_STR("qscc")));
    }
}

static void test_no_simulator(void **state)
{
    struct fixture *f = *state;
    scc_provider_register_sys_cc(f->provider, &lscc);
    f->log.simulator_result = rt_errorf("no");
    scc_provider_deploy_sys_ccs(f->provider, RT_STR("ch"), &f->ccprov);
    assert_string_equal(rt_cstr(rt_buf_str(&f->log.text)), "register lscc:latest\nsimulator\n");
}

static void deploy_unknown(void *arg)
{
    struct fixture *f = arg;
    scc_provider_deploy_sys_ccs(f->provider, RT_STR("other"), &f->ccprov);
}

static void register_lscc(void *arg)
{
    struct fixture *f = arg;
    scc_provider_register_sys_cc(f->provider, &lscc);
}

static void test_panics(void **state)
{
    struct fixture *f = *state;
    rt_str text;
    assert_false(rt_recover(register_lscc, f, &text));
    assert_true(rt_recover(deploy_unknown, f, &text));
    assert_string_equal(rt_cstr(text),
            "syschain lscc start up failure - unexpected nil ledger for channel other");

    f->log.register_result = rt_errorf("full");
    assert_true(rt_recover(register_lscc, f, &text));
    assert_true(rt_str_has_prefix(
            text, RT_STR("Could not register system chaincode: could not register (p/lscc,")));
    assert_true(rt_str_has_suffix(text, RT_STR("): full")));

    /* Fabric means to let this one pass, and then hands it to its caller. */
    f->log.register_result = rt_error_typed(registered_err, NULL, RT_STR("lscc is there"));
    assert_true(rt_recover(register_lscc, f, &text));
    assert_string_equal(rt_cstr(text), "Could not register system chaincode: lscc is there");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_names, setup, support_arena_end),
        cmocka_unit_test_setup_teardown(test_no_ledger, setup, support_arena_end),
        cmocka_unit_test_setup_teardown(test_deploy, setup, support_arena_end),
        cmocka_unit_test_setup_teardown(test_whitelists, setup, support_arena_end),
        cmocka_unit_test_setup_teardown(test_no_simulator, setup, support_arena_end),
        cmocka_unit_test_setup_teardown(test_panics, setup, support_arena_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
