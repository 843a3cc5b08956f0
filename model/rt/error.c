/* Errors: their texts are made when they are made. */
#define RT_ERROR_ITSELF
#include "model/rt/error.h"

#include "model/rt/arena.h"

static char eof_type;
static struct rt_error eof = { .text = RT_STR_INIT("EOF"), .type = &eof_type };
struct rt_error *const rt_eof = &eof;
static struct rt_error unexpected_eof = { .text = RT_STR_INIT("unexpected EOF"),
    .type = &unexpected_eof };
struct rt_error *const rt_err_unexpected_eof = &unexpected_eof;

struct rt_error *rt_error_typed(const void *type, const void *data, rt_str text)
{
    struct rt_error *err = rt_new(struct rt_error);
    err->text = text;
    err->type = type;
    err->data = data;
    return err;
}

struct rt_error *rt_error_new(rt_str text)
{
    return rt_error_typed(NULL, NULL, text);
}

struct rt_error *rt_errorf(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    rt_str text = rt_vsprintf(format, args);
    va_end(args);
    return rt_error_new(text);
}

static struct rt_error *wrap(struct rt_error *err, rt_str message)
{
    rt_str parts[] = { message, err->text };
    struct rt_error *outer = rt_error_new(rt_str_join(parts, 2, RT_STR(": ")));
    outer->cause = err;
    return outer;
}

struct rt_error *rt_error_wrap(struct rt_error *err, const char *message)
{
    return err ? wrap(err, rt_str_from(message)) : NULL;
}

struct rt_error *rt_error_wrapf(struct rt_error *err, const char *format, ...)
{
    if (!err)
        return NULL;
    va_list args;
    va_start(args, format);
    rt_str message = rt_vsprintf(format, args);
    va_end(args);
    return wrap(err, message);
}

struct rt_error *rt_error_cause(struct rt_error *err)
{
    while (err && err->cause)
        err = err->cause;
    return err;
}

bool rt_error_is(const struct rt_error *err, const void *type)
{
    return err && type && err->type == type;
}
