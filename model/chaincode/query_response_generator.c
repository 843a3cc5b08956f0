/* Follows core/chaincode/query_response_generator.go. */
#include "model/chaincode/query_response_generator.h"

#include "model/rt/rt.h"
#include "model/wire/wire.h"

#include "proto/chaincode_shim.pb-c.h"

static Protos__QueryResponse *response_with_batch(
        struct pending_query_result *pending, bool has_more, rt_str iter_id)
{
    Protos__QueryResponse *response = WIRE_NEW(protos__query_response);
    response->results = pending_query_result_cut(RT_DEREF(pending), &response->n_results);
    response->has_more = has_more;
    response->id = iter_id;
    return response;
}

/* createQueryResponse: the last batch. */
static struct rt_error *create_query_response(struct transaction_context *tx_context,
        rt_str iter_id, bool is_paginated, struct pending_query_result *pending,
        int32_t total_return_count, Protos__QueryResponse **response)
{
    Protos__QueryResponse *last = response_with_batch(pending, false, iter_id);
    if (is_paginated) {
        Protos__QueryResponseMetadata metadata = PROTOS__QUERY_RESPONSE_METADATA__INIT;
        metadata.bookmark =
                transaction_context_cleanup_query_context_with_bookmark(tx_context, iter_id);
        metadata.fetched_records_count = total_return_count;
        struct rt_error *err = WIRE_MARSHAL(&metadata, &last->metadata);
        if (err)
            return err;
    } else {
        transaction_context_cleanup_query_context(tx_context, iter_id);
    }
    *response = last;
    return NULL;
}

struct rt_error *query_response_generator_build(const struct query_response_generator *q,
        struct transaction_context *tx_context, const struct query_iterator *iter, rt_str iter_id,
        bool is_paginated, int32_t total_return_limit, Protos__QueryResponse **response)
{
    struct pending_query_result *pending =
            transaction_context_get_pending_query_result(tx_context, iter_id);
    int32_t *total_return_count = transaction_context_get_total_return_count(tx_context, iter_id);
    for (;;) {
        if (*RT_DEREF(total_return_count) >= total_return_limit)
            return create_query_response(
                    tx_context, iter_id, is_paginated, pending, *total_return_count, response);
        void *result = NULL;
        struct rt_error *err = query_iterator_next(iter, &result);
        if (!err && !result)
            return create_query_response(
                    tx_context, iter_id, is_paginated, pending, *total_return_count, response);
        /* A full batch goes out with the result that does not fit as the first of the next. */
        Protos__QueryResponse *full = NULL;
        if (!err && !is_paginated && RT_DEREF(pending)->size == q->max_result_limit)
            full = response_with_batch(pending, true, iter_id);
        if (!err)
            err = pending_query_result_add(RT_DEREF(pending), result);
        if (err) {
            transaction_context_cleanup_query_context(tx_context, iter_id);
            return err;
        }
        rt_shared_write(total_return_count, "TransactionContext.totalReturnCount");
        ++*total_return_count;
        if (full) {
            *response = full;
            return NULL;
        }
    }
}
