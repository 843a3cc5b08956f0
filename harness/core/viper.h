/* Settings as a peer's viper finds them: environment variables over the configuration file, and
 * what its casts make of a value of another type.
 *
 * Follows github.com/spf13/viper and cast, as Fabric 1.4.2 vendors them: names are case-sensitive
 * below the first one; a value in the place of a section stands for all that is below it; an
 * environment variable in the place of a first section hides the whole section. */
#ifndef CCLAB_HARNESS_CORE_VIPER_H
#define CCLAB_HARNESS_CORE_VIPER_H

#include "harness/json/json.h"
#include "model/rt/str.h"

struct viper {
    const struct json_node *root; /* the configuration; NULL: none */
    const struct json_node *env;  /* an object of variables; NULL: none */
};

enum viper_kind { VIPER_NIL, VIPER_TEXT, VIPER_BOOL, VIPER_INT, VIPER_REAL, VIPER_LIST, VIPER_MAP };

struct viper_value {
    enum viper_kind kind;
    bool decided;                 /* somebody says what it is, be it nothing */
    const struct json_node *node; /* where it stands; NULL: nowhere */
    bool from_env;
    rt_str text;
    int64_t number; /* of BOOL, too */
    double real;
};

/* Viper.Get, in the current arena. */
struct viper_value viper_get(const struct viper *v, const char *key);
/* An element of a list or a member of a map as a value. */
struct viper_value viper_of(const struct json_node *node);

/* Get and a cast; what cannot be cast is zero. */
rt_str viper_text(struct viper_value value);
bool viper_bool(struct viper_value value);
int64_t viper_int(struct viper_value value);
int64_t viper_duration(struct viper_value value);
/* GetStringSlice: *count strings. */
rt_str *viper_texts(struct viper_value value, size_t *count);

/* "CORE_VM_ENDPOINT" of "vm.endpoint", in the current arena. */
rt_str viper_env_name(const char *key);

/* The configuration with `changes` merged over it (RFC 7396), in the current arena; nodes keep
 * pointing into the texts that they are from. Either may be NULL. */
const struct json_node *viper_merge(
        const struct json_node *config, const struct json_node *changes);

#endif
