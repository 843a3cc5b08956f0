/* Reports of mistakes, a line each, and words that were mistyped. */
#include "harness/base/diag.h"

#include <stdlib.h>
#include <string.h>

#include "harness/base/mem.h"

static size_t reports;
static void (*capture)(void *arg, const char *line);
static void *capture_arg;

/* Bytes of the control character at p, 0 for another one. Terminals take U+009B for ESC [. */
static size_t control_length(const unsigned char *p, size_t left)
{
    if (*p < 0x20 || *p == 0x7f)
        return 1;
    return *p == 0xc2 && left > 1 && p[1] >= 0x80 && p[1] < 0xa0 ? 2 : 0;
}

void diag_put(FILE *to, const char *text, size_t len)
{
    const unsigned char *p = (const unsigned char *)text, *end = p + len;
    while (p < end) {
        size_t control = control_length(p, (size_t)(end - p));
        if (*p == '\n')
            fputs("\\n", to);
        else if (control == 0)
            fputc(*p, to);
        else
            for (size_t i = 0; i < control; i++)
                fprintf(to, "\\x%02x", p[i]);
        p += control > 0 ? control : 1;
    }
}

static void put_escaped(FILE *to, const char *text)
{
    diag_put(to, text, strlen(text));
}

void diag_at_v(struct diag_place place, const char *format, va_list args)
{
    char *message = mem_vformat(format, args);
    char *line = NULL;
    size_t size = 0;
    FILE *to = mem_stream(&line, &size);
    put_escaped(to, !place.file ? "cclab" : *place.file ? place.file : "\"\"");
    if (place.file && place.line > 0)
        fprintf(to, ":%d", place.line);
    if (place.file && place.line > 0 && place.column > 0)
        fprintf(to, ":%d", place.column);
    fputs(": ", to);
    put_escaped(to, message);
    fclose(to);
    reports++;
    if (capture) {
        capture(capture_arg, line);
    } else {
        fflush(stdout);
        fprintf(stderr, "%s\n", line);
    }
    free(line);
    free(message);
}

void diag_at(struct diag_place place, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    diag_at_v(place, format, args);
    va_end(args);
}

void diag(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    diag_at_v((struct diag_place){ 0 }, format, args);
    va_end(args);
}

size_t diag_count(void)
{
    return reports;
}

void diag_capture(void (*sink)(void *arg, const char *line), void *arg)
{
    capture = sink;
    capture_arg = arg;
}

/* Levenshtein distance of two short words; words over 63 bytes are far from everything. */
static size_t distance(const char *a, const char *b)
{
    size_t la = strlen(a), lb = strlen(b);
    size_t row[64];
    if (la > 63 || lb > 63)
        return 64;
    for (size_t j = 0; j <= lb; j++)
        row[j] = j;
    for (size_t i = 1; i <= la; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= lb; j++) {
            size_t best = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[lb];
}

const char *diag_similar(const char *word, const char *const *words)
{
    const char *best = NULL;
    size_t best_distance = strlen(word) / 3 + 1;
    for (; *words; words++) {
        size_t d = distance(word, *words);
        if (d <= best_distance && d < strlen(*words)) {
            best_distance = d;
            best = *words;
        }
    }
    return best;
}

struct diag_hint diag_hint(const char *word, const char *const *words)
{
    struct diag_hint hint = { "" };
    const char *similar = word ? diag_similar(word, words) : NULL;
    if (similar)
        (void)snprintf(hint.text, sizeof(hint.text), " (did you mean \"%s\"?)", similar);
    return hint;
}
