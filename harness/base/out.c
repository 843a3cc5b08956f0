/* Standard output, progress on the terminal, and signals that end long work. */
#include "harness/base/out.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "harness/base/diag.h"
#include "harness/base/exit.h"
#include "harness/base/mem.h"

static volatile sig_atomic_t interrupted;

/* A number below 3 that is closed would be given to the next pipe or file, and what is printed
 * would go there. It is opened the wrong way round, so that using it still is an error. */
static void keep_standard_streams(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            (void)!open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

void out_init(void)
{
    keep_standard_streams();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
}

int out_finish(int status)
{
    errno = 0;
    bool failed = ferror(stdout) != 0;
    if (fflush(stdout) != 0)
        failed = true;
    if (!failed)
        return status;
    if (errno != EPIPE && errno != 0)
        diag("cannot write standard output: %s", strerror(errno));
    return CCLAB_OUTPUT;
}

bool out_alive(void)
{
    return !ferror(stdout);
}

int out_width(void)
{
    const char *columns = getenv("COLUMNS");
    int width = columns ? atoi(columns) : 0;
    struct winsize size;
    if (width <= 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
        width = size.ws_col;
    if (width <= 0)
        width = 100;
    return width < 40 ? 40 : width > 1000 ? 1000 : width;
}

bool out_colors(void)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    return isatty(STDOUT_FILENO) && !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
}

const char *out_shown(rt_str text)
{
    char *shown = NULL;
    size_t size = 0;
    FILE *to = mem_stream(&shown, &size);
    diag_put(to, (const char *)text.data, text.len);
    fclose(to);
    const char *copy = rt_cstr(rt_str_from(shown));
    free(shown);
    return copy;
}

double out_seconds(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

void progress_begin(struct progress *p)
{
    *p = (struct progress){ .started = out_seconds() };
}

bool progress_due(struct progress *p)
{
    double now = out_seconds();
    if (now - p->started < 1 || now - p->shown < 0.2 || !isatty(STDERR_FILENO))
        return false;
    p->shown = now;
    return true;
}

void progress_show(struct progress *p, const char *format, ...)
{
    char line[512];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof(line), format, args);
    va_end(args);
    fflush(stdout);
    fputs("\r\033[K", stderr);
    diag_put(stderr, line, strnlen(line, (size_t)out_width() - 1));
    fflush(stderr);
    p->visible = true;
}

void progress_end(struct progress *p)
{
    if (p->visible)
        fprintf(stderr, "\r\033[K");
    p->visible = false;
}

/* The process whose signals count; 0: any. */
static volatile sig_atomic_t heeded;
/* timeout(1) sends its signal to the process and then to its group: this is one interrupt. */
static const double same_interrupt = 0.2;
static volatile double interrupted_at;

static void on_signal(int number, siginfo_t *info, void *context)
{
    (void)context;
    if (heeded != 0 && info->si_pid != heeded)
        return;
    double now = out_seconds();
    if (interrupted && now - interrupted_at > same_interrupt)
        _exit(128 + number);
    if (!interrupted)
        interrupted_at = now;
    interrupted = number;
}

static const int ending_signals[] = { SIGINT, SIGTERM, SIGHUP };
enum { ENDING_SIGNALS = sizeof(ending_signals) / sizeof(*ending_signals) };

/* One that was ignored from the start, by nohup or for a background job of a script, stays so. */
void out_catch_signals(void)
{
    struct sigaction action = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO }, before;
    for (int i = 0; i < ENDING_SIGNALS; i++)
        sigaddset(&action.sa_mask, ending_signals[i]);
    for (int i = 0; i < ENDING_SIGNALS; i++)
        if (sigaction(ending_signals[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(ending_signals[i], &action, NULL);
}

void out_heed_only(pid_t pid)
{
    heeded = pid;
}

void out_hold_signals(bool hold)
{
    sigset_t set;
    sigemptyset(&set);
    for (int i = 0; i < ENDING_SIGNALS; i++)
        sigaddset(&set, ending_signals[i]);
    sigprocmask(hold ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL);
}

bool out_interrupted(void)
{
    return interrupted != 0;
}
