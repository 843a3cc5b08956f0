/* Exit statuses: how a run, or a command, ended. The words are those of the verdicts in
 * reports; docs/scenarios.md lists both. */
#ifndef CCLAB_HARNESS_BASE_EXIT_H
#define CCLAB_HARNESS_BASE_EXIT_H

enum cclab_exit {
    CCLAB_OK = 0,       /* nothing found, all as expected */
    CCLAB_FOUND = 1,    /* findings, failed checks, a violated invariant, an expectation not met */
    CCLAB_USAGE = 2,    /* bad usage or bad input */
    CCLAB_PANIC = 3,    /* a run ended in a panic of the peer */
    CCLAB_DEADLOCK = 4, /* nothing can run and somebody waits */
    CCLAB_STUCK = 5,    /* partial deadlock: a goroutine that nothing alive can wake */
    CCLAB_LEAK = 6,     /* something is left over at quiescence */
    CCLAB_LIVELOCK = 7, /* the step limit was reached */
    CCLAB_DIVERGED = 8, /* a replay does not fit the code any more */
    CCLAB_INTERNAL = 9, /* cclab's own mistake */
    CCLAB_OUTPUT = 10,  /* output could not be written: closed pipe, full disk */
    CCLAB_INTERRUPTED = 130 /* by SIGINT, SIGTERM or SIGHUP; what was found so far is saved */
};

#endif
