/* Follows core/ledger/kvledger/txmgmt/rwsetutil/query_results_helper.go. */
#include "model/ledger/query_results_helper.h"

#include "model/crypto/crypto.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"

#define LEAF_LEVEL 1u

/* ---- merkleTree ---- */

static struct rt_error *merkle_tree_init(struct merkle_tree *tree, uint32_t max_degree)
{
    *tree = (struct merkle_tree){ 0 };
    if (max_degree < 2)
        return rt_errorf("maxDegree [%u] should not be less than 2 in the merkle tree", max_degree);
    tree->max_level = LEAF_LEVEL;
    tree->max_degree = max_degree;
    return NULL;
}

static struct merkle_level *level_at(struct merkle_tree *tree, uint32_t level)
{
    rt_reserve(tree->levels, tree->level_capacity, level + 1);
    return &tree->levels[level];
}

static void append_hash(struct merkle_tree *tree, uint32_t level, rt_bytes hash)
{
    struct merkle_level *at = level_at(tree, level);
    rt_reserve(at->hashes, at->capacity, at->count + 1);
    at->hashes[at->count++] = hash;
}

static rt_bytes compute_combined_hash(const struct merkle_level *level)
{
    struct rt_buf combined = { 0 };
    for (size_t i = 0; i < level->count; i++)
        rt_buf_put_str(&combined, level->hashes[i]);
    return crypto_sha256(rt_buf_str(&combined));
}

static void clear_level(struct merkle_tree *tree, uint32_t level)
{
    *level_at(tree, level) = (struct merkle_level){ 0 };
}

/* Takes the next hash of the leaf level and completes the tree as far as possible. */
static void merkle_tree_update(struct merkle_tree *tree, rt_bytes next_leaf_level_hash)
{
    append_hash(tree, LEAF_LEVEL, next_leaf_level_hash);
    uint32_t current = LEAF_LEVEL;
    while (level_at(tree, current)->count > tree->max_degree) {
        rt_bytes hash = compute_combined_hash(level_at(tree, current));
        clear_level(tree, current);
        current++;
        append_hash(tree, current, hash);
        if (current > tree->max_level)
            tree->max_level = current;
    }
}

/* Lifts what is left on lower levels to the top, and the top once more when it became too wide. */
static void merkle_tree_done(struct merkle_tree *tree)
{
    for (uint32_t current = LEAF_LEVEL; current < tree->max_level; current++) {
        struct merkle_level *level = level_at(tree, current);
        if (level->count == 0)
            continue;
        rt_bytes hash = level->count == 1 ? level->hashes[0] : compute_combined_hash(level);
        clear_level(tree, current);
        append_hash(tree, current + 1, hash);
    }
    struct merkle_level *top = level_at(tree, tree->max_level);
    if (top->count > tree->max_degree) {
        rt_bytes hash = compute_combined_hash(top);
        clear_level(tree, tree->max_level);
        tree->max_level++;
        append_hash(tree, tree->max_level, hash);
    }
}

static bool merkle_tree_is_empty(const struct merkle_tree *tree)
{
    return tree->max_level == LEAF_LEVEL &&
           (tree->level_capacity <= LEAF_LEVEL || tree->levels[LEAF_LEVEL].count == 0);
}

static Kvrwset__QueryReadsMerkleSummary *get_summary(const struct merkle_tree *tree)
{
    Kvrwset__QueryReadsMerkleSummary *summary = WIRE_NEW(kvrwset__query_reads_merkle_summary);
    summary->max_degree = tree->max_degree;
    summary->max_level = tree->max_level;
    if (tree->max_level < tree->level_capacity) {
        const struct merkle_level *top = &tree->levels[tree->max_level];
        summary->n_max_level_hashes = top->count;
        summary->max_level_hashes = rt_grow(NULL, 0, top->count, sizeof(rt_bytes));
        for (size_t i = 0; i < top->count; i++)
            summary->max_level_hashes[i] = top->hashes[i];
    }
    return summary;
}

/* ---- RangeQueryResultsHelper ---- */

struct rt_error *range_query_results_helper_init(
        struct range_query_results_helper *helper, uint32_t max_degree)
{
    *helper = (struct range_query_results_helper){ .max_degree = max_degree };
    return merkle_tree_init(&helper->tree, max_degree);
}

static struct rt_error *process_pending_results(struct range_query_results_helper *helper)
{
    Kvrwset__QueryReads *reads = WIRE_NEW(kvrwset__query_reads);
    reads->kv_reads = helper->pending_results;
    reads->n_kv_reads = helper->pending_count;
    rt_bytes bytes;
    struct rt_error *err = WIRE_MARSHAL(reads, &bytes);
    if (err)
        return err;
    helper->pending_results = NULL;
    helper->pending_count = 0;
    helper->pending_capacity = 0;
    merkle_tree_update(&helper->tree, crypto_sha256(bytes));
    return NULL;
}

struct rt_error *range_query_results_helper_add_result(
        struct range_query_results_helper *helper, Kvrwset__KVRead *read)
{
    rt_reserve(helper->pending_results, helper->pending_capacity, helper->pending_count + 1);
    helper->pending_results[helper->pending_count++] = read;
    if (helper->pending_count > helper->max_degree)
        return process_pending_results(helper);
    return NULL;
}

struct rt_error *range_query_results_helper_done(struct range_query_results_helper *helper,
        Kvrwset__KVRead ***reads, size_t *count, Kvrwset__QueryReadsMerkleSummary **summary)
{
    struct rt_error *err = NULL;
    *summary = NULL;
    if (!merkle_tree_is_empty(&helper->tree)) {
        if (helper->pending_count != 0)
            err = process_pending_results(helper);
        if (!err) {
            merkle_tree_done(&helper->tree);
            *summary = get_summary(&helper->tree);
        }
    }
    *reads = helper->pending_results;
    *count = helper->pending_count;
    return err;
}

Kvrwset__QueryReadsMerkleSummary *range_query_results_helper_get_merkle_summary(
        const struct range_query_results_helper *helper)
{
    return get_summary(&helper->tree);
}

Kvrwset__KVRead *new_kv_read(rt_str key, struct height version)
{
    Kvrwset__KVRead *read = WIRE_NEW(kvrwset__kvread);
    read->key = key;
    read->version = height_to_proto(version);
    return read;
}
