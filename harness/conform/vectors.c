/* Reading a file of vectors, a JSON object a line. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/file.h"
#include "harness/base/mem.h"
#include "harness/conform/run.h"
#include "model/rt/arena.h"

/* Which suite's vectors these are is seen by the first one. */
struct reader {
    struct vector_file *file;
    const char *base; /* the file's base name */
    const char *only;
    bool asked;
};

static const struct conform_suite *find_suite(const char *base, const json_t *vector)
{
    for (size_t i = 0; conform_suites[i]; i++)
        if (conform_suites[i]->claims(base, vector))
            return conform_suites[i];
    return NULL;
}

static bool is_vector(struct reader *r, const struct json_doc *doc)
{
    if (!json_is_object(doc->root_value))
        return json_wrong(doc, doc->root, "an object");
    if (!r->asked)
        r->file->suite = find_suite(r->base, doc->root_value);
    r->asked = true;
    const struct conform_suite *suite = r->file->suite;
    bool wanted = suite && (!r->only || strcmp(suite->name, r->only) == 0);
    return !wanted || json_check(doc, doc->root, suite->vector);
}

/* One line; blank ones are no vectors. */
static void read_line(struct reader *r, const char *text, size_t len, int line)
{
    struct vector_file *file = r->file;
    if (strspn(text, " \t\r\n") >= len)
        return;
    struct json_doc *doc = json_doc_parse(file->path, text, len, line);
    if (doc && is_vector(r, doc)) {
        mem_reserve(file->lines, file->cap, file->count + 1);
        file->lines[file->count++] = (struct vector_line){ json_incref(doc->root_value), line };
    } else {
        file->broken++;
    }
    json_doc_free(doc);
}

bool vector_file_read(struct vector_file *file, const char *path, const char *only)
{
    size_t len;
    struct reader reader = { .file = file, .base = file_base(path), .only = only };
    *file = (struct vector_file){ 0 };
    char *text = file_read(path, FILE_MAX_BYTES, &len);
    if (!text)
        return false;
    struct rt_arena *arena = rt_arena_new(), *before = rt_arena_use(arena);
    file->path = mem_string(strcmp(path, "-") == 0 ? "standard input" : path);
    int line = 1;
    for (char *p = text; p < text + len; line++) {
        char *end = memchr(p, '\n', (size_t)(text + len - p));
        size_t n = end ? (size_t)(end - p) : (size_t)(text + len - p);
        read_line(&reader, p, n, line);
        rt_arena_reset(arena);
        p += n + 1;
    }
    rt_arena_use(before);
    rt_arena_free(arena);
    free(text);
    return true;
}

void vector_file_free(struct vector_file *file)
{
    for (size_t i = 0; i < file->count; i++)
        json_decref(file->lines[i].value);
    free(file->lines);
    free(file->path);
}

const char *vector_name(const struct vector_line *line)
{
    const char *id = json_string_of(line->value, "id");
    return id ? id : "vector";
}
