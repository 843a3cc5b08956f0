/* Follows vendor/github.com/golang/protobuf/proto/table_unmarshal.go.
 *
 * Go recurses into submessages; here each open message is a frame on a stack in the arena. */
#include "model/rt/rt.h"
#include "model/wire/skip.h"
#include "model/wire/tables.h"
#include "model/wire/varint.h"
#include "model/wire/wire.h"

/* Open messages at which Go's stack, at most 1 GB, overflows. Measured with Go 1.19 on a collection
 * config package: 358,867 nested policies pass, each with the NOutOf around the next. No other
 * message nests without end. */
enum { DEPTH_LIMIT = 6 + 2 * 358867, INLINE_FRAMES = 16 };

/* A message or map entry that is being filled. */
struct frame {
    const struct wire_type *type;
    ProtobufCMessage *message;
    const uint8_t *end;
    const struct wire_field *via;     /* the field of the frame below that it is for */
    const struct wire_field *invalid; /* the first string that was not UTF-8 */
};

struct decoder {
    const uint8_t *p;
    struct frame *frames;
    size_t depth;
    size_t cap;
};

static inline void *member(ProtobufCMessage *message, size_t offset)
{
    return (char *)message + offset;
}

/* ---- storing ---- */

/* Makes room for one more element. An array's capacity follows from its length: 4, then the next
 * power of two. */
static void *append(ProtobufCMessage *message, const struct wire_field *field, size_t size)
{
    size_t *count = member(message, field->quantifier);
    void **array = member(message, field->offset);
    size_t n = (*count)++;
    if (n == 0)
        *array = rt_calloc(4, size);
    else if (n >= 4 && (n & (n - 1)) == 0)
        *array = rt_grow(*array, n, 2 * n, size);
    return (char *)*array + n * size;
}

/* The place for a value of a field that is no message; a oneof turns to it. */
static inline void *place(ProtobufCMessage *message, const struct wire_field *field, size_t size)
{
    if (field->flags & WIRE_REPEATED)
        return append(message, field, size);
    if (field->flags & WIRE_ONEOF)
        *(uint32_t *)member(message, field->quantifier) = field->number;
    return member(message, field->offset);
}

/* Unknown fields that follow each other in the input, as Go would write them, need no copy. */
static bool share_unknown(struct wire_unknown_run *run, const uint8_t *head, size_t head_len,
        const uint8_t *payload, size_t len)
{
    const uint8_t *from = payload - head_len;
    bool first = !run->field.data;
    bool next = run->field.data && run->cap == 0 && run->field.data + run->field.len == from;
    if ((!first && !next) || memcmp(from, head, head_len) != 0)
        return false;
    if (first)
        run->field.data = (uint8_t *)(uintptr_t)from;
    run->field.len += len;
    return true;
}

static void keep_unknown(
        ProtobufCMessage *message, uint64_t tag, const uint8_t *from, const uint8_t *to)
{
    struct wire_unknown_run *run = (struct wire_unknown_run *)message->unknown_fields;
    if (!run) {
        run = rt_new(struct wire_unknown_run);
        run->field.wire_type = PROTOBUF_C_WIRE_TYPE_LENGTH_PREFIXED;
        message->unknown_fields = &run->field;
        message->n_unknown_fields = 1;
    }
    uint8_t head[WIRE_VARINT_MAX];
    size_t head_len = (size_t)(wire_varint_put(head, tag) - head);
    size_t len = head_len + (size_t)(to - from);
    if (share_unknown(run, head, head_len, from, len))
        return;
    if (run->cap == 0) /* what was shared until now */
        run->field.data = rt_bytes_dup(run->field.data, run->field.len).data,
        run->cap = run->field.len;
    rt_reserve(run->field.data, run->cap, run->field.len + len);
    memcpy(run->field.data + run->field.len, head, head_len);
    if (to > from)
        memcpy(run->field.data + run->field.len + head_len, from, len - head_len);
    run->field.len += len;
}

/* ---- frames ---- */

