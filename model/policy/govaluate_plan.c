/* From tokens to stages; follows govaluate's stagePlanner.go and tokenStream.go. */
#include "model/policy/govaluate_internal.h"
#include "model/rt/arena.h"
#include "model/rt/rt.h"

/* ---- the stream of tokens ---- */

struct tokens {
    const struct gov_token *items;
    size_t count;
    ptrdiff_t index;
    struct rt_error *err; /* ends the stream */
};

static bool has_next(const struct tokens *t)
{
    return !t->err && t->index < (ptrdiff_t)t->count;
}

static const struct gov_token *next(struct tokens *t)
{
    static const struct gov_token closed = { .kind = GOV_TOKEN_CLAUSE_CLOSE };
    if (t->err)
        return &closed;
    if (t->index < 0)
        rt_panicf("runtime error: index out of range [%ld]", (long)t->index);
    if (!has_next(t))
        rt_panicf("runtime error: index out of range [%ld] with length %zu", (long)t->index,
                t->count);
    return &t->items[t->index++];
}

/* ---- levels of precedence ---- */

static const struct gov_sign ands[] = { { "&&", GOV_AND }, { 0 } };
static const struct gov_sign ors[] = { { "||", GOV_OR }, { 0 } };
static const struct gov_sign bitwise[] = { { "^", GOV_BITWISE_XOR }, { "&", GOV_BITWISE_AND },
    { "|", GOV_BITWISE_OR }, { 0 } };
static const struct gov_sign shifts[] = { { ">>", GOV_BITWISE_RSHIFT },
    { "<<", GOV_BITWISE_LSHIFT }, { 0 } };
static const struct gov_sign additive[] = { { "+", GOV_PLUS }, { "-", GOV_MINUS }, { 0 } };
static const struct gov_sign multiplicative[] = { { "*", GOV_MULTIPLY }, { "/", GOV_DIVIDE },
    { "%", GOV_MODULUS }, { 0 } };
static const struct gov_sign exponential[] = { { "**", GOV_EXPONENT }, { 0 } };
static const struct gov_sign separators[] = { { ",", GOV_SEPARATE }, { 0 } };

/* precedencePlanner, from the loosest to the tightest. */
static const struct level {
    const struct gov_sign *signs;
    enum gov_token_kind kind;
    enum gov_complaint complaint;
} levels[] = {
    { separators, GOV_TOKEN_SEPARATOR, GOV_NO_COMPLAINT },
    { gov_ternaries, GOV_TOKEN_TERNARY, GOV_NO_TERNARY_BOOL },
    { ors, GOV_TOKEN_LOGICALOP, GOV_NO_BOOL },
    { ands, GOV_TOKEN_LOGICALOP, GOV_NO_BOOL },
    { gov_comparators, GOV_TOKEN_COMPARATOR, GOV_NO_COMPARISON },
    { bitwise, GOV_TOKEN_MODIFIER, GOV_NO_NUMBER },
    { shifts, GOV_TOKEN_MODIFIER, GOV_NO_NUMBER },
    { additive, GOV_TOKEN_MODIFIER, GOV_NO_NUMBER },
    { multiplicative, GOV_TOKEN_MODIFIER, GOV_NO_NUMBER },
    { exponential, GOV_TOKEN_MODIFIER, GOV_NO_NUMBER },
};
enum { LEVELS = sizeof levels / sizeof *levels };
static const struct level prefix_level = { gov_prefixes, GOV_TOKEN_PREFIX, GOV_NO_PREFIX };

static struct gov_stage *plan_function(struct tokens *t);

static struct gov_stage *new_stage(enum gov_symbol symbol, struct gov_stage *left,
        struct gov_stage *right, enum gov_complaint complaint)
{
    struct gov_stage *stage = rt_new(struct gov_stage);
    *stage = (struct gov_stage){ symbol, left, right, { 0 }, complaint };
    return stage;
}

/* Whether the next token is one of the level's operators; it is taken in any case. */
static bool take_operator(struct tokens *t, const struct level *level, enum gov_symbol *symbol)
{
    const struct gov_token *token = next(t);
    if (token->kind != level->kind)
        return false;
    *symbol = gov_find_sign(level->signs, token->value.text);
    return *symbol != GOV_NO_SYMBOL;
}

