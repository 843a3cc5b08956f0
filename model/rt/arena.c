/* The arena: blocks of memory that are handed out from their beginning and kept from run to run. */
#include "model/rt/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif

/* Under AddressSanitizer free memory is poisoned, and a gap after each object stays so. */
#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
#define ARENA_GAP ((size_t)16)
#define arena_poison(p, n) __asan_poison_memory_region((p), (n))
#define arena_unpoison(p, n) __asan_unpoison_memory_region((p), (n))
#else
#define ARENA_GAP ((size_t)0)
#define arena_poison(p, n) ((void)(p), (void)(n))
#define arena_unpoison(p, n) ((void)(p), (void)(n))
#endif

#define ARENA_ALIGN ((size_t)16)
#define ARENA_BLOCK ((size_t)64 * 1024)
/* A run that grew large goes on in large blocks, whose pages the system gives in one call instead
 * of one fault each. */
#define ARENA_LARGE ((size_t)1024 * 1024)
#define ARENA_KEEP ((size_t)4 * 1024 * 1024)

struct block {
    struct block *next;
    size_t size; /* of the data that follows */
    _Alignas(16) unsigned char data[];
};

struct rt_arena {
    unsigned char *at;
    unsigned char *end;
    struct block *current; /* the last one in use; the ones after it are spare */
    struct block *first;
    size_t used;
    bool tracked;
    struct rt_arena_object *objects;
    size_t object_count;
    size_t object_cap;
};

static _Thread_local struct rt_arena *current_arena;

static void die(const char *what, size_t size) __attribute__((noreturn));
static void die(const char *what, size_t size)
{
    (void)fprintf(stderr, "cclab: %s (%zu bytes wanted)\n", what, size);
    abort();
}

struct rt_arena *rt_arena_new(void)
{
    struct rt_arena *arena = calloc(1, sizeof(*arena));
    if (!arena)
        die("out of memory", sizeof(*arena));
    return arena;
}

static void free_blocks(struct block *b)
{
    while (b) {
        struct block *next = b->next;
        arena_unpoison(b->data, b->size);
        free(b);
        b = next;
    }
}

void rt_arena_free(struct rt_arena *arena)
{
    if (!arena)
        return;
    if (current_arena == arena)
        current_arena = NULL;
    free_blocks(arena->first);
    free(arena->objects);
    free(arena);
}

static void enter(struct rt_arena *arena, struct block *b)
{
    arena->current = b;
    arena->at = b ? b->data : NULL;
    arena->end = b ? b->data + b->size : NULL;
}

void rt_arena_reset(struct rt_arena *arena)
{
    size_t kept = 0;
    struct block **link = &arena->first;
    bool spare = !arena->current; /* blocks after the current one are poisoned already */
    while (*link && kept + (*link)->size <= ARENA_KEEP) {
        kept += (*link)->size;
        if (!spare)
            arena_poison((*link)->data, (*link)->size);
        spare |= *link == arena->current;
        link = &(*link)->next;
    }
    free_blocks(*link);
    *link = NULL;
    enter(arena, arena->first);
    arena->used = 0;
    arena->tracked = false;
    arena->object_count = 0;
}

void rt_arena_track(struct rt_arena *arena, bool on)
{
    arena->tracked = on;
}

struct rt_arena_object *rt_arena_objects(struct rt_arena *arena, size_t *count)
{
    *count = arena->object_count;
    return arena->objects;
}

static void track(struct rt_arena *arena, const unsigned char *start, size_t size)
{
    if (arena->object_count == arena->object_cap) {
        size_t cap = arena->object_cap ? 2 * arena->object_cap : 1024;
        struct rt_arena_object *objects = realloc(arena->objects, cap * sizeof(*objects));
        if (!objects)
            die("out of memory", cap * sizeof(*objects));
        arena->objects = objects;
        arena->object_cap = cap;
    }
    arena->objects[arena->object_count++] = (struct rt_arena_object){ start, size, false };
}

size_t rt_arena_used(const struct rt_arena *arena)
{
    return arena->used;
}

