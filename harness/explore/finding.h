/* What is wrong in a run: findings with ids that are the same in every run that shows the bug.
 *
 * An id is made of the rule that does not hold, the place and the goroutines involved: no numbers
 * of lines, goroutines or objects, which differ from run to run and from edit to edit. */
#ifndef CCLAB_HARNESS_EXPLORE_FINDING_H
#define CCLAB_HARNESS_EXPLORE_FINDING_H

#include <stdarg.h>

#include "model/rt/rt.h"

struct finding {
    const char *invariant; /* the rule */
    rt_str id;             /* invariant/place/goroutines */
    rt_str text;           /* what happened, in a sentence */
    int64_t time_ns;       /* virtual */
    uint64_t step;
};

#define FINDINGS_MAX 32

/* Those of one run: different ids only, in order. Texts live in the run's arena. */
struct findings {
    struct finding items[FINDINGS_MAX];
    size_t count;
};

/* Adds a finding of the machine's run unless one with its id is there, or the list is full. The
 * text is formatted as rt_sprintf(). */
void findings_add(struct findings *list, struct rt *rt, const char *invariant, rt_str place,
        rt_str goroutines, const char *format, ...);
void findings_add_v(struct findings *list, struct rt *rt, const char *invariant, rt_str place,
        rt_str goroutines, const char *format, va_list args);

/* A text as part of an id: its first line, without what differs from run to run (numbers are "#"),
 * and without the "/" that separates the parts of ids. */
rt_str finding_stable_text(rt_str text);
/* Two goroutines as one part of an id, "a,b", whichever came first. */
rt_str finding_pair(rt_str a, rt_str b);
/* Where a goroutine stands: "handler.c send h.errChan". */
rt_str finding_place(const struct rt_fiber *fiber);
/* A goroutine's name up to a parenthesis: what comes there differs from call to call. */
rt_str finding_plain_name(const char *fiber_name);
/* The goroutine's plain name, with its process before it unless that is `home`; "scheduler" for
 * NULL. */
rt_str finding_goroutine(const struct rt_fiber *fiber, const struct rt_proc *home);

#endif
