/* A disk that fails, and packages of which only the beginning is there. What ccprovider of v1.4.2
 * made of each was recorded with it over a real file system, whose system calls failed:
 * disk_faults.jsonl has a call and a failing system call in each line, with Go 1.19;
 * cut_packages.jsonl lengths of two packages. */
#include "mocks/disk/disk.h"
#include "model/ccprovider/store.h"
#include "model/rt/clock.h"
#include "tests/support/test.h"

#define FOLDER RT_STR("/cc")

static rt_bytes package_bytes(void)
{
    return rt_bytes_from("\x0a\x16\x08\x01\x12\x12\x0a\x05"
                         "probe\x12\x04mycc\x1a\x03"
                         "1.0\x1a\x31not really an archive: forty-nine bytes of code..",
            75);
}

/* ---- the calls of the recording ---- */

struct call {
    struct file_system files;
    struct package_store *store; /* made by the call if it is NULL */
    const char *name;
    rt_str chaincode;
    rt_str version;
    struct rt_error *err;
    rt_str value;
    rt_str panic;
};

static struct rt_error *get(struct call *c)
{
    struct cc_package *p;
    struct rt_error *err = ccprovider_get_chaincode_from_fs(c->store, c->chaincode, c->version, &p);
    if (!err)
        c->value = rt_sprintf("*ccprovider.%sPackage %x",
                p->kind == CC_PACKAGE_CDS ? "CDS" : "SignedCDS", cc_package_get_id(p));
    return err;
}

static struct rt_error *data(struct call *c)
{
    Ccprovider__ChaincodeData *d;
    struct rt_error *err = ccprovider_get_chaincode_data(c->store, c->chaincode, c->version, &d);
    if (!err)
        c->value = rt_sprintf("%S:%S %x", d->name, d->version, d->id);
    return err;
}

static struct rt_error *code(struct call *c)
{
    rt_bytes bytes;
    struct rt_error *err =
            ccprovider_get_chaincode_code_package(c->store, c->chaincode, c->version, &bytes);
    if (!err)
        c->value = rt_sprintf("%zu bytes", bytes.len);
    return err;
}

static struct rt_error *exists(struct call *c)
{
    bool there;
    struct rt_error *err =
            ccprovider_chaincode_package_exists(c->store, c->chaincode, c->version, &there);
    c->value = there ? RT_STR("true") : RT_STR("false");
    return err;
}

static struct rt_error *installed(struct call *c)
{
    Protos__ChaincodeQueryResponse *r;
    struct rt_error *err = ccprovider_get_installed_chaincodes(c->store, &r);
    for (size_t i = 0; !err && i < r->n_chaincodes; i++)
        c->value =
                rt_sprintf("%S%S:%S ", c->value, r->chaincodes[i]->name, r->chaincodes[i]->version);
    return err;
}

static struct rt_error *list(struct call *c)
{
    struct installed_chaincode *all;
    size_t count;
    struct rt_error *err = ccprovider_list_installed_chaincodes(c->store, &all, &count);
    for (size_t i = 0; !err && i < count; i++)
        c->value = rt_sprintf("%S%S:%S ", c->value, all[i].name, all[i].version);
    return err;
}

static struct rt_error *put(struct call *c)
{
    struct cc_package *p;
    struct rt_error *err = ccprovider_get_cc_package(package_bytes(), &p);
    return err ? err : cc_package_put_chaincode_to_fs(p, c->store);
}

static struct rt_error *path(struct call *c)
{
    (void)c;
    return NULL; /* making the store was it */
}

static void call(void *arg)
{
    static const struct {
        const char *name;
        struct rt_error *(*fn)(struct call *c);
    } calls[] = { { "get", get }, { "data", data }, { "code", code }, { "exists", exists },
        { "installed", installed }, { "list", list }, { "put", put }, { "path", path } };
    struct call *c = arg;
    size_t i = 0;
    while (strcmp(calls[i].name, c->name) != 0)
        i++;
    if (!c->store)
        c->store = package_store_new(c->files, FOLDER);
    c->err = calls[i].fn(c);
}

