/* Reading a file of vectors, a JSON object a line. */
#include <stdlib.h>
#include <string.h>

#include "harness/base/file.h"
#include "harness/base/mem.h"
#include "harness/conform/run.h"
#include "model/rt/arena.h"

/* One line; blank ones are no vectors. */
static void read_line(struct vector_file *file, const char *text, size_t len, int line)
{
    if (strspn(text, " \t\r\n") >= len)
        return;
    struct json_doc *doc = json_doc_parse(file->path, text, len, line);
    if (doc && json_is_object(doc->root_value)) {
        file->lines[file->count++] = (struct vector_line){ doc->root_value, line, doc };
        return;
    }
    if (doc)
        json_wrong(doc, doc->root, "an object");
    json_doc_free(doc);
    file->broken++;
}

static size_t count_lines(const char *text, size_t len)
{
    size_t lines = 1;
    for (size_t i = 0; i < len; i++)
        lines += text[i] == '\n';
    return lines;
}

bool vector_file_read(struct vector_file *file, const char *path)
{
    size_t len;
    *file = (struct vector_file){ 0 };
    char *text = file_read(path, FILE_MAX_BYTES, &len);
    if (!text)
        return false;
    file->path = mem_string(strcmp(path, "-") == 0 ? "standard input" : path);
    file->lines = mem_new_array(struct vector_line, count_lines(text, len));
    int line = 1;
    for (char *p = text; p < text + len; line++) {
        char *end = memchr(p, '\n', (size_t)(text + len - p));
        size_t n = end ? (size_t)(end - p) : (size_t)(text + len - p);
        read_line(file, p, n, line);
        p += n + 1;
    }
    free(text);
    return true;
}

void vector_file_check(struct vector_file *file, const struct conform_suite *suite)
{
    size_t count = file->count;
    struct rt_arena *arena = rt_arena_new();
    struct rt_arena *before = rt_arena_use(arena);
    file->count = 0;
    for (size_t i = 0; i < count; i++) {
        struct vector_line line = file->lines[i];
        if (json_check(line.doc, line.doc->root, suite->vector)) {
            file->lines[file->count++] = line;
        } else {
            json_doc_free(line.doc);
            file->broken++;
        }
        rt_arena_reset(arena);
    }
    rt_arena_use(before);
    rt_arena_free(arena);
}

void vector_file_free(struct vector_file *file)
{
    for (size_t i = 0; i < file->count; i++)
        json_doc_free(file->lines[i].doc);
    free(file->lines);
    free(file->path);
}
