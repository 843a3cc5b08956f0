/* The corner of Go's encoding/asn1 that shows: signatures, and certificates that Fabric takes apart
 * and puts together again. Its rules are not quite those of der.h. */
#ifndef CCLAB_MODEL_CRYPTO_ASN1_H
#define CCLAB_MODEL_CRYPTO_ASN1_H

#include "model/rt/error.h"
#include "model/rt/str.h"

/* asn1.Unmarshal into struct{ R, S *big.Int }: the contents of the INTEGERs. Bytes after them are
 * not looked at. */
RT_MUST_USE struct rt_error *asn1_unmarshal_two_integers(rt_bytes raw, rt_bytes *r, rt_bytes *s);

/* asn1.Unmarshal into []byte: the content of an OCTET STRING. */
RT_MUST_USE struct rt_error *asn1_unmarshal_octet_string(rt_bytes raw, rt_bytes *out);

/* A certificate (already read by crypto/x509) taken apart and put together with another signature,
 * as msp/cert.go does it. */
RT_MUST_USE struct rt_error *asn1_replace_signature(
        rt_bytes certificate, rt_bytes signature, rt_bytes *out);

#endif
