/* Writes wire_tables.c from a FileDescriptorSet: tables DESCRIPTOR_SET OUTPUT.
 *
 * protobuf-c's descriptors do not know a message's Go type, which byte strings are strings, or
 * which repeated fields are maps; this program reads that from protoc's own description. It runs at
 * build time, on files of this project, and simply ends on anything unexpected. */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "google/protobuf/descriptor.pb-c.h"

typedef Google__Protobuf__FileDescriptorSet FileSet;
typedef Google__Protobuf__FileDescriptorProto File;
typedef Google__Protobuf__DescriptorProto Message;
typedef Google__Protobuf__FieldDescriptorProto Field;

#define FIELD_TYPE(name) GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_##name
enum { OPTION_MAP = 50001, OPTION_PROTO2 = 50002, OPTION_DROPS_UNKNOWN = 50001 };
enum { NAME_MAX_LEN = 256, MAX_TYPES = 512 };

struct type {
    char full_name[NAME_MAX_LEN]; /* protos.ChaincodeID */
    char go_type[NAME_MAX_LEN];   /* peer.ChaincodeID */
    char lower[NAME_MAX_LEN];     /* protos__chaincode_id */
    char c_type[NAME_MAX_LEN];    /* Protos__ChaincodeID */
    const Message *message;
    bool is_entry;
};

static struct type types[MAX_TYPES];
static size_t type_count;

