/* Calling cclab's commands in a test, in a folder of its own. */
#ifndef CCLAB_TESTS_HARNESS_SUPPORT_COMMANDS_H
#define CCLAB_TESTS_HARNESS_SUPPORT_COMMANDS_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Makes an empty folder in the temporary one; malloced. */
char *commands_folder(void);
void commands_remove(char *folder);
/* Setup and teardown for cmocka: an empty folder. *state is it, and so is commands_here. */
extern char *commands_here;
int commands_begin(void **state);
int commands_end(void **state);
/* "<folder>/<name>", valid until 255 more were made. */
const char *commands_path(const char *folder, const char *name);

/* Writes a file into commands_here; its path, as above. */
const char *commands_file(const char *name, const char *text);

/* Runs `cclab` with words that are separated by spaces, after printf(); its exit status. What it
 * prints is dropped; its reports are kept. */
int commands_run(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* The same in the test's own surroundings: what it prints and reports goes where it goes. */
int commands_call(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Waits for a child, which must end by itself; its exit status. */
int commands_wait(pid_t child);
/* True if one of the reports of the last command has each of these parts. */
bool commands_reported(const char *part, const char *other);
/* The reports, one a line. */
const char *commands_reports(void);

/* The file's value, a new reference; NULL after a report. */
json_t *commands_json(const char *path);
/* Asserts that the file fits the schema of JUnit files. */
void commands_assert_junit(const char *path);
/* Removes members called "seconds" everywhere: only times may differ. */
void commands_drop_times(json_t *value);

#endif
