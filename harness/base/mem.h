/* Memory that outlives runs. There is always some: when the system has none left the program says
 * so and ends. What these functions return is freed with free(). */
#ifndef CCLAB_HARNESS_BASE_MEM_H
#define CCLAB_HARNESS_BASE_MEM_H

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

/* Zeroed memory. */
void *mem_alloc(size_t size) __attribute__((malloc, alloc_size(1), returns_nonnull));
/* `count` zeroed objects of `size` bytes. */
void *mem_alloc_array(size_t count, size_t size)
        __attribute__((malloc, alloc_size(1, 2), returns_nonnull));
#define mem_new(type) ((type *)mem_alloc(sizeof(type)))
#define mem_new_array(type, count) ((type *)mem_alloc_array((count), sizeof(type)))

/* A copy of `size` bytes, of a string, of a string's first `len` bytes with a zero behind them. */
void *mem_copy(const void *data, size_t size) __attribute__((malloc, returns_nonnull));
char *mem_string(const char *text) __attribute__((malloc, returns_nonnull, nonnull));
char *mem_string_of(const char *text, size_t len) __attribute__((malloc, returns_nonnull));
/* A string as printf() would print it. */
char *mem_format(const char *format, ...)
        __attribute__((malloc, returns_nonnull, format(printf, 1, 2)));
char *mem_vformat(const char *format, va_list args)
        __attribute__((malloc, returns_nonnull, format(printf, 1, 0)));

/* A stream that writes to memory: fclose() leaves what was written in *text, its length in
 * *size. */
FILE *mem_stream(char **text, size_t *size) __attribute__((returns_nonnull, nonnull));

/* Grows an array so that it holds at least `count` elements of `size` bytes, at least doubling it;
 * new elements are zero. `array` is the address of a pointer that is NULL or from here; *cap is how
 * many elements it holds. mem_reserve(list->items, list->cap, list->count + 1) takes the pointer,
 * a size_t and the size from the type. */
#define mem_reserve(items, cap, count) mem_reserve_size(&(items), &(cap), (count), sizeof(*(items)))

void mem_grow(void *array, size_t *cap, size_t count, size_t size) __attribute__((nonnull));
static inline void mem_reserve_size(void *array, size_t *cap, size_t count, size_t size)
{
    if (count > *cap)
        mem_grow(array, cap, count, size);
}

#endif
