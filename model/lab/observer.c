#include "model/lab/observer.h"

static const char *const names[] = {
#define OBSERVED_NAME(name, text) text,
    OBSERVED_EVENTS(OBSERVED_NAME)
};

const char *observed_kind_name(enum observed_kind kind)
{
    return names[kind];
}
