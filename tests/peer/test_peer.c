/* One peer by itself, without Docker: from a world to answers, and what its disk keeps. The world
 * is the recorded one; texts are those of Fabric 1.4.2 and of gRPC's server. */
#include "harness/world/world.h"
#include "model/gostd/tar.h"
#include "model/ledger/ledger.h"
#include "model/msp/msp.h"
#include "model/peer/peer.h"
#include "model/protoutil/protoutil.h"
#include "model/wire/wire.h"
#include "tests/support/test.h"

#include "proto/chaincode_shim.pb-c.h"
#include "proto/ledger.pb-c.h"
#include "proto/proposal.pb-c.h"
#include "proto/query.pb-c.h"

struct fixture {
    struct world *world;
    struct peer_base *base;
    struct rt *rt;
    struct peer_disk *disk;
    struct peer *peer;
};

static struct peer *start(const struct fixture *f, struct peer_disk *disk)
{
    const struct peer_config config = { .base = f->base, .disk = disk };
    return peer_start(&config);
}

/* Whoever was started last goes first, so that those who must wait for others have to. */
static uint32_t choose_last(void *self, const struct rt_choice *c)
{
    (void)self;
    return c->options - 1;
}

static int begin(void **state)
{
    static const struct rt_source source = { .choose = choose_last };
    static struct fixture f;
    struct rt_error *err;
    f = (struct fixture){ .world = world_load("corpora/conformance/world/world.json") };
    assert_non_null(f.world);
    f.base = peer_base_new(f.world, &err);
    assert_non_null(f.base);
    f.rt = rt_machine_new();
    const struct rt_config config = { .source = &source, .start_time_ms = f.world->now_ms };
    rt_begin(f.rt, &config);
    f.disk = peer_disk_new(f.base);
    f.peer = start(&f, f.disk);
    *state = &f;
    return 0;
}

static int end(void **state)
{
    const struct fixture *f = *state;
    rt_end(f->rt);
    rt_machine_free(f->rt);
    peer_base_free(f->base);
    world_free(f->world);
    return 0;
}

/* ---- requests ---- */

/* The bytes of a proposal of the world's administrator. */
static rt_bytes request(const struct fixture *f, rt_str channel, const char *chaincode,
        rt_bytes *args, size_t count)
{
    static uint8_t nonce;
    const struct world_identity *admin = world_find_identity(f->world, "admin");
    const struct signing_identity *signer;
    assert_null(msp_signer_new(admin->mspid, admin->cert_pem, admin->key_pem, &signer));
    Protos__ChaincodeInput input = PROTOS__CHAINCODE_INPUT__INIT;
    input.n_args = count;
    input.args = args;
    Protos__ChaincodeID id = PROTOS__CHAINCODE_ID__INIT;
    id.name = rt_str_from(chaincode);
    Protos__ChaincodeSpec spec = PROTOS__CHAINCODE_SPEC__INIT;
    spec.type = PROTOS__CHAINCODE_SPEC__TYPE__GOLANG;
    spec.chaincode_id = &id;
    spec.input = &input;
    Protos__ChaincodeInvocationSpec cis = PROTOS__CHAINCODE_INVOCATION_SPEC__INIT;
    cis.chaincode_spec = &spec;
    Protos__Proposal *proposal;
    rt_str txid = RT_STR("");
    nonce++;
    assert_null(protoutil_create_chaincode_proposal(COMMON__HEADER_TYPE__ENDORSER_TRANSACTION,
            channel, &cis, signer->identity->serialize(signer->identity->self),
            rt_bytes_dup(&nonce, 1), f->world->now_ms * 1000000, NULL, &proposal, &txid));
    Protos__SignedProposal *signed_proposal;
    assert_null(protoutil_get_signed_proposal(proposal, signer, &signed_proposal));
    return WIRE_MARSHAL_OR_PANIC(signed_proposal);
}

static struct peer_call *call(const struct fixture *f, struct peer *peer, rt_str channel,
        const char *chaincode, const char *function)
{
    rt_bytes args[] = { rt_str_from(function) };
    return peer_process_proposal(peer, function, request(f, channel, chaincode, args, 1));
}

static const Protos__Response *response_of(const struct peer_call *c)
{
    assert_true(c->done);
    assert_null(c->error);
    assert_null(c->code);
    return c->response->response;
}

/* ---- cases ---- */