/* Go's process dies of this, whoever recovers. */
static void overflow(void) __attribute__((noreturn));
static void overflow(void)
{
    static const char text[] = "goroutine stack exceeds 1000000000-byte limit";
    if (rt_proc_self())
        rt_proc_exit(rt_proc_self(), 2, text);
    rt_panicf("%s", text);
}

static struct frame *push(struct decoder *d, const struct wire_type *type,
        ProtobufCMessage *message, const uint8_t *end, const struct wire_field *via)
{
    if (d->depth >= DEPTH_LIMIT)
        overflow();
    rt_reserve(d->frames, d->cap, d->depth + 1);
    struct frame *f = &d->frames[d->depth++];
    *f = (struct frame){ .type = type, .message = message, .end = end, .via = via };
    return f;
}

static ProtobufCMessage *new_message(const struct wire_type *type)
{
    ProtobufCMessage *message = rt_alloc(type->size);
    message->descriptor = type->descriptor;
    return message;
}

/* Brings the map fields of a message into their order, as soon as nothing more is put there. */
static void settle_maps(const struct wire_type *type, ProtobufCMessage *message)
{
    for (size_t i = 0; i < type->field_count; i++) {
        const struct wire_field *field = &type->fields[i];
        if (!(field->flags & WIRE_MAP))
            continue;
        ProtobufCMessage ***entries = member(message, field->offset);
        wire_map_settle(*entries, member(message, field->quantifier), field->message);
    }
}

/* ---- values ---- */

/* Begins a submessage: the existing one of a singular field, so that the two merge, else a new
 * one. */
static void enter(struct decoder *d, const struct frame *f, const struct wire_field *field,
        const uint8_t *end)
{
    ProtobufCMessage *child = NULL;
    if (!(field->flags & (WIRE_REPEATED | WIRE_ONEOF))) {
        ProtobufCMessage **slot = member(f->message, field->offset);
        if (!*slot)
            *slot = new_message(field->message);
        child = *slot;
    } else {
        child = new_message(field->message);
    }
    push(d, field->message, child, end, field);
}

static struct rt_error *read_length_delimited(
        struct decoder *d, struct frame *f, const struct wire_field *field)
{
    uint64_t len;
    if (!wire_varint_get(&d->p, f->end, &len) || len > (uint64_t)(f->end - d->p))
        return rt_err_unexpected_eof;
    if (field->kind == WIRE_MESSAGE) {
        enter(d, f, field, d->p + len);
        return NULL;
    }
    rt_bytes *slot = place(f->message, field, sizeof(rt_bytes));
    *slot = rt_bytes_from(d->p, len);
    d->p += len;
    if ((field->flags & WIRE_UTF8) && !rt_str_utf8_valid(*slot) && !f->invalid)
        f->invalid = field;
    return NULL;
}

static struct rt_error *read_varint(
        struct decoder *d, struct frame *f, const struct wire_field *field)
{
    uint64_t x;
    if (!wire_varint_get(&d->p, f->end, &x))
        return rt_err_unexpected_eof;
    switch ((enum wire_kind)field->kind) {
    case WIRE_INT64:
    case WIRE_UINT64:
        *(uint64_t *)place(f->message, field, sizeof(uint64_t)) = x;
        break;
    case WIRE_BOOL:
        *(protobuf_c_boolean *)place(f->message, field, sizeof(protobuf_c_boolean)) = x != 0;
        break;
    default:
        *(uint32_t *)place(f->message, field, sizeof(uint32_t)) = (uint32_t)x;
    }
    return NULL;
}

static struct rt_error *skip_unknown(struct decoder *d, struct frame *f, uint64_t tag)
{
    const uint8_t *from = d->p;
    struct rt_error *err = wire_skip_field(&d->p, f->end, tag & 7);
    if (!err && !f->type->is_entry && !f->type->drops_unknown)
        keep_unknown(f->message, tag, from, d->p);
    return err;
}

