/* The languages that chaincodes come in.
 *
 * Follows core/chaincode/platforms: the registry and the platforms golang, node, java and car. */
#ifndef CCLAB_MODEL_CCPROVIDER_PLATFORMS_H
#define CCLAB_MODEL_CCPROVIDER_PLATFORMS_H

#include "model/rt/error.h"
#include "model/rt/str.h"
#include "proto/chaincode.pb-c.h"

/* util.DockerBuild: runs `cmd` in a container of `image` (empty: the default builder) with a tar at
 * /chaincode/input, and gives back a tar of /chaincode/output. */
struct docker_builder {
    void *self;
    struct rt_error *(*docker_build)(
            void *self, rt_str image, rt_str cmd, rt_bytes input, rt_bytes *output);
};

/* Settings from core.yaml that platforms read, after template expansion. */
struct platform_config {
    rt_str golang_runtime; /* chaincode.golang.runtime and so on */
    rt_str node_runtime;
    rt_str java_runtime;
    rt_str car_runtime;
    bool golang_dynamic_link;
};
/* As in the core.yaml of the release, for amd64. */
extern const struct platform_config platform_config_default;

/* platforms.Platform. */
struct platform {
    const char *name;
    struct rt_error *(*validate_code_package)(rt_bytes code);
    rt_str (*generate_dockerfile)(const struct platform_config *config);
    /* Appends to the uncompressed tar of the build context. */
    struct rt_error *(*generate_docker_build)(const struct platform_config *config,
            const struct docker_builder *builder, rt_str path, rt_bytes code, struct rt_buf *tar);
    /* MetadataProvider.GetMetadataAsTarEntries. */
    struct rt_error *(*get_metadata_as_tar_entries)(rt_bytes code, rt_bytes *tar);
};
extern const struct platform platform_golang;
extern const struct platform platform_node;
extern const struct platform platform_java;
extern const struct platform platform_car;

/* platforms.Registry. */
struct platforms_registry;

/* NewRegistry with these platforms, NULL at the end; `config` must outlive it. Panics on two of one
 * name. */
struct platforms_registry *platforms_new_registry(
        const struct platform_config *config, const struct platform *const *platforms);
/* The registry of a peer: golang, node, java, car, with default settings; shared and immutable. */
const struct platforms_registry *platforms_default_registry(void);

/* Registry.ValidateDeploymentSpec. */
RT_MUST_USE struct rt_error *platforms_validate_deployment_spec(
        const struct platforms_registry *r, rt_str cc_type, rt_bytes code_package);
/* Registry.GetMetadataProvider(...).GetMetadataAsTarEntries(): *known tells whether the type is
 * known; the error is otherwise the provider's. */
RT_MUST_USE struct rt_error *platforms_get_metadata_as_tar_entries(
        const struct platforms_registry *r, rt_str cc_type, rt_bytes code_package, bool *known,
        rt_bytes *tar);
/* Registry.GenerateDockerfile. */
RT_MUST_USE struct rt_error *platforms_generate_dockerfile(const struct platforms_registry *r,
        rt_str cc_type, rt_str name, rt_str version, rt_str *dockerfile);
/* Registry.GenerateDockerBuild: the build context, a tar in gzip. Fabric streams it from a
 * goroutine, so that an error of the platform shows up where the context is read: *stream_err. */
RT_MUST_USE struct rt_error *platforms_generate_docker_build(const struct platforms_registry *r,
        const struct docker_builder *builder, rt_str cc_type, rt_str path, rt_str name,
        rt_str version, rt_bytes code_package, rt_bytes *context, struct rt_error **stream_err);

/* utils.GetChaincodeDeploymentSpec: decodes and validates. *cds is NULL if decoding failed; it is
 * set together with an error if validation failed. */
RT_MUST_USE struct rt_error *platforms_get_chaincode_deployment_spec(
        const struct platforms_registry *r, rt_bytes code, Protos__ChaincodeDeploymentSpec **cds);

/* ccmetadata.ValidateMetadataFile. */
RT_MUST_USE struct rt_error *ccmetadata_validate_metadata_file(
        rt_str file_path_name, rt_bytes file_bytes);

#endif
