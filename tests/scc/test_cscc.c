/* cscc: which checks it makes, in which order, and what it says. Expectations follow
 * core/scc/cscc/configure.go and protos/utils. */
#include "model/ledger/ledger.h"
#include "model/policy/aclmgmt.h"
#include "model/policy/policychecker.h"
#include "model/rt/rt.h"
#include "model/scc/cscc.h"
#include "model/wire/wire.h"
#include "proto/common.pb-c.h"
#include "proto/configtx.pb-c.h"
#include "proto/proposal.pb-c.h"
#include "proto/proposal_response.pb-c.h"
#include "proto/query.pb-c.h"
#include "proto/resources.pb-c.h"
#include "tests/support/test.h"

struct fixture {
    struct peer_operations peer;
    struct policy_checker checker;
    struct acl_provider acl;
    struct peer_configer *cscc;
    struct peer_ledger ledger;
    const Common__Block *config_block;
    struct rt_error *no_proposal;
    bool deny;
    rt_str asked; /* the last access check */
    const rt_bytes *args;
    size_t count;
};

/* ---- fakes ---- */

static struct rt_error *check_policy_no_channel(
        void *self, rt_str policy_name, const Protos__SignedProposal *signed_proposal)
{
    struct fixture *f = self;
    assert_non_null(signed_proposal);
    f->asked = policy_name;
    return f->deny ? rt_errorf("denied") : NULL;
}

static struct rt_error *check_acl(
        void *self, rt_str resource, rt_str channel_id, struct acl_id_info id)
{
    struct fixture *f = self;
    assert_int_equal(id.kind, ACL_SIGNED_PROPOSAL);
    f->asked = rt_sprintf("%S on %S", resource, channel_id);
    return f->deny ? rt_errorf("denied") : NULL;
}

static const struct peer_ledger *get_ledger(void *self, rt_str cid)
{
    struct fixture *f = self;
    return rt_str_is(cid, "ch") ? &f->ledger : NULL;
}

static const rt_str *get_channels(void *self, size_t *count)
{
    (void)self;
    static const rt_str names[] = { RT_STR_INIT("b"), RT_STR_INIT("a") };
    *count = 2;
    return names;
}

static const Common__Block *get_curr_config_block(void *self, rt_str cid)
{
    struct fixture *f = self;
    return rt_str_is(cid, "ch") ? f->config_block : NULL;
}

static const rt_bytes *get_args(void *self, size_t *count)
{
    struct fixture *f = self;
    *count = f->count;
    return f->args;
}

static struct rt_error *get_signed_proposal(void *self, Protos__SignedProposal **signed_proposal)
{
    struct fixture *f = self;
    *signed_proposal = WIRE_NEW(protos__signed_proposal);
    return f->no_proposal;
}

static int setup(void **state)
{
    support_arena_begin(state);
    struct fixture *f = rt_new(struct fixture);
    f->peer = (struct peer_operations){
        .self = f,
        .get_ledger = get_ledger,
        .get_channels = get_channels,
        .get_curr_config_block = get_curr_config_block,
    };
    f->checker = (struct policy_checker){
        .self = f,
        .check_policy_no_channel = check_policy_no_channel,
    };
    f->acl = (struct acl_provider){ .self = f, .check_acl = check_acl };
    f->cscc = cscc_new(&f->checker, &f->acl, &f->peer);
    *state = f;
    return 0;
}

/* ---- calling ---- */

static Protos__Response invoke(struct fixture *f, const rt_bytes *args, size_t count)
{
    struct chaincode_stub stub = {
        .self = f,
        .get_args = get_args,
        .get_signed_proposal = get_signed_proposal,
    };
    f->args = args;
    f->count = count;
    f->asked = RT_STR("");
    return f->cscc->chaincode.invoke(f->cscc->chaincode.self, &stub);
}

