/* A peer's life with commits (corpora/conformance/flow.jsonl), without the endorser: the recorded
 * responses are endorsed and signed again with the world's keys, ordered, validated and committed.
 * Codes and block numbers must be the recorded ones, and every recorded read-write set must be what
 * the state of that moment gives. */
#include <string.h>

#include "mocks/orderer/orderer.h"
#include "model/ccprovider/platforms.h"
#include "model/committer/committer.h"
#include "model/ledger/kv_ledger.h"
#include "model/policy/channelconfig.h"
#include "model/protoutil/protoutil.h"
#include "model/rt/chan.h"
#include "model/scc/sysccprovider.h"
#include "model/wire/wire.h"
#include "tests/committer/helper_replay.h"
#include "tests/support/test.h"
#include "tests/support/world.h"

#define CHANNEL RT_STR("mychannel")

/* ---- a peer without an endorser ---- */

static bool is_sys_cc(void *self, rt_str name)
{
    (void)self;
    static const char *const names[] = { "lscc", "cscc", "qscc", "escc", "vscc", "+lifecycle" };
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (rt_str_is(name, names[i]))
            return true;
    }
    return false;
}

static bool never(void *self, rt_str name)
{
    (void)self;
    (void)name;
    return false;
}

static const struct system_chaincode_provider sccp = {
    .is_sys_cc = is_sys_cc,
    .is_sys_cc_and_not_invokable_cc2cc = never,
    .is_sys_cc_and_not_invokable_external = never,
};

struct life {
    struct ledger_disk *disk;
    struct msp_mgmt *mgmt;
    struct channel_config *channel;
    const struct peer_ledger *ledger;
    struct rt_proc *peer;
    struct orderer *orderer;
    struct rt_map *endorsed; /* from ref to struct endorsed */
    size_t commits;
    size_t replays;
    rt_str failure;
};

struct endorsed {
    Protos__SignedProposal *proposal;
    Protos__ProposalResponse *response;
    const char *as;
};

static void start_peer(struct life *life)
{
    life->peer = rt_proc_new("peer");
    assert_null(kv_ledger_open(life->disk, NULL, NULL, &life->ledger));
    struct committer_config config = {
        .transient_store = rt_new(struct transient_store),
        .channel_id = CHANNEL,
        .ledger = life->ledger,
        .channel = life->channel,
        .msp_mgmt = life->mgmt,
        .sccprovider = &sccp,
        .sys_cc_version = RT_STR("1.4.2"),
        .platforms = platforms_default_registry(),
    };
    orderer_subscribe(life->orderer, life->peer, committer_new(&config));
}

static void begin_life(struct life *life)
{
    const struct msp *org1 = support_msp("Org1MSP", MSP_V1_0, true);
    const struct msp *orgs[] = { support_msp("Org1MSP", MSP_V1_0, false) };
    static const rt_str capabilities[] = { RT_STR_INIT("V1_4_2") };
    struct channel_config_params params = { .channel_id = CHANNEL,
        .capabilities = capabilities,
        .capability_count = 1,
        .orgs = orgs,
        .org_count = 1 };
    assert_null(channel_config_new(&params, &life->channel));
    life->mgmt = msp_mgmt_new(org1);
    msp_mgmt_set_manager(life->mgmt, CHANNEL, life->channel->msp_manager);
    life->disk =
            ledger_disk_new(replay_load_channel(SUPPORT_WORLD "/flow-world.json", "mychannel"));
    struct orderer_config config = { .channel_id = CHANNEL, .height = 1 };
    life->orderer = orderer_new(&config);
    life->endorsed = rt_map_new();
    start_peer(life);
}

/* ---- the lines ---- */

static const char *member(const json_t *vector, const char *key)
{
    return rt_cstr(rt_str_from(json_string_value(json_object_get(vector, key))));
}

static void fail_line(struct life *life, const char *id, rt_str what)
{
    if (life->failure.len == 0)
        life->failure = rt_sprintf("%s: %S", id, what);
}

/* The recorded response, with an endorsement by the peer of the world. */
static void remember(struct life *life, const json_t *vector, rt_bytes prp)
{
    const json_t *expect = json_object_get(vector, "expect");
    struct endorsed *e = rt_new(struct endorsed);
    e->as = member(vector, "as");
    WIRE_UNMARSHAL(protos__signed_proposal, replay_hex(vector, "signed_proposal"), &e->proposal);
    e->response = WIRE_NEW(protos__proposal_response);
    e->response->payload = prp;
    e->response->response = WIRE_NEW(protos__response);
    e->response->response->status = (int32_t)json_integer_value(json_object_get(expect, "status"));
    const struct signing_identity *peer = support_signer("peer0");
    Protos__Endorsement *endorsement = WIRE_NEW(protos__endorsement);
    endorsement->endorser = peer->identity->serialize(peer->identity->self);
    peer->sign(peer->self, rt_str_cat(prp, endorsement->endorser), &endorsement->signature);
    e->response->endorsement = endorsement;
    rt_map_put(life->endorsed, rt_str_from(member(vector, "ref")), e);
}

