/* Settings of chaincode support.
 *
 * Follows core/chaincode/config.go: too small timeouts are replaced, so the values that a peer
 * works with are not always those of its configuration file. */
#ifndef CCLAB_MODEL_CHAINCODE_CONFIG_H
#define CCLAB_MODEL_CHAINCODE_CONFIG_H

#include "model/rt/str.h"

struct chaincode_config {
    bool tls_enabled;
    int64_t keepalive_ns;
    int64_t execute_timeout_ns;
    int64_t startup_timeout_ns;
    rt_str log_format;
    rt_str log_level;
    rt_str shim_log_level;
};

/* Config.load for these settings of core.yaml: a keepalive that is not a number is 0; an execute
 * timeout below a second becomes 30 seconds; a startup timeout below 5 seconds becomes 5 seconds; a
 * log level that does not exist becomes the default, "INFO". */
struct chaincode_config chaincode_config_load(bool tls_enabled, rt_str keepalive,
        int64_t execute_timeout_ns, int64_t startup_timeout_ns, rt_str log_format, rt_str log_level,
        rt_str shim_log_level);
/* toSeconds: `def` seconds if s is not a number. */
int64_t chaincode_config_to_seconds(rt_str s, int64_t def);
/* logging.LogLevel accepts it (any case). */
bool chaincode_config_is_log_level(rt_str level);

#endif
