/* The lab of the launch path alone: RuntimeLauncher, HandlerRegistry, Handler and ChaincodeSupport
 * with containers and streams in memory.
 *
 * An actor is a goroutine of the peer that makes its calls, as a proposal's does. */
#include <string.h>

#include "harness/scenario/lab_impl.h"
#include "mocks/docker/engine.h"
#include "mocks/launch/alone.h"
#include "mocks/launch/launch.h"
#include "model/rt/clock.h"
#include "model/rt/trace.h"

#include "proto/proposal_response.pb-c.h"

/* A step, as far as it is the same in all runs. */
struct bare_step {
    const struct scenario_step *step;
    struct cc_context cccid;
    rt_str cname; /* "name:version" */
    struct check_call about;
};

struct bare_actor {
    struct bare_lab *lab;
    const struct scenario_actor *actor;
    const char *name; /* of its goroutine */
    struct bare_step *steps;
    const struct bare_step *now; /* in the present run */
    struct rt_fiber *fiber;
};

struct bare_lab {
    struct lab lab; /* first */
    struct bare_actor *actors;
    uint64_t skip; /* bits of invariants that look at what is not here */

    /* ---- the present run ---- */
    struct rt_proc *peer;
    struct launch_world world;
    struct chaincode_support *support;
};

static struct bare_lab *bare_lab(struct lab *lab)
{
    return (struct bare_lab *)lab;
}

/* ---- making it ---- */

static struct bare_step make_step(
        const struct scenario_actor *actor, const struct scenario_step *step, size_t number)
{
    struct bare_step to = { .step = step, .cccid = { step->chaincode, step->version } };
    to.cname = cc_context_get_canonical_name(&to.cccid);
    to.about = (struct check_call){
        .name = rt_sprintf("%S: %s %S", actor->name,
                step_action_name((enum step_action)step->action), step->chaincode),
        .lscc = step->action == STEP_INIT ? RT_STR("deploy") : RT_STR(""),
        .chaincode = step->chaincode,
        .version = step->version,
        .channel = LAUNCH_CHANNEL,
        .txid = rt_sprintf("%S-%lu", actor->name, (unsigned long)number),
    };
    return to;
}

static bool make(struct lab *self)
{
    struct bare_lab *lab = bare_lab(self);
    const struct scenario *s = self->scenario;
    const struct scenario_actor *actors = s->actors.items;
    lab->actors = rt_new_array(struct bare_actor, s->actors.count);
    for (size_t i = 0; i < s->actors.count; i++) {
        const struct scenario_step *steps = actors[i].steps.items;
        struct bare_actor *to = &lab->actors[i];
        to->lab = lab;
        to->actor = &actors[i];
        to->name = rt_cstr(rt_sprintf("ProcessProposal(%S)", actors[i].name));
        to->steps = rt_new_array(struct bare_step, actors[i].steps.count);
        for (size_t k = 0; k < actors[i].steps.count; k++)
            to->steps[k] = make_step(&actors[i], &steps[k], k + 1);
    }
    for (size_t i = 0; invariants[i]; i++)
        if (invariants[i]->needs_world)
            lab->skip |= (uint64_t)1 << i;
    return true;
}

static void end(struct lab *self)
{
    (void)self;
}

/* ---- what chaincode support asks for ---- */

/* The definition that a call means is the one that its step names. */
static struct rt_error *lifecycle_info(void *self, rt_str chaincode_name,
        const struct query_executor *qe, struct chaincode_container_info **ccci)
{
    const struct bare_lab *lab = self;
    (void)qe;
    for (size_t i = 0; i < lab->lab.scenario->actors.count; i++) {
        const struct bare_actor *actor = &lab->actors[i];
        if (!actor->now || actor->fiber != rt_self())
            continue;
        *ccci = launch_container_info(&actor->now->cccid);
        return NULL;
    }
    return rt_errorf("chaincode %S not found", chaincode_name);
}

static struct chaincode_support *new_support(struct bare_lab *lab)
{
    const struct scenario_bare *bare = lab->lab.scenario->bare;
    const struct chaincode_support_params params = {
        .config = { .keepalive_ns = bare->keepalive_ms * RT_MS,
                .execute_timeout_ns = bare->execute_timeout_ms * RT_MS,
                .startup_timeout_ns = bare->startup_timeout_ms * RT_MS },
        .user_runs_cc = bare->dev_mode,
        .package_provider = launch_world_packages(&lab->world),
        .lifecycle = { lab, NULL, lifecycle_info },
        .metrics = lab->lab.metrics,
        .observer = &lab->lab.observer,
        .variants = lab->lab.variants,
    };
    return launch_support_new(&params, launch_world_runtime(&lab->world));
}

/* The step launches the chaincode that it names, or connects as it. */
static bool has_name(const struct scenario_step *step)
{
    return step->action != STEP_SLEEP && step->action != STEP_KILL_CONTAINER;
}

