/* Drawing a timeline: as columns with text, as lanes, or as plain lines. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "harness/base/mem.h"
#include "harness/report/timeline_impl.h"

#define TIME_WIDTH 13
#define COLUMN_MIN 24
#define LANES_MAX 24

/* Which lane, or column, a goroutine has; -1: none yet. */
struct layout {
    int *lane_of;              /* by goroutine id */
    uint32_t lanes[LANES_MAX]; /* who is in a lane; 0: free */
    int lane_count;            /* most that are used at once */
    bool columns;
    int column_width;
};

struct drawing {
    const struct timeline *t;
    const struct timeline_style *style;
    FILE *to;
    struct layout layout;
};

static bool shown(const struct drawing *d, const struct row *row)
{
    const struct timeline_style *s = d->style;
    if (row->time_ns < s->from_ns || (s->to_ns > 0 && row->time_ns > s->to_ns))
        return false;
    if (row->op == RT_OP_EXIT && !row->marked && !s->all_ops)
        return false;
    return s->all_ops || row->weight == ROW_STORY;
}

static void color(const struct drawing *d, const char *code)
{
    if (d->style->color)
        fprintf(d->to, "\033[%sm", code);
}

/* Prints at most `width` characters of UTF-8 text without control characters; returns how many. */
static int put_text(FILE *to, const char *text, int width)
{
    int used = 0;
    for (const unsigned char *p = (const unsigned char *)text; *p && used < width; p++) {
        if ((*p & 0xc0) == 0x80) {
            fputc(*p, to);
            continue;
        }
        fputc(*p < 0x20 || *p == 0x7f ? ' ' : *p, to);
        used++;
        while ((p[1] & 0xc0) == 0x80)
            fputc(*++p, to);
    }
    return used;
}

static int text_width(const char *text)
{
    int width = 0;
    for (const char *p = text; *p; p++)
        width += ((unsigned char)*p & 0xc0) != 0x80;
    return width;
}

static void put_time(const struct drawing *d, int64_t time_ns, int64_t last_ns)
{
    char text[32] = "";
    if (time_ns != last_ns)
        snprintf(text, sizeof(text), "%" PRId64 ".%03d ms", time_ns / 1000000,
                (int)(time_ns / 1000 % 1000));
    color(d, "2");
    fprintf(d->to, "%*s ", TIME_WIDTH - 1, text);
    color(d, "0");
}

static const char *owner_name(const struct drawing *d, uint32_t fiber)
{
    return fiber && fiber < d->t->owner_count && d->t->owners[fiber].name ? d->t->owners[fiber].name
                                                                          : "clock";
}

/* Number of rows from i on that are shown and say the same of the same goroutine, at whatever time;
 * *next is the row behind them. */
static size_t same_rows(const struct drawing *d, size_t i, size_t *next)
{
    const struct row *row = &d->t->rows[i];
    size_t count = 1;
    *next = i + 1;
    for (size_t k = i + 1; k < d->t->count; k++) {
        const struct row *other = &d->t->rows[k];
        if (!shown(d, other))
            continue;
        if (other->fiber != row->fiber || strcmp(other->text, row->text) != 0)
            break;
        count++;
        *next = k + 1;
    }
    return count;
}

/* ---- plain ---- */

static void draw_plain(const struct drawing *d)
{
    for (size_t i = 0; i < d->t->count;) {
        const struct row *row = &d->t->rows[i];
        size_t next = i + 1;
        if (shown(d, row)) {
            size_t times = same_rows(d, i, &next);
            fprintf(d->to, "%12.3f ms %c %s", (double)row->time_ns / 1e6, row->marked ? '*' : ' ',
                    owner_name(d, row->fiber));
            fprintf(d->to, "#%u: ", row->fiber);
            put_text(d->to, row->text, 4096);
            if (times > 1)
                fprintf(d->to, " (%zu times)", times);
            fputc('\n', d->to);
        }
        i = next;
    }
}

/* ---- layout ---- */

static void find_owners(struct drawing *d, bool *has_rows, uint32_t *order, int *count)
{
    for (size_t i = 0; i < d->t->count; i++) {
        const struct row *row = &d->t->rows[i];
        if (!row->fiber || has_rows[row->fiber] || row->op == RT_OP_EXIT || !shown(d, row))
            continue;
        has_rows[row->fiber] = true;
        order[(*count)++] = row->fiber;
    }
}

/* Columns when every goroutine with rows gets a wide enough one; else lanes, given when needed. */
static void plan(struct drawing *d)
{
    size_t n = d->t->owner_count + 1;
    bool *has_rows = mem_new_array(bool, n);
    uint32_t *order = mem_new_array(uint32_t, n);
    struct layout *l = &d->layout;
    int count = 0;
    int *lane_of = mem_new_array(int, n);
    for (size_t i = 0; i < n; i++)
        lane_of[i] = -1;
    find_owners(d, has_rows, order, &count);
    l->lane_of = lane_of;
    int room = d->style->width - TIME_WIDTH;
    l->columns = count > 0 && count <= LANES_MAX && room / count >= COLUMN_MIN;
    if (l->columns) {
        l->column_width = room / count;
        l->lane_count = count;
        for (int i = 0; i < count; i++) {
            l->lane_of[order[i]] = i;
            l->lanes[i] = order[i];
        }
    } else {
        l->lane_count = count < LANES_MAX ? count : LANES_MAX;
        int most = (d->style->width - TIME_WIDTH - 40) / 2;
        if (l->lane_count > most)
            l->lane_count = most > 1 ? most : 1;
    }
    free(has_rows);
    free(order);
}

