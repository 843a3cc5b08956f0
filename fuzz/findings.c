/* What a fuzz target does with findings: known ones are counted, a new one ends the program. */
#include "fuzz/findings.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>

enum { KNOWN_MAX = 64, LINE_MAX_LEN = 512 };

static struct {
    char id[LINE_MAX_LEN];
    unsigned long count;
} known[KNOWN_MAX];
static size_t known_count;
static const char *target_name;

static void say_counts(void)
{
    for (size_t i = 0; i < known_count; i++)
        if (known[i].count > 0)
            (void)fprintf(stderr, "known finding %s: %lu times\n", known[i].id, known[i].count);
}

void findings_open(const char *target)
{
    char path[256];
    (void)snprintf(path, sizeof(path), "fuzz/%s.known", target);
    FILE *f = fopen(path, "r");
    if (!f) {
        (void)fprintf(
                stderr, "%s: cannot read it; run this in the root of the source tree\n", path);
        exit(2);
    }
    target_name = target;
    char line[LINE_MAX_LEN];
    while (fgets(line, sizeof(line), f)) {
        line[strcspn(line, " \t\r\n")] = '\0';
        if (line[0] == '\0' || line[0] == '#')
            continue;
        if (known_count == KNOWN_MAX) {
            (void)fprintf(stderr, "%s: more than %d ids\n", path, KNOWN_MAX);
            exit(2);
        }
        strcpy(known[known_count++].id, line);
    }
    (void)fclose(f);
    (void)atexit(say_counts);
}

/* The end of a quoted or bracketed part that begins at `i`, or `i`. What is quoted may hold quotes
 * itself or be cut, so that the part reaches as far as it can. */
static size_t skip_part(rt_str s, size_t i)
{
    static const char open[] = "'\"[(", close[] = "'\"])";
    const char *kind = s.data[i] ? strchr(open, s.data[i]) : NULL;
    if (!kind)
        return i;
    uint8_t end = (uint8_t)close[kind - open];
    for (size_t j = s.len - 1; j > i; j--)
        if (s.data[j] == end)
            return j;
    return s.len - 1;
}

rt_str findings_id(const char *where, rt_str what)
{
    struct rt_buf id = { 0 };
    rt_buf_printf(&id, "%s/", where);
    bool dash = false;
    for (size_t i = 0; i < what.len; i++) {
        size_t end = skip_part(what, i);
        uint8_t c = what.data[i];
        if (end == i && c < 0x80 && isalnum(c)) {
            if (dash)
                rt_buf_put_byte(&id, '-');
            rt_buf_put_byte(&id, (uint8_t)tolower(c));
            dash = false;
        } else {
            dash = id.data[id.len - 1] != '/';
        }
        i = end;
    }
    return rt_buf_str(&id);
}

void findings_report(rt_str id, rt_str text)
{
    for (size_t i = 0; i < known_count; i++)
        if (rt_str_is(id, known[i].id)) {
            known[i].count++;
            return;
        }
    (void)fprintf(stderr, "%s: new finding %s\n%s\n", target_name, rt_cstr(id), rt_cstr(text));
    abort();
}
