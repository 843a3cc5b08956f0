/* What must hold, said where it must hold.
 *
 * RT_CHECK() is for invariants of the program's own data: a failed one is a bug of ours, never of
 * the program that is simulated and never of a caller (rt_die() is for those). It is on in every
 * build but Release (CCLAB_CHECKS, cmake/options.cmake); there the condition is compiled and never
 * evaluated, so it must not have effects. */
#ifndef CCLAB_MODEL_RT_CHECK_H
#define CCLAB_MODEL_RT_CHECK_H

#ifdef CCLAB_CHECKS
#define RT_CHECK(cond) ((cond) ? (void)0 : rt_check_failed(#cond, __FILE__, __LINE__, __func__))
#else
#define RT_CHECK(cond) ((void)sizeof(!(cond)))
#endif

/* No pointer argument of the function may be NULL, or none of those (from 1). For what is NULL
 * never means anything; nil channels, errors, maps and strings do. The compiler warns of a NULL
 * that it sees, UBSan reports one that is passed, and a test of the argument within the function is
 * deleted: a function that tests is not RT_NONNULL. */
#define RT_NONNULL __attribute__((nonnull))
#define RT_NONNULL_AT(...) __attribute__((nonnull(__VA_ARGS__)))

/* Prints what does not hold and where, and aborts. */
void rt_check_failed(const char *what, const char *file, int line, const char *function)
        __attribute__((noreturn, cold)) RT_NONNULL;

#endif
