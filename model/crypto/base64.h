/* encoding/base64's StdEncoding. */
#ifndef CCLAB_MODEL_CRYPTO_BASE64_H
#define CCLAB_MODEL_CRYPTO_BASE64_H

#include "model/rt/error.h"
#include "model/rt/str.h"

/* EncodeToString. */
rt_str base64_encode(rt_bytes bytes);
/* DecodeString: line ends are passed over; the error is a CorruptInputError's. */
RT_MUST_USE struct rt_error *base64_decode(rt_str text, rt_bytes *out);

/* The four characters of up to three bytes. */
void base64_quantum(const uint8_t *bytes, size_t count, char quantum[4]);

#endif
