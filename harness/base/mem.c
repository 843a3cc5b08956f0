/* Allocation that ends the program when there is no memory. */
#include "harness/base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *checked(void *memory)
{
    if (!memory) {
        fputs("cclab: out of memory\n", stderr);
        abort();
    }
    return memory;
}

void *mem_alloc(size_t size)
{
    return checked(calloc(1, size ? size : 1));
}

void *mem_alloc_array(size_t count, size_t size)
{
    return checked(calloc(count ? count : 1, size));
}

void *mem_copy(const void *data, size_t size)
{
    void *copy = checked(malloc(size ? size : 1));
    if (size)
        memcpy(copy, data, size);
    return copy;
}

char *mem_string(const char *text)
{
    return mem_copy(text, strlen(text) + 1);
}

char *mem_string_of(const char *text, size_t len)
{
    char *copy = checked(malloc(len + 1));
    if (len)
        memcpy(copy, text, len);
    copy[len] = '\0';
    return copy;
}

char *mem_vformat(const char *format, va_list args)
{
    char *text = NULL;
    if (vasprintf(&text, format, args) < 0)
        text = NULL;
    return checked(text);
}

char *mem_format(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = mem_vformat(format, args);
    va_end(args);
    return text;
}

FILE *mem_stream(char **text, size_t *size)
{
    return checked(open_memstream(text, size));
}

void mem_grow(void *array, size_t *cap, size_t count, size_t size)
{
    size_t larger = *cap ? *cap : 16;
    while (larger < count)
        larger = larger > SIZE_MAX / 2 ? count : 2 * larger;
    void *old;
    memcpy(&old, array, sizeof(old));
    char *items = checked(reallocarray(old, larger, size));
    memset(items + *cap * size, 0, (larger - *cap) * size);
    memcpy(array, &items, sizeof(items));
    *cap = larger;
}
