/* PEM as Go's encoding/pem reads and writes it. */
#ifndef CCLAB_MODEL_CRYPTO_PEM_H
#define CCLAB_MODEL_CRYPTO_PEM_H

#include "model/rt/str.h"

struct pem_block {
    rt_str type;
    rt_bytes bytes;
};

/* pem.Decode: the first block in `data`, with whatever may stand before and after it. False when
 * there is none. *rest (may be NULL) gets what follows the block. */
bool pem_decode(rt_bytes data, struct pem_block *block, rt_bytes *rest);
/* pem.EncodeToMemory of a block without headers. */
rt_bytes pem_encode(const char *type, rt_bytes bytes);

#endif
