/* A source of choices that picks goroutines as Go's scheduler usually does on an idle machine with
 * several processors: one goroutine runs until it must wait, then the others in the order in which
 * they became ready. Those who wait for one channel to be closed become ready in reverse order, the
 * last one first, since closing collects them on a stack. All other choices are the dullest.
 *
 * Go promises none of this. But where a recording shows the same one of several allowed outcomes
 * each time, this is the reason. */
#ifndef CCLAB_HARNESS_CONFORM_GO_ORDER_H
#define CCLAB_HARNESS_CONFORM_GO_ORDER_H

#include "model/rt/choice.h"

struct go_order;

/* The state belongs to the caller; go_order_source() starts it anew, for one run. */
struct go_order *go_order_new(void);
void go_order_free(struct go_order *order);
struct rt_source go_order_source(struct go_order *order);

#endif
