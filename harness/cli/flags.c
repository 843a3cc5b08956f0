/* The words of a command line become a command's options and operands. */
#include "harness/cli/flags.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/diag.h"
#include "harness/base/exit.h"
#include "harness/base/mem.h"
#include "harness/cli/command.h"

static const struct flag *find_flag(const struct command *command, const char *name, size_t len)
{
    for (const struct flag *flag = command->flags; flag && flag->name; flag++)
        if (strlen(flag->name) == len && strncmp(flag->name, name, len) == 0)
            return flag;
    return NULL;
}

static bool bad_value(const struct command *command, const struct flag *flag, const char *value,
        const char *expected)
{
    diag("%s: --%s %s: expected %s", command->name, flag->name, value, expected);
    return false;
}

static bool set_number(
        const struct command *command, const struct flag *flag, const char *value, int64_t *to)
{
    char *end;
    errno = 0;
    long long number = strtoll(value, &end, 10);
    int64_t max = flag->max == 0 && flag->min == 0 ? INT64_MAX : flag->max;
    if (*value == 0 || *end != 0 || errno != 0 || number < flag->min || number > max) {
        char expected[96];
        if (max == INT64_MAX && errno != ERANGE)
            snprintf(expected, sizeof(expected), "a whole number, at least %" PRId64, flag->min);
        else
            snprintf(expected, sizeof(expected), "a whole number from %" PRId64 " to %" PRId64,
                    flag->min, max);
        return bad_value(command, flag, value, expected);
    }
    *to = number;
    return true;
}

static bool set_seconds(
        const struct command *command, const struct flag *flag, const char *value, int64_t *to)
{
    char *end;
    double seconds = strtod(value, &end);
    double unit = strcmp(end, "m") == 0                ? 60
                  : strcmp(end, "h") == 0              ? 3600
                  : *end == 0 || strcmp(end, "s") == 0 ? 1
                                                       : -1;
    if (end == value || unit < 0 || !isfinite(seconds) || seconds < 0 || seconds * unit > 1e9)
        return bad_value(command, flag, value, "a time such as 90, 1.5s, 5m or 2h");
    *to = (int64_t)ceil(seconds * unit * 1000); /* 0 is no limit, so no time may become 0 */
    return true;
}

static void list_add(struct flag_list *list, const char *value)
{
    mem_reserve(list->items, list->cap, list->count + 1);
    list->items[list->count++] = value;
}

static bool set_flag(
        const struct command *command, const struct flag *flag, const char *value, char *options)
{
    void *to = options + flag->offset;
    switch (flag->kind) {
    case FLAG_BOOL:
        *(bool *)to = true;
        return true;
    case FLAG_FILE:
    case FLAG_FOLDER:
        if (*value == 0)
            return bad_value(
                    command, flag, "\"\"", flag->kind == FLAG_FILE ? "a file" : "a folder");
        *(const char **)to = value;
        return true;
    case FLAG_TEXT:
        *(const char **)to = value;
        return true;
    case FLAG_NUMBER:
        return set_number(command, flag, value, to);
    case FLAG_SECONDS:
        return set_seconds(command, flag, value, to);
    case FLAG_LIST:
        break;
    }
    list_add(to, value);
    return true;
}

static bool unknown_flag(const struct command *command, const char *name, size_t len)
{
    const char *names[64] = { "help" };
    size_t count = 1;
    for (const struct flag *flag = command->flags; flag && flag->name && count < 63; flag++)
        names[count++] = flag->name;
    char *word = mem_string_of(name, len);
    const char *similar = diag_similar(word, names);
    if (similar)
        diag("%s: unknown flag --%s (did you mean --%s?); see cclab %s --help", command->name, word,
                similar, command->name);
    else
        diag("%s: unknown flag --%s; see cclab %s --help", command->name, word, command->name);
    free(word);
    return false;
}

/* Takes the flag at argv[*i], and its value; *i stands on the last argument taken. */
static bool parse_flag(const struct command *command, int argc, char **argv, int *i, void *options)
{
    const char *name = argv[*i] + 2;
    const char *equals = strchr(name, '=');
    size_t len = equals ? (size_t)(equals - name) : strlen(name);
    const struct flag *flag = find_flag(command, name, len);
    if (!flag)
        return unknown_flag(command, name, len);
    const char *value = equals ? equals + 1 : NULL;
    if (flag->kind == FLAG_BOOL && value) {
        diag("%s: --%s takes no value", command->name, flag->name);
        return false;
    }
    if (flag->kind != FLAG_BOOL && !value) {
        /* Another flag is none, or a forgotten folder would be called --json. */
        if (*i + 1 >= argc || strncmp(argv[*i + 1], "--", 2) == 0) {
            diag("%s: --%s needs a value: %s", command->name, flag->name, flag->value);
            return false;
        }
        value = argv[++*i];
    }
    return set_flag(command, flag, value, options);
}

static bool check_operands(const struct command *command, const struct operands *operands)
{
    if (operands->count < command->min_operands)
        diag("%s: expected %s; see cclab %s --help", command->name, command->operands,
                command->name);
    else if (operands->count > command->max_operands)
        diag("%s: unexpected argument \"%s\"; see cclab %s --help", command->name,
                operands->items[command->max_operands], command->name);
    else
        return true;
    return false;
}

bool flags_parse(const struct command *command, int argc, char **argv, void *options,
        struct operands *operands, int *status)
{
    if (command->defaults)
        command->defaults(options);
    *operands = (struct operands){ mem_new_array(const char *, (size_t)argc), 0 };
    *status = CCLAB_USAGE;
    bool only_operands = false;
    for (int i = 1; i < argc; i++) {
        if (!only_operands && (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)) {
            command_help(command);
            *status = CCLAB_OK;
            return false;
        }
        if (!only_operands && strcmp(argv[i], "--") == 0)
            only_operands = true;
        else if (!only_operands && strncmp(argv[i], "--", 2) == 0) {
            if (!parse_flag(command, argc, argv, &i, options))
                return false;
        } else if (!only_operands && argv[i][0] == '-' && argv[i][1] != 0) {
            diag("%s: unknown flag %s: flags have two dashes; see cclab %s --help", command->name,
                    argv[i], command->name);
            return false;
        } else {
            operands->items[operands->count++] = argv[i];
        }
    }
    return check_operands(command, operands);
}

int64_t flags_cores(void)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores < 1 ? 1 : cores > FLAGS_MOST_JOBS ? FLAGS_MOST_JOBS : cores;
}

void flags_free(const struct command *command, void *options, struct operands *operands)
{
    for (const struct flag *flag = command->flags; flag && flag->name; flag++)
        if (flag->kind == FLAG_LIST)
            free(((struct flag_list *)(void *)((char *)options + flag->offset))->items);
    free(operands->items);
}
