/* Which transactions wrote a key (core/ledger/kvledger/history/historydb/historyleveldb).
 *
 * Only blocks of this run are known; what the world says was written earlier has no history
 * here. */
#ifndef CCLAB_MODEL_LEDGER_HISTORY_DB_H
#define CCLAB_MODEL_LEDGER_HISTORY_DB_H

#include "model/ledger/block_store.h"
#include "model/ledger/ledger.h"

struct history_db {
    struct rt_map *entries;        /* from ns, NUL, key to a list of struct history_entry */
    uint64_t savepoint;            /* blocks below it are in */
    const struct storage *storage; /* that may fail; NULL: nothing does */
};

/* historyDB.Commit. */
RT_MUST_USE struct rt_error *history_db_commit(struct history_db *db, const Common__Block *block);

/* NewHistoryQueryExecutor. */
const struct history_query_executor *history_db_new_query_executor(const struct history_db *db);

#endif
