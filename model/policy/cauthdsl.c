/* Follows common/cauthdsl/{policy,cauthdsl}.go.
 *
 * A policy is compiled into a flat list of nodes in the order in which they are evaluated, and
 * evaluated with a stack of gates of its own, so that its depth costs no C stack. A signer's
 * identity is read once an evaluation: Fabric asks the deserializer again at each leaf, which gives
 * the same. */
#include "model/policy/cauthdsl.h"

#include "model/rt/rt.h"
#include "model/rt/trace.h"
#include "model/wire/wire.h"

/* A leaf (SignedBy) or a gate (NOutOf) with its rules right behind it. */
struct node {
    const Common__MSPPrincipal *principal; /* of a leaf; NULL for a gate */
    int32_t n;                             /* of a gate */
    size_t rules;                          /* of a gate */
};

struct signature_policy {
    struct policy base;
    const struct identity_deserializer *deserializer;
    struct node *nodes;
    size_t count;
};

struct signer {
    const struct signed_data *signed_data;
    const struct msp_identity *identity;
};

/* ---- compiling ---- */

struct compiler {
    const Common__SignaturePolicyEnvelope *envelope;
    const Common__SignaturePolicy **todo; /* a stack: what is to be compiled next is on top */
    size_t todo_count, todo_cap;
    struct node *nodes;
    size_t count, cap;
};

static void push_todo(struct compiler *c, const Common__SignaturePolicy *rule)
{
    rt_reserve(c->todo, c->todo_cap, c->todo_count + 1);
    c->todo[c->todo_count++] = rule;
}

static struct node *add_node(struct compiler *c)
{
    rt_reserve(c->nodes, c->cap, c->count + 1);
    return &c->nodes[c->count++];
}

static struct rt_error *compile_rule(struct compiler *c, const Common__SignaturePolicy *rule)
{
    if (!rule)
        return rt_errorf("Empty policy element");
    switch (rule->type_case) {
    case COMMON__SIGNATURE_POLICY__TYPE_N_OUT_OF: {
        const Common__SignaturePolicy__NOutOf *gate = RT_DEREF(rule->n_out_of);
        *add_node(c) = (struct node){ .n = gate->n, .rules = gate->n_rules };
        for (size_t i = gate->n_rules; i-- > 0;)
            push_todo(c, gate->rules[i]);
        return NULL;
    }
    case COMMON__SIGNATURE_POLICY__TYPE_SIGNED_BY: {
        size_t identities = c->envelope->n_identities;
        if (rule->signed_by < 0 || (size_t)rule->signed_by >= identities)
            return rt_errorf(
                    "identity index out of range, requested %d, but identities length is %zu",
                    rule->signed_by, identities);
        *add_node(c) = (struct node){ .principal = c->envelope->identities[rule->signed_by] };
        return NULL;
    }
    default:
        return rt_errorf("Unknown type: <nil>:<nil>");
    }
}

/* ---- evaluating ---- */

static struct signer *deduplicate(const struct signature_policy *policy,
        const struct signed_data *set, size_t set_count, size_t *count)
{
    struct signer *signers = rt_new_array(struct signer, set_count);
    size_t kept = 0;
    for (size_t i = 0; i < set_count; i++) {
        const struct msp_identity *identity;
        struct rt_error *err = policy->deserializer->deserialize_identity(
                policy->deserializer->self, set[i].identity, &identity);
        if (err) {
            rt_note("Principal deserialization failure (%v) for identity %zu", err, i);
            continue;
        }
        size_t j = 0;
        while (j < kept &&
                !(rt_str_eq(signers[j].identity->identifier.mspid, identity->identifier.mspid) &&
                        rt_str_eq(signers[j].identity->identifier.id, identity->identifier.id)))
            j++;
        if (j < kept)
            rt_note("De-duplicating identity [%S%S] at index %zu in signature set",
                    identity->identifier.mspid, identity->identifier.id, i);
        else
            signers[kept++] = (struct signer){ &set[i], identity };
    }
    *count = kept;
    return signers;
}

/* The first unused signer that is the principal and whose signature holds is used up. */
static bool evaluate_leaf(const Common__MSPPrincipal *principal, const struct signer *signers,
        size_t count, bool *used)
{
    for (size_t i = 0; i < count; i++) {
        if (used[i])
            continue;
        const struct msp_identity *identity = signers[i].identity;
        if (identity->satisfies_principal(identity->self, principal))
            continue;
        const struct signed_data *data = signers[i].signed_data;
        if (identity->verify(identity->self, data->data, data->signature))
            continue;
        used[i] = true;
        return true;
    }
    return false;
}

