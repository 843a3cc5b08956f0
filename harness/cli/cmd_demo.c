/* cclab demo: the main job on real input, then a search for launch races. */
#include <stdio.h>

#include "harness/base/diag.h"
#include "harness/base/exit.h"
#include "harness/base/file.h"
#include "harness/base/out.h"
#include "harness/cli/commands.h"

#define CAPTURES "scenarios/captured-commands.json"
#define ANYWHERE "scenarios/die-anywhere.json"

static int call(const struct command *command, char **argv)
{
    int argc = 0;
    while (argv[argc])
        argc++;
    return command_run(command, argc, argv);
}

static int run(const void *options, const struct operands *operands)
{
    (void)options;
    (void)operands;
    if (!file_exists(CAPTURES) || !file_exists(ANYWHERE)) {
        diag("demo: run it in the root of the source tree: there is no " CAPTURES);
        return CCLAB_USAGE;
    }
    printf("== Five commands of the real 1.4.2 client, byte for byte, played to the modelled "
           "peer\n\n");
    char *play[] = { "run", CAPTURES, NULL };
    int status = call(&command_run_scenario, play);
    if (status != CCLAB_OK)
        return status;
    printf("\n== 10,000 random schedules of a launch whose container may die at any point\n\n");
    char *search[] = { "explore", ANYWHERE, "--schedules", "10000", "--seed", "1", "--strategy",
        "random", "--out", "reports/out", NULL };
    status = call(&command_explore, search);
    printf("\nA replay is drawn with: cclab replay FILE\n");
    return status == CCLAB_FOUND ? CCLAB_OK : status;
}

const struct command command_demo = {
    .name = "demo",
    .summary = "Plays captured commands to the modelled peer, then searches for launch races.",
    .operands = "",
    .options_size = 1,
    .run = run,
};
