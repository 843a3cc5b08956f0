/* The settings of the release. */
#include "model/lab/host_config.h"

struct docker_host_config docker_host_config_default(void)
{
    static struct host_config_log_option options[] = {
        { RT_STR_INIT("max-file"), RT_STR_INIT("5") },
        { RT_STR_INIT("max-size"), RT_STR_INIT("50m") },
    };
    return (struct docker_host_config){
        .network_mode = RT_STR("host"),
        .log_type = RT_STR("json-file"),
        .log_options = options,
        .log_option_count = 2,
        .memory = 2147483648,
    };
}
