/* Small programs of goroutines, for comparing searches: random ones, or all the same action. */
#ifndef CCLAB_TESTS_HARNESS_EXPLORE_HELPER_PROGRAMS_H
#define CCLAB_TESTS_HARNESS_EXPLORE_HELPER_PROGRAMS_H

#include "model/rt/rt.h"

enum { MAX_FIBERS = 4, MAX_OPS = 5, MUTEXES = 2, CHANNELS = 2 };

enum action {
    ADD,    /* lock, change and note a shared number, unlock */
    NESTED, /* hold one mutex over what comes next */
    SEND,
    RECV,
    POLL,   /* select with default: receive */
    OFFER,  /* select with default: send */
    SELECT, /* receive from either channel */
    CLOSE,
    RCHANGE, /* under the write lock */
    RREAD,   /* under the read lock */
    DONE,    /* WaitGroup */
    WAIT,
    GROW,
    SPAWN, /* a goroutine that adds */
    SLEEP,
    PANIC,
    ONCE,    /* sync.Once */
    KILL,    /* ends the second process */
    TIMEOUT, /* receive, or give up after a time */
    CANCEL,  /* a context */
    UNTIL,   /* receive, or the context is done */
    MAYBE,   /* a choice: adds here, adds there, or not */
    SET,     /* a field that is shared without a lock; of programs that program_share() made */
    LOOK,    /* at it */
    ACTIONS
};

struct program {
    int fibers;
    int group;   /* the WaitGroup's counter at first */
    bool shares; /* fields without a lock, whose accesses are steps */
    int length[MAX_FIBERS];
    struct {
        enum action action;
        int which;
    } ops[MAX_FIBERS][MAX_OPS];
};

/* The one that is run. */
extern struct program program;

void program_make(struct rt_rng *rng);
/* Lets the program's goroutines share fields instead of locks. */
void program_share(void);
/* Each goroutine takes the action so often, on an object of its own or on the first. */
void program_set(int fibers, int length, enum action action, bool own);
/* Runs it once; a hash of its final state, which is written to `text`. */
uint64_t program_run(struct rt *rt, const struct rt_source *source, char text[512]);
void program_print(uint64_t seed);
/* At a rendezvous it makes no difference who comes first, and both orders need not be run. */
bool program_has_rendezvous(void);

#endif
