/* Workers behind a pair of pipes each: job numbers go down, answers come up as length and JSON. */
#include "harness/base/pool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/base/diag.h"
#include "harness/base/exit.h"
#include "harness/base/mem.h"
#include "harness/base/out.h"

#define POOL_MAX 256

struct buffer {
    char *data;
    size_t len;
    size_t cap;
};

struct worker {
    pid_t pid; /* 0: none */
    int to;    /* jobs */
    int from;  /* answers */
    bool busy;
    bool killed;
    uint64_t job;
    double since;
    struct buffer answer;
};

/* An answer that waits for those before it. */
struct answer {
    uint64_t job;
    json_t *value;
    char *note;
    struct answer *next;
};

struct run {
    const struct pool *pool;
    struct worker workers[POOL_MAX];
    unsigned count;
    uint64_t next_job;
    uint64_t next_done;
    bool ended;       /* no further jobs */
    bool told;        /* workers know of the interrupt */
    bool start_fails; /* there was a report of it */
    struct answer *waiting;
};

/* ---- in the worker ---- */

static bool transfer(int fd, void *data, size_t len, bool writing)
{
    char *p = data;
    while (len > 0) {
        ssize_t n = writing ? write(fd, p, len) : read(fd, p, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        p += n;
        len -= (size_t)n;
    }
    return true;
}

static int append(const char *data, size_t len, void *to)
{
    struct buffer *b = to;
    mem_reserve(b->data, b->cap, b->len + len);
    memcpy(b->data + b->len, data, len);
    b->len += len;
    return 0;
}

/* Length and text go in one piece, so that the parent wakes once. */
static bool send_answer(int to, struct buffer *b, const json_t *value)
{
    uint64_t len = 0;
    b->len = 0;
    append((const char *)&len, sizeof(len), b);
    json_dump_callback(value, append, b, JSON_COMPACT | JSON_ENCODE_ANY);
    len = b->len - sizeof(len);
    memcpy(b->data, &len, sizeof(len));
    return transfer(to, b->data, b->len, true);
}

static void serve(const struct pool *pool, int jobs, int answers)
{
    uint64_t job;
    struct buffer buffer = { 0 };
    if (pool->begin && !pool->begin(pool->self))
        _exit(CCLAB_INTERNAL);
    bool heard = true;
    while (heard && transfer(jobs, &job, sizeof(job), false)) {
        json_t *value = pool->work(pool->self, job);
        heard = send_answer(answers, &buffer, value);
        json_decref(value);
    }
    fflush(NULL);
    _exit(0);
}

/* ---- in the parent ---- */

/* A worker ends with its parent, whatever ends that. Interrupts are the parent's to pass on, so
 * that workers hand over what they have; one that comes from elsewhere would cut a job short that
 * the parent takes for done. */
static void follow(pid_t parent)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(CCLAB_INTERNAL);
    signal(SIGINT, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    out_heed_only(parent);
}

static bool make_pipes(int jobs[2], int answers[2])
{
    if (pipe2(jobs, O_CLOEXEC) != 0)
        return false;
    if (pipe2(answers, O_CLOEXEC) == 0)
        return true;
    close(jobs[0]);
    close(jobs[1]);
    return false;
}

/* False after a report, made once, if there can be no further process. */
static bool start(struct run *r, struct worker *w)
{
    int jobs[2], answers[2];
    pid_t parent = getpid(), pid = -1;
    fflush(NULL);
    bool piped = make_pipes(jobs, answers);
    if (piped)
        pid = fork();
    if (pid < 0) {
        if (!r->start_fails)
            diag("cannot start a worker: %s", strerror(errno));
        r->start_fails = true;
        for (int i = 0; piped && i < 2; i++) {
            close(jobs[i]);
            close(answers[i]);
        }
        return false;
    }
    if (pid == 0) {
        follow(parent);
        close(jobs[1]);
        close(answers[0]);
        for (unsigned i = 0; i < r->count; i++) {
            if (r->workers[i].pid > 0) {
                close(r->workers[i].to);
                close(r->workers[i].from);
            }
        }
        serve(r->pool, jobs[0], answers[1]);
    }
    close(jobs[0]);
    close(answers[1]);
    w->pid = pid;
    w->to = jobs[1];
    w->from = answers[0];
    w->busy = false;
    w->killed = false;
    w->answer.len = 0;
    return true;
}

static bool any_alive(const struct run *r)
{
    for (unsigned i = 0; i < r->count; i++)
        if (r->workers[i].pid > 0)
            return true;
    return false;
}

static void take_answer(struct run *r, struct worker *w, json_t *value, char *note);

/* Nobody can do the job: it counts as done, without an answer. */
static void give_up_job(struct run *r, struct worker *w)
{
    w->job = r->next_job++;
    take_answer(r, w, NULL, mem_string(POOL_NOT_STARTED));
}

static void give_job(struct run *r, struct worker *w)
{
    while (!r->ended && w->pid == 0 && r->pool->more(r->pool->self, r->next_job) && !start(r, w)) {
        if (any_alive(r))
            return; /* with fewer workers, then */
        give_up_job(r, w);
    }
    if (!r->ended && !r->pool->more(r->pool->self, r->next_job))
        r->ended = true;
    if (r->ended) {
        if (w->pid > 0 && !w->busy)
            close(w->to);
        w->to = -1;
        return;
    }
    w->job = r->next_job++;
    w->busy = true;
    w->since = out_seconds();
    transfer(w->to, &w->job, sizeof(w->job), true);
}

/* Hands on all answers whose turn it is. */
static void hand_on(struct run *r)
{
    struct answer **link = &r->waiting;
    while (*link) {
        struct answer *a = *link;
        if (a->job != r->next_done) {
            link = &a->next;
            continue;
        }
        *link = a->next;
        r->next_done++;
        r->pool->done(r->pool->self, a->job, a->value, a->note);
        json_decref(a->value);
        free(a->note);
        free(a);
        link = &r->waiting;
    }
}

static void take_answer(struct run *r, struct worker *w, json_t *value, char *note)
{
    struct answer *a = mem_new(struct answer);
    *a = (struct answer){ w->job, value, note, r->waiting };
    r->waiting = a;
    w->busy = false;
    hand_on(r);
}

static char *describe_death(const struct worker *w, int status)
{
    if (w->killed)
        return mem_string("took too long");
    if (WIFSIGNALED(status))
        return mem_format("crashed: %s", strsignal(WTERMSIG(status)));
    return mem_format("ended with status %d", WEXITSTATUS(status));
}

static void bury(struct run *r, struct worker *w)
{
    int status;
    close(w->from);
    if (w->to >= 0)
        close(w->to);
    while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
        ;
    w->pid = 0;
    if (w->busy)
        take_answer(r, w, NULL, describe_death(w, status));
    if (!r->ended)
        give_job(r, w);
}

static bool read_more(struct worker *w)
{
    struct buffer *b = &w->answer;
    mem_reserve(b->data, b->cap, b->len + 65536);
    ssize_t n = read(w->from, b->data + b->len, b->cap - b->len);
    if (n < 0 && errno == EINTR)
        return true;
    if (n > 0)
        b->len += (size_t)n;
    return n > 0;
}

static void listen_to(struct run *r, struct worker *w)
{
    uint64_t len;
    const struct buffer *b = &w->answer;
    if (!read_more(w)) {
        bury(r, w);
        return;
    }
    if (b->len < sizeof(len))
        return;
    memcpy(&len, b->data, sizeof(len));
    if (b->len < sizeof(len) + len)
        return;
    json_t *value = json_loadb(b->data + sizeof(len), len, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    w->answer.len = 0;
    take_answer(r, w, value, value ? NULL : mem_string("gave no answer"));
    give_job(r, w);
}

static void pass_on_interrupt(struct run *r)
{
    r->told = true;
    for (unsigned i = 0; i < r->count; i++)
        if (r->workers[i].pid > 0)
            kill(r->workers[i].pid, SIGTERM);
}

static bool wait_for_workers(struct run *r)
{
    if (out_interrupted() && !r->told)
        pass_on_interrupt(r);
    struct pollfd fds[POOL_MAX];
    struct worker *of[POOL_MAX];
    nfds_t count = 0;
    for (unsigned i = 0; i < r->count; i++) {
        struct worker *w = &r->workers[i];
        if (w->pid == 0)
            continue;
        double limit = (double)r->pool->timeout_ms / 1000;
        if (w->busy && !w->killed && limit > 0 && out_seconds() - w->since > limit) {
            w->killed = true;
            kill(w->pid, SIGKILL);
        }
        of[count] = w;
        fds[count++] = (struct pollfd){ .fd = w->from, .events = POLLIN };
    }
    if (count == 0)
        return false;
    if (poll(fds, count, 200) > 0)
        for (nfds_t i = 0; i < count; i++)
            if (fds[i].revents)
                listen_to(r, of[i]);
    if (r->pool->tick)
        r->pool->tick(r->pool->self);
    return true;
}

void pool_run(const struct pool *pool)
{
    struct run *r = mem_new(struct run);
    r->pool = pool;
    r->count = pool->workers < 1 ? 1 : pool->workers > POOL_MAX ? POOL_MAX : pool->workers;
    for (unsigned i = 0; i < r->count; i++)
        give_job(r, &r->workers[i]);
    while (wait_for_workers(r))
        ;
    for (unsigned i = 0; i < r->count; i++)
        free(r->workers[i].answer.data);
    free(r);
}
