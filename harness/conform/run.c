#include "harness/conform/run.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/diag.h"
#include "harness/base/exit.h"
#include "harness/base/out.h"
#include "harness/base/pool.h"
#include "harness/json/json.h"
#include "model/rt/arena.h"

/* A worker tells each result as one record: this head, then `len` bytes of JSON text
 * {"expected":…,"actual":…,"note":…}. It takes the vectors first, first+step, … */
struct record {
    uint32_t index;
    uint32_t verdict;
    uint64_t len;
};

#define RECORD_OPEN_FAILED UINT32_MAX

struct worker {
    pid_t pid; /* 0: none */
    int fd;
    size_t next; /* the vector whose record comes next */
    bool waits;  /* for a process that takes its vectors */
    double since;
    char *buffer;
    size_t len;
    size_t cap;
    bool killed; /* by us, after the timeout */
};

struct conform_job {
    const struct conform_suite *suite;
    const struct conform_env *env;
    const struct vector_file *file;
    const struct conform_run_options *options;
    struct vector_result *results;
    size_t step; /* workers */
    size_t done;
    bool start_fails; /* there was a report of it */
    char *open_error;
    struct progress progress;
};

const char *vector_verdict_name(enum vector_verdict verdict)
{
    static const char *const names[] = { "passed", "failed", "broken", "crashed", "not-run" };
    return names[verdict];
}

/* ---- in the worker ---- */