/* A call that comes while the peer starts waits until it serves. */
static void test_call_before_serving(void **state)
{
    const struct fixture *f = *state;
    struct peer_call *c = call(f, f->peer, RT_STR(""), "cscc", "GetChannels");
    assert_false(peer_serving(f->peer));
    assert_true(rt_step(f->rt));
    assert_false(c->done);
    assert_int_equal(rt_run(f->rt), RT_IDLE);
    assert_true(peer_serving(f->peer));
    assert_int_equal(response_of(c)->status, 200);
    Protos__ChannelQueryResponse *channels;
    assert_null(WIRE_UNMARSHAL(protos__channel_query_response, response_of(c)->payload, &channels));
    assert_int_equal(channels->n_channels, 2);
    rt_str first = channels->channels[0]->channel_id, second = channels->channels[1]->channel_id;
    assert_true(rt_str_is(first, "mychannel") || rt_str_is(first, "oldchannel"));
    assert_true(rt_str_is(second, "mychannel") || rt_str_is(second, "oldchannel"));
    assert_false(rt_str_eq(first, second));
}

static void test_refused_calls(void **state)
{
    const struct fixture *f = *state;
    struct peer_call *garbage = peer_process_proposal(f->peer, "garbage", RT_STR("\x0a\x05"));
    struct peer_call *unknown = call(f, f->peer, RT_STR("nosuch"), "mycc", "get");
    (void)rt_run(f->rt);
    assert_true(garbage->done);
    assert_null(garbage->response);
    assert_string_equal(garbage->code, "Internal");
    assert_true(
            rt_str_is(garbage->error->text, "grpc: error unmarshalling request: unexpected EOF"));
    assert_true(unknown->done);
    assert_string_equal(unknown->code, "Unknown");
    assert_true(rt_str_is(
            unknown->error->text, "access denied: channel [nosuch] creator org [Org1MSP]"));
}

static void test_channels(void **state)
{
    const struct fixture *f = *state;
    Common__BlockchainInfo *info;
    (void)rt_run(f->rt);
    const struct peer_ledger *ledger = peer_ledger(f->peer, RT_STR("mychannel"));
    assert_null(ledger->get_blockchain_info(ledger->self, &info));
    assert_int_equal(info->height, 3);
    assert_non_null(peer_committer(f->peer, RT_STR("oldchannel")));
    assert_non_null(peer_base_channel(f->base, RT_STR("oldchannel")));
    assert_ptr_not_equal(ledger, peer_ledger(f->peer, RT_STR("oldchannel")));
    assert_null(peer_ledger(f->peer, RT_STR("nosuch")));
    assert_null(peer_committer(f->peer, RT_STR("nosuch")));
    assert_null(peer_base_channel(f->base, RT_STR("nosuch")));
}

/* The version of the chaincode that an endorsement is about. */
static rt_str endorsed_version(const struct peer_call *c)
{
    Protos__ProposalResponsePayload *payload;
    Protos__ChaincodeAction *action;
    assert_int_equal(response_of(c)->status, 200);
    assert_null(WIRE_UNMARSHAL(protos__proposal_response_payload, c->response->payload, &payload));
    assert_null(WIRE_UNMARSHAL(protos__chaincode_action, payload->extension, &action));
    return action->chaincode_id->version;
}

/* The recorded peer was built without a stamp, the released one has the release's. */
static void test_system_chaincode_version(void **state)
{
    struct fixture *f = *state;
    static const char *const versions[] = { "latest", "1.4.2" };
    for (size_t i = 0; i < 2; i++) {
        f->world->peer.system_chaincode_version = rt_str_from(versions[i]);
        struct peer *peer = start(f, f->disk);
        struct peer_call *c = call(f, peer, RT_STR("mychannel"), "lscc", "getchaincodes");
        (void)rt_run(f->rt);
        assert_true(rt_str_is(endorsed_version(c), versions[i]));
    }
}

/* ---- a chaincode's stream ---- */

struct stream_end {
    bool ended;
    rt_str text;
};

static struct rt_error *recv_nothing(void *self, Protos__ChaincodeMessage **message)
{
    (void)self;
    *message = NULL;
    return rt_errorf("gone");
}

static void stream_ended(void *arg, struct rt_error *err)
{
    *(struct stream_end *)arg = (struct stream_end){ true, err->text };
}