static bool boot(struct lab *self)
{
    struct bare_lab *lab = bare_lab(self);
    const struct scenario *s = self->scenario;
    self->check.skip |= lab->skip;
    lab->peer = rt_proc_new("peer");
    self->check.peer = lab->peer;
    launch_world_begin(&lab->world, lab->peer, s->bare->behaviours, s->bare->behaviour_count);
    lab->world.variants = self->variants;
    lab->world.taken = lab_hits(self, s->behaviour_effects);
    for (size_t i = 0; i < s->actors.count; i++) {
        lab->actors[i].now = NULL;
        for (size_t k = 0; k < lab->actors[i].actor->steps.count; k++)
            if (has_name(lab->actors[i].steps[k].step))
                launch_world_name(&lab->world, lab->actors[i].steps[k].cname);
    }
    lab->support = new_support(lab);
    lab->world.support = lab->support;
    return true;
}

/* ---- calls ---- */

static enum launch_ask ask_of(const struct scenario_step *step)
{
    switch ((enum step_action)step->action) {
    case STEP_LAUNCH:
        return LAUNCH_ASK_LAUNCH;
    case STEP_INIT:
        return LAUNCH_ASK_INIT;
    default:
        return LAUNCH_ASK_INVOKE;
    }
}

static void call(struct bare_lab *lab, const struct bare_step *step)
{
    struct lab_call *c = lab_call_add(&lab->lab, step->step, &step->about);
    Protos__Response *response = NULL;
    c->error =
            launch_ask(lab->support, ask_of(step->step), &step->cccid, step->about.txid, &response);
    c->response = c->error ? NULL : response;
    c->returned_ns = rt_now_ns();
    c->check.status = c->response ? response->status : 0;
    /* The endorser looks at the error alone of an Init. */
    c->check.endorsed = c->response || (step->step->action == STEP_INIT && !c->error);
    if (c->error)
        rt_note("%S: error %v", c->check.name, c->error);
    else
        rt_note("%S: returned without error", c->check.name);
    if (c->step->expect && c->step->expect->always)
        c->check.wrong = lab_unexpected_answer(c);
    check_call_returned(&lab->lab.check, &c->check);
}

/* Containers are called as their chaincodes are. */
static void kill_container(struct bare_lab *lab, const struct scenario_step *step)
{
    for (const struct launch_name *n = lab->world.names; n; n = n->next) {
        bool meant = step->container.data ? rt_str_contains(n->cname, step->container)
                                          : step_means(step, n->cname);
        if (meant && launch_kill(&lab->world, n->cname))
            return;
    }
    lab_found_nothing(&lab->lab, step);
}

static void act_once(void *arg, size_t number)
{
    struct bare_actor *a = arg;
    const struct bare_step *step = &a->steps[number];
    a->now = step;
    switch ((enum step_action)step->step->action) {
    case STEP_CONNECT:
        launch_connect(&a->lab->world, step->cname);
        break;
    case STEP_KILL_CONTAINER:
        kill_container(a->lab, step->step);
        break;
    case STEP_SLEEP:
        break;
    default:
        call(a->lab, step);
    }
    a->now = NULL;
}

static void actor_main(void *arg)
{
    struct bare_actor *a = arg;
    a->fiber = rt_self();
    lab_follow(a->actor, act_once, a);
}

static void act(struct lab *self)
{
    struct bare_lab *lab = bare_lab(self);
    for (size_t i = 0; i < self->scenario->actors.count; i++)
        rt_go_in(lab->peer, lab->actors[i].name, actor_main, &lab->actors[i]);
}

/* ---- the end ---- */

/* Reports read it after the run only if somebody asks; but by then all containers are ended. */
static void look(struct lab *self)
{
    struct bare_lab *lab = bare_lab(self);
    size_t count = 0;
    for (const struct launch_container *c = lab->world.containers; c; c = c->next)
        count++;
    self->containers = rt_new_array(struct engine_container_info, count + 1);
    self->container_count = count;
    size_t i = 0;
    for (const struct launch_container *c = lab->world.containers; c; c = c->next) {
        bool runs = rt_proc_alive(c->proc);
        self->containers[i++] = (struct engine_container_info){
            .name = c->cname,
            .state = runs ? ENGINE_RUNNING : ENGINE_EXITED,
            .exit_code = runs ? 0 : rt_proc_status(c->proc),
            .proc = c->proc,
        };
    }
}

static void stop_containers(struct lab *self)
{
    launch_end_all(&bare_lab(self)->world);
}

/* Goroutines touch what they have; exits of containers and calls to come touch these. */
static size_t roots(const struct lab *self, const void **roots)
{
    const struct bare_lab *lab = (const struct bare_lab *)self;
    const void *all[] = { lab->support, lab->world.containers, lab->world.names, self->calls };
    memcpy(roots, all, sizeof(all));
    return sizeof(all) / sizeof(*all);
}

const struct lab_kind lab_kind_bare = {
    .size = sizeof(struct bare_lab),
    .make = make,
    .free = end,
    .boot = boot,
    .act = act,
    .look = look,
    .stop_containers = stop_containers,
    .roots = roots,
};
