/* Follows doPrintf of Go's fmt/print.go for a call without arguments. */
#include "model/accesscontrol/internal.h"

struct reader {
    rt_str text;
    size_t i;
    bool good_index; /* no verb of this directive names an argument that is not there */
};

static bool at(const struct reader *r, char c)
{
    return r->i < r->text.len && r->text.data[r->i] == (uint8_t)c;
}

/* parsenum: whether there is a number. One above a million ends the text. */
static bool number(struct reader *r, size_t end)
{
    bool any = false;
    for (int64_t n = 0; r->i < end; r->i++) {
        uint8_t c = r->text.data[r->i];
        if (c < '0' || c > '9')
            return any;
        if (n > 1000000) {
            r->i = end;
            return false;
        }
        n = n * 10 + (c - '0');
        any = true;
    }
    return any;
}

/* argNumber: "[n]". No index is good; true if it is well formed. */
static bool index_of_argument(struct reader *r)
{
    if (!at(r, '['))
        return false;
    r->good_index = false;
    rt_str rest = rt_str_slice(r->text, r->i, r->text.len);
    ptrdiff_t close = rest.len < 3 ? -1 : rt_str_index(rest, RT_STR("]"));
    if (close < 0) {
        r->i++;
        return false;
    }
    size_t end = r->i + (size_t)close;
    r->i++;
    bool well_formed = number(r, end) && r->i == end;
    r->i = end + 1;
    return well_formed;
}

/* What stands between '%' and the verb. */
static void prefix(struct reader *r, struct rt_buf *out)
{
    while (at(r, '#') || at(r, '0') || at(r, '+') || at(r, '-') || at(r, ' '))
        r->i++;
    bool after_index = index_of_argument(r);
    if (at(r, '*')) {
        r->i++;
        rt_buf_putz(out, "%!(BADWIDTH)");
        after_index = false;
    } else if (number(r, r->text.len) && after_index) {
        r->good_index = false;
    }
    if (at(r, '.')) {
        r->i++;
        if (after_index)
            r->good_index = false;
        after_index = index_of_argument(r);
        if (at(r, '*')) {
            r->i++;
            rt_buf_putz(out, "%!(BADPREC)");
            after_index = false;
        } else {
            (void)number(r, r->text.len);
        }
    }
    if (!after_index)
        (void)index_of_argument(r);
}

/* The bytes of a character; what is none counts as one byte. */
static size_t character(rt_str s)
{
    uint8_t c = s.data[0];
    size_t len = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
    return len <= s.len ? len : 1;
}

rt_str format_without_arguments(rt_str text)
{
    struct rt_buf out = { 0 };
    struct reader r = { .text = text };
    while (r.i < text.len) {
        if (text.data[r.i] != '%') {
            rt_buf_put_byte(&out, text.data[r.i++]);
            continue;
        }
        r.i++;
        r.good_index = true;
        prefix(&r, &out);
        if (r.i >= text.len) {
            rt_buf_putz(&out, "%!(NOVERB)");
            break;
        }
        size_t start = r.i;
        r.i += character(rt_str_slice(text, start, text.len));
        if (text.data[start] == '%')
            rt_buf_put_byte(&out, '%');
        else
            rt_buf_printf(&out, "%%!%S(%s)", rt_str_slice(text, start, r.i),
                    r.good_index ? "MISSING" : "BADINDEX");
    }
    return rt_buf_str(&out);
}
