// SPDX-License-Identifier: GPL-2.0-only
/*
 * What needs memory says so when there is none, and leaves nothing half done;
 * restarts and stops need none.
 */
#include <errno.h>

#include "kselftest_harness.h"

#include "base/alloc.h"
#include "lib/play.h"

#define NEVER 1000 /* more allocations than anything here makes */

static const char spec[] = "one_for_all 1/5: a, s {rest_for_one: b, t {one_for_one: c}},"
			   " p {simple_one_for_one: w {one_for_one: x, y}}, d {dynamic}";

TEST(a_tree_that_can_not_be_loaded_leaves_nothing_behind) /* [V3] */
{
	struct st_sup_spec *sup_spec = st_words_sup(spec);
	struct st_tree *tree = NULL;
	unsigned long nth = 0;
	int err;

	ASSERT_NE(NULL, sup_spec);
	do {
		st_alloc_fail_at(++nth);
		err = st_tree_new(sup_spec, 1, &tree);
		if (err) {
			ASSERT_EQ(-ENOMEM, err);
			ASSERT_EQ(NULL, tree);
		}
	} while (err && nth < NEVER);
	st_alloc_fail_at(0);
	EXPECT_LT(20, nth) TH_LOG("each node should need memory");
	EXPECT_GT(NEVER, nth);
	st_tree_free(tree);
	st_sup_spec_put(sup_spec);
}

TEST(specifications_that_can_not_be_made_leave_nothing_behind) /* [V3] */
{
	struct st_sup_spec *sup_spec;
	unsigned long nth = 0;

	do {
		st_alloc_fail_at(++nth);
		sup_spec = st_words_sup(spec);
	} while (!sup_spec && nth < NEVER);
	st_alloc_fail_at(0);
	EXPECT_LT(15, nth);
	EXPECT_NE(NULL, sup_spec);
	st_sup_spec_put(sup_spec);
	for (nth = 1; nth <= 3; nth++) {
		st_alloc_fail_at(nth);
		EXPECT_EQ(NULL, st_sup_spec_new_error("{\"a\":1}"));
	}
	st_alloc_fail_at(1);
	EXPECT_EQ(NULL, st_sup_spec_new_ignore());
	st_alloc_fail_at(0);
}

/* The state of the whole tree as text. */
static void write_state(struct st_world *world, struct st_buf *out)
{
	struct st_request ask = { .type = ST_REQUEST_WHICH_CHILDREN };
	const char *const sups[] = { "/", "s", "p", "d" };

	st_buf_reset(&world->transcript);
	world->last_token = 0;
	for (size_t i = 0; i < ST_ARRAY_SIZE(sups); i++) {
		ask.sup = sups[i];
		st_world_request(world, &ask);
	}
	st_buf_reset(out);
	st_buf_add_text(out, st_buf_text(&world->transcript));
	st_buf_reset(&world->transcript);
}

/*
 * Make @request with the n-th allocation failing, for every n. Until it
 * succeeds, no_memory is answered and the state is what it was before.
 * Returns the number of failures, or 0 if something was wrong.
 */
static unsigned long sweep(struct st_request *request)
{
	struct st_buf before = ST_BUF_INIT, after = ST_BUF_INIT;
	unsigned long nth = 0;
	struct st_world world;
	bool right = true, done = false;

	if (st_world_init(&world, spec))
		return 0;
	st_world_boot(&world);
	while (!done && right && nth < NEVER) {
		write_state(&world, &before);
		st_buf_reserve(&world.transcript, 4096);
		world.last_token = 0;
		world.quiet = true;
		st_alloc_fail_at(++nth);
		st_world_request(&world, request);
		st_alloc_fail_at(0);
		world.quiet = false;
		write_state(&world, &after);
		done = strcmp(st_buf_text(&before), st_buf_text(&after)) != 0;
		right = !strstr(st_buf_text(&after), "BROKEN") && !world.tree->nr_calls;
	}
	if (!right)
		fprintf(stderr, "# n = %lu: %s\n", nth, st_buf_text(&after));
	st_world_done(&world);
	st_buf_done(&before);
	st_buf_done(&after);
	return right && done ? nth - 1 : 0;
}

TEST(a_child_that_can_not_be_added_is_not_there) /* [C1] */
{
	struct st_request start = { .type = ST_REQUEST_START_CHILD, .sup = "/" };

	start.start.spec = st_words_child("new");
	EXPECT_LT(2, sweep(&start));
	st_child_spec_put(start.start.spec);
	start.start.spec = st_words_child("new {one_for_one: i, j {one_for_all: k}}");
	EXPECT_LT(8, sweep(&start));
	st_child_spec_put(start.start.spec);
}

