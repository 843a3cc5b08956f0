/* Evaluating stages; follows govaluate's EvaluableExpression.go and evaluationStage.go. */
#include "model/policy/govaluate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/policy/govaluate_internal.h"
#include "model/rt/arena.h"
#include "model/rt/names.h"
#include "model/rt/rt.h"

struct gov_expression {
    struct gov_stage *stages;
};

struct gov_value gov_string(rt_str text)
{
    return (struct gov_value){ .kind = GOV_STRING, .text = text };
}

static struct gov_value of_bool(bool value)
{
    return (struct gov_value){ .kind = GOV_BOOL, .boolean = value };
}

static struct gov_value of_number(double value)
{
    return (struct gov_value){ .kind = GOV_NUMBER, .number = value };
}

/* ---- printing ---- */

/* strconv.FormatFloat(number, 'g', -1, 64). */
static rt_str print_number(double number)
{
    if (isnan(number))
        return RT_STR("NaN");
    if (isinf(number))
        return rt_sprintf("%sInf", number > 0 ? "+" : "-");
    char text[64];
    int digits = 0;
    do
        snprintf(text, sizeof text, "%.*e", digits, number);
    while (strtod(text, NULL) != number && ++digits < 17);
    int exponent = atoi(strchr(text, 'e') + 1);
    if (exponent >= -4 && exponent < 6) {
        int decimals = digits > exponent ? digits - exponent : 0;
        snprintf(text, sizeof text, "%.*f", decimals, number);
    }
    return rt_str_dup(rt_str_from(text));
}

static rt_str print_list(const struct gov_value *list)
{
    struct rt_buf buf = { 0 };
    rt_buf_putz(&buf, "[");
    for (size_t i = 0; i < list->count; i++)
        rt_buf_printf(&buf, "%s%S", i ? " " : "", gov_print(&list->items[i]));
    rt_buf_putz(&buf, "]");
    return rt_buf_str(&buf);
}

rt_str gov_print(const struct gov_value *value)
{
    switch (value->kind) {
    case GOV_NIL:
        return RT_STR("<nil>");
    case GOV_BOOL:
        return value->boolean ? RT_STR("true") : RT_STR("false");
    case GOV_NUMBER:
        return print_number(value->number);
    case GOV_INT:
    case GOV_RUNE:
        return rt_sprintf("%lld", (long long)value->integer);
    case GOV_STRING:
        return value->text;
    case GOV_LIST:
        return print_list(value);
    case GOV_FUNCTION:
    case GOV_POINTER:
        break;
    }
    return RT_STR("0x9e2f40"); /* an address: in Go it depends on the build */
}

rt_str gov_type(const struct gov_value *value)
{
    switch (value->kind) {
    case GOV_NIL:
        return RT_STR("%!s(<nil>)");
    case GOV_BOOL:
        return RT_STR("bool");
    case GOV_NUMBER:
        return RT_STR("float64");
    case GOV_INT:
        return RT_STR("int");
    case GOV_RUNE:
        return RT_STR("int32");
    case GOV_STRING:
        return RT_STR("string");
    case GOV_LIST:
        return RT_STR("[]interface {}");
    case GOV_FUNCTION:
        return RT_STR("govaluate.ExpressionFunction");
    case GOV_POINTER:
        break;
    }
    return value->text;
}

#define LIMIT 9223372036854775808.0 /* 2^63, in a spelling that all checkers read */

int64_t gov_int(double number)
{
    if (number >= -LIMIT && number < LIMIT)
        return (int64_t)number;
    return INT64_MIN;
}

/* Go's uint64(number), as amd64 converts. */
static uint64_t to_uint(double number)
{
    if (number < LIMIT || isnan(number))
        return (uint64_t)gov_int(number);
    return (uint64_t)gov_int(number - LIMIT) ^ (uint64_t)1 << 63;
}

/* ---- types ---- */

static const char *symbol_text(enum gov_symbol symbol)
{
    static const char *const texts[] = RT_NAMES(GOV_SYMBOLS);
    return texts[symbol];
}

static struct rt_error *complain(const struct gov_stage *stage, const struct gov_value *value)
{
    const char *symbol = symbol_text(stage->symbol);
    rt_str text = gov_print(value);
    switch (stage->complaint) {
    case GOV_NO_BOOL:
        return rt_errorf(
                "Value '%S' cannot be used with the logical operator '%s', it is not a bool", text,
                symbol);
    case GOV_NO_NUMBER:
        return rt_errorf("Value '%S' cannot be used with the modifier '%s', it is not a number",
                text, symbol);
    case GOV_NO_COMPARISON:
        return rt_errorf("Value '%S' cannot be used with the comparator '%s', it is not a number",
                text, symbol);
    case GOV_NO_TERNARY_BOOL:
        return rt_errorf(
                "Value '%S' cannot be used with the ternary operator '%s', it is not a bool", text,
                symbol);
    case GOV_NO_PREFIX:
    case GOV_NO_COMPLAINT:
        break;
    }
    return rt_errorf("Value '%S' cannot be used with the prefix '%s'", text, symbol);
}

