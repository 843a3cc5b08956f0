/* crypto/rand.Reader, made from a seed: what it gives is the same in every process.
 *
 * Keys and serial numbers of a run come from here, never from the system or from libcrypto's own
 * generator. */
#ifndef CCLAB_MODEL_CRYPTO_RAND_H
#define CCLAB_MODEL_CRYPTO_RAND_H

#include "model/crypto/crypto.h"

struct crypto_rand {
    uint8_t seed[CRYPTO_SHA256_SIZE];
    uint64_t blocks; /* drawn so far */
    /* Asked before each read, NULL for never: the error with which it fails, or NULL. */
    struct rt_error *(*fails)(void *self);
    void *self;
};

/* A reader whose bytes follow from the seed's parts. */
void crypto_rand_init(struct crypto_rand *r, const rt_bytes *seed, size_t count);
/* Read, of as many bytes as are asked for. */
RT_MUST_USE struct rt_error *crypto_rand_read(struct crypto_rand *r, uint8_t *out, size_t count);

#endif
