/* Calls a command once its words are parsed and the files that it writes can be written. */
#include "harness/cli/command.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/diag.h"
#include "harness/base/exit.h"
#include "harness/base/file.h"
#include "harness/base/mem.h"
#include "model/rt/arena.h"

/* The path that the command writes to for this flag, or NULL. */
static const char *path_of(const struct flag *flag, const char *options)
{
    bool writes = flag->kind == FLAG_FILE || flag->kind == FLAG_FOLDER;
    return writes ? *(const char *const *)(const void *)(options + flag->offset) : NULL;
}

/* Another file flag before this one that would replace what this one writes, or NULL. */
static const struct flag *same_file(
        const struct command *command, const struct flag *flag, const char *options)
{
    const char *path = path_of(flag, options);
    for (const struct flag *other = command->flags; other < flag; other++) {
        const char *taken = path_of(other, options);
        if (taken && strcmp(taken, path) == 0 && strcmp(path, "-") != 0 &&
                (file_is_regular(path) || !file_exists(path)))
            return other;
    }
    return NULL;
}

static int check_files(const struct command *command, const char *options)
{
    for (const struct flag *flag = command->flags; flag && flag->name; flag++) {
        const char *path = path_of(flag, options);
        bool folder = flag->kind == FLAG_FOLDER;
        const char *problem = !path    ? NULL
                              : folder ? file_folder_problem(path)
                                       : file_write_problem(path);
        const struct flag *other = path ? same_file(command, flag, options) : NULL;
        if (problem) {
            diag("%s: --%s %s: cannot write: %s", command->name, flag->name, path, problem);
            return CCLAB_OUTPUT;
        }
        if (other) {
            diag("%s: --%s and --%s name the same file, %s", command->name, other->name, flag->name,
                    path);
            return CCLAB_USAGE;
        }
    }
    return CCLAB_OK;
}

static int run_in_arena(
        const struct command *command, const void *options, const struct operands *operands)
{
    struct rt_arena *arena = rt_arena_new();
    struct rt_arena *before = rt_arena_use(arena);
    int status = command->run(options, operands);
    rt_arena_use(before);
    rt_arena_free(arena);
    return status;
}

int command_run(const struct command *command, int argc, char **argv)
{
    void *options = mem_alloc(command->options_size);
    struct operands operands;
    int status;
    if (flags_parse(command, argc, argv, options, &operands, &status)) {
        status = check_files(command, options);
        if (status == CCLAB_OK)
            status = run_in_arena(command, options, &operands);
    }
    flags_free(command, options, &operands);
    free(options);
    return status;
}
