/* A ledger that writes down what it is asked, and knows an answer to everything. */
#include "tests/chaincode/helper_handler.h"

#include "proto/kv_query_result.pb-c.h"

static rt_bytes value_of(rt_str key)
{
    return rt_str_is(key, "missing") ? RT_NIL : rt_str_cat(RT_STR("v:"), key);
}

static struct rt_error *get_state(void *self, rt_str ns, rt_str key, rt_bytes *value)
{
    struct peer_side *p = self;
    if (p->gate)
        rt_recv(p->gate, NULL);
    *value = value_of(key);
    return peer_side_call(self, "get_state(%S,%S)", ns, key);
}

static struct rt_error *get_private_data(
        void *self, rt_str ns, rt_str collection, rt_str key, rt_bytes *value)
{
    *value = value_of(key);
    return peer_side_call(self, "get_private_data(%S,%S,%S)", ns, collection, key);
}

static struct rt_error *get_private_data_hash(
        void *self, rt_str ns, rt_str collection, rt_str key, rt_bytes *hash)
{
    *hash = rt_str_cat(RT_STR("h:"), key);
    return peer_side_call(self, "get_private_data_hash(%S,%S,%S)", ns, collection, key);
}

static struct rt_map *metadata_of(rt_str key)
{
    if (rt_str_is(key, "missing"))
        return NULL;
    struct rt_map *map = rt_map_new();
    static const rt_bytes policy = RT_STR_INIT("p");
    rt_map_put(map, RT_STR("policy"), (void *)(uintptr_t)&policy);
    if (rt_str_is(key, "two"))
        rt_map_put(map, RT_STR("q"), (void *)(uintptr_t)&policy);
    return map;
}

static struct rt_error *get_state_metadata(
        void *self, rt_str ns, rt_str key, struct rt_map **metadata)
{
    *metadata = metadata_of(key);
    return peer_side_call(self, "get_state_metadata(%S,%S)", ns, key);
}

static struct rt_error *get_private_data_metadata(
        void *self, rt_str ns, rt_str collection, rt_str key, struct rt_map **metadata)
{
    *metadata = metadata_of(key);
    return peer_side_call(self, "get_private_data_metadata(%S,%S,%S)", ns, collection, key);
}

static struct rt_error *set_state(void *self, rt_str ns, rt_str key, rt_bytes value)
{
    return peer_side_call(self, "set_state(%S,%S,%S)", ns, key, value);
}

static struct rt_error *delete_state(void *self, rt_str ns, rt_str key)
{
    return peer_side_call(self, "delete_state(%S,%S)", ns, key);
}

static struct rt_error *set_private_data(
        void *self, rt_str ns, rt_str collection, rt_str key, rt_bytes value)
{
    return peer_side_call(self, "set_private_data(%S,%S,%S,%S)", ns, collection, key, value);
}

static struct rt_error *delete_private_data(void *self, rt_str ns, rt_str collection, rt_str key)
{
    return peer_side_call(self, "delete_private_data(%S,%S,%S)", ns, collection, key);
}

static rt_str first_of(const struct rt_map *map)
{
    assert_int_equal(rt_map_len(map), 1);
    const struct rt_map_entry *e = rt_map_sorted(map);
    return rt_sprintf("%S=%S", e->key, *(const rt_bytes *)e->value);
}

static struct rt_error *set_state_metadata(
        void *self, rt_str ns, rt_str key, const struct rt_map *metadata)
{
    return peer_side_call(self, "set_state_metadata(%S,%S,%S)", ns, key, first_of(metadata));
}

static struct rt_error *set_private_data_metadata(
        void *self, rt_str ns, rt_str collection, rt_str key, const struct rt_map *metadata)
{
    return peer_side_call(self, "set_private_data_metadata(%S,%S,%S,%S)", ns, collection, key,
            first_of(metadata));
}

/* ---- queries: k0, k1 ... ---- */

static struct rt_error *next(void *self, void **result)
{
    struct peer_side *p = self;
    *result = NULL;
    struct rt_error *err = peer_side_call(p, "next");
    if (err || p->given == p->results)
        return err;
    Queryresult__KV *kv = WIRE_NEW(queryresult__kv);
    kv->key = rt_sprintf("k%d", p->given++);
    *result = kv;
    return NULL;
}

