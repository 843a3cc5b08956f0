/* The table of a scenario's member "system_chaincodes". */
#include "harness/scenario/spec.h"
#include "mocks/chaincode/system.h"

static const char *const points[] = RT_NAMES(SYSTEM_POINTS);
static const struct json_spec point = { .kind = JSON_SPEC_WORD, .words = points };
static const char *const kinds[] = RT_NAMES(SYSTEM_FAULTS);
static const struct json_spec kind = { .kind = JSON_SPEC_WORD, .words = kinds };
static const struct json_spec milliseconds = { .kind = JSON_SPEC_INT, .min = -1, .max = 86400000 };

static const struct json_field fields[] = {
    { "chaincode", &spec_name, AT(system_fault_text, chaincode), .required = true,
            .about = "Which: lscc, cscc or qscc." },
    { "at", &point, AT(system_fault_text, at), .required = true,
            .about = "Where: before it registers, in Init, in Invoke." },
    { "does", &kind, AT(system_fault_text, kind), .required = true,
            .about = "What it does there: it answers with an error, panics, hangs, or ends before "
                     "it "
                     "has registered." },
    { "message", &spec_name, AT(system_fault_text, message), .about = "What it says then." },
    { "channel", &spec_text, AT(system_fault_text, channel),
            .about = "Of init and invoke: only on this channel; empty: only for the peer itself." },
    { "ms", &milliseconds, AT(system_fault_text, ms), .otherwise = "-1",
            .about = "How long it hangs; -1: for ever." },
    { "first", &spec_ordinal, AT(system_fault_text, first), .otherwise = "1",
            .about = "The first occurrence that is hit." },
    { "count", &spec_count, AT(system_fault_text, count), .otherwise = "0",
            .about = "How many are hit; 0: all from the first on." },
    { "maybe", &spec_flag, AT(system_fault_text, maybe), .otherwise = "false",
            .about = "A choice decides each time; it does not happen in the plain run." },
    { 0 },
};
static const struct json_spec fault = {
    .kind = JSON_SPEC_OBJECT,
    .name = "system_chaincode",
    .about = "What a system chaincode does that it should not.",
    .fields = fields,
    .size = sizeof(struct system_fault_text),
    .place = AT(system_fault_text, node),
    .has_place = true,
};
const struct json_spec spec_system = { .kind = JSON_SPEC_ARRAY, .element = &fault };
