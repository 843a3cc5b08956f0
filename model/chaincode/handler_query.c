/* Follows the range, rich and history queries in core/chaincode/handler.go. */
#include "model/chaincode/handler_internal.h"
#include "model/ledger/ledger.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"

#define UNMARSHAL(type, msg, request)                                                              \
    rt_error_wrap(WIRE_UNMARSHAL(type, (msg)->payload, (request)), "unmarshal failed")

/* A query that is being answered. */
struct query {
    struct handler *h;
    Protos__ChaincodeMessage *msg;
    struct transaction_context *tx_context;
    rt_str iter_id;
    struct query_iterator *iter;
    const void *simulator; /* that was asked; NULL for the history */
    bool is_paginated;
    int32_t total_return_limit;
};

/* ---- pages ---- */

/* getQueryMetadataFromBytes: NULL for nil bytes. */
static struct rt_error *query_metadata(rt_bytes bytes, Protos__QueryMetadata **metadata)
{
    *metadata = NULL;
    if (!bytes.data)
        return NULL;
    return rt_error_wrap(
            WIRE_UNMARSHAL(protos__query_metadata, bytes, metadata), "unmarshal failed");
}

/* isMetadataSetForPagination. */
static bool wants_page(const Protos__QueryMetadata *metadata)
{
    return metadata && (metadata->pagesize != 0 || metadata->bookmark.len != 0);
}

/* calculateTotalReturnLimit. */
static int32_t total_return_limit(const Protos__QueryMetadata *metadata)
{
    int32_t limit = LEDGER_TOTAL_QUERY_LIMIT;
    if (metadata && metadata->pagesize > 0 && metadata->pagesize < limit)
        limit = metadata->pagesize;
    return limit;
}

/* ---- iterators ---- */

static const struct query_executor *executor(struct query *q)
{
    const struct tx_simulator *sim = RT_DEREF(RT_DEREF(q->tx_context)->tx_simulator);
    observer_tell(q->h->env->observer, .kind = OBSERVED_SIMULATOR_USED, .simulator = sim->self,
            .place = "handler_query.c executor");
    q->simulator = sim->self;
    return &sim->query;
}

static void set_iterator(struct query *q, const struct results_iterator *results,
        rt_str (*get_bookmark_and_close)(void *self))
{
    q->iter = rt_new(struct query_iterator);
    q->iter->results = results;
    q->iter->get_bookmark_and_close = get_bookmark_and_close;
    q->iter->simulator = q->simulator;
    q->iter->observer = q->h->env->observer;
}

/* The iterator of a plain query, or err. */
static struct rt_error *plain(
        struct query *q, struct rt_error *err, const struct results_iterator *results)
{
    if (!err)
        set_iterator(q, results, NULL);
    return err;
}

/* The same of a query for a page. */
static struct rt_error *paged(
        struct query *q, struct rt_error *err, const struct query_results_iterator *results)
{
    q->is_paginated = true;
    if (!err)
        set_iterator(q, &results->results, results->get_bookmark_and_close);
    return err;
}

/* Builds the next response and, unless the query goes on, forgets its iterator. */
static struct rt_error *answer(struct query *q, Protos__ChaincodeMessage **resp)
{
    Protos__QueryResponse *response;
    struct rt_error *err = query_response_generator_build(&q->h->env->query_response_builder,
            q->tx_context, q->iter, q->iter_id, q->is_paginated, q->total_return_limit, &response);
    if (err) {
        transaction_context_cleanup_query_context(q->tx_context, q->iter_id);
        return err;
    }
    rt_bytes payload;
    err = WIRE_MARSHAL(response, &payload);
    if (err) {
        transaction_context_cleanup_query_context(q->tx_context, q->iter_id);
        return rt_error_wrap(err, "marshal failed");
    }
    *resp = handler_response(q->msg, payload);
    return NULL;
}

static struct rt_error *begin_and_answer(
        struct query *q, struct rt_error *err, Protos__ChaincodeMessage **resp)
{
    if (err)
        return err;
    transaction_context_initialize_query_context(q->tx_context, q->iter_id, q->iter);
    return answer(q, resp);
}

/* ---- requests ---- */

static struct rt_error *range_iterator(struct query *q, const Protos__GetStateByRange *request,
        const Protos__QueryMetadata *metadata)
{
    rt_str name = handler_chaincode_name(q->h);
    rt_str start_key = request->startkey;
    struct rt_error *err;
    const struct results_iterator *results = NULL;
    if (request->collection.len != 0) {
        err = handler_check_collection(q->h, q->tx_context, request->collection, true);
        if (err)
            return err;
        const struct query_executor *e = executor(q);
        err = e->get_private_data_range_scan_iterator(
                e->self, name, request->collection, start_key, request->endkey, &results);
        return plain(q, err, results);
    }
    const struct query_executor *e = executor(q);
    if (!wants_page(metadata)) {
        err = e->get_state_range_scan_iterator(e->self, name, start_key, request->endkey, &results);
        return plain(q, err, results);
    }
    if (metadata->bookmark.len != 0)
        start_key = metadata->bookmark;
    const struct query_options options = { true, q->total_return_limit };
    const struct query_results_iterator *page = NULL;
    err = e->get_state_range_scan_iterator_with_metadata(
            e->self, name, start_key, request->endkey, &options, &page);
    return paged(q, err, page);
}

