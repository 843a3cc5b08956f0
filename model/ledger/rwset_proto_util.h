/* Decoded read-write sets (core/ledger/kvledger/txmgmt/rwsetutil/rwset_proto_util.go). */
#ifndef CCLAB_MODEL_LEDGER_RWSET_PROTO_UTIL_H
#define CCLAB_MODEL_LEDGER_RWSET_PROTO_UTIL_H

#include "model/rt/error.h"

#include "proto/kv_rwset.pb-c.h"
#include "proto/rwset.pb-c.h"

/* rwsetutil.CollHashedRwSet. */
struct coll_hashed_rw_set {
    rt_str collection_name;
    Kvrwset__HashedRWSet *hashed_rw_set; /* never NULL */
    rt_bytes pvt_rw_set_hash;
};

/* rwsetutil.NsRwSet. */
struct ns_rw_set {
    rt_str name_space;
    Kvrwset__KVRWSet *kv_rw_set; /* never NULL */
    struct coll_hashed_rw_set *coll_hashed_rw_sets;
    size_t coll_hashed_rw_set_count;
};

/* rwsetutil.TxRwSet. */
struct tx_rw_set {
    struct ns_rw_set *ns_rw_sets;
    size_t ns_rw_set_count;
};

/* TxRwSet.FromProtoBytes; *set is written only on success. */
RT_MUST_USE struct rt_error *tx_rw_set_from_proto_bytes(rt_bytes bytes, struct tx_rw_set *set);
/* TxRwSetFromProtoMsg. */
RT_MUST_USE struct rt_error *tx_rw_set_from_proto_msg(
        const Rwset__TxReadWriteSet *message, struct tx_rw_set *set);

#endif
