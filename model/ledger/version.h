/* Heights of transactions (core/ledger/kvledger/txmgmt/version/version.go).
 *
 * The height at which a key was last written is its version. Go uses a pointer whose nil means "no
 * version"; here `present` says so. */
#ifndef CCLAB_MODEL_LEDGER_VERSION_H
#define CCLAB_MODEL_LEDGER_VERSION_H

#include "model/rt/str.h"

typedef struct Kvrwset__Version Kvrwset__Version;

struct height {
    bool present;
    uint64_t block_num;
    uint64_t tx_num;
};
#define HEIGHT(block, tx) ((struct height){ true, (block), (tx) })
#define HEIGHT_NIL ((struct height){ false, 0, 0 })

/* version.AreSame. */
bool height_are_same(struct height a, struct height b);
/* Height.String as fmt prints it: "{BlockNum: 1, TxNum: 0}", "<nil>". */
rt_str height_string(struct height h);

/* rwsetutil.NewVersion and newProtoVersion: nil is nil. */
struct height height_from_proto(const Kvrwset__Version *version);
Kvrwset__Version *height_to_proto(struct height h);

#endif
