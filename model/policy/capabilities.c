/* Follows common/capabilities/application.go. */
#include "model/policy/channelconfig.h"

bool application_capabilities_parse(
        const rt_str *names, size_t count, struct application_capabilities *out, rt_str *unknown)
{
    *out = (struct application_capabilities){ 0 };
    for (size_t i = 0; i < count; i++) {
        if (rt_str_is(names[i], "V1_1"))
            out->v11 = true;
        else if (rt_str_is(names[i], "V1_2"))
            out->v12 = true;
        else if (rt_str_is(names[i], "V1_3"))
            out->v13 = true;
        else if (rt_str_is(names[i], "V1_4_2"))
            out->v142 = true;
        else if (rt_str_is(names[i], "V1_1_PVTDATA_EXPERIMENTAL"))
            out->v11_pvt_data_experimental = true;
        else if (!rt_str_is(names[i], "V1_1_RESOURCETREE_EXPERIMENTAL")) {
            *unknown = names[i];
            return false;
        }
    }
    return true;
}

bool application_capabilities_acls(const struct application_capabilities *c)
{
    return c->v12 || c->v13 || c->v142;
}

bool application_capabilities_forbid_duplicate_txid_in_block(
        const struct application_capabilities *c)
{
    return c->v11 || c->v12 || c->v13 || c->v142;
}

bool application_capabilities_private_channel_data(const struct application_capabilities *c)
{
    return c->v11_pvt_data_experimental || c->v12 || c->v13 || c->v142;
}

bool application_capabilities_collection_upgrade(const struct application_capabilities *c)
{
    return c->v12 || c->v13 || c->v142;
}

bool application_capabilities_v1_1_validation(const struct application_capabilities *c)
{
    return c->v11 || c->v12 || c->v13 || c->v142;
}

bool application_capabilities_v1_2_validation(const struct application_capabilities *c)
{
    return c->v12 || c->v13 || c->v142;
}

bool application_capabilities_v1_3_validation(const struct application_capabilities *c)
{
    return c->v13 || c->v142;
}

bool application_capabilities_metadata_lifecycle(const struct application_capabilities *c)
{
    (void)c;
    return false;
}

bool application_capabilities_key_level_endorsement(const struct application_capabilities *c)
{
    return c->v13 || c->v142;
}

bool application_capabilities_fab_token(const struct application_capabilities *c)
{
    (void)c;
    return false;
}

bool application_capabilities_store_pvt_data_of_invalid_tx(const struct application_capabilities *c)
{
    return c->v142;
}
