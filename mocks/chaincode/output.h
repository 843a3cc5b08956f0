/* What a chaincode's process prints, which the peer logs if it is attached to the container. */
#ifndef CCLAB_MOCKS_CHAINCODE_OUTPUT_H
#define CCLAB_MOCKS_CHAINCODE_OUTPUT_H

#include "mocks/chaincode/behaviour.h"
#include "model/rt/error.h"

#define CHAINCODE_OUTPUTS(X) X(STDOUT, "stdout") X(STDERR, "stderr")

enum chaincode_output {
#define CHAINCODE_OUTPUT_ENUM(name, text) CHAINCODE_##name,
    CHAINCODE_OUTPUTS(CHAINCODE_OUTPUT_ENUM)
#undef CHAINCODE_OUTPUT_ENUM
};

struct chaincode_print {
    enum chaincode_point at;
    uint32_t time; /* only the n-th time in the life of a process; 0: every time */
    enum chaincode_output to;
    rt_str text;
    bool unfinished; /* no line end is put behind it */
    size_t tag;      /* by which the world's `did` is told */
};

/* What is wrong with one, as a sentence; data == NULL if nothing is. */
rt_str chaincode_print_check(const struct chaincode_print *print);

struct life;

/* The process prints what its behaviour says at a point. */
void life_prints_at(struct life *life, enum chaincode_point point);
/* What Go prints when a panic ends a process; `place` is the function that panicked. */
void life_print_panic(struct life *life, rt_str text, const char *place);
/* What the shim and a main function as in Fabric's examples print when there is no stream to the
 * peer. */
void life_print_failure(struct life *life, const struct rt_error *err);

#endif
