/* A modelled peer as the recorded vectors had a real one: alone on a machine with a Docker engine
 * that always has the image, and chaincodes that all run the probe.
 *
 * The rig answers one call at a time, in virtual time; between calls everything that can still run
 * is let run. Its choices are all the dullest, so a file of vectors is one deterministic
 * history. */
#ifndef CCLAB_HARNESS_CONFORM_PEER_RIG_H
#define CCLAB_HARNESS_CONFORM_PEER_RIG_H

#include <jansson.h>

#include "harness/conform/conform.h"
#include "model/peer/peer.h"

struct peer_rig;

/* Starts a rig on a world; NULL with *error set when the world makes no sense. The world must
 * outlive it. It lives as long as the process. */
struct peer_rig *peer_rig_new(const struct world *world, rt_str *error);

/* Sends a vector's `signed_proposal` and waits for what comes of it; after a crash the peer is
 * started again. Sets the outcome's two values, of which `expected` has only what the model answers
 * too. */
void peer_rig_propose_vector(
        struct peer_rig *rig, const json_t *vector, struct conform_outcome *out);
/* What comes of a proposal, in a vector. */
extern const struct json_spec conform_answer;
/* The requests that the peer sent to its engine since the last call of this function; NULL when
 * there were none, else a new reference to an array. */
json_t *peer_rig_docker(struct peer_rig *rig);
/* Removes installed packages whose file name matches a shell pattern. */
void peer_rig_remove_packages(struct peer_rig *rig, const char *glob);
/* Kills the peer and starts it again. */
void peer_rig_restart(struct peer_rig *rig);

/* Remembers the last proposal and its response under a name, for peer_rig_commit(). */
void peer_rig_remember(struct peer_rig *rig, const char *ref);
/* Orders the transaction made of a remembered endorsement alone in a block and commits it: {code,
 * block}, or {error}. A new reference. */
json_t *peer_rig_commit(struct peer_rig *rig, const char *ref);

#endif