static void expect_error(struct fixture *f, const rt_bytes *args, size_t count, const char *message)
{
    Protos__Response r = invoke(f, args, count);
    assert_string_equal(rt_cstr(r.message), message);
    assert_int_equal(r.status, 500);
}

static rt_bytes text(const char *s)
{
    return rt_str_from(s);
}

struct panicking {
    struct fixture *f;
    const rt_bytes *args;
    size_t count;
};

static void do_invoke(void *arg)
{
    struct panicking *p = arg;
    invoke(p->f, p->args, p->count);
}

static rt_str expect_panic(struct fixture *f, const rt_bytes *args, size_t count)
{
    struct panicking p = { f, args, count };
    rt_str message;
    assert_true(rt_recover(do_invoke, &p, &message));
    return message;
}

/* ---- blocks ---- */

enum damage {
    NO_DAMAGE,
    NO_DATA,
    NO_HEADER,
    WRONG_TYPE,
    BAD_ENVELOPE,
    BAD_CONFIG,
    NO_CONFIG,
    NO_GROUP,
    NO_GROUPS,
    NO_APPLICATION,
    NO_METADATA,
    SHORT_METADATA,
};

static Common__ConfigEnvelope *make_config(enum damage damage)
{
    Common__ConfigEnvelope *envelope = WIRE_NEW(common__config_envelope);
    if (damage == NO_CONFIG)
        return envelope;
    envelope->config = WIRE_NEW(common__config);
    if (damage == NO_GROUP)
        return envelope;
    Common__ConfigGroup *group = WIRE_NEW(common__config_group);
    envelope->config->channel_group = group;
    if (damage == NO_GROUPS)
        return envelope;
    Common__ConfigGroup__GroupsEntry *entry = WIRE_NEW(common__config_group__groups_entry);
    entry->key = damage == NO_APPLICATION ? RT_STR("Orderer") : RT_STR("Application");
    entry->value = WIRE_NEW(common__config_group);
    group->groups = rt_new_array(Common__ConfigGroup__GroupsEntry *, 1);
    group->groups[0] = entry;
    group->n_groups = 1;
    return envelope;
}

static rt_bytes make_envelope(const char *channel, enum damage damage)
{
    Common__Payload *payload = WIRE_NEW(common__payload);
    if (damage != NO_HEADER) {
        Common__ChannelHeader *chdr = WIRE_NEW(common__channel_header);
        chdr->type = damage == WRONG_TYPE ? 3 : 1;
        chdr->channel_id = rt_str_from(channel);
        payload->header = WIRE_NEW(common__header);
        payload->header->channel_header = WIRE_MARSHAL_OR_PANIC(chdr);
    }
    payload->data =
            damage == BAD_CONFIG ? text("junk") : WIRE_MARSHAL_OR_PANIC(make_config(damage));
    Common__Envelope *envelope = WIRE_NEW(common__envelope);
    envelope->payload = WIRE_MARSHAL_OR_PANIC(payload);
    return WIRE_MARSHAL_OR_PANIC(envelope);
}

static Common__Block *make_block(const char *channel, enum damage damage)
{
    Common__Block *block = WIRE_NEW(common__block);
    if (damage != NO_DATA) {
        block->data = WIRE_NEW(common__block_data);
        block->data->data = rt_new_array(rt_bytes, 1);
        block->data->data[0] =
                damage == BAD_ENVELOPE ? text("junk") : make_envelope(channel, damage);
        block->data->n_data = 1;
    }
    if (damage != NO_METADATA) {
        block->metadata = WIRE_NEW(common__block_metadata);
        block->metadata->n_metadata = damage == SHORT_METADATA ? 2 : 4;
        block->metadata->metadata = rt_new_array(rt_bytes, 4);
        for (size_t i = 0; i < 4; i++)
            block->metadata->metadata[i] = RT_STR("");
    }
    return block;
}

/* ---- tests ---- */

