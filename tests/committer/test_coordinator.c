/* Which private writes of a block go to the ledger: by gossip/privdata/coordinator.go of 1.4.2. */
#include "mocks/orderer/orderer.h"
#include "model/committer/coordinator.h"
#include "model/crypto/crypto.h"
#include "model/policy/policyparser.h"
#include "model/rt/clock.h"
#include "model/wire/wire.h"
#include "tests/support/test.h"
#include "tests/support/world.h"

#include "proto/collection.pb-c.h"

enum { VALID = 0, INVALID = PROTOS__TX_VALIDATION_CODE__ENDORSEMENT_POLICY_FAILURE };

/* A transaction that writes to collection "c" of "mycc", and the peer that commits it. */
struct play {
    const char *policy; /* of the collection; NULL: it is not defined */
    bool state_fails;
    bool stored; /* the peer has the writes */
    bool others; /* what it has are other ones */
    int code;    /* of the transaction */
    bool v142;
    /* What came out. */
    struct committer committer;
    struct transient_store store;
    struct block_and_pvt_data data;
    struct rt_error *err;
    const char *outcome;
};

static const rt_str tx_id = RT_STR_INIT("the transaction");
static const rt_str rwset = RT_STR_INIT("private writes");

/* ---- what is around the committer ---- */

static struct rt_error *get_state(void *self, rt_str ns, rt_str key, rt_bytes *value)
{
    const struct play *play = self;
    assert_true(rt_str_is(ns, "lscc"));
    assert_true(rt_str_is(key, "mycc~collection"));
    *value = RT_NIL;
    if (play->state_fails)
        return rt_errorf("leveldb: closed");
    if (!play->policy)
        return NULL;
    Common__CollectionConfigPackage *package = WIRE_NEW(common__collection_config_package);
    Common__CollectionConfig *config = WIRE_NEW(common__collection_config);
    Common__StaticCollectionConfig *c = WIRE_NEW(common__static_collection_config);
    Common__SignaturePolicyEnvelope *envelope;
    assert_null(cauthdsl_from_string(rt_str_from(play->policy), &envelope));
    c->name = RT_STR("c");
    c->member_orgs_policy = WIRE_NEW(common__collection_policy_config);
    c->member_orgs_policy->payload_case =
            COMMON__COLLECTION_POLICY_CONFIG__PAYLOAD_SIGNATURE_POLICY;
    c->member_orgs_policy->signature_policy = envelope;
    config->payload_case = COMMON__COLLECTION_CONFIG__PAYLOAD_STATIC_COLLECTION_CONFIG;
    config->static_collection_config = c;
    package->config = rt_new_array(Common__CollectionConfig *, 1);
    package->config[0] = config;
    package->n_config = 1;
    *value = WIRE_MARSHAL_OR_PANIC(package);
    return NULL;
}

static void done(void *self)
{
    (void)self;
}

static struct rt_error *get_query_executor(
        void *self, rt_str cid, const struct query_executor **executor)
{
    struct query_executor *qe = rt_new(struct query_executor);
    (void)cid;
    *qe = (struct query_executor){ .self = self, .get_state = get_state, .done = done };
    *executor = qe;
    return NULL;
}

static const struct identity_deserializer *get_deserializer(void *self, rt_str chain)
{
    (void)self, (void)chain;
    return msp_manager_deserializer(support_manager(MSP_V1_3));
}

/* ---- the block ---- */

