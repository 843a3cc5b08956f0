/* Follows core/common/ccprovider/ccprovider.go and the accessors of protos/peer/chaincode.go. */
#include "model/ccprovider/ccprovider.h"

#include "model/ccprovider/package.h"
#include "model/rt/rt.h"

static const Protos__ChaincodeID *cds_id(const Protos__ChaincodeDeploymentSpec *cds)
{
    return cds->chaincode_spec != NULL ? cds->chaincode_spec->chaincode_id : NULL;
}

rt_str cds_name(const Protos__ChaincodeDeploymentSpec *cds)
{
    const Protos__ChaincodeID *id = cds_id(cds);
    return id != NULL ? id->name : RT_STR("");
}

rt_str cds_version(const Protos__ChaincodeDeploymentSpec *cds)
{
    const Protos__ChaincodeID *id = cds_id(cds);
    return id != NULL ? id->version : RT_STR("");
}

rt_str cds_path(const Protos__ChaincodeDeploymentSpec *cds)
{
    const Protos__ChaincodeID *id = cds_id(cds);
    return id != NULL ? id->path : RT_STR("");
}

/* The String() that protoc-gen-go gives an enum: the name, or the number of an unknown value. */
static rt_str enum_string(const ProtobufCEnumDescriptor *type, int value)
{
    const ProtobufCEnumValue *v = protobuf_c_enum_descriptor_get_value(type, value);
    return v != NULL ? rt_str_from(v->name) : rt_sprintf("%d", value);
}

rt_str cds_cc_type(const Protos__ChaincodeDeploymentSpec *cds)
{
    if (cds->chaincode_spec == NULL)
        return RT_STR("");
    return enum_string(&protos__chaincode_spec__type__descriptor, (int)cds->chaincode_spec->type);
}

struct chaincode_container_info *deployment_spec_to_chaincode_container_info(
        const Protos__ChaincodeDeploymentSpec *cds)
{
    struct chaincode_container_info *info = rt_new(struct chaincode_container_info);
    info->name = cds_name(cds);
    info->version = cds_version(cds);
    info->path = cds_path(cds);
    info->type = cds_cc_type(cds);
    info->container_type =
            enum_string(&protos__chaincode_deployment_spec__execution_environment__descriptor,
                    (int)cds->exec_env);
    return info;
}

rt_str cc_context_get_canonical_name(const struct cc_context *cccid)
{
    return rt_sprintf("%S:%S", cccid->name, cccid->version);
}

bool ccprovider_is_printable(rt_str name)
{
    for (size_t at = 0; at < name.len;) {
        uint32_t rune;
        at += rt_utf8_decode(rt_str_slice(name, at, name.len), &rune);
        if (!rt_rune_printable(rune))
            return false;
    }
    return true;
}
