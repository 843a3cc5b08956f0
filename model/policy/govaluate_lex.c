/* From text to tokens; follows govaluate's parsing.go, lexerStream.go and lexerState.go. */
#include <math.h>
#include <stdlib.h>

#include "model/policy/govaluate_internal.h"
#include "model/rt/arena.h"
#include "model/rt/names.h"
#include "model/rt/rt.h"

/* lexerStream. */
struct stream {
    uint32_t *source;
    size_t length;
    size_t position;
};

static struct stream stream_of(rt_str text)
{
    struct stream s = { rt_new_array(uint32_t, text.len + 1), 0, 0 };
    for (size_t i = 0; i < text.len;)
        i += rt_utf8_decode(rt_str_slice(text, i, text.len), &s.source[s.length++]);
    return s;
}

static bool can_read(const struct stream *s)
{
    return s->position < s->length;
}

static uint32_t read_character(struct stream *s)
{
    if (!can_read(s))
        rt_panicf(
                "runtime error: index out of range [%zu] with length %zu", s->position, s->length);
    return s->source[s->position++];
}

/* ---- characters ---- */

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_space(uint32_t c)
{
    return (c >= 9 && c <= 13) || c == ' ' || c == 0x85 || c == 0xa0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
           c == 0x205f || c == 0x3000;
}

static bool is_letter(uint32_t c)
{
    if (c < 0x80)
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (c < 0x100)
        return c == 0xaa || c == 0xb5 || c == 0xba || (c >= 0xc0 && c != 0xd7 && c != 0xf7);
    return c <= 0x2c1 || (c >= 0x370 && c < 0x2000 && c != 0x1680) || (c >= 0x2c00 && c < 0x2e00) ||
           (c >= 0x3041 && c < 0xd800) || (c >= 0xf900 && c < 0xfe00);
}

static bool is_numeric(uint32_t c)
{
    return is_digit(c) || c == '.';
}

static bool is_variable_name(uint32_t c)
{
    return is_letter(c) || is_digit(c) || c == '_';
}

static bool is_not_quote(uint32_t c)
{
    return c != '\'' && c != '"';
}

static bool is_not_closing_bracket(uint32_t c)
{
    return c != ']';
}

static bool is_not_alphanumeric(uint32_t c)
{
    return !(is_digit(c) || is_letter(c) || c == '(' || c == ')' || !is_not_quote(c));
}

/* readUntilFalse; escapes are always allowed. */
static rt_str read_until_false(
        struct stream *s, bool words, bool (*condition)(uint32_t), bool *completed)
{
    struct rt_buf buf = { 0 };
    *completed = false;
    while (can_read(s)) {
        uint32_t c = read_character(s);
        if (c == '\\') {
            rt_buf_put_rune(&buf, read_character(s));
            continue;
        }
        if (words && is_space(c)) {
            if (buf.len == 0)
                continue;
            *completed = true;
            break;
        }
        if (!condition(c)) {
            *completed = true;
            s->position--;
            break;
        }
        rt_buf_put_rune(&buf, c);
    }
    return rt_buf_str(&buf);
}

/* readTokenUntilFalse. */
static rt_str read_token(struct stream *s, bool (*condition)(uint32_t))
{
    bool completed;
    s->position--;
    return read_until_false(s, true, condition, &completed);
}

/* ---- signs ---- */

const struct gov_sign gov_comparators[] = { { "==", GOV_EQ }, { "!=", GOV_NEQ }, { ">", GOV_GT },
    { ">=", GOV_GTE }, { "<", GOV_LT }, { "<=", GOV_LTE }, { "=~", GOV_REQ }, { "!~", GOV_NREQ },
    { "in", GOV_IN }, { 0 } };
const struct gov_sign gov_logicals[] = { { "&&", GOV_AND }, { "||", GOV_OR }, { 0 } };
const struct gov_sign gov_modifiers[] = { { "+", GOV_PLUS }, { "-", GOV_MINUS },
    { "*", GOV_MULTIPLY }, { "/", GOV_DIVIDE }, { "%", GOV_MODULUS }, { "**", GOV_EXPONENT },
    { "&", GOV_BITWISE_AND }, { "|", GOV_BITWISE_OR }, { "^", GOV_BITWISE_XOR },
    { ">>", GOV_BITWISE_RSHIFT }, { "<<", GOV_BITWISE_LSHIFT }, { 0 } };
const struct gov_sign gov_prefixes[] = { { "-", GOV_NEGATE }, { "!", GOV_INVERT },
    { "~", GOV_BITWISE_NOT }, { 0 } };
const struct gov_sign gov_ternaries[] = { { "?", GOV_TERNARY_TRUE }, { ":", GOV_TERNARY_FALSE },
    { "??", GOV_COALESCE }, { 0 } };

