/* What a ledger's databases and files do when they fail.
 *
 * State, history, blocks and their index are kept in memory here. Each place where Fabric asks
 * leveldb (common/ledger/util/leveldbhelper) or a block file asks this first, so that whoever makes
 * the ledger can let it fail, wait or end the process. Errors are those of leveldb or the operating
 * system; what Fabric wraps around them is added by the functions below and by the callers. */
#ifndef CCLAB_MODEL_LEDGER_STORAGE_H
#define CCLAB_MODEL_LEDGER_STORAGE_H

#include "model/rt/error.h"

/* Accesses, with the names that scenario files have for them. */
#define STORAGE_OPS(X)                                                                             \
    X(ANY, "any")                                                                                  \
    X(GET, "get")                     /* a key of the state */                                     \
    X(RANGE, "range")                 /* the next key of a range of the state */                   \
    X(WRITE, "write")                 /* a block's updates of the state */                         \
    X(HISTORY_RANGE, "history-range") /* the next entry of a key's history */                      \
    X(HISTORY_WRITE, "history-write") /* a block's entries in the history */                       \
    X(INDEX_GET, "index-get")         /* where a block or transaction is */                        \
    X(BLOCK_READ, "block-read")       /* a block or transaction of a block file */                 \
    X(BLOCK_WRITE, "block-write")     /* a block at the end of the block file */

enum storage_op {
#define STORAGE_ENUM(name, text) STORAGE_##name,
    STORAGE_OPS(STORAGE_ENUM)
#undef STORAGE_ENUM
            STORAGE_OP_COUNT
};
/* As scenario files call it. */
const char *storage_op_name(enum storage_op op);

/* Who decides. A channel's ledger is told by its name; namespace and key are empty where an access
 * has none. */
struct storage_hook {
    void *self;
    struct rt_error *(*access)(
            void *self, rt_str channel, enum storage_op op, rt_str ns, rt_str key);
};

/* The storage of one ledger; zero: nothing fails. */
struct storage {
    rt_str channel;
    struct storage_hook hook;
};

/* An iterator's Next, or an access whose error has another text around it. `s` may be NULL. */
RT_MUST_USE struct rt_error *storage_access(
        const struct storage *s, enum storage_op op, rt_str ns, rt_str key);
/* DB.Get, DB.WriteBatch of leveldbhelper. `db_key` is the key within the channel's database. */
RT_MUST_USE struct rt_error *storage_get(
        const struct storage *s, enum storage_op op, rt_str ns, rt_str key, rt_bytes db_key);
RT_MUST_USE struct rt_error *storage_write_batch(const struct storage *s, enum storage_op op);
/* What package fsblkstorage says when the block file cannot be opened: "error opening block file
 * …", or with `what` "block file reader for file" of a single transaction. */
RT_MUST_USE struct rt_error *storage_read_block_file(const struct storage *s, const char *what);

#endif
