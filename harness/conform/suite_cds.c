/* cds.jsonl: chaincode packages, as a deployment spec and as an install package. */
#include "harness/conform/conform.h"
#include "model/ccprovider/package.h"
#include "model/ccprovider/platforms.h"
#include "model/rt/rt.h"

static bool cds_claims(const char *file, const json_t *vector)
{
    return conform_named(file, vector, "cds");
}

/* One reading of the bytes. */
struct reading {
    rt_bytes in;
    json_t *outcome;
};

static void set(struct reading *r, const char *key, json_t *value)
{
    (void)json_object_set_new(r->outcome, key, value);
}

static void read_deployment_spec(void *arg)
{
    struct reading *r = arg;
    Protos__ChaincodeDeploymentSpec *cds;
    struct rt_error *err =
            platforms_get_chaincode_deployment_spec(platforms_default_registry(), r->in, &cds);
    if (err)
        set(r, "err", conform_text(err->text));
}

static void read_package(void *arg)
{
    struct reading *r = arg;
    struct cc_package *package;
    struct rt_error *err = ccprovider_get_cc_package(r->in, &package);
    if (err) {
        set(r, "err", conform_text(err->text));
        return;
    }
    const Ccprovider__ChaincodeData *data = cc_package_get_chaincode_data(package);
    set(r, "kind", json_string(package->kind == CC_PACKAGE_CDS ? "cds" : "signed"));
    set(r, "name", conform_text(data->name));
    set(r, "version", conform_text(data->version));
    set(r, "id", conform_hex(cc_package_get_id(package)));
    set(r, "data", conform_hex(data->data));
}

static json_t *outcome_of(void (*read)(void *arg), rt_bytes in)
{
    struct reading r = { .in = in, .outcome = json_object() };
    rt_str panic;
    if (rt_recover(read, &r, &panic)) {
        (void)json_object_clear(r.outcome);
        set(&r, "panic", conform_text(panic));
    }
    return r.outcome;
}

static void cds_run(void *state, const json_t *vector, struct conform_outcome *out)
{
    (void)state;
    rt_bytes in = conform_get_hex(vector, "in");
    out->expected = conform_pick(vector, "deployment_spec", "package", NULL);
    out->actual = json_object();
    (void)json_object_set_new(out->actual, "deployment_spec", outcome_of(read_deployment_spec, in));
    (void)json_object_set_new(out->actual, "package", outcome_of(read_package, in));
}

static const struct json_field spec_fields[] = {
    CONFORM_MAY("err", &json_spec_text, "The error."),
    CONFORM_MAY("panic", &json_spec_text, "The panic."),
    { 0 },
};
static const struct json_spec deployment_spec = { .kind = JSON_SPEC_OBJECT, .fields = spec_fields };
static const char *const kinds[] = { "cds", "signed", NULL };
static const struct json_spec kind = { .kind = JSON_SPEC_WORD, .words = kinds };
static const struct json_field package_fields[] = {
    CONFORM_MAY("err", &json_spec_text, "The error."),
    CONFORM_MAY("panic", &json_spec_text, "The panic."),
    CONFORM_MAY("kind", &kind, "What it is."),
    CONFORM_MAY("name", &json_spec_text, "The chaincode's name."),
    CONFORM_MAY("version", &json_spec_text, "Its version."),
    CONFORM_MAY("id", &json_spec_hex, "Its fingerprint."),
    CONFORM_MAY("data", &json_spec_hex, "Marshalled CDSData or SignedCDSData."),
    { 0 },
};
static const struct json_spec package_spec = { .kind = JSON_SPEC_OBJECT, .fields = package_fields };
static const struct json_field fields[] = {
    CONFORM_HEAD,
    CONFORM_MUST("in", &json_spec_hex, "The bytes."),
    CONFORM_MUST("deployment_spec", &deployment_spec,
            "What comes of them as a ChaincodeDeploymentSpec; empty: it is accepted."),
    CONFORM_MUST("package", &package_spec, "What comes of them as an install package."),
    { 0 },
};
static const struct json_spec vector_spec = {
    .kind = JSON_SPEC_OBJECT,
    .fields = fields,
};

const struct conform_suite conform_suite_cds = {
    .name = "cds",
    .summary = "chaincode packages decoded, validated and fingerprinted",
    .vector = &vector_spec,
    .claims = cds_claims,
    .run = cds_run,
};
