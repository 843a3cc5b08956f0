/* Errors with the texts of Go's errors and of pkg/errors.
 *
 * A function that can fail returns struct rt_error *, NULL for success. Errors live in the current
 * arena. Wrapping NULL gives NULL, as in pkg/errors. What a function gives back through out
 * parameters means nothing after an error, unless its header says otherwise.
 *
 * Nobody drops an error by accident: such functions are RT_MUST_USE, and where Go writes `_`, or
 * calls without looking, the call stands in RT_DROP(). */
#ifndef CCLAB_MODEL_RT_ERROR_H
#define CCLAB_MODEL_RT_ERROR_H

#include "model/rt/str.h"

#define RT_MUST_USE __attribute__((warn_unused_result))
/* Calls a function and drops its error on purpose. */
#define RT_DROP(call)                                                                              \
    do {                                                                                           \
        if (call) {                                                                                \
        }                                                                                          \
    } while (0)

struct rt_error {
    rt_str text;            /* what Error() returns */
    const void *type;       /* identity of a typed or sentinel error, NULL for a plain one */
    const void *data;       /* what a typed error carries */
    struct rt_error *cause; /* what was wrapped, or NULL */
};

/* errors.Errorf, fmt.Errorf; formats as rt_sprintf(). */
RT_MUST_USE struct rt_error *rt_errorf(const char *format, ...) RT_NONNULL_AT(1);
/* errors.New: the text as it is, shared. */
RT_MUST_USE struct rt_error *rt_error_new(rt_str text);
/* A typed or sentinel error: `type` is compared by address, `data` may be NULL. */
RT_MUST_USE struct rt_error *rt_error_typed(const void *type, const void *data, rt_str text);
/* errors.Wrap, errors.WithMessage and their f forms: "<message>: <text of err>". NULL stays
 * NULL. */
RT_MUST_USE struct rt_error *rt_error_wrap(struct rt_error *err, const char *message)
        RT_NONNULL_AT(2);
RT_MUST_USE struct rt_error *rt_error_wrapf(struct rt_error *err, const char *format, ...)
        RT_NONNULL_AT(2);
/* errors.Cause: the innermost wrapped error; NULL for NULL. */
RT_MUST_USE struct rt_error *rt_error_cause(struct rt_error *err);
/* True if err itself has this type (Go's type assertion or == on a sentinel: wrapping hides it). */
bool rt_error_is(const struct rt_error *err, const void *type);

/* io.EOF, io.ErrUnexpectedEOF. */
extern struct rt_error *const rt_eof;
extern struct rt_error *const rt_err_unexpected_eof;

#if defined(__clang_analyzer__) && !defined(RT_ERROR_ITSELF)
/* The analyzer does not look into other files: it is told when these return NULL. */
static inline struct rt_error *rt_error_if(const void *given, struct rt_error *err)
{
    if ((!given) != (!err))
        __builtin_unreachable();
    return err;
}
#define rt_errorf(...) rt_error_if("", rt_errorf(__VA_ARGS__))
#define rt_error_new(text) rt_error_if("", rt_error_new(text))
#define rt_error_typed(type, data, text) rt_error_if("", rt_error_typed(type, data, text))
#define rt_error_wrap(err, message) rt_error_if(err, rt_error_wrap(err, message))
#define rt_error_wrapf(err, ...) rt_error_if(err, rt_error_wrapf(err, __VA_ARGS__))
#endif

#endif
