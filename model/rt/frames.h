/* Internal to model/rt: deferred calls and panic scopes of one goroutine, or of a thread outside
 * any. */
#ifndef CCLAB_MODEL_RT_FRAMES_H
#define CCLAB_MODEL_RT_FRAMES_H

#include "model/rt/rt.h"

struct rt_scope; /* one rt_recover() in progress */

struct rt_frames {
    struct rt_scope *scope;
    struct rt_defer *defers;
    bool goexit; /* rt_goexit() was called: no rt_recover() stops it */
};

/* Makes `frames` the ones of the code that runs now and returns those before; NULL are the thread's
 * own. */
struct rt_frames *rt_frames_use(struct rt_frames *frames);
/* Those of the code that runs now; never NULL. */
struct rt_frames *rt_frames_now(void);
/* Runs all deferred calls for rt_goexit(). A panic in one of them still ends at its rt_recover(),
 * from where the goexit goes on. */
void rt_frames_unwind(struct rt_frames *frames);

#endif
