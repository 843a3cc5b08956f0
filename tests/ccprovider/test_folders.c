/* What a peer makes of everything that can be in its folder of packages: recorded from 1.4.2's
 * PackageProvider, its two stores, and GetInstalledChaincodes. Another recording of the same form
 * can be given as argument. */
#include <string.h>

#include "model/ccprovider/package_provider.h"
#include "model/rt/rt.h"
#include "tests/support/test.h"

static const char *recording = "tests/ccprovider/folders.jsonl";

struct folder {
    struct memory_fs *fs;
    struct persistence_package_provider provider;
};

static rt_bytes unhex(const char *hex)
{
    rt_bytes bytes;
    assert_true(rt_unhex(rt_str_from(hex ? hex : ""), &bytes));
    return bytes;
}

static const char *text(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static void fill(struct folder *f, const json_t *files)
{
    size_t i;
    json_t *file;
    f->fs = memory_fs_new();
    memory_fs_put_directory(f->fs, RT_STR("/cc"));
    json_array_foreach(files, i, file)
    {
        const char *kind = text(file, "kind");
        rt_str path = rt_sprintf("/cc/%s", text(file, "name"));
        if (kind && strcmp(kind, "dir") == 0)
            memory_fs_put_directory(f->fs, path);
        else if (kind && strcmp(kind, "unreadable") == 0)
            memory_fs_put_unreadable(f->fs, path, unhex(text(file, "hex")));
        else
            memory_fs_put(f->fs, path, unhex(text(file, "hex")));
    }
    struct file_system fs = memory_fs_interface(f->fs);
    f->provider = (struct persistence_package_provider){
        .store = { fs, RT_STR("/cc") },
        .legacy = package_store_new(fs, RT_STR("/cc")),
    };
}

/* ---- one answer ---- */

struct answer {
    struct folder *folder;
    void (*ask)(struct answer *a);
    struct rt_error *err;
    rt_str panic;
    struct installed_chaincode *list;
    size_t count;
    rt_str name, version; /* of the code that is asked for */
    rt_bytes code;
};

static void ask_start(struct answer *a)
{
    package_provider_list_installed_chaincodes(&a->folder->provider, &a->list, &a->count);
}

static void ask_store(struct answer *a)
{
    a->err = persistence_list_installed_chaincodes(&a->folder->provider.store, &a->list, &a->count);
}

static void ask_legacy(struct answer *a)
{
    a->err = ccprovider_list_installed_chaincodes(a->folder->provider.legacy, &a->list, &a->count);
}

static void ask_installed(struct answer *a)
{
    Protos__ChaincodeQueryResponse *r;
    a->err = ccprovider_get_installed_chaincodes(a->folder->provider.legacy, &r);
    if (a->err)
        return;
    a->count = r->n_chaincodes;
    a->list = rt_new_array(struct installed_chaincode, a->count);
    for (size_t i = 0; i < a->count; i++)
        a->list[i] = (struct installed_chaincode){ r->chaincodes[i]->name,
            r->chaincodes[i]->version, r->chaincodes[i]->id };
}

static void ask_code(struct answer *a)
{
    a->err = package_provider_get_chaincode_code_package(
            &a->folder->provider, a->name, a->version, &a->code);
}

static void ask(void *arg)
{
    struct answer *a = arg;
    a->ask(a);
}

static void get(struct answer *a)
{
    (void)rt_recover(ask, a, &a->panic);
}

/* ---- against what was recorded ---- */

static void same_text(rt_str is, const char *was, const char *what, size_t line)
{
    if (!was && is.data)
        fail_msg("line %zu: %s: %s", line, what, rt_cstr(is));
    if (was && !rt_str_is(is, was))
        fail_msg("line %zu: %s: is \"%s\", was \"%s\"", line, what, rt_cstr(is), was);
}

static void same_failure(const struct answer *a, const json_t *was, const char *what, size_t line)
{
    same_text(a->panic, text(was, "panic"), what, line);
    if (!a->panic.data)
        same_text(a->err ? a->err->text : RT_NIL, text(was, "error"), what, line);
}

static void check_list(struct folder *f, void (*how)(struct answer *a), const json_t *out,
        const char *what, size_t line)
{
    struct answer a = { .folder = f, .ask = how };
    const json_t *was = json_object_get(out, what), *list = json_object_get(was, "list");
    get(&a);
    same_failure(&a, was, what, line);
    if (a.panic.data || a.err)
        return;
    if (a.count != json_array_size(list))
        fail_msg("line %zu: %s: %zu, were %zu", line, what, a.count, json_array_size(list));
    for (size_t i = 0; i < a.count; i++) {
        const json_t *one = json_array_get(list, i);
        assert_true(rt_str_eq(a.list[i].name, unhex(text(one, "name"))));
        assert_true(rt_str_eq(a.list[i].version, unhex(text(one, "version"))));
        assert_true(rt_str_eq(a.list[i].id, unhex(text(one, "id"))));
    }
}

static void check_codes(struct folder *f, const json_t *codes, size_t line)
{
    size_t i;
    json_t *code;
    json_array_foreach(codes, i, code)
    {
        struct answer a = { .folder = f,
            .ask = ask_code,
            .name = rt_str_from(text(code, "name")),
            .version = rt_str_from(text(code, "version")) };
        get(&a);
        same_failure(&a, code, "code", line);
        if (!a.panic.data && !a.err)
            assert_true(rt_str_eq(a.code, unhex(text(code, "hex"))));
    }
}

static void test_folders(void **state)
{
    struct support_lines lines = support_lines_of(recording);
    size_t panics = 0;
    const json_t *v;
    (void)state;
    while ((v = support_next_vector(&lines))) {
        struct rt_arena *arena = rt_arena_new(), *before = rt_arena_use(arena);
        const json_t *out = json_object_get(v, "out");
        struct folder f;
        fill(&f, json_object_get(v, "files"));
        check_list(&f, ask_start, out, "start", lines.number);
        check_list(&f, ask_store, out, "store", lines.number);
        check_list(&f, ask_legacy, out, "legacy", lines.number);
        check_list(&f, ask_installed, out, "installed", lines.number);
        check_codes(&f, json_object_get(out, "codes"), lines.number);
        panics += text(json_object_get(out, "start"), "panic") != NULL;
        rt_arena_use(before);
        rt_arena_free(arena);
    }
    assert_true(lines.number >= 150);
    assert_true(panics >= 10);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_folders) };
    if (argc > 1)
        recording = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
