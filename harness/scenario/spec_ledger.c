/* The tables of a scenario's member "ledger". */
#include "harness/scenario/spec.h"

static const char *const ops[] = RT_NAMES(STORAGE_OPS);
static const struct json_spec op = { .kind = JSON_SPEC_WORD, .words = ops };
static const char *const fault_kinds[] = RT_NAMES(LEDGER_FAULTS);
static const struct json_spec fault_kind = { .kind = JSON_SPEC_WORD, .words = fault_kinds };
static const struct json_spec milliseconds = { .kind = JSON_SPEC_INT, .min = -1, .max = 86400000 };
static const struct json_spec time = { .kind = JSON_SPEC_INT, .min = 0, .max = 86400000 };

static const struct json_field fault_fields[] = {
    { "kind", &fault_kind, AT(ledger_fault_text, kind), .required = true,
            .about = "What goes wrong." },
    { "op", &op, AT(ledger_fault_text, op), .otherwise = "\"any\"",
            .about = "The access that is hit." },
    { "channel", &spec_name, AT(ledger_fault_text, channel),
            .about = "The channel whose ledger it is; absent: any." },
    { "namespace", &spec_name, AT(ledger_fault_text, ns),
            .about = "The namespace of the state: a chaincode's name; absent: any." },
    { "key", &spec_name, AT(ledger_fault_text, key), .about = "Part of the key; absent: any." },
    { "from_ms", &time, AT(ledger_fault_text, when.from_ms), .otherwise = "0",
            .about = "The virtual time from which occurrences count." },
    { "first", &spec_ordinal, AT(ledger_fault_text, when.first), .otherwise = "1",
            .about = "The first occurrence that is hit." },
    { "count", &spec_count, AT(ledger_fault_text, when.count), .otherwise = "1",
            .about = "How many are hit; 0: all from the first on." },
    { "maybe", &spec_flag, AT(ledger_fault_text, when.maybe), .otherwise = "false",
            .about = "A choice decides each time; it does not happen in the plain run." },
    { "message", &spec_name, AT(ledger_fault_text, message), .only = "error",
            .about =
                    "What leveldb or the operating system says, for example \"leveldb: closed\"." },
    { "ms", &milliseconds, AT(ledger_fault_text, ms), .only = "hang",
            .about = "How long it takes; -1: for ever." },
    { 0 },
};
static const struct json_form forms[] = { { "error", { "message" } }, { "hang", { "ms" } }, { 0 } };
static const struct json_spec fault = {
    .kind = JSON_SPEC_OBJECT,
    .name = "ledger_fault",
    .about = "What goes wrong below the peer's ledgers, and when; of several that fit, the first "
             "happens.",
    .fields = fault_fields,
    .size = sizeof(struct ledger_fault_text),
    .head = "kind",
    .forms = forms,
    .place = AT(ledger_fault_text, node),
    .has_place = true,
};
static const struct json_spec faults = { .kind = JSON_SPEC_ARRAY, .element = &fault };

static const struct json_field ledger_fields[] = {
    { "faults", &faults, 0, .about = "What goes wrong." },
    { 0 },
};
const struct json_spec spec_ledger = {
    .kind = JSON_SPEC_OBJECT,
    .name = "ledger",
    .about = "The databases and block files below the peer's ledgers.",
    .fields = ledger_fields,
    .size = sizeof(struct json_list),
};