/* A known field with another wire type than its own: unknown, but for two exceptions. */
static struct rt_error *wrong_wire_type(
        struct decoder *d, struct frame *f, const struct wire_field *field, uint64_t tag)
{
    unsigned wire = tag & 7;
    if (field->flags & WIRE_MAP)
        return rt_errorf("proto: bad wiretype for map field: got %u want %d", wire, WIRE_LENGTH);
    if (field->flags & WIRE_ONEOF) {
        /* Go loses the input here, so that there is nothing left to skip. */
        const uint8_t *nothing = f->end;
        return wire_skip_field(&nothing, f->end, wire);
    }
    return skip_unknown(d, f, tag);
}

static inline struct rt_error *read_field(struct decoder *d, struct frame *f)
{
    uint64_t tag;
    if (!wire_varint_get(&d->p, f->end, &tag))
        return rt_err_unexpected_eof;
    uint64_t number = tag >> 3;
    const struct wire_type *type = f->type;
    uint8_t index = number < type->number_end ? type->by_number[number] : 0;
    if (index == 0) {
        if (number == 0 && !type->is_entry)
            return rt_errorf(
                    "proto: %s: illegal tag 0 (wire type %u)", type->go_type, (unsigned)(tag & 7));
        return skip_unknown(d, f, tag);
    }
    const struct wire_field *field = &type->fields[index - 1];
    if ((tag & 7) != field->wire)
        return wrong_wire_type(d, f, field, tag);
    if (field->wire == WIRE_LENGTH)
        return read_length_delimited(d, f, field);
    return read_varint(d, f, field);
}

/* ---- leaving ---- */

static struct rt_error *invalid_utf8(const struct frame *f)
{
    return rt_errorf(
            "proto: field \"%s.%s\" contains invalid UTF-8", f->type->full_name, f->invalid->name);
}

/* Puts a finished submessage or entry where it belongs; a singular one is already there. */
static void attach(struct frame *below, const struct frame *f)
{
    const struct wire_field *field = f->via;
    if (field->flags & (WIRE_REPEATED | WIRE_ONEOF))
        *(ProtobufCMessage **)place(below->message, field, sizeof(ProtobufCMessage *)) = f->message;
}

/* Takes the top frame off. `err` is the error that ended it, `fatal` unless that is a remark about
 * UTF-8. Returns the error that ends the frame below. */
static struct rt_error *leave(struct decoder *d, struct rt_error *err, bool fatal)
{
    struct frame *f = &d->frames[--d->depth];
    struct frame *below = &d->frames[d->depth - 1];
    if (f->type->has_maps)
        settle_maps(f->type, f->message);
    d->p = f->end;
    if (fatal) {
        return err;
    }
    if (!f->type->is_entry) {
        if (!err || (f->via->flags & WIRE_ONEOF))
            attach(below, f);
        return err;
    }
    attach(below, f);
    if (f->invalid) { /* an entry's own complaint came first */
        if (!below->invalid)
            below->invalid = f->via;
        return NULL;
    }
    return err;
}

/* Reads until the outermost message is complete or an error ends it. */
static struct rt_error *run(struct decoder *d)
{
    for (;;) {
        struct frame *f = &d->frames[d->depth - 1];
        struct rt_error *err = NULL;
        bool fatal = false;
        if (d->p < f->end) {
            err = read_field(d, f);
            if (!err)
                continue;
            fatal = true;
        } else if (f->invalid && !f->type->is_entry) {
            err = invalid_utf8(f);
        }
        do {
            if (d->depth == 1)
                return err;
            err = leave(d, err, fatal);
        } while (err);
    }
}

struct rt_error *wire_unmarshal(
        const ProtobufCMessageDescriptor *type, rt_bytes in, ProtobufCMessage **out)
{
    struct frame first[INLINE_FRAMES]; /* enough for most messages */
    struct decoder d = { .p = in.data, .frames = first, .cap = INLINE_FRAMES };
    const struct wire_type *t = wire_type_of(type);
    *out = new_message(t);
    push(&d, t, *out, in.len > 0 ? in.data + in.len : in.data, NULL);
    struct rt_error *err = run(&d);
    if (t->has_maps)
        settle_maps(t, *out);
    return err;
}
