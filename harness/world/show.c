/* A world in lines: names, what belongs together, and no key. */
#include "harness/world/show.h"

#include "harness/base/out.h"
#include "harness/world/spec.h"
#include "model/crypto/pem.h"
#include "model/crypto/x509.h"
#include "model/wire/wire.h"

#include "proto/ccprovider.pb-c.h"
#include "proto/chaincode.pb-c.h"
#include "proto/policies.pb-c.h"

/* "until 2034-…", or why there is no such certificate. */
static const char *validity(const struct world *world, rt_bytes pem)
{
    struct pem_block block;
    struct x509_certificate *cert;
    char date[32];
    if (!pem_decode(pem, &block, NULL) || x509_parse_certificate(block.bytes, &cert))
        return "no certificate";
    world_time_text(cert->not_after_s * 1000, date);
    bool over = cert->not_after_s * 1000 < world->now_ms;
    return rt_cstr(rt_sprintf("%s %s", over ? "EXPIRED" : "until", date));
}

static void show_strings(FILE *to, const char *what, const rt_str *items, size_t count)
{
    fprintf(to, "  %-22s", what);
    for (size_t i = 0; i < count; i++)
        fprintf(to, "%s%s", i ? ", " : "", out_shown(items[i]));
    fprintf(to, "%s\n", count == 0 ? "none" : "");
}

static void show_text(FILE *to, const char *what, rt_str value)
{
    if (value.len > 0)
        fprintf(to, "  %-22s%s\n", what, out_shown(value));
}

static void show_peer(FILE *to, const struct world *world)
{
    const struct world_peer *p = &world->peer;
    fprintf(to, "Peer %s of %s\n", out_shown(p->id), out_shown(p->mspid));
    show_text(to, "network id", p->network_id);
    show_text(to, "address", p->address);
    show_text(to, "chaincode address", p->chaincode_address);
    fprintf(to, "  %-22s%s\n", "certificate", validity(world, p->identity.cert_pem));
    fprintf(to, "  %-22slaunch %g s, transaction %g s\n", "timeouts",
            (double)p->startup_timeout_ms / 1000, (double)p->execute_timeout_ms / 1000);
    fprintf(to, "  %-22sTLS %s, mode %s, network %s, memory %lld\n", "chaincodes",
            p->tls ? "on" : "off", p->dev_mode ? "dev" : "net",
            out_shown(p->host_config.network_mode), (long long)p->host_config.memory);
    show_strings(to, "system chaincodes", p->system_chaincodes, p->system_chaincode_count);
}

static void show_identities(FILE *to, const struct world *world)
{
    fprintf(to, "\nIdentities, for \"as\"\n");
    for (size_t i = 0; i < world->identity_count; i++) {
        const struct world_identity *id = &world->identities[i];
        fprintf(to, "  %-22s%s, %s\n", out_shown(id->name), out_shown(id->mspid),
                validity(world, id->cert_pem));
    }
}

static void show_msps(FILE *to, const struct world *world)
{
    fprintf(to, "\nOrganisations\n");
    for (size_t i = 0; i < world->msp_count; i++) {
        const struct world_msp *msp = &world->msps[i];
        size_t admins = msp->admins.count + (msp->admin_pem.data != NULL);
        fprintf(to, "  %-22sroot %s, %zu administrator%s%s\n", out_shown(msp->mspid),
                validity(world, msp->ca_pem), admins, admins == 1 ? "" : "s",
                msp->client_ou.data ? ", node OUs" : "");
    }
}

/* ---- channels ---- */

static const char *policy_text(rt_bytes policy)
{
    Common__SignaturePolicyEnvelope *envelope;
    if (WIRE_UNMARSHAL(common__signature_policy_envelope, policy, &envelope))
        return "unreadable";
    return rt_cstr(rt_sprintf("%zu bytes, %zu identities", policy.len, envelope->n_identities));
}

/* A key of lscc is an instantiated chaincode, or its collections. */
static void show_instantiated(FILE *to, const struct world_key *key)
{
    Ccprovider__ChaincodeData *data;
    if (rt_str_contains(key->key, RT_STR("~")))
        fprintf(to, "    %-20sof its private data\n", out_shown(key->key));
    else if (WIRE_UNMARSHAL(ccprovider__chaincode_data, key->value, &data))
        fprintf(to, "    %-20sunreadable\n", out_shown(key->key));
    else
        fprintf(to, "    %-20sversion %s, %s and %s, policy of %s\n", out_shown(key->key),
                out_shown(data->version), out_shown(data->escc), out_shown(data->vscc),
                policy_text(data->policy));
}

static bool is_text(rt_bytes value)
{
    for (size_t i = 0; i < value.len; i++)
        if (value.data[i] < 0x20 || value.data[i] > 0x7e)
            return false;
    return value.len <= 60;
}

static void show_key(FILE *to, const struct world_key *key)
{
    rt_str value = is_text(key->value) ? key->value : rt_sprintf("%zu bytes", key->value.len);
    fprintf(to, "    %-20s%s  [%llu, %llu]\n", out_shown(rt_sprintf("%S/%S", key->ns, key->key)),
            out_shown(value), (unsigned long long)key->block, (unsigned long long)key->tx);
}

static void show_channel(FILE *to, const struct world_channel *channel)
{
    fprintf(to, "\nChannel %s, %llu block%s\n", out_shown(channel->name),
            (unsigned long long)channel->height, channel->height == 1 ? "" : "s");
    show_strings(to, "organisations", channel->orgs, channel->org_count);
    show_strings(to, "capabilities", channel->capabilities, channel->capability_count);
    fprintf(to, "  %-22s%s\n", "policies",
            channel->config.data ? "of its configuration" : "any member; a majority of admins");
    for (size_t i = 0; i < channel->acl_count; i++)
        fprintf(to, "  %-22s%s: %s\n", "ACL", out_shown(channel->acls[i].resource),
                out_shown(channel->acls[i].policy_ref));
    for (int lscc = 1; lscc >= 0; lscc--) {
        fprintf(to, "  %s\n", lscc ? "instantiated" : "keys, with block and transaction");
        for (size_t i = 0; i < channel->state_count; i++) {
            const struct world_key *key = &channel->state[i];
            if (rt_str_is(key->ns, "lscc") == (lscc == 1))
                (lscc ? show_instantiated : show_key)(to, key);
        }
    }
}

/* ---- packages ---- */

static void show_package(FILE *to, const struct world_package *package)
{
    Protos__ChaincodeDeploymentSpec *cds = NULL;
    struct rt_error *err =
            WIRE_UNMARSHAL(protos__chaincode_deployment_spec, package->content, &cds);
    const Protos__ChaincodeSpec *spec = err ? NULL : cds->chaincode_spec;
    fprintf(to, "  %-22s%zu bytes%s", out_shown(package->file_name), package->content.len,
            spec && spec->chaincode_id ? "" : ", no plain deployment spec");
    if (spec && spec->chaincode_id)
        fprintf(to, ": %s %s", out_shown(spec->chaincode_id->name),
                out_shown(spec->chaincode_id->version));
    fprintf(to, "\n");
}

void world_show(FILE *to, const struct world *world)
{
    char now[32];
    world_time_text(world->now_ms, now);
    fprintf(to, "World of Fabric 1.4.2 at %s\n\n", now);
    show_peer(to, world);
    show_identities(to, world);
    show_msps(to, world);
    for (size_t i = 0; i < world->channel_count; i++)
        show_channel(to, &world->channels[i]);
    fprintf(to, "\nInstalled packages\n");
    for (size_t i = 0; i < world->package_count; i++)
        show_package(to, &world->packages[i]);
}
