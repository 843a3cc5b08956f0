/* Follows the requests for single keys in core/chaincode/handler.go. */
#include "model/chaincode/handler_internal.h"
#include "model/ledger/ledger.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"

/* Decodes the payload of msg into *request. */
#define UNMARSHAL(type, msg, request)                                                              \
    rt_error_wrap(WIRE_UNMARSHAL(type, (msg)->payload, (request)), "unmarshal failed")

static const struct tx_simulator *simulator(
        const struct handler *h, const struct transaction_context *tx_context)
{
    const struct tx_simulator *sim = RT_DEREF(RT_DEREF(tx_context)->tx_simulator);
    observer_tell(h->env->observer, .kind = OBSERVED_SIMULATOR_USED, .simulator = sim->self,
            .place = "handler_state.c simulator");
    return sim;
}

/* ---- checks ---- */

/* hasReadAccess: a granted access is remembered for the rest of the execution. */
static struct rt_error *has_read_access(const struct handler *h, rt_str chaincode_name,
        rt_str collection, struct transaction_context *tx_context, bool *allowed)
{
    rt_shared_read(
            &tx_context->allowed_collection_access, "TransactionContext.AllowedCollectionAccess");
    *allowed = rt_map_has(tx_context->allowed_collection_access, collection);
    if (*allowed)
        return NULL;
    const struct collection_store *store = RT_DEREF(tx_context->collection_store);
    simulator(h, tx_context);
    struct rt_error *err = store->has_read_access(store->self, tx_context->chain_id, chaincode_name,
            collection, tx_context->signed_prop, &tx_context->tx_simulator->query, allowed);
    if (err || !*allowed)
        return err;
    rt_shared_write(
            &tx_context->allowed_collection_access, "TransactionContext.AllowedCollectionAccess");
    if (!tx_context->allowed_collection_access)
        tx_context->allowed_collection_access = rt_map_new();
    rt_map_put(tx_context->allowed_collection_access, collection, tx_context);
    return NULL;
}

/* errorIfCreatorHasNoReadAccess. */
static struct rt_error *error_if_creator_has_no_read_access(const struct handler *h,
        rt_str chaincode_name, rt_str collection, struct transaction_context *tx_context)
{
    bool allowed;
    struct rt_error *err = has_read_access(h, chaincode_name, collection, tx_context, &allowed);
    if (err || allowed)
        return err;
    return rt_errorf("tx creator does not have read access permission on privatedata in "
                     "chaincodeName:%S collectionName: %S",
            chaincode_name, collection);
}

struct rt_error *handler_check_collection(
        struct handler *h, struct transaction_context *tx_context, rt_str collection, bool read)
{
    bool is_init = RT_DEREF(tx_context)->is_init_transaction;
    if (handler_variant(h, VARIANT_PRIVATE_DATA_IN_INIT))
        is_init = false;
    if (is_init)
        return rt_errorf("private data APIs are not allowed in chaincode Init()");
    if (!read)
        return NULL;
    return error_if_creator_has_no_read_access(
            h, handler_chaincode_name(h), collection, tx_context);
}

/* checkMetadataCap. */
static struct rt_error *check_metadata_cap(struct handler *h, const Protos__ChaincodeMessage *msg)
{
    const struct application_config_retriever *config = &h->env->app_config;
    bool enabled = false;
    if (!config->key_level_endorsement(config->self, msg->channel_id, &enabled))
        return rt_errorf("application config does not exist for %S", msg->channel_id);
    if (!enabled)
        return rt_errorf("key level endorsement is not enabled, channel application capability of "
                         "V1_3 or later is required");
    return NULL;
}

/* ---- requests ---- */

struct rt_error *handler_get_state(struct handler *h, Protos__ChaincodeMessage *msg,
        struct transaction_context *tx_context, Protos__ChaincodeMessage **resp)
{
    Protos__GetState *get;
    struct rt_error *err = UNMARSHAL(protos__get_state, msg, &get);
    if (err)
        return err;
    rt_str name = handler_chaincode_name(h);
    rt_bytes value = RT_NIL;
    if (get->collection.len != 0) {
        err = handler_check_collection(h, tx_context, get->collection, true);
        if (err)
            return err;
        const struct query_executor *q = &simulator(h, tx_context)->query;
        err = q->get_private_data(q->self, name, get->collection, get->key, &value);
    } else {
        const struct query_executor *q = &simulator(h, tx_context)->query;
        err = q->get_state(q->self, name, get->key, &value);
    }
    if (!err)
        *resp = handler_response(msg, value);
    return err;
}

struct rt_error *handler_get_private_data_hash(struct handler *h, Protos__ChaincodeMessage *msg,
        struct transaction_context *tx_context, Protos__ChaincodeMessage **resp)
{
    Protos__GetState *get;
    struct rt_error *err = UNMARSHAL(protos__get_state, msg, &get);
    if (!err)
        err = handler_check_collection(h, tx_context, get->collection, false);
    if (err)
        return err;
    rt_bytes hash = RT_NIL;
    const struct query_executor *q = &simulator(h, tx_context)->query;
    err = q->get_private_data_hash(
            q->self, handler_chaincode_name(h), get->collection, get->key, &hash);
    if (!err)
        *resp = handler_response(msg, hash);
    return err;
}