/* ---- columns ---- */

static void draw_header(const struct drawing *d)
{
    fprintf(d->to, "%*s ", TIME_WIDTH - 1, "time");
    for (int i = 0; i < d->layout.lane_count; i++) {
        color(d, "1");
        int used = put_text(d->to, owner_name(d, d->layout.lanes[i]), d->layout.column_width - 2);
        color(d, "0");
        fprintf(d->to, "%*s", d->layout.column_width - used, "");
    }
    fputc('\n', d->to);
}

/* One row's text in its column, wrapped; the other columns show a line. */
static void draw_in_column(
        const struct drawing *d, const struct row *row, int column, const char *text)
{
    int width = d->layout.column_width - 3;
    const char *p = text;
    bool first = true;
    while (*p || first) {
        if (!first)
            fprintf(d->to, "%*s", TIME_WIDTH, "");
        for (int i = 0; i < d->layout.lane_count; i++) {
            if (i != column) {
                color(d, "2");
                fprintf(d->to, "│%*s", d->layout.column_width - 1, "");
                color(d, "0");
                continue;
            }
            fputs(row->marked && first ? "◆ " : "  ", d->to);
            int used = put_text(d->to, p, width);
            fprintf(d->to, "%*s", d->layout.column_width - 2 - used, "");
        }
        for (int used = 0; *p && used < width; used++)
            do
                p++;
            while (((unsigned char)*p & 0xc0) == 0x80);
        fputc('\n', d->to);
        first = false;
    }
}

/* ---- lanes ---- */

/* The goroutine's lane; the first free one when it has none. */
static int take_lane(struct drawing *d, uint32_t fiber)
{
    struct layout *l = &d->layout;
    if (!fiber)
        return -1;
    if (l->lane_of[fiber] >= 0)
        return l->lane_of[fiber];
    for (int i = 0; i < l->lane_count; i++) {
        if (l->lanes[i] == 0) {
            l->lanes[i] = fiber;
            l->lane_of[fiber] = i;
            return i;
        }
    }
    return -1;
}

static void draw_lanes(const struct drawing *d, int lane, const struct row *row)
{
    for (int i = 0; i < d->layout.lane_count; i++) {
        if (i == lane) {
            color(d, row->marked ? "1;33" : "1");
            fputs(row->op == RT_OP_EXIT || row->op == RT_OP_KILL ? "╵ "
                    : row->marked                                ? "◆ "
                                                                 : "● ",
                    d->to);
            color(d, "0");
        } else {
            color(d, "2");
            fputs(d->layout.lanes[i] ? "│ " : "  ", d->to);
            color(d, "0");
        }
    }
}

/* The goroutine has ended: another one may have its lane. Columns stay. */
static void leave_lane(struct drawing *d, uint32_t fiber)
{
    int lane = fiber ? d->layout.lane_of[fiber] : -1;
    if (lane < 0 || d->layout.columns)
        return;
    d->layout.lanes[lane] = 0;
    d->layout.lane_of[fiber] = -1;
}

static void draw_with_lane(struct drawing *d, const struct row *row, const char *text)
{
    int lane = take_lane(d, row->fiber);
    const char *name = owner_name(d, row->fiber);
    draw_lanes(d, lane, row);
    int room = d->style->width - TIME_WIDTH - 2 * d->layout.lane_count;
    color(d, "36");
    room -= put_text(d->to, name, room / 2);
    color(d, "0");
    fputs(": ", d->to);
    room -= 2;
    put_text(d->to, text, text_width(text) <= room ? room : room - 1);
    if (text_width(text) > room)
        fputs("…", d->to);
    fputc('\n', d->to);
    if (row->op == RT_OP_EXIT)
        leave_lane(d, row->fiber);
}

static void draw_rows(struct drawing *d)
{
    int64_t last = -1;
    for (size_t i = 0; i < d->t->count;) {
        const struct row *row = &d->t->rows[i];
        size_t next = i + 1;
        if (row->op == RT_OP_EXIT && !row->marked && !d->style->all_ops) {
            leave_lane(d, row->fiber);
        } else if (shown(d, row)) {
            char times[32] = "";
            size_t count = same_rows(d, i, &next);
            if (count > 1)
                snprintf(times, sizeof(times), " (%zu times)", count);
            int column = row->fiber ? d->layout.lane_of[row->fiber] : -1;
            bool guest = d->layout.columns && column < 0; /* in the first column, by name */
            char *text = mem_format("%s%s%s%s", guest ? owner_name(d, row->fiber) : "",
                    guest ? ": " : "", row->text, times);
            put_time(d, row->time_ns, last);
            last = row->time_ns;
            if (d->layout.columns)
                draw_in_column(d, row, guest ? 0 : column, text);
            else
                draw_with_lane(d, row, text);
            free(text);
        }
        i = next;
    }
}

void timeline_render(const struct timeline *t, FILE *to, const struct timeline_style *style)
{
    struct drawing d = { .t = t, .style = style, .to = to };
    if (style->plain) {
        draw_plain(&d);
        return;
    }
    plan(&d);
    if (d.layout.columns)
        draw_header(&d);
    draw_rows(&d);
    free(d.layout.lane_of);
}