struct rt_error *handler_get_state_by_range(struct handler *h, Protos__ChaincodeMessage *msg,
        struct transaction_context *tx_context, Protos__ChaincodeMessage **resp)
{
    Protos__GetStateByRange *request;
    Protos__QueryMetadata *metadata;
    struct rt_error *err = UNMARSHAL(protos__get_state_by_range, msg, &request);
    if (!err)
        err = query_metadata(request->metadata, &metadata);
    if (err)
        return err;
    struct query q = { .h = h, .msg = msg, .tx_context = tx_context };
    q.total_return_limit = total_return_limit(metadata);
    q.iter_id = handler_new_uuid(h);
    return begin_and_answer(&q, range_iterator(&q, request, metadata), resp);
}

static struct rt_error *rich_iterator(struct query *q, const Protos__GetQueryResult *request,
        const Protos__QueryMetadata *metadata)
{
    rt_str name = handler_chaincode_name(q->h);
    struct rt_error *err;
    const struct results_iterator *results = NULL;
    if (request->collection.len != 0) {
        err = handler_check_collection(q->h, q->tx_context, request->collection, true);
        if (err)
            return err;
        const struct query_executor *e = executor(q);
        err = e->execute_query_on_private_data(
                e->self, name, request->collection, request->query, &results);
        return plain(q, err, results);
    }
    const struct query_executor *e = executor(q);
    if (!wants_page(metadata)) {
        err = e->execute_query(e->self, name, request->query, &results);
        return plain(q, err, results);
    }
    const struct query_options options = { true, q->total_return_limit };
    const struct query_results_iterator *page = NULL;
    err = e->execute_query_with_metadata(e->self, name, request->query, &options, &page);
    return paged(q, err, page);
}

struct rt_error *handler_get_query_result(struct handler *h, Protos__ChaincodeMessage *msg,
        struct transaction_context *tx_context, Protos__ChaincodeMessage **resp)
{
    struct query q = { .h = h, .msg = msg, .tx_context = tx_context };
    q.iter_id = handler_new_uuid(h);
    Protos__GetQueryResult *request;
    Protos__QueryMetadata *metadata;
    struct rt_error *err = UNMARSHAL(protos__get_query_result, msg, &request);
    if (!err)
        err = query_metadata(request->metadata, &metadata);
    if (err)
        return err;
    q.total_return_limit = total_return_limit(metadata);
    return begin_and_answer(&q, rich_iterator(&q, request, metadata), resp);
}

struct rt_error *handler_get_history_for_key(struct handler *h, Protos__ChaincodeMessage *msg,
        struct transaction_context *tx_context, Protos__ChaincodeMessage **resp)
{
    struct query q = { .h = h, .msg = msg, .tx_context = tx_context };
    q.iter_id = handler_new_uuid(h);
    Protos__GetHistoryForKey *request;
    struct rt_error *err = UNMARSHAL(protos__get_history_for_key, msg, &request);
    if (err)
        return err;
    const struct history_query_executor *e = RT_DEREF(RT_DEREF(tx_context)->history_query_executor);
    const struct results_iterator *results = NULL;
    err = e->get_history_for_key(e->self, handler_chaincode_name(h), request->key, &results);
    q.total_return_limit = total_return_limit(NULL);
    return begin_and_answer(&q, plain(&q, err, results), resp);
}

struct rt_error *handler_query_state_next(struct handler *h, Protos__ChaincodeMessage *msg,
        struct transaction_context *tx_context, Protos__ChaincodeMessage **resp)
{
    Protos__QueryStateNext *request;
    struct rt_error *err = UNMARSHAL(protos__query_state_next, msg, &request);
    if (err)
        return err;
    struct query q = { .h = h, .msg = msg, .tx_context = RT_DEREF(tx_context) };
    q.iter_id = request->id;
    q.iter = (struct query_iterator *)(uintptr_t)transaction_context_get_query_iterator(
            tx_context, request->id);
    if (!q.iter)
        return rt_errorf("query iterator not found");
    q.total_return_limit = total_return_limit(NULL);
    return answer(&q, resp);
}

struct rt_error *handler_query_state_close(struct handler *h, Protos__ChaincodeMessage *msg,
        struct transaction_context *tx_context, Protos__ChaincodeMessage **resp)
{
    (void)h;
    Protos__QueryStateClose *request;
    struct rt_error *err = UNMARSHAL(protos__query_state_close, msg, &request);
    if (err)
        return err;
    if (transaction_context_get_query_iterator(RT_DEREF(tx_context), request->id))
        transaction_context_cleanup_query_context(tx_context, request->id);
    Protos__QueryResponse response = PROTOS__QUERY_RESPONSE__INIT;
    response.id = request->id;
    rt_bytes payload;
    err = WIRE_MARSHAL(&response, &payload);
    if (err)
        return rt_error_wrap(err, "marshal failed");
    *resp = handler_response(msg, payload);
    return NULL;
}
