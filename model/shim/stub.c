/* Follows ChaincodeStub of core/chaincode/shim/chaincode.go. */
#include "model/protoutil/protoutil.h"
#include "model/rt/rt.h"
#include "model/shim/composite_key.h"
#include "model/shim/handler.h"
#include "model/shim/iterator.h"
#include "model/wire/wire.h"

#include "proto/chaincode.pb-c.h"
#include "proto/chaincode_event.pb-c.h"
#include "proto/proposal.pb-c.h"

#define NO_COLLECTION RT_STR("")
#define VALIDATION_PARAMETER RT_STR("VALIDATION_PARAMETER")

/* ---- the transaction ---- */

static const rt_bytes *get_args(void *self, size_t *count)
{
    const struct stub *stub = self;
    *count = stub->arg_count;
    return stub->args;
}

static rt_str get_function_and_parameters(void *self, const rt_str **params, size_t *count)
{
    const struct stub *stub = self;
    bool any = stub->arg_count > 0;
    *params = any ? stub->args + 1 : NULL;
    *count = any ? stub->arg_count - 1 : 0;
    return any ? stub->args[0] : RT_STR("");
}

static rt_bytes get_args_slice(void *self)
{
    const struct stub *stub = self;
    struct rt_buf buf = { 0 };
    for (size_t i = 0; i < stub->arg_count; i++)
        rt_buf_put_str(&buf, stub->args[i]);
    return buf.data ? rt_buf_str(&buf) : RT_STR("");
}

static rt_str get_tx_id(void *self)
{
    return ((const struct stub *)self)->tx.txid;
}

static rt_str get_channel_id(void *self)
{
    return ((const struct stub *)self)->tx.channel_id;
}

static struct rt_error *get_creator(void *self, rt_bytes *creator)
{
    *creator = ((const struct stub *)self)->creator;
    return NULL;
}

static struct rt_error *get_transient(void *self, struct rt_map **transient)
{
    *transient = ((const struct stub *)self)->transient;
    return NULL;
}

static struct rt_error *get_binding(void *self, rt_bytes *binding)
{
    *binding = ((const struct stub *)self)->binding;
    return NULL;
}

static struct rt_map *get_decorations(void *self)
{
    return ((const struct stub *)self)->decorations;
}

static struct rt_error *get_signed_proposal(void *self, Protos__SignedProposal **signed_proposal)
{
    *signed_proposal = ((const struct stub *)self)->signed_proposal;
    return NULL;
}

static struct rt_error *get_tx_timestamp(void *self, Google__Protobuf__Timestamp **timestamp)
{
    Common__Header *header;
    Common__ChannelHeader *channel_header;
    const Protos__Proposal *proposal = ((const struct stub *)self)->proposal;
    struct rt_error *err = protoutil_get_header(RT_DEREF(proposal)->header, &header);
    if (!err)
        err = protoutil_get_channel_header(header->channel_header, &channel_header);
    if (!err)
        *timestamp = channel_header->timestamp;
    return err;
}

static Protos__Response invoke_chaincode(
        void *self, rt_str chaincode_name, const rt_bytes *args, size_t count, rt_str channel)
{
    const struct stub *stub = self;
    rt_str name = channel.len != 0 ? rt_sprintf("%S/%S", chaincode_name, channel) : chaincode_name;
    return shim_invoke_chaincode(&stub->tx, name, args, count);
}

static struct rt_error *set_event(void *self, rt_str name, rt_bytes payload)
{
    if (name.len == 0)
        return rt_errorf("event name can not be nil string");
    Protos__ChaincodeEvent *event = WIRE_NEW(protos__chaincode_event);
    event->event_name = name;
    event->payload = payload;
    ((struct stub *)self)->chaincode_event = event;
    return NULL;
}

/* ---- state ---- */

static struct rt_error *get_state(void *self, rt_str key, rt_bytes *value)
{
    return shim_get_state(&((struct stub *)self)->tx, NO_COLLECTION, key, value);
}

static struct rt_error *put_state(void *self, rt_str key, rt_bytes value)
{
    if (key.len == 0)
        return rt_errorf("key must not be an empty string");
    return shim_put_state(&((struct stub *)self)->tx, NO_COLLECTION, key, value);
}

