// SPDX-License-Identifier: GPL-2.0-only
/*
 * st_tree_check() sees every invariant that is broken: each is broken by hand,
 * looked at, and mended.
 */
#include "kselftest_harness.h"

#include "lib/play.h"

FIXTURE(check)
{
	struct st_world world;
	struct st_tree *tree;
	struct st_child *a, *s, *b;
	struct st_buf why;
};

FIXTURE_SETUP(check)
{
	ASSERT_EQ(0, st_world_init(&self->world, "one_for_one 1/5: a, s {one_for_one: b}"));
	st_world_boot(&self->world);
	self->tree = self->world.tree;
	self->a = st_tree_find(self->tree, "a");
	self->s = st_tree_find(self->tree, "s");
	self->b = st_tree_find(self->tree, "s/b");
	st_buf_init(&self->why);
}

FIXTURE_TEARDOWN(check)
{
	EXPECT_TRUE(st_tree_check(self->tree, &self->why));
	st_buf_done(&self->why);
	st_world_done(&self->world);
}

static const char *problem(const struct st_tree *tree, struct st_buf *why)
{
	st_buf_reset(why);
	return st_tree_check(tree, why) ? "nothing" : st_buf_text(why);
}

/* Give @field the value @broken; the check must say @sentence. */
#define BREAK(field, broken, sentence) \
	do { \
		unsigned int kept = (unsigned int)(field); \
\
		field = broken; \
		EXPECT_STREQ(sentence, problem(self->tree, &self->why)); \
		field = kept; \
	} while (0)

/* The same for a pointer. */
#define BREAK_POINTER(field, broken, sentence) \
	do { \
		__auto_type kept = field; \
\
		field = broken; \
		EXPECT_STREQ(sentence, problem(self->tree, &self->why)); \
		field = kept; \
	} while (0)

TEST_F(check, a_healthy_tree_has_no_problem)
{
	EXPECT_STREQ("nothing", problem(self->tree, &self->why));
}

TEST_F(check, the_state_of_a_child)
{
	BREAK(self->a->alive, false, "a: a child is alive iff its state says so");
	BREAK(self->a->listed, false, "a: what is on the child list is listed");
	BREAK(self->a->lingering, true, "a: only a starting child lingers");
	BREAK(self->a->generation, 99, "a: a process is found by its generation [M4]");
	BREAK(self->a->state, ST_CHILD_STOPPING,
	      "a: a supervisor waits for what it starts or stops [M2]");
	BREAK(self->a->state, ST_CHILD_STARTING,
	      "a: a supervisor waits for what it starts or stops [M2]");
}

TEST_F(check, the_end_of_a_child)
{
	struct st_sup *root = self->tree->root->sup;

	self->a->alive = false;
	self->a->ended = true;
	st_mailbox_put(&root->mailbox, &self->a->message, ST_MESSAGE_EXIT);
	st_list_add_tail(&root->runnable, &self->tree->runnable);
	BREAK(self->a->state, ST_CHILD_STOPPED, "a: only a running child can have ended unnoticed");
	st_message_drop(&self->a->message);
	st_list_del(&root->runnable);
	EXPECT_STREQ("a: an unnoticed death has a message [M1]", problem(self->tree, &self->why));
	self->a->ended = false;
	self->a->state = ST_CHILD_RESTARTING;
	EXPECT_STREQ("a: a restarting child has a retry to come [F1]",
		     problem(self->tree, &self->why));
	self->a->state = ST_CHILD_STOPPED;
	EXPECT_STREQ(": every process belongs to a child", problem(self->tree, &self->why));
	self->a->state = ST_CHILD_RUNNING;
	self->a->alive = true;
}

TEST_F(check, the_deadline_of_a_child)
{
	st_heap_put(&self->tree->timers, &self->a->timer, 1);
	EXPECT_STREQ("a: a child at rest has no deadline", problem(self->tree, &self->why));
	st_heap_remove(&self->tree->timers, &self->a->timer);
	BREAK(self->tree->timers.nr, 1, ": every deadline belongs to a child");
}

