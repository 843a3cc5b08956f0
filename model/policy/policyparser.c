/* Follows common/cauthdsl/policyparser.go. */
#include "model/policy/policyparser.h"

#include "model/policy/cauthdsl.h"
#include "model/policy/govaluate.h"
#include "model/rt/arena.h"
#include "model/wire/wire.h"

#include "proto/msp_principal.pb-c.h"

/* ---- principals: ORG.ROLE ---- */

static bool org_character(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
           c == '-';
}

/* The submatches of Fabric's regular expression. */
static bool match_principal(rt_str text, rt_str *org, Common__MSPRole__MSPRoleType *role)
{
    static const struct {
        const char *name;
        Common__MSPRole__MSPRoleType role;
    } roles[] = { { ".admin", COMMON__MSPROLE__MSPROLE_TYPE__ADMIN },
        { ".member", COMMON__MSPROLE__MSPROLE_TYPE__MEMBER },
        { ".client", COMMON__MSPROLE__MSPROLE_TYPE__CLIENT },
        { ".peer", COMMON__MSPROLE__MSPROLE_TYPE__PEER } };
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
        rt_str suffix = rt_str_from(roles[i].name);
        if (!rt_str_has_suffix(text, suffix) || text.len == suffix.len)
            continue;
        *org = rt_str_slice(text, 0, text.len - suffix.len);
        *role = roles[i].role;
        for (size_t k = 0; k < org->len; k++)
            if (!org_character(org->data[k]))
                return false;
        return true;
    }
    return false;
}

/* ---- the first two passes: gates become outof(), with a first argument ID ---- */

static void put_text(struct rt_buf *buf, rt_str text)
{
    rt_str org;
    Common__MSPRole__MSPRoleType role;
    if (match_principal(text, &org, &role))
        rt_buf_printf(buf, ", '%S'", text);
    else
        rt_buf_printf(buf, ", %S", text);
}

static struct rt_error *unexpected_type(const struct gov_value *value)
{
    return rt_errorf("Unexpected type %S", gov_type(value));
}

static struct rt_error *outof(const struct gov_value *args, size_t count, struct gov_value *result)
{
    struct rt_buf buf = { 0 };
    if (count < 2)
        return rt_errorf("Expected at least two arguments to NOutOf. Given %zu", count);
    rt_buf_putz(&buf, "outof(");
    if (args[0].kind == GOV_NUMBER)
        rt_buf_printf(&buf, "%lld", (long long)gov_int(args[0].number));
    else if (args[0].kind == GOV_INT || args[0].kind == GOV_STRING)
        rt_buf_put_str(&buf, gov_print(&args[0]));
    else
        return unexpected_type(&args[0]);
    for (size_t i = 1; i < count; i++) {
        if (args[i].kind != GOV_STRING)
            return unexpected_type(&args[i]);
        put_text(&buf, args[i].text);
    }
    rt_buf_putz(&buf, ")");
    *result = gov_string(rt_buf_str(&buf));
    return NULL;
}

static struct rt_error *outof_with(
        size_t n, const struct gov_value *args, size_t count, struct gov_value *result)
{
    struct gov_value *all = rt_new_array(struct gov_value, count + 1);
    all[0] = (struct gov_value){ .kind = GOV_INT, .integer = (int64_t)n };
    for (size_t i = 0; i < count; i++)
        all[i + 1] = args[i];
    return outof(all, count + 1, result);
}

static struct rt_error *and_gate(
        const struct gov_value *args, size_t count, struct gov_value *result)
{
    return outof_with(count, args, count, result);
}

static struct rt_error *or_gate(
        const struct gov_value *args, size_t count, struct gov_value *result)
{
    return outof_with(1, args, count, result);
}

static struct rt_error *first_pass(
        const struct gov_value *args, size_t count, struct gov_value *result)
{
    struct rt_buf buf = { 0 };
    rt_buf_putz(&buf, "outof(ID");
    for (size_t i = 0; i < count; i++) {
        if (args[i].kind == GOV_STRING)
            put_text(&buf, args[i].text);
        else if (args[i].kind == GOV_NUMBER)
            rt_buf_printf(&buf, ", %lld", (long long)gov_int(args[i].number));
        else
            return unexpected_type(&args[i]);
    }
    rt_buf_putz(&buf, ")");
    *result = gov_string(rt_buf_str(&buf));
    return NULL;
}

/* ---- the third pass: outof() becomes a SignaturePolicy ---- */

/* context: the identities that the policy asks for. */
struct context {
    Common__MSPPrincipal **principals;
    size_t count;
    size_t cap;
};
static const rt_str context_type = RT_STR_INIT("*cauthdsl.context");
static const rt_str policy_type = RT_STR_INIT("*common.SignaturePolicy");

static bool is_pointer(const struct gov_value *value, rt_str type)
{
    return value->kind == GOV_POINTER && rt_str_eq(value->text, type);
}

