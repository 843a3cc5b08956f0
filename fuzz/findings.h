/* What a modelled peer does wrong, told apart from what the model does wrong.
 *
 * A finding (the peer dies, hangs, breaks an invariant) has an id that is the same for every input
 * and build. Ids that are listed in fuzz/<target>.known, one a line, the rest of the line a remark,
 * are Fabric's own bugs that the model keeps: they are counted. Any other ends the program, so that
 * the fuzzer keeps the input. */
#ifndef CCLAB_FUZZ_FINDINGS_H
#define CCLAB_FUZZ_FINDINGS_H

#include "model/rt/str.h"

/* Reads fuzz/<target>.known; ends the program with 2 if there is none (run it in the root of the
 * source tree). At exit the program says on standard error how often each known finding came. */
void findings_open(const char *target);

/* "<where>/<what>": `what` in lower case, without what is quoted or in brackets, other characters
 * than letters and digits as one dash. In the current arena. */
rt_str findings_id(const char *where, rt_str what);

/* Counts a known finding, or reports a new one and aborts. */
void findings_report(rt_str id, rt_str text);

#endif
