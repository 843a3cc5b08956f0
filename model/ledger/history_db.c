/* Follows core/ledger/kvledger/history/historydb/historyleveldb/{historyleveldb,
 * historyleveldb_query_executer}.go. */
#include "model/ledger/history_db.h"

#include "model/ledger/rwset_proto_util.h"
#include "model/ledger/validator.h"
#include "model/protoutil/protoutil.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"

#include "proto/kv_query_result.pb-c.h"

struct history_entry {
    const Common__Block *block;
    size_t tx;
    struct history_entry *next;
};

struct history_list {
    struct history_entry *first;
    struct history_entry *last;
};

static rt_str composite_key(rt_str ns, rt_str key)
{
    struct rt_buf buf = { 0 };
    rt_buf_put_str(&buf, ns);
    rt_buf_put_byte(&buf, 0);
    rt_buf_put_str(&buf, key);
    return rt_buf_str(&buf);
}

static void add_entry(
        struct history_db *db, rt_str ns, rt_str key, const Common__Block *block, size_t tx)
{
    rt_str composite = composite_key(ns, key);
    struct history_list *list = rt_map_get(db->entries, composite);
    if (!list) {
        list = rt_new(struct history_list);
        rt_map_put(db->entries, composite, list);
    }
    struct history_entry *entry = rt_new(struct history_entry);
    *entry = (struct history_entry){ block, tx, NULL };
    if (list->last && list->last->block == block && list->last->tx == tx)
        return;
    if (list->last)
        list->last->next = entry;
    else
        list->first = entry;
    list->last = entry;
}

/* The channel header and read-write set of an endorser transaction; *found is false for others. */
static struct rt_error *unpack_tx(
        rt_bytes envelope, Common__ChannelHeader **chdr, struct tx_rw_set *rw_set, bool *found)
{
    *found = false;
    struct rt_error *err = envelope_channel_header(envelope, chdr);
    if (err || (*chdr)->type != COMMON__HEADER_TYPE__ENDORSER_TRANSACTION)
        return err;
    Protos__ChaincodeAction *action;
    err = protoutil_get_action_from_envelope(envelope, &action);
    if (!err)
        err = tx_rw_set_from_proto_bytes(action->results, rw_set);
    *found = !err;
    return err;
}

struct rt_error *history_db_commit(struct history_db *db, const Common__Block *block)
{
    struct rt_error *failed = storage_write_batch(db->storage, STORAGE_HISTORY_WRITE);
    if (failed)
        return failed;
    if (!db->entries)
        db->entries = rt_map_new();
    for (size_t tx = 0; tx < block->data->n_data; tx++) {
        if (block_validation_flag(block, tx) != PROTOS__TX_VALIDATION_CODE__VALID)
            continue;
        Common__ChannelHeader *chdr;
        struct tx_rw_set rw_set;
        bool found;
        struct rt_error *err = unpack_tx(block->data->data[tx], &chdr, &rw_set, &found);
        if (err)
            return err;
        for (size_t i = 0; found && i < rw_set.ns_rw_set_count; i++) {
            const struct ns_rw_set *ns = &rw_set.ns_rw_sets[i];
            for (size_t j = 0; j < ns->kv_rw_set->n_writes; j++)
                add_entry(db, ns->name_space, ns->kv_rw_set->writes[j]->key, block, tx);
        }
    }
    db->savepoint = block->header->number + 1;
    return NULL;
}

/* ---- historyScanner ---- */

struct history_scanner {
    struct results_iterator interface;
    rt_str ns;
    rt_str key;
    const struct storage *storage;
    const struct history_entry *next;
};

/* getKeyModificationFromTran. */
static struct rt_error *key_modification(const struct history_scanner *scanner, rt_bytes envelope,
        Queryresult__KeyModification **result)
{
    Common__ChannelHeader *chdr;
    struct tx_rw_set rw_set;
    bool found;
    *result = NULL;
    struct rt_error *err = unpack_tx(envelope, &chdr, &rw_set, &found);
    if (err)
        return err;
    for (size_t i = 0; found && i < rw_set.ns_rw_set_count; i++) {
        const struct ns_rw_set *ns = &rw_set.ns_rw_sets[i];
        if (!rt_str_eq(ns->name_space, scanner->ns))
            continue;
        for (size_t j = 0; j < ns->kv_rw_set->n_writes; j++) {
            const Kvrwset__KVWrite *write = ns->kv_rw_set->writes[j];
            if (!rt_str_eq(write->key, scanner->key))
                continue;
            *result = WIRE_NEW(queryresult__key_modification);
            (*result)->tx_id = chdr->tx_id;
            (*result)->value = write->value;
            (*result)->timestamp = chdr->timestamp;
            (*result)->is_delete = write->is_delete;
            return NULL;
        }
        return NULL;
    }
    return NULL;
}

/* Next of leveldb's iterator, whose error nobody looks at: storage that fails is the end. */
static const struct history_entry *next_entry(struct history_scanner *scanner)
{
    const struct history_entry *entry = scanner->next;
    if (storage_access(scanner->storage, STORAGE_HISTORY_RANGE, scanner->ns, scanner->key))
        entry = NULL;
    scanner->next = entry ? entry->next : NULL;
    return entry;
}

static struct rt_error *history_scanner_next(void *self, void **result)
{
    struct history_scanner *scanner = self;
    const struct history_entry *entry;
    *result = NULL;
    while ((entry = next_entry(scanner))) {
        Queryresult__KeyModification *modification = NULL;
        struct rt_error *err =
                block_store_read_tx(scanner->storage, entry->block->header->number, entry->tx);
        if (!err)
            err = key_modification(scanner, entry->block->data->data[entry->tx], &modification);
        if (err || modification) {
            *result = modification;
            return err;
        }
    }
    return NULL;
}

static void history_scanner_close(void *self)
{
    struct history_scanner *scanner = self;
    scanner->next = NULL;
}

struct level_history_db_query_executor {
    struct history_query_executor interface;
    const struct history_db *db;
};

static struct rt_error *get_history_for_key(
        void *self, rt_str ns, rt_str key, const struct results_iterator **iterator)
{
    struct level_history_db_query_executor *executor = self;
    struct history_scanner *scanner = rt_new(struct history_scanner);
    const struct history_list *list = rt_map_get(executor->db->entries, composite_key(ns, key));
    scanner->interface =
            (struct results_iterator){ scanner, history_scanner_next, history_scanner_close };
    scanner->ns = ns;
    scanner->key = key;
    scanner->storage = executor->db->storage;
    scanner->next = list ? list->first : NULL;
    *iterator = &scanner->interface;
    return NULL;
}

const struct history_query_executor *history_db_new_query_executor(const struct history_db *db)
{
    struct level_history_db_query_executor *executor =
            rt_new(struct level_history_db_query_executor);
    executor->interface = (struct history_query_executor){ executor, get_history_for_key };
    executor->db = db;
    return &executor->interface;
}
