/* Stands for Go's crypto/rand: SHA-256 over a seed and a counter. */
#include "model/crypto/rand.h"

void crypto_rand_init(struct crypto_rand *r, const rt_bytes *seed, size_t count)
{
    *r = (struct crypto_rand){ .blocks = 0 };
    crypto_sha256_into(seed, count, r->seed);
}

static void next_block(struct crypto_rand *r, uint8_t block[CRYPTO_SHA256_SIZE])
{
    uint8_t counter[8];
    for (size_t i = 0; i < sizeof counter; i++)
        counter[i] = (uint8_t)(r->blocks >> (8 * i));
    r->blocks++;
    const rt_bytes parts[] = { rt_bytes_from(r->seed, sizeof r->seed),
        rt_bytes_from(counter, sizeof counter) };
    crypto_sha256_into(parts, 2, block);
}

struct rt_error *crypto_rand_read(struct crypto_rand *r, uint8_t *out, size_t count)
{
    struct rt_error *err = r->fails ? r->fails(r->self) : NULL;
    if (err)
        return err;
    for (size_t done = 0; done < count;) {
        uint8_t block[CRYPTO_SHA256_SIZE];
        next_block(r, block);
        size_t part = count - done < sizeof block ? count - done : sizeof block;
        memcpy(out + done, block, part);
        done += part;
    }
    return NULL;
}
