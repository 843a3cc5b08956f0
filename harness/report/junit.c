/* Writing JUnit XML. */
#include "harness/report/junit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/file.h"
#include "harness/base/mem.h"
#include "harness/json/json.h"

/* True for the two characters of UTF-8 that XML does not allow: U+FFFE and U+FFFF. */
static bool is_no_character(const char *p)
{
    return memcmp(p, "\xef\xbf\xbe", 3) == 0 || memcmp(p, "\xef\xbf\xbf", 3) == 0;
}

static void put_byte(FILE *to, char c)
{
    unsigned char u = (unsigned char)c;
    if (c == '&' || c == '<' || c == '>' || c == '"' || c == '\n' || c == '\t' || c == '\r')
        fprintf(to, "&#%d;", c);
    else
        fputc(u < 0x20 ? '?' : u, to);
}

/* Writes any bytes so that XML 1.0 takes them: it allows no other control characters, not even
 * escaped, and nothing but UTF-8. */
static void put_escaped(FILE *to, const char *text)
{
    json_t *clean = json_text_value(text, strlen(text));
    const char *p = json_string_value(clean);
    for (size_t left = json_string_length(clean); left > 0;) {
        if (left >= 3 && is_no_character(p)) {
            fputs("\xef\xbf\xbd", to);
            p += 3;
            left -= 3;
        } else {
            put_byte(to, *p++);
            left--;
        }
    }
    json_decref(clean);
}

static void put_attribute(FILE *to, const char *name, const char *value)
{
    fprintf(to, " %s=\"", name);
    put_escaped(to, value);
    fputc('"', to);
}

static void put_case(FILE *to, const struct junit_case *c)
{
    static const char *const elements[] = { NULL, "failure", "error", "skipped" };
    const char *element = elements[c->kind];
    fputs("  <testcase", to);
    put_attribute(to, "classname", c->class_name);
    put_attribute(to, "name", c->name);
    fprintf(to, " time=\"%.3f\"%s\n", c->seconds, element ? ">" : "/>");
    if (!element)
        return;
    fprintf(to, "    <%s", element);
    if (c->message)
        put_attribute(to, "message", c->message);
    if (c->kind != JUNIT_SKIPPED)
        put_attribute(to, "type", element);
    if (c->details && c->kind != JUNIT_SKIPPED) {
        fputc('>', to);
        put_escaped(to, c->details);
        fprintf(to, "</%s>\n", element);
    } else {
        fputs("/>\n", to);
    }
    fputs("  </testcase>\n", to);
}

static size_t count_kind(const struct junit_case *cases, size_t count, enum junit_kind kind)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        n += cases[i].kind == kind;
    return n;
}

bool junit_write(const char *path, const char *suite, const struct junit_case *cases, size_t count)
{
    char *text = NULL;
    size_t size = 0;
    double seconds = 0;
    FILE *to = mem_stream(&text, &size);
    for (size_t i = 0; i < count; i++)
        seconds += cases[i].seconds;
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite", to);
    put_attribute(to, "name", suite);
    fprintf(to, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\" time=\"%.3f\">\n",
            count, count_kind(cases, count, JUNIT_FAILED), count_kind(cases, count, JUNIT_ERROR),
            count_kind(cases, count, JUNIT_SKIPPED), seconds);
    for (size_t i = 0; i < count; i++)
        put_case(to, &cases[i]);
    fputs("</testsuite>\n", to);
    fclose(to);
    bool ok = file_write(path, text, size);
    free(text);
    return ok;
}
