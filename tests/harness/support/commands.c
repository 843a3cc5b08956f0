/* Commands called in a process of their own. */
#include "tests/harness/support/commands.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/file.h"
#include "harness/base/mem.h"
#include "harness/cli/commands.h"
#include "tests/harness/support/reports.h"
#include "tests/support/test.h"

static const char *reports = ""; /* of the last command */
static char paths[256][256];
static size_t path_count;

char *commands_folder(void)
{
    char *folder = mem_string("/tmp/cclab-test-XXXXXX");
    if (!mkdtemp(folder))
        abort();
    return folder;
}

void commands_remove(char *folder)
{
    char command[300];
    snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    if (system(command) != 0)
        abort();
    free(folder);
}

char *commands_here;

int commands_begin(void **state)
{
    *state = commands_here = commands_folder();
    return 0;
}

int commands_end(void **state)
{
    commands_remove(commands_here);
    *state = commands_here = NULL;
    return 0;
}

const char *commands_path(const char *folder, const char *name)
{
    char *path = paths[path_count++ % 256];
    snprintf(path, 256, "%s/%s", folder, name);
    return path;
}

const char *commands_file(const char *name, const char *text)
{
    const char *path = commands_path(commands_here, name);
    if (!file_write(path, text, strlen(text)))
        abort();
    return path;
}

static int call(const char *format, va_list args)
{
    char line[4096] = "cclab ";
    char *words[64] = { NULL };
    int count = 0;
    vsnprintf(line + 6, sizeof(line) - 6, format, args);
    for (char *word = strtok(line, " "); word && count < 63; word = strtok(NULL, " "))
        words[count++] = word;
    return commands_main(count, words);
}

int commands_call(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int status = call(format, args);
    va_end(args);
    return status;
}

int commands_run(const char *format, ...)
{
    va_list args;
    fflush(stdout);
    int kept = dup(STDOUT_FILENO), null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(null, STDOUT_FILENO);
    reports_begin();
    va_start(args, format);
    int status = call(format, args);
    va_end(args);
    reports = reports_end();
    fflush(stdout);
    dup2(kept, STDOUT_FILENO);
    close(kept);
    close(null);
    return status;
}

int commands_wait(pid_t child)
{
    int status = -1;
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

bool commands_reported(const char *part, const char *other)
{
    for (const char *line = reports; *line;) {
        size_t len = strcspn(line, "\n");
        char *copy = mem_string_of(line, len);
        bool has = strstr(copy, part) && strstr(copy, other);
        free(copy);
        if (has)
            return true;
        line += len + (line[len] == '\n');
    }
    return false;
}

const char *commands_reports(void)
{
    return reports;
}

json_t *commands_json(const char *path)
{
    json_error_t error;
    json_t *value = json_load_file(path, 0, &error);
    if (!value)
        fprintf(stderr, "%s:%d: %s\n", path, error.line, error.text);
    return value;
}

void commands_assert_junit(const char *path)
{
    char command[512];
    snprintf(command, sizeof(command),
            "xmllint --noout --schema tests/harness/support/junit.xsd %s >/dev/null", path);
    assert_int_equal(system(command), 0);
}

void commands_drop_times(json_t *value)
{
    const char *key;
    json_t *member;
    size_t i;
    if (json_is_object(value)) {
        json_object_del(value, "seconds");
        json_object_foreach(value, key, member) commands_drop_times(member);
    }
    if (json_is_array(value))
        json_array_foreach(value, i, member) commands_drop_times(member);
}
