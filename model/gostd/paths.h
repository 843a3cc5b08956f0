/* The part of path/filepath that package code uses, for slashes. */
#ifndef CCLAB_MODEL_GOSTD_PATHS_H
#define CCLAB_MODEL_GOSTD_PATHS_H

#include "model/rt/str.h"

/* filepath.Clean. */
rt_str path_clean(rt_str path);
/* filepath.Split: the directory keeps its slash; both parts share the path's memory. */
void path_split(rt_str path, rt_str *dir, rt_str *file);
/* path.Join of two parts. */
rt_str path_join(rt_str a, rt_str b);

#endif
