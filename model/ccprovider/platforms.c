/* Follows core/chaincode/platforms/platforms.go, the Dockerfiles and builds of
 * core/chaincode/platforms/{golang,node,java,car}/platform.go, and GetChaincodeDeploymentSpec of
 * protos/utils/proputils.go. */
#include "model/ccprovider/platforms.h"

#include "model/ccprovider/ccprovider.h"
#include "model/ccprovider/code_package.h"
#include "model/gostd/tar.h"
#include "model/rt/rt.h"
#include "model/rt/trace.h"
#include "model/wire/wire.h"

/* common/metadata, as the release is built. */
#define FABRIC_VERSION "1.4.2"
#define FABRIC_BASE_VERSION "0.4.15"
#define DOCKER_LABEL "org.hyperledger.fabric"

const struct platform_config platform_config_default = {
    .golang_runtime = RT_STR_INIT("hyperledger/fabric-baseos:amd64-" FABRIC_BASE_VERSION),
    .node_runtime = RT_STR_INIT("hyperledger/fabric-baseimage:amd64-" FABRIC_BASE_VERSION),
    .java_runtime = RT_STR_INIT("hyperledger/fabric-javaenv:amd64-" FABRIC_VERSION),
    .car_runtime = RT_STR_INIT("hyperledger/fabric-baseos:amd64-" FABRIC_BASE_VERSION),
};

/* ---- the platforms ---- */

static rt_str golang_dockerfile(const struct platform_config *c)
{
    return rt_sprintf("FROM %S\nADD binpackage.tar /usr/local/bin", c->golang_runtime);
}

static rt_str node_dockerfile(const struct platform_config *c)
{
    return rt_sprintf("FROM %S\nADD binpackage.tar /usr/local/src", c->node_runtime);
}

static rt_str java_dockerfile(const struct platform_config *c)
{
    return rt_sprintf(
            "FROM %S\nADD binpackage.tar /root/chaincode-java/chaincode", c->java_runtime);
}

static rt_str car_dockerfile(const struct platform_config *c)
{
    return rt_sprintf("FROM %S\nADD binpackage.tar /usr/local/bin", c->car_runtime);
}

static struct rt_error *build(const struct docker_builder *builder, rt_str image, rt_str cmd,
        rt_bytes input, struct rt_buf *tar)
{
    rt_bytes output = RT_NIL;
    struct rt_error *err = builder->docker_build(builder->self, image, cmd, input, &output);
    if (err)
        return err;
    struct tar_writer writer = { .out = tar };
    tar_write_bytes_to_package(&writer, RT_STR("binpackage.tar"), output);
    rt_buf_put(tar, (const uint8_t[TAR_BLOCK]){ 0 }, (size_t)writer.pad);
    return NULL;
}

/* decodeUrl: the path without scheme and one trailing slash. */
static struct rt_error *decode_url(rt_str path, rt_str *location)
{
    *location = path;
    if (rt_str_has_prefix(path, RT_STR("http://")))
        *location = rt_str_slice(path, 7, path.len);
    else if (rt_str_has_prefix(path, RT_STR("https://")))
        *location = rt_str_slice(path, 8, path.len);
    if (location->len < 2)
        return rt_errorf("ChaincodeSpec's path/URL invalid");
    if (location->data[location->len - 1] == '/')
        location->len--;
    return NULL;
}

static struct rt_error *golang_build(const struct platform_config *c,
        const struct docker_builder *builder, rt_str path, rt_bytes code, struct rt_buf *tar)
{
    rt_str package;
    struct rt_error *err = decode_url(path, &package);
    if (err)
        return rt_errorf("could not decode url: %v", err);
    const char *flags =
            c->golang_dynamic_link ? "" : "-ldflags \"-linkmode external -extldflags '-static'\"";
    rt_str cmd = rt_sprintf(
            "GOPATH=/chaincode/input:$GOPATH go build  %s -o /chaincode/output/chaincode %S", flags,
            package);
    return build(builder, RT_STR(""), cmd, code, tar);
}

static struct rt_error *node_build(const struct platform_config *c,
        const struct docker_builder *builder, rt_str path, rt_bytes code, struct rt_buf *tar)
{
    (void)c;
    (void)path;
    return build(builder, RT_STR(""),
            RT_STR("cp -R /chaincode/input/src/. /chaincode/output && cd /chaincode/output && npm "
                   "install "
                   "--production"),
            code, tar);
}

static struct rt_error *java_build(const struct platform_config *c,
        const struct docker_builder *builder, rt_str path, rt_bytes code, struct rt_buf *tar)
{
    (void)path;
    return build(builder, c->java_runtime, RT_STR("./build.sh"), code, tar);
}

static struct rt_error *car_build(const struct platform_config *c,
        const struct docker_builder *builder, rt_str path, rt_bytes code, struct rt_buf *tar)
{
    struct rt_buf input = { 0 };
    struct tar_writer writer = { .out = &input };
    (void)c;
    (void)path;
    tar_write_bytes_to_package(&writer, RT_STR("codepackage.car"), code);
    RT_DROP(tar_writer_close(&writer));
    struct rt_error *err = build(builder, RT_STR(""),
            RT_STR("java -jar /usr/local/bin/chaintool buildcar /chaincode/input/codepackage.car "
                   "-o "
                   "/chaincode/output/chaincode"),
            rt_buf_str(&input), tar);
    return err ? rt_errorf("Error building CAR: %v", err) : NULL;
}

