/* Map fields: repeated entries in order of key. */
#include "model/rt/arena.h"
#include "model/wire/tables.h"
#include "model/wire/wire.h"

/* Order of two keys. Go sorts keys of other kinds by value too; messages here have string keys. */
static int compare(const ProtobufCMessage *a, const ProtobufCMessage *b, size_t key)
{
    return rt_str_cmp(*(const rt_str *)(const void *)((const char *)a + key),
            *(const rt_str *)(const void *)((const char *)b + key));
}

static bool in_order(ProtobufCMessage *const *entries, size_t count, size_t key)
{
    for (size_t i = 1; i < count; i++)
        if (compare(entries[i - 1], entries[i], key) >= 0)
            return false;
    return true;
}

/* A stable merge sort, bottom up. */
static void sort(ProtobufCMessage **entries, size_t count, size_t key)
{
    ProtobufCMessage **from = entries;
    ProtobufCMessage **to = rt_new_array(ProtobufCMessage *, count);
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t low = 0; low < count; low += 2 * width) {
            size_t middle = low + width < count ? low + width : count;
            size_t high = middle + width < count ? middle + width : count;
            size_t a = low, b = middle;
            for (size_t i = low; i < high; i++)
                to[i] = a < middle && (b == high || compare(from[a], from[b], key) <= 0)
                                ? from[a++]
                                : from[b++];
        }
        ProtobufCMessage **other = from;
        from = to;
        to = other;
    }
    if (from != entries)
        memcpy(entries, from, count * sizeof *entries);
}

void wire_map_settle(ProtobufCMessage **entries, size_t *count, const struct wire_type *entry)
{
    size_t key = entry->fields[0].offset;
    if (in_order(entries, *count, key))
        return;
    sort(entries, *count, key);
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++) {
        if (kept > 0 && compare(entries[kept - 1], entries[i], key) == 0)
            kept--;
        entries[kept++] = entries[i];
    }
    *count = kept;
}

ProtobufCMessage **wire_map_sorted(
        ProtobufCMessage **entries, size_t *count, const struct wire_type *entry)
{
    if (in_order(entries, *count, entry->fields[0].offset))
        return entries;
    ProtobufCMessage **copy = rt_grow(entries, *count, *count, sizeof *entries);
    wire_map_settle(copy, count, entry);
    return copy;
}
