/* Reading DER as Go's cryptobyte reads it: low tag numbers, definite minimal lengths of up to four
 * bytes, and whatever follows an element is left to the caller. */
#ifndef CCLAB_MODEL_CRYPTO_DER_H
#define CCLAB_MODEL_CRYPTO_DER_H

#include "model/rt/str.h"

enum {
    DER_BOOLEAN = 0x01,
    DER_INTEGER = 0x02,
    DER_BIT_STRING = 0x03,
    DER_OCTET_STRING = 0x04,
    DER_OID = 0x06,
    DER_UTF8_STRING = 0x0c,
    DER_NUMERIC_STRING = 0x12,
    DER_PRINTABLE_STRING = 0x13,
    DER_T61_STRING = 0x14,
    DER_IA5_STRING = 0x16,
    DER_UTC_TIME = 0x17,
    DER_GENERALIZED_TIME = 0x18,
    DER_BMP_STRING = 0x1e,
    DER_SEQUENCE = 0x30,
    DER_SET = 0x31,
    DER_CONTEXT = 0x80,     /* class; add the number */
    DER_CONSTRUCTED = 0x20, /* added to a context tag */
};

/* What is left to read. */
typedef rt_bytes der_string;

/* Reads the next element, whatever its tag: its content, or with `whole` all of its bytes. */
bool der_read_any(der_string *s, rt_bytes *out, uint8_t *tag, bool whole);
/* Reads an element of the tag. */
bool der_read(der_string *s, rt_bytes *content, uint8_t tag);
bool der_read_element(der_string *s, rt_bytes *element, uint8_t tag);
bool der_peek(der_string s, uint8_t tag);
/* Reads an element if it has the tag; false only if it has and is broken. */
bool der_read_optional(der_string *s, rt_bytes *content, bool *present, uint8_t tag);

/* cryptobyte's ReadASN1Boolean: only 0x00 and 0xff are one. */
bool der_read_boolean(der_string *s, bool *out);
/* The content of a minimal INTEGER. */
bool der_read_integer(der_string *s, rt_bytes *content);
bool der_read_int64(der_string *s, int64_t *out);
/* An OBJECT IDENTIFIER whose arcs Go can represent: its content, in minimal form (Go reads over
 * padding bytes in front of an arc), so that equal ones have equal bytes. */
bool der_read_oid(der_string *s, rt_bytes *content);
/* A BIT STRING with zero padding bits: its bytes and their number of bits. */
bool der_read_bit_string(der_string *s, rt_bytes *bytes, size_t *bits);

/* The sign of an INTEGER's content: -1, 0 or 1. */
int der_integer_sign(rt_bytes content);
/* A non-negative INTEGER's content without its leading zero. */
rt_bytes der_integer_magnitude(rt_bytes content);
/* BitString.RightAlign: the bits as bytes, padding in front. */
rt_bytes der_right_align(rt_bytes bytes, size_t bits);
/* ---- writing ---- */

/* An element with a header of minimal length. */
void der_put(struct rt_buf *buf, uint8_t tag, rt_bytes content);
/* A non-negative INTEGER from its big-endian bytes. */
void der_put_unsigned(struct rt_buf *buf, rt_bytes magnitude);

#endif