static void test_stream(void **state)
{
    const struct fixture *f = *state;
    const struct chaincode_stream stream = { NULL, NULL, recv_nothing };
    struct stream_end seen = { 0 };
    const struct register_stream served = { stream, RT_NIL };
    peer_serve_chaincode(f->peer, &served, stream_ended, &seen);
    assert_false(seen.ended);
    (void)rt_run(f->rt);
    assert_true(seen.ended);
    assert_true(rt_str_is(seen.text, "receive failed: gone"));
}

/* ---- the disk ---- */

static rt_bytes package(void)
{
    struct rt_buf tar = { 0 };
    struct tar_writer writer = { .out = &tar };
    tar_write_bytes_to_package(&writer, RT_STR("src/kept/kept.go"), RT_STR("package main\n"));
    assert_null(tar_writer_close(&writer));
    Protos__ChaincodeID id = PROTOS__CHAINCODE_ID__INIT;
    id.name = RT_STR("kept");
    id.version = RT_STR("1");
    id.path = RT_STR("kept");
    Protos__ChaincodeSpec spec = PROTOS__CHAINCODE_SPEC__INIT;
    spec.type = PROTOS__CHAINCODE_SPEC__TYPE__GOLANG;
    spec.chaincode_id = &id;
    Protos__ChaincodeDeploymentSpec cds = PROTOS__CHAINCODE_DEPLOYMENT_SPEC__INIT;
    cds.chaincode_spec = &spec;
    cds.code_package = gzip_compress(rt_buf_str(&tar));
    return WIRE_MARSHAL_OR_PANIC(&cds);
}

/* How many chaincodes the peer has installed, and whether "kept" is one of them. */
static size_t installed(const struct fixture *f, struct peer *peer, bool *kept)
{
    struct peer_call *c = call(f, peer, RT_STR(""), "lscc", "getinstalledchaincodes");
    Protos__ChaincodeQueryResponse *list;
    (void)rt_run(f->rt);
    assert_null(WIRE_UNMARSHAL(protos__chaincode_query_response, response_of(c)->payload, &list));
    *kept = false;
    for (size_t i = 0; i < list->n_chaincodes; i++)
        *kept |= rt_str_is(list->chaincodes[i]->name, "kept");
    return list->n_chaincodes;
}

/* What is installed outlives the peer; a call that it did not answer never returns. */
static void test_restart(void **state)
{
    const struct fixture *f = *state;
    rt_bytes args[] = { RT_STR("install"), package() };
    struct peer_call *install =
            peer_process_proposal(f->peer, "install", request(f, RT_STR(""), "lscc", args, 2));
    bool kept;
    (void)rt_run(f->rt);
    assert_int_equal(response_of(install)->status, 200);
    struct peer_call *cut = call(f, f->peer, RT_STR(""), "cscc", "GetChannels");
    rt_proc_exit(peer_proc(f->peer), 0, NULL);
    struct peer *again = start(f, f->disk);
    assert_int_equal(installed(f, again, &kept), f->world->package_count + 1);
    assert_true(kept);
    assert_false(cut->done);
    assert_int_equal(
            installed(f, start(f, peer_disk_new(f->base)), &kept), f->world->package_count);
    assert_false(kept);
}

/* ---- worlds that make no sense ---- */

static void test_bad_worlds(void **state)
{
    const struct fixture *f = *state;
    struct world_channel channel = f->world->channels[0];
    struct world world = *f->world;
    struct rt_error *err;
    rt_str org = RT_STR("NoMSP");
    channel.orgs = &org;
    channel.org_count = 1;
    world.channels = &channel;
    world.channel_count = 1;
    assert_null(peer_base_new(&world, &err));
    assert_true(rt_str_contains(err->text, RT_STR("NoMSP")));
    world = *f->world;
    world.peer.identity.key_pem = RT_STR("no key");
    assert_null(peer_base_new(&world, &err));
    assert_true(rt_str_contains(err->text, RT_STR("Org1MSP")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_call_before_serving, begin, end),
        cmocka_unit_test_setup_teardown(test_refused_calls, begin, end),
        cmocka_unit_test_setup_teardown(test_channels, begin, end),
        cmocka_unit_test_setup_teardown(test_system_chaincode_version, begin, end),
        cmocka_unit_test_setup_teardown(test_stream, begin, end),
        cmocka_unit_test_setup_teardown(test_restart, begin, end),
        cmocka_unit_test_setup_teardown(test_bad_worlds, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
