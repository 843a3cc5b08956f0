/* Follows the iterators of core/chaincode/shim/chaincode.go. */
#include "model/shim/iterator.h"

#include "model/rt/rt.h"
#include "model/wire/wire.h"

#include "proto/kv_query_result.pb-c.h"

struct state_query_iterator *state_query_iterator_new(
        const struct shim_tx *tx, Protos__QueryResponse *response)
{
    struct state_query_iterator *iterator = rt_new(struct state_query_iterator);
    iterator->common = (struct common_iterator){ *tx, response, 0 };
    return iterator;
}

struct history_query_iterator *history_query_iterator_new(
        const struct shim_tx *tx, Protos__QueryResponse *response)
{
    struct history_query_iterator *iterator = rt_new(struct history_query_iterator);
    iterator->common = (struct common_iterator){ *tx, response, 0 };
    return iterator;
}

static bool has_next(const struct common_iterator *iter)
{
    return iter->current_loc < iter->response->n_results || iter->response->has_more;
}

static struct rt_error *fetch_next_query_result(struct common_iterator *iter)
{
    Protos__QueryResponse *response;
    struct rt_error *err = shim_query_state_next(&iter->tx, iter->response->id, &response);
    if (err)
        return err;
    iter->current_loc = 0;
    iter->response = response;
    return NULL;
}

/* nextResult: the last one of a batch fetches the next batch. */
static struct rt_error *next_result(
        struct common_iterator *iter, const ProtobufCMessageDescriptor *type, void **result)
{
    if (iter->current_loc >= iter->response->n_results)
        return iter->response->has_more ? rt_errorf("invalid iterator state")
                                        : rt_errorf("no such key");
    ProtobufCMessage *message;
    struct rt_error *err =
            wire_unmarshal(type, iter->response->results[iter->current_loc]->resultbytes, &message);
    if (err)
        return type == &queryresult__kv__descriptor
                       ? rt_error_wrap(err, "error unmarshaling result from bytes")
                       : err;
    iter->current_loc++;
    if (iter->current_loc == iter->response->n_results && iter->response->has_more) {
        err = fetch_next_query_result(iter);
        if (err)
            return err;
    }
    *result = message;
    return NULL;
}

static struct rt_error *close_iterator(struct common_iterator *iter)
{
    Protos__QueryResponse *response;
    return shim_query_state_close(&iter->tx, iter->response->id, &response);
}

bool state_query_iterator_has_next(const struct state_query_iterator *iterator)
{
    return has_next(&RT_DEREF(iterator)->common);
}

struct rt_error *state_query_iterator_next(
        struct state_query_iterator *iterator, Queryresult__KV **kv)
{
    void *result;
    struct rt_error *err =
            next_result(&RT_DEREF(iterator)->common, &queryresult__kv__descriptor, &result);
    if (!err)
        *kv = result;
    return err;
}

struct rt_error *state_query_iterator_close(struct state_query_iterator *iterator)
{
    return close_iterator(&RT_DEREF(iterator)->common);
}

bool history_query_iterator_has_next(const struct history_query_iterator *iterator)
{
    return has_next(&RT_DEREF(iterator)->common);
}

struct rt_error *history_query_iterator_next(
        struct history_query_iterator *iterator, Queryresult__KeyModification **modification)
{
    void *result;
    struct rt_error *err = next_result(
            &RT_DEREF(iterator)->common, &queryresult__key_modification__descriptor, &result);
    if (!err)
        *modification = result;
    return err;
}

struct rt_error *history_query_iterator_close(struct history_query_iterator *iterator)
{
    return close_iterator(&RT_DEREF(iterator)->common);
}
