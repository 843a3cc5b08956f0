#include <stdlib.h>
#include <string.h>

#include "harness/base/diag.h"
#include "harness/base/file.h"
#include "harness/conform/run.h"

/* One line; blank ones are no vectors. */
static void read_line(struct vector_file *file, const char *text, size_t len, int line)
{
    if (strspn(text, " \t\r\n") >= len)
        return;
    json_error_t error;
    json_t *value = json_loadb(text, len, JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &error);
    struct diag_place place = { file->path, line, 0 };
    if (!value) {
        place.column = error.column > 0 ? error.column : 1;
        diag_at(place, "not valid JSON: %s", error.text);
    } else if (!json_is_object(value)) {
        place.column = 1;
        diag_at(place, "found no JSON object, expected a vector");
        json_decref(value);
        value = NULL;
    }
    if (!value) {
        file->broken++;
        return;
    }
    file->lines[file->count++] = (struct vector_line){ value, line };
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
    file->path = strdup(strcmp(path, "-") == 0 ? "standard input" : path);
    file->lines = calloc(count_lines(text, len), sizeof(*file->lines));
    if (!file->path || !file->lines)
        abort();
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

void vector_file_free(struct vector_file *file)
{
    for (size_t i = 0; i < file->count; i++)
        json_decref(file->lines[i].value);
    free(file->lines);
    free(file->path);
}