TEST_F(check, what_a_supervisor_is_about)
{
	struct st_sup *sup = self->s->sup;

	BREAK(sup->nr_children, 2, "s: children are counted");
	BREAK(sup->phase, ST_PHASE_DOWN, "s: a supervisor is alive iff it is not down");
	BREAK(sup->phase, ST_PHASE_INIT, "s: a supervisor starts while its children do [A2]");
	BREAK(sup->phase, ST_PHASE_STOPPING, "s: a job belongs to its phase");
	BREAK(sup->job, ST_JOB_TERMINATE, "s: a job belongs to its phase");
	BREAK(sup->job, ST_JOB_DIE, "s: a job belongs to its phase");
	BREAK(sup->job, ST_JOB_INIT, "s: a job belongs to its phase");
	BREAK(sup->nr_waiting, 1, "s: only a job waits [M2]");
	BREAK(sup->job, ST_JOB_CALL_STOP, "s: who has something to do is in the queue");
	sup->job = ST_JOB_CALL_STOP;
	BREAK(sup->nr_waiting, 1, ": busy supervisors are counted");
	sup->job = ST_JOB_NONE;
	BREAK(self->tree->nr_calls, 1, ": every request is held somewhere");
	BREAK_POINTER(sup->call, (struct st_call *)sup, "s: a request is held by a job");
}

TEST_F(check, what_a_supervisor_waits_for)
{
	struct st_sup *sup = self->s->sup;

	sup->job = ST_JOB_CALL_STOP;
	self->b->alive = false;
	BREAK_POINTER(sup->waiting_for, self->b, "s: a supervisor waits for what lives");
	self->b->alive = true;
	sup->job = ST_JOB_NONE;
}

TEST_F(check, a_supervisor_that_is_down)
{
	struct st_sup *sup = self->s->sup;

	st_world_request(&self->world, &(struct st_request){ .type = ST_REQUEST_TERMINATE_CHILD,
							     .sup = "/",
							     .id = "s" });
	BREAK(sup->job, ST_JOB_CALL_STOP, "s: a job belongs to its phase");
	st_list_add_tail(&sup->runnable, &self->tree->runnable);
	EXPECT_STREQ("s: a supervisor that is down has nothing to do [C6]",
		     problem(self->tree, &self->why));
	st_list_del(&sup->runnable);
	st_heap_put(&self->tree->timers, &self->b->timer, 1);
	BREAK(self->b->state, ST_CHILD_RESTARTING,
	      "s/b: nothing lives below a supervisor that is down [G1]");
	st_heap_remove(&self->tree->timers, &self->b->timer);
}

TEST_F(check, what_is_forgotten_and_what_is_not_restarted)
{
	enum st_restart *restart = &self->a->spec->def.restart;

	st_world_request(&self->world, &(struct st_request){ .type = ST_REQUEST_TERMINATE_CHILD,
							     .sup = "/",
							     .id = "a" });
	BREAK(*restart, ST_RESTART_TEMPORARY,
	      "a: such a child is forgotten, not kept as stopped [B2] [I2]");
	*restart = ST_RESTART_TEMPORARY;
	st_heap_put(&self->tree->timers, &self->a->timer, 1);
	BREAK(self->a->state, ST_CHILD_RESTARTING, "a: a temporary child is never restarted [B2]");
	*restart = ST_RESTART_PERMANENT;
	st_heap_remove(&self->tree->timers, &self->a->timer);
}

TEST_F(check, a_message_in_a_foreign_mailbox)
{
	st_mailbox_put(&self->s->sup->mailbox, &self->a->message, ST_MESSAGE_RETRY);
	st_list_add_tail(&self->s->sup->runnable, &self->tree->runnable);
	EXPECT_STREQ("s: a message is about its supervisor [M1]", problem(self->tree, &self->why));
	st_message_drop(&self->a->message);
	st_mailbox_put(&self->s->sup->mailbox, &self->tree->root->sup->stop, ST_MESSAGE_STOP);
	EXPECT_STREQ("s: a message is about its supervisor [M1]", problem(self->tree, &self->why));
	st_message_drop(&self->tree->root->sup->stop);
	st_list_del(&self->s->sup->runnable);
}

TEST_F(check, significant_children_that_are_not_counted) /* [H3] */
{
	BREAK(self->tree->root->sup->nr_significant, 1,
	      "/: significant children that are left are counted [H3]");
}

TEST_F(check, more_restarts_than_are_allowed) /* [E1] */
{
	struct st_window *window = &self->tree->root->sup->window;

	for (int i = 0; i < 3; i++)
		st_window_admit(window, self->tree->now_ns, 100, 5);
	EXPECT_STREQ("/: no more restarts than the intensity allows [E1]",
		     problem(self->tree, &self->why));
	st_window_clear(window);
}

TEST_HARNESS_MAIN
