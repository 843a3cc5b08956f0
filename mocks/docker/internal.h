/* Shared by the files of the Docker engine. */
#ifndef CCLAB_MOCKS_DOCKER_INTERNAL_H
#define CCLAB_MOCKS_DOCKER_INTERNAL_H

#include "mocks/docker/engine.h"
#include "model/gostd/gojson.h"
#include "model/rt/chan.h"
#include "model/rt/clock.h"
#include "model/rt/sync.h"

#define ENGINE_VERSION "20.10.24"
#define ENGINE_API "1.41"

/* ---- bytes that flow from one side of a connection to the other ---- */

struct stream {
    rt_bytes *chunks;
    size_t from;
    size_t count;
    size_t cap;
    struct rt_error *end; /* rt_eof, or what cut the stream; NULL while open */
    struct rt_chan *wake; /* capacity 1, made by a reader that has to wait */
    bool abandoned;       /* the reader has lost interest */
    void *order;          /* of its chunks, for data races */
};
/* Neither blocks: both may be called from exit hooks. */
void stream_put(struct stream *s, rt_bytes data);
void stream_end(struct stream *s, struct rt_error *err); /* NULL: rt_eof; the first end counts */
struct io_reader stream_reader(struct stream *s);

/* ---- requests ---- */

struct exchange;
struct route {
    const char *method;
    const char *head; /* the path up to the name */
    const char *tail; /* the path behind it; NULL: the path has no name */
    enum engine_op op;
    /* Called with the engine's lock, in a goroutine of the engine. It answers, or leaves the answer
     * to whoever ends it later (exchange_keep_open). */
    void (*handle)(struct exchange *x);
};
extern const struct route engine_routes[];

struct query_value {
    rt_str key;
    rt_str value;
    struct query_value *next;
};

struct exchange {
    struct docker_engine *engine;
    struct rt_proc *proc; /* of the engine that was dialled */
    const char *method;
    rt_str uri;
    rt_str content_type;
    bool upgrade;
    bool hijack;
    const struct route *route; /* NULL: refused before any handler, `early` says how */
    rt_str path;               /* without a version */
    rt_str version;            /* as asked for; empty for none */
    rt_str name;               /* of the container or image */
    struct query_value *query;
    size_t log_index;
    bool logged;
    const struct engine_fault *fault; /* NULL: none strikes */
    struct stream in;
    struct stream out;
    /* the answer */
    int status;
    struct http_header headers[9];
    size_t header_count;
    struct rt_error *failure; /* the connection broke instead */
    struct rt_chan *head;     /* capacity 1: the head is there */
    bool has_body;
    bool begun;     /* an answer was chosen */
    bool head_sent; /* the client knows */
    bool open_ended;
    uint64_t room; /* bytes of the body until it is cut */
    struct exchange *next_open;
    struct exchange *previous_open;
};

/* Query parameters, decoded. */
rt_str query_get(const struct exchange *x, const char *key);
/* Docker's idea of a true value. */
bool query_bool(const struct exchange *x, const char *key);
/* Finds the route and fills path, version, name and query; x->route stays NULL if the request must
 * be answered by route_refuse(). */
void route_find(struct exchange *x);
void route_refuse(struct exchange *x);
rt_str url_decode(rt_str s, bool plus_is_space);

/* The whole request body; gives up the engine's lock while it has to wait for the rest. */
RT_MUST_USE struct rt_error *exchange_body(struct exchange *x, rt_bytes *out);
/* A whole answer. `content_type` may be NULL. */
void reply(struct exchange *x, int status, const char *content_type, rt_bytes body);
void reply_json(struct exchange *x, int status, rt_str body);
void reply_empty(struct exchange *x, int status);
/* {"message": ...}, formatted as rt_sprintf(). */
void reply_error(struct exchange *x, int status, const char *format, ...);
/* An answer in pieces: the head goes out at once. */
void reply_begin(struct exchange *x, int status, const char *content_type, bool chunked);
void reply_add_header(struct exchange *x, const char *name, rt_str value);
void reply_write(struct exchange *x, rt_bytes data);
/* A fault keeps the answer back until its end. */
bool reply_held(const struct exchange *x);
/* The handler returns, but the answer goes on until reply_end(). */
void exchange_keep_open(struct exchange *x);
void reply_end(struct exchange *x);
/* The connection breaks. */
void exchange_fail(struct exchange *x, struct rt_error *err);
/* What a client is told that writes to a connection which the engine has closed. */
struct rt_error *http_pipe_broken(void);
/* Whether somebody still listens. */
bool exchange_abandoned(const struct exchange *x);