static struct rt_error *del_state(void *self, rt_str key)
{
    return shim_del_state(&((struct stub *)self)->tx, NO_COLLECTION, key);
}

static struct rt_error *set_state_validation_parameter(void *self, rt_str key, rt_bytes ep)
{
    return shim_put_state_metadata_entry(
            &((struct stub *)self)->tx, NO_COLLECTION, key, VALIDATION_PARAMETER, ep);
}

static struct rt_error *get_state_validation_parameter(void *self, rt_str key, rt_bytes *ep)
{
    return shim_get_state_metadata(
            &((struct stub *)self)->tx, NO_COLLECTION, key, VALIDATION_PARAMETER, ep);
}

/* ---- private data ---- */

static struct rt_error *no_collection(void)
{
    return rt_errorf("collection must not be an empty string");
}

static struct rt_error *get_private_data(void *self, rt_str collection, rt_str key, rt_bytes *value)
{
    if (collection.len == 0)
        return no_collection();
    return shim_get_state(&((struct stub *)self)->tx, collection, key, value);
}

static struct rt_error *get_private_data_hash(
        void *self, rt_str collection, rt_str key, rt_bytes *hash)
{
    if (collection.len == 0)
        return no_collection();
    return shim_get_private_data_hash(&((struct stub *)self)->tx, collection, key, hash);
}

static struct rt_error *put_private_data(void *self, rt_str collection, rt_str key, rt_bytes value)
{
    if (collection.len == 0)
        return no_collection();
    if (key.len == 0)
        return rt_errorf("key must not be an empty string");
    return shim_put_state(&((struct stub *)self)->tx, collection, key, value);
}

static struct rt_error *del_private_data(void *self, rt_str collection, rt_str key)
{
    if (collection.len == 0)
        return no_collection();
    return shim_del_state(&((struct stub *)self)->tx, collection, key);
}

static struct rt_error *set_private_data_validation_parameter(
        void *self, rt_str collection, rt_str key, rt_bytes ep)
{
    return shim_put_state_metadata_entry(
            &((struct stub *)self)->tx, collection, key, VALIDATION_PARAMETER, ep);
}

static struct rt_error *get_private_data_validation_parameter(
        void *self, rt_str collection, rt_str key, rt_bytes *ep)
{
    return shim_get_state_metadata(
            &((struct stub *)self)->tx, collection, key, VALIDATION_PARAMETER, ep);
}

/* ---- queries ---- */

/* createQueryResponseMetadata and createStateQueryIterator. */
static struct rt_error *make_iterator(struct stub *stub, Protos__QueryResponse *response,
        struct state_query_iterator **iterator, Protos__QueryResponseMetadata **metadata)
{
    Protos__QueryResponseMetadata *decoded;
    struct rt_error *err =
            WIRE_UNMARSHAL(protos__query_response_metadata, response->metadata, &decoded);
    if (err)
        return err;
    *iterator = state_query_iterator_new(&stub->tx, response);
    if (metadata)
        *metadata = decoded;
    return NULL;
}

/* handleGetStateByRange. */
static struct rt_error *range(struct stub *stub, rt_str collection, rt_str start_key,
        rt_str end_key, rt_bytes query_metadata, struct state_query_iterator **iterator,
        Protos__QueryResponseMetadata **metadata)
{
    Protos__QueryResponse *response;
    struct rt_error *err = shim_get_state_by_range(
            &stub->tx, collection, start_key, end_key, query_metadata, &response);
    return err ? err : make_iterator(stub, response, iterator, metadata);
}

/* handleGetQueryResult. */
static struct rt_error *rich(struct stub *stub, rt_str collection, rt_str query,
        rt_bytes query_metadata, struct state_query_iterator **iterator,
        Protos__QueryResponseMetadata **metadata)
{
    Protos__QueryResponse *response;
    struct rt_error *err =
            shim_get_query_result(&stub->tx, collection, query, query_metadata, &response);
    return err ? err : make_iterator(stub, response, iterator, metadata);
}

/* createQueryMetadata. */
static struct rt_error *query_metadata(int32_t page_size, rt_str bookmark, rt_bytes *bytes)
{
    Protos__QueryMetadata metadata = PROTOS__QUERY_METADATA__INIT;
    metadata.pagesize = page_size;
    metadata.bookmark = bookmark;
    return WIRE_MARSHAL(&metadata, bytes);
}

