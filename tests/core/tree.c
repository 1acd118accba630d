// SPDX-License-Identifier: GPL-2.0-only
/*
 * Looking at a tree: paths, walks, generations, hints, deadlines.
 */
#include "kselftest_harness.h"

#include "lib/play.h"

FIXTURE(tree)
{
	struct st_world world;
};

FIXTURE_SETUP(tree)
{
	ASSERT_EQ(0, st_world_init(
			     &self->world,
			     "one_for_one 9/1: a, s {one_for_one: b, t {one_for_one: c}, d}, e"));
	st_world_boot(&self->world);
}

FIXTURE_TEARDOWN(tree)
{
	st_world_done(&self->world);
}

static const char *path_of(const struct st_child *child)
{
	static struct st_buf out;

	st_buf_reset(&out);
	st_child_write_path(child, &out);
	return st_buf_text(&out);
}

TEST_F(tree, a_path_leads_to_its_child)
{
	static const char *const paths[] = { "a", "s", "s/b", "s/t", "s/t/c", "s/d", "e" };
	const struct st_tree *tree = self->world.tree;

	for (size_t i = 0; i < ST_ARRAY_SIZE(paths); i++) {
		const struct st_child *child = st_tree_find(tree, paths[i]);

		ASSERT_NE(NULL, child);
		EXPECT_STREQ(paths[i], path_of(child));
	}
	EXPECT_EQ(tree->root, st_tree_find(tree, ""));
	EXPECT_EQ(tree->root, st_tree_find(tree, "/"));
	EXPECT_STREQ("/", path_of(tree->root));
	EXPECT_EQ(st_tree_find(tree, "s/b"), st_tree_find(tree, "/s/b"));
}

TEST_F(tree, a_path_that_leads_nowhere_finds_nothing)
{
	static const char *const paths[] = { "x",  "s/x",  "a/b", "s//b", "s/t/c/d",
					     "sb", "s/bb", "//a", "s b" };

	for (size_t i = 0; i < ST_ARRAY_SIZE(paths); i++) {
		EXPECT_EQ(NULL, st_tree_find(self->world.tree, paths[i]))
		TH_LOG("%s", paths[i]);
	}
}

TEST_F(tree, a_walk_sees_each_child_once_parents_first)
{
	const struct st_tree *tree = self->world.tree;
	struct st_buf seen = ST_BUF_INIT;

	for (struct st_child *child = tree->root; child; child = st_child_next(child, tree->root)) {
		st_buf_add_text(&seen, path_of(child));
		st_buf_add_char(&seen, ' ');
	}
	EXPECT_STREQ("/ a s s/b s/t s/t/c s/d e ", st_buf_text(&seen));
	st_buf_reset(&seen);
	for (struct st_child *top = st_tree_find(tree, "s"), *child = top; child;
	     child = st_child_next(child, top)) {
		st_buf_add_text(&seen, path_of(child));
		st_buf_add_char(&seen, ' ');
	}
	EXPECT_STREQ("s s/b s/t s/t/c s/d ", st_buf_text(&seen));
	st_buf_done(&seen);
	EXPECT_EQ(NULL, st_child_next(st_tree_find(tree, "a"), st_tree_find(tree, "a")));
}

TEST_F(tree, a_generation_leads_to_the_child_whose_process_it_is) /* [M4] */
{
	const struct st_tree *tree = self->world.tree;
	uint64_t generation = st_tree_find(tree, "s/b")->generation;

	EXPECT_EQ(st_tree_find(tree, "s/b"), st_tree_find_generation(tree, generation));
	EXPECT_EQ(NULL, st_tree_find_generation(tree, 0));
	EXPECT_EQ(NULL, st_tree_find_generation(tree, st_tree_find(tree, "s")->generation));
	st_world_exit(&self->world, "s/b", "3");
	EXPECT_EQ(NULL, st_tree_find_generation(tree, generation));
}

TEST_F(tree, what_happens_to_a_child_is_counted_and_timed)
{
	const struct st_child *child = st_tree_find(self->world.tree, "a");

	EXPECT_EQ(0, child->nr_restarts);
	EXPECT_EQ(100 * ST_NSEC_PER_SEC, child->since_ns);
	st_world_after(&self->world, 7 * ST_NSEC_PER_SEC);
	st_world_exit(&self->world, "a", "3");
	EXPECT_EQ(1, child->nr_restarts);
	EXPECT_EQ(107 * ST_NSEC_PER_SEC, child->since_ns);
}

