/* What every test program begins with: cmocka, and what it wants included before it. */
#ifndef CCLAB_TESTS_SUPPORT_TEST_H
#define CCLAB_TESTS_SUPPORT_TEST_H

/* Before cmocka, which uses them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