/* The range of plain keys: an empty start means the first plain key. */
static struct rt_error *simple_range(rt_str *start_key, rt_str end_key)
{
    if (start_key->len == 0)
        *start_key = RT_STR("\x01");
    struct rt_error *err = shim_validate_simple_key(*start_key);
    return err ? err : shim_validate_simple_key(end_key);
}

static struct rt_error *get_state_by_range(
        void *self, rt_str start_key, rt_str end_key, struct state_query_iterator **iterator)
{
    struct rt_error *err = simple_range(&start_key, end_key);
    if (err)
        return err;
    return range(self, NO_COLLECTION, start_key, end_key, RT_NIL, iterator, NULL);
}

static struct rt_error *get_state_by_range_with_pagination(void *self, rt_str start_key,
        rt_str end_key, int32_t page_size, rt_str bookmark, struct state_query_iterator **iterator,
        Protos__QueryResponseMetadata **metadata)
{
    rt_bytes bytes;
    struct rt_error *err = simple_range(&start_key, end_key);
    if (!err)
        err = query_metadata(page_size, bookmark, &bytes);
    if (err)
        return err;
    return range(self, NO_COLLECTION, start_key, end_key, bytes, iterator, metadata);
}

static struct rt_error *get_state_by_partial_composite_key(void *self, rt_str object_type,
        const rt_str *keys, size_t count, struct state_query_iterator **iterator)
{
    rt_str start_key, end_key;
    struct rt_error *err = shim_range_keys_for_partial_composite_key(
            object_type, keys, count, &start_key, &end_key);
    if (err)
        return err;
    return range(self, NO_COLLECTION, start_key, end_key, RT_NIL, iterator, NULL);
}

static struct rt_error *get_state_by_partial_composite_key_with_pagination(void *self,
        rt_str object_type, const rt_str *keys, size_t count, int32_t page_size, rt_str bookmark,
        struct state_query_iterator **iterator, Protos__QueryResponseMetadata **metadata)
{
    rt_bytes bytes;
    rt_str start_key, end_key;
    struct rt_error *err = query_metadata(page_size, bookmark, &bytes);
    if (!err)
        err = shim_range_keys_for_partial_composite_key(
                object_type, keys, count, &start_key, &end_key);
    if (err)
        return err;
    return range(self, NO_COLLECTION, start_key, end_key, bytes, iterator, metadata);
}

static struct rt_error *get_query_result(
        void *self, rt_str query, struct state_query_iterator **iterator)
{
    return rich(self, NO_COLLECTION, query, RT_NIL, iterator, NULL);
}

static struct rt_error *get_query_result_with_pagination(void *self, rt_str query,
        int32_t page_size, rt_str bookmark, struct state_query_iterator **iterator,
        Protos__QueryResponseMetadata **metadata)
{
    rt_bytes bytes;
    struct rt_error *err = query_metadata(page_size, bookmark, &bytes);
    if (err)
        return err;
    return rich(self, NO_COLLECTION, query, bytes, iterator, metadata);
}

static struct rt_error *get_history_for_key(
        void *self, rt_str key, struct history_query_iterator **iterator)
{
    struct stub *stub = self;
    Protos__QueryResponse *response;
    struct rt_error *err = shim_get_history_for_key(&stub->tx, key, &response);
    if (!err)
        *iterator = history_query_iterator_new(&stub->tx, response);
    return err;
}

static struct rt_error *get_private_data_by_range(void *self, rt_str collection, rt_str start_key,
        rt_str end_key, struct state_query_iterator **iterator)
{
    if (collection.len == 0)
        return no_collection();
    struct rt_error *err = simple_range(&start_key, end_key);
    if (err)
        return err;
    return range(self, collection, start_key, end_key, RT_NIL, iterator, NULL);
}

static struct rt_error *get_private_data_by_partial_composite_key(void *self, rt_str collection,
        rt_str object_type, const rt_str *keys, size_t count,
        struct state_query_iterator **iterator)
{
    if (collection.len == 0)
        return no_collection();
    rt_str start_key, end_key;
    struct rt_error *err = shim_range_keys_for_partial_composite_key(
            object_type, keys, count, &start_key, &end_key);
    if (err)
        return err;
    return range(self, collection, start_key, end_key, RT_NIL, iterator, NULL);
}

