/* Dockerfiles, as far as building without running needs them. */
#include "mocks/docker/internal.h"

#include <ctype.h>

static bool known(rt_str word)
{
    static const char *const words[] = {
        "ADD",
        "ARG",
        "CMD",
        "COPY",
        "ENTRYPOINT",
        "ENV",
        "EXPOSE",
        "FROM",
        "HEALTHCHECK",
        "LABEL",
        "MAINTAINER",
        "ONBUILD",
        "RUN",
        "SHELL",
        "STOPSIGNAL",
        "USER",
        "VOLUME",
        "WORKDIR",
    };
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (rt_str_is(word, words[i]))
            return true;
    return false;
}

static rt_str upper(rt_str s)
{
    struct rt_buf buf = { 0 };
    for (size_t i = 0; i < s.len; i++)
        rt_buf_put_byte(&buf, (uint8_t)toupper(s.data[i]));
    return rt_buf_str(&buf);
}

/* Joins lines that end with a backslash; comments and empty lines between them do not count. */
static rt_str logical_line(const rt_str *lines, size_t count, size_t *at)
{
    struct rt_buf buf = { 0 };
    for (; *at < count; (*at)++) {
        rt_str line = rt_str_trim(lines[*at]);
        if (line.len == 0 || line.data[0] == '#') {
            if (buf.len == 0)
                break;
            continue;
        }
        if (line.data[line.len - 1] != '\\') {
            rt_buf_put_str(&buf, line);
            break;
        }
        rt_buf_put(&buf, line.data, line.len - 1);
    }
    (*at)++;
    return rt_str_trim(rt_buf_str(&buf));
}

struct rt_error *dockerfile_parse(rt_str text, struct instruction **out, unsigned *count)
{
    size_t line_count = 0;
    rt_str *lines = rt_str_split(text, RT_STR("\n"), &line_count);
    *out = NULL;
    *count = 0;
    for (size_t at = 0; at < line_count;) {
        size_t number = at + 1;
        rt_str line = logical_line(lines, line_count, &at);
        size_t end = 0;
        if (line.len == 0)
            continue;
        while (end < line.len && !isspace(line.data[end]))
            end++;
        struct instruction *i = rt_new(struct instruction);
        i->word = upper(rt_str_slice(line, 0, end));
        i->args = rt_str_trim(rt_str_slice(line, end, line.len));
        i->text = rt_sprintf("%S %S", i->word, i->args);
        if (!known(i->word))
            return rt_errorf(
                    "dockerfile parse error line %zu: unknown instruction: %S", number, i->word);
        *out = i;
        out = &i->next;
        (*count)++;
    }
    return *count == 0 ? rt_errorf("failed to parse Dockerfile: file with no instructions") : NULL;
}
