/* The timeline and the trace of runs. */
#include "harness/cli/drawing.h"

#include <stdlib.h>

#include "harness/base/file.h"
#include "harness/base/mem.h"
#include "harness/base/out.h"
#include "harness/report/timeline.h"

void drawing_begin(struct drawing *d, const struct drawing_flags *flags)
{
    *d = (struct drawing){ .flags = flags };
    if (flags->trace)
        d->trace = mem_stream(&d->events, &d->len);
}

bool drawing_end(struct drawing *d)
{
    if (!d->trace)
        return true;
    fclose(d->trace);
    bool written = file_write(d->flags->trace, d->events, d->len);
    free(d->events);
    return written;
}

void drawing_run(struct drawing *d, const struct subject *subject, const struct rt_source *source,
        struct run_result *result)
{
    const struct drawing_flags *flags = d->flags;
    struct timeline_style style = {
        .width = flags->width > 0 ? (int)flags->width : out_width(),
        .plain = flags->plain,
        .color = out_colors() && !flags->plain,
        .all_ops = flags->all_ops,
    };
    struct timeline *t = timeline_new();
    struct sink_json lines;
    struct sink_tee tee;
    struct rt_sink *drawn = flags->quiet ? NULL : timeline_sink(t);
    struct rt_sink *traced = d->trace ? sink_json_init(&lines, d->trace) : NULL;
    subject->run(subject->self, source, sink_tee_init(&tee, drawn, traced), result);
    if (!flags->quiet)
        timeline_render(t, stdout, &style);
    timeline_free(t);
}
