/* What a chaincode asks for about single keys: which calls of the ledger it becomes, with which
 * checks before it, and what comes back. By HandleGetState and its kin in
 * core/chaincode/handler.go. */
#include "tests/chaincode/helper_handler.h"

#include <string.h>

static rt_str get(struct peer_side *p, const char *collection, const char *key)
{
    Protos__GetState get = PROTOS__GET_STATE__INIT;
    get.collection = rt_str_from(collection);
    get.key = rt_str_from(key);
    return ASK(p, GET_STATE, &get);
}

static rt_str get_hash(struct peer_side *p, const char *collection, const char *key)
{
    Protos__GetState get = PROTOS__GET_STATE__INIT;
    get.collection = rt_str_from(collection);
    get.key = rt_str_from(key);
    return ASK(p, GET_PRIVATE_DATA_HASH, &get);
}

static rt_str put(struct peer_side *p, const char *collection, const char *key)
{
    Protos__PutState put = PROTOS__PUT_STATE__INIT;
    put.collection = rt_str_from(collection);
    put.key = rt_str_from(key);
    put.value = RT_STR("new");
    return ASK(p, PUT_STATE, &put);
}

static rt_str del(struct peer_side *p, const char *collection, const char *key)
{
    Protos__DelState del = PROTOS__DEL_STATE__INIT;
    del.collection = rt_str_from(collection);
    del.key = rt_str_from(key);
    return ASK(p, DEL_STATE, &del);
}

static rt_str get_metadata(struct peer_side *p, const char *collection, const char *key)
{
    Protos__GetStateMetadata get = PROTOS__GET_STATE_METADATA__INIT;
    get.collection = rt_str_from(collection);
    get.key = rt_str_from(key);
    return ASK(p, GET_STATE_METADATA, &get);
}

static rt_str put_metadata(struct peer_side *p, const char *collection, const char *key)
{
    Protos__StateMetadata metadata = PROTOS__STATE_METADATA__INIT;
    metadata.metakey = RT_STR("policy");
    metadata.value = RT_STR("p");
    Protos__PutStateMetadata put = PROTOS__PUT_STATE_METADATA__INIT;
    put.collection = rt_str_from(collection);
    put.key = rt_str_from(key);
    put.metadata = &metadata;
    return ASK(p, PUT_STATE_METADATA, &put);
}

#define FAILED(type, text) "ERROR " type " failed: transaction ID: tx1: " text
#define NO_ACCESS                                                                                  \
    "tx creator does not have read access permission on privatedata in chaincodeName:mycc "        \
    "collectionName: c"

static void states(struct peer_side *p)
{
    assert_text(get(p, "", "a"), "get_state(mycc,a) | RESPONSE v:a");
    assert_text(get(p, "", "missing"), "get_state(mycc,missing) | RESPONSE nil");
    assert_text(put(p, "", "a"), "set_state(mycc,a,new) | RESPONSE nil");
    assert_text(del(p, "", "a"), "delete_state(mycc,a) | RESPONSE nil");
}

/* Reads of private data need access, which is asked for once; writes and hashes do not. */
static void private_data(struct peer_side *p)
{
    assert_text(put(p, "c", "a"), "set_private_data(mycc,c,a,new) | RESPONSE nil");
    assert_text(del(p, "c", "a"), "delete_private_data(mycc,c,a) | RESPONSE nil");
    assert_text(get_hash(p, "c", "a"), "get_private_data_hash(mycc,c,a) | RESPONSE h:a");
    assert_text(get(p, "c", "a"),
            "has_read_access(ch,mycc,c) get_private_data(mycc,c,a) | RESPONSE v:a");
    assert_text(get(p, "c", "b"), "get_private_data(mycc,c,b) | RESPONSE v:b");
    assert_text(get(p, "d", "b"),
            "has_read_access(ch,mycc,d) get_private_data(mycc,d,b) | RESPONSE v:b");
}

/* An access that was not given is asked for again. */
static void no_access(struct peer_side *p)
{
    p->denied = true;
    for (int i = 0; i < 2; i++)
        assert_text(
                get(p, "c", "a"), "has_read_access(ch,mycc,c) | " FAILED("GET_STATE", NO_ACCESS));
    p->fails = "has_read_access";
    assert_text(get(p, "c", "a"), "has_read_access(ch,mycc,c) | " FAILED("GET_STATE", "no luck"));
    p->denied = false;
    assert_text(get(p, "c", "a"), "has_read_access(ch,mycc,c) | " FAILED("GET_STATE", "no luck"));
    p->fails = NULL;
    assert_text(get(p, "c", "a"),
            "has_read_access(ch,mycc,c) get_private_data(mycc,c,a) | RESPONSE v:a");
}

static void metadata(struct peer_side *p)
{
    assert_text(get_metadata(p, "", "a"),
            "get_state_metadata(mycc,a) | RESPONSE \n\013\n\006policy\022\001p");
    assert_text(get_metadata(p, "", "two"), "get_state_metadata(mycc,two) | RESPONSE "
                                            "\n\013\n\006policy\022\001p\n\006\n\001q\022\001p");
    assert_text(get_metadata(p, "", "missing"), "get_state_metadata(mycc,missing) | RESPONSE ");
    assert_text(put_metadata(p, "", "a"), "set_state_metadata(mycc,a,policy=p) | RESPONSE nil");
    assert_text(put_metadata(p, "c", "a"),
            "set_private_data_metadata(mycc,c,a,policy=p) | RESPONSE nil");
    assert_text(get_metadata(p, "c", "a"),
            "has_read_access(ch,mycc,c) get_private_data_metadata(mycc,c,a) | "
            "RESPONSE \n\013\n\006policy\022\001p");
}

