/* Reading whole files and writing them so that nobody ever sees half of one. */
#ifndef CCLAB_HARNESS_BASE_FILE_H
#define CCLAB_HARNESS_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FILE_MAX_BYTES ((size_t)256 << 20)

/* Reads all of a file, a pipe, or standard input for "-". The result is malloced, NUL-terminated,
 * its length in *len. Reports what is wrong (missing, a directory, unreadable, larger than `max`
 * bytes) and returns NULL. */
char *file_read(const char *path, size_t max, size_t *len);

/* Writes `len` bytes to a temporary file beside `path` and renames it, so that `path` holds either
 * its old content or all of the new. A link stays, and the file that it leads to is replaced. A
 * device or a pipe is written directly; "-", and the file that standard output goes to, are
 * standard output. Reports and returns false on an error. */
bool file_write(const char *path, const void *data, size_t len);

/* Why file_write() would fail, as far as can be told beforehand, or NULL. Changes nothing. */
const char *file_write_problem(const char *path);

/* Why no file could be written into the folder, which need not be there yet: the same of
 * file_make_dirs() and file_write(). */
const char *file_folder_problem(const char *path);

/* Makes a folder and its parents; an existing folder is fine. */
bool file_make_dirs(const char *path);

bool file_is_dir(const char *path);
bool file_is_regular(const char *path);
bool file_exists(const char *path);

/* "<folder of path>/<name>", malloced; `name` alone if it is absolute. */
char *file_beside(const char *path, const char *name);
/* "<folder>/<name>", malloced; `name` alone if it is absolute. */
char *file_in(const char *folder, const char *name);
/* What follows the last slash. */
const char *file_base(const char *path);

/* Paths of all regular files below `path` (or `path` itself if it is no folder) whose names end in
 * `suffix`, sorted; hidden files are left out. A folder that cannot be read, or lies too deep, what
 * is in one that cannot be entered, and a link to nowhere are listed as well: reading them fails
 * with a report. NULL-terminated; free with file_list_free(). */
char **file_list(const char *path, const char *suffix);
void file_list_free(char **list);

#endif