/* Faults: the one that hits this request, if any; then its effects. fault_before() returns false
 * when the request ends there. */
const struct engine_fault *fault_pick(struct docker_engine *e, enum engine_op op, rt_str name);
bool fault_before(struct exchange *x);
/* The error of a dial to an engine that is not there, or that a fault keeps unreachable; after the
 * time that it takes. */
struct rt_error *fault_no_connection(const struct engine_fault *fault);
bool fault_spoils_answer(const struct engine_fault *fault);
void fault_after(struct exchange *x);
bool fault_is(const struct exchange *x, enum engine_fault_kind kind);

/* ---- files ---- */

struct file {
    rt_str path; /* absolute and clean */
    bool dir;
    rt_bytes content;
    struct file *next;
};
rt_str file_clean_path(rt_str path);
struct file *file_find(struct file *files, rt_str path);
void file_put(struct file **files, rt_str path, bool dir, rt_bytes content);
struct file *files_copy(const struct file *files);
/* Unpacks a tar, plain or compressed, below a directory. */
RT_MUST_USE struct rt_error *files_unpack(struct file **files, rt_str dir, rt_bytes tar);

/* ---- images ---- */

struct image {
    rt_str id; /* "sha256:..." */
    rt_str parent;
    rt_str *tags; /* "name:tag" */
    size_t tag_count;
    rt_str code; /* that it holds; empty: what was built */
    struct file *files;
    int64_t created_ns;
    struct image *next;
};
/* Completes a reference with ":latest"; the error text is the engine's. */
RT_MUST_USE struct rt_error *image_reference(rt_str name, rt_str *reference);
struct image *image_find(const struct docker_engine *e, rt_str name);
struct image *image_add(struct docker_engine *e, rt_str reference);
void image_untag(struct docker_engine *e, rt_str reference);
/* The image is gone, or was never made: until one of this name is added, it does not exist. */
void image_absent(struct docker_engine *e, rt_str reference);
bool image_is_absent(const struct docker_engine *e, rt_str reference);
/* Whether no registry gives an image, with the status and message of the engine's answer. */
bool image_refused(const struct docker_engine *e, rt_str reference, int *status, rt_str *message);
/* A build has begun: its image is not there before it has ended well. */
void image_wanted(const struct exchange *x);

/* One instruction of a Dockerfile. */
struct instruction {
    rt_str word; /* in capitals */
    rt_str args;
    rt_str text; /* the whole, on one line */
    struct instruction *next;
};
RT_MUST_USE struct rt_error *dockerfile_parse(
        rt_str text, struct instruction **out, unsigned *count);

/* ---- containers ---- */

struct log_frame {
    int fd;
    rt_bytes data;
    int64_t wall_ns;
    struct log_frame *next;
};

/* Somebody attached, or following the logs. */
struct attachment {
    struct exchange *x;
    bool out;
    bool err;
    struct attachment *next;
};

enum wait_for { WAIT_NOT_RUNNING, WAIT_NEXT_EXIT, WAIT_REMOVED };
struct waiter {
    struct exchange *x;
    enum wait_for what;
    struct waiter *next;
};

struct container {
    struct docker_engine *engine;
    rt_str id;
    rt_str name;
    rt_str image_name;
    struct image *image;
    struct str_slice entrypoint;
    struct str_slice cmd;
    struct str_slice env;
    rt_str network_mode;
    rt_str restart_policy;
    int64_t restart_max;
    int64_t restart_count;
    int64_t memory;
    int64_t stop_timeout; /* seconds; -1: the engine's ten */
    bool auto_remove;
    enum engine_state state;
    bool no_restart; /* stopped by hand */
    int64_t exit_code;
    rt_str error;
    int64_t pid;
    int64_t created_ns;
    int64_t started_ns; /* wall clock; 0: never */
    int64_t finished_ns;
    struct rt_proc *proc; /* of the last start */
    struct engine_process process;
    struct engine_program program;
    const struct engine_fault *exit_fault;
    struct rt_timer *restart_timer;
    struct rt_chan *changed; /* closed at the next exit; made by who waits */
    struct file *files;
    struct log_frame *log;
    struct log_frame *log_last;
    struct attachment *attachments;
    struct waiter *waiters;
    struct container *next;
};