#define NO_CONFIG "application config does not exist for ch"
#define NO_CAPABILITY                                                                              \
    "key level endorsement is not enabled, channel application capability of V1_3 or later is "    \
    "required"

static void metadata_needs_capability(struct peer_side *p)
{
    p->no_capability = true;
    assert_text(get_metadata(p, "", "a"), "| " FAILED("GET_STATE_METADATA", NO_CAPABILITY));
    assert_text(put_metadata(p, "", "a"), "| " FAILED("PUT_STATE_METADATA", NO_CAPABILITY));
    p->no_config = true;
    assert_text(get_metadata(p, "", "a"), "| " FAILED("GET_STATE_METADATA", NO_CONFIG));
    assert_text(put_metadata(p, "", "a"), "| " FAILED("PUT_STATE_METADATA", NO_CONFIG));
}

/* What the ledger refuses is told to the chaincode. */
static void ledger_fails(struct peer_side *p)
{
    static const struct {
        rt_str (*ask)(struct peer_side *p, const char *collection, const char *key);
        const char *collection;
        const char *call;
        const char *type;
    } table[] = {
        { get, "", "get_state(mycc,a)", "GET_STATE" },
        { get, "c", "get_private_data(mycc,c,a)", "GET_STATE" },
        { get_hash, "c", "get_private_data_hash(mycc,c,a)", "GET_PRIVATE_DATA_HASH" },
        { put, "", "set_state(mycc,a,new)", "PUT_STATE" },
        { put, "c", "set_private_data(mycc,c,a,new)", "PUT_STATE" },
        { del, "", "delete_state(mycc,a)", "DEL_STATE" },
        { del, "c", "delete_private_data(mycc,c,a)", "DEL_STATE" },
        { get_metadata, "", "get_state_metadata(mycc,a)", "GET_STATE_METADATA" },
        { get_metadata, "c", "get_private_data_metadata(mycc,c,a)", "GET_STATE_METADATA" },
        { put_metadata, "", "set_state_metadata(mycc,a,policy=p)", "PUT_STATE_METADATA" },
        { put_metadata, "c", "set_private_data_metadata(mycc,c,a,policy=p)", "PUT_STATE_METADATA" },
    };
    (void)get(p, "c", "a"); /* access to the collection is known from here on */
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        p->fails = table[i].call;
        assert_text(table[i].ask(p, table[i].collection, "a"),
                rt_cstr(rt_sprintf("%s | ERROR %s failed: transaction ID: tx1: no luck",
                        table[i].call, table[i].type)));
    }
}

/* Payloads that are no request. */
static void undecodable(struct peer_side *p)
{
    static const Protos__ChaincodeMessage__Type types[] = { CC_MSG(GET_STATE), CC_MSG(PUT_STATE),
        CC_MSG(DEL_STATE), CC_MSG(GET_PRIVATE_DATA_HASH), CC_MSG(GET_STATE_METADATA),
        CC_MSG(PUT_STATE_METADATA), CC_MSG(GET_STATE_BY_RANGE), CC_MSG(GET_QUERY_RESULT),
        CC_MSG(GET_HISTORY_FOR_KEY), CC_MSG(QUERY_STATE_NEXT), CC_MSG(QUERY_STATE_CLOSE),
        CC_MSG(INVOKE_CHAINCODE) };
    for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        rt_str prefix = rt_sprintf("| ERROR %S failed: transaction ID: tx1: unmarshal failed: ",
                chaincode_message_type_string((int)types[i]));
        assert_true(rt_str_has_prefix(peer_side_ask(p, types[i], RT_STR("\377")), prefix));
    }
}

/* Init may not touch private data. */
static void in_init(struct peer_side *p)
{
    peer_side_register(p);
    (void)peer_side_execute(p, CC_MSG(INIT));
    assert_text(get(p, "", "a"), "get_state(mycc,a) | RESPONSE v:a");
    assert_text(put(p, "", "a"), "set_state(mycc,a,new) | RESPONSE nil");
    assert_text(del(p, "", "a"), "delete_state(mycc,a) | RESPONSE nil");
#define IN_INIT "private data APIs are not allowed in chaincode Init()"
    assert_text(get(p, "c", "a"), "| " FAILED("GET_STATE", IN_INIT));
    assert_text(put(p, "c", "a"), "| " FAILED("PUT_STATE", IN_INIT));
    assert_text(del(p, "c", "a"), "| " FAILED("DEL_STATE", IN_INIT));
    assert_text(get_hash(p, "c", "a"), "| " FAILED("GET_PRIVATE_DATA_HASH", IN_INIT));
    assert_text(get_metadata(p, "c", "a"), "| " FAILED("GET_STATE_METADATA", IN_INIT));
    assert_text(put_metadata(p, "c", "a"), "| " FAILED("PUT_STATE_METADATA", IN_INIT));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_TRANSACTION(states),
        IN_TRANSACTION(private_data),
        IN_TRANSACTION(no_access),
        IN_TRANSACTION(metadata),
        IN_TRANSACTION(metadata_needs_capability),
        IN_TRANSACTION(ledger_fails),
        IN_TRANSACTION(undecodable),
        AT_STREAM(in_init),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
