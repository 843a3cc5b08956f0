/* What all labs are made of. Internal to scenario. */
#ifndef CCLAB_HARNESS_SCENARIO_LAB_IMPL_H
#define CCLAB_HARNESS_SCENARIO_LAB_IMPL_H

#include "harness/invariants/check.h"
#include "harness/scenario/lab.h"
#include "mocks/docker/engine.h"
#include "model/lab/metrics.h"
#include "model/rt/chan.h"
#include "model/rt/trace.h"

/* A call that an actor made in the present run. */
struct lab;
struct lab_call {
    struct check_call check; /* first */
    const struct lab *lab;
    const struct scenario_step *step;
    /* What came back; both NULL before, or if nothing did. */
    const Protos__Response *response;
    struct rt_error *error;
    bool lost; /* the peer died before it answered */
    int64_t returned_ns;
    /* Of proposals to a whole peer. */
    struct peer_call *call;
    struct orderer_tx *tx;
    struct rt_error *tx_error; /* no transaction could be made of it */
    struct lab_call *next;
};

/* lab_prints.c: the line that `peer chaincode` prints for a call that failed, "Error: ..."; no data
 * if it did not fail, or if the command makes no such call. In the current arena. */
rt_str lab_prints(const struct lab_call *call);

/* Something that the scenario lists and that did not happen in the present run. */
struct lab_idle {
    struct diag_place place;
    rt_str sentence;
};

/* A kind of lab: what it puts around the actors. */
struct lab_kind {
    size_t size; /* bytes of the kind's struct, which begins with a struct lab */
    /* Once for all runs, in the lab's arena; false after a report. */
    bool (*make)(struct lab *lab);
    void (*free)(struct lab *lab);
    /* In a run: everything up to where actors may act; false: it does not come so far. */
    bool (*boot)(struct lab *lab);
    /* Starts the actors. */
    void (*act)(struct lab *lab);
    /* Keeps what reports tell of containers, before they are ended. */
    void (*look)(struct lab *lab);
    void (*stop_containers)(struct lab *lab);
    /* Writes what code outside goroutines may touch, struct check's `roots`; returns how many. */
    size_t (*roots)(const struct lab *lab, const void **roots);
};
extern const struct lab_kind lab_kind_peer; /* a whole peer with its world */
extern const struct lab_kind lab_kind_bare; /* the launch path alone */

/* What every kind of lab has. */
struct lab {
    const struct lab_kind *kind;
    const struct scenario *scenario;
    struct lab_options options;
    uint64_t variants;
    struct rt *machine;
    struct rt_arena *arena; /* what all runs share */

    /* ---- the present run ---- */
    struct check check;      /* its `peer` is set by boot() */
    struct rt_source source; /* gives 0 while the peer boots and at the end, else asks `from` */
    const struct rt_source *from;
    struct rt_sink sink; /* passes on to `drawn` what the scenario is about */
    struct rt_sink *drawn;
    bool plain; /* every choice is 0, so that what the scenario expects is looked at */
    bool quiet;
    struct observer observer; /* for the peer: writes notes and passes on to `check` */
    struct metrics *metrics;
    struct lab_call *calls; /* in order */
    struct lab_call **last_call;
    int64_t last_ns; /* when a goroutine took the last step, before the end of the containers */
    bool lull;       /* nothing can run: next a timer fires, if there is one */
    bool settling;   /* the containers are ended */
    bool stopped;    /* by an invariant: to go on makes no sense */
    size_t ticks;    /* times in a row that only tickers were pending */
    bool ticking;    /* the run was ended for that */
    bool up;         /* it came to where actors act */
    bool step_limit;
    bool time_limit;
    rt_str reason;
    /* What there was when the actors had ended, before the containers were. */
    struct engine_container_info *containers;
    size_t container_count;
    uint32_t *hits; /* how often each of the scenario's effects has happened */
    struct lab_idle *idle;
    size_t idle_count;
    size_t idle_cap;
    const struct engine_request *requests;
    size_t request_count;
};

/* Adds a call that begins now; `about` is copied. */
struct lab_call *lab_call_add(
        struct lab *lab, const struct scenario_step *step, const struct check_call *about);
/* Does what the actor does, when the scenario and choices say so: calls act(arg, n) for each of its
 * steps that happens, n from 0. */
void lab_follow(const struct scenario_actor *actor, void (*act)(void *arg, size_t step), void *arg);

/* True if the step, which has a chaincode, means the one called `cname` ("name:version"). */
bool step_means(const struct scenario_step *step, rt_str cname);

/* lab_effects.c: what the scenario lists so that it happens. */
void lab_effects_begin(struct lab *lab);
/* The counts of its effects from the `first` on, for who counts them. */
uint32_t *lab_hits(struct lab *lab, size_t first);
/* An operator's step has found no container. */
void lab_found_nothing(struct lab *lab, const struct scenario_step *step);
/* The engine did not do what an operator's step asked for. */
void lab_did_nothing(struct lab *lab, const struct scenario_step *step, rt_str container,
        const struct rt_error *err);
/* Notes what has not happened: in lab->idle. */
void lab_effects_end(struct lab *lab);

/* lab_judge.c: the verdict of a run that has ended, with lab->reason. In a plain one answers must
 * be what the scenario expects. */
enum verdict lab_judge(struct lab *lab, bool plain);

/* lab_expect.c: what the scenario says of the end of every run; findings if it does not hold. The
 * first before the verdict, the second with it: returns what the verdict is then. */
void lab_hold_always(struct lab *lab);
enum verdict lab_hold_verdict(struct lab *lab, enum verdict verdict);

/* lab_expect.c: what the answer of a call is wrong about; data == NULL if nothing. */
rt_str lab_unexpected(const struct lab_call *call);
/* The same without the validation code, which is known later. */
rt_str lab_unexpected_answer(const struct lab_call *call);

/* lab_watch.c: what lab->observer does; and the half of it that only writes notes. */
void lab_note_event(void *self, const struct observed *event);
void lab_watch(void *self, const struct observed *event);

#endif
