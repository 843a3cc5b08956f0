/* Whole files read and written, paths put together, and folders listed. */
#include "harness/base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/diag.h"
#include "harness/base/mem.h"
#include "harness/base/out.h"

static void report(const char *path, const char *what)
{
    diag_at((struct diag_place){ .file = path }, "%s: %s", what, strerror(errno));
}

enum { READ_BYTES = 65536 };

/* Reads fd to its end; it probably has so many bytes. */
static char *read_all(int fd, const char *path, size_t probably, size_t max, size_t *len)
{
    size_t cap = 0;
    char *data = NULL;
    *len = 0;
    mem_reserve(data, cap, probably + READ_BYTES);
    for (;;) {
        mem_reserve(data, cap, *len + READ_BYTES);
        ssize_t n = read(fd, data + *len, cap - *len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            report(path, "cannot read");
            free(data);
            return NULL;
        }
        if (n == 0)
            break;
        *len += (size_t)n;
        if (*len > max) {
            diag_at((struct diag_place){ .file = path },
                    "larger than %zu bytes, the most that is read", max);
            free(data);
            return NULL;
        }
    }
    data[*len] = 0;
    return data;
}

char *file_read(const char *path, size_t max, size_t *len)
{
    if (strcmp(path, "-") == 0)
        return read_all(STDIN_FILENO, "standard input", 0, max, len);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        report(path, "cannot open");
        return NULL;
    }
    struct stat st;
    char *data = NULL;
    if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
        diag_at((struct diag_place){ .file = path }, "is a directory, expected a file");
    else if (S_ISREG(st.st_mode) && (uintmax_t)st.st_size > max)
        diag_at((struct diag_place){ .file = path },
                "has %jd bytes, larger than %zu bytes, the most that is read", (intmax_t)st.st_size,
                max);
    else
        data = read_all(fd, path, S_ISREG(st.st_mode) ? (size_t)st.st_size : 0, max, len);
    close(fd);
    return data;
}

static bool write_all(int fd, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, data, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        data += n;
        len -= (size_t)n;
    }
    return true;
}

static bool write_direct(const char *path, const void *data, size_t len)
{
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0) {
        report(path, "cannot open for writing");
        return false;
    }
    bool ok = write_all(fd, data, len);
    if (!ok)
        report(path, "cannot write");
    close(fd);
    return ok;
}

/* With no signal in between that would leave the temporary file behind. */
static bool write_and_rename(const char *path, const void *data, size_t len)
{
    char *temporary = mem_format("%s.XXXXXX", path);
    int fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0) {
        report(path, "cannot create");
        free(temporary);
        return false;
    }
    mode_t mask = umask(0);
    umask(mask);
    bool ok = write_all(fd, data, len) && fchmod(fd, 0666 & ~mask) == 0 && fsync(fd) == 0;
    ok = close(fd) == 0 && ok;
    if (!ok || rename(temporary, path) != 0) {
        report(path, "cannot write");
        unlink(temporary);
        ok = false;
    }
    free(temporary);
    return ok;
}

/* A file that standard output goes to is not replaced: what was printed is in it. */
static bool is_standard_output(const char *path, const struct stat *st)
{
    struct stat out;
    return strcmp(path, "-") == 0 || (S_ISREG(st->st_mode) && fstat(STDOUT_FILENO, &out) == 0 &&
                                             out.st_dev == st->st_dev && out.st_ino == st->st_ino);
}

static bool write_stdout(const void *data, size_t len)
{
    fflush(stdout);
    bool written = write_all(STDOUT_FILENO, data, len);
    if (!written)
        report("standard output", "cannot write");
    return written;
}

