/* The end of a program in which something does not hold. */
#include "model/rt/check.h"

#include <stdio.h>
#include <stdlib.h>

void rt_check_failed(const char *what, const char *file, int line, const char *function)
{
    (void)fprintf(stderr, "cclab: %s:%d: %s: must hold: %s\n", file, line, function, what);
    abort();
}
