/* Follows core/ledger/kvledger/txmgmt/storageutil/metadata.go. */
#include "model/ledger/metadata.h"

#include "model/wire/wire.h"

struct rt_error *serialize_metadata(
        Kvrwset__KVMetadataEntry **entries, size_t count, rt_bytes *bytes)
{
    Kvrwset__KVMetadataWrite *metadata = WIRE_NEW(kvrwset__kvmetadata_write);
    metadata->entries = entries;
    metadata->n_entries = count;
    return WIRE_MARSHAL(metadata, bytes);
}

struct rt_error *deserialize_metadata(rt_bytes bytes, struct rt_map **metadata)
{
    if (!bytes.data) {
        *metadata = NULL;
        return NULL;
    }
    Kvrwset__KVMetadataWrite *message;
    struct rt_error *err = WIRE_UNMARSHAL(kvrwset__kvmetadata_write, bytes, &message);
    if (err)
        return err;
    struct rt_map *map = rt_map_new();
    for (size_t i = 0; i < message->n_entries; i++)
        rt_map_put(map, message->entries[i]->name, &message->entries[i]->value);
    *metadata = map;
    return NULL;
}
