/* cclab schema: the JSON Schema of scenarios, made from the tables that read them. */
#include "harness/base/exit.h"
#include "harness/cli/commands.h"
#include "harness/json/json.h"
#include "harness/scenario/scenario.h"

static int run(const void *options, const struct operands *operands)
{
    (void)options;
    (void)operands;
    json_t *schema = json_schema(&scenario_spec, "scenario.schema.json", "cclab scenario");
    bool ok = json_write("-", schema);
    json_decref(schema);
    return ok ? CCLAB_OK : CCLAB_OUTPUT;
}

const struct command command_schema = {
    .name = "schema",
    .summary = "Prints the JSON Schema of scenario files.",
    .operands = "",
    .options_size = 1,
    .run = run,
};