static struct rt_error *metadata_response(const Protos__ChaincodeMessage *msg,
        const struct rt_map *metadata, Protos__ChaincodeMessage **resp)
{
    size_t count = rt_map_len(metadata);
    const struct rt_map_entry *entries = count > 0 ? rt_map_range(metadata) : NULL;
    Protos__StateMetadataResult result = PROTOS__STATE_METADATA_RESULT__INIT;
    result.n_entries = count;
    result.entries = rt_new_array(Protos__StateMetadata *, count);
    for (size_t i = 0; i < count; i++) {
        result.entries[i] = WIRE_NEW(protos__state_metadata);
        result.entries[i]->metakey = entries[i].key;
        result.entries[i]->value = *(const rt_bytes *)entries[i].value;
    }
    rt_bytes payload;
    struct rt_error *err = WIRE_MARSHAL(&result, &payload);
    if (!err)
        *resp = handler_response(msg, payload);
    return err;
}

struct rt_error *handler_get_state_metadata(struct handler *h, Protos__ChaincodeMessage *msg,
        struct transaction_context *tx_context, Protos__ChaincodeMessage **resp)
{
    Protos__GetStateMetadata *get;
    struct rt_error *err = check_metadata_cap(h, msg);
    if (!err)
        err = UNMARSHAL(protos__get_state_metadata, msg, &get);
    if (err)
        return err;
    rt_str name = handler_chaincode_name(h);
    struct rt_map *metadata = NULL;
    if (get->collection.len != 0) {
        err = handler_check_collection(h, tx_context, get->collection, true);
        if (err)
            return err;
        const struct query_executor *q = &simulator(h, tx_context)->query;
        err = q->get_private_data_metadata(q->self, name, get->collection, get->key, &metadata);
    } else {
        const struct query_executor *q = &simulator(h, tx_context)->query;
        err = q->get_state_metadata(q->self, name, get->key, &metadata);
    }
    return err ? err : metadata_response(msg, metadata, resp);
}

struct rt_error *handler_put_state(struct handler *h, Protos__ChaincodeMessage *msg,
        struct transaction_context *tx_context, Protos__ChaincodeMessage **resp)
{
    Protos__PutState *put;
    struct rt_error *err = UNMARSHAL(protos__put_state, msg, &put);
    if (!err && put->collection.len != 0)
        err = handler_check_collection(h, tx_context, put->collection, false);
    if (err)
        return err;
    rt_str name = handler_chaincode_name(h);
    const struct tx_simulator *sim = simulator(h, tx_context);
    if (put->collection.len != 0)
        err = sim->set_private_data(sim->self, name, put->collection, put->key, put->value);
    else
        err = sim->set_state(sim->self, name, put->key, put->value);
    if (!err)
        *resp = handler_response(msg, RT_NIL);
    return err;
}

struct rt_error *handler_put_state_metadata(struct handler *h, Protos__ChaincodeMessage *msg,
        struct transaction_context *tx_context, Protos__ChaincodeMessage **resp)
{
    Protos__PutStateMetadata *put;
    struct rt_error *err = check_metadata_cap(h, msg);
    if (!err)
        err = UNMARSHAL(protos__put_state_metadata, msg, &put);
    if (err)
        return err;
    if (handler_variant(h, VARIANT_FIX_NIL_REQUEST_PARTS) && !put->metadata)
        return rt_errorf("metadata is missing");
    struct rt_map *metadata = rt_map_new();
    rt_map_put(metadata, RT_DEREF(put->metadata)->metakey, &put->metadata->value);
    rt_str name = handler_chaincode_name(h);
    if (put->collection.len != 0) {
        err = handler_check_collection(h, tx_context, put->collection, false);
        if (err)
            return err;
        const struct tx_simulator *sim = simulator(h, tx_context);
        err = sim->set_private_data_metadata(sim->self, name, put->collection, put->key, metadata);
    } else {
        const struct tx_simulator *sim = simulator(h, tx_context);
        err = sim->set_state_metadata(sim->self, name, put->key, metadata);
    }
    if (!err)
        *resp = handler_response(msg, RT_NIL);
    return err;
}

struct rt_error *handler_del_state(struct handler *h, Protos__ChaincodeMessage *msg,
        struct transaction_context *tx_context, Protos__ChaincodeMessage **resp)
{
    Protos__DelState *del;
    struct rt_error *err = UNMARSHAL(protos__del_state, msg, &del);
    if (!err && del->collection.len != 0)
        err = handler_check_collection(h, tx_context, del->collection, false);
    if (err)
        return err;
    rt_str name = handler_chaincode_name(h);
    const struct tx_simulator *sim = simulator(h, tx_context);
    if (del->collection.len != 0)
        err = sim->delete_private_data(sim->self, name, del->collection, del->key);
    else
        err = sim->delete_state(sim->self, name, del->key);
    if (!err)
        *resp = handler_response(msg, RT_NIL);
    return err;
}
