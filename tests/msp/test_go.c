/* Generated certificates, PEM blocks, identities, signatures and principals, with what the real MSP
 * (Fabric 1.4.2 built with Go 1.19) said of each: go_identities.jsonl. */
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "model/crypto/x509.h"
#include "model/msp/msp.h"
#include "model/rt/rt.h"
#include "model/wire/wire.h"
#include "tests/support/test.h"
#include "tests/support/world.h"

enum { MAX_MSPS = 16 };

static rt_bytes text(const json_t *value)
{
    return rt_bytes_dup(json_string_value(value), json_string_length(value));
}

static rt_bytes hex(const json_t *value)
{
    rt_bytes out;
    assert_true(rt_unhex(rt_str_from(json_string_value(value)), &out));
    return out.data ? out : rt_bytes_from("", 0);
}

static rt_bytes *texts(const json_t *array, size_t *count)
{
    *count = json_array_size(array);
    rt_bytes *out = rt_new_array(rt_bytes, *count);
    for (size_t i = 0; i < *count; i++)
        out[i] = text(json_array_get(array, i));
    return out;
}

static rt_str set_up(const json_t *line, struct msp **out)
{
    struct msp_config config = { .name = text(json_object_get(line, "msp")),
        .now_ms = SUPPORT_NOW_MS };
    config.root_certs = texts(json_object_get(line, "roots"), &config.root_cert_count);
    config.intermediate_certs =
            texts(json_object_get(line, "intermediates"), &config.intermediate_cert_count);
    config.revocation_list = texts(json_object_get(line, "crls"), &config.revocation_count);
    const json_t *ous = json_object_get(line, "ous");
    config.ou_count = json_array_size(ous);
    struct msp_ou_config *units = rt_new_array(struct msp_ou_config, config.ou_count);
    for (size_t i = 0; i < config.ou_count; i++) {
        units[i].certificate_pem = text(json_object_get(json_array_get(ous, i), "cert"));
        units[i].organizational_unit_identifier =
                text(json_object_get(json_array_get(ous, i), "ou"));
    }
    config.organizational_unit_identifiers = units;
    if (json_object_get(line, "client_ou")) {
        config.node_ous = config.node_ous_enable = true;
        config.client_ou.organizational_unit_identifier = text(json_object_get(line, "client_ou"));
        config.peer_ou.organizational_unit_identifier = text(json_object_get(line, "peer_ou"));
    }
    enum msp_version version =
            (enum msp_version)json_integer_value(json_object_get(line, "version"));
    struct rt_error *err = msp_new(version, &config, out);
    return err ? rt_sprintf("err %v", err) : RT_STR("ok");
}

static rt_str describe(rt_bytes der)
{
    struct x509_certificate *c;
    struct rt_error *err = x509_parse_certificate(der, &c);
    if (err)
        return rt_sprintf("err %v", err);
    struct rt_buf buf = { 0 };
    rt_buf_printf(&buf,
            "ok v%d %lld %lld ca=%t bc=%t pl=%lld ku=%d sa=%d ski=%x aki=%x ue=%zu sig=%x",
            c->version, (long long)c->not_before_s, (long long)c->not_after_s, c->is_ca,
            c->basic_constraints_valid,
            (long long)(c->basic_constraints_valid ? c->max_path_len : -1), c->key_usage,
            (int)c->signature_algorithm, c->subject_key_id, c->authority_key_id,
            c->unhandled_critical_extensions, c->signature);
    rt_buf_putz(&buf, " ous=");
    for (size_t i = 0; i < c->organizational_unit_count; i++)
        rt_buf_printf(&buf, "%x,", c->organizational_units[i]);
    return rt_buf_str(&buf);
}

static rt_str error_text(struct rt_error *err)
{
    return err ? err->text : RT_STR("<nil>");
}

static rt_str judge(const json_t *line, const struct msp *msp)
{
    if (!msp)
        return RT_STR("nomsp");
    const json_t *principal_hex = json_object_get(line, "principal");
    rt_bytes serialized = hex(json_object_get(line, principal_hex ? "prin" : "id"));
    int64_t expires;
    rt_str expiry = RT_STR("zero");
    if (crypto_expires_at(serialized, &expires))
        expiry = rt_sprintf("%lld", (long long)expires);
    const struct identity_deserializer *d = msp_deserializer(msp);
    const struct msp_identity *id;
    struct rt_error *err = d->deserialize_identity(d->self, serialized, &id);
    if (err)
        return rt_sprintf("%S deser %v", expiry, err);
    if (principal_hex) {
        Common__MSPPrincipal *principal;
        if (WIRE_UNMARSHAL(common__mspprincipal, hex(principal_hex), &principal))
            return RT_STR("badprin");
        return rt_sprintf("prin %S", error_text(id->satisfies_principal(id->self, principal)));
    }
    rt_str valid = error_text(id->validate(id->self));
    rt_str verified = error_text(id->verify(id->self, hex(json_object_get(line, "message")),
            hex(json_object_get(line, "signature"))));
    return rt_sprintf("%S %S val=%S ver=%S", expiry, id->identifier.id, valid, verified);
}

static void as_the_real_msp(void **state)
{
    (void)state;
    struct msp *msps[MAX_MSPS] = { NULL };
    size_t msp_count = 0, wrong = 0;
    struct support_lines lines = support_lines_of("tests/msp/go_identities.jsonl");
    const json_t *line;
    while ((line = support_next_vector(&lines))) {
        rt_str got;
        if (json_object_get(line, "msp"))
            got = set_up(line, &msps[msp_count++]);
        else if (json_object_get(line, "cert"))
            got = describe(hex(json_object_get(line, "cert")));
        else
            got = judge(line, msps[json_integer_value(json_object_get(line, "by"))]);
        rt_str expected = text(json_object_get(line, "expect"));
        if (!rt_str_eq(got, expected)) {
            wrong++;
            fprintf(stderr, "line %zu:\n  expected %s\n  got      %s\n", lines.number,
                    rt_cstr(expected), rt_cstr(got));
        }
    }
    assert_true(lines.number > 500);
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(as_the_real_msp) };
    return cmocka_run_group_tests(tests, support_arena_begin, support_arena_end);
}