static void write_fully(int fd, const void *data, size_t len)
{
    const char *p = data;
    while (len > 0) {
        ssize_t n = write(fd, p, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            _exit(1);
        p += n;
        len -= (size_t)n;
    }
}

static void send_record(int fd, uint32_t index, uint32_t verdict, json_t *body)
{
    char *text = body ? json_line(body) : NULL;
    struct record record = { index, verdict, text ? strlen(text) : 0 };
    write_fully(fd, &record, sizeof(record));
    if (text)
        write_fully(fd, text, record.len);
    free(text);
    json_decref(body);
}

static void send_outcome(int fd, uint32_t index, struct conform_outcome *out)
{
    json_t *body = NULL;
    uint32_t verdict = VECTOR_PASSED;
    if (out->broken) {
        verdict = VECTOR_BROKEN;
        body = json_pack("{s:o}", "note", json_text_value(out->broken, strlen(out->broken)));
    } else if (!out->expected || !out->actual || !json_equal(out->expected, out->actual)) {
        verdict = VECTOR_FAILED;
        body = json_object();
        if (out->expected)
            json_object_set(body, "expected", out->expected);
        if (out->actual)
            json_object_set(body, "actual", out->actual);
    }
    send_record(fd, index, verdict, body);
    json_decref(out->expected);
    json_decref(out->actual);
}

static void run_worker(const struct conform_job *job, size_t first, int fd)
{
    const struct conform_suite *suite = job->suite;
    struct rt_arena *shared = rt_arena_new();
    struct rt_arena *each = suite->stateful ? shared : rt_arena_new();
    rt_arena_use(shared);
    rt_str error = RT_NIL;
    void *state = suite->open ? suite->open(job->env, &error) : NULL;
    if (error.data) {
        send_record(fd, 0, RECORD_OPEN_FAILED, json_pack("{s:o}", "note", conform_text(error)));
        return;
    }
    for (size_t i = first; i < job->file->count; i += job->step) {
        struct conform_outcome out = { 0 };
        rt_arena_use(each);
        suite->run(state, job->file->lines[i].value, &out);
        rt_arena_use(each);
        send_outcome(fd, (uint32_t)i, &out);
        if (!suite->stateful)
            rt_arena_reset(each);
    }
    rt_arena_use(shared);
    if (suite->close)
        suite->close(state);
    rt_arena_use(NULL);
    if (each != shared)
        rt_arena_free(each);
    rt_arena_free(shared);
}

/* ---- in the parent ---- */

/* If there can be no further process, after a report, the vectors wait until another has ended. */
static void start_worker(struct conform_job *job, struct worker *w, size_t first)
{
    int fds[2];
    pid_t parent = getpid(), pid = -1;
    w->pid = 0;
    w->next = first;
    w->len = 0;
    w->killed = false;
    fflush(NULL);
    bool piped = pipe(fds) == 0;
    if (piped)
        pid = fork();
    w->waits = pid < 0;
    if (w->waits) {
        if (!job->start_fails)
            diag("cannot start a worker: %s", strerror(errno));
        job->start_fails = true;
        for (int i = 0; piped && i < 2; i++)
            close(fds[i]);
        return;
    }
    if (pid == 0) {
        pool_follow_parent(parent);
        close(fds[0]);
        run_worker(job, first, fds[1]);
        fflush(NULL);
        _exit(0);
    }
    close(fds[1]);
    w->pid = pid;
    w->fd = fds[0];
    w->since = out_seconds();
}

static void take_record(
        struct conform_job *job, struct worker *w, const struct record *head, const char *text)
{
    json_t *body = head->len ? json_loadb(text, head->len, JSON_ALLOW_NUL, NULL) : NULL;
    const char *note = json_string_value(json_object_get(body, "note"));
    if (head->verdict == RECORD_OPEN_FAILED) {
        free(job->open_error);
        job->open_error = strdup(note ? note : "");
        json_decref(body);
        return;
    }
    struct vector_result *result = &job->results[head->index];
    result->verdict = (enum vector_verdict)head->verdict;
    result->expected = json_incref(json_object_get(body, "expected"));
    result->actual = json_incref(json_object_get(body, "actual"));
    result->note = note ? strdup(note) : NULL;
    json_decref(body);
    w->next = head->index + job->step;
    w->since = out_seconds();
    job->done++;
}

/* Takes what the worker has written; false at its end. */
static bool read_worker(struct conform_job *job, struct worker *w)
{
    if (w->cap - w->len < 65536) {
        w->cap = w->cap * 2 + 131072;
        w->buffer = realloc(w->buffer, w->cap);
        if (!w->buffer)
            abort();
    }
    ssize_t n = read(w->fd, w->buffer + w->len, w->cap - w->len);
    if (n < 0 && errno == EINTR)
        return true;
    if (n <= 0)
        return false;
    w->len += (size_t)n;
    size_t used = 0;
    struct record head;
    while (w->len - used >= sizeof(head)) {
        memcpy(&head, w->buffer + used, sizeof(head));
        if (w->len - used - sizeof(head) < head.len)
            break;
        take_record(job, w, &head, w->buffer + used + sizeof(head));
        used += sizeof(head) + head.len;
    }
    memmove(w->buffer, w->buffer + used, w->len - used);
    w->len -= used;
    return true;
}

static char *death_note(const struct worker *w, const struct conform_job *job, int status)
{
    char *note = NULL;
    int n;
    if (w->killed)
        n = asprintf(&note, "no answer within %lld ms", (long long)job->options->timeout_ms);
    else if (WIFSIGNALED(status))
        n = asprintf(&note, "the model crashed: %s", strsignal(WTERMSIG(status)));
    else
        n = asprintf(&note, "the model ended the process with status %d", WEXITSTATUS(status));
    if (n < 0)
        abort();
    return note;
}

/* A worker has ended: all is well if its vectors are done; else the one that it was at is lost, and
 * a new worker goes on behind it, unless vectors depend on those before. */
static void end_worker(struct conform_job *job, struct worker *w)
{
    int status;
    close(w->fd);
    while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
        ;
    w->pid = 0;
    if (job->open_error || w->next >= job->file->count)
        return;
    struct vector_result *lost = &job->results[w->next];
    lost->verdict = VECTOR_CRASHED;
    lost->note = death_note(w, job, status);
    job->done++;
    size_t next = w->next + job->step;
    if (!job->suite->stateful && next < job->file->count)
        start_worker(job, w, next);
}

static void start_waiting(struct conform_job *job, struct worker *workers)
{
    for (size_t i = 0; i < job->step; i++)
        if (workers[i].waits)
            start_worker(job, &workers[i], workers[i].next);
}

static void check_time(struct conform_job *job, struct worker *workers)
{
    double limit = (double)job->options->timeout_ms / 1000;
    for (size_t i = 0; i < job->step; i++) {
        struct worker *w = &workers[i];
        if (limit > 0 && w->pid != 0 && !w->killed && out_seconds() - w->since > limit) {
            w->killed = true;
            kill(w->pid, SIGKILL);
        }
    }
    if (progress_due(&job->progress))
        progress_show(&job->progress, "%s: %zu of %zu vectors", job->suite->name, job->done,
                job->file->count);
}

/* Waits for any worker to say something; false when none is left. */
static bool serve_workers(struct conform_job *job, struct worker *workers)
{
    struct pollfd fds[256];
    struct worker *of[256];
    nfds_t count = 0;
    for (size_t i = 0; i < job->step; i++) {
        if (workers[i].pid == 0)
            continue;
        of[count] = &workers[i];
        fds[count++] = (struct pollfd){ .fd = workers[i].fd, .events = POLLIN };
    }
    if (count == 0)
        return false;
    if (poll(fds, count, 200) < 0)
        return true;
    for (nfds_t i = 0; i < count; i++)
        if (fds[i].revents && !read_worker(job, of[i])) {
            end_worker(job, of[i]);
            start_waiting(job, workers);
        }
    check_time(job, workers);
    return true;
}

static bool any_waits(const struct conform_job *job, const struct worker *workers)
{
    for (size_t i = 0; i < job->step; i++)
        if (workers[i].waits)
            return true;
    return false;
}

int conform_run_file(const struct conform_suite *suite, const struct conform_env *env,
        const struct vector_file *file, const struct conform_run_options *options,
        struct vector_result *results)
{
    struct conform_job job = { .suite = suite, .env = env, .file = file, .step = 1 };
    job.options = options;
    job.results = results;
    if (!suite->stateful)
        job.step = options->jobs;
    if (job.step > file->count)
        job.step = file->count;
    if (job.step > 256)
        job.step = 256;
    for (size_t i = 0; i < file->count; i++)
        results[i].verdict = VECTOR_NOT_RUN;
    struct worker *workers = calloc(job.step + 1, sizeof(*workers));
    if (!workers)
        abort();
    progress_begin(&job.progress);
    for (size_t i = 0; i < job.step; i++)
        start_worker(&job, &workers[i], i);
    while (serve_workers(&job, workers))
        ;
    progress_end(&job.progress);
    int status = any_waits(&job, workers) ? CCLAB_INTERNAL : CCLAB_OK;
    for (size_t i = 0; i < job.step; i++)
        free(workers[i].buffer);
    free(workers);
    if (job.open_error) {
        diag_at((struct diag_place){ .file = file->path }, "suite %s: %s", suite->name,
                job.open_error);
        status = CCLAB_USAGE;
    }
    free(job.open_error);
    return status;
}

void vector_results_free(struct vector_result *results, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        json_decref(results[i].expected);
        json_decref(results[i].actual);
        free(results[i].note);
    }
    free(results);
}
