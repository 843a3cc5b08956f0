/* The program's commands, one struct each; main.c lists them. */
#ifndef CCLAB_HARNESS_CLI_COMMANDS_H
#define CCLAB_HARNESS_CLI_COMMANDS_H

#include "harness/cli/command.h"
#include "harness/json/spec.h"

extern const struct command command_run_scenario;
extern const struct command command_explore;
extern const struct command command_replay;
extern const struct command command_shrink;
extern const struct command command_suite;
extern const struct command command_merge;
extern const struct command command_bench_bugs;
extern const struct command command_conform;
extern const struct command command_demo;
extern const struct command command_list;
extern const struct command command_schema;
extern const struct command command_world;

/* All of them, NULL at the end. */
extern const struct command *const commands[];

/* The files that run and replay write with --json. */
extern const struct json_spec run_file_spec;
extern const struct json_spec replay_file_spec;

/* Runs the command that argv[1] names; returns the program's exit status. */
int commands_main(int argc, char **argv);

#endif