static struct rt_error *get_private_data_query_result(
        void *self, rt_str collection, rt_str query, struct state_query_iterator **iterator)
{
    if (collection.len == 0)
        return no_collection();
    return rich(self, collection, query, RT_NIL, iterator, NULL);
}

/* ---- making one ---- */

static const struct chaincode_stub functions = {
    .get_args = get_args,
    .get_function_and_parameters = get_function_and_parameters,
    .get_args_slice = get_args_slice,
    .get_tx_id = get_tx_id,
    .get_channel_id = get_channel_id,
    .get_creator = get_creator,
    .get_transient = get_transient,
    .get_binding = get_binding,
    .get_decorations = get_decorations,
    .get_signed_proposal = get_signed_proposal,
    .get_tx_timestamp = get_tx_timestamp,
    .invoke_chaincode = invoke_chaincode,
    .get_state = get_state,
    .put_state = put_state,
    .del_state = del_state,
    .set_state_validation_parameter = set_state_validation_parameter,
    .get_state_validation_parameter = get_state_validation_parameter,
    .get_state_by_range = get_state_by_range,
    .get_state_by_range_with_pagination = get_state_by_range_with_pagination,
    .get_state_by_partial_composite_key = get_state_by_partial_composite_key,
    .get_state_by_partial_composite_key_with_pagination =
            get_state_by_partial_composite_key_with_pagination,
    .get_query_result = get_query_result,
    .get_query_result_with_pagination = get_query_result_with_pagination,
    .get_history_for_key = get_history_for_key,
    .get_private_data = get_private_data,
    .get_private_data_hash = get_private_data_hash,
    .put_private_data = put_private_data,
    .del_private_data = del_private_data,
    .set_private_data_validation_parameter = set_private_data_validation_parameter,
    .get_private_data_validation_parameter = get_private_data_validation_parameter,
    .get_private_data_by_range = get_private_data_by_range,
    .get_private_data_by_partial_composite_key = get_private_data_by_partial_composite_key,
    .get_private_data_query_result = get_private_data_query_result,
    .set_event = set_event,
};

static struct rt_map *decorations_map(const Protos__ChaincodeInput *input)
{
    struct rt_map *map = input->n_decorations > 0 ? rt_map_new() : NULL;
    for (size_t i = 0; i < input->n_decorations; i++)
        rt_map_put(map, input->decorations[i]->key, &input->decorations[i]->value);
    return map;
}

static struct rt_map *transient_map(const Protos__ChaincodeProposalPayload *payload)
{
    struct rt_map *map = payload->n_transientmap > 0 ? rt_map_new() : NULL;
    for (size_t i = 0; i < payload->n_transientmap; i++)
        rt_map_put(map, payload->transientmap[i]->key, &payload->transientmap[i]->value);
    return map;
}

struct rt_error *stub_init(struct stub *stub, struct shim_handler *handler, rt_str channel_id,
        rt_str txid, const Protos__ChaincodeInput *input, Protos__SignedProposal *signed_proposal)
{
    stub->interface = functions;
    stub->interface.self = stub;
    stub->tx = (struct shim_tx){ handler, channel_id, txid };
    stub->args = input->args;
    stub->arg_count = input->n_args;
    stub->signed_proposal = signed_proposal;
    stub->decorations = decorations_map(input);
    if (!signed_proposal)
        return NULL;
    struct rt_error *err = protoutil_get_proposal(signed_proposal->proposal_bytes, &stub->proposal);
    if (err)
        return rt_error_wrap(err, "failed extracting signedProposal from signed signedProposal");
    Protos__ChaincodeProposalPayload *payload;
    err = protoutil_get_chaincode_proposal_context(stub->proposal, &stub->creator, &payload);
    if (err)
        return rt_error_wrap(err, "failed extracting signedProposal fields");
    stub->transient = transient_map(payload);
    err = protoutil_compute_proposal_binding(stub->proposal, &stub->binding);
    return rt_error_wrap(err, "failed computing binding from signedProposal");
}
