/* What the files of govaluate share: tokens, operators, stages. */
#ifndef CCLAB_MODEL_POLICY_GOVALUATE_INTERNAL_H
#define CCLAB_MODEL_POLICY_GOVALUATE_INTERNAL_H

#include "model/policy/govaluate.h"

/* TokenKind. */
#define GOV_TOKEN_KINDS(X)                                                                         \
    X(UNKNOWN, "UNKNOWN")                                                                          \
    X(PREFIX, "PREFIX")                                                                            \
    X(NUMERIC, "NUMERIC")                                                                          \
    X(BOOLEAN, "BOOLEAN")                                                                          \
    X(STRING, "STRING")                                                                            \
    X(VARIABLE, "VARIABLE")                                                                        \
    X(FUNCTION, "FUNCTION")                                                                        \
    X(SEPARATOR, "SEPARATOR")                                                                      \
    X(COMPARATOR, "COMPARATOR")                                                                    \
    X(LOGICALOP, "LOGICALOP")                                                                      \
    X(MODIFIER, "MODIFIER")                                                                        \
    X(CLAUSE, "CLAUSE")                                                                            \
    X(CLAUSE_CLOSE, "CLAUSE_CLOSE")                                                                \
    X(TERNARY, "TERNARY")

enum gov_token_kind {
#define GOV_TOKEN_ENUM(name, text) GOV_TOKEN_##name,
    GOV_TOKEN_KINDS(GOV_TOKEN_ENUM)
#undef GOV_TOKEN_ENUM
};

const char *gov_token_kind_name(enum gov_token_kind kind);

struct gov_token {
    enum gov_token_kind kind;
    struct gov_value value;
};

/* OperatorSymbol: name, how it is printed, its precedence (findOperatorPrecedenceForSymbol). */
#define GOV_SYMBOLS(X)                                                                             \
    X(VALUE, "VALUE", VALUE)                                                                       \
    X(LITERAL, "", VALUE)                                                                          \
    X(NOOP, "NOOP", NOOP)                                                                          \
    X(EQ, "=", COMPARATOR)                                                                         \
    X(NEQ, "!=", COMPARATOR)                                                                       \
    X(GT, ">", COMPARATOR)                                                                         \
    X(LT, "<", COMPARATOR)                                                                         \
    X(GTE, ">=", COMPARATOR)                                                                       \
    X(LTE, "<=", COMPARATOR)                                                                       \
    X(REQ, "=~", COMPARATOR)                                                                       \
    X(NREQ, "!~", COMPARATOR)                                                                      \
    X(IN, "in", COMPARATOR)                                                                        \
    X(AND, "&&", LOGICAL_AND)                                                                      \
    X(OR, "||", LOGICAL_OR)                                                                        \
    X(PLUS, "+", ADDITIVE)                                                                         \
    X(MINUS, "-", ADDITIVE)                                                                        \
    X(BITWISE_AND, "&", BITWISE)                                                                   \
    X(BITWISE_OR, "|", BITWISE)                                                                    \
    X(BITWISE_XOR, "^", BITWISE)                                                                   \
    X(BITWISE_LSHIFT, "<<", SHIFT)                                                                 \
    X(BITWISE_RSHIFT, ">>", SHIFT)                                                                 \
    X(MULTIPLY, "*", MULTIPLICATIVE)                                                               \
    X(DIVIDE, "/", MULTIPLICATIVE)                                                                 \
    X(MODULUS, "%", MULTIPLICATIVE)                                                                \
    X(EXPONENT, "**", EXPONENTIAL)                                                                 \
    X(NEGATE, "-", PREFIX)                                                                         \
    X(INVERT, "!", PREFIX)                                                                         \
    X(BITWISE_NOT, "~", PREFIX)                                                                    \
    X(TERNARY_TRUE, "?", TERNARY)                                                                  \
    X(TERNARY_FALSE, ":", TERNARY)                                                                 \
    X(COALESCE, "??", TERNARY)                                                                     \
    X(FUNCTIONAL, "", FUNCTIONAL)                                                                  \
    X(SEPARATE, "", SEPARATE)

enum gov_symbol {
#define GOV_SYMBOL_ENUM(name, text, precedence) GOV_##name,
    GOV_SYMBOLS(GOV_SYMBOL_ENUM)
#undef GOV_SYMBOL_ENUM
            GOV_SYMBOL_COUNT,
    GOV_NO_SYMBOL = GOV_SYMBOL_COUNT,
};

/* A word or sign, and what it stands for. */
struct gov_sign {
    const char *text;
    enum gov_symbol symbol;
};
extern const struct gov_sign gov_comparators[], gov_logicals[], gov_modifiers[], gov_prefixes[],
        gov_ternaries[];
/* GOV_NO_SYMBOL if the list has no such sign. */
enum gov_symbol gov_find_sign(const struct gov_sign *signs, rt_str text);

/* What a stage says of a value of the wrong type. */
enum gov_complaint {
    GOV_NO_COMPLAINT,
    GOV_NO_BOOL,         /* logical operator */
    GOV_NO_NUMBER,       /* modifier */
    GOV_NO_COMPARISON,   /* comparator */
    GOV_NO_TERNARY_BOOL, /* ternary operator */
    GOV_NO_PREFIX,
};

/* evaluationStage; of symbol VALUE a parameter. */
struct gov_stage {
    enum gov_symbol symbol;
    struct gov_stage *left, *right;
    struct gov_value value; /* of a literal; a function; the name of a parameter */
    enum gov_complaint complaint;
};

/* parseTokens and checkExpressionSyntax: the tokens of a text, in an order that may be. */
struct rt_error *gov_parse(rt_str text, const struct gov_named_function *functions,
        struct gov_token **tokens, size_t *count);
/* planStages. */
struct rt_error *gov_plan(const struct gov_token *tokens, size_t count, struct gov_stage **out);
/* Whether the values are of types that the stage's operator takes; the complaint if not. */
struct rt_error *gov_check_types(
        const struct gov_stage *stage, const struct gov_value *left, const struct gov_value *right);
/* The stage's operator. */
struct rt_error *gov_operate(const struct gov_stage *stage, const struct gov_value *left,
        const struct gov_value *right, const char *name, const struct gov_value *parameter,
        struct gov_value *result);

#endif
