/* A channel "ch" with a little state, a peer over it, and what a test says about them. */
#ifndef CCLAB_TESTS_LEDGER_HELPER_CHANNEL_H
#define CCLAB_TESTS_LEDGER_HELPER_CHANNEL_H

#include "model/ledger/kv_ledger.h"
#include "model/rt/rt.h"

typedef struct Rwset__TxPvtReadWriteSet Rwset__TxPvtReadWriteSet;

/* The present run's. */
extern struct ledger_disk *disk;
extern const struct peer_ledger *ledger;
extern struct rt_proc *peer;

/* A line, formatted as by rt_sprintf(); lines are compared at the end, outside of goroutines. */
void say(const char *format, ...);
void say_err(struct rt_error *err);
void say_state(const char *key);
/* All lines since the run began, in the run's arena. */
char *all_said(void);

/* Chaincode cc with keys a=1 and b=2 and the collection "secret", and a chaincode "other", at
 * height
 * 2. A new channel says nothing yet. */
void open_channel(void);
/* A process `peer` with a ledger over the disk. */
void start_peer(void);

const struct tx_simulator *simulator(const char *tx_id);
/* Ends a simulation: its public read-write set, and the results that hold the private one. */
rt_bytes finish(const struct tx_simulator *sim, struct tx_simulation_results **results);
/* The read-write set of one write; NULL deletes. */
rt_bytes put_set(const char *key, const char *value);
/* Commits a read-write set as transaction `tx_id` and says its code. */
void commit(rt_bytes results, const char *tx_id);
void commit_pvt(rt_bytes results, const char *tx_id, Rwset__TxPvtReadWriteSet *pvt);

/* Runs a test's goroutine in a fresh peer and compares what it said; returns how many goroutines
 * were left. */
uint32_t run(rt_fn fn, const char *expected);

#endif