enum gov_symbol gov_find_sign(const struct gov_sign *signs, rt_str text)
{
    while (signs->text && !rt_str_is(text, signs->text))
        signs++;
    return signs->text ? signs->symbol : GOV_NO_SYMBOL;
}

/* ---- which kind may follow which ---- */

#define KIND(name) (1u << GOV_TOKEN_##name)
enum {
    VALUES = KIND(NUMERIC) | KIND(BOOLEAN) | KIND(VARIABLE),
    AFTER_VALUE = KIND(MODIFIER) | KIND(COMPARATOR) | KIND(LOGICALOP) | KIND(CLAUSE_CLOSE) |
                  KIND(TERNARY) | KIND(SEPARATOR),
    BEGINS = KIND(PREFIX) | VALUES | KIND(FUNCTION) | KIND(STRING) | KIND(CLAUSE),
};

/* validLexerStates. */
static const struct {
    bool is_eof;
    uint32_t next;
} states[] = {
    [GOV_TOKEN_UNKNOWN] = { false, BEGINS },
    [GOV_TOKEN_CLAUSE] = { false, BEGINS | KIND(CLAUSE_CLOSE) },
    [GOV_TOKEN_CLAUSE_CLOSE] = { true, AFTER_VALUE | VALUES | KIND(STRING) | KIND(CLAUSE) },
    [GOV_TOKEN_NUMERIC] = { true, AFTER_VALUE },
    [GOV_TOKEN_BOOLEAN] = { true, AFTER_VALUE },
    [GOV_TOKEN_STRING] = { true, AFTER_VALUE },
    [GOV_TOKEN_VARIABLE] = { true, AFTER_VALUE },
    [GOV_TOKEN_MODIFIER] = { false, BEGINS | KIND(CLAUSE_CLOSE) },
    [GOV_TOKEN_COMPARATOR] = { false, BEGINS | KIND(CLAUSE_CLOSE) },
    [GOV_TOKEN_LOGICALOP] = { false, BEGINS | KIND(CLAUSE_CLOSE) },
    [GOV_TOKEN_PREFIX] = { false, VALUES | KIND(FUNCTION) | KIND(CLAUSE) | KIND(CLAUSE_CLOSE) },
    [GOV_TOKEN_TERNARY] = { false, BEGINS | KIND(SEPARATOR) },
    [GOV_TOKEN_FUNCTION] = { false, KIND(CLAUSE) },
    [GOV_TOKEN_SEPARATOR] = { false, BEGINS },
};

static bool can_follow(enum gov_token_kind state, enum gov_token_kind kind)
{
    return states[state].next & 1u << kind;
}

const char *gov_token_kind_name(enum gov_token_kind kind)
{
    static const char *const names[] = RT_NAMES(GOV_TOKEN_KINDS);
    return names[kind];
}

static rt_str token_text(enum gov_token_kind kind, const struct gov_value *value)
{
    return rt_sprintf("%s [%S]", gov_token_kind_name(kind), gov_print(value));
}

/* checkExpressionSyntax. */
static struct rt_error *check_syntax(const struct gov_token *tokens, size_t count)
{
    struct gov_token last = { 0 };
    for (size_t i = 0; i < count; i++) {
        if (!can_follow(last.kind, tokens[i].kind)) {
            if (last.kind == GOV_TOKEN_VARIABLE && tokens[i].kind == GOV_TOKEN_CLAUSE)
                return rt_errorf("Undefined function %S", last.value.text);
            return rt_errorf("Cannot transition token types from %S to %S",
                    token_text(last.kind, &last.value),
                    token_text(tokens[i].kind, &tokens[i].value));
        }
        last = tokens[i];
    }
    return states[last.kind].is_eof ? NULL : rt_errorf("Unexpected end of expression");
}

/* checkBalance. */
static struct rt_error *check_balance(const struct gov_token *tokens, size_t count)
{
    int parens = 0;
    for (size_t i = 0; i < count; i++) {
        parens += tokens[i].kind == GOV_TOKEN_CLAUSE;
        parens -= tokens[i].kind == GOV_TOKEN_CLAUSE_CLOSE;
    }
    return parens == 0 ? NULL : rt_errorf("Unbalanced parenthesis");
}

/* ---- tokens ---- */

static struct rt_error *read_number(struct stream *s, struct gov_token *token)
{
    rt_str text = read_token(s, is_numeric);
    char *digits = rt_cstr(text), *end;
    double number = strtod(digits, &end);
    /* An escaped letter may make it an exponent; Go takes no other words of C's here. */
    if (end == digits || *end || isinf(number) || strpbrk(digits, "xXnNpP"))
        return rt_errorf("Unable to parse numeric value '%S' to float64\n", text);
    token->kind = GOV_TOKEN_NUMERIC;
    token->value = (struct gov_value){ .kind = GOV_NUMBER, .number = number };
    return NULL;
}