size_t rt_arena_place(const struct rt_arena *arena, const void *memory)
{
    uintptr_t p = (uintptr_t)(memory ? memory : arena->at);
    size_t before = 1;
    for (const struct block *b = arena->current ? arena->first : NULL; b; b = b->next) {
        uintptr_t start = (uintptr_t)b->data, end = start + b->size;
        if (p >= start && (p < end || (!memory && b == arena->current)))
            return before + (p - start);
        before += b->size;
        if (b == arena->current)
            break;
    }
    return memory ? 0 : before;
}

struct rt_arena *rt_arena_use(struct rt_arena *arena)
{
    struct rt_arena *before = current_arena;
    current_arena = arena;
    return before;
}

struct rt_arena *rt_arena_current(void)
{
    return current_arena;
}

static void populate(void *data, size_t size)
{
#ifdef MADV_POPULATE_WRITE
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t from = ((uintptr_t)data + page - 1) & ~(page - 1);
    uintptr_t to = ((uintptr_t)data + size) & ~(page - 1);
    if (from < to)
        (void)madvise((void *)from, to - from, MADV_POPULATE_WRITE);
#else
    (void)data;
    (void)size;
#endif
}

/* A new block; one that is larger than usual is zero already, which costs nothing before its pages
 * are touched. */
static struct block *new_block(size_t data)
{
    struct block *b = NULL;
    if (data < SIZE_MAX - sizeof(*b))
        b = data > ARENA_LARGE ? calloc(1, sizeof(*b) + data) : malloc(sizeof(*b) + data);
    return b;
}

/* Takes the next spare block if it is large enough, else puts a new one in front of it. *zero: the
 * memory is zero already. */
static void *alloc_slow(struct rt_arena *arena, size_t size, bool *zero)
{
    struct block *spare = arena->current ? arena->current->next : arena->first;
    if (!spare || spare->size < size) {
        size_t usual = arena->used < ARENA_LARGE ? ARENA_BLOCK : ARENA_LARGE;
        size_t data = size > usual ? size : usual;
        struct block *b = new_block(data);
        if (!b)
            die("out of memory", size);
        *zero = data > ARENA_LARGE;
        if (data == ARENA_LARGE)
            populate(b->data, data);
        b->size = data;
        b->next = spare;
        *(arena->current ? &arena->current->next : &arena->first) = b;
        arena_poison(b->data, b->size);
        spare = b;
    }
    enter(arena, spare);
    void *p = arena->at;
    arena->at += size;
    return p;
}

void *rt_alloc_in(struct rt_arena *arena, size_t size)
{
    if (size > PTRDIFF_MAX - 2 * ARENA_ALIGN)
        die("out of memory", size);
    size_t rounded = ((size ? size : 1) + ARENA_GAP + ARENA_ALIGN - 1) & ~(ARENA_ALIGN - 1);
    void *p;
    bool zero = false;
    if (rounded <= (size_t)(arena->end - arena->at)) {
        p = arena->at;
        arena->at += rounded;
    } else {
        p = alloc_slow(arena, rounded, &zero);
    }
    arena->used += rounded;
    arena_unpoison(p, size);
    if (arena->tracked)
        track(arena, p, size);
    return zero ? p : memset(p, 0, size);
}

void *rt_alloc(size_t size)
{
    if (!current_arena)
        die("no current arena", size);
    return rt_alloc_in(current_arena, size);
}

void *rt_calloc(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        die("out of memory", SIZE_MAX);
    return rt_alloc(bytes);
}

void *rt_grow(const void *array, size_t count, size_t new_count, size_t size)
{
    void *p = rt_calloc(new_count, size);
    size_t keep = count < new_count ? count : new_count;
    if (keep)
        memcpy(p, array, keep * size);
    return p;
}

size_t rt_reserve_cap(size_t cap, size_t count, size_t size)
{
    size_t larger = cap ? cap : size < 8 ? 64 / size : 8;
    while (larger < count)
        larger = larger > SIZE_MAX / 2 ? count : 2 * larger;
    return larger;
}
