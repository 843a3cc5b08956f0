/* Follows the plain types of core/common/ccprovider/ccprovider.go and the accessors of
 * protos/peer/chaincode.go. */
#include "model/ccprovider/ccprovider.h"

#include "model/rt/rt.h"
#include "model/wire/wire.h"

#include "proto/chaincode.pb-c.h"

static const Protos__ChaincodeID *chaincode_id(const Protos__ChaincodeDeploymentSpec *cds)
{
    return cds->chaincode_spec ? cds->chaincode_spec->chaincode_id : NULL;
}

rt_str cds_name(const Protos__ChaincodeDeploymentSpec *cds)
{
    const Protos__ChaincodeID *id = chaincode_id(cds);
    return id ? id->name : RT_STR("");
}

rt_str cds_version(const Protos__ChaincodeDeploymentSpec *cds)
{
    const Protos__ChaincodeID *id = chaincode_id(cds);
    return id ? id->version : RT_STR("");
}

rt_str cds_path(const Protos__ChaincodeDeploymentSpec *cds)
{
    const Protos__ChaincodeID *id = chaincode_id(cds);
    return id ? id->path : RT_STR("");
}

rt_str cds_cc_type(const Protos__ChaincodeDeploymentSpec *cds)
{
    if (!cds->chaincode_spec)
        return RT_STR("");
    return wire_enum_string(
            &protos__chaincode_spec__type__descriptor, (int)cds->chaincode_spec->type);
}

struct chaincode_container_info *deployment_spec_to_chaincode_container_info(
        const Protos__ChaincodeDeploymentSpec *cds)
{
    struct chaincode_container_info *ccci = rt_new(struct chaincode_container_info);
    (void)RT_DEREF(cds);
    ccci->name = cds_name(cds);
    ccci->version = cds_version(cds);
    ccci->path = cds_path(cds);
    ccci->type = cds_cc_type(cds);
    ccci->container_type =
            wire_enum_string(&protos__chaincode_deployment_spec__execution_environment__descriptor,
                    (int)cds->exec_env);
    return ccci;
}

/* name ":" version. */
static rt_str name_version(rt_str name, rt_str version)
{
    uint8_t *text = rt_alloc(name.len + 1 + version.len + 1);
    if (name.len > 0)
        memcpy(text, name.data, name.len);
    text[name.len] = ':';
    if (version.len > 0)
        memcpy(text + name.len + 1, version.data, version.len);
    return (rt_str){ name.len + 1 + version.len, text };
}

rt_str cc_context_get_canonical_name(const struct cc_context *cccid)
{
    return name_version(cccid->name, cccid->version);
}

rt_str chaincode_container_info_cname(const struct chaincode_container_info *ccci)
{
    return name_version(ccci->name, ccci->version);
}