static void read_word(
        struct stream *s, const struct gov_named_function *functions, struct gov_token *token)
{
    rt_str text = read_token(s, is_variable_name);
    token->kind = GOV_TOKEN_VARIABLE;
    token->value = gov_string(text);
    if (rt_str_is(text, "true") || rt_str_is(text, "false")) {
        token->kind = GOV_TOKEN_BOOLEAN;
        token->value = (struct gov_value){ .kind = GOV_BOOL, .boolean = text.len == 4 };
    }
    if (rt_str_is(text, "in") || rt_str_is(text, "IN")) {
        token->kind = GOV_TOKEN_COMPARATOR;
        token->value = gov_string(RT_STR("in"));
    }
    for (const struct gov_named_function *f = functions; f->name; f++) {
        if (rt_str_is(text, f->name)) {
            token->kind = GOV_TOKEN_FUNCTION;
            token->value = (struct gov_value){ .kind = GOV_FUNCTION, .function = f->function };
        }
    }
}

static struct rt_error *read_symbol(
        struct stream *s, enum gov_token_kind state, struct gov_token *token)
{
    rt_str text = read_token(s, is_not_alphanumeric);
    const struct {
        enum gov_token_kind kind;
        const struct gov_sign *signs;
    } lists[] = { { GOV_TOKEN_PREFIX, gov_prefixes }, { GOV_TOKEN_MODIFIER, gov_modifiers },
        { GOV_TOKEN_LOGICALOP, gov_logicals }, { GOV_TOKEN_COMPARATOR, gov_comparators },
        { GOV_TOKEN_TERNARY, gov_ternaries } };
    token->value = gov_string(text);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        if (lists[i].kind == GOV_TOKEN_PREFIX && !can_follow(state, GOV_TOKEN_PREFIX))
            continue;
        if (gov_find_sign(lists[i].signs, text) != GOV_NO_SYMBOL) {
            token->kind = lists[i].kind;
            return NULL;
        }
    }
    return rt_errorf("Invalid token: '%S'", text);
}

/* Between brackets a parameter's name, between quotes a string. */
static struct rt_error *read_enclosed(struct stream *s, bool bracket, struct gov_token *token)
{
    bool completed;
    rt_str text =
            read_until_false(s, false, bracket ? is_not_closing_bracket : is_not_quote, &completed);
    token->kind = bracket ? GOV_TOKEN_VARIABLE : GOV_TOKEN_STRING;
    token->value = gov_string(text);
    if (!completed)
        return rt_errorf("%s", bracket ? "Unclosed parameter bracket" : "Unclosed string literal");
    s->position++;
    return NULL;
}

static void take_sign(enum gov_token_kind kind, uint32_t c, struct gov_token *token)
{
    token->kind = kind;
    token->value = (struct gov_value){ .kind = GOV_RUNE, .integer = c };
    if (kind == GOV_TOKEN_SEPARATOR)
        token->value = gov_string(RT_STR(","));
}

/* readToken: of kind UNKNOWN at the end. */
static struct rt_error *next_token(struct stream *s, enum gov_token_kind state,
        const struct gov_named_function *functions, struct gov_token *token)
{
    *token = (struct gov_token){ 0 };
    uint32_t c = ' ';
    while (is_space(c)) {
        if (!can_read(s))
            return NULL;
        c = read_character(s);
    }
    if (is_numeric(c))
        return read_number(s, token);
    if (c == '[' || !is_not_quote(c))
        return read_enclosed(s, c == '[', token);
    if (is_letter(c))
        read_word(s, functions, token);
    else if (c == ',')
        take_sign(GOV_TOKEN_SEPARATOR, c, token);
    else if (c == '(' || c == ')')
        take_sign(c == '(' ? GOV_TOKEN_CLAUSE : GOV_TOKEN_CLAUSE_CLOSE, c, token);
    else
        return read_symbol(s, state, token);
    return NULL;
}

struct rt_error *gov_parse(rt_str text, const struct gov_named_function *functions,
        struct gov_token **tokens, size_t *count)
{
    struct stream s = stream_of(text);
    enum gov_token_kind state = GOV_TOKEN_UNKNOWN;
    *tokens = rt_new_array(struct gov_token, s.length + 1);
    *count = 0;
    while (can_read(&s)) {
        struct gov_token token;
        struct rt_error *err = next_token(&s, state, functions, &token);
        if (err)
            return err;
        if (token.kind == GOV_TOKEN_UNKNOWN)
            break;
        state = token.kind;
        (*tokens)[(*count)++] = token;
    }
    struct rt_error *err = check_balance(*tokens, *count);
    return err ? err : check_syntax(*tokens, *count);
}
