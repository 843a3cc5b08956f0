/* The one way in which cclab reports mistakes of its input and its surroundings.
 *
 * A report is one line on standard error: `file:line:column: message`, or `cclab: message` when no
 * file is concerned. Control characters in it are shown escaped. */
#ifndef CCLAB_HARNESS_BASE_DIAG_H
#define CCLAB_HARNESS_BASE_DIAG_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* A place in a file; line and column count from 1, 0 for unknown. */
struct diag_place {
    const char *file; /* NULL: no file */
    int line;
    int column;
};

void diag(const char *format, ...) __attribute__((format(printf, 1, 2)));
void diag_at(struct diag_place place, const char *format, ...)
        __attribute__((format(printf, 2, 3)));
void diag_at_v(struct diag_place place, const char *format, va_list args)
        __attribute__((format(printf, 2, 0)));

/* Writes text with control characters as \xNN, line ends as \n, so that no input can write to the
 * terminal or make lines of its own. */
void diag_put(FILE *to, const char *text, size_t len);

/* Number of reports so far, for callers that go on after one. */
size_t diag_count(void);

/* For tests: reports are handed to `sink` without the line end instead of being printed; NULL
 * restores printing. */
void diag_capture(void (*sink)(void *arg, const char *line), void *arg);

/* The word of `words` (NULL ends the list) that a typing mistake away from `word`, or NULL. */
const char *diag_similar(const char *word, const char *const *words);
/* The same as the end of a sentence: ` (did you mean "x"?)`, or nothing, also for NULL. */
struct diag_hint {
    char text[512];
};
struct diag_hint diag_hint(const char *word, const char *const *words);

#endif
