/* What fuzz targets share.
 *
 * A target is a file fuzz_<name>.c with LLVMFuzzerTestOneInput(). It is linked with libFuzzer
 * (preset fuzz), with AFL++'s driver (preset afl), and always with replay_main.c, which runs it
 * over files. A target leaves no state behind: memory comes from an arena that each input
 * resets. */
#ifndef CCLAB_FUZZ_FUZZ_H
#define CCLAB_FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the program when a promise is broken, so that the fuzzer keeps the input. */
#define FUZZ_CHECK(condition)                                                                      \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            (void)fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #condition);          \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

#endif