bool file_write(const char *path, const void *data, size_t len)
{
    struct stat st = { 0 }, link;
    bool there = stat(path, &st) == 0;
    if (is_standard_output(path, &st))
        return write_stdout(data, len);
    if (there && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
        return write_direct(path, data, len);
    bool linked = lstat(path, &link) == 0 && S_ISLNK(link.st_mode);
    char *target = linked ? realpath(path, NULL) : NULL;
    out_hold_signals(true);
    bool written = write_and_rename(target ? target : path, data, len);
    out_hold_signals(false);
    free(target);
    return written;
}

const char *file_write_problem(const char *path)
{
    struct stat st = { 0 };
    bool there = stat(path, &st) == 0;
    if (!there && errno != ENOENT)
        return strerror(errno);
    if (is_standard_output(path, &st))
        return NULL;
    if (there && S_ISDIR(st.st_mode))
        return "it is a folder";
    if (there && !S_ISREG(st.st_mode))
        return access(path, W_OK) == 0 ? NULL : strerror(errno);
    char *target = there ? realpath(path, NULL) : mem_string(path);
    char *folder = target ? file_beside(target, ".") : NULL;
    const char *problem = folder && access(folder, W_OK | X_OK) == 0 ? NULL : strerror(errno);
    free(folder);
    free(target);
    return problem;
}

/* What is there of the path decides: the folder itself, or the nearest one above it. */
const char *file_folder_problem(const char *path)
{
    struct stat st;
    if (stat(path, &st) == 0 && !S_ISDIR(st.st_mode))
        return "it is no folder";
    if (access(path, W_OK | X_OK) == 0)
        return NULL;
    const char *problem = strerror(errno);
    bool absent = errno == ENOENT;
    char *copy = mem_string(path);
    const char *above = dirname(copy);
    if (absent && strcmp(above, path) != 0)
        problem = file_folder_problem(above);
    free(copy);
    return problem;
}

bool file_make_dirs(const char *path)
{
    char *copy = mem_string(path);
    for (char *p = copy + 1; *copy != 0; p++) {
        if (*p != '/' && *p != 0)
            continue;
        char saved = *p;
        *p = 0;
        if (mkdir(copy, 0777) != 0 && errno != EEXIST) {
            report(copy, "cannot create the folder");
            free(copy);
            return false;
        }
        *p = saved;
        if (saved == 0)
            break;
    }
    free(copy);
    if (!file_is_dir(path)) {
        diag_at((struct diag_place){ .file = path }, "is not a folder");
        return false;
    }
    return true;
}

bool file_is_dir(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

bool file_is_regular(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

bool file_exists(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0;
}

const char *file_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

char *file_in(const char *folder, const char *name)
{
    size_t len = strlen(folder);
    if (name[0] == '/' || len == 0)
        return mem_string(name);
    return mem_format("%s%s%s", folder, folder[len - 1] == '/' ? "" : "/", name);
}

char *file_beside(const char *path, const char *name)
{
    const char *base = file_base(path);
    if (name[0] == '/' || base == path)
        return file_in("", name);
    char *folder = mem_string_of(path, (size_t)(base - path) - (base - path > 1 ? 1 : 0));
    char *result = file_in(folder, name);
    free(folder);
    return result;
}

enum { FOLDERS_DEEP = 64 };

struct listing {
    char **paths;
    size_t count;
    size_t cap;
};

/* Takes the path. */
static void listing_add(struct listing *listing, char *path)
{
    mem_reserve(listing->paths, listing->cap, listing->count + 2);
    listing->paths[listing->count++] = path;
    listing->paths[listing->count] = NULL;
}

static bool ends_with(const char *text, const char *suffix)
{
    size_t len = strlen(text), n = strlen(suffix);
    return len >= n && strcmp(text + len - n, suffix) == 0;
}

/* Walks one folder; follows no symbolic link to a folder, so that there are no cycles. What cannot
 * be looked into is listed itself: whoever reads it reports why, and the rest is read. */
static void list_folder(struct listing *listing, const char *folder, const char *suffix, int depth)
{
    DIR *dir = depth < FOLDERS_DEEP ? opendir(folder) : NULL;
    if (!dir) {
        listing_add(listing, mem_string(folder));
        return;
    }
    for (struct dirent *entry; (entry = readdir(dir));) {
        if (entry->d_name[0] == '.')
            continue;
        char *path = file_in(folder, entry->d_name);
        struct stat st;
        bool there = lstat(path, &st) == 0;
        bool hidden = !there && errno != ENOENT; /* what it is cannot be told */
        if (there && S_ISDIR(st.st_mode)) {
            list_folder(listing, path, suffix, depth + 1);
        } else if (hidden || (there && ends_with(path, suffix) &&
                                     (stat(path, &st) != 0 || S_ISREG(st.st_mode)))) {
            listing_add(listing, path);
            path = NULL;
        }
        free(path);
    }
    closedir(dir);
}

static int compare_paths(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

char **file_list(const char *path, const char *suffix)
{
    struct listing listing = { 0 };
    mem_reserve(listing.paths, listing.cap, 1);
    if (!file_is_dir(path))
        listing_add(&listing, mem_string(path));
    else
        list_folder(&listing, path, suffix, 0);
    qsort(listing.paths, listing.count, sizeof(char *), compare_paths);
    return listing.paths;
}

void file_list_free(char **list)
{
    for (char **p = list; p && *p; p++)
        free(*p);
    free(list);
}
