/* Versions of Go. */
#include "model/lab/go.h"

#include <ctype.h>

unsigned go_minor(rt_str version)
{
    unsigned minor = 0;
    if (version.len < 3 || version.data[0] != '1' || version.data[1] != '.')
        return 0;
    for (size_t i = 2; i < version.len && version.data[i] != '.'; i++) {
        if (!isdigit(version.data[i]) || minor > 99)
            return 0;
        minor = minor * 10 + (unsigned)(version.data[i] - '0');
    }
    return minor;
}