static void test_arguments(void **state)
{
    struct fixture *f = *state;
    expect_error(f, NULL, 0, "Incorrect number of arguments, 0");
    rt_bytes one[] = { text("JoinChain") };
    expect_error(f, one, 1, "Incorrect number of arguments, 1");
    rt_bytes unknown[] = { text("GetChainInfo"), text("ch") };
    expect_error(f, unknown, 2, "Requested function GetChainInfo not found.");
    f->no_proposal = rt_errorf("none");
    expect_error(f, unknown, 2, "Failed getting signed proposal from stub: [none]");
}

static void test_get_channels(void **state)
{
    struct fixture *f = *state;
    rt_bytes args[] = { text("GetChannels") };
    Protos__Response r = invoke(f, args, 1);
    assert_int_equal(r.status, 200);
    Protos__ChannelQueryResponse *channels;
    assert_null(WIRE_UNMARSHAL(protos__channel_query_response, r.payload, &channels));
    assert_int_equal(channels->n_channels, 2);
    assert_true(rt_str_is(channels->channels[0]->channel_id, "b"));
    assert_true(rt_str_is(f->asked, "Members"));
    f->deny = true;
    expect_error(f, args, 1, "access denied for [GetChannels]: denied");
}

static void test_get_config(void **state)
{
    struct fixture *f = *state;
    rt_bytes block[] = { text("GetConfigBlock"), text("ch") };
    rt_bytes tree[] = { text("GetConfigTree"), text("ch") };
    expect_error(f, block, 2, "Unknown chain ID, ch");
    assert_true(rt_str_is(f->asked, "cscc/GetConfigBlock on ch"));
    expect_error(f, tree, 2, "Unknown chain ID, ch");
    assert_true(rt_str_is(f->asked, "cscc/GetConfigTree on ch"));

    f->config_block = make_block("ch", NO_DAMAGE);
    Protos__Response r = invoke(f, block, 2);
    assert_true(rt_str_eq(r.payload, WIRE_MARSHAL_OR_PANIC(f->config_block)));
    r = invoke(f, tree, 2);
    Protos__ConfigTree *config;
    assert_null(WIRE_UNMARSHAL(protos__config_tree, r.payload, &config));
    assert_true(WIRE_EQUAL(config->channel_config, make_config(NO_DAMAGE)->config));

    f->deny = true;
    expect_error(f, block, 2, "access denied for [GetConfigBlock][ch]: denied");
    expect_error(f, tree, 2, "access denied for [GetConfigTree][ch]: denied");
}

static void test_simulate(void **state)
{
    struct fixture *f = *state;
    rt_bytes args[] = { text("SimulateConfigTreeUpdate"), text("ch"), text("") };
    /* Fabric reads the third argument without looking whether there is one, and the header. */
    assert_true(rt_str_has_prefix(
            expect_panic(f, args, 2), RT_STR("runtime error: index out of range")));
    assert_true(rt_str_is(f->asked, "cscc/SimulateConfigTreeUpdate on ch"));
    assert_true(rt_str_has_prefix(
            expect_panic(f, args, 3), RT_STR("runtime error: invalid memory address")));
    args[2] = text("junk");
    expect_error(f, args, 3, "unexpected EOF");
    args[2] = make_envelope("ch", NO_DAMAGE);
    expect_error(f, args, 3, "invalid payload header type: 1");
    f->deny = true;
    expect_error(f, args, 3, "access denied for [SimulateConfigTreeUpdate][ch]: denied");
    expect_error(f, args, 2, "access denied for [SimulateConfigTreeUpdate][ch]: denied");
}

#define EMPTY_BLOCK                                                                                \
    "\"JoinChain\" request failed to extract channel id from the block due to [failed to "         \
    "retrieve channel id - "
#define INVALID                                                                                    \
    "\"JoinChain\" for chainID = ch failed because of validation of configuration block, because " \
    "of "

