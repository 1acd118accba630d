// SPDX-License-Identifier: GPL-2.0-only
/*
 * The only way to core: the order in which events are handled, that no step
 * runs inside another one, and what is left for the next turn of the loop. The
 * test is the executor.
 */
#include "daemon/shell.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "core/limits.h"
#include "core/step.h"
#include "kselftest_harness.h"
#include "lib/small_tree.h"
#include "loop/ring.h"

#define STEPS_A_TURN 256

FIXTURE(shell)
{
	struct small_tree small; /* for its tree; the shell steps it */
	struct st_ring *ring;
	struct st_shell shell;
	unsigned int nr_steps;
	unsigned int nr_nested; /* steps inside another one */
	bool is_executing;
	unsigned int nr_ticks;
	uint64_t first_ns; /* of the first step, and of the first tick */
	uint64_t tick_ns;
	unsigned int nr_rests;
	bool was_idle; /* at the last rest */
	unsigned int to_post; /* events that the executor adds, one in each step */
	bool posts_text;
	char seen[256]; /* generations of the events, in order */
	char text[1024]; /* of the last event that had one */
};

/* An event that is stale, so that nothing comes of it but a step. */
static struct st_event stale(uint64_t generation)
{
	return (struct st_event){ .type = ST_EV_READY, .generation = generation };
}

static void note(FIXTURE_DATA(shell) * self, const struct st_event *event)
{
	size_t len = strlen(self->seen);

	self->nr_steps++;
	self->nr_nested += self->is_executing;
	self->nr_ticks += event->type == ST_EV_TICK;
	snprintf(self->seen + len, sizeof(self->seen) - len, "%llu ",
		 (unsigned long long)event->generation);
	if (event->text)
		snprintf(self->text, sizeof(self->text), "%s", event->text);
}

static void execute(void *owner, const struct st_event *event, const struct st_effects *effects,
		    uint64_t now_ns)
{
	FIXTURE_DATA(shell) *self = owner;
	struct st_event more = stale(1000 + self->to_post);

	if (!self->nr_steps)
		self->first_ns = now_ns;
	note(self, event);
	if (self->nr_ticks && !self->tick_ns)
		self->tick_ns = now_ns;
	self->is_executing = true;
	if (self->to_post && self->posts_text)
		st_shell_post_text(&self->shell, ST_EV_ERROR, 1000 + self->to_post--, "a text");
	else if (self->to_post && self->to_post--)
		st_shell_post(&self->shell, &more);
	self->is_executing = false;
}

static void rest(void *owner, bool is_idle)
{
	FIXTURE_DATA(shell) *self = owner;

	self->nr_rests++;
	self->was_idle = is_idle;
}

static const struct st_executor executor = { .execute = execute, .rest = rest };

FIXTURE_SETUP(shell)
{
	struct st_probe probe;

	small_tree_init(&self->small);
	ASSERT_EQ(0, st_probe_run(&probe));
	ASSERT_EQ(0, st_ring_new(&probe, &self->ring));
	ASSERT_EQ(0, st_shell_init(&self->shell, self->small.tree, self->ring, &executor, self));
}

FIXTURE_TEARDOWN(shell)
{
	st_shell_done(&self->shell);
	st_ring_free(self->ring);
	small_tree_done(&self->small);
}

static void post(FIXTURE_DATA(shell) * self, uint64_t generation)
{
	const struct st_event event = stale(generation);

	st_shell_post(&self->shell, &event);
}

TEST_F(shell, an_event_is_taken_in_before_its_post_returns)
{
	const struct st_event boot = { .type = ST_EV_BOOT };

	st_shell_post(&self->shell, &boot);
	EXPECT_EQ(ST_CHILD_STARTING,
		  (enum st_child_state)small_tree_find(&self->small, "demo/a")->state);
	EXPECT_EQ(1, self->nr_rests);
	EXPECT_TRUE(self->was_idle);
}

TEST_F(shell, what_the_executor_posts_is_taken_in_after_its_step_and_in_order)
{
	self->to_post = 3;
	post(self, 7);
	EXPECT_STREQ("7 1003 1002 1001 ", self->seen);
	EXPECT_EQ(0, self->nr_nested);
	EXPECT_EQ(1, self->nr_rests);
}

TEST_F(shell, the_rest_of_many_events_waits_for_the_next_turn)
{
	self->to_post = 2 * STEPS_A_TURN;
	post(self, 7);
	EXPECT_EQ(STEPS_A_TURN, self->nr_steps);
	EXPECT_EQ(1, self->nr_rests);
	EXPECT_FALSE(self->was_idle);
	EXPECT_EQ(0, st_deadline_at(&self->shell.deadline));

	ASSERT_EQ(1, st_ring_run_once(self->ring, true));
	EXPECT_EQ(2 * STEPS_A_TURN, self->nr_steps);
	EXPECT_FALSE(self->was_idle);

	ASSERT_EQ(1, st_ring_run_once(self->ring, true));
	EXPECT_EQ(2 * STEPS_A_TURN + 1, self->nr_steps);
	EXPECT_EQ(3, self->nr_rests);
	EXPECT_TRUE(self->was_idle);
	EXPECT_EQ(ST_NO_DEADLINE, st_deadline_at(&self->shell.deadline));
	EXPECT_EQ(0, self->nr_nested);
}

