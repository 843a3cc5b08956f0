/* Stories: what invariants hear in a run of a peer that a test makes up, event by event. */
#ifndef CCLAB_TESTS_HARNESS_SUPPORT_STORY_H
#define CCLAB_TESTS_HARNESS_SUPPORT_STORY_H

#include "harness/invariants/check.h"

#include "proto/chaincode_shim.pb-c.h"

#define CC RT_STR("mycc:1.0")
#define TYPE(name) PROTOS__CHAINCODE_MESSAGE__TYPE__##name

/* The run's, and the peer's settings. */
extern struct check check;
extern const struct world_peer settings;

/* Runs `story` as a goroutine of a peer, then everything that a run ends with. The machine's run
 * has not ended, so that the findings can be read; whoever called ends it and frees the machine. */
struct rt *tell(rt_fn story);
/* Findings of this invariant and of no other; none; this one alone. */
void expect_finding(rt_fn story, const char *invariant);
void expect_silence(rt_fn story);
void expect_id(rt_fn story, const char *id);

#define SAY(...)                                                                                   \
    check.observer.observe(check.observer.self, &(const struct observed){ __VA_ARGS__ })

/* The n-th of a few addresses that stand for handlers and other objects, n < 8. */
struct handler *handler(int n);
/* A message of transaction `tx` on channel "ch", in the run's arena. */
Protos__ChaincodeMessage *message(Protos__ChaincodeMessage__Type type, const char *tx);

#endif
