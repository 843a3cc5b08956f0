/* cclab list: what there is to choose from. */
#include <stdio.h>
#include <string.h>

#include "harness/base/diag.h"
#include "harness/base/exit.h"
#include "harness/cli/commands.h"
#include "harness/conform/conform.h"
#include "harness/explore/search.h"
#include "harness/invariants/check.h"
#include "model/lab/variants.h"

static void list_suites(void)
{
    for (size_t i = 0; conform_suites[i]; i++)
        printf("%-16s %s\n", conform_suites[i]->name, conform_suites[i]->summary);
}

static void list_variants(void)
{
    for (int v = 0; v < VARIANT_COUNT; v++) {
        const struct variant_info *info = variant_describe((enum variant)v);
        printf("%-36s %-5s %s%s%s\n", info->id, info->fix ? "fix" : "bug", info->issue,
                *info->issue ? ": " : "", info->sentence);
    }
}

static void list_invariants(void)
{
    for (size_t i = 0; invariants[i]; i++)
        printf("%-12s %s\n", invariants[i]->name, invariants[i]->sentence);
}

static void list_strategies(void)
{
    for (const struct search_info *info = search_list(); info->name; info++)
        printf("%-12s %s\n", info->name, info->sentence);
}

static const struct {
    const char *name;
    void (*list)(void);
} lists[] = {
    { "suites", list_suites },
    { "variants", list_variants },
    { "invariants", list_invariants },
    { "strategies", list_strategies },
};

static int run(const void *options, const struct operands *operands)
{
    (void)options;
    for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
        if (strcmp(lists[i].name, operands->items[0]) == 0) {
            lists[i].list();
            return CCLAB_OK;
        }
    }
    diag("list: there is no list of \"%s\"; see cclab list --help", operands->items[0]);
    return CCLAB_USAGE;
}

const struct command command_list = {
    .name = "list",
    .summary = "Lists suites, variants, invariants or strategies, with a sentence each.",
    .operands = "suites|variants|invariants|strategies",
    .options_size = 1,
    .min_operands = 1,
    .max_operands = 1,
    .run = run,
};
