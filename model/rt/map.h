/* Go's map[string]T: pointers by string, in the current arena.
 *
 * Go leaves the order of iteration open. rt_map_range() therefore draws it from the decision source
 * when it is called in a run; code whose result does not depend on the order uses the sorted
 * form. */
#ifndef CCLAB_MODEL_RT_MAP_H
#define CCLAB_MODEL_RT_MAP_H

#include "model/rt/str.h"

struct rt_map;

/* make(map[string]T). */
struct rt_map *rt_map_new(void);
/* The value, or NULL; whether there is an entry. A NULL map reads as empty. */
void *rt_map_get(const struct rt_map *map, rt_str key);
bool rt_map_has(const struct rt_map *map, rt_str key);
/* Sets a value; the key's bytes are shared, not copied. Panics if the map is NULL, as in Go. */
#define rt_map_put(map, key, value) rt_map_put_at((map), (key), (value), __FILE__, __func__)
void rt_map_put_at(
        struct rt_map *map, rt_str key, void *value, const char *file, const char *function);
/* delete(map, key): no entry is no error. */
void rt_map_delete(struct rt_map *map, rt_str key);
/* len(map). */
size_t rt_map_len(const struct rt_map *map);

struct rt_map_entry {
    rt_str key;
    void *value;
};
/* A snapshot of all entries, rt_map_len() of them: ordered by key, or in an order drawn from the
 * decision source. */
struct rt_map_entry *rt_map_sorted(const struct rt_map *map);
struct rt_map_entry *rt_map_range(const struct rt_map *map);

#endif
