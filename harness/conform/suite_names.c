/* names.jsonl: names of chaincodes, containers and images, and how a container is launched. */
#include "harness/conform/conform.h"
#include "model/chaincode/cc_name.h"
#include "model/chaincode/launch_config.h"
#include "model/container/docker_vm.h"

static bool names_claims(const char *file, const json_t *vector)
{
    return conform_named(file, vector, "names");
}

static json_t *texts(struct str_slice strings)
{
    json_t *array = json_array();
    for (size_t i = 0; i < strings.count; i++)
        (void)json_array_append_new(array, conform_text(strings.items[i]));
    return array;
}

/* The log environment that the peer gives to every chaincode is an input: the first three entries
 * of `env`, or what the release's configuration has when the launch failed. */
static struct str_slice common_env(const json_t *vector)
{
    static const rt_str release[] = {
        RT_STR_INIT("CORE_CHAINCODE_LOGGING_LEVEL=info"),
        RT_STR_INIT("CORE_CHAINCODE_LOGGING_SHIM=warning"),
        RT_STR_INIT("CORE_CHAINCODE_LOGGING_FORMAT=%{message}"),
    };
    const json_t *env = json_object_get(vector, "env");
    struct str_slice out = { 0 };
    for (size_t i = 0; i < 3; i++) {
        const json_t *entry = json_array_get(env, i);
        out = str_slice_append(
                out, entry ? rt_bytes_dup(json_string_value(entry), json_string_length(entry))
                           : release[i]);
    }
    return out;
}

static void add_launch(json_t *actual, const json_t *vector, struct ccid ccid)
{
    struct launch_config_source source = {
        .common_env = common_env(vector),
        .peer_address = conform_get_str(vector, "peer_address"),
    };
    struct launch_config *lc = NULL;
    rt_str type = conform_get_str(vector, "type");
    rt_str cname = rt_sprintf("%S:%S", ccid.name, ccid.version);
    struct rt_error *err = launch_config_make(&source, cname, type, &lc);
    if (err) {
        (void)json_object_set_new(actual, "launch_err", conform_text(err->text));
    } else {
        (void)json_object_set_new(actual, "args", texts(lc->args));
        (void)json_object_set_new(actual, "env", texts(lc->envs));
    }
}

static void names_run(void *state, const json_t *vector, struct conform_outcome *out)
{
    (void)state;
    rt_str network_id = conform_get_str(vector, "network_id");
    rt_str peer_id = conform_get_str(vector, "peer_id");
    struct ccid ccid = {
        .name = conform_get_str(vector, "name"),
        .version = conform_get_str(vector, "version"),
    };
    json_t *actual = json_object();
    rt_str image = { 0 };
    (void)json_object_set_new(actual, "ccid", conform_text(ccid_get_name(ccid)));
    (void)json_object_set_new(
            actual, "container", conform_text(docker_vm_get_vm_name(network_id, peer_id, ccid)));
    struct rt_error *err = docker_vm_get_vm_name_for_docker(network_id, peer_id, ccid, &image);
    (void)json_object_set_new(actual, "image", conform_text(image));
    if (err)
        (void)json_object_set_new(actual, "image_err", conform_text(err->text));
    struct chaincode_instance ci = parse_name(conform_get_str(vector, "parse"));
    rt_str parts[] = { ci.chaincode_name, ci.chaincode_version, ci.chain_id };
    (void)json_object_set_new(actual, "parsed", texts((struct str_slice){ parts, 3 }));
    add_launch(actual, vector, ccid);
    out->expected = conform_pick(vector, "ccid", "container", "image", "image_err", "parsed",
            "args", "env", "launch_err", NULL);
    /* an empty image beside an error may be left out */
    if (image.len == 0 && !json_object_get(vector, "image"))
        (void)json_object_del(actual, "image");
    out->actual = actual;
}

static const struct json_field fields[] = {
    CONFORM_HEAD,
    CONFORM_MAY("network_id", &json_spec_text, "peer.networkId"),
    CONFORM_MAY("peer_id", &json_spec_text, "peer.id"),
    CONFORM_MAY("name", &json_spec_text, "Name of the chaincode."),
    CONFORM_MAY("version", &json_spec_text, "Its version."),
    CONFORM_MAY("type", &json_spec_text, "Its type."),
    CONFORM_MAY("peer_address", &json_spec_text, "The address that it dials."),
    CONFORM_MAY("parse", &json_spec_text, "A name to take apart."),
    CONFORM_MAY("ccid", &json_spec_text, "CCID.GetName()."),
    CONFORM_MAY("container", &json_spec_text, "Name of the container."),
    CONFORM_MAY("image", &json_spec_text, "Name of the image."),
    CONFORM_MAY("image_err", &json_spec_text, "The error of making it."),
    CONFORM_MAY("parsed", &conform_texts, "Name, version and channel of `parse`."),
    CONFORM_MAY("args", &conform_texts, "Arguments of the launch."),
    CONFORM_MAY("env", &conform_texts, "Its environment."),
    CONFORM_MAY("launch_err", &json_spec_text, "The error of making these."),
    { 0 },
};
static const struct json_spec vector_spec = {
    .kind = JSON_SPEC_OBJECT,
    .fields = fields,
};

const struct conform_suite conform_suite_names = {
    .name = "names",
    .summary = "names of chaincodes, containers and images, and launch configurations",
    .vector = &vector_spec,
    .claims = names_claims,
    .run = names_run,
};
