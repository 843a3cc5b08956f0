/* Invariants: what must hold in every run of a peer, whatever the schedule, the input and the
 * faults.
 *
 * Each invariant is one struct in one file of its name; the registry lists them. In a run they see
 * every event of chaincode support (model/lab/observer.h), every call to the peer, and each step's
 * end, and tell what they find with check_fail(). They change nothing and draw no choices.
 *
 * A finding's id is made of the invariant, the place and the goroutines involved, so that the same
 * bug has the same id in every run. */
#ifndef CCLAB_HARNESS_INVARIANTS_CHECK_H
#define CCLAB_HARNESS_INVARIANTS_CHECK_H

#include "harness/explore/finding.h"
#include "model/container/docker_vm.h"
#include "model/lab/observer.h"
#include "model/lab/world.h"
#include "model/rt/rt.h"

struct docker_engine;
struct check;

/* A call to the peer, as far as invariants look at it. */
struct check_call {
    rt_str name;      /* the actor's and step's, for reports */
    rt_str lscc;      /* "install", "deploy", "upgrade"; empty for anything else */
    rt_str chaincode; /* what that function is asked for */
    rt_str version;
    rt_str channel;
    rt_str header_chaincode; /* the header's extension names it, */
    rt_str spec_chaincode;   /* and the payload's spec */
    /* Of deploy and upgrade: what lscc gets beside the chaincode; without data: nothing. */
    rt_str channel_argument;
    rt_str escc;
    rt_str vscc;
    rt_str bad_policy; /* why the endorsement policy can never be satisfied */
    rt_str txid;
    bool returned;
    bool endorsed;  /* a response with an endorsement came back */
    int64_t status; /* of the response; 0: none */
    rt_str wrong;   /* what it never may be and is; data == NULL: nothing */
    uint32_t peer;  /* the peer that it was made to, by number of restarts */
    int64_t began_ns;
};

struct invariant {
    const char *name;
    const char *sentence;
    bool needs_world; /* it looks at a Docker engine or a ledger, which a bare launch path lacks */
    /* Makes the state of one run, in the run's arena. */
    void *(*begin)(struct check *c);
    void (*observe)(void *state, struct check *c, const struct observed *event);
    void (*call_returned)(void *state, struct check *c, const struct check_call *call);
    void (*step)(void *state, struct check *c);
    /* Nothing can run at the present time; timers may be pending. */
    void (*lull)(void *state, struct check *c);
    /* Nothing can run and no timer is pending; containers may still live and wait for work. */
    void (*idle)(void *state, struct check *c);
    /* After the containers were ended, too, and nothing can run. */
    void (*end)(void *state, struct check *c);
};

/* All of them, NULL at the end. */
extern const struct invariant *const invariants[];
const struct invariant *invariant_find(const char *name);

#define CHECK_INVARIANTS_MAX 64

/* A peer beside the one that is checked, at the same engine. Of it only panics are looked at. */
struct check_other {
    rt_str name;
    const struct world_peer *settings;
    struct rt_proc *proc; /* in the present run; NULL before its start */
};

struct check {
    /* What is checked; the lab keeps these up to date. Any may be NULL. */
    struct rt *rt;
    struct rt_proc *peer;
    uint32_t peers; /* that died before this one */
    const struct world_peer *settings;
    struct docker_engine *engine;
    struct check_other *others;
    size_t other_count;
    uint64_t variants; /* of the model, bits of enum variant */
    uint64_t skip;     /* bits of invariants that are not checked, by index in the registry */
    /* Goroutines of the peer that are there when it idles: ids below this one, or daemons. */
    uint32_t first_fiber;
    struct check_call **calls;
    size_t call_count;
    size_t call_cap;

    bool find_stuck; /* the run has track_objects; roots: what code outside goroutines touches */
    const void *roots[9];
    size_t root_count;

    struct observer observer; /* to be given to the peer */
    void *states[CHECK_INVARIANTS_MAX];
    struct findings findings;
};

/* Starts checking a run; everything is allocated from the current arena. */
void check_begin(struct check *c, struct rt *rt);
/* The peer died and a new one takes its place: what was known about the old one is forgotten,
 * findings stay, calls in progress are gone; the answer of one can still arrive. */
void check_restart(struct check *c);
/* Tell the invariants that are checked what struct invariant says of each. */
void check_step(struct check *c);
void check_lull(struct check *c);
void check_idle(struct check *c);
void check_end(struct check *c);
/* A call begins; the struct must stay. */
void check_call_add(struct check *c, struct check_call *call);
/* It has returned, with what the struct now says. */
void check_call_returned(struct check *c, struct check_call *call);

/* A call to a peer beside the one that is checked has returned: all that is looked at is what the
 * scenario says that it always is. */
void check_call_elsewhere(struct check *c, struct check_call *call);

/* Reports a finding, once for each id. `place` and `goroutines` make the id; the text is formatted
 * as rt_sprintf(). */
void check_fail(struct check *c, const char *invariant, rt_str place, rt_str goroutines,
        const char *format, ...);

/* Reports that the run's end is not what this member of the scenario's "expect" always wants; false
 * if nobody wants to know. */
bool check_outcome(struct check *c, const char *member, rt_str text);

/* A goroutine's plain name, with the process if it is not the peer's. */
rt_str check_who(const struct check *c, const struct rt_fiber *fiber);
/* True if the goroutine belongs to the peer and not to what is there when it idles. */
bool check_is_work(const struct check *c, const struct rt_fiber *fiber);
/* The live goroutine with this id, or NULL. */
struct rt_fiber *check_fiber(const struct check *c, uint32_t id);
/* The running goroutine's name, or "scheduler"; its id, or 0. */
rt_str check_who_now(const struct check *c);
uint32_t check_self_id(void);
/* Whether the container that the peer makes for a chaincode ("name:version") is called as one of a
 * peer beside it, so that nobody can tell whose it is. */
bool check_shares(const struct check *c, rt_str cname);
/* Whether a container of that chaincode is the peer's and not of one beside it. */
bool check_is_own(const struct check *c, rt_str container, rt_str cname);
/* False once the peer has died; a run without one has nothing that can die. */
bool check_peer_lives(const struct check *c);

#endif