TEST_F(shell, an_event_from_outside_comes_after_those_that_wait)
{
	self->to_post = STEPS_A_TURN;
	post(self, 7);
	self->seen[0] = '\0';
	post(self, 8);
	EXPECT_STREQ("1001 8 ", self->seen);
}

TEST_F(shell, to_post_an_event_allocates_nothing)
{
	unsigned long nr = st_alloc_count();

	self->to_post = 2 * STEPS_A_TURN;
	post(self, 7);
	EXPECT_EQ(nr, st_alloc_count());
}

TEST_F(shell, a_text_is_the_events_own)
{
	char name[] = "web";

	st_shell_post_text(&self->shell, ST_EV_SPAWN_FAILED, 5, "execve %s: %d", name, 2);
	EXPECT_STREQ("execve web: 2", self->text);
	EXPECT_STREQ("5 ", self->seen);
}

TEST_F(shell, a_long_text_is_cut)
{
	char text[2 * ST_MAX_ERROR_LEN];

	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	st_shell_post_text(&self->shell, ST_EV_ERROR, 5, "%s", text);
	EXPECT_EQ(ST_MAX_ERROR_LEN, strlen(self->text));
	EXPECT_EQ(0, memcmp(self->text, text, ST_MAX_ERROR_LEN));
}

TEST_F(shell, without_memory_for_its_text_the_event_is_not_lost)
{
	st_alloc_fail_at(1);
	st_shell_post_text(&self->shell, ST_EV_SPAWN_FAILED, 5, "execve: no such file");
	st_alloc_fail_at(0);
	EXPECT_STREQ("5 ", self->seen);
	EXPECT_STREQ("out of memory", self->text);
}

TEST_F(shell, texts_that_still_wait_are_freed_with_it)
{
	self->posts_text = true;
	self->to_post = STEPS_A_TURN;
	post(self, 7);
	EXPECT_EQ(STEPS_A_TURN, self->nr_steps); /* the last text waits; LeakSanitizer looks */
}

TEST_F(shell, a_tick_comes_when_the_tree_says_and_not_before)
{
	static const char *const argv[] = { "/bin/true" };
	const struct st_event boot = { .type = ST_EV_BOOT };
	struct st_child_spec *slow;
	struct st_sup_spec *root;
	struct st_child_def def;

	st_child_def_init(&def);
	def.id = "slow";
	def.start_timeout_ms = 1;
	def.process.argv = argv;
	def.process.nr_args = 1;
	slow = st_child_spec_new(&def);
	ASSERT_NE(NULL, slow);
	root = small_sup_spec(ST_STRATEGY_ONE_FOR_ONE, 1, &slow, 1);
	st_shell_done(&self->shell);
	small_tree_done(&self->small);
	ASSERT_EQ(0, st_tree_new(root, 1, &self->small.tree));
	st_sup_spec_put(root);
	ASSERT_EQ(0, st_shell_init(&self->shell, self->small.tree, self->ring, &executor, self));

	st_shell_post(&self->shell, &boot);
	if (!self->nr_ticks) { /* else the time is over already */
		EXPECT_EQ(st_next_deadline(self->small.tree),
			  st_deadline_at(&self->shell.deadline));
		EXPECT_NE(ST_NO_DEADLINE, st_deadline_at(&self->shell.deadline));
	}
	while (!self->nr_ticks)
		ASSERT_LE(0, st_ring_run_once(self->ring, true));
	EXPECT_LE(self->first_ns + ST_NSEC_PER_MSEC, self->tick_ns);
	EXPECT_LE(st_deadline_at(&self->shell.deadline), st_next_deadline(self->small.tree));
	EXPECT_TRUE((bool)small_tree_find(&self->small, "slow")->killed);
}

TEST_F(shell, without_memory_it_is_not_made_and_leaves_nothing)
{
	struct st_shell other;
	unsigned long before = st_alloc_count();
	unsigned long nr;

	ASSERT_EQ(0, st_shell_init(&other, self->small.tree, self->ring, &executor, self));
	st_shell_done(&other);
	nr = st_alloc_count() - before;
	ASSERT_LE(1, nr);
	st_alloc_fail_at(1);
	EXPECT_EQ(-ENOMEM, st_shell_init(&other, self->small.tree, self->ring, &executor, self));
	st_alloc_fail_at(0);
}

TEST_HARNESS_MAIN