static const char *wanted_text(const json_t *wanted, const char *member)
{
    const char *text = json_string_value(json_object_get(wanted, member));
    return text ? text : "";
}

/* Makes the call; `wanted` has Go's "err", "panic" and "value". */
static void check_call(struct call *c, const char *name, const json_t *wanted)
{
    c->name = name;
    c->err = NULL;
    c->value = c->panic = RT_STR("");
    rt_recover(call, c, &c->panic);
    assert_string_equal(rt_cstr(c->panic), wanted_text(wanted, "panic"));
    rt_str err = c->err ? c->err->text : RT_STR("");
    assert_string_equal(rt_cstr(err), wanted_text(wanted, "err"));
    assert_string_equal(rt_cstr(c->value), wanted_text(wanted, "value"));
}

/* ---- system calls that fail ---- */

static int64_t number(const json_t *vector, const char *member, int64_t otherwise)
{
    const json_t *value = json_object_get(vector, member);
    return value ? json_integer_value(value) : otherwise;
}

static struct disk_fault fault_of(const json_t *vector)
{
    struct disk_fault f = {
        .kind = DISK_FAULT_ERROR,
        .path = rt_str_from(wanted_text(vector, "path")),
        .when.first = (uint32_t)number(vector, "first", 1),
        .when.count = (uint32_t)number(vector, "count", 1),
        .bytes = number(vector, "bytes", 0),
    };
    size_t op = 0, error = 0;
    while (op < DISK_OP_COUNT &&
            strcmp(disk_op_name((enum disk_op)op), wanted_text(vector, "op")) != 0)
        op++;
    while (disk_error_names[error] &&
            strcmp(disk_error_names[error], wanted_text(vector, "errno")) != 0)
        error++;
    assert_true(op < DISK_OP_COUNT && error < DISK_ERROR_COUNT);
    f.op = (enum disk_op)op;
    f.error = (enum disk_error)error;
    assert_null(disk_fault_check(&f).data);
    return f;
}

static int64_t size_of_package(struct file_system fs)
{
    struct file_info info;
    return fs.stat(fs.self, RT_STR("/cc/mycc.1.0"), &info) ? -1 : (int64_t)info.size;
}

static void check_fault(const json_t *vector)
{
    struct disk_fault fault = fault_of(vector);
    struct memory_fs *memory = memory_fs_new();
    struct file_system below = memory_fs_interface(memory);
    struct call c = { .chaincode = RT_STR("mycc"), .version = RT_STR("1.0") };
    if (strcmp(wanted_text(vector, "call"), "path") != 0)
        assert_null(below.mkdir(below.self, FOLDER));
    if (json_is_true(json_object_get(vector, "there")))
        memory_fs_put(memory, RT_STR("/cc/mycc.1.0"), package_bytes());
    c.files = disk_interface(disk_new(below, (struct disk_fault_plan){ &fault, 1, NULL }, 19));
    check_call(&c, wanted_text(vector, "call"), vector);
    assert_int_equal(size_of_package(below), number(vector, "size", -1));
    static const char *const later[] = { "get", "code", "list", "put" };
    const json_t *after = json_object_get(vector, "after");
    c.files = below;
    c.store = NULL;
    for (size_t i = 0; after && i < sizeof(later) / sizeof(*later); i++)
        check_call(&c, later[i], json_object_get(after, later[i]));
}

static void test_failing_system_calls(void **state)
{
    (void)state;
    struct support_lines lines = support_lines_of("tests/mocks/disk_faults.jsonl");
    for (const json_t *vector; (vector = support_next_vector(&lines));)
        check_fault(vector);
    assert_int_equal(lines.number, 1282);
}

/* ---- packages that were cut ---- */