/* A new one, created, behind the others. */
struct container *container_add(struct docker_engine *e, rt_str name);
/* By name (with or without a slash), id or unique prefix of an id. */
struct container *container_find(const struct docker_engine *e, rt_str name);
/* The same for a request: answers 404 if there is none. */
struct container *container_of(struct exchange *x);
bool container_running(const struct container *c); /* running, paused or restarting */
/* A process that runs c->program as c->process. */
void container_run(struct container *c);
/* Finds the program and runs it. NULL, or why it could not be started. */
RT_MUST_USE struct rt_error *container_start(struct container *c, const struct engine_fault *fault);
void container_kill(struct container *c, int64_t code);
/* SIGTERM: true if the container has ended. */
bool container_terminate(struct container *c);
/* Ends a pending restart: the container is exited. */
/* Starts one that is RESTARTING, as its policy says. */
void container_restart_now(struct container *c);
void container_stop_restarting(struct container *c);
/* Waits for the next exit, with the engine's lock given up; false when the time is over first. */
bool container_await_exit(struct container *c, int64_t timeout_ns);
void container_remove(struct container *c);
/* The container's file system: the image's, and what was written since. */
struct file **container_files(struct container *c);
/* The container of a process; NULL when it was removed. */
struct container *container_of_process(const struct engine_process *process);
/* The chaincode that an environment is for; data == NULL: none. */
rt_str env_chaincode(const struct str_slice *env);
/* What runs in a platform's build container. */
void build_main(void *self, struct engine_process *process);
void container_event(struct container *c, const char *action, const char *key, rt_str value);

/* ---- the engine ---- */

struct engine_event {
    int64_t wall_ns;
    rt_str json;
    struct engine_event *next;
};

struct docker_engine {
    struct engine_config config;
    struct rt_proc *proc;         /* of the last start */
    struct rt_mutex lock;         /* held while a request looks at or changes the state */
    struct container *containers; /* in order of creation */
    struct image *images;
    struct str_slice absent; /* references that do not exist, even if all others do */
    struct engine_request *requests;
    size_t request_count;
    size_t request_cap;
    uint32_t *fault_hits; /* occurrences so far, one a fault */
    size_t starts;
    uint64_t ids;
    int64_t pids;
    struct exchange *open;
    struct engine_event *events;
    struct engine_event *last_event;
    struct exchange **listeners; /* of events */
    size_t listener_count;
};
/* Makes the engine's process and what goes with it. */
void engine_begin(struct docker_engine *e);
/* 64 hex digits, different each time and the same in every run. */
rt_str engine_new_id(struct docker_engine *e);
/* Emits an event and hands it to who listens. */
void engine_emit(struct docker_engine *e, const char *type, const char *action, rt_str id,
        rt_str from, rt_str attributes);
/* "2026-11-23T18:17:19.185269866Z" */
rt_str engine_time(int64_t wall_ns);

/* Handlers, by the file that has them. */
void handle_ping(struct exchange *x);
void handle_version(struct exchange *x);
void handle_info(struct exchange *x);
void handle_events(struct exchange *x);
void handle_prune(struct exchange *x);
void handle_create(struct exchange *x);
void handle_start(struct exchange *x);
void handle_stop(struct exchange *x);
void handle_kill(struct exchange *x);
void handle_restart(struct exchange *x);
void handle_pause(struct exchange *x);
void handle_unpause(struct exchange *x);
void handle_remove(struct exchange *x);
void handle_wait(struct exchange *x);
void handle_rename(struct exchange *x);
void handle_attach(struct exchange *x);
void handle_logs(struct exchange *x);
void handle_upload(struct exchange *x);
void handle_download(struct exchange *x);
void handle_inspect(struct exchange *x);
void handle_list(struct exchange *x);
void handle_top(struct exchange *x);
void handle_resize(struct exchange *x);
void handle_exec_create(struct exchange *x);
void handle_stats(struct exchange *x);
void handle_changes(struct exchange *x);
void handle_build(struct exchange *x);
void handle_pull(struct exchange *x);
void handle_image_inspect(struct exchange *x);
void handle_image_list(struct exchange *x);
void handle_image_remove(struct exchange *x);

#endif