static rt_bytes public_writes(void)
{
    Rwset__TxReadWriteSet *set = WIRE_NEW(rwset__tx_read_write_set);
    Rwset__NsReadWriteSet *ns = WIRE_NEW(rwset__ns_read_write_set);
    Rwset__CollectionHashedReadWriteSet *coll = WIRE_NEW(rwset__collection_hashed_read_write_set);
    Kvrwset__HashedRWSet *hashed = WIRE_NEW(kvrwset__hashed_rwset);
    Kvrwset__KVWriteHash *write = WIRE_NEW(kvrwset__kvwrite_hash);
    write->key_hash = RT_STR("k");
    hashed->hashed_writes = rt_new_array(Kvrwset__KVWriteHash *, 1);
    hashed->hashed_writes[0] = write;
    hashed->n_hashed_writes = 1;
    coll->collection_name = RT_STR("c");
    coll->hashed_rwset = WIRE_MARSHAL_OR_PANIC(hashed);
    coll->pvt_rwset_hash = crypto_sha256(rwset);
    ns->namespace_ = RT_STR("mycc");
    ns->rwset = rt_bytes_from("", 0);
    ns->collection_hashed_rwset = rt_new_array(Rwset__CollectionHashedReadWriteSet *, 1);
    ns->collection_hashed_rwset[0] = coll;
    ns->n_collection_hashed_rwset = 1;
    set->ns_rwset = rt_new_array(Rwset__NsReadWriteSet *, 1);
    set->ns_rwset[0] = ns;
    set->n_ns_rwset = 1;
    return WIRE_MARSHAL_OR_PANIC(set);
}

static rt_bytes envelope(void)
{
    const struct signing_identity *user = support_signer("user"), *peer = support_signer("peer0");
    Protos__ChaincodeInvocationSpec cis = PROTOS__CHAINCODE_INVOCATION_SPEC__INIT;
    Protos__ChaincodeSpec spec = PROTOS__CHAINCODE_SPEC__INIT;
    Protos__ChaincodeID id = PROTOS__CHAINCODE_ID__INIT;
    Protos__ProposalResponse *response;
    Protos__Proposal *proposal;
    Common__Envelope *made;
    rt_str txid = tx_id;
    id.name = RT_STR("mycc");
    spec.chaincode_id = &id;
    cis.chaincode_spec = &spec;
    rt_bytes creator = user->identity->serialize(user->identity->self);
    assert_null(protoutil_create_chaincode_proposal(COMMON__HEADER_TYPE__ENDORSER_TRANSACTION,
            RT_STR("ch"), &cis, creator, RT_STR("nonce"), 0, NULL, &proposal, &txid));
    Protos__Response ok = PROTOS__RESPONSE__INIT;
    ok.status = 200;
    assert_null(protoutil_create_proposal_response(proposal->header, proposal->payload, &ok,
            public_writes(), RT_NIL, &id, peer, &response));
    assert_null(protoutil_create_signed_tx(proposal, user, &response, 1, &made));
    return WIRE_MARSHAL_OR_PANIC(made);
}

static Common__Block *block_of(int code)
{
    Common__Block *block = WIRE_NEW(common__block);
    block->header = WIRE_NEW(common__block_header);
    block->header->number = 7;
    block->data = WIRE_NEW(common__block_data);
    block->data->data = rt_new_array(rt_bytes, 1);
    block->data->data[0] = envelope();
    block->data->n_data = 1;
    block->metadata = WIRE_NEW(common__block_metadata);
    block->metadata->n_metadata = 3;
    block->metadata->metadata = rt_new_array(rt_bytes, 3);
    const uint8_t flag = (uint8_t)code;
    block->metadata->metadata[2] = rt_bytes_dup(&flag, 1);
    return block;
}

static void store(struct play *play, rt_bytes writes)
{
    struct pvt_rwset_with_config *data = rt_new(struct pvt_rwset_with_config);
    Rwset__NsPvtReadWriteSet *ns = WIRE_NEW(rwset__ns_pvt_read_write_set);
    Rwset__CollectionPvtReadWriteSet *coll = WIRE_NEW(rwset__collection_pvt_read_write_set);
    coll->collection_name = RT_STR("c");
    coll->rwset = writes;
    ns->namespace_ = RT_STR("mycc");
    ns->collection_pvt_rwset = rt_new_array(Rwset__CollectionPvtReadWriteSet *, 1);
    ns->collection_pvt_rwset[0] = coll;
    ns->n_collection_pvt_rwset = 1;
    data->pvt_rwset = WIRE_NEW(rwset__tx_pvt_read_write_set);
    data->pvt_rwset->ns_pvt_rwset = rt_new_array(Rwset__NsPvtReadWriteSet *, 1);
    data->pvt_rwset->ns_pvt_rwset[0] = ns;
    data->pvt_rwset->n_ns_pvt_rwset = 1;
    transient_store_persist(&play->store, tx_id, 6, data);
}

