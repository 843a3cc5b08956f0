/* Runs a fuzz target over files and folders of inputs: the regression test of a corpus, and the way
 * to look at one input without a fuzzer.
 *
 *   <target>_replay [--repeat N] PATH...
 *
 * --repeat runs everything N times and prints the speed. Exits 2 if there was no input at all. */
#include "fuzz/fuzz.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum { INPUT_LIMIT = 64 << 20 };

struct inputs {
    struct input {
        uint8_t *data;
        size_t size;
    } * at;
    size_t count;
    size_t cap;
};

static void fail(const char *path, const char *what)
{
    (void)fprintf(stderr, "%s: %s\n", path, what);
    exit(2);
}

static void add_file(struct inputs *in, const char *path, size_t size)
{
    if (size > INPUT_LIMIT)
        fail(path, "too large");
    if (in->count == in->cap) {
        in->cap = in->cap > 0 ? 2 * in->cap : 64;
        in->at = realloc(in->at, in->cap * sizeof *in->at);
        if (!in->at)
            fail(path, "out of memory");
    }
    struct input *input = &in->at[in->count++];
    FILE *file = fopen(path, "rb");
    /* Exactly as large as the input, so that reading past it is seen. */
    input->data = malloc(size > 0 ? size : 1);
    input->size = size;
    if (!file || !input->data || fread(input->data, 1, size, file) != size)
        fail(path, "cannot read");
    (void)fclose(file);
}

static void add_path(struct inputs *in, const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0)
        fail(path, "no such file");
    if (!S_ISDIR(st.st_mode)) {
        add_file(in, path, (size_t)st.st_size);
        return;
    }
    struct dirent **entries;
    int count = scandir(path, &entries, NULL, alphasort);
    if (count < 0)
        fail(path, "cannot list");
    for (int i = 0; i < count; i++) {
        char *inner = NULL;
        if (entries[i]->d_name[0] != '.') {
            if (asprintf(&inner, "%s/%s", path, entries[i]->d_name) < 0)
                fail(path, "out of memory");
            add_path(in, inner);
        }
        free(inner);
        free(entries[i]);
    }
    free(entries);
}

static double now(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

int main(int argc, char **argv)
{
    struct inputs in = { 0 };
    unsigned long repeat = 1;
    int i = 1;
    if (argc > 2 && strcmp(argv[1], "--repeat") == 0) {
        repeat = strtoul(argv[2], NULL, 10);
        i = 3;
    }
    for (; i < argc; i++)
        add_path(&in, argv[i]);
    if (in.count == 0) {
        (void)fprintf(stderr, "usage: %s [--repeat N] PATH...\nno inputs\n", argv[0]);
        return 2;
    }
    double start = now();
    for (unsigned long n = 0; n < repeat; n++)
        for (size_t j = 0; j < in.count; j++)
            (void)LLVMFuzzerTestOneInput(in.at[j].data, in.at[j].size);
    double seconds = now() - start;
    (void)printf("%zu inputs, %.0f runs a second\n", in.count,
            (double)in.count * (double)repeat / (seconds > 0 ? seconds : 1e-9));
    for (size_t j = 0; j < in.count; j++)
        free(in.at[j].data);
    free(in.at);
    return 0;
}
