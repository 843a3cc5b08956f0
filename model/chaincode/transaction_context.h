/* One execution of a chaincode, and all executions of one handler.
 *
 * Follows core/chaincode/{transaction_context,transaction_contexts,pending_query_result}.go. */
#ifndef CCLAB_MODEL_CHAINCODE_TRANSACTION_CONTEXT_H
#define CCLAB_MODEL_CHAINCODE_TRANSACTION_CONTEXT_H

#include "model/ccprovider/ccprovider.h"
#include "model/lab/observer.h"
#include "model/rt/chan.h"
#include "model/rt/map.h"
#include "model/rt/sync.h"

typedef struct Protos__QueryResultBytes Protos__QueryResultBytes;
struct results_iterator;

/* PendingQueryResult: results that wait to be sent in a batch. */
struct pending_query_result {
    Protos__QueryResultBytes **batch;
    size_t size;
    size_t capacity;
};
/* Cut: takes the batch, *count results; NULL when it is empty. */
Protos__QueryResultBytes **pending_query_result_cut(struct pending_query_result *p, size_t *count);
/* Add: marshals the result (a protobuf message). */
RT_MUST_USE struct rt_error *pending_query_result_add(
        struct pending_query_result *p, const void *query_result);

/* An open iterator of commonledger.ResultsIterator or, when a page was asked for,
 * QueryResultsIterator. */
struct query_iterator {
    const struct results_iterator *results;
    /* Of a commonledger.QueryResultsIterator: the interface also has this; NULL otherwise. */
    rt_str (*get_bookmark_and_close)(void *self);
    const void *simulator; /* whose Done closes it, for the observer; NULL: none's */
    const struct observer *observer;
};
/* ResultsIterator.Next and Close. *result is NULL after the last one. */
RT_MUST_USE struct rt_error *query_iterator_next(const struct query_iterator *iter, void **result);
void query_iterator_close(const struct query_iterator *iter);

/* TransactionContext. */
struct transaction_context {
    rt_str chain_id;
    Protos__SignedProposal *signed_prop;
    Protos__Proposal *proposal;
    struct rt_chan *response_notifier; /* of Protos__ChaincodeMessage *, capacity 1 */
    const struct tx_simulator *tx_simulator;
    const struct history_query_executor *history_query_executor;
    const struct collection_store *collection_store;
    bool is_init_transaction;

    struct rt_mutex query_mutex;
    struct rt_map *query_iterators;       /* of struct query_iterator *; made when needed */
    struct rt_map *pending_query_results; /* of struct pending_query_result * */
    struct rt_map *total_return_count;    /* of int32_t * */

    struct rt_map *allowed_collection_access; /* a set; made when needed */
    struct rt_waitgroup running;              /* requests, for the variant FIX_REQUEST_OUTLIVES */
    /* For the variant FIX_ITERATORS_IN_USE, guarded by query_mutex: requests that may use an
     * iterator now; the stream has ended, so the last of them closes what is open. */
    uint32_t users;
    bool stream_ended;
    const struct observer *observer;
};

/* InitializeQueryContext: remembers a query's iterator, without pending results, its count 0. */
void transaction_context_initialize_query_context(
        struct transaction_context *t, rt_str query_id, const struct query_iterator *iter);
/* GetQueryIterator, GetPendingQueryResult, GetTotalReturnCount: NULL for an unknown query. */
const struct query_iterator *transaction_context_get_query_iterator(
        struct transaction_context *t, rt_str query_id);
struct pending_query_result *transaction_context_get_pending_query_result(
        struct transaction_context *t, rt_str query_id);
int32_t *transaction_context_get_total_return_count(struct transaction_context *t, rt_str query_id);
/* CleanupQueryContext: closes the query's iterator, if there is one, and forgets the query. */
void transaction_context_cleanup_query_context(struct transaction_context *t, rt_str query_id);
/* CleanupQueryContextWithBookmark: the same for a query with pages; returns where the next page
 * begins. An iterator without bookmarks is forgotten but not closed, and "" is returned. */
rt_str transaction_context_cleanup_query_context_with_bookmark(
        struct transaction_context *t, rt_str query_id);
/* CloseQueryIterators: closes them all and, as in Fabric, leaves them in the map. */
void transaction_context_close_query_iterators(struct transaction_context *t);

/* The variant FIX_ITERATORS_IN_USE: a request begins to use the iterators, unless the stream has
 * ended (false), and is done with them; the end of the stream closes them, or leaves that to the
 * last request that uses them. */
bool transaction_context_enter(struct transaction_context *t);
void transaction_context_leave(struct transaction_context *t);
void transaction_context_end_stream(struct transaction_context *t);

/* TransactionContexts: by channel and transaction id, simply joined. */
struct transaction_contexts {
    struct rt_mutex mutex;
    struct rt_map *contexts; /* of struct transaction_context * */
    const struct observer *observer;
    uint64_t variants; /* bits of enum variant */
};
/* NewTransactionContexts: empty; the caller sets observer and variants. */
void transaction_contexts_init(struct transaction_contexts *c);
/* Create: fails with "txid: T(C) exists". */
RT_MUST_USE struct rt_error *transaction_contexts_create(struct transaction_contexts *c,
        const struct transaction_params *tx_params, struct transaction_context **context);
/* Get: NULL if there is none. */
struct transaction_context *transaction_contexts_get(
        struct transaction_contexts *c, rt_str chain_id, rt_str tx_id);
/* Delete: nothing happens if there is none. */
void transaction_contexts_delete(struct transaction_contexts *c, rt_str chain_id, rt_str tx_id);
/* Close: closes the query iterators of all contexts, in the order of Go's map. */
void transaction_contexts_close(struct transaction_contexts *c);

/* Get for a request, with the variants FIX_REQUEST_OUTLIVES and FIX_ITERATORS_IN_USE: the request
 * is counted in `running` and in `users`. With the latter NULL, too, if the stream has ended. */
struct transaction_context *transaction_contexts_acquire(
        struct transaction_contexts *c, rt_str chain_id, rt_str tx_id);

#endif