static void test_join_chain(void **state)
{
    struct fixture *f = *state;
    static const struct {
        enum damage damage;
        const char *message;
    } table[] = {
        { NO_DATA, EMPTY_BLOCK "block is empty]" },
        { NO_HEADER, EMPTY_BLOCK "payload header is empty]" },
        { WRONG_TYPE, INVALID "Bad configuration envelope: invalid type ENDORSER_TRANSACTION, "
                              "expected CONFIG" },
        { NO_CONFIG, INVALID "Nil config envelope Config" },
        { NO_GROUP, INVALID "Nil channel group" },
        { NO_GROUPS, INVALID "No channel configuration groups are available" },
        { NO_APPLICATION,
                INVALID "Invalid configuration block, missing Application configuration group" },
        { NO_DAMAGE, "cannot create ledger from genesis block: LedgerID already exists" },
    };
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        rt_bytes args[] = { text("JoinChain"),
            WIRE_MARSHAL_OR_PANIC(make_block("ch", table[i].damage)) };
        expect_error(f, args, 2, table[i].message);
    }
    rt_bytes args[] = { text("JoinChain"), text("junk") };
    expect_error(f, args, 2,
            "Failed to reconstruct the genesis block, error unmarshaling block: unexpected EOF");
    args[1] = WIRE_MARSHAL_OR_PANIC(make_block("ch", BAD_CONFIG));
    expect_error(f, args, 2,
            INVALID "Bad configuration envelope: error unmarshaling message for type CONFIG: "
                    "unexpected EOF");
    args[1] = WIRE_MARSHAL_OR_PANIC(make_block("ch", BAD_ENVELOPE));
    expect_error(f, args, 2,
            "\"JoinChain\" request failed to extract channel id from the block due to [error "
            "unmarshaling Envelope: unexpected EOF]");
}

static void test_join_chain_access(void **state)
{
    struct fixture *f = *state;
    rt_bytes args[] = { text("JoinChain"), WIRE_MARSHAL_OR_PANIC(make_block("ch", NO_METADATA)) };
    f->deny = true; /* asked only for a good block, and before the metadata is read */
    expect_error(f, args, 2, "access denied for [JoinChain][ch]: [denied]");
    assert_true(rt_str_is(f->asked, "Admins"));
    f->deny = false;
    assert_true(rt_str_has_prefix(
            expect_panic(f, args, 2), RT_STR("runtime error: invalid memory address")));
    args[1] = WIRE_MARSHAL_OR_PANIC(make_block("ch", SHORT_METADATA));
    assert_true(rt_str_has_prefix(
            expect_panic(f, args, 2), RT_STR("runtime error: index out of range")));
}

static void test_lifecycle(void **state)
{
    struct fixture *f = *state;
    const struct chaincode *cc = scc_lifecycle_new()->chaincode;
    struct chaincode_stub stub = { .self = f, .get_args = get_args };
    rt_bytes args[] = { text("Install"), text("x"), text("y") };
    f->args = args;
    f->count = 0;
    Protos__Response r = cc->invoke(cc->self, &stub);
    assert_string_equal(rt_cstr(r.message), "lifecycle scc must be invoked with arguments");
    f->count = 3;
    r = cc->invoke(cc->self, &stub);
    assert_string_equal(rt_cstr(r.message),
            "lifecycle scc operations require exactly two arguments but received 3");
    f->count = 2;
    r = cc->invoke(cc->self, &stub);
    assert_string_equal(rt_cstr(r.message), "unknown lifecycle function: Install");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_arguments, setup, support_arena_end),
        cmocka_unit_test_setup_teardown(test_get_channels, setup, support_arena_end),
        cmocka_unit_test_setup_teardown(test_get_config, setup, support_arena_end),
        cmocka_unit_test_setup_teardown(test_simulate, setup, support_arena_end),
        cmocka_unit_test_setup_teardown(test_join_chain, setup, support_arena_end),
        cmocka_unit_test_setup_teardown(test_join_chain_access, setup, support_arena_end),
        cmocka_unit_test_setup_teardown(test_lifecycle, setup, support_arena_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
