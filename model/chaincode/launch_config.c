/* Follows LaunchConfig of core/chaincode/container_runtime.go. */
#include "model/chaincode/launch_config.h"

#include "model/rt/arena.h"

static struct str_slice strings(const rt_str *items, size_t count)
{
    struct str_slice out = { 0 };
    for (size_t i = 0; i < count; i++)
        out = str_slice_append(out, items[i]);
    return out;
}

/* Arguments of the platform's start command; false for an unknown type. */
static bool type_args(rt_str cc_type, rt_str peer_address, struct str_slice *args)
{
    if (rt_str_is(cc_type, "GOLANG") || rt_str_is(cc_type, "CAR")) {
        const rt_str items[] = {
            RT_STR("chaincode"),
            rt_sprintf("-peer.address=%S", peer_address),
        };
        *args = strings(items, 2);
    } else if (rt_str_is(cc_type, "JAVA")) {
        const rt_str items[] = {
            RT_STR("/root/chaincode-java/start"),
            RT_STR("--peerAddress"),
            peer_address,
        };
        *args = strings(items, 3);
    } else if (rt_str_is(cc_type, "NODE")) {
        const rt_str items[] = {
            RT_STR("/bin/sh"),
            RT_STR("-c"),
            rt_sprintf("cd /usr/local/src; npm start -- --peer.address %S", peer_address),
        };
        *args = strings(items, 3);
    } else {
        return false;
    }
    return true;
}

static void put_file(struct rt_map *files, const char *path, rt_bytes content)
{
    rt_bytes *value = rt_new(rt_bytes);
    *value = content;
    rt_map_put(files, rt_str_from(path), value);
}

/* getTLSFiles */
static struct rt_map *tls_files(
        const struct launch_config_source *source, const struct cert_and_priv_key_pair *pair)
{
    if (!pair)
        return NULL;
    struct rt_map *files = rt_map_new();
    put_file(files, TLS_CLIENT_KEY_PATH, pair->key);
    put_file(files, TLS_CLIENT_CERT_PATH, pair->cert);
    put_file(files, TLS_CLIENT_ROOT_CERT_PATH, source->ca_cert);
    return files;
}

static struct rt_error *add_tls(
        const struct launch_config_source *source, rt_str cname, struct launch_config *lc)
{
    static const char *const envs[] = {
        "CORE_PEER_TLS_ENABLED=true",
        "CORE_TLS_CLIENT_KEY_PATH=" TLS_CLIENT_KEY_PATH,
        "CORE_TLS_CLIENT_CERT_PATH=" TLS_CLIENT_CERT_PATH,
        "CORE_PEER_TLS_ROOTCERT_FILE=" TLS_CLIENT_ROOT_CERT_PATH,
    };
    const struct cert_generator *generator = source->cert_generator;
    const struct cert_and_priv_key_pair *pair = NULL;
    struct rt_error *err = generator->generate(generator->self, cname, &pair);
    if (err)
        return rt_error_wrapf(err, "failed to generate TLS certificates for %S", cname);
    lc->files = tls_files(source, pair);
    if (!lc->files)
        return rt_errorf("failed to acquire TLS certificates for %S", cname);
    for (size_t i = 0; i < sizeof(envs) / sizeof(envs[0]); i++)
        lc->envs = str_slice_append(lc->envs, rt_str_from(envs[i]));
    return NULL;
}

struct rt_error *launch_config_make(const struct launch_config_source *source, rt_str cname,
        rt_str cc_type, struct launch_config **out)
{
    struct launch_config *lc = rt_new(struct launch_config);
    lc->envs = str_slice_append(source->common_env, rt_sprintf("CORE_CHAINCODE_ID_NAME=%S", cname));
    if (!type_args(cc_type, source->peer_address, &lc->args))
        return rt_errorf("unknown chaincodeType: %S", cc_type);
    if (source->cert_generator) {
        struct rt_error *err = add_tls(source, cname, lc);
        if (err)
            return err;
    } else {
        lc->envs = str_slice_append(lc->envs, RT_STR("CORE_PEER_TLS_ENABLED=false"));
    }
    *out = lc;
    return NULL;
}

rt_str launch_config_string(const struct launch_config *lc)
{
    struct rt_buf buf = { 0 };
    if (lc->args.count > 0)
        rt_buf_printf(&buf, "executable:%q,", lc->args.items[0]);
    rt_buf_printf(&buf, "Args:[%S],", rt_str_join(lc->args.items, lc->args.count, RT_STR(",")));
    rt_buf_printf(&buf, "Envs:[%S],", rt_str_join(lc->envs.items, lc->envs.count, RT_STR(",")));
    rt_buf_putz(&buf, "Files:[");
    size_t count = lc->files ? rt_map_len(lc->files) : 0;
    const struct rt_map_entry *entries = count > 0 ? rt_map_sorted(lc->files) : NULL;
    for (size_t i = 0; i < count; i++)
        rt_buf_printf(&buf, "%s%S", i > 0 ? " " : "", entries[i].key);
    rt_buf_put_byte(&buf, ']');
    return rt_buf_str(&buf);
}
