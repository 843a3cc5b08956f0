/* A chaincode calls another one: who is asked what, in which order, with whose simulator, and
 * which answers come back. By HandleInvokeChaincode, checkACL and getTxContextForInvoke of
 * core/chaincode/handler.go. */
#include "tests/chaincode/helper_handler.h"

static rt_str invoke(struct peer_side *p, const char *target)
{
    rt_bytes args[] = { RT_STR("f") };
    Protos__ChaincodeInput input = PROTOS__CHAINCODE_INPUT__INIT;
    input.n_args = 1;
    input.args = args;
    Protos__ChaincodeID id = PROTOS__CHAINCODE_ID__INIT;
    id.name = rt_str_from(target);
    Protos__ChaincodeSpec spec = PROTOS__CHAINCODE_SPEC__INIT;
    spec.chaincode_id = &id;
    spec.input = &input;
    return ASK(p, INVOKE_CHAINCODE, &spec);
}

/* The answer is the other chaincode's message as it is. */
static const char *ok(const char *calls)
{
    Protos__ChaincodeMessage *m =
            chaincode_message_new(CC_MSG(COMPLETED), RT_STR("ok"), RT_NIL, RT_NIL);
    return rt_cstr(rt_sprintf("%s | RESPONSE %S", calls, WIRE_MARSHAL_OR_PANIC(m)));
}

#define BARE_FAILED(text) " ERROR INVOKE_CHAINCODE failed: transaction ID: tx1: " text
#define FAILED(text) " | ERROR INVOKE_CHAINCODE failed: transaction ID: tx1: " text
#define ACL "acl(peer/ChaincodeToChaincode,"

static void same_channel(struct peer_side *p)
{
    const char *calls = ACL "ch) definition(cc,own) policy(cc,3.0) invoke(cc:3.0/ch,own,own,f)";
    assert_text(invoke(p, "cc"), ok(calls));
    assert_text(invoke(p, "cc:9/ch"), ok(calls)); /* the version is that of the definition */
}

/* Its own simulator and history, which are done with afterwards. */
static void other_channel(struct peer_side *p)
{
    assert_text(invoke(p, "cc/other"),
            ok(ACL "other) new_simulator(tx1) new_history definition(cc,other) policy(cc,3.0) "
                   "invoke(cc:3.0/other,other,other,f) done"));
}

static void system_chaincodes(struct peer_side *p)
{
    assert_text(invoke(p, "sys"), ok("invoke(sys:1.4.2/ch,own,own,f)"));
    assert_text(invoke(p, "sysprivate"),
            "|" BARE_FAILED(
                    "system chaincode sysprivate cannot be invoked with a cc2cc invocation"));
}

static void failures(struct peer_side *p)
{
    assert_text(invoke(p, "cc/nowhere"),
            ACL "nowhere)" FAILED("failed to find ledger for channel: nowhere"));
    p->fails = "acl";
    assert_text(invoke(p, "cc"), ACL "ch)" FAILED("no luck"));
    p->fails = "definition";
    assert_text(invoke(p, "cc"), ACL "ch) definition(cc,own)" FAILED("no luck"));
    p->fails = "policy";
    assert_text(invoke(p, "cc"), ACL "ch) definition(cc,own) policy(cc,3.0)" FAILED("no luck"));
    p->fails = "invoke";
    assert_text(invoke(p, "cc"),
            ACL "ch) definition(cc,own) policy(cc,3.0) "
                "invoke(cc:3.0/ch,own,own,f)" FAILED("execute failed: no luck"));
    p->fails = "new_simulator";
    assert_text(invoke(p, "cc/other"), ACL "other) new_simulator(tx1)" FAILED("no luck"));
    p->fails = "new_history";
    assert_text(invoke(p, "cc/other"),
            ACL "other) new_simulator(tx1) new_history done" FAILED("no luck"));
    p->fails = "definition";
    assert_text(invoke(p, "cc/other"), ACL "other) new_simulator(tx1) new_history "
                                           "definition(cc,other) done" FAILED("no luck"));
}

/* Without a signed proposal nobody can be asked for access. */
static void unsigned_proposal(struct peer_side *p)
{
    p->params.signed_prop = NULL;
    p->params.proposal = NULL;
    peer_side_register(p);
    assert_null(peer_side_execute(p, CC_MSG(TRANSACTION))->proposal);
    assert_text(invoke(p, "cc:2"),
            "|" BARE_FAILED("signed proposal must not be nil from caller [ch.cc#2]"));
    assert_text(invoke(p, "sys"), ok("invoke(sys:1.4.2/ch,own,own,f)"));
}

/* Outside of channels there is no ledger, and only system chaincodes can do without. */
static void no_channel(struct peer_side *p)
{
    p->params.channel_id = RT_STR("");
    p->params.tx_simulator = NULL;
    p->params.history_query_executor = NULL;
    peer_side_register(p);
    (void)peer_side_execute(p, CC_MSG(TRANSACTION));
    assert_text(invoke(p, "cc"), "|" BARE_FAILED("could not get valid transaction"));
    assert_text(invoke(p, "sys"), ok("invoke(sys:1.4.2/,none,none,f)"));
    p->params.tx_id = RT_STR("tx2");
    assert_text(invoke(p, "sys"),
            "| ERROR INVOKE_CHAINCODE failed: transaction ID: tx2: failed to get transaction "
            "context");
}

/* In a channel there must be one, for system chaincodes, too. */
static void no_simulator(struct peer_side *p)
{
    p->params.tx_simulator = NULL;
    peer_side_register(p);
    (void)peer_side_execute(p, CC_MSG(TRANSACTION));
    assert_text(invoke(p, "sys"), "|" BARE_FAILED("could not get valid transaction"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_TRANSACTION(same_channel),
        IN_TRANSACTION(other_channel),
        IN_TRANSACTION(system_chaincodes),
        IN_TRANSACTION(failures),
        AT_STREAM(unsigned_proposal),
        AT_STREAM(no_channel),
        AT_STREAM(no_simulator),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