TEST(a_dynamic_child_that_can_not_be_added_is_not_there) /* [I4] [X1] */
{
	static const char *const args[] = { "one", "two" };
	struct st_request start = { .type = ST_REQUEST_START_CHILD,
				    .sup = "p",
				    .id = "n",
				    .start.args = args,
				    .start.nr_args = 2 };

	EXPECT_LT(5, sweep(&start));
	start = (struct st_request){ .type = ST_REQUEST_START_CHILD, .sup = "d" };
	start.start.spec = st_words_child("new {one_for_one: i, j {one_for_all: k}}");
	EXPECT_LT(8, sweep(&start));
	st_child_spec_put(start.start.spec);
}

TEST(a_change_that_can_not_be_made_changes_nothing) /* [K5] */
{
	struct st_request change = { .type = ST_REQUEST_CHANGE, .sup = "/" };

	change.change.to =
		st_words_sup("rest_for_one 500/1000: x, d {dynamic}, y {one_for_one: z}, a");
	EXPECT_LT(8, sweep(&change));
	st_sup_spec_put(change.change.to);
}

TEST(a_request_that_can_not_be_kept_is_answered) /* [C6] */
{
	const struct st_request request = {
		.type = ST_REQUEST_START_CHILD,
		.sup = "/",
		.token = 7,
		.error = ST_SPEC_INVALID_SHUTDOWN,
		.error_json = "{}",
	};
	const struct st_event ask = { .type = ST_EV_REQUEST, .request = &request };
	struct st_effects effects;
	struct st_world world;

	ASSERT_EQ(0, st_world_init(&world, spec));
	st_world_boot(&world);
	for (unsigned long nth = 1; nth <= 5; nth++) {
		st_alloc_fail_at(nth);
		st_step(world.tree, world.now_ns, &ask, &effects);
		ASSERT_EQ(1, effects.nr);
		EXPECT_EQ(ST_FX_REPLY, effects.items[0].type);
		EXPECT_EQ(7, effects.items[0].token);
		EXPECT_EQ(nth <= 4 ? ST_REPLY_NO_MEMORY : ST_REPLY_INVALID_SPEC,
			  effects.items[0].reply);
	}
	st_alloc_fail_at(0);
	st_world_done(&world);
}

TEST(an_error_text_without_memory_is_said_to_be_that) /* [B3] */
{
	const struct st_event error = { .type = ST_EV_SPAWN_FAILED, .generation = 3, .text = "?" };
	struct st_effects effects;
	struct st_world world;

	ASSERT_EQ(0, st_world_init(&world, "one_for_one 9/1: a"));
	st_world_boot(&world);
	st_world_habit(&world, "a", ST_HABIT_HELD, NULL);
	st_world_exit(&world, "a", "3");
	st_alloc_fail_at(1);
	st_step(world.tree, world.now_ns, &error, &effects);
	st_alloc_fail_at(0);
	ASSERT_LT(0, effects.nr);
	EXPECT_EQ(ST_FX_START_FAILED, effects.items[0].type);
	EXPECT_STREQ("out of memory", effects.items[0].reason.text);
	st_world_done(&world);
}

/* s is replaced with the n-th allocation failing; true if that made a start fail. */
static bool replace_with_fault(unsigned long nth, bool *ret_right)
{
	struct st_request change = { .type = ST_REQUEST_CHANGE, .sup = "/" };
	struct st_world world;
	bool failed;

	*ret_right = false;
	if (st_world_init(&world, "one_for_one 100/1: s {one_for_one 0/1: a}"))
		return false;
	st_world_boot(&world);
	change.change.to = st_words_sup("one_for_one 100/1: s {one_for_one 0/1: b, c}");
	st_world_request(&world, &change);
	st_sup_spec_put(change.change.to);
	st_buf_reserve(&world.transcript, 8192);
	st_alloc_fail_at(nth);
	world.quiet = true;
	st_world_exit(&world, "s/a", "3");
	st_alloc_fail_at(0);
	failed = st_tree_find(world.tree, "s")->generation > 4; /* 4 is the first attempt */
	*ret_right = st_tree_find(world.tree, "s")->state == ST_CHILD_RUNNING &&
		     st_tree_find(world.tree, "s/c") && !world.transcript.failed;
	st_world_done(&world);
	return failed;
}

TEST(a_replaced_supervisor_that_can_not_be_built_fails_to_start_and_is_tried_again) /* [K3] */
{
	unsigned long nth = 1;
	bool right;

	while (replace_with_fault(nth, &right) && nth < NEVER) {
		EXPECT_TRUE(right);
		nth++;
	}
	EXPECT_TRUE(right);
	EXPECT_LT(4, nth);
	EXPECT_GT(NEVER, nth);
}

