/* sim: simulators, query executors and iterators end, and are not used afterwards. */
#include "model/ccprovider/ccprovider.h"
#include "model/ledger/kv_ledger.h"
#include "model/rt/chan.h"
#include "model/scc/provider.h"
#include "model/shim/shim.h"
#include "tests/harness/support/story.h"
#include "tests/support/test.h"

#include "proto/proposal_response.pb-c.h"

/* ---- stories ---- */

static void use_after_close(void *arg)
{
    (void)arg;
    SAY(.kind = OBSERVED_ITERATOR_OPENED, .object = handler(2));
    SAY(.kind = OBSERVED_ITERATOR_CLOSED, .object = handler(2));
    SAY(.kind = OBSERVED_ITERATOR_USED, .object = handler(2));
}

static void use_after_done(void *arg)
{
    (void)arg;
    SAY(.kind = OBSERVED_SIMULATOR_USED, .simulator = handler(3), .place = "here.c use");
    SAY(.kind = OBSERVED_SIMULATOR_DONE, .simulator = handler(3));
    SAY(.kind = OBSERVED_SIMULATOR_USED, .simulator = handler(3), .place = "here.c use");
}

static void iterator_after_done(void *arg)
{
    (void)arg;
    SAY(.kind = OBSERVED_ITERATOR_OPENED, .object = handler(2), .simulator = handler(3));
    SAY(.kind = OBSERVED_SIMULATOR_DONE, .simulator = handler(3));
    SAY(.kind = OBSERVED_ITERATOR_USED, .object = handler(2));
    SAY(.kind = OBSERVED_ITERATOR_CLOSED, .object = handler(2));
}

/* What ends is another simulator; iterators over the history belong to none. */
static void use_before_done(void *arg)
{
    (void)arg;
    SAY(.kind = OBSERVED_ITERATOR_OPENED, .object = handler(1));
    SAY(.kind = OBSERVED_ITERATOR_OPENED, .object = handler(2), .simulator = handler(3));
    SAY(.kind = OBSERVED_SIMULATOR_DONE, .simulator = handler(4));
    SAY(.kind = OBSERVED_SIMULATOR_USED, .simulator = handler(3), .place = "here.c use");
    SAY(.kind = OBSERVED_ITERATOR_USED, .object = handler(2));
    SAY(.kind = OBSERVED_ITERATOR_CLOSED, .object = handler(2));
    SAY(.kind = OBSERVED_SIMULATOR_DONE, .simulator = handler(3));
    SAY(.kind = OBSERVED_SIMULATOR_DONE, .simulator = handler(3));
    SAY(.kind = OBSERVED_ITERATOR_USED, .object = handler(1));
    SAY(.kind = OBSERVED_ITERATOR_CLOSED, .object = handler(1));
}

static void open_and_leave(void *arg)
{
    (void)arg;
    SAY(.kind = OBSERVED_SIMULATOR_OPENED, .simulator = handler(3), .place = "simulator");
    SAY(.kind = OBSERVED_SIMULATOR_OPENED, .simulator = handler(4), .place = "query executor");
    SAY(.kind = OBSERVED_SIMULATOR_DONE, .simulator = handler(4));
}

static void open_and_end(void *arg)
{
    (void)arg;
    SAY(.kind = OBSERVED_SIMULATOR_OPENED, .simulator = handler(3), .place = "simulator");
    SAY(.kind = OBSERVED_SIMULATOR_DONE, .simulator = handler(3));
    SAY(.kind = OBSERVED_SIMULATOR_DONE, .simulator = handler(3));
}

/* A goroutine that waits for ever is somebody else's finding, not this invariant's. */
static void open_and_wait(void *arg)
{
    void *value;
    (void)arg;
    SAY(.kind = OBSERVED_SIMULATOR_OPENED, .simulator = handler(3), .place = "simulator");
    rt_recv(rt_chan_make(0, "never"), &value);
}

static void open_and_serve(void *arg)
{
    rt_daemon();
    open_and_wait(arg);
}

static void open_and_die(void *arg)
{
    (void)arg;
    SAY(.kind = OBSERVED_SIMULATOR_OPENED, .simulator = handler(3), .place = "simulator");
    rt_proc_exit(check.peer, 137, NULL);
}

static void test_silent_on_use_before_the_end(void **state)
{
    (void)state;
    expect_silence(use_before_done);
    expect_silence(open_and_end);
    expect_silence(open_and_die);
}

static void test_use_after_the_end(void **state)
{
    (void)state;
    expect_finding(use_after_close, "sim");
    expect_finding(use_after_done, "sim");
    expect_finding(iterator_after_done, "sim");
    expect_id(use_after_done, "sim/here.c use/story");
    expect_id(iterator_after_done, "sim/iterator of a simulator/story");
    expect_id(use_after_close, "sim/iterator/story");
}

static void test_never_done(void **state)
{
    (void)state;
    expect_id(open_and_leave, "sim/open simulator/story");
    expect_id(open_and_serve, "sim/open simulator/story");
    expect_finding(open_and_wait, "quiesce");
}

/* ---- the ledger tells ---- */

static const struct peer_ledger *open_channel(void)
{
    struct world_channel *channel = rt_new(struct world_channel);
    const struct peer_ledger *ledger;
    channel->name = RT_STR("ch");
    channel->height = 2;
    assert_null(kv_ledger_open(ledger_disk_new(channel), NULL, NULL, &ledger));
    kv_ledger_set_observer(ledger, &check.observer);
    return ledger;
}

