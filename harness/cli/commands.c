/* The table of commands, and what the program does with its first word. */
#include "harness/cli/commands.h"

#include <stdio.h>
#include <string.h>

#include "harness/base/diag.h"
#include "harness/base/exit.h"
#include "harness/base/out.h"
#include "harness/base/version.h"

const struct command *const commands[] = {
    &command_run_scenario,
    &command_explore,
    &command_replay,
    &command_shrink,
    &command_suite,
    &command_merge,
    &command_bench_bugs,
    &command_conform,
    &command_demo,
    &command_list,
    &command_schema,
    &command_world,
    NULL,
};

static void help(void)
{
    printf("Usage: cclab COMMAND [FLAGS] [ARGUMENTS]\n\n"
           "A deterministic laboratory copy of the part of a Hyperledger Fabric 1.4.2 peer that\n"
           "launches chaincode: finds, replays and explains bugs there.\n\nCommands:\n");
    for (size_t i = 0; commands[i]; i++)
        printf("  %-10s %s\n", commands[i]->name, commands[i]->summary);
    printf("\ncclab COMMAND --help tells more.\n");
}

static int unknown(const char *name)
{
    const char *names[sizeof(commands) / sizeof(*commands) + 1] = { "help" };
    for (size_t i = 0; commands[i]; i++)
        names[i + 1] = commands[i]->name;
    const char *similar = diag_similar(name, names);
    if (similar)
        diag("unknown command \"%s\" (did you mean \"%s\"?); see cclab --help", name, similar);
    else
        diag("unknown command \"%s\"; see cclab --help", name);
    return CCLAB_USAGE;
}

static const struct command *find(const char *name)
{
    for (size_t i = 0; commands[i]; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static int dispatch(int argc, char **argv)
{
    if (argc < 2) {
        diag("no command given; see cclab --help");
        return CCLAB_USAGE;
    }
    const char *name = argv[1];
    const struct command *command = find(name);
    if (command)
        return command_run(command, argc - 1, argv + 1);
    bool asks = strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0;
    if (asks && argc > 2 && (command = find(argv[2])))
        command_help(command);
    else if (asks && argc > 2)
        return unknown(argv[2]);
    else if (asks)
        help();
    else if (strcmp(name, "--version") == 0)
        printf("cclab %s, models Hyperledger Fabric 1.4.2\n", version_text());
    else
        return unknown(name);
    return CCLAB_OK;
}

int commands_main(int argc, char **argv)
{
    out_init();
    return out_finish(dispatch(argc, argv));
}
