/* Follows core/chaincode/config.go. */
#include "model/chaincode/config.h"

#include <strings.h>

#include "model/rt/clock.h"

/* strconv.Atoi. */
static bool parse_int(rt_str s, int64_t *value)
{
    size_t i = s.len > 0 && (s.data[0] == '+' || s.data[0] == '-') ? 1 : 0;
    if (i == s.len)
        return false;
    int64_t n = 0;
    for (; i < s.len; i++) {
        if (s.data[i] < '0' || s.data[i] > '9')
            return false;
        if (__builtin_mul_overflow(n, 10, &n) || __builtin_sub_overflow(n, s.data[i] - '0', &n))
            return false;
    }
    if (s.data[0] == '-')
        *value = n;
    else if (__builtin_sub_overflow(0, n, value))
        return false;
    return true;
}

int64_t chaincode_config_to_seconds(rt_str s, int64_t def)
{
    int64_t seconds;
    if (!parse_int(s, &seconds))
        seconds = def;
    /* time.Duration wraps around. */
    return (int64_t)((uint64_t)seconds * (uint64_t)RT_SECOND);
}

bool chaincode_config_is_log_level(rt_str level)
{
    static const char *const levels[] = { "CRITICAL", "ERROR", "WARNING", "NOTICE", "INFO",
        "DEBUG" };
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (level.len == strlen(levels[i]) &&
                strncasecmp((const char *)level.data, levels[i], level.len) == 0)
            return true;
    return false;
}

static rt_str log_level(rt_str level)
{
    return chaincode_config_is_log_level(level) ? level : RT_STR("INFO");
}

struct chaincode_config chaincode_config_load(bool tls_enabled, rt_str keepalive,
        int64_t execute_timeout_ns, int64_t startup_timeout_ns, rt_str log_format,
        rt_str chaincode_log_level, rt_str shim_log_level)
{
    return (struct chaincode_config){
        .tls_enabled = tls_enabled,
        .keepalive_ns = chaincode_config_to_seconds(keepalive, 0),
        .execute_timeout_ns = execute_timeout_ns < RT_SECOND ? 30 * RT_SECOND : execute_timeout_ns,
        .startup_timeout_ns =
                startup_timeout_ns < 5 * RT_SECOND ? 5 * RT_SECOND : startup_timeout_ns,
        .log_format = log_format,
        .log_level = log_level(chaincode_log_level),
        .shim_log_level = log_level(shim_log_level),
    };
}
