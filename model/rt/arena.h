/* Memory of one run.
 *
 * A run allocates from one arena and frees nothing; the arena is reset between runs and keeps its
 * blocks, so that a million runs cost the memory of the largest one. All model code allocates with
 * rt_alloc() and rt_new(), from the arena that is current on this thread. An arena never returns
 * NULL: when the system has no memory left the program ends with a message, as Go's does. */
#ifndef CCLAB_MODEL_RT_ARENA_H
#define CCLAB_MODEL_RT_ARENA_H

#include <stdbool.h>
#include <stddef.h>

#include "model/rt/check.h"

struct rt_arena;

/* Makes an empty arena; the caller owns it and ends it with rt_arena_free(), which takes NULL. */
struct rt_arena *rt_arena_new(void);
void rt_arena_free(struct rt_arena *arena);

/* Forgets every allocation and keeps the blocks for reuse (a few megabytes at most: what a huge run
 * took beyond that goes back to the system). Pointers into the arena are dead afterwards. */
void rt_arena_reset(struct rt_arena *arena) RT_NONNULL;

/* Bytes handed out since the last reset. */
size_t rt_arena_used(const struct rt_arena *arena) RT_NONNULL;

/* How far into the arena the memory is: what was allocated later lies further on. 0 if it is not in
 * the arena; NULL stands for the next allocation. */
size_t rt_arena_place(const struct rt_arena *arena, const void *memory) RT_NONNULL_AT(1);

/* Sets the calling thread's current arena and returns the one before (NULL at first), so that a
 * caller can put it back. */
struct rt_arena *rt_arena_use(struct rt_arena *arena);
/* The current arena, or NULL. */
struct rt_arena *rt_arena_current(void);

/* Keeps a list of the objects that are allocated while it is on, until the next reset: for whoever
 * looks for pointers in them. `opaque` is for the keeper of the list. */
struct rt_arena_object {
    const unsigned char *start;
    size_t size;
    bool opaque;
};
void rt_arena_track(struct rt_arena *arena, bool on) RT_NONNULL;
/* The list, NULL if there is none; valid until the next allocation. */
struct rt_arena_object *rt_arena_objects(struct rt_arena *arena, size_t *count) RT_NONNULL;

/* Zeroed memory, aligned for any type, from the current arena or from `arena`. */
void *rt_alloc(size_t size) __attribute__((malloc, alloc_size(1), returns_nonnull));
void *rt_alloc_in(struct rt_arena *arena, size_t size)
        __attribute__((malloc, alloc_size(2), returns_nonnull)) RT_NONNULL;
/* `count` objects of `size` bytes; ends the program on overflow. */
void *rt_calloc(size_t count, size_t size)
        __attribute__((malloc, alloc_size(1, 2), returns_nonnull));
/* A larger copy of an array that holds `count` elements of `size` bytes; the old one stays
 * valid. */
void *rt_grow(const void *array, size_t count, size_t new_count, size_t size)
        __attribute__((returns_nonnull));

/* Grows an array of the current arena so that it holds at least `count` elements, at least doubling
 * it: new elements are zero, the old array stays valid. `items` is a pointer that is NULL or came
 * from the arena, `cap` an integer variable, how many elements it holds. Both are evaluated more
 * than once: rt_reserve(list->items, list->cap, list->count + 1). */
#define rt_reserve(items, cap, count)                                                              \
    do {                                                                                           \
        if ((count) > (cap)) {                                                                     \
            size_t rt_larger_ = rt_reserve_cap((cap), (count), sizeof(*(items)));                  \
            (items) = rt_grow((items), (cap), rt_larger_, sizeof(*(items)));                       \
            (cap) = (__typeof__(cap))rt_larger_;                                                   \
        }                                                                                          \
    } while (0)
size_t rt_reserve_cap(size_t cap, size_t count, size_t size);

#define rt_new(type) ((type *)rt_alloc(sizeof(type)))
#define rt_new_array(type, count) ((type *)rt_calloc((count), sizeof(type)))

#endif
