/* Names of containers and images: GetVMName and GetVMNameForDocker of
 * core/container/dockercontroller/dockercontroller.go. */
#include "model/container/docker_vm.h"

#include "model/crypto/crypto.h"

/* preFormatImageName */
static rt_str pre_format(rt_str network_id, rt_str peer_id, struct ccid ccid)
{
    rt_str name = ccid_get_name(ccid);
    if (network_id.len > 0 && peer_id.len > 0)
        return rt_sprintf("%S-%S-%S", network_id, peer_id, name);
    if (network_id.len > 0)
        return rt_sprintf("%S-%S", network_id, name);
    if (peer_id.len > 0)
        return rt_sprintf("%S-%S", peer_id, name);
    return name;
}

static bool alphanumeric(uint8_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool separator(uint8_t c)
{
    return c == '-' || c == '_' || c == '.';
}

/* vmRegExp: every character that is not allowed becomes one dash; an invalid byte is one by
 * itself. */
static rt_str sanitize(rt_str s)
{
    struct rt_buf buf = { 0 };
    uint32_t rune;
    for (size_t i = 0; i < s.len; i += rt_utf8_decode(rt_str_slice(s, i, s.len), &rune)) {
        uint8_t c = s.data[i];
        rt_buf_put_byte(&buf, alphanumeric(c) || separator(c) ? c : '-');
    }
    return rt_buf_str(&buf);
}

/* imageRegExp: lower-case letters and digits, single separators between them. */
static bool repository_name(rt_str s)
{
    bool after_separator = true;
    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.data[i];
        if (c >= 'A' && c <= 'Z')
            return false;
        if (!alphanumeric(c) && (!separator(c) || after_separator))
            return false;
        after_separator = separator(c);
    }
    return !after_separator;
}

rt_str docker_vm_get_vm_name(rt_str network_id, rt_str peer_id, struct ccid ccid)
{
    rt_str name = pre_format(network_id, peer_id, ccid);
    if (ccid.distinct) /* the variant FIX_NAMES_DISTINCT, see container_runtime.c */
        return rt_sprintf(
                "%S-%S", sanitize(name), rt_str_slice(rt_hex(crypto_sha256(name)), 0, 16));
    return sanitize(name);
}

struct rt_error *docker_vm_get_vm_name_for_docker(
        rt_str network_id, rt_str peer_id, struct ccid ccid, rt_str *image)
{
    rt_str name = pre_format(network_id, peer_id, ccid);
    rt_str image_name =
            rt_str_lower(rt_sprintf("%S-%S", sanitize(name), rt_hex(crypto_sha256(name))));
    if (!repository_name(image_name))
        return rt_errorf("Error constructing Docker VM Name. '%S' breaks Docker's repository "
                         "naming rules",
                image_name);
    *image = image_name;
    return NULL;
}