/* A gate under evaluation: its rules work on `scratch`, which becomes `used` with each that
 * holds. */
struct gate {
    const struct node *node;
    size_t left;
    int32_t verified;
    bool *used;
    bool *scratch;
};

struct gate_stack {
    struct gate *gates;
    size_t depth, cap;
    size_t signers;
};

static void enter_gate(struct gate_stack *stack, const struct node *node, bool *used)
{
    rt_reserve(stack->gates, stack->cap, stack->depth + 1);
    struct gate *gate = &stack->gates[stack->depth++];
    bool *scratch = gate->scratch ? gate->scratch : rt_new_array(bool, stack->signers + 1);
    *gate = (struct gate){ node, node->rules, 0, used, scratch };
}

static bool evaluate_nodes(
        const struct signature_policy *policy, const struct signer *signers, size_t count)
{
    struct gate_stack stack = { .signers = count };
    bool *used = rt_new_array(bool, count + 1);
    bool result = false;
    for (size_t next = 0; next < policy->count;) {
        const struct node *node = &policy->nodes[next++];
        if (stack.depth > 0) {
            struct gate *gate = &stack.gates[stack.depth - 1];
            memcpy(gate->scratch, gate->used, count);
            used = gate->scratch;
        }
        if (!node->principal) {
            enter_gate(&stack, node, used);
        } else {
            result = evaluate_leaf(node->principal, signers, count, used);
            if (stack.depth == 0)
                return result;
            struct gate *gate = &stack.gates[stack.depth - 1];
            gate->left--;
            if (result) {
                gate->verified++;
                memcpy(gate->used, gate->scratch, count);
            }
        }
        /* Gates without rules left are done, and may complete the gates above them. */
        while (stack.depth > 0 && stack.gates[stack.depth - 1].left == 0) {
            const struct gate *done = &stack.gates[--stack.depth];
            result = done->verified >= done->node->n;
            if (stack.depth == 0)
                return result;
            struct gate *above = &stack.gates[stack.depth - 1];
            above->left--;
            if (result) {
                above->verified++;
                memcpy(above->used, above->scratch, count);
            }
        }
    }
    return result;
}

static struct rt_error *signature_policy_evaluate(
        void *self, const struct signed_data *set, size_t set_count)
{
    const struct signature_policy *policy = self;
    size_t count;
    struct signer *signers = deduplicate(policy, set, set_count, &count);
    if (!evaluate_nodes(policy, signers, count))
        return rt_errorf("signature set did not satisfy policy");
    return NULL;
}

/* ---- making ---- */

struct rt_error *cauthdsl_new_policy_from_envelope(const struct identity_deserializer *deserializer,
        const Common__SignaturePolicyEnvelope *envelope, const struct policy **out)
{
    *out = NULL;
    if (!envelope)
        return rt_errorf("invalid arguments");
    struct compiler c = { .envelope = envelope };
    push_todo(&c, envelope->rule);
    while (c.todo_count > 0) {
        struct rt_error *err = compile_rule(&c, c.todo[--c.todo_count]);
        if (err)
            return err;
    }
    struct signature_policy *policy = rt_new(struct signature_policy);
    policy->base.self = policy;
    policy->base.evaluate = signature_policy_evaluate;
    policy->deserializer = deserializer;
    policy->nodes = c.nodes;
    policy->count = c.count;
    *out = &policy->base;
    return NULL;
}

struct rt_error *cauthdsl_new_policy(const struct identity_deserializer *deserializer,
        rt_bytes data, const struct policy **out, Common__SignaturePolicyEnvelope **envelope)
{
    *out = NULL;
    if (envelope)
        *envelope = NULL;
    Common__SignaturePolicyEnvelope *decoded;
    struct rt_error *err = WIRE_UNMARSHAL(common__signature_policy_envelope, data, &decoded);
    if (err)
        return rt_errorf("Error unmarshaling to SignaturePolicy: %v", err);
    if (decoded->version != 0)
        return rt_errorf(
                "This evaluator only understands messages of version 0, but version was %d",
                decoded->version);
    err = cauthdsl_new_policy_from_envelope(deserializer, decoded, out);
    if (!err && envelope)
        *envelope = decoded;
    return err;
}
