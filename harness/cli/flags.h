/* Tables of flags, from which command lines are parsed and --help is made. */
#ifndef CCLAB_HARNESS_CLI_FLAGS_H
#define CCLAB_HARNESS_CLI_FLAGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where values go: BOOL bool, TEXT const char *, FILE const char *, NUMBER int64_t, SECONDS int64_t
 * milliseconds (given as 90, 1.5, 90s, 5m or 2h), LIST struct flag_list. FILE is a file that the
 * command writes in the end, FOLDER, also const char *, a folder that it writes files to: that it
 * can do so is seen to before the work, not after it. */
enum flag_kind {
    FLAG_BOOL,
    FLAG_TEXT,
    FLAG_FILE,
    FLAG_FOLDER,
    FLAG_NUMBER,
    FLAG_SECONDS,
    FLAG_LIST
};

struct flag_list {
    const char **items;
    size_t count;
    size_t cap;
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

/* An entry of a table: a flag whose value goes to a member of `struct options`, which must have the
 * flag's type. `flag_groups.h` has those that commands share. */
#define BOOL_FLAG(name_, member, about_)                                                           \
    {                                                                                              \
        .name = (name_), .kind = FLAG_BOOL, .offset = FLAG_OFFSET(bool, member), .about = (about_) \
    }
#define TEXT_FLAG(name_, member, value_, about_)                                                   \
    FLAG_WITH_VALUE(TEXT, const char *, name_, member, value_, about_)
#define FILE_FLAG(name_, member, value_, about_)                                                   \
    FLAG_WITH_VALUE(FILE, const char *, name_, member, value_, about_)
#define FOLDER_FLAG(name_, member, about_)                                                         \
    FLAG_WITH_VALUE(FOLDER, const char *, name_, member, "DIR", about_)
#define SECONDS_FLAG(name_, member, about_)                                                        \
    FLAG_WITH_VALUE(SECONDS, int64_t, name_, member, "TIME", about_)
#define LIST_FLAG(name_, member, value_, about_)                                                   \
    FLAG_WITH_VALUE(LIST, struct flag_list, name_, member, value_, about_)
#define NUMBER_FLAG(name_, member, value_, about_, min_, max_)                                     \
    FLAG_WITH_VALUE(NUMBER, int64_t, name_, member, value_, about_, .min = (min_), .max = (max_))

#define FLAG_WITH_VALUE(kind_, type, name_, member, value_, about_, ...)                           \
    {                                                                                              \
        .name = (name_), .kind = FLAG_##kind_, .offset = FLAG_OFFSET(type, member),                \
        .value = (value_), .about = (about_), __VA_ARGS__                                          \
    }
#define FLAG_OFFSET(type, member)                                                                  \
    _Generic(((struct options *)0)->member, type : offsetof(struct options, member))

/* Worker processes: the most that may be asked for, and the default, one a core. */
enum { FLAGS_MOST_JOBS = 256 };
int64_t flags_cores(void);

struct command;
struct operands;

/* Parses a command's words into `options`, which gets its defaults first. False after a report, or
 * after --help was printed; *status then is the exit status. flags_free() frees what is in both. */
bool flags_parse(const struct command *command, int argc, char **argv, void *options,
        struct operands *operands, int *status);
void flags_free(const struct command *command, void *options, struct operands *operands);

#endif
