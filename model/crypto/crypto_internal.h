/* Shared by the files of the crypto provider. */
#ifndef CCLAB_MODEL_CRYPTO_CRYPTO_INTERNAL_H
#define CCLAB_MODEL_CRYPTO_CRYPTO_INTERNAL_H

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/evp.h>

#include "model/crypto/crypto.h"

/* One thread's tables and libcrypto objects. */
enum { CRYPTO_VERIFY_SLOTS = 8192, CRYPTO_SIGN_SLOTS = 2048, CRYPTO_KEY_SLOTS = 64 };
enum { CRYPTO_POINT_SLOTS = 256, CRYPTO_POINT_SIZE = 65 };
enum { CRYPTO_SIGNATURE_MAX = 80 };

struct crypto_verify_slot {
    uint8_t key[CRYPTO_SHA256_SIZE];
    uint8_t state; /* 0: empty, 1: known to be false, 2: known to be true */
};
struct crypto_sign_slot {
    uint8_t key[CRYPTO_SHA256_SIZE];
    uint8_t len; /* 0: empty */
    uint8_t signature[CRYPTO_SIGNATURE_MAX];
};
struct crypto_key_slot {
    uint8_t key[CRYPTO_SHA256_SIZE];
    EVP_PKEY *pkey;
};
/* The public point of a private key on P-256. */
struct crypto_point_slot {
    bool known;
    uint8_t key[CRYPTO_SHA256_SIZE];
    uint8_t point[CRYPTO_POINT_SIZE];
};
struct crypto_thread {
    EVP_MD *sha256;
    EVP_MD_CTX *md_ctx;
    BN_CTX *bn_ctx;
    EC_GROUP *groups[4];
    struct crypto_verify_slot *verified;
    struct crypto_sign_slot *signed_digests;
    struct crypto_key_slot keys[CRYPTO_KEY_SLOTS];
    struct crypto_point_slot points[CRYPTO_POINT_SLOTS];
    struct crypto_cache_stats stats;
};
/* This thread's tables, made at first use and freed at its end. */
struct crypto_thread *crypto_thread(void);
/* Ends the program when libcrypto fails at what cannot fail but for want of memory. */
void crypto_check(bool ok, const char *what);
/* A number, which it frees, in decimal. */
rt_str crypto_decimal(BIGNUM *n);

/* This thread's group of a curve, which stays the thread's; Go's name for the curve. */
EC_GROUP *crypto_group(enum crypto_curve curve);
const char *crypto_curve_name(enum crypto_curve curve);

/* A fixed-size digest over a tag and parts, each with its length: the key of a table. */
void crypto_cache_key(
        uint8_t tag, const rt_bytes *parts, size_t count, uint8_t key[CRYPTO_SHA256_SIZE]);
/* Looks a yes/no answer up; false if it is not known. */
bool crypto_known(const uint8_t key[CRYPTO_SHA256_SIZE], bool *answer);
void crypto_remember(const uint8_t key[CRYPTO_SHA256_SIZE], bool answer);

#endif