/* planPrecedenceLevel. It steps back even if it took nothing, so the last token is read again. */
static struct gov_stage *plan_level(struct tokens *t, size_t level)
{
    if (level == LEVELS)
        return plan_function(t);
    struct gov_stage *left = plan_level(t, level + 1);
    enum gov_symbol symbol;
    if (has_next(t) && take_operator(t, &levels[level], &symbol))
        return new_stage(symbol, left, plan_level(t, level), levels[level].complaint);
    t->index--;
    return left;
}

static struct gov_stage *plan_prefix(struct tokens *t)
{
    enum gov_symbol symbol;
    if (has_next(t) && take_operator(t, &prefix_level, &symbol))
        return new_stage(symbol, NULL, plan_function(t), prefix_level.complaint);
    t->index--;
    return NULL;
}

/* planTokens. */
static struct gov_stage *plan_tokens(struct tokens *t)
{
    return has_next(t) ? plan_level(t, 0) : NULL;
}

static struct gov_stage *plan_leaf(enum gov_symbol symbol, const struct gov_value *value)
{
    struct gov_stage *stage = new_stage(symbol, NULL, NULL, GOV_NO_COMPLAINT);
    stage->value = *value;
    return stage;
}

/* planValue. */
static struct gov_stage *plan_value(struct tokens *t)
{
    const struct gov_token *token = next(t);
    struct gov_stage *stage = NULL;
    switch (token->kind) {
    case GOV_TOKEN_CLAUSE:
        stage = plan_tokens(t);
        next(t);
        return new_stage(GOV_NOOP, NULL, stage, GOV_NO_COMPLAINT);
    case GOV_TOKEN_CLAUSE_CLOSE:
        t->index--;
        return NULL;
    case GOV_TOKEN_VARIABLE:
        return plan_leaf(GOV_VALUE, &token->value);
    case GOV_TOKEN_PREFIX:
        t->index--;
        return plan_prefix(t);
    case GOV_TOKEN_NUMERIC:
    case GOV_TOKEN_STRING:
    case GOV_TOKEN_BOOLEAN:
        return plan_leaf(GOV_LITERAL, &token->value);
    default:
        t->err = rt_errorf("Unable to plan token kind: '%s', value: '%S'",
                gov_token_kind_name(token->kind), gov_print(&token->value));
        return NULL;
    }
}

static struct gov_stage *plan_function(struct tokens *t)
{
    const struct gov_token *token = next(t);
    if (token->kind != GOV_TOKEN_FUNCTION) {
        t->index--;
        return plan_value(t);
    }
    struct gov_stage *stage = new_stage(GOV_FUNCTIONAL, NULL, plan_value(t), GOV_NO_COMPLAINT);
    stage->value = token->value;
    return stage;
}

/* ---- the order of operators that are of one precedence ---- */

enum precedence {
    PRECEDENCE_NOOP,
    PRECEDENCE_VALUE,
    PRECEDENCE_FUNCTIONAL,
    PRECEDENCE_PREFIX,
    PRECEDENCE_EXPONENTIAL,
    PRECEDENCE_ADDITIVE,
    PRECEDENCE_BITWISE,
    PRECEDENCE_SHIFT,
    PRECEDENCE_MULTIPLICATIVE,
    PRECEDENCE_COMPARATOR,
    PRECEDENCE_TERNARY,
    PRECEDENCE_LOGICAL_AND,
    PRECEDENCE_LOGICAL_OR,
    PRECEDENCE_SEPARATE,
};

static enum precedence precedence_of(enum gov_symbol symbol)
{
    static const enum precedence all[] = {
#define GOV_PRECEDENCE(name, text, precedence) PRECEDENCE_##precedence,
        GOV_SYMBOLS(GOV_PRECEDENCE)
#undef GOV_PRECEDENCE
    };
    return all[symbol];
}

/* All but what hangs below. */
static void swap_contents(struct gov_stage *a, struct gov_stage *b)
{
    struct gov_stage kept = *a;
    struct gov_stage *left = b->left, *right = b->right;
    *a = *b;
    a->left = kept.left;
    a->right = kept.right;
    *b = kept;
    b->left = left;
    b->right = right;
}

