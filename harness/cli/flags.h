/* Command lines: one table a command, from which it is parsed and from which --help is made. */
#ifndef CCLAB_HARNESS_CLI_FLAGS_H
#define CCLAB_HARNESS_CLI_FLAGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where values go: BOOL bool, TEXT const char *, FILE const char *, NUMBER int64_t, SECONDS int64_t
 * milliseconds (given as 90, 1.5, 90s, 5m or 2h), LIST struct flag_list. FILE is a file that the
 * command writes in the end: that it can be written is seen to before the work, not after it. */
enum flag_kind { FLAG_BOOL, FLAG_TEXT, FLAG_FILE, FLAG_NUMBER, FLAG_SECONDS, FLAG_LIST };

struct flag_list {
    const char **items;
    size_t count;
};

struct flag {
    const char *name; /* without dashes; NULL ends a table */
    enum flag_kind kind;
    size_t offset;     /* in the command's options */
    const char *value; /* what --help calls the value */
    const char *about;
    int64_t min; /* NUMBER: bounds; both 0: any number from 0 */
    int64_t max;
};

/* What a command is called with. */
struct operands {
    const char **items;
    size_t count;
};

struct command {
    const char *name;
    const char *summary;  /* one line */
    const char *operands; /* as in "SCENARIO...", or "" */
    const char *details;  /* paragraphs for --help, wrapped as written; NULL for none */
    const struct flag *flags;
    size_t options_size;
    size_t min_operands;
    size_t max_operands;             /* SIZE_MAX: any number */
    void (*defaults)(void *options); /* NULL: zeroes */
    int (*run)(const void *options, const struct operands *operands);
};

/* Parses and runs; returns the exit status. argv[0] is the command's own name. */
int command_run(const struct command *command, int argc, char **argv);
void command_help(const struct command *command);

#endif
