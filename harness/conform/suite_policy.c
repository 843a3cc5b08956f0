/* policy.jsonl: signature policies, compiled and evaluated over signed data. */
#include "harness/conform/conform.h"
#include "model/policy/cauthdsl.h"
#include "model/rt/arena.h"
#include "model/rt/rt.h"

static bool policy_claims(const char *file, const json_t *vector)
{
    return conform_named(file, vector, "policy");
}

/* A manager over the MSPs of the world, as a channel of today's capabilities has it. */
static void *policy_open(const struct conform_env *env, rt_str *error)
{
    const struct world *world = env->world;
    const struct msp **msps = rt_new_array(const struct msp *, world->msp_count);
    for (size_t i = 0; i < world->msp_count; i++) {
        const struct world_msp *from = &world->msps[i];
        struct msp_config config = { .name = from->mspid,
            .root_certs = &from->ca_pem,
            .root_cert_count = 1,
            .admins = &from->admin_pem,
            .admin_count = from->admin_pem.data ? 1 : 0,
            .now_ms = world->now_ms };
        struct msp *msp;
        struct rt_error *err = msp_new(MSP_V1_3, &config, &msp);
        if (err) {
            *error = rt_sprintf("MSP %S: %v", from->mspid, err);
            return NULL;
        }
        msps[i] = msp;
    }
    return msp_manager_new(msps, world->msp_count);
}

struct question {
    const struct identity_deserializer *deserializer;
    rt_bytes policy;
    const struct signed_data *set;
    size_t count;
    struct rt_error *new_err, *eval_err;
};

/* In a function of its own, since it may panic. */
static void answer(void *arg)
{
    struct question *q = arg;
    const struct policy *policy;
    q->new_err = cauthdsl_new_policy(q->deserializer, q->policy, &policy, NULL);
    if (!q->new_err)
        q->eval_err = policy->evaluate(policy->self, q->set, q->count);
}

static json_t *error_text(const struct rt_error *err)
{
    return err ? conform_text(err->text) : json_null();
}

static void policy_run(void *state, const json_t *vector, struct conform_outcome *out)
{
    const json_t *signers = json_object_get(vector, "signers");
    size_t count = json_array_size(signers);
    struct signed_data *set = rt_new_array(struct signed_data, count);
    rt_bytes data = conform_get_hex(vector, "data");
    for (size_t i = 0; i < count; i++) {
        const json_t *signer = json_array_get(signers, i);
        set[i].data = data;
        set[i].identity = conform_get_hex(signer, "identity");
        set[i].signature = conform_get_hex(signer, "signature");
    }
    struct question q = { .deserializer = msp_manager_deserializer(state),
        .policy = conform_get_hex(vector, "policy"),
        .set = set,
        .count = count };
    rt_str panic;
    bool panicked = rt_recover(answer, &q, &panic);
    out->expected = conform_pick(vector, "new_err", "eval_err", "panic", NULL);
    out->actual = json_object();
    if (panicked) {
        (void)json_object_set_new(out->actual, "panic", conform_text(panic));
        return;
    }
    (void)json_object_set_new(out->actual, "new_err", error_text(q.new_err));
    (void)json_object_set_new(out->actual, "eval_err", error_text(q.eval_err));
}

static const struct json_field signer_fields[] = {
    CONFORM_MAY("as", &json_spec_text, "What it is."),
    CONFORM_MUST("identity", &json_spec_hex, "A serialized identity."),
    CONFORM_MUST("signature", &json_spec_hex, "Its signature."),
    { 0 },
};
static const struct json_spec signer_spec = { .kind = JSON_SPEC_OBJECT, .fields = signer_fields };
static const struct json_spec signers_spec = { .kind = JSON_SPEC_ARRAY, .element = &signer_spec };
static const struct json_field fields[] = {
    CONFORM_HEAD,
    CONFORM_MUST("policy", &json_spec_hex, "A marshalled SignaturePolicyEnvelope."),
    CONFORM_MUST("data", &json_spec_hex, "What was signed."),
    CONFORM_MUST("signers", &signers_spec, "Who signed it."),
    CONFORM_NULL("new_err", &json_spec_text, "The error of compiling the policy."),
    CONFORM_NULL("eval_err", &json_spec_text, "The error of evaluating it."),
    CONFORM_MAY("panic", &json_spec_text, "The panic of either."),
    { 0 },
};
static const struct json_spec vector_spec = {
    .kind = JSON_SPEC_OBJECT,
    .fields = fields,
};

const struct conform_suite conform_suite_policy = {
    .name = "policy",
    .summary = "signature policies: what compiles, and which signatures satisfy them",
    .vector = &vector_spec,
    .world = "world.json",
    .claims = policy_claims,
    .open = policy_open,
    .run = policy_run,
};
