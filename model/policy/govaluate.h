/* Expressions as govaluate (github.com/Knetic/govaluate, in 1.4.2's vendor) reads and evaluates
 * them: the language in which policies are written on the command line.
 *
 * Everything it accepts is accepted, odd as it may be, and errors have its texts. Left out are
 * regular expressions (=~, !~) and texts that are very long or deep, which panic with
 * GOV_UNMODELLED, and strings that look like a time, which stay strings. Letters beyond Latin,
 * Greek and Cyrillic are told from other characters by blocks only. */
#ifndef CCLAB_MODEL_POLICY_GOVALUATE_H
#define CCLAB_MODEL_POLICY_GOVALUATE_H

#include "model/rt/error.h"

/* How a panic begins that is not Go's. */
#define GOV_UNMODELLED "cclab does not model "

enum gov_kind {
    GOV_NIL,
    GOV_BOOL,
    GOV_NUMBER, /* float64 */
    GOV_INT,    /* int, as Go code passes it */
    GOV_RUNE,   /* the value of a parenthesis */
    GOV_STRING,
    GOV_LIST, /* []interface{} */
    GOV_FUNCTION,
    GOV_POINTER, /* of a Go type that only functions know */
};

struct gov_value;
/* ExpressionFunction. */
typedef struct rt_error *gov_function(
        const struct gov_value *args, size_t count, struct gov_value *result);

struct gov_value {
    enum gov_kind kind;
    bool boolean;
    double number;
    int64_t integer;         /* GOV_INT, GOV_RUNE */
    rt_str text;             /* GOV_STRING; GOV_POINTER: reflect.TypeOf */
    struct gov_value *items; /* GOV_LIST */
    size_t count;
    gov_function *function;
    void *pointer;
};

struct gov_named_function {
    const char *name;
    gov_function *function;
};

struct gov_expression;

/* NewEvaluableExpressionWithFunctions; `functions` ends with a name of NULL. Panics where Go's
 * does (a backslash at the end), and with GOV_UNMODELLED. The result is in the current arena. */
RT_MUST_USE struct rt_error *gov_expression_new(
        rt_str text, const struct gov_named_function *functions, struct gov_expression **out);

/* Evaluate with at most one parameter; `name` NULL: with none. */
RT_MUST_USE struct rt_error *gov_evaluate(const struct gov_expression *expression, const char *name,
        const struct gov_value *parameter, struct gov_value *result);

struct gov_value gov_string(rt_str text);
/* fmt's %v of a value. */
rt_str gov_print(const struct gov_value *value);
/* fmt's %s of reflect.TypeOf(value). */
rt_str gov_type(const struct gov_value *value);
/* Go's int(number), as amd64 converts. */
int64_t gov_int(double number);

#endif
