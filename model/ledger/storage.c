/* Follows common/ledger/util/leveldbhelper/{leveldb_helper,leveldb_provider}.go, and the errors of
 * common/ledger/blkstorage/fsblkstorage about block files. */
#include "model/ledger/storage.h"

#include "model/rt/names.h"

const char *storage_op_name(enum storage_op op)
{
    static const char *const names[] = RT_NAMES(STORAGE_OPS);
    return rt_name(names, op);
}

struct rt_error *storage_access(const struct storage *s, enum storage_op op, rt_str ns, rt_str key)
{
    return s && s->hook.access ? s->hook.access(s->hook.self, s->channel, op, ns, key) : NULL;
}

/* Bytes as Go's %#v writes them, after a comma but at the begin. */
static void put_go_bytes(struct rt_buf *text, rt_bytes bytes)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < bytes.len; i++) {
        uint8_t byte = bytes.data[i];
        rt_buf_putz(text, text->len > 0 ? ", 0x" : "0x");
        if (byte >= 16)
            rt_buf_put_byte(text, (uint8_t)digits[byte >> 4]);
        rt_buf_put_byte(text, (uint8_t)digits[byte & 15]);
    }
}

/* constructLevelKey: the key in the database that channels share. */
static rt_str level_key(rt_str channel, rt_bytes db_key)
{
    struct rt_buf text = { 0 };
    put_go_bytes(&text, channel);
    put_go_bytes(&text, RT_STR("\0"));
    put_go_bytes(&text, db_key);
    return rt_sprintf("[]byte{%S}", rt_buf_str(&text));
}

struct rt_error *storage_get(
        const struct storage *s, enum storage_op op, rt_str ns, rt_str key, rt_bytes db_key)
{
    struct rt_error *err = storage_access(s, op, ns, key);
    return err ? rt_error_wrapf(
                         err, "error retrieving leveldb key [%S]", level_key(s->channel, db_key))
               : NULL;
}

struct rt_error *storage_write_batch(const struct storage *s, enum storage_op op)
{
    return rt_error_wrap(
            storage_access(s, op, RT_STR(""), RT_STR("")), "error writing batch to leveldb");
}

struct rt_error *storage_read_block_file(const struct storage *s, const char *what)
{
    struct rt_error *err = storage_access(s, STORAGE_BLOCK_READ, RT_STR(""), RT_STR(""));
    return rt_error_wrapf(err,
            "error opening %s /var/hyperledger/production/ledgersData/chains/"
            "chains/%S/blockfile_000000",
            what, s ? s->channel : RT_STR(""));
}