static void swap_stages(struct gov_stage **a, struct gov_stage **b)
{
    struct gov_stage *kept = *a;
    *a = *b;
    *b = kept;
}

/* mirrorStageSubtree. */
static void mirror_subtree(struct gov_stage **stages, size_t count)
{
    for (size_t i = 0; i < count; i++)
        swap_stages(&stages[i]->left, &stages[i]->right);
    swap_stages(&stages[count - 1]->left, &stages[0]->right);
    for (size_t i = 0; i < (count - 2) / 2 + 1; i++)
        swap_stages(&stages[i + 1]->right, &stages[count - i - 1]->right);
    for (size_t i = 0; i < count / 2; i++)
        swap_contents(stages[i], stages[count - i - 1]);
}

/* reorderStages. */
static void reorder(struct gov_stage *root)
{
    struct gov_stage **alike = NULL;
    size_t count = 0, cap = 0;
    enum precedence precedence = precedence_of(RT_DEREF(root)->symbol);
    for (struct gov_stage *current = root, *below; current; current = below) {
        below = current->right;
        if (current->left)
            reorder(current->left);
        enum precedence now = precedence_of(current->symbol);
        if (now != precedence) {
            if (count > 1)
                mirror_subtree(alike, count);
            count = 0;
            precedence = now;
        }
        rt_reserve(alike, cap, count + 1);
        alike[count++] = current;
    }
    if (count > 1)
        mirror_subtree(alike, count);
}

/* ---- literals ---- */

/* elideStage: what is made of literals only is one. */
static struct gov_stage *elide_stage(struct gov_stage *stage)
{
    const struct gov_stage *left = stage->left, *right = stage->right;
    if (!right || right->symbol != GOV_LITERAL || !left || left->symbol != GOV_LITERAL)
        return stage;
    if (stage->symbol == GOV_SEPARATE || stage->symbol == GOV_IN)
        return stage;
    struct gov_value result;
    if (gov_check_types(stage, &left->value, &right->value) ||
            gov_operate(stage, &left->value, &right->value, NULL, NULL, &result))
        return stage;
    return plan_leaf(GOV_LITERAL, &result);
}

/* elideLiterals. */
static struct gov_stage *elide(struct gov_stage *root)
{
    if (root->left)
        root->left = elide(root->left);
    if (root->right)
        root->right = elide(root->right);
    return elide_stage(root);
}

/* ---- what is not modelled ---- */

/* Stages are planned and evaluated recursively, here on a stack of a few MiB; Go's has a GiB. */
enum { MOST_TOKENS = 8192, MOST_CLAUSES = 256 };

static void stop_at_unmodelled(const struct gov_token *tokens, size_t count)
{
    size_t open = 0;
    if (count > MOST_TOKENS)
        rt_panicf(GOV_UNMODELLED "policies of more than %d words and signs", MOST_TOKENS);
    for (size_t i = 0; i < count; i++) {
        enum gov_symbol symbol = tokens[i].kind == GOV_TOKEN_COMPARATOR
                                         ? gov_find_sign(gov_comparators, tokens[i].value.text)
                                         : GOV_NO_SYMBOL;
        if (symbol == GOV_REQ || symbol == GOV_NREQ)
            rt_panicf(GOV_UNMODELLED "regular expressions in policies");
        open += tokens[i].kind == GOV_TOKEN_CLAUSE;
        open -= open && tokens[i].kind == GOV_TOKEN_CLAUSE_CLOSE;
        if (open > MOST_CLAUSES)
            rt_panicf(GOV_UNMODELLED "more than %d parentheses in each other in policies",
                    MOST_CLAUSES);
    }
}

struct rt_error *gov_plan(const struct gov_token *tokens, size_t count, struct gov_stage **out)
{
    stop_at_unmodelled(tokens, count);
    struct tokens t = { tokens, count, 0, NULL };
    struct gov_stage *stage = plan_tokens(&t);
    if (t.err)
        return t.err;
    reorder(stage);
    *out = elide(stage);
    return NULL;
}