/* ---- a run ---- */

static void look(void *arg)
{
    struct play *play = arg;
    play->err = coordinator_private_data(&play->committer, block_of(play->code), &play->data);
}

static void go(void *arg)
{
    struct play *play = arg;
    struct privdata_support *support = rt_new(struct privdata_support);
    struct channel_config *channel = rt_new(struct channel_config);
    *support = (struct privdata_support){ play, get_query_executor, get_deserializer };
    channel->capabilities.v142 = play->v142;
    play->committer = (struct committer){ .config = {
                                                  .channel_id = RT_STR("ch"),
                                                  .channel = channel,
                                                  .privdata = support,
                                                  .signer = support_signer("peer0"),
                                                  .transient_store = &play->store,
                                          } };
    if (play->others)
        store(play, RT_STR("other writes"));
    if (play->stored)
        store(play, rwset);
    int64_t began_ns = rt_now_ns();
    bool panics = rt_recover(look, play, NULL);
    int64_t took_ns = rt_now_ns() - began_ns;
    assert_true(took_ns == 0 || took_ns == 60000 * RT_MS);
    play->outcome = took_ns > 0 ? "missing" : "none";
    if (panics)
        play->outcome = "panic";
    else if (play->err)
        play->outcome = rt_error_is(play->err, vscc_execution_failure_error) ? "halt" : "error";
    else if (play->data.pvt[0])
        play->outcome = "own";
    if (!play->err && !panics)
        coordinator_purge(&play->committer, &play->data);
}

/* Runs, and says what came out: "own" writes, "none", "missing" (none, after the minute in which
 * other peers are asked), "halt" of the channel, or "panic"; and how many write sets the store has
 * left. */
static void expect(struct play play, const char *outcome, size_t left)
{
    support_run(&(struct rt_config){ .start_time_ms = SUPPORT_NOW_MS }, go, &play);
    assert_string_equal(play.outcome, outcome);
    assert_int_equal(play.store.count, left);
}

#define MEMBER "OR('Org1MSP.member')"
#define STRANGER "OR('Org2MSP.member')"

static void what_is_at_hand_goes_to_the_ledger(void **state)
{
    (void)state;
    expect((struct play){ .policy = MEMBER, .stored = true }, "own", 0);
    expect((struct play){ .policy = MEMBER, .stored = true, .others = true }, "own", 0);
}

static void what_is_missing_is_waited_for(void **state)
{
    (void)state;
    expect((struct play){ .policy = MEMBER }, "missing", 0);
    /* Nothing was committed, so nothing is purged. */
    expect((struct play){ .policy = MEMBER, .others = true }, "missing", 1);
}

static void who_is_no_member_keeps_nothing(void **state)
{
    (void)state;
    expect((struct play){ .policy = STRANGER, .stored = true }, "none", 1);
    expect((struct play){ .policy = STRANGER }, "none", 0);
    /* Without node OUs nobody is a peer. */
    expect((struct play){ .policy = "OR('Org1MSP.peer')", .stored = true }, "none", 1);
}

static void invalid_transactions_count_since_1_4_2(void **state)
{
    (void)state;
    expect((struct play){ .policy = MEMBER, .stored = true, .code = INVALID }, "none", 1);
    expect((struct play){ .policy = MEMBER, .stored = true, .code = INVALID, .v142 = true }, "own",
            0);
}

/* privdata.RetrieveCollectionAccessPolicy gives a nil that is no nil interface. */
static void a_collection_that_is_not_defined_is_a_panic(void **state)
{
    (void)state;
    expect((struct play){ .stored = true }, "panic", 1);
}

static void a_state_that_fails_halts_the_channel(void **state)
{
    (void)state;
    expect((struct play){ .policy = MEMBER, .state_fails = true }, "halt", 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_at_hand_goes_to_the_ledger),
        cmocka_unit_test(what_is_missing_is_waited_for),
        cmocka_unit_test(who_is_no_member_keeps_nothing),
        cmocka_unit_test(invalid_transactions_count_since_1_4_2),
        cmocka_unit_test(a_collection_that_is_not_defined_is_a_panic),
        cmocka_unit_test(a_state_that_fails_halts_the_channel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
