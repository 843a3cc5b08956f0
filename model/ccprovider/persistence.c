/* Follows core/chaincode/persistence/persistence.go. */
#include "model/ccprovider/persistence.h"

#include "model/gostd/gojson.h"
#include "model/gostd/paths.h"
#include "model/rt/rt.h"
#include "model/rt/trace.h"

const char code_package_not_found_err[] = "persistence.CodePackageNotFoundErr";

/* ---- encoding/hex ---- */

/* InvalidByteError: the byte as a rune, in the form %#U. */
static struct rt_error *invalid_byte(uint8_t c)
{
    static const char digits[] = "0123456789ABCDEF";
    struct rt_buf text = { 0 };
    rt_buf_printf(&text, "encoding/hex: invalid byte: U+00%c%c", digits[c >> 4], digits[c & 15]);
    if (rt_rune_printable(c)) {
        rt_buf_putz(&text, " '");
        if (c >= 0x80)
            rt_buf_put_byte(&text, (uint8_t)(0xc0 | c >> 6));
        rt_buf_put_byte(&text, c < 0x80 ? c : (uint8_t)(0x80 | (c & 0x3f)));
        rt_buf_putz(&text, "'");
    }
    return rt_error_new(rt_buf_str(&text));
}

static struct rt_error *hex_decode(rt_str text, rt_bytes *bytes)
{
    for (size_t i = 0; i < text.len; i++)
        if (rt_hex_digit(text.data[i]) < 0)
            return invalid_byte(text.data[i]);
    return rt_unhex(text, bytes) ? NULL : rt_errorf("encoding/hex: odd length hex string");
}

/* ---- the store ---- */

static rt_str path_of(const struct persistence_store *store, rt_str file)
{
    return path_join(store->path, file);
}

/* json.Unmarshal into a ChaincodeMetadata. */
static struct rt_error *unmarshal_metadata(rt_bytes bytes, rt_str *name, rt_str *version)
{
    static const char type[] = "ChaincodeMetadata";
    struct gojson *value;
    struct rt_error *err = gojson_unmarshal(bytes, &value);
    if (!err)
        err = gojson_want_object(value, "persistence.ChaincodeMetadata");
    if (err)
        return err;
    struct rt_error *name_err = gojson_get_string(value, type, "Name", name);
    err = gojson_get_string(value, type, "Version", version);
    return name_err ? name_err : err;
}

/* Store.LoadMetadata. */
static struct rt_error *load_metadata(
        const struct persistence_store *store, rt_str path, rt_str *name, rt_str *version)
{
    rt_bytes bytes;
    *name = *version = RT_STR("");
    struct rt_error *err = store->fs.read_file(store->fs.self, path, &bytes);
    if (err)
        return rt_error_wrapf(err, "error reading metadata at %S", path);
    err = unmarshal_metadata(bytes, name, version);
    return err ? rt_error_wrapf(err, "error unmarshaling metadata at %S", path) : NULL;
}

struct rt_error *persistence_load(
        const struct persistence_store *store, rt_bytes hash, rt_bytes *package)
{
    rt_str base = rt_hex(hash), name, version;
    rt_str path = path_of(store, rt_str_cat(base, RT_STR(".bin")));
    struct rt_error *err = store->fs.read_file(store->fs.self, path, package);
    if (err)
        return rt_error_wrapf(err, "error reading chaincode install package at %S", path);
    return load_metadata(store, path_of(store, rt_str_cat(base, RT_STR(".json"))), &name, &version);
}

struct rt_error *persistence_retrieve_hash(
        const struct persistence_store *store, rt_str name, rt_str version, rt_bytes *hash)
{
    struct installed_chaincode *list;
    size_t count;
    struct rt_error *err = persistence_list_installed_chaincodes(store, &list, &count);
    if (err)
        return rt_error_wrap(err, "error getting installed chaincodes");
    for (size_t i = 0; i < count; i++) {
        if (rt_str_eq(list[i].name, name) && rt_str_eq(list[i].version, version)) {
            *hash = list[i].id;
            return NULL;
        }
    }
    return rt_error_typed(code_package_not_found_err, NULL,
            rt_sprintf("chaincode install package not found with name '%S', version '%S'", name,
                    version));
}

struct rt_error *persistence_list_installed_chaincodes(
        const struct persistence_store *store, struct installed_chaincode **list, size_t *count)
{
    struct file_info *files;
    size_t file_count;
    *list = NULL;
    *count = 0;
    struct rt_error *err = store->fs.read_dir(store->fs.self, store->path, &files, &file_count);
    if (err)
        return rt_error_wrapf(err, "error reading chaincode directory at %S", store->path);
    struct installed_chaincode *found = rt_new_array(struct installed_chaincode, file_count);
    size_t n = 0;
    for (size_t i = 0; i < file_count; i++) {
        struct installed_chaincode *one = &found[n];
        rt_str file = files[i].name;
        if (!rt_str_has_suffix(file, RT_STR(".json")))
            continue;
        err = load_metadata(store, path_of(store, file), &one->name, &one->version);
        if (err) {
            rt_note("%v", err);
            continue;
        }
        rt_str base = rt_str_slice(file, 0, (size_t)rt_str_index(file, RT_STR(".")));
        err = hex_decode(base, &one->id);
        if (err)
            return rt_error_wrapf(err, "error decoding hash from hex string: %S", base);
        n++;
    }
    *list = found;
    *count = n;
    return NULL;
}
