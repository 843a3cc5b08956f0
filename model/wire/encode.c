/* Follows vendor/github.com/golang/protobuf/proto/table_marshal.go.
 *
 * Two passes over the message: one counts and notes the size of each submessage, one writes. Both
 * walk with a stack of frames in the arena, where Go recurses. */
#include "model/rt/rt.h"
#include "model/wire/tables.h"
#include "model/wire/varint.h"
#include "model/wire/wire.h"

/* Size of a submessage, in order of first visit, and the index of what follows its own
 * submessages. */
struct size_slot {
    size_t size;
    size_t next;
};

/* Complaints about UTF-8 do not stop Go from going on; all other errors do. */
static const char utf8_complaint;

/* A message or map entry that is being written. */
struct frame {
    const struct wire_type *type;
    const ProtobufCMessage *message;
    const struct wire_field *via;     /* the field of the frame below that it is in */
    size_t field;                     /* next one to write */
    const struct wire_field *invalid; /* the first string that is not UTF-8 */
    bool in_elements;                 /* of that field, which holds repeated messages: */
    ProtobufCMessage **elements;
    size_t element_count;
    size_t element;          /* next one */
    struct rt_error *merged; /* first complaint, unless */
    bool merged_key;         /* that was about a map's key */
    size_t start;            /* length of the output before it, when counting */
    size_t slot;
};

struct encoder {
    bool counting;
    uint8_t *out;
    size_t len;
    struct size_slot *slots;
    size_t slot_count; /* counting: how many; writing: the next one */
    size_t slot_cap;
    struct frame *frames;
    size_t depth;
    size_t cap;
};

static inline const void *member(const ProtobufCMessage *message, size_t offset)
{
    return (const char *)message + offset;
}

/* ---- output ---- */

static void put_varint(struct encoder *e, uint64_t value)
{
    if (!e->counting)
        wire_varint_put(e->out + e->len, value);
    e->len += wire_varint_size(value);
}

static void put_tag(struct encoder *e, const struct wire_field *field)
{
    put_varint(e, (uint64_t)field->number << 3 | field->wire);
}

static void put_bytes(struct encoder *e, rt_bytes bytes)
{
    if (!e->counting && bytes.len > 0)
        memcpy(e->out + e->len, bytes.data, bytes.len);
    e->len += bytes.len;
}

static void put_string(struct encoder *e, const struct wire_field *field, rt_bytes bytes)
{
    put_tag(e, field);
    put_varint(e, bytes.len);
    put_bytes(e, bytes);
}

/* ---- frames ---- */

static struct frame *push(
        struct encoder *e, const struct wire_type *type, const ProtobufCMessage *message)
{
    rt_reserve(e->frames, e->cap, e->depth + 1);
    struct frame *f = &e->frames[e->depth++];
    *f = (struct frame){ .type = type, .message = message, .start = e->len };
    return f;
}

/* Begins a submessage, with its tag and length. */
static void enter(
        struct encoder *e, const struct wire_field *field, const ProtobufCMessage *message)
{
    put_tag(e, field);
    size_t slot = e->slot_count++;
    if (e->counting)
        rt_reserve(e->slots, e->slot_cap, e->slot_count);
    else
        put_varint(e, e->slots[slot].size);
    struct frame *f = push(e, field->message, message);
    f->via = field;
    f->slot = slot;
}

/* Takes the top frame off. */
static void leave(struct encoder *e)
{
    struct frame *f = &e->frames[--e->depth];
    struct size_slot *slot = &e->slots[f->slot];
    if (e->counting) {
        slot->size = e->len - f->start;
        slot->next = e->slot_count;
        e->len += wire_varint_size(slot->size);
    } else {
        e->slot_count = slot->next; /* an error may have cut it short */
    }
}

/* ---- values ---- */

/* A string or bytes value. Empty ones are not written unless `always`, for members of oneofs,
 * elements and entries of maps. */
static void put_binary(struct encoder *e, struct frame *f, const struct wire_field *field,
        rt_bytes value, bool always)
{
    if (!always && value.len == 0) {
        bool nil_only = field->kind == WIRE_BYTES && (field->flags & WIRE_PROTO2);
        if (!nil_only || !value.data)
            return;
    }
    put_string(e, field, value);
    if ((field->flags & WIRE_UTF8) && !f->invalid && !e->counting && !rt_str_utf8_valid(value))
        f->invalid = field;
}

static void put_scalar(struct encoder *e, struct frame *f, const struct wire_field *field)
{
    bool always = (field->flags & WIRE_ONEOF) || (f->type->is_entry && field->kind != WIRE_BYTES);
    const void *at = member(f->message, field->offset);
    uint64_t value;
    switch ((enum wire_kind)field->kind) {
    case WIRE_BYTES:
    case WIRE_STRING:
        put_binary(e, f, field, *(const rt_bytes *)at, always);
        return;
    case WIRE_INT32:
        value = (uint64_t)(int64_t) * (const int32_t *)at;
        break;
    case WIRE_UINT32:
        value = *(const uint32_t *)at;
        break;
    case WIRE_BOOL:
        value = *(const protobuf_c_boolean *)at != 0;
        break;
    default:
        value = *(const uint64_t *)at;
    }
    if (value == 0 && !always)
        return;
    put_tag(e, field);
    put_varint(e, value);
}