static void executor_done(void *arg)
{
    const struct peer_ledger *ledger = open_channel();
    const struct query_executor *qe;
    rt_bytes value;
    (void)arg;
    assert_null(ledger->new_query_executor(ledger->self, &qe));
    assert_null(qe->get_state(qe->self, RT_STR("lscc"), RT_STR("mycc"), &value));
    qe->done(qe->self);
    qe->done(qe->self);
}

static void executor_kept(void *arg)
{
    const struct peer_ledger *ledger = open_channel();
    const struct query_executor *qe;
    (void)arg;
    assert_null(ledger->new_query_executor(ledger->self, &qe));
}

static void executor_used_late(void *arg)
{
    const struct peer_ledger *ledger = open_channel();
    const struct query_executor *qe;
    rt_bytes value;
    (void)arg;
    assert_null(ledger->new_query_executor(ledger->self, &qe));
    qe->done(qe->self);
    assert_non_null(qe->get_state(qe->self, RT_STR("lscc"), RT_STR("mycc"), &value));
}

static void results_taken_late(void *arg)
{
    const struct peer_ledger *ledger = open_channel();
    const struct tx_simulator *sim;
    struct tx_simulation_results *results;
    (void)arg;
    assert_null(ledger->new_tx_simulator(ledger->self, RT_STR("tx"), &sim));
    sim->query.done(sim->query.self);
    assert_null(sim->get_tx_simulation_results(sim->self, &results));
}

static void test_ledger(void **state)
{
    (void)state;
    expect_silence(executor_done);
    expect_id(executor_kept, "sim/open query executor/story");
    expect_id(executor_used_late, "sim/query_helper.c query executor/story");
    expect_id(results_taken_late, "sim/tx_simulator.c get_tx_simulation_results/story");
}

/* ---- deploySysCC ---- */

struct sys_ccs {
    const struct peer_ledger *channel;
    const struct peer_ledger *ledger; /* the channel's, or the planted one around it */
    struct peer_ledger forgetful;
    struct tx_simulator kept;
    unsigned inits;
    struct rt_error *err; /* of Init */
};

static const struct peer_ledger *get_ledger(void *self, rt_str cid)
{
    (void)cid;
    return ((struct sys_ccs *)self)->ledger;
}

static struct rt_error *register_cc(void *self, struct ccid ccid, const struct chaincode *cc)
{
    (void)self, (void)ccid, (void)cc;
    return NULL;
}

static struct rt_error *init(void *self, struct transaction_params *tx_params,
        const struct cc_context *cccid, Protos__ChaincodeDeploymentSpec *spec,
        Protos__Response **response, Protos__ChaincodeEvent **event)
{
    struct sys_ccs *s = self;
    rt_bytes value;
    (void)cccid, (void)spec, (void)event;
    const struct query_executor *q = &tx_params->tx_simulator->query;
    assert_null(q->get_state(q->self, RT_STR("lscc"), RT_STR("mycc"), &value));
    s->inits++;
    *response = rt_new(Protos__Response);
    protos__response__init(*response);
    (*response)->status = SHIM_OK;
    return s->err;
}

static void deploy(struct sys_ccs *s)
{
    static const struct self_describing_sys_cc cscc = { .name = RT_STR_INIT("cscc"),
        .enabled = true };
    struct peer_operations peer = { .self = s, .get_ledger = get_ledger };
    struct chaincode_provider ccprov = { .self = s, .execute_legacy_init = init };
    struct scc_provider *provider =
            scc_provider_new(&peer, (struct registrar){ NULL, register_cc, "" }, RT_STR("1"),
                    (struct scc_whitelist){ &cscc.name, 1 });
    scc_provider_register_sys_cc(provider, &cscc);
    scc_provider_deploy_sys_ccs(provider, RT_STR("ch"), &ccprov);
    assert_int_equal(s->inits, 1);
}

static void deployed(void *arg)
{
    struct sys_ccs *s = rt_new(struct sys_ccs);
    (void)arg;
    s->ledger = open_channel();
    deploy(s);
}

static void deployed_with_error(void *arg)
{
    struct sys_ccs *s = rt_new(struct sys_ccs);
    (void)arg;
    s->ledger = open_channel();
    s->err = rt_errorf("timeout expired while starting chaincode");
    deploy(s);
}

/* The planted twin: its simulator's Done does nothing, as if deploySysCC had none. */
static void no_done(void *self)
{
    (void)self;
}

static struct rt_error *forgetful_simulator(
        void *self, rt_str tx_id, const struct tx_simulator **simulator)
{
    struct sys_ccs *s = self;
    const struct tx_simulator *sim;
    assert_null(s->channel->new_tx_simulator(s->channel->self, tx_id, &sim));
    s->kept = *sim;
    s->kept.query.done = no_done;
    *simulator = &s->kept;
    return NULL;
}

static void deployed_and_kept(void *arg)
{
    struct sys_ccs *s = rt_new(struct sys_ccs);
    (void)arg;
    s->channel = open_channel();
    s->forgetful = (struct peer_ledger){ .self = s, .new_tx_simulator = forgetful_simulator };
    s->ledger = &s->forgetful;
    deploy(s);
}

static void test_deploy_sys_cc(void **state)
{
    (void)state;
    expect_silence(deployed);
    expect_silence(deployed_with_error);
    expect_id(deployed_and_kept, "sim/open simulator/story");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_silent_on_use_before_the_end),
        cmocka_unit_test(test_use_after_the_end),
        cmocka_unit_test(test_never_done),
        cmocka_unit_test(test_ledger),
        cmocka_unit_test(test_deploy_sys_cc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
