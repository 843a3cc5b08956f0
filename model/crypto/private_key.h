/* Private keys as Fabric's keystores hold them. */
#ifndef CCLAB_MODEL_CRYPTO_PRIVATE_KEY_H
#define CCLAB_MODEL_CRYPTO_PRIVATE_KEY_H

#include "model/rt/error.h"
#include "model/rt/str.h"

/* The private key (32 bytes) of a PEM block (PKCS #8 or SEC 1, on P-256) and its public point, in
 * the current arena; both mean nothing after an error. */
RT_MUST_USE struct rt_error *private_key_from_pem(rt_bytes pem, rt_bytes *key, rt_bytes *point);
/* The public point of a private key, uncompressed; RT_NIL if the key is not between 1 and the
 * order. The points of the last keys are kept, a table a thread. */
rt_bytes private_key_point(rt_bytes key);

#endif