static void die(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
static void die(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(1);
}

static bool has_option(const ProtobufCMessage *options, uint32_t number)
{
    for (size_t i = 0; options && i < options->n_unknown_fields; i++)
        if (options->unknown_fields[i].tag == number)
            return true;
    return false;
}

/* ---- names ---- */

/* Copies `from`, each part between dots changed by `part`, parts joined with two underscores. */
static void join_parts(
        char *to, const char *from, char *(*part)(char *to, const char *from, size_t len))
{
    for (;;) {
        size_t len = strcspn(from, ".");
        to = part(to, from, len);
        if (from[len] == '\0')
            break;
        to = stpcpy(to, "__");
        from += len + 1;
    }
    *to = '\0';
}

/* How protobuf-c spells a part of a type's name. */
static char *part_camel(char *to, const char *from, size_t len)
{
    bool upper = true;
    for (size_t i = 0; i < len; i++) {
        if (from[i] != '_')
            *to++ = (char)(upper ? toupper((unsigned char)from[i]) : from[i]);
        upper = from[i] == '_';
    }
    return to;
}

/* How protobuf-c spells a part of a descriptor's name. */
static char *part_lower(char *to, const char *from, size_t len)
{
    bool was_upper = true;
    for (size_t i = 0; i < len; i++) {
        bool is_upper = isupper((unsigned char)from[i]) != 0;
        if (is_upper && !was_upper)
            *to++ = '_';
        *to++ = (char)tolower((unsigned char)from[i]);
        was_upper = is_upper;
    }
    return to;
}

/* The name that protoc-gen-go gives a field. */
static void go_field_name(char *to, const char *from)
{
    for (; *from != '\0'; from++) {
        if (*from == '_' && islower((unsigned char)from[1]))
            continue;
        *to++ = (char)toupper((unsigned char)*from);
        if (isdigit((unsigned char)*from))
            continue;
        while (islower((unsigned char)from[1]))
            *to++ = *++from;
    }
    *to = '\0';
}

/* The member of the C struct: protobuf-c appends an underscore to C++'s keywords. */
static void c_member(char *to, const char *from)
{
    static const char *const keywords[] = { "and", "auto", "bool", "break", "case", "catch", "char",
        "class", "const", "continue", "default", "delete", "do", "double", "else", "enum",
        "explicit", "export", "extern", "false", "float", "for", "friend", "goto", "if", "inline",
        "int", "long", "mutable", "namespace", "new", "not", "operator", "or", "private",
        "protected", "public", "register", "return", "short", "signed", "sizeof", "static",
        "struct", "switch", "template", "this", "throw", "true", "try", "typedef", "typename",
        "union", "unsigned", "using", "virtual", "void", "volatile", "while", "xor" };
    char *end = to;
    for (; *from != '\0'; from++)
        *end++ = (char)tolower((unsigned char)*from);
    *end = '\0';
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        /* cppcheck-suppress uninitvar ; written through `end` */
        if (strcmp(to, keywords[i]) == 0)
            memcpy(end, "_", 2);
}

/* ---- types ---- */

static bool is_map(const Field *field)
{
    return has_option(field->options ? &field->options->base : NULL, OPTION_MAP);
}

static bool is_entry_of(const Message *parent, const Message *nested)
{
    for (size_t i = 0; parent && i < parent->n_field; i++) {
        const char *type_name = parent->field[i]->type_name;
        const char *last = type_name ? strrchr(type_name, '.') : NULL;
        if (last && is_map(parent->field[i]) && strcmp(last + 1, nested->name) == 0)
            return true;
    }
    return false;
}

static void add_type(const char *package, const char *go_package, const char *outer,
        const Message *parent, const Message *message)
{
    char path[NAME_MAX_LEN];
    if (type_count == MAX_TYPES)
        die("more than %d types", MAX_TYPES);
    struct type *type = &types[type_count++];
    type->message = message;
    type->is_entry = is_entry_of(parent, message);
    if (snprintf(path, sizeof path, "%s%s%s", outer, *outer ? "." : "", message->name) >=
            NAME_MAX_LEN - 64)
        die("%s: name too long", message->name);
    const char *dot = package ? "." : "";
    if (snprintf(type->full_name, NAME_MAX_LEN, "%s%s%s", package ? package : "", dot, path) >=
                    NAME_MAX_LEN ||
            snprintf(type->go_type, NAME_MAX_LEN, "%s.%s", go_package, path) >= NAME_MAX_LEN)
        die("%s: name too long", path);
    for (char *at = type->go_type + strlen(go_package) + 1; (at = strchr(at, '.'));)
        *at = '_';
    join_parts(type->c_type, type->full_name, part_camel);
    join_parts(type->lower, type->full_name, part_lower);
    for (size_t i = 0; i < message->n_nested_type; i++)
        add_type(package, go_package, path, message, message->nested_type[i]);
}

static int compare_types(const void *a, const void *b)
{
    return strcmp(((const struct type *)a)->full_name, ((const struct type *)b)->full_name);
}

static void add_file(const File *file)
{
    const char *go_package = file->options ? file->options->go_package : NULL;
    if (!go_package)
        return; /* options.proto, and what comes with protobuf */
    const char *slash = strrchr(go_package, '/');
    if (strncmp(file->name, "proto/", 6) != 0)
        return;
    for (size_t i = 0; i < file->n_message_type; i++)
        add_type(file->package, slash ? slash + 1 : go_package, "", NULL, file->message_type[i]);
}

static const struct type *find_type(const char *name)
{
    if (*name == '.')
        name++;
    for (size_t i = 0; i < type_count; i++)
        if (strcmp(types[i].full_name, name) == 0)
            return &types[i];
    die("%s: no such type", name);
}

/* ---- output ---- */

static const char *kind_of(const Field *field)
{
    switch ((int)field->type) {
    case FIELD_TYPE(INT32):
    case FIELD_TYPE(ENUM):
        return "WIRE_INT32";
    case FIELD_TYPE(UINT32):
        return "WIRE_UINT32";
    case FIELD_TYPE(INT64):
        return "WIRE_INT64";
    case FIELD_TYPE(UINT64):
        return "WIRE_UINT64";
    case FIELD_TYPE(BOOL):
        return "WIRE_BOOL";
    case FIELD_TYPE(BYTES):
        return "WIRE_BYTES";
    case FIELD_TYPE(STRING):
        return "WIRE_STRING";
    case FIELD_TYPE(MESSAGE):
        return "WIRE_MESSAGE";
    default:
        die("%s: a field type that is not implemented", field->name);
    }
}

static bool is_repeated(const Field *field)
{
    return field->label == GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__LABEL__LABEL_REPEATED;
}

static void write_field(FILE *out, const struct type *type, const Field *field)
{
    const Message *message = type->message;
    char member[NAME_MAX_LEN], go_name[NAME_MAX_LEN], quantifier[NAME_MAX_LEN + 8] = "";
    const char *kind = kind_of(field);
    bool proto2 = has_option(field->options ? &field->options->base : NULL, OPTION_PROTO2);
    c_member(member, field->name);
    go_field_name(go_name, field->name);
    if (field->has_oneof_index) {
        const char *oneof = message->oneof_decl[field->oneof_index]->name;
        char lower[NAME_MAX_LEN];
        c_member(lower, oneof);
        go_field_name(go_name, oneof);
        snprintf(quantifier, sizeof quantifier, "%s_case", lower);
    } else if (is_repeated(field)) {
        snprintf(quantifier, sizeof quantifier, "n_%s", member);
    }
    fprintf(out,
            "    { .name = \"%s\", .go_name = \"%s\", .number = %d, .kind = %s,\n      .offset = "
            "offsetof(%s, %s),",
            field->name, go_name, field->number, kind, type->c_type, member);
    if (*quantifier != '\0')
        fprintf(out, " .quantifier = offsetof(%s, %s),", type->c_type, quantifier);
    if (field->type == FIELD_TYPE(MESSAGE))
        fprintf(out, " .message = &type_%s,", find_type(field->type_name)->lower);
    bool length = field->type == FIELD_TYPE(MESSAGE) || field->type == FIELD_TYPE(BYTES) ||
                  field->type == FIELD_TYPE(STRING);
    fprintf(out, "\n      .wire = %s, .flags = 0%s%s%s%s%s },\n",
            length ? "WIRE_LENGTH" : "WIRE_VARINT", is_repeated(field) ? " | WIRE_REPEATED" : "",
            field->has_oneof_index ? " | WIRE_ONEOF" : "", is_map(field) ? " | WIRE_MAP" : "",
            field->type == FIELD_TYPE(STRING) && !proto2 ? " | WIRE_UTF8" : "",
            proto2 ? " | WIRE_PROTO2" : "");
}

/* Go's order of encoding: by number, the members of oneofs at the end. */
static int compare_fields(const void *a, const void *b)
{
    const Field *x = *(Field *const *)a, *y = *(Field *const *)b;
    int x_oneof = x->has_oneof_index ? x->oneof_index + 1 : 0;
    int y_oneof = y->has_oneof_index ? y->oneof_index + 1 : 0;
    if (x_oneof != y_oneof)
        return x_oneof < y_oneof ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

static void write_type(FILE *out, struct type *type)
{
    const Message *message = type->message;
    size_t count = message->n_field;
    int end = 1;
    bool has_maps = false;
    if (count > 0)
        qsort(message->field, count, sizeof(Field *), compare_fields);
    for (size_t i = 0; i < count; i++) {
        end = message->field[i]->number >= end ? message->field[i]->number + 1 : end;
        has_maps |= is_map(message->field[i]);
    }
    if (end > 255 || count > 254)
        die("%s: a field number that the table has no room for", type->full_name);
    fprintf(out, "\nstatic const uint8_t numbers_%s[] = { ", type->lower);
    for (int number = 0; number < end; number++) {
        size_t index = 0;
        for (size_t i = 0; i < count; i++)
            if (message->field[i]->number == number)
                index = i + 1;
        fprintf(out, "%zu, ", index);
    }
    fprintf(out, "};\n");
    if (count > 0) {
        fprintf(out, "static const struct wire_field fields_%s[] = {\n", type->lower);
        for (size_t i = 0; i < count; i++)
            write_field(out, type, message->field[i]);
        fprintf(out, "};\n");
    }
    fprintf(out, "static const struct wire_type type_%s = {\n", type->lower);
    fprintf(out,
            "    .descriptor = &%s__descriptor,\n    .full_name = \"%s\",\n    .go_type = "
            "\"%s\",\n",
            type->lower, type->full_name, type->go_type);
    if (count > 0)
        fprintf(out, "    .fields = fields_%s,\n    .field_count = %zu,\n", type->lower, count);
    fprintf(out, "    .by_number = numbers_%s,\n    .number_end = %d,\n    .size = sizeof(%s),\n",
            type->lower, end, type->c_type);
    fprintf(out, "    .is_entry = %d,\n    .has_maps = %d,\n    .drops_unknown = %d,\n};\n",
            type->is_entry, has_maps,
            has_option(message->options ? &message->options->base : NULL, OPTION_DROPS_UNKNOWN));
}

static void write_tables(FILE *out, const FileSet *set)
{
    fprintf(out,
            "/* Generated by model/proto/tables_gen.c. */\n#include \"model/wire/tables.h\"\n\n");
    for (size_t i = 0; i < set->n_file; i++) {
        const File *file = set->file[i];
        const char *dot = strrchr(file->name, '.');
        if (strncmp(file->name, "proto/", 6) == 0 && file->options && file->options->go_package)
            fprintf(out, "#include \"%.*s.pb-c.h\"\n", (int)(dot - file->name), file->name);
    }
    fprintf(out, "\n");
    for (size_t i = 0; i < type_count; i++)
        fprintf(out, "static const struct wire_type type_%s;\n", types[i].lower);
    for (size_t i = 0; i < type_count; i++)
        write_type(out, &types[i]);
    fprintf(out, "\nconst struct wire_type *const wire_tables[] = {\n");
    for (size_t i = 0; i < type_count; i++)
        fprintf(out, "    &type_%s,\n", types[i].lower);
    fprintf(out, "};\nconst size_t wire_table_count = %zu;\n", type_count);
}

static FileSet *read_set(const char *path)
{
    FILE *in = fopen(path, "rb");
    if (!in)
        die("%s: %s", path, strerror(errno));
    uint8_t *data = malloc(1 << 22);
    size_t len = data ? fread(data, 1, 1 << 22, in) : 0;
    FileSet *set = google__protobuf__file_descriptor_set__unpack(NULL, len, data);
    free(data);
    fclose(in);
    if (!set)
        die("%s: not a descriptor set", path);
    return set;
}

int main(int argc, char **argv)
{
    if (argc != 3)
        die("usage: %s DESCRIPTOR_SET OUTPUT", argv[0]);
    FileSet *set = read_set(argv[1]);
    for (size_t i = 0; i < set->n_file; i++)
        add_file(set->file[i]);
    qsort(types, type_count, sizeof *types, compare_types);
    FILE *out = fopen(argv[2], "w");
    if (!out)
        die("%s: %s", argv[2], strerror(errno));
    write_tables(out, set);
    if (fclose(out) != 0)
        die("%s: %s", argv[2], strerror(errno));
    google__protobuf__file_descriptor_set__free_unpacked(set, NULL);
    return 0;
}
