/* The tables of a scenario's member "disk". */
#include "harness/scenario/spec.h"

static const char *const ops[] = RT_NAMES(DISK_OPS);
static const struct json_spec op = { .kind = JSON_SPEC_WORD, .words = ops };
static const char *const fault_kinds[] = RT_NAMES(DISK_FAULTS);
static const struct json_spec fault_kind = { .kind = JSON_SPEC_WORD, .words = fault_kinds };
static const struct json_spec error = { .kind = JSON_SPEC_WORD, .words = disk_error_names };
static const struct json_spec milliseconds = { .kind = JSON_SPEC_INT, .min = -1, .max = 86400000 };

static const struct json_spec time = { .kind = JSON_SPEC_INT, .min = 0, .max = 86400000 };

static const struct json_field fault_fields[] = {
    { "kind", &fault_kind, AT(disk_fault_text, kind), .required = true,
            .about = "What goes wrong." },
    { "op", &op, AT(disk_fault_text, op), .otherwise = "\"any\"",
            .about = "The operation that is hit, as Go's errors name it." },
    { "path", &spec_name, AT(disk_fault_text, path),
            .about = "Part of the file's path; absent: any." },
    { "from_ms", &time, AT(disk_fault_text, when.from_ms), .otherwise = "0",
            .about = "The virtual time from which occurrences count." },
    { "first", &spec_ordinal, AT(disk_fault_text, when.first), .otherwise = "1",
            .about = "The first occurrence that is hit." },
    { "count", &spec_count, AT(disk_fault_text, when.count), .otherwise = "1",
            .about = "How many are hit; 0: all from the first on." },
    { "maybe", &spec_flag, AT(disk_fault_text, when.maybe), .otherwise = "false",
            .about = "A choice decides each time; it does not happen in the plain run." },
    { "errno", &error, AT(disk_fault_text, error), .otherwise = "\"EIO\"", .only = "error",
            .about = "What the operating system says." },
    { "bytes", &spec_number, AT(disk_fault_text, bytes),
            .about = "How many bytes are read or written before; absent: half of them." },
    { "ms", &milliseconds, AT(disk_fault_text, ms), .only = "hang",
            .about = "How long it takes; -1: for ever." },
    { 0 },
};
static const struct json_form forms[] = { { "hang", { "ms" } }, { 0 } };
static const struct json_spec fault = {
    .kind = JSON_SPEC_OBJECT,
    .name = "disk_fault",
    .about = "What goes wrong on the peer's disk, and when; of several that fit, the first "
             "happens.",
    .fields = fault_fields,
    .size = sizeof(struct disk_fault_text),
    .head = "kind",
    .forms = forms,
    .place = AT(disk_fault_text, node),
    .has_place = true,
};
static const struct json_spec faults = { .kind = JSON_SPEC_ARRAY, .element = &fault };

static const struct json_field disk_fields[] = {
    { "faults", &faults, 0, .about = "What goes wrong." },
    { 0 },
};
const struct json_spec spec_disk = {
    .kind = JSON_SPEC_OBJECT,
    .name = "disk",
    .about = "The disk that holds the peer's installed packages.",
    .fields = disk_fields,
    .size = sizeof(struct json_list),
};