static void put_repeated_binary(struct encoder *e, struct frame *f, const struct wire_field *field)
{
    size_t count = *(const size_t *)member(f->message, field->quantifier);
    const rt_bytes *values = *(rt_bytes *const *)member(f->message, field->offset);
    for (size_t i = 0; i < count; i++)
        put_binary(e, f, field, values[i], true);
}

static void begin_elements(struct frame *f, const struct wire_field *field)
{
    f->in_elements = true;
    f->element = 0;
    f->merged = NULL;
    f->merged_key = false;
    f->element_count = *(const size_t *)member(f->message, field->quantifier);
    f->elements = *(ProtobufCMessage * *const *)member(f->message, field->offset);
    if ((field->flags & WIRE_MAP) && f->element_count > 1)
        f->elements = wire_map_sorted(f->elements, &f->element_count, field->message);
}

/* Enters the next element of a repeated message field (true), or is done with the field. */
static bool next_element(
        struct encoder *e, struct frame *f, const struct wire_field *field, struct rt_error **err)
{
    while (f->element < f->element_count) {
        const ProtobufCMessage *element = f->elements[f->element++];
        if (element) {
            enter(e, field, element);
            return true;
        }
        if (!e->counting) {
            *err = rt_errorf("proto: repeated field %s has nil element", field->go_name);
            return false;
        }
    }
    f->in_elements = false;
    f->field++;
    if (f->merged_key && !f->invalid)
        f->invalid = field;
    *err = f->merged;
    return false;
}

/* Enters a singular submessage (true) if it is there. */
static bool enter_singular(
        struct encoder *e, struct frame *f, const struct wire_field *field, struct rt_error **err)
{
    const ProtobufCMessage *child = *(ProtobufCMessage *const *)member(f->message, field->offset);
    f->field++;
    if (child) {
        enter(e, field, child);
        return true;
    }
    if ((field->flags & WIRE_ONEOF) && !e->counting)
        *err = rt_errorf("proto: oneof field has nil value");
    return false;
}

/* Writes fields of the top frame until it enters a submessage (true), or until the frame is
 * complete or an error ends it. */
static bool step(struct encoder *e, struct rt_error **err)
{
    struct frame *f = &e->frames[e->depth - 1];
    while (f->field < f->type->field_count) {
        const struct wire_field *field = &f->type->fields[f->field];
        bool other_case = (field->flags & WIRE_ONEOF) &&
                          *(const uint32_t *)member(f->message, field->quantifier) != field->number;
        if (other_case) {
            f->field++;
        } else if (field->kind != WIRE_MESSAGE) {
            if (field->flags & WIRE_REPEATED)
                put_repeated_binary(e, f, field);
            else
                put_scalar(e, f, field);
            f->field++;
        } else if (!(field->flags & WIRE_REPEATED)) {
            if (enter_singular(e, f, field, err))
                return true;
        } else {
            if (!f->in_elements)
                begin_elements(f, field);
            if (next_element(e, f, field, err))
                return true;
        }
        if (*err)
            return false;
    }
    if (!f->type->is_entry)
        put_bytes(e, wire_unknown(f->message));
    return false;
}

/* Takes the top frame off, which ended with `err`. Returns the error that ends the frame below. */
static struct rt_error *finish(struct encoder *e, struct rt_error *err)
{
    struct frame child = e->frames[e->depth - 1];
    leave(e);
    struct frame *f = &e->frames[e->depth - 1];
    bool complaint = !err || rt_error_is(err, &utf8_complaint);
    if (!complaint || !(child.via->flags & WIRE_REPEATED))
        return err;
    if (!f->merged && !f->merged_key) {
        f->merged_key = child.type->is_entry && child.invalid;
        if (!f->merged_key)
            f->merged = err;
    }
    return NULL;
}

static struct rt_error *invalid_utf8(const struct frame *f)
{
    return rt_error_typed(&utf8_complaint, NULL,
            rt_sprintf("proto: field \"%s.%s\" contains invalid UTF-8", f->type->full_name,
                    f->invalid->go_name));
}

/* One pass. */
static struct rt_error *run(struct encoder *e, const ProtobufCMessage *m)
{
    e->depth = 0;
    e->len = 0;
    e->slot_count = 0;
    push(e, wire_type_of(m->descriptor), m);
    for (;;) {
        struct rt_error *err = NULL;
        if (step(e, &err))
            continue;
        const struct frame *f = &e->frames[e->depth - 1];
        if (!err && f->invalid && !f->type->is_entry)
            err = invalid_utf8(f);
        do {
            if (e->depth == 1)
                return err;
            err = finish(e, err);
        } while (err);
    }
}

size_t wire_size(const ProtobufCMessage *m)
{
    struct encoder e = { .counting = true };
    (void)run(&e, m);
    return e.len;
}

struct rt_error *wire_marshal(const ProtobufCMessage *m, rt_bytes *out)
{
    if (!m) {
        *out = rt_bytes_from(rt_alloc(0), 0);
        return rt_errorf("proto: Marshal called with nil");
    }
    struct encoder e = { .counting = true };
    (void)run(&e, m);
    e.counting = false;
    e.out = rt_alloc(e.len);
    struct rt_error *err = run(&e, m);
    *out = rt_bytes_from(e.out, e.len);
    return err;
}

rt_bytes wire_marshal_or_panic(const ProtobufCMessage *m)
{
    rt_bytes out;
    struct rt_error *err = wire_marshal(m, &out);
    if (err)
        rt_panicf("%v", err);
    return out;
}
