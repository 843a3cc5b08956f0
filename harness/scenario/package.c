/* Packages that cclab makes: from a name, a version and a type. */
#include "harness/scenario/package.h"

#include "model/gostd/gzip.h"
#include "model/gostd/tar.h"
#include "model/wire/wire.h"

#include "proto/chaincode.pb-c.h"

static rt_bytes source_archive(int type)
{
    static const char source[] = "package main\n\nfunc main() {}\n";
    struct rt_buf tar = { 0 };
    struct tar_writer writer = { .out = &tar };
    rt_str file = strcmp(chaincode_types[type], "GOLANG") == 0 ? RT_STR("src/probe/probe.go")
                  : strcmp(chaincode_types[type], "JAVA") == 0 ? RT_STR("src/Probe.java")
                                                               : RT_STR("src/probe.js");
    tar_write_bytes_to_package(&writer, file, RT_STR(source));
    RT_DROP(tar_writer_close(&writer));
    return rt_buf_str(&tar);
}

/* The archive and zeros behind its end, not compressed: a gzip file of exactly `padding` bytes more
 * than without. */
static rt_bytes code_package(int type, size_t padding)
{
    rt_bytes tar = source_archive(type);
    return padding == 0 ? gzip_compress(tar) : gzip_store(tar, padding);
}

rt_str package_path(const struct scenario_step *step)
{
    return step->path.data ? step->path : RT_STR("probe");
}

static rt_bytes deployment_spec(const struct scenario_step *step, rt_bytes code)
{
    Protos__ChaincodeDeploymentSpec *cds = WIRE_NEW(protos__chaincode_deployment_spec);
    Protos__ChaincodeSpec *spec = cds->chaincode_spec = WIRE_NEW(protos__chaincode_spec);
    spec->type = (Protos__ChaincodeSpec__Type)(step->type + 1);
    spec->chaincode_id = WIRE_NEW(protos__chaincode_id);
    spec->chaincode_id->name = step->chaincode;
    spec->chaincode_id->version = step->version;
    spec->chaincode_id->path = package_path(step);
    cds->code_package = code;
    rt_bytes bytes = RT_NIL;
    return WIRE_MARSHAL(cds, &bytes) ? RT_NIL : bytes;
}

rt_bytes package_made(const struct scenario_step *step, size_t padding)
{
    return deployment_spec(step, code_package(step->type, padding));
}

rt_bytes package_of_files(
        const struct scenario_step *step, const struct package_file *files, size_t count)
{
    struct rt_buf tar = { 0 };
    struct tar_writer writer = { .out = &tar };
    for (size_t i = 0; i < count; i++)
        tar_write_bytes_to_package(&writer, files[i].name, files[i].content);
    RT_DROP(tar_writer_close(&writer));
    return deployment_spec(step, gzip_compress(rt_buf_str(&tar)));
}
