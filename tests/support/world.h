/* What tests of the model take from the recorded world: files, MSPs and signers. */
#ifndef CCLAB_TESTS_SUPPORT_WORLD_H
#define CCLAB_TESTS_SUPPORT_WORLD_H

#include "model/msp/msp.h"

#define SUPPORT_WORLD "corpora/conformance/world"
/* The time at which the world's certificates are judged: 2026-11-23T18:45:00Z. */
#define SUPPORT_NOW_MS INT64_C(1795459500000)

/* Setup and teardown for cmocka: an arena that is the current one; *state is it. */
int support_arena_begin(void **state);
int support_arena_end(void **state);

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

/* Iterates over the lines of a file of vectors; *line ends with a NUL. */
bool support_next_line(rt_bytes *rest, char **line);

#endif