static Common__SignaturePolicy *add_principal(
        struct context *ctx, rt_str org, Common__MSPRole__MSPRoleType role)
{
    Common__MSPRole *msp_role = WIRE_NEW(common__msprole);
    msp_role->msp_identifier = org;
    msp_role->role = role;
    Common__MSPPrincipal *principal = WIRE_NEW(common__mspprincipal);
    principal->principal_classification = COMMON__MSPPRINCIPAL__CLASSIFICATION__ROLE;
    principal->principal = WIRE_MARSHAL_OR_PANIC(msp_role);
    rt_reserve(ctx->principals, ctx->cap, ctx->count + 1);
    ctx->principals[ctx->count] = principal;
    return cauthdsl_signed_by((int32_t)ctx->count++);
}

static struct rt_error *rule_of(
        struct context *ctx, const struct gov_value *arg, Common__SignaturePolicy **rule)
{
    rt_str org;
    Common__MSPRole__MSPRoleType role;
    if (is_pointer(arg, policy_type)) {
        *rule = arg->pointer;
        return NULL;
    }
    if (arg->kind != GOV_STRING)
        return rt_errorf(
                "Unrecognized type, expected a principal or a policy, got %S", gov_type(arg));
    if (!match_principal(arg->text, &org, &role))
        return rt_errorf("Error parsing principal %S", arg->text);
    *rule = add_principal(ctx, org, role);
    return NULL;
}

static struct rt_error *second_pass(
        const struct gov_value *args, size_t count, struct gov_value *result)
{
    if (count < 3)
        return rt_errorf("At least 3 arguments expected, got %zu", count);
    if (!is_pointer(&args[0], context_type))
        return rt_errorf("Unrecognized type, expected the context, got %S", gov_type(&args[0]));
    if (args[1].kind != GOV_NUMBER)
        return rt_errorf("Unrecognized type, expected a number, got %S", gov_type(&args[1]));
    int64_t t = gov_int(args[1].number);
    size_t n = count - 2;
    if (t < 0 || t > (int64_t)n + 1)
        return rt_errorf("Invalid t-out-of-n predicate, t %lld, n %zu", (long long)t, n);
    Common__SignaturePolicy **rules = rt_new_array(Common__SignaturePolicy *, n);
    for (size_t i = 0; i < n; i++) {
        struct rt_error *err = rule_of(args[0].pointer, &args[i + 2], &rules[i]);
        if (err)
            return err;
    }
    *result = (struct gov_value){ .kind = GOV_POINTER, .text = policy_type };
    result->pointer = cauthdsl_n_out_of((int32_t)t, rules, n);
    return NULL;
}

/* ---- the whole ---- */

/* "No parameter 'x' found." as the command says it. */
static struct rt_error *meaningful(struct rt_error *err)
{
    static const rt_str before = RT_STR_INIT("No parameter '"), after = RT_STR_INIT("' found.");
    if (!rt_str_has_prefix(err->text, before) || !rt_str_has_suffix(err->text, after) ||
            err->text.len <= before.len + after.len)
        return err;
    rt_str token = rt_str_slice(err->text, before.len, err->text.len - after.len);
    if (rt_str_contains(token, RT_STR("'")))
        return err;
    return rt_errorf("unrecognized token '%S' in policy string", token);
}

static struct rt_error *run_pass(rt_str text, const struct gov_named_function *functions,
        const char *name, const struct gov_value *parameter, struct gov_value *result)
{
    struct gov_expression *expression;
    struct rt_error *err = gov_expression_new(text, functions, &expression);
    if (err)
        return err;
    err = gov_evaluate(expression, name, parameter, result);
    return err ? meaningful(err) : NULL;
}

struct rt_error *cauthdsl_from_string(rt_str policy, Common__SignaturePolicyEnvelope **envelope)
{
    static const struct gov_named_function gates[] = { { "And", and_gate }, { "and", and_gate },
        { "AND", and_gate }, { "Or", or_gate }, { "or", or_gate }, { "OR", or_gate },
        { "OutOf", outof }, { "outof", outof }, { "OUTOF", outof }, { 0 } };
    static const struct gov_named_function first[] = { { "outof", first_pass }, { 0 } };
    static const struct gov_named_function second[] = { { "outof", second_pass }, { 0 } };
    struct gov_value result = { 0 };
    struct rt_error *err = run_pass(policy, gates, NULL, NULL, &result);
    if (!err && result.kind == GOV_STRING)
        err = run_pass(result.text, first, NULL, NULL, &result);
    if (err)
        return err;
    if (result.kind != GOV_STRING)
        return rt_errorf("invalid policy string '%S'", policy);

    struct context ctx = { 0 };
    const struct gov_value id = { .kind = GOV_POINTER, .text = context_type, .pointer = &ctx };
    err = run_pass(result.text, second, "ID", &id, &result);
    if (err)
        return err;
    if (!is_pointer(&result, policy_type))
        return rt_errorf("invalid policy string '%S'", policy);
    *envelope = WIRE_NEW(common__signature_policy_envelope);
    (*envelope)->identities = ctx.principals;
    (*envelope)->n_identities = ctx.count;
    (*envelope)->rule = result.pointer;
    return NULL;
}
