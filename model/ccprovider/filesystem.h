/* The part of os and io/ioutil that package code uses, as an interface, and a file system in
 * memory.
 *
 * Errors read as Go's *os.PathError ("open /a/b: no such file or directory"). Paths are cleaned
 * lexically, "a//b/./c" is "a/b/c"; names never hold a NUL byte, as the kernel demands. */
#ifndef CCLAB_MODEL_CCPROVIDER_FILESYSTEM_H
#define CCLAB_MODEL_CCPROVIDER_FILESYSTEM_H

#include "model/rt/error.h"
#include "model/rt/str.h"

struct file_info {
    rt_str name; /* base name */
    bool is_dir;
    uint64_t size;
};

struct file_system {
    void *self;
    /* ioutil.ReadFile. */
    struct rt_error *(*read_file)(void *self, rt_str path, rt_bytes *content);
    /* ioutil.WriteFile: creates or truncates. */
    struct rt_error *(*write_file)(void *self, rt_str path, rt_bytes content);
    /* os.Stat. */
    struct rt_error *(*stat)(void *self, rt_str path, struct file_info *info);
    /* ioutil.ReadDir: entries ordered by name. */
    struct rt_error *(*read_dir)(
            void *self, rt_str path, struct file_info **entries, size_t *count);
    /* os.Mkdir. */
    struct rt_error *(*mkdir)(void *self, rt_str path);
};

/* *os.PathError of an operation: "op path: reason", with Go's text of the errno as the reason. */
RT_MUST_USE struct rt_error *file_error(const char *op, rt_str path, const char *reason);
/* os.IsNotExist. */
bool file_is_not_exist(const struct rt_error *err);

/* ---- in memory ---- */

struct memory_fs;

/* An empty file system with the root directory. It lives in the arena that is current now, and so
 * does everything written to it later. */
struct memory_fs *memory_fs_new(void);
struct file_system memory_fs_interface(struct memory_fs *fs);

/* Puts a file, with the directories above it; the content is shared, not copied. */
void memory_fs_put(struct memory_fs *fs, rt_str path, rt_bytes content);
/* The same of a file that the peer's user may neither read nor write, and of an empty directory. */
void memory_fs_put_unreadable(struct memory_fs *fs, rt_str path, rt_bytes content);
void memory_fs_put_directory(struct memory_fs *fs, rt_str path);
/* Removes a file; false if there was none. */
bool memory_fs_remove(struct memory_fs *fs, rt_str path);

#endif
