/* Follows core/chaincode/transaction_context.go. */
#include "model/chaincode/transaction_context.h"

#include "model/ledger/ledger.h"

/* ---- iterators ---- */

struct rt_error *query_iterator_next(const struct query_iterator *iter, void **result)
{
    observer_tell(iter->observer, .kind = OBSERVED_ITERATOR_USED, .object = iter);
    return iter->results->next(iter->results->self, result);
}

void query_iterator_close(const struct query_iterator *iter)
{
    observer_tell(iter->observer, .kind = OBSERVED_ITERATOR_CLOSED, .object = iter);
    iter->results->close(iter->results->self);
}

/* ---- the context ---- */

void transaction_context_initialize_query_context(
        struct transaction_context *t, rt_str query_id, const struct query_iterator *iter)
{
    observer_tell(t->observer, .kind = OBSERVED_ITERATOR_OPENED, .object = iter,
            .simulator = iter->simulator);
    rt_lock(&t->query_mutex);
    if (!t->query_iterators) {
        t->query_iterators = rt_map_new();
        t->pending_query_results = rt_map_new();
        t->total_return_count = rt_map_new();
    }
    rt_map_put(t->query_iterators, query_id, (void *)(uintptr_t)iter);
    rt_map_put(t->pending_query_results, query_id, rt_new(struct pending_query_result));
    rt_map_put(t->total_return_count, query_id, rt_new(int32_t));
    rt_unlock(&t->query_mutex);
}

const struct query_iterator *transaction_context_get_query_iterator(
        struct transaction_context *t, rt_str query_id)
{
    rt_lock(&t->query_mutex);
    const struct query_iterator *iter = rt_map_get(t->query_iterators, query_id);
    rt_unlock(&t->query_mutex);
    return iter;
}

struct pending_query_result *transaction_context_get_pending_query_result(
        struct transaction_context *t, rt_str query_id)
{
    rt_lock(&t->query_mutex);
    struct pending_query_result *result = rt_map_get(t->pending_query_results, query_id);
    rt_unlock(&t->query_mutex);
    return result;
}

int32_t *transaction_context_get_total_return_count(struct transaction_context *t, rt_str query_id)
{
    rt_lock(&t->query_mutex);
    int32_t *count = rt_map_get(t->total_return_count, query_id);
    rt_unlock(&t->query_mutex);
    return count;
}

static void forget_query(struct transaction_context *t, rt_str query_id)
{
    if (!t->query_iterators)
        return;
    rt_map_delete(t->query_iterators, query_id);
    rt_map_delete(t->pending_query_results, query_id);
    rt_map_delete(t->total_return_count, query_id);
}

void transaction_context_cleanup_query_context(struct transaction_context *t, rt_str query_id)
{
    rt_lock(&t->query_mutex);
    const struct query_iterator *iter = rt_map_get(t->query_iterators, query_id);
    if (iter)
        query_iterator_close(iter);
    forget_query(t, query_id);
    rt_unlock(&t->query_mutex);
}

rt_str transaction_context_cleanup_query_context_with_bookmark(
        struct transaction_context *t, rt_str query_id)
{
    rt_str bookmark = RT_STR("");
    rt_lock(&t->query_mutex);
    const struct query_iterator *iter = rt_map_get(t->query_iterators, query_id);
    if (iter && iter->get_bookmark_and_close) {
        observer_tell(iter->observer, .kind = OBSERVED_ITERATOR_CLOSED, .object = iter);
        bookmark = iter->get_bookmark_and_close(iter->results->self);
    }
    forget_query(t, query_id);
    rt_unlock(&t->query_mutex);
    return bookmark;
}

static void close_all(const struct transaction_context *t)
{
    size_t count = rt_map_len(t->query_iterators);
    const struct rt_map_entry *entries = count > 0 ? rt_map_range(t->query_iterators) : NULL;
    for (size_t i = 0; i < count; i++)
        query_iterator_close(entries[i].value);
}

void transaction_context_close_query_iterators(struct transaction_context *t)
{
    rt_lock(&t->query_mutex);
    close_all(t);
    rt_unlock(&t->query_mutex);
}

/* ---- variants ---- */

/* These three: FIX_ITERATORS_IN_USE. */
void transaction_context_end_stream(struct transaction_context *t)
{
    rt_lock(&t->query_mutex);
    t->stream_ended = true;
    if (t->users == 0)
        close_all(t);
    rt_unlock(&t->query_mutex);
}

bool transaction_context_enter(struct transaction_context *t)
{
    rt_lock(&t->query_mutex);
    bool open = !t->stream_ended;
    t->users += open;
    rt_unlock(&t->query_mutex);
    return open;
}

void transaction_context_leave(struct transaction_context *t)
{
    rt_lock(&t->query_mutex);
    if (--t->users == 0 && t->stream_ended)
        close_all(t);
    rt_unlock(&t->query_mutex);
}
