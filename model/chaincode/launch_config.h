/* How a chaincode's container is started: arguments, environment, files.
 *
 * Follows LaunchConfig of core/chaincode/container_runtime.go. */
#ifndef CCLAB_MODEL_CHAINCODE_LAUNCH_CONFIG_H
#define CCLAB_MODEL_CHAINCODE_LAUNCH_CONFIG_H

#include "model/accesscontrol/access.h"
#include "model/container/vm.h"

/* CertGenerator: makes a client certificate for a chaincode; *pair may be left NULL (Go's nil). */
struct cert_generator {
    void *self;
    struct rt_error *(*generate)(
            void *self, rt_str cc_name, const struct cert_and_priv_key_pair **pair);
};

#define TLS_CLIENT_KEY_PATH "/etc/hyperledger/fabric/client.key"
#define TLS_CLIENT_CERT_PATH "/etc/hyperledger/fabric/client.crt"
#define TLS_CLIENT_ROOT_CERT_PATH "/etc/hyperledger/fabric/peer.crt"

struct launch_config {
    struct str_slice args;
    struct str_slice envs;
    struct rt_map *files; /* path -> rt_bytes *; NULL without TLS */
};

/* The fields of ContainerRuntime that a launch configuration comes from. */
struct launch_config_source {
    const struct cert_generator *cert_generator; /* NULL: TLS is off */
    rt_bytes ca_cert;
    struct str_slice common_env;
    rt_str peer_address;
};

/* ContainerRuntime.LaunchConfig for the chaincode `cname` ("name:version") of a type ("GOLANG"). */
RT_MUST_USE struct rt_error *launch_config_make(const struct launch_config_source *source,
        rt_str cname, rt_str cc_type, struct launch_config **out);

/* LaunchConfig.String. */
rt_str launch_config_string(const struct launch_config *lc);

#endif
