/* Two people withdraw from one account. Each looks before taking; between the two is a race. */
#include <stdio.h>

#include <harness/explore/go_program.h>
#include <harness/explore/shrink.h>
#include <model/rt/sync.h>

struct account {
    struct rt_mutex lock;
    struct rt_waitgroup people;
    int balance;
};

static void withdraw(void *arg)
{
    struct account *a = arg;
    rt_lock(&a->lock);
    bool enough = a->balance >= 100;
    rt_unlock(&a->lock);
    rt_lock(&a->lock);
    a->balance -= enough ? 100 : 0;
    rt_unlock(&a->lock);
    rt_waitgroup_done(&a->people);
}

static void bank(void *arg)
{
    struct account *a = rt_new(struct account);
    (void)arg;
    a->balance = 100;
    rt_mutex_init(&a->lock, "lock");
    rt_waitgroup_init(&a->people, "people");
    rt_waitgroup_add(&a->people, 2);
    rt_go("first", withdraw, a);
    rt_go("second", withdraw, a);
    rt_waitgroup_wait(&a->people);
    go_program_claim(a->balance >= 0, "the balance is never below 0");
}

int main(void)
{
    const struct go_program program = { .name = "bank", .main = bank };
    const struct subject_maker maker = go_program_maker(&program);
    const struct explore_options options = { .strategy = "dpor", .schedules = 10000 };
    struct exploration e;
    if (!explore_run(&maker, &options, &e) || e.found_count == 0)
        return 1;
    shrink_all(&maker, &e, 1, 0);
    const struct found *found = &e.found[0];
    printf("%s: %s\n", found->id, found->text);
    printf("%zu orders searched, %s; smallest run: %zu context switches\n", (size_t)e.schedules,
            ending_name(e.ended), choices_switches(&found->choices));

    struct subject again = go_program_subject(&program);
    struct player player;
    struct run_result result;
    player_init(&player, &found->choices, true);
    again.run(again.self, &player.source, NULL, &result);
    bool same = !player.diverged && result.hash == found->hash;
    printf("replayed: %s\n", same ? "the same run" : "another run");
    go_program_free(&again);
    exploration_free(&e);
    return same ? 0 : 1;
}
