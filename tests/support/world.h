/* What tests of the model take from the recorded world: files, MSPs and signers. */
#ifndef CCLAB_TESTS_SUPPORT_WORLD_H
#define CCLAB_TESTS_SUPPORT_WORLD_H

#include "model/msp/msp.h"
#include "tests/support/test.h"

#define SUPPORT_WORLD "corpora/conformance/world"
/* The time at which the world's certificates are judged: 2026-11-23T18:45:00Z. */
#define SUPPORT_NOW_MS INT64_C(1795459500000)

/* A file's bytes in the current arena; fails the test when it cannot be read. */
rt_bytes support_read(const char *path);
/* support_read of a path put together as rt_sprintf. */
rt_bytes support_readf(const char *format, ...);

/* One of the world's MSPs ("Org1MSP", "Org2MSP"); with the peer's signing identity if `signer`. */
const struct msp *support_msp(const char *mspid, enum msp_version version, bool signer);
/* A manager over both MSPs. */
const struct msp_manager *support_manager(enum msp_version version);
/* The signer of one of the world's identities ("admin", "user", "peer0", "outsider"). */
const struct signing_identity *support_signer(const char *name);

#endif
