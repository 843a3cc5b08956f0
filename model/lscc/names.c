/* Follows ChaincodeNameRegExp and ChaincodeVersionRegExp of core/scc/lscc/lscc.go. */
#include "model/lscc/names.h"

#include "model/lscc/lscc_errors.h"

static bool is_alphanumeric(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Words of letters and digits, each separated from the next by one '-' or '_'. */
struct rt_error *lscc_is_valid_chaincode_name(rt_str name)
{
    bool in_word = false;
    for (size_t i = 0; i < name.len; i++) {
        uint8_t c = name.data[i];
        bool separates = in_word && (c == '-' || c == '_');
        if (!is_alphanumeric(c) && !separates)
            return lscc_invalid_chaincode_name_err(name);
        in_word = !separates;
    }
    return in_word ? NULL : lscc_invalid_chaincode_name_err(name);
}

struct rt_error *lscc_is_valid_chaincode_version(rt_str version)
{
    for (size_t i = 0; i < version.len; i++) {
        uint8_t c = version.data[i];
        if (!is_alphanumeric(c) && c != '_' && c != '.' && c != '+' && c != '-')
            return lscc_invalid_version_err(version);
    }
    return version.len > 0 ? NULL : lscc_invalid_version_err(version);
}