static void check_length(
        struct call *c, struct memory_fs *fs, rt_bytes package, const json_t *wanted)
{
    static const char *const calls[] = { "get", "data", "code", "installed", "list" };
    rt_str path = rt_sprintf("/cc/%S.%S", c->chaincode, c->version);
    memory_fs_put(fs, path, package);
    for (size_t i = 0; i < sizeof(calls) / sizeof(*calls); i++)
        check_call(c, calls[i], json_object_get(wanted, calls[i]));
}

static rt_bytes from_hex(const char *hex)
{
    struct rt_buf buf = { 0 };
    for (unsigned byte; sscanf(hex, "%2x", &byte) == 1; hex += 2)
        rt_buf_put_byte(&buf, (uint8_t)byte);
    return rt_buf_str(&buf);
}

static void test_cut_packages(void **state)
{
    (void)state;
    struct support_lines lines = support_lines_of("tests/mocks/cut_packages.jsonl");
    struct memory_fs *fs = NULL;
    struct call c = { 0 };
    rt_bytes package = RT_NIL;
    size_t lengths = 0;
    for (const json_t *vector; (vector = support_next_vector(&lines));) {
        if (json_object_get(vector, "package")) {
            fs = memory_fs_new();
            c = (struct call){
                .files = memory_fs_interface(fs),
                .chaincode = rt_sprintf("%s", wanted_text(vector, "name")),
                .version = rt_sprintf("%s", wanted_text(vector, "version")),
            };
            package = from_hex(wanted_text(vector, "package"));
            continue;
        }
        int64_t to = number(vector, "to", 0);
        for (int64_t n = number(vector, "from", 0); n <= to; n++, lengths++)
            check_length(&c, fs, rt_str_slice(package, 0, (size_t)n), vector);
    }
    assert_int_equal(lengths, 76 + 1836);
}

/* ---- what no recording shows ---- */

static struct rt_error *write_and_read(struct disk *d, rt_bytes *read)
{
    struct file_system fs = disk_interface(d);
    struct rt_error *err = fs.write_file(fs.self, RT_STR("/a"), RT_STR("0123456789"));
    struct rt_error *read_err = fs.read_file(fs.self, RT_STR("/a"), read);
    return err ? err : read_err;
}

static struct disk *disk_with(const struct disk_fault *fault, uint32_t *struck)
{
    return disk_new(
            memory_fs_interface(memory_fs_new()), (struct disk_fault_plan){ fault, 1, struck }, 11);
}

static void check_read(const struct disk_fault *fault, const char *wanted)
{
    rt_bytes read = RT_NIL;
    uint32_t struck = 0;
    struct disk *d = disk_with(fault, &struck);
    assert_null(write_and_read(d, &read));
    assert_string_equal(rt_cstr(read), wanted);
    assert_int_equal(struck, 1);
}

static void test_cuts(void **state)
{
    (void)state;
    check_read(&(struct disk_fault){ DISK_FAULT_CUT, .op = DISK_OP_READ, .bytes = -1 }, "01234");
    check_read(&(struct disk_fault){ DISK_FAULT_CUT, .op = DISK_OP_READ, .bytes = 3 }, "012");
    check_read(&(struct disk_fault){ DISK_FAULT_CUT, .op = DISK_OP_WRITE, .bytes = 0 }, "");
    check_read(
            &(struct disk_fault){ DISK_FAULT_CUT, .op = DISK_OP_WRITE, .bytes = 99 }, "0123456789");
    struct disk_fault wrong = { DISK_FAULT_CUT, .op = DISK_OP_OPEN };
    assert_string_equal(rt_cstr(disk_fault_check(&wrong)),
            "a fault \"cut\" can only happen at \"read\" or \"write\", not at \"open\"");
}

struct slow {
    struct disk *disk;
    rt_bytes early;
    rt_bytes late;
};

static void write_slowly(void *arg)
{
    struct slow *s = arg;
    assert_null(write_and_read(s->disk, &s->late));
    assert_int_equal(rt_now_ns(), 500 * RT_MS);
}

