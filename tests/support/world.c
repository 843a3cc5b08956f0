/* Files, MSPs and signers of the recorded world. */
#include "tests/support/world.h"

#include <string.h>

rt_bytes support_read(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        fail_msg("cannot open %s", path);
    struct rt_buf buf = { 0 };
    char chunk[1 << 14];
    size_t got;
    while ((got = fread(chunk, 1, sizeof chunk, file)) > 0)
        rt_buf_put(&buf, chunk, got);
    fclose(file);
    return rt_buf_str(&buf);
}

rt_bytes support_readf(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    rt_str path = rt_vsprintf(format, args);
    va_end(args);
    return support_read(rt_cstr(path));
}

const struct msp *support_msp(const char *mspid, enum msp_version version, bool signer)
{
    rt_bytes *ca = rt_new(rt_bytes), *admin = rt_new(rt_bytes);
    *ca = support_readf(SUPPORT_WORLD "/msps/%s/cacert.pem", mspid);
    *admin = support_readf(SUPPORT_WORLD "/msps/%s/admincert.pem", mspid);
    struct msp_config config = { .name = rt_str_from(mspid),
        .root_certs = ca,
        .root_cert_count = 1,
        .admins = admin,
        .admin_count = 1,
        .now_ms = SUPPORT_NOW_MS };
    if (signer) {
        config.signer_cert = support_readf(SUPPORT_WORLD "/identities/peer0/cert.pem");
        config.signer_key = support_readf(SUPPORT_WORLD "/identities/peer0/key.pem");
    }
    struct msp *msp;
    struct rt_error *err = msp_new(version, &config, &msp);
    if (err)
        fail_msg("MSP %s: %s", mspid, rt_cstr(err->text));
    return msp;
}

const struct msp_manager *support_manager(enum msp_version version)
{
    const struct msp *msps[] = { support_msp("Org1MSP", version, false),
        support_msp("Org2MSP", version, false) };
    return msp_manager_new(msps, 2);
}

const struct signing_identity *support_signer(const char *name)
{
    const struct signing_identity *signer;
    const char *mspid = strcmp(name, "outsider") == 0 ? "Org2MSP" : "Org1MSP";
    struct rt_error *err = msp_signer_new(rt_str_from(mspid),
            support_readf(SUPPORT_WORLD "/identities/%s/cert.pem", name),
            support_readf(SUPPORT_WORLD "/identities/%s/key.pem", name), &signer);
    if (err)
        fail_msg("signer %s: %s", name, rt_cstr(err->text));
    return signer;
}
