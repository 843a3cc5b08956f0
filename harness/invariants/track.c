/* Records in maps, by name or by address. */
#include "harness/invariants/track.h"

#include "model/rt/arena.h"

void *track_name(struct rt_map *map, rt_str name, size_t size)
{
    void *record = rt_map_get(map, name);
    if (!record) {
        record = rt_alloc(size);
        rt_map_put(map, rt_str_dup(name), record);
    }
    return record;
}

void *track_object(struct rt_map *map, const void *object, size_t size)
{
    return track_name(map, rt_bytes_from(&object, sizeof(object)), size);
}

void *track_find(struct rt_map *map, const void *object)
{
    return rt_map_get(map, rt_bytes_from(&object, sizeof(object)));
}

rt_str track_cc_name(rt_str cname)
{
    ptrdiff_t colon = rt_str_index(cname, RT_STR(":"));
    return colon < 0 ? cname : rt_str_slice(cname, 0, (size_t)colon);
}

rt_str track_cc_version(rt_str cname)
{
    ptrdiff_t colon = rt_str_index(cname, RT_STR(":"));
    return colon < 0 ? RT_STR("") : rt_str_slice(cname, (size_t)colon + 1, cname.len);
}