const struct platform platform_golang = { "GOLANG", code_package_validate_golang, golang_dockerfile,
    golang_build, code_package_metadata };
const struct platform platform_node = { "NODE", code_package_validate_node, node_dockerfile,
    node_build, code_package_metadata };
const struct platform platform_java = { "JAVA", code_package_validate_java, java_dockerfile,
    java_build, code_package_metadata };
const struct platform platform_car = { "CAR", code_package_validate_car, car_dockerfile, car_build,
    code_package_no_metadata };

/* ---- the registry ---- */

enum { MAX_PLATFORMS = 8 };

struct platforms_registry {
    const struct platform_config *config;
    const struct platform *platforms[MAX_PLATFORMS];
    size_t count;
};

struct platforms_registry *platforms_new_registry(
        const struct platform_config *config, const struct platform *const *platforms)
{
    struct platforms_registry *r = rt_new(struct platforms_registry);
    r->config = config;
    for (; *platforms; platforms++) {
        for (size_t i = 0; i < r->count; i++)
            if (strcmp(r->platforms[i]->name, (*platforms)->name) == 0)
                rt_panicf("Multiple platforms of the same name specified: %s", (*platforms)->name);
        if (r->count == MAX_PLATFORMS)
            rt_panicf("more than %d platforms", MAX_PLATFORMS);
        r->platforms[r->count++] = *platforms;
    }
    return r;
}

const struct platforms_registry *platforms_default_registry(void)
{
    static const struct platforms_registry registry = { &platform_config_default,
        { &platform_golang, &platform_node, &platform_java, &platform_car }, 4 };
    return &registry;
}

static const struct platform *find(const struct platforms_registry *r, rt_str cc_type)
{
    for (size_t i = 0; i < r->count; i++)
        if (rt_str_is(cc_type, r->platforms[i]->name))
            return r->platforms[i];
    return NULL;
}

static struct rt_error *unknown_type(rt_str cc_type)
{
    return rt_errorf("Unknown chaincodeType: %S", cc_type);
}

struct rt_error *platforms_validate_deployment_spec(
        const struct platforms_registry *r, rt_str cc_type, rt_bytes code_package)
{
    const struct platform *p = find(r, cc_type);
    return p ? p->validate_code_package(code_package) : unknown_type(cc_type);
}

struct rt_error *platforms_get_metadata_as_tar_entries(const struct platforms_registry *r,
        rt_str cc_type, rt_bytes code_package, bool *known, rt_bytes *tar)
{
    const struct platform *p = find(r, cc_type);
    *known = p != NULL;
    *tar = RT_NIL;
    return p ? p->get_metadata_as_tar_entries(code_package, tar) : unknown_type(cc_type);
}

struct rt_error *platforms_generate_dockerfile(const struct platforms_registry *r, rt_str cc_type,
        rt_str name, rt_str version, rt_str *dockerfile)
{
    const struct platform *p = find(r, cc_type);
    if (!p)
        return unknown_type(cc_type);
    *dockerfile = rt_sprintf("%S\n"
                             "LABEL " DOCKER_LABEL ".chaincode.id.name=\"%S\" \\\n"
                             "      " DOCKER_LABEL ".chaincode.id.version=\"%S\" \\\n"
                             "      " DOCKER_LABEL ".chaincode.type=\"%S\" \\\n"
                             "      " DOCKER_LABEL ".version=\"" FABRIC_VERSION "\" \\\n"
                             "      " DOCKER_LABEL ".base.version=\"" FABRIC_BASE_VERSION "\"\n"
                             "ENV CORE_CHAINCODE_BUILDLEVEL=" FABRIC_VERSION,
            p->generate_dockerfile(r->config), name, version, cc_type);
    return NULL;
}

struct rt_error *platforms_generate_docker_build(const struct platforms_registry *r,
        const struct docker_builder *builder, rt_str cc_type, rt_str path, rt_str name,
        rt_str version, rt_bytes code_package, rt_bytes *context, struct rt_error **stream_err)
{
    rt_str dockerfile;
    *context = RT_NIL;
    *stream_err = NULL;
    struct rt_error *err = platforms_generate_dockerfile(r, cc_type, name, version, &dockerfile);
    if (err)
        return rt_errorf("Failed to generate a Dockerfile: %v", err);
    struct rt_buf tar = { 0 };
    struct tar_writer writer = { .out = &tar };
    tar_write_bytes_to_package(&writer, RT_STR("Dockerfile"), dockerfile);
    rt_buf_put(&tar, (const uint8_t[TAR_BLOCK]){ 0 }, (size_t)writer.pad);
    err = find(r, cc_type)->generate_docker_build(r->config, builder, path, code_package, &tar);
    if (err)
        *stream_err = rt_errorf("Failed to generate platform-specific docker build: %v", err);
    rt_buf_put(&tar, (const uint8_t[2 * TAR_BLOCK]){ 0 }, (size_t)2 * TAR_BLOCK);
    *context = gzip_compress(rt_buf_str(&tar));
    return NULL;
}

struct rt_error *platforms_get_chaincode_deployment_spec(
        const struct platforms_registry *r, rt_bytes code, Protos__ChaincodeDeploymentSpec **cds)
{
    struct rt_error *err = WIRE_UNMARSHAL(protos__chaincode_deployment_spec, code, cds);
    if (err) {
        *cds = NULL;
        return rt_error_wrap(err, "error unmarshaling ChaincodeDeploymentSpec");
    }
    return platforms_validate_deployment_spec(r, cds_cc_type(*cds), (*cds)->code_package);
}
