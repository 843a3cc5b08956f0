/* What a thread keeps of libcrypto, and its tables of answers. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include <openssl/obj_mac.h>

#include "model/crypto/crypto_internal.h"
#include "model/rt/arena.h"

static pthread_key_t thread_key;
static pthread_once_t thread_once = PTHREAD_ONCE_INIT;
static _Thread_local struct crypto_thread *current;

void crypto_check(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "cclab: libcrypto: %s failed\n", what);
    abort();
}

rt_str crypto_decimal(BIGNUM *n)
{
    char *text = n ? BN_bn2dec(n) : NULL;
    crypto_check(text != NULL, "BN_bn2dec");
    rt_str copy = rt_str_dup(rt_str_from(text));
    OPENSSL_free(text);
    BN_free(n);
    return copy;
}

static void thread_free(void *pointer)
{
    struct crypto_thread *t = pointer;
    if (!t)
        return;
    EVP_MD_free(t->sha256);
    EVP_MD_CTX_free(t->md_ctx);
    BN_CTX_free(t->bn_ctx);
    for (size_t i = 0; i < sizeof t->groups / sizeof t->groups[0]; i++)
        EC_GROUP_free(t->groups[i]);
    for (size_t i = 0; i < CRYPTO_KEY_SLOTS; i++)
        EVP_PKEY_free(t->keys[i].pkey);
    free(t->verified);
    free(t->signed_digests);
    free(t);
    current = NULL;
}

static void thread_once_init(void)
{
    crypto_check(pthread_key_create(&thread_key, thread_free) == 0, "pthread_key_create");
}

struct crypto_thread *crypto_thread(void)
{
    if (current)
        return current;
    crypto_check(pthread_once(&thread_once, thread_once_init) == 0, "pthread_once");
    struct crypto_thread *t = calloc(1, sizeof *t);
    crypto_check(t != NULL, "calloc");
    t->sha256 = EVP_MD_fetch(NULL, "SHA256", NULL);
    t->md_ctx = EVP_MD_CTX_new();
    t->bn_ctx = BN_CTX_new();
    t->verified = calloc(CRYPTO_VERIFY_SLOTS, sizeof *t->verified);
    t->signed_digests = calloc(CRYPTO_SIGN_SLOTS, sizeof *t->signed_digests);
    crypto_check(t->sha256 && t->md_ctx && t->bn_ctx && t->verified && t->signed_digests,
            "initialization");
    crypto_check(pthread_setspecific(thread_key, t) == 0, "pthread_setspecific");
    current = t;
    return t;
}

void crypto_cache_clear(void)
{
    if (!current)
        return;
    pthread_setspecific(thread_key, NULL);
    thread_free(current);
}

struct crypto_cache_stats crypto_cache_stats(void)
{
    return crypto_thread()->stats;
}

/* ---- curves ---- */

static const struct {
    int nid;
    const char *name;
} curve_names[] = {
    [CRYPTO_P224] = { NID_secp224r1, "P-224" },
    [CRYPTO_P256] = { NID_X9_62_prime256v1, "P-256" },
    [CRYPTO_P384] = { NID_secp384r1, "P-384" },
    [CRYPTO_P521] = { NID_secp521r1, "P-521" },
};

const char *crypto_curve_name(enum crypto_curve curve)
{
    return curve_names[curve].name;
}

EC_GROUP *crypto_group(enum crypto_curve curve)
{
    struct crypto_thread *t = crypto_thread();
    if (!t->groups[curve]) {
        t->groups[curve] = EC_GROUP_new_by_curve_name(curve_names[curve].nid);
        crypto_check(t->groups[curve] != NULL, "EC_GROUP_new_by_curve_name");
    }
    return t->groups[curve];
}

/* ---- tables ---- */

void crypto_cache_key(
        uint8_t tag, const rt_bytes *parts, size_t count, uint8_t key[CRYPTO_SHA256_SIZE])
{
    struct crypto_thread *t = crypto_thread();
    bool ok =
            EVP_DigestInit_ex2(t->md_ctx, t->sha256, NULL) && EVP_DigestUpdate(t->md_ctx, &tag, 1);
    for (size_t i = 0; ok && i < count; i++) {
        uint64_t len = parts[i].len;
        ok = EVP_DigestUpdate(t->md_ctx, &len, sizeof len) &&
             EVP_DigestUpdate(t->md_ctx, parts[i].data, parts[i].len);
    }
    crypto_check(ok && EVP_DigestFinal_ex(t->md_ctx, key, NULL), "SHA-256");
}

static struct crypto_verify_slot *verify_slot(const uint8_t key[CRYPTO_SHA256_SIZE])
{
    uint32_t index;
    memcpy(&index, key, sizeof index);
    return &crypto_thread()->verified[index % CRYPTO_VERIFY_SLOTS];
}

bool crypto_known(const uint8_t key[CRYPTO_SHA256_SIZE], bool *answer)
{
    const struct crypto_verify_slot *slot = verify_slot(key);
    bool known = slot->state != 0 && memcmp(slot->key, key, CRYPTO_SHA256_SIZE) == 0;
    if (known) {
        *answer = slot->state == 2;
        crypto_thread()->stats.verify_hits++;
    } else {
        crypto_thread()->stats.verify_misses++;
    }
    return known;
}

void crypto_remember(const uint8_t key[CRYPTO_SHA256_SIZE], bool answer)
{
    struct crypto_verify_slot *slot = verify_slot(key);
    memcpy(slot->key, key, CRYPTO_SHA256_SIZE);
    slot->state = answer ? 2 : 1;
}
