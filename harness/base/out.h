/* Standard output that survives a closed pipe, the terminal's properties, and progress lines. */
#ifndef CCLAB_HARNESS_BASE_OUT_H
#define CCLAB_HARNESS_BASE_OUT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "model/rt/str.h"

/* To be called once at the start: a closed pipe becomes an error of writing instead of a signal,
 * and no file that is opened later takes the place of a standard stream that is closed. */
void out_init(void);
/* Flushes. Returns `status`, or CCLAB_OUTPUT if something could not be written (reported, unless
 * the reader just went away). */
int out_finish(int status);
/* False once standard output cannot be written any more: long output may stop. */
bool out_alive(void);

/* Columns of the terminal: COLUMNS, what the terminal says, or 100. */
int out_width(void);
/* Whether to use colours: a terminal, and neither NO_COLOR nor TERM=dumb. */
bool out_colors(void);

/* Seconds of a clock that only goes forward; for budgets and progress only. */
double out_seconds(void);

/* The text as diag_put() writes it, from the arena in use: for what comes from a file. */
const char *out_shown(rt_str text);

/* A line on standard error that tells how far something is: nothing in the first second, nothing
 * when it is no terminal, at most five a second. */
struct progress {
    double started;
    double shown;
    bool visible;
};
void progress_begin(struct progress *p);
/* True when a line may be shown now: a cheap check before the text is made. */
bool progress_due(struct progress *p);
void progress_show(struct progress *p, const char *format, ...)
        __attribute__((format(printf, 2, 3)));
/* Removes the line. */
void progress_end(struct progress *p);

/* Set by SIGINT, SIGTERM and SIGHUP once out_catch_signals() was called: long work ends and saves.
 * A second signal, a moment later, ends the program at once. */
void out_catch_signals(void);
bool out_interrupted(void);
/* From now on only those that this process sends count. */
void out_heed_only(pid_t pid);
/* Puts these signals off, or takes them again: around what must not be left half done. */
void out_hold_signals(bool hold);

#endif