/* Both must be of this kind. */
static struct rt_error *want(const struct gov_stage *stage, enum gov_kind kind,
        const struct gov_value *left, const struct gov_value *right)
{
    if (left && left->kind != kind)
        return complain(stage, left);
    return right && right->kind != kind ? complain(stage, right) : NULL;
}

struct rt_error *gov_check_types(
        const struct gov_stage *stage, const struct gov_value *left, const struct gov_value *right)
{
    bool strings = left->kind == GOV_STRING || right->kind == GOV_STRING;
    bool numbers = left->kind == GOV_NUMBER && right->kind == GOV_NUMBER;
    switch (stage->symbol) {
    case GOV_GT:
    case GOV_LT:
    case GOV_GTE:
    case GOV_LTE:
        return numbers || (strings && left->kind == right->kind) ? NULL : complain(stage, left);
    case GOV_PLUS:
        return numbers || strings ? NULL : complain(stage, left);
    case GOV_AND:
    case GOV_OR:
        return want(stage, GOV_BOOL, left, right);
    case GOV_IN:
        return want(stage, GOV_LIST, NULL, right);
    case GOV_BITWISE_LSHIFT:
    case GOV_BITWISE_RSHIFT:
    case GOV_BITWISE_OR:
    case GOV_BITWISE_AND:
    case GOV_BITWISE_XOR:
    case GOV_MINUS:
    case GOV_MULTIPLY:
    case GOV_DIVIDE:
    case GOV_MODULUS:
    case GOV_EXPONENT:
        return want(stage, GOV_NUMBER, left, right);
    case GOV_NEGATE:
    case GOV_BITWISE_NOT:
        return want(stage, GOV_NUMBER, NULL, right);
    case GOV_INVERT:
        return want(stage, GOV_BOOL, NULL, right);
    case GOV_TERNARY_TRUE:
        return want(stage, GOV_BOOL, left, NULL);
    default:
        return NULL;
    }
}

/* ---- operators ---- */

/* reflect.DeepEqual; functions are equal to nothing. */
static bool deep_equal(const struct gov_value *a, const struct gov_value *b)
{
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case GOV_NIL:
        return true;
    case GOV_BOOL:
        return a->boolean == b->boolean;
    case GOV_NUMBER:
        return a->number == b->number;
    case GOV_INT:
    case GOV_RUNE:
        return a->integer == b->integer;
    case GOV_STRING:
        return rt_str_eq(a->text, b->text);
    case GOV_LIST:
        break;
    case GOV_FUNCTION:
        return false;
    case GOV_POINTER:
        return a->pointer == b->pointer;
    }
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (!deep_equal(&a->items[i], &b->items[i]))
            return false;
    return true;
}

static struct gov_value in_list(const struct gov_value *value, const struct gov_value *list)
{
    for (size_t i = 0; i < list->count; i++) {
        if (value->kind == GOV_LIST && list->items[i].kind == GOV_LIST)
            rt_panicf("runtime error: comparing uncomparable type []interface {}");
        if (deep_equal(value, &list->items[i]))
            return of_bool(true);
    }
    return of_bool(false);
}

static struct gov_value compare(
        enum gov_symbol symbol, const struct gov_value *left, const struct gov_value *right)
{
    bool strings = left->kind == GOV_STRING;
    int order = strings ? rt_str_cmp(left->text, right->text) : 0;
    double l = strings ? order : left->number, r = strings ? 0 : right->number;
    return of_bool(symbol == GOV_GT    ? l > r
                   : symbol == GOV_LT  ? l < r
                   : symbol == GOV_GTE ? l >= r
                                       : l <= r);
}

static double calculate(enum gov_symbol symbol, double left, double right)
{
    uint64_t count = to_uint(right);
    switch (symbol) {
    case GOV_MINUS:
        return left - right;
    case GOV_MULTIPLY:
        return left * right;
    case GOV_DIVIDE:
        return left / right;
    case GOV_MODULUS:
        return fmod(left, right);
    case GOV_EXPONENT:
        return pow(left, right);
    case GOV_BITWISE_OR:
        return (double)(gov_int(left) | gov_int(right));
    case GOV_BITWISE_AND:
        return (double)(gov_int(left) & gov_int(right));
    case GOV_BITWISE_XOR:
        return (double)(gov_int(left) ^ gov_int(right));
    case GOV_BITWISE_LSHIFT:
        return count < 64 ? (double)(to_uint(left) << count) : 0;
    case GOV_BITWISE_RSHIFT:
        return count < 64 ? (double)(to_uint(left) >> count) : 0;
    case GOV_NEGATE:
        return -right;
    default: /* GOV_BITWISE_NOT */
        return (double)~gov_int(right);
    }
}

static struct gov_value add(const struct gov_value *left, const struct gov_value *right)
{
    if (left->kind == GOV_STRING || right->kind == GOV_STRING)
        return gov_string(rt_sprintf("%S%S", gov_print(left), gov_print(right)));
    return of_number(left->number + right->number);
}

