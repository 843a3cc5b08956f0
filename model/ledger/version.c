/* Follows core/ledger/kvledger/txmgmt/version/version.go. */
#include "model/ledger/version.h"

#include "model/wire/wire.h"

#include "proto/kv_rwset.pb-c.h"

bool height_are_same(struct height a, struct height b)
{
    if (!a.present || !b.present)
        return a.present == b.present;
    return a.block_num == b.block_num && a.tx_num == b.tx_num;
}

rt_str height_string(struct height h)
{
    if (!h.present)
        return RT_STR("<nil>");
    return rt_sprintf("{BlockNum: %llu, TxNum: %llu}", (unsigned long long)h.block_num,
            (unsigned long long)h.tx_num);
}

struct height height_from_proto(const Kvrwset__Version *version)
{
    return version ? HEIGHT(version->block_num, version->tx_num) : HEIGHT_NIL;
}

Kvrwset__Version *height_to_proto(struct height h)
{
    if (!h.present)
        return NULL;
    Kvrwset__Version *version = WIRE_NEW(kvrwset__version);
    version->block_num = h.block_num;
    version->tx_num = h.tx_num;
    return version;
}
