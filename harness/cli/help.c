/* What a command's --help prints, made from its table of flags. */
#include <stdio.h>
#include <string.h>

#include "harness/cli/command.h"

/* Prints text in lines of at most 78 columns, each indented. */
static void put_wrapped(const char *text, int indent, int column)
{
    while (*text) {
        size_t word = strcspn(text, " \n");
        if (column + 1 + (int)word > 78 && column > indent) {
            printf("\n%*s", indent, "");
            column = indent;
        } else if (column > indent) {
            putchar(' ');
            column++;
        }
        printf("%.*s", (int)word, text);
        column += (int)word;
        text += word;
        while (*text == ' ' || *text == '\n')
            text++;
    }
    putchar('\n');
}

void command_help(const struct command *command)
{
    bool flags = command->flags && command->flags->name;
    printf("Usage: cclab %s%s%s%s\n\n", command->name, flags ? " [FLAGS]" : "",
            *command->operands ? " " : "", command->operands);
    put_wrapped(command->summary, 0, 0);
    if (command->details)
        printf("\n%s\n", command->details);
    printf("\nEvery command ends with 10 if its output cannot be written.\n");
    if (flags)
        printf("\nFlags:\n");
    for (const struct flag *flag = command->flags; flag && flag->name; flag++) {
        char left[64];
        snprintf(left, sizeof(left), "  --%s%s%s", flag->name, flag->value ? " " : "",
                flag->value ? flag->value : "");
        printf("%-25s ", left);
        if (strlen(left) > 25)
            printf("\n%26s", "");
        put_wrapped(flag->about, 26, 26);
    }
}