static void test_slow_write(void *arg)
{
    (void)arg;
    const struct disk_fault fault = { DISK_FAULT_HANG, .op = DISK_OP_WRITE, .bytes = 2, .ms = 500 };
    struct slow s = { .disk = disk_with(&fault, NULL) };
    struct file_system fs = disk_interface(s.disk);
    rt_go("writer", write_slowly, &s);
    rt_sleep_ns(100 * RT_MS);
    assert_null(fs.read_file(fs.self, RT_STR("/a"), &s.early));
    rt_sleep_ns(500 * RT_MS);
    assert_string_equal(rt_cstr(s.early), "01");
    assert_string_equal(rt_cstr(s.late), "0123456789");
}

static void write_and_die(void *arg)
{
    rt_bytes read;
    RT_DROP(write_and_read(arg, &read));
    fail_msg("the process goes on");
}

/* The process is gone, half of the file is there, and the next process can read it. */
static void test_die(void *arg)
{
    (void)arg;
    const struct disk_fault fault = { DISK_FAULT_DIE, .op = DISK_OP_WRITE, .when.count = 1,
        .bytes = -1 };
    struct disk *d = disk_with(&fault, NULL);
    struct file_system fs = disk_interface(d);
    struct rt_proc *proc = rt_proc_new("peer");
    rt_bytes content = RT_NIL;
    rt_go_in(proc, "writer", write_and_die, d);
    rt_sleep_ns(RT_MS);
    assert_false(rt_proc_alive(proc));
    assert_int_equal(rt_proc_status(proc), 137);
    assert_null(fs.read_file(fs.self, RT_STR("/a"), &content));
    assert_string_equal(rt_cstr(content), "01234");
}

/* ---- occurrences ---- */

static uint32_t choose_second(void *self, const struct rt_choice *c)
{
    uint32_t *asked = self;
    return c->kind == RT_CHOICE_FAULT && ++*asked == 2 ? 1 : 0;
}

static void read_three_times(void *arg)
{
    const struct disk_fault *fault = arg;
    struct memory_fs *memory = memory_fs_new();
    memory_fs_put(memory, RT_STR("/a"), RT_STR("x"));
    memory_fs_put(memory, RT_STR("/b"), RT_STR("x"));
    uint32_t struck = 0;
    struct disk *d = disk_new(
            memory_fs_interface(memory), (struct disk_fault_plan){ fault, 1, &struck }, 11);
    struct file_system fs = disk_interface(d);
    for (int i = 1; i <= 3; i++) {
        rt_bytes content;
        assert_null(fs.read_file(fs.self, RT_STR("/b"), &content));
        struct rt_error *err = fs.read_file(fs.self, RT_STR("/a"), &content);
        assert_int_equal(err != NULL, i == 2);
        if (err)
            assert_string_equal(rt_cstr(err->text), "read /a: stale NFS file handle");
    }
    assert_int_equal(struck, fault->when.maybe ? 3 : 1);
}

static void test_which_occurrence(void **state)
{
    (void)state;
    struct disk_fault fault = { DISK_FAULT_ERROR, .op = DISK_OP_READ, .path = RT_STR("/a"),
        .when = { .first = 2, .count = 1 }, .error = DISK_ESTALE };
    support_run(NULL, read_three_times, &fault);
    uint32_t asked = 0;
    const struct rt_source source = { .self = &asked, .choose = choose_second };
    const struct rt_config config = { .source = &source };
    fault.when = (struct fault_when){ .maybe = true };
    support_run(&config, read_three_times, &fault);
    assert_int_equal(asked, 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, support_arena_begin, support_arena_end)

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(test_failing_system_calls), TEST(test_cut_packages),
        TEST(test_cuts), IN_GOROUTINE(test_slow_write), IN_GOROUTINE(test_die),
        TEST(test_which_occurrence) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