static void propose(struct life *life, const json_t *vector)
{
    rt_bytes prp = replay_hex(json_object_get(vector, "expect"), "prp");
    if (prp.len == 0)
        return;
    life->replays++;
    if (!replay_matches(life->ledger, prp))
        fail_line(life, member(vector, "id"), RT_STR("another read-write set"));
    remember(life, vector, prp);
}

static void commit(struct life *life, const json_t *vector)
{
    const char *id = member(vector, "id");
    struct endorsed *e = rt_map_get(life->endorsed, rt_str_from(member(vector, "ref")));
    Common__Envelope *envelope;
    struct rt_error *err =
            orderer_make_envelope(e->proposal, support_signer(e->as), &e->response, 1, &envelope);
    if (err) {
        fail_line(life, id, err->text);
        return;
    }
    struct orderer_tx *tx = orderer_order_now(life->orderer, id, envelope);
    void *nothing;
    rt_recv(tx->done, &nothing);
    life->commits++;
    rt_str code = tx_validation_code_string(tx->validation_code);
    if (!rt_str_is(code, member(vector, "code")) ||
            tx->block_number != (uint64_t)json_integer_value(json_object_get(vector, "block")))
        fail_line(life, id,
                rt_sprintf("%S in block %llu", code, (unsigned long long)tx->block_number));
}

static void live(void *arg)
{
    struct life *life = arg;
    begin_life(life);
    struct support_lines lines = support_lines_of("corpora/conformance/flow.jsonl");
    const json_t *vector;
    while ((vector = support_next_vector(&lines))) {
        const char *what = member(vector, "do");
        if (strcmp(what, "propose") == 0) {
            propose(life, vector);
        } else if (strcmp(what, "commit") == 0) {
            commit(life, vector);
        } else {
            rt_proc_exit(life->peer, 9, NULL);
            start_peer(life);
        }
    }
}

/* ---- what nobody recorded: transactions that must not pass ---- */

static void commit_as(struct life *life, const char *ref, const char *endorser, bool bad_signature,
        const char *code)
{
    const struct endorsed *e = rt_map_get(life->endorsed, rt_str_from(ref));
    Protos__ProposalResponse *response = WIRE_CLONE(e->response);
    const struct signing_identity *signer = support_signer(endorser);
    response->endorsement->endorser = signer->identity->serialize(signer->identity->self);
    signer->sign(signer->self, rt_str_cat(response->payload, response->endorsement->endorser),
            &response->endorsement->signature);
    Common__Envelope *envelope;
    struct rt_error *err =
            orderer_make_envelope(e->proposal, support_signer(e->as), &response, 1, &envelope);
    if (err) {
        fail_line(life, ref, err->text);
        return;
    }
    if (bad_signature)
        signer->sign(signer->self, RT_STR("another message"), &envelope->signature);
    struct orderer_tx *tx = orderer_order_now(life->orderer, ref, envelope);
    void *nothing;
    rt_recv(tx->done, &nothing);
    rt_str actual = tx_validation_code_string(tx->validation_code);
    if (!rt_str_is(actual, code))
        fail_line(life, ref, rt_sprintf("%S instead of %s", actual, code));
}

/* After the recorded life, with responses that were never committed. Each code is what Fabric's
 * rules say: committed before; the client's signature is of something else; the endorser is of
 * another organisation; a key came into the range that was read; the chaincode was upgraded since
 * it was invoked. */
static void after_life(struct life *life)
{
    commit_as(life, "p22", "peer0", false, "DUPLICATE_TXID");
    commit_as(life, "p47", "peer0", true, "BAD_CREATOR_SIGNATURE");
    commit_as(life, "p69", "outsider", false, "ENDORSEMENT_POLICY_FAILURE");
    commit_as(life, "p69", "peer0", false, "DUPLICATE_TXID");
    commit_as(life, "p25", "peer0", false, "PHANTOM_READ_CONFLICT");
    commit_as(life, "p43", "peer0", false, "VALID");
    commit_as(life, "p44", "peer0", false, "EXPIRED_CHAINCODE");
}

static void live_and_after(void *arg)
{
    live(arg);
    after_life(arg);
}

static void run_life(rt_fn fn)
{
    struct life life = { .commits = 0 };
    struct rt *rt = rt_machine_new();
    struct rt_config config = { .max_steps = 10000000, .start_time_ms = SUPPORT_NOW_MS };
    rt_begin(rt, &config);
    struct rt_proc *test = rt_proc_new("test");
    rt_go_in(test, "main", fn, &life);
    assert_int_equal(rt_run(rt), RT_IDLE);
    if (life.failure.len)
        print_error("%s\n", rt_cstr(life.failure));
    assert_int_equal(life.failure.len, 0);
    assert_int_equal(life.commits, 135);
    assert_true(life.replays > 200);
    rt_end(rt);
    rt_machine_free(rt);
}

static void test_flow(void **state)
{
    (void)state;
    run_life(live);
}

static void test_after_flow(void **state)
{
    (void)state;
    run_life(live_and_after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_flow),
        cmocka_unit_test(test_after_flow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
