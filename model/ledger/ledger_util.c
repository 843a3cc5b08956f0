/* Follows core/ledger/util/util.go. */
#include "model/ledger/ledger_util.h"

#include <openssl/sha.h>

rt_bytes ledger_compute_hash(rt_bytes data)
{
    uint8_t digest[SHA256_DIGEST_LENGTH];
    SHA256(data.data, data.len, digest);
    return rt_bytes_dup(digest, sizeof(digest));
}
