/* Metadata of a key as the state keeps it (core/ledger/kvledger/txmgmt/storageutil/metadata.go). */
#ifndef CCLAB_MODEL_LEDGER_METADATA_H
#define CCLAB_MODEL_LEDGER_METADATA_H

#include "model/rt/error.h"
#include "model/rt/map.h"

#include "proto/kv_rwset.pb-c.h"

/* SerializeMetadata. */
RT_MUST_USE struct rt_error *serialize_metadata(
        Kvrwset__KVMetadataEntry **entries, size_t count, rt_bytes *bytes);
/* DeserializeMetadata: a map from name to rt_bytes *; nil bytes give a NULL map. */
RT_MUST_USE struct rt_error *deserialize_metadata(rt_bytes bytes, struct rt_map **metadata);

#endif