/* separatorStage. As Go's append it grows by doubling: of a power of two the array is full. */
static struct gov_value separate(const struct gov_value *left, const struct gov_value *right)
{
    struct gov_value list = { .kind = GOV_LIST, .count = 1 };
    if (left->kind == GOV_LIST)
        list = *left;
    if ((list.count & (list.count - 1)) == 0) {
        const struct gov_value *old = left->kind == GOV_LIST ? left->items : left;
        list.items = rt_new_array(struct gov_value, 2 * list.count);
        memcpy(list.items, old, list.count * sizeof *old);
    }
    list.items[list.count++] = *right;
    return list;
}

static struct rt_error *call(
        const struct gov_stage *stage, const struct gov_value *right, struct gov_value *result)
{
    if (right->kind == GOV_NIL)
        return stage->value.function(NULL, 0, result);
    if (right->kind == GOV_LIST)
        return stage->value.function(right->items, right->count, result);
    return stage->value.function(right, 1, result);
}

struct rt_error *gov_operate(const struct gov_stage *stage, const struct gov_value *left,
        const struct gov_value *right, const char *name, const struct gov_value *parameter,
        struct gov_value *result)
{
    switch (stage->symbol) {
    case GOV_VALUE:
        if (!name || !rt_str_is(stage->value.text, name))
            return rt_errorf("No parameter '%S' found.", stage->value.text);
        *result = *parameter;
        return NULL;
    case GOV_LITERAL:
        *result = stage->value;
        return NULL;
    case GOV_FUNCTIONAL:
        return call(stage, right, result);
    case GOV_NOOP:
        *result = *right;
        return NULL;
    case GOV_SEPARATE:
        *result = separate(left, right);
        return NULL;
    case GOV_PLUS:
        *result = add(left, right);
        return NULL;
    case GOV_EQ:
    case GOV_NEQ:
        *result = of_bool(deep_equal(left, right) == (stage->symbol == GOV_EQ));
        return NULL;
    case GOV_GT:
    case GOV_LT:
    case GOV_GTE:
    case GOV_LTE:
        *result = compare(stage->symbol, left, right);
        return NULL;
    case GOV_IN:
        *result = in_list(left, right);
        return NULL;
    case GOV_AND:
        *result = of_bool(left->boolean && right->boolean);
        return NULL;
    case GOV_OR:
        *result = of_bool(left->boolean || right->boolean);
        return NULL;
    case GOV_INVERT:
        *result = of_bool(!right->boolean);
        return NULL;
    case GOV_TERNARY_TRUE:
        *result = left->boolean ? *right : (struct gov_value){ 0 };
        return NULL;
    case GOV_TERNARY_FALSE:
    case GOV_COALESCE:
        *result = left->kind != GOV_NIL ? *left : *right;
        return NULL;
    default:
        *result = of_number(calculate(stage->symbol, left->number, right->number));
        return NULL;
    }
}

/* ---- evaluation ---- */

/* Whether the left side settles it: *result then is the stage's, or, of ternary operators, what
 * stands for the right side. */
static bool short_circuits(const struct gov_stage *stage, const struct gov_value *left)
{
    bool is_bool = left->kind == GOV_BOOL;
    switch (stage->symbol) {
    case GOV_AND:
    case GOV_TERNARY_TRUE:
        return is_bool && !left->boolean;
    case GOV_OR:
        return is_bool && left->boolean;
    case GOV_COALESCE:
    case GOV_TERNARY_FALSE:
        return left->kind != GOV_NIL;
    default:
        return false;
    }
}

static struct rt_error *evaluate(const struct gov_stage *stage, const char *name,
        const struct gov_value *parameter, struct gov_value *result)
{
    struct gov_value left = { 0 }, right = { 0 };
    struct rt_error *err = NULL;
    if (stage->left)
        err = evaluate(stage->left, name, parameter, &left);
    if (err)
        return err;
    if (short_circuits(stage, &left)) {
        if (stage->symbol == GOV_TERNARY_TRUE)
            left = (struct gov_value){ 0 }; /* "?" of false is nil */
        *result = left;
        return NULL;
    }
    if (stage->right)
        err = evaluate(stage->right, name, parameter, &right);
    if (!err)
        err = gov_check_types(stage, &left, &right);
    return err ? err : gov_operate(stage, &left, &right, name, parameter, result);
}

struct rt_error *gov_expression_new(
        rt_str text, const struct gov_named_function *functions, struct gov_expression **out)
{
    struct gov_token *tokens;
    size_t count;
    struct rt_error *err = gov_parse(text, functions, &tokens, &count);
    if (err)
        return err;
    struct gov_expression *expression = rt_new(struct gov_expression);
    err = gov_plan(tokens, count, &expression->stages);
    *out = expression;
    return err;
}

struct rt_error *gov_evaluate(const struct gov_expression *expression, const char *name,
        const struct gov_value *parameter, struct gov_value *result)
{
    *result = (struct gov_value){ 0 };
    return evaluate(expression->stages, name, parameter, result);
}