TEST_F(tree, it_is_settled_when_nothing_waits_and_nobody_starts_or_stops) /* [M2] */
{
	EXPECT_TRUE(st_tree_is_settled(self->world.tree));
	st_world_habit(&self->world, "a", ST_HABIT_HELD, NULL);
	st_world_exit(&self->world, "a", "3");
	EXPECT_FALSE(st_tree_is_settled(self->world.tree));
	st_world_event(&self->world,
		       &(struct st_event){ .type = ST_EV_READY,
					   .generation = st_world_generation(&self->world, "a") });
	EXPECT_TRUE(st_tree_is_settled(self->world.tree));
}

TEST(a_step_takes_in_every_timer_that_is_due)
{
	struct st_world world;

	ASSERT_EQ(0, st_world_init(&world, "dynamic"));
	st_world_boot(&world);
	for (int i = 0; i < 40; i++) {
		struct st_request start = { .type = ST_REQUEST_START_CHILD, .sup = "/" };
		char words[16];

		snprintf(words, sizeof(words), "x %dms", 40 - i);
		start.start.spec = st_words_child(words);
		st_world_request(&world, &start);
		st_child_spec_put(start.start.spec);
	}
	st_world_habit(&world, "x", ST_HABIT_STUBBORN, NULL);
	st_world_event(&world, &(struct st_event){ .type = ST_EV_STOP });
	EXPECT_EQ(world.now_ns + ST_NSEC_PER_MSEC, st_next_deadline(world.tree));
	world.now_ns += ST_NSEC_PER_SEC;
	st_world_event(&world, &(struct st_event){ .type = ST_EV_TICK });
	EXPECT_TRUE(world.tree->halted);
	EXPECT_EQ(ST_NO_DEADLINE, st_next_deadline(world.tree));
	st_world_done(&world);
}

TEST(a_tree_that_never_ran_can_be_freed)
{
	struct st_world world;

	ASSERT_EQ(0, st_world_init(&world, "one_for_one: a, s {one_for_one: b}"));
	st_world_done(&world);
	st_tree_free(NULL);
}

TEST(a_tree_can_be_freed_whatever_it_is_about)
{
	struct st_world world;
	struct st_request ask = { .type = ST_REQUEST_WHICH_CHILDREN, .sup = "/" };

	ASSERT_EQ(0, st_world_init(&world, "one_for_one 9/1: a, b backoff=10/10"));
	st_world_boot(&world);
	st_world_exit(&world, "b", "3");
	st_world_habit(&world, "a", ST_HABIT_HELD, NULL);
	ask.type = ST_REQUEST_TERMINATE_CHILD;
	ask.id = "a";
	st_world_request(&world, &ask); /* held by the job */
	ask.type = ST_REQUEST_WHICH_CHILDREN;
	st_world_request(&world, &ask); /* waits in the mailbox */
	ask.type = ST_REQUEST_SETTLE;
	st_world_request(&world, &ask);
	st_world_done(&world);
}

TEST(a_tree_can_be_freed_before_all_have_heard_that_it_ended) /* [C6] */
{
	const struct st_request request = { .type = ST_REQUEST_WHICH_CHILDREN, .sup = "/" };
	const struct st_event ask = { .type = ST_EV_REQUEST, .request = &request };
	struct st_effects effects;
	struct st_world world;

	ASSERT_EQ(0, st_world_init(&world, "one_for_one: a"));
	st_world_boot(&world);
	st_world_habit(&world, "a", ST_HABIT_HELD, NULL);
	st_world_exit(&world, "a", "3");
	for (int i = 0; i < 1000; i++)
		st_step(world.tree, world.now_ns, &ask, &effects);
	st_step(world.tree, world.now_ns, &(struct st_event){ .type = ST_EV_KILL }, &effects);
	EXPECT_EQ(0, st_next_deadline(world.tree)) TH_LOG("not all answers fit into one step");
	st_world_done(&world);
}

TEST_HARNESS_MAIN
