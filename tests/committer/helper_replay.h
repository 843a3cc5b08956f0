/* Plays what a recorded transaction did to the ledger once more. */
#ifndef CCLAB_TESTS_COMMITTER_HELPER_REPLAY_H
#define CCLAB_TESTS_COMMITTER_HELPER_REPLAY_H

#include <jansson.h>

#include "model/lab/world.h"
#include "model/ledger/ledger.h"

/* A channel of a world file with its state, in the current arena; fails the test when it cannot be
 * read. */
struct world_channel *replay_load_channel(const char *path, const char *name);

/* Member `key` of a vector, in hex; RT_NIL when it is absent. */
rt_bytes replay_hex(const json_t *vector, const char *key);

/* Does in a new simulator what the read-write set of a ProposalResponsePayload says (keys read,
 * ranges read, keys written), and compares the simulator's set with it byte by byte. The values and
 * versions that it read are the ledger's. Must run in a goroutine. */
bool replay_matches(const struct peer_ledger *ledger, rt_bytes proposal_response_payload);

#endif
