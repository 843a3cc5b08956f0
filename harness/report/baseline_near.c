/* The lists of known findings that belong to a folder of scenarios. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/base/file.h"
#include "harness/base/mem.h"
#include "harness/report/baseline.h"
#include "model/rt/arena.h"

bool baseline_is_list(const char *path)
{
    return strncmp(file_base(path), "known-", 6) == 0;
}

/* One after the other; `seen` are the paths of those that were added, for lists that two folders
 * have in common. */
struct gathering {
    json_t *findings;
    json_t *seen;
    bool ok;
};

static void add_list(struct gathering *g, const char *path)
{
    char *real = realpath(path, NULL);
    if (!real || json_object_get(g->seen, real)) {
        free(real);
        return;
    }
    json_object_set_new(g->seen, real, json_true());
    free(real);
    struct baseline *list = baseline_load(path);
    g->ok = g->ok && list;
    for (size_t i = 0; list && i < list->known.count; i++) {
        char *replay =
                baseline_path(list, ((const struct known_finding *)list->known.items)[i].replay);
        json_t *entry = json_deep_copy(json_array_get(json_object_get(list->value, "findings"), i));
        json_object_set_new(entry, "replay", json_string(replay));
        json_array_append_new(g->findings, entry);
        free(replay);
    }
    baseline_free(list);
}

/* The lists that lie in the folder itself, not below it. */
static void add_folder(struct gathering *g, const char *folder)
{
    char **files = file_list(folder, ".json");
    for (char **f = files; f && *f; f++) {
        char *beside = file_in(folder, file_base(*f));
        if (baseline_is_list(*f) && strcmp(beside, *f) == 0)
            add_list(g, *f);
        free(beside);
    }
    file_list_free(files);
}

bool baseline_near(const char *const *paths, size_t count, struct baseline **baseline)
{
    struct gathering g = { json_array(), json_object(), true };
    *baseline = NULL;
    for (size_t i = 0; i < count; i++) {
        char *folder = file_is_dir(paths[i]) ? mem_string(paths[i]) : file_beside(paths[i], "");
        char *above = file_in(folder, "..");
        add_folder(&g, *folder ? folder : ".");
        add_folder(&g, above);
        free(folder);
        free(above);
    }
    if (g.ok && json_array_size(g.findings) > 0) {
        json_t *value = json_pack("{s:i, s:O}", "known_findings", 1, "findings", g.findings);
        struct json_doc *doc = json_doc_wrap("known-*.json", value);
        *baseline = baseline_part(doc, doc->root);
        g.ok = *baseline != NULL;
        json_doc_free(doc);
        json_decref(value);
    }
    json_decref(g.findings);
    json_decref(g.seen);
    return g.ok;
}