static void close_iterator(void *self)
{
    RT_DROP(peer_side_call(self, "close"));
}

static rt_str bookmark(void *self)
{
    RT_DROP(peer_side_call(self, "bookmark"));
    return RT_STR("bm");
}

static const struct results_iterator *iterator(struct peer_side *p)
{
    struct results_iterator *i = rt_new(struct results_iterator);
    *i = (struct results_iterator){ p, next, close_iterator };
    p->given = 0;
    return i;
}

static const struct query_results_iterator *page(struct peer_side *p)
{
    struct query_results_iterator *i = rt_new(struct query_results_iterator);
    *i = (struct query_results_iterator){ *iterator(p), bookmark };
    return i;
}

static struct rt_error *range(
        void *self, rt_str ns, rt_str from, rt_str to, const struct results_iterator **out)
{
    *out = iterator(self);
    return peer_side_call(self, "range(%S,%S,%S)", ns, from, to);
}

static struct rt_error *range_page(void *self, rt_str ns, rt_str from, rt_str to,
        const struct query_options *options, const struct query_results_iterator **out)
{
    *out = page(self);
    assert_true(options->has_limit);
    return peer_side_call(self, "range_page(%S,%S,%S,%d)", ns, from, to, (int)options->limit);
}

static struct rt_error *rich(
        void *self, rt_str ns, rt_str query, const struct results_iterator **out)
{
    *out = iterator(self);
    return peer_side_call(self, "rich(%S,%S)", ns, query);
}

static struct rt_error *rich_page(void *self, rt_str ns, rt_str query,
        const struct query_options *options, const struct query_results_iterator **out)
{
    *out = page(self);
    assert_true(options->has_limit);
    return peer_side_call(self, "rich_page(%S,%S,%d)", ns, query, (int)options->limit);
}

static struct rt_error *private_range(void *self, rt_str ns, rt_str collection, rt_str from,
        rt_str to, const struct results_iterator **out)
{
    *out = iterator(self);
    return peer_side_call(self, "private_range(%S,%S,%S,%S)", ns, collection, from, to);
}

static struct rt_error *private_rich(
        void *self, rt_str ns, rt_str collection, rt_str query, const struct results_iterator **out)
{
    *out = iterator(self);
    return peer_side_call(self, "private_rich(%S,%S,%S)", ns, collection, query);
}

static struct rt_error *history(
        void *self, rt_str ns, rt_str key, const struct results_iterator **out)
{
    *out = iterator(self);
    return peer_side_call(self, "history(%S,%S)", ns, key);
}

static void done(void *self)
{
    RT_DROP(peer_side_call(self, "done"));
}

static struct rt_error *new_simulator(
        void *self, rt_str tx_id, const struct tx_simulator **simulator)
{
    struct peer_side *p = self;
    struct rt_error *err = peer_side_call(p, "new_simulator(%S)", tx_id);
    if (!err)
        *simulator = &p->other_simulator;
    return err;
}

static struct rt_error *new_history(void *self, const struct history_query_executor **executor)
{
    struct peer_side *p = self;
    *executor = &p->other_history;
    return peer_side_call(p, "new_history");
}

void peer_side_make_ledger(struct peer_side *p)
{
    p->other_simulator = (struct tx_simulator){ .self = p, .query = { .self = p, .done = done } };
    p->other_ledger = (struct peer_ledger){
        .self = p, .new_tx_simulator = new_simulator, .new_history_query_executor = new_history
    };
    p->simulator = (struct tx_simulator){ .self = p,
        .query = { .self = p,
                .get_state = get_state,
                .get_state_metadata = get_state_metadata,
                .get_state_range_scan_iterator = range,
                .get_state_range_scan_iterator_with_metadata = range_page,
                .execute_query = rich,
                .execute_query_with_metadata = rich_page,
                .get_private_data = get_private_data,
                .get_private_data_hash = get_private_data_hash,
                .get_private_data_metadata = get_private_data_metadata,
                .get_private_data_range_scan_iterator = private_range,
                .execute_query_on_private_data = private_rich },
        .set_state = set_state,
        .delete_state = delete_state,
        .set_state_metadata = set_state_metadata,
        .set_private_data = set_private_data,
        .delete_private_data = delete_private_data,
        .set_private_data_metadata = set_private_data_metadata };
    p->history = (struct history_query_executor){ p, history };
}