TEST(restarts_rounds_retries_and_escalations_need_no_memory) /* [E6] [D2] [F2] */
{
	struct st_world world;
	unsigned long count;

	ASSERT_EQ(0, st_world_init(&world, "one_for_one 1000/1: a, b transient backoff=10/80,"
					   " s {one_for_all 3/1: c, t {rest_for_one 3/1: d, e}},"
					   " k brutal_kill {one_for_one 0/1: f}"));
	st_world_boot(&world);
	world.quiet = true;
	count = st_alloc_count();
	for (int i = 0; i < 50; i++) {
		st_world_exit(&world, "a", "3");
		st_world_exit(&world, "b", "SEGV");
		st_world_after(&world, 100 * ST_NSEC_PER_MSEC);
		st_world_exit(&world, "s/t/d", "normal");
		st_world_exit(&world, "s/c", "killed");
		st_world_exit(&world, "s/t/e", "1");
		st_world_exit(&world, "k/f", "1");
	}
	EXPECT_EQ(count, st_alloc_count());
	st_world_event(&world, &(struct st_event){ .type = ST_EV_STOP });
	EXPECT_TRUE(world.tree->halted);
	EXPECT_EQ(count, st_alloc_count());
	st_world_done(&world);
}

TEST(stops_and_kills_need_no_memory) /* [G1] [G7] [I7] */
{
	struct st_request start = { .type = ST_REQUEST_START_CHILD, .sup = "p", .id = "n" };
	struct st_world world;
	unsigned long count;

	ASSERT_EQ(0, st_world_init(&world, spec));
	st_world_boot(&world);
	for (int i = 0; i < 100; i++)
		st_world_request(&world, &start);
	world.quiet = true;
	count = st_alloc_count();
	st_world_event(&world, &(struct st_event){ .type = ST_EV_STOP });
	EXPECT_TRUE(world.tree->halted);
	EXPECT_EQ(count, st_alloc_count());
	st_world_done(&world);

	ASSERT_EQ(0, st_world_init(&world, spec));
	st_world_boot(&world);
	world.quiet = true;
	count = st_alloc_count();
	st_world_event(&world, &(struct st_event){ .type = ST_EV_KILL });
	EXPECT_TRUE(world.tree->halted);
	EXPECT_EQ(count, st_alloc_count());
	st_world_done(&world);
}

/* A pool with a changed child is changed, the n-th allocation failing; true if it was. */
static bool change_with_fault(const char *sup, struct st_sup_spec *to, unsigned long nth,
			      bool *ret_right)
{
	struct st_request change = { .type = ST_REQUEST_CHANGE, .sup = "x" };
	struct st_request start = { .type = ST_REQUEST_START_CHILD, .sup = "/", .id = "x" };
	struct st_world world;
	bool changed;

	*ret_right = false;
	if (st_world_init(&world, "simple_one_for_one: w {one_for_one: a}"))
		return false;
	st_world_boot(&world);
	st_world_request(&world, &start);
	change.change.to = st_words_sup("one_for_one: b"); /* x has a change of its own */
	st_world_request(&world, &change);
	st_sup_spec_put(change.change.to);
	change.sup = sup;
	change.change.to = to;
	change.change.flags_only = to->nr_children == 0;
	world.quiet = true;
	st_alloc_fail_at(nth);
	st_world_request(&world, &change);
	st_alloc_fail_at(0);
	changed = world.tree->root->sup->spec->flags.intensity == 7;
	*ret_right = st_tree_find(world.tree, "x")->sup->spec->changed && !world.tree->nr_calls;
	st_world_done(&world);
	return changed;
}

TEST(a_template_or_flags_that_can_not_be_changed_stay) /* [K6] [K1] */
{
	static const char *const changes[] = { "simple_one_for_one 7/5: v {one_for_one: c}",
					       "simple_one_for_one 7/5" };

	for (size_t i = 0; i < ST_ARRAY_SIZE(changes); i++) {
		struct st_sup_spec *to = st_words_sup(changes[i]);
		unsigned long nth = 1;
		bool right;

		while (!change_with_fault("/", to, nth, &right) && nth < NEVER) {
			EXPECT_TRUE(right);
			nth++;
		}
		EXPECT_TRUE(right);
		EXPECT_LT(2, nth);
		EXPECT_GT(NEVER, nth);
		st_sup_spec_put(to);
	}
}

TEST(a_line_of_the_transcript_without_memory_is_known_to_be_incomplete) /* [M4] */
{
	struct st_buf out = ST_BUF_INIT;
	struct st_effect effect = { .type = ST_FX_SPAWN, .generation = 2 };
	struct st_world world;

	ASSERT_EQ(0, st_world_init(&world, "one_for_one: a"));
	effect.child = world.tree->root->sup->slots[0];
	ASSERT_EQ(0, st_buf_reserve(&out, 1000));
	st_alloc_fail_at(1);
	st_effect_write(&effect, &out);
	st_alloc_fail_at(0);
	EXPECT_EQ(-ENOMEM, st_buf_error(&out));
	st_buf_done(&out);
	st_world_done(&world);
}

TEST_HARNESS_MAIN
