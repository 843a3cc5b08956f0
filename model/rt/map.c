/* Maps: open addressing, with the order of iteration sorted or drawn. */
#include "model/rt/map.h"

#include "model/rt/arena.h"
#include "model/rt/rt.h"

#include <stdlib.h>

/* Open addressing with linear probing; the table has a power of two of slots, at most 3/4 full. */
struct slot {
    rt_str key;
    void *value;
    uint64_t hash;
    bool used;
};

struct rt_map {
    struct slot *slots;
    size_t mask; /* number of slots - 1 */
    size_t len;
};

struct rt_map *rt_map_new(void)
{
    return rt_new(struct rt_map);
}

/* The slot that holds the key, or the free one where it would go. */
static struct slot *find(const struct rt_map *map, rt_str key, uint64_t hash)
{
    size_t i = hash & map->mask;
    while (map->slots[i].used && (map->slots[i].hash != hash || !rt_str_eq(map->slots[i].key, key)))
        i = (i + 1) & map->mask;
    return &map->slots[i];
}

static struct slot *lookup(const struct rt_map *map, rt_str key)
{
    if (!map || !map->len)
        return NULL;
    struct slot *slot = find(map, key, rt_str_hash(key));
    return slot->used ? slot : NULL;
}

void *rt_map_get(const struct rt_map *map, rt_str key)
{
    struct slot *slot = lookup(map, key);
    return slot ? slot->value : NULL;
}

bool rt_map_has(const struct rt_map *map, rt_str key)
{
    return lookup(map, key) != NULL;
}

static void grow(struct rt_map *map)
{
    struct rt_map larger = { .len = map->len };
    size_t count = map->slots ? map->mask + 1 : 0;
    larger.mask = count ? 2 * count - 1 : 7;
    larger.slots = rt_new_array(struct slot, larger.mask + 1);
    for (size_t i = 0; i < count; i++) {
        if (map->slots[i].used)
            *find(&larger, map->slots[i].key, map->slots[i].hash) = map->slots[i];
    }
    *map = larger;
}

void rt_map_put_at(
        struct rt_map *map, rt_str key, void *value, const char *file, const char *function)
{
    if (!map)
        rt_panicf_at(file, function, "assignment to entry in nil map");
    if (!map->slots || map->len >= (map->mask + 1) / 4 * 3)
        grow(map);
    uint64_t hash = rt_str_hash(key);
    struct slot *slot = find(map, key, hash);
    if (!slot->used) {
        *slot = (struct slot){ .key = key, .hash = hash, .used = true };
        map->len++;
    }
    slot->value = value;
}

/* Closes the gap, so that no probe sequence is cut. */
void rt_map_delete(struct rt_map *map, rt_str key)
{
    struct slot *slot = lookup(map, key);
    if (!slot)
        return;
    size_t gap = (size_t)(slot - map->slots);
    for (size_t i = (gap + 1) & map->mask; map->slots[i].used; i = (i + 1) & map->mask) {
        size_t home = map->slots[i].hash & map->mask;
        if (((i - home) & map->mask) >= ((i - gap) & map->mask)) {
            map->slots[gap] = map->slots[i];
            gap = i;
        }
    }
    map->slots[gap] = (struct slot){ 0 };
    map->len--;
}

size_t rt_map_len(const struct rt_map *map)
{
    return map ? map->len : 0;
}

static int compare(const void *a, const void *b)
{
    return rt_str_cmp(((const struct rt_map_entry *)a)->key, ((const struct rt_map_entry *)b)->key);
}

struct rt_map_entry *rt_map_sorted(const struct rt_map *map)
{
    size_t n = rt_map_len(map);
    struct rt_map_entry *entries = rt_new_array(struct rt_map_entry, n);
    for (size_t i = 0, at = 0; at < n; i++) {
        const struct slot *slot = &map->slots[i];
        if (slot->used)
            entries[at++] = (struct rt_map_entry){ slot->key, slot->value };
    }
    qsort(entries, n, sizeof(*entries), compare);
    return entries;
}

struct rt_map_entry *rt_map_range(const struct rt_map *map)
{
    struct rt_map_entry *entries = rt_map_sorted(map);
    size_t n = rt_map_len(map);
    if (!rt_current())
        return entries;
    for (size_t i = 0; i + 1 < n; i++) {
        size_t pick = i + rt_choose(RT_CHOICE_MAP, (uint32_t)(n - i), "map order");
        struct rt_map_entry picked = entries[pick];
        memmove(&entries[i + 1], &entries[i], (pick - i) * sizeof(*entries));
        entries[i] = picked;
    }
    return entries;
}
