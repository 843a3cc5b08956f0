/* Follows core/scc/lscc/errors.go. */
#include "model/lscc/lscc_errors.h"

#define LSCC_ERROR(name, type, text)                                                               \
    struct rt_error *name(type about)                                                              \
    {                                                                                              \
        return rt_errorf(text, about);                                                             \
    }
#define LSCC_PLAIN_ERROR(name, text)                                                               \
    struct rt_error *name(void)                                                                    \
    {                                                                                              \
        return rt_errorf(text);                                                                    \
    }
LSCC_ERRORS(LSCC_ERROR)
LSCC_PLAIN_ERRORS(LSCC_PLAIN_ERROR)
