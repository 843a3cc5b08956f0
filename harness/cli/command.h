/* What a command of the program is, and how it is called. */
#ifndef CCLAB_HARNESS_CLI_COMMAND_H
#define CCLAB_HARNESS_CLI_COMMAND_H

#include "harness/cli/flags.h"

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
    /* Gets an arena of its own as the current one. */
    int (*run)(const void *options, const struct operands *operands);
};

/* Parses and runs; returns the exit status. argv[0] is the command's own name. */
int command_run(const struct command *command, int argc, char **argv);
/* Prints what --help does. */
void command_help(const struct command *command);

#endif
