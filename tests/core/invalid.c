// SPDX-License-Identifier: GPL-2.0-only
/*
 * What requests answer when a specification is not valid. [V2] [V4] [K5]
 *
 * Single words are the binder's to judge (tests/config); core judges what
 * depends on the supervisor, and keeps OTP's order of checks.
 */
#include "kselftest_harness.h"

#include "lib/play.h"

TEST(start_child_with_an_invalid_spec_answers_its_term_and_changes_nothing) /* [V2] [C1] */
{
	PLAY("one_for_one: a\n"
	     "> up\n"
	     "> start_child / !invalid_shutdown {invalid_shutdown:-5}\n"
	     "  reply 1 invalid_spec {invalid_shutdown:-5}\n"
	     "> which_children /\n"
	     "  reply 2 children a=running#2\n");
}

TEST(a_spec_without_start_is_refused) /* [V2] */
{
	PLAY("one_for_one: a\n"
	     "> up\n"
	     "> start_child / !missing_start missing_start\n"
	     "  reply 1 invalid_spec missing_start\n");
}

TEST(significant_without_auto_shutdown_is_refused_before_later_words) /* [V4] */
{
	PLAY("one_for_one: a\n"
	     "> up\n"
	     "> start_child / b transient significant\n"
	     "  reply 1 invalid_spec {bad_combination:[{auto_shutdown:never},{significant:true}]}\n"
	     "> change / one_for_one any_significant: a\n"
	     "  changed / #1\n"
	     "  reply 2 ok\n"
	     "> start_child / b transient significant\n"
	     "  spawn b #3\n"
	     "  started b #3\n"
	     "  added b #3\n"
	     "  reply 3 started b #3\n"
	     "> start_child / c permanent significant\n"
	     "  reply 4 invalid_spec {bad_combination:[{restart:permanent},{significant:true}]}\n");
}

TEST(the_order_of_checks_is_that_of_OTP) /* [V2] */
{
	const struct {
		enum st_spec_error error;
		const char *answer;
	} cases[] = {
		{ ST_SPEC_MISSING_ID, "missing_id" },
		{ ST_SPEC_INVALID_RESTART_TYPE, "invalid_restart_type" },
		{ ST_SPEC_BAD_COMBINATION_RESTART,
		  "{bad_combination:[{auto_shutdown:never},{significant:true}]}" },
		{ ST_SPEC_INVALID_SHUTDOWN,
		  "{bad_combination:[{auto_shutdown:never},{significant:true}]}" },
	};
	struct st_world world;
	char expected[128];

	ASSERT_EQ(0, st_world_init(&world, "one_for_one"));
	st_world_boot(&world);
	for (size_t i = 0; i < ST_ARRAY_SIZE(cases); i++) {
		struct st_request request = {
			.type = ST_REQUEST_START_CHILD,
			.sup = "/",
			.error = cases[i].error,
			.start.significant = true,
		};

		st_buf_reset(&world.transcript);
		st_world_request(&world, &request);
		snprintf(expected, sizeof(expected), "  reply %zu invalid_spec %s\n", i + 1,
			 cases[i].answer);
		EXPECT_STREQ(expected, st_buf_text(&world.transcript));
	}
	st_world_done(&world);
}

TEST(a_spec_for_a_template_and_a_bad_name_are_refused) /* [I1] */
{
	const char *const names[] = { "", "a/b", ".." };
	struct st_request request = { .type = ST_REQUEST_START_CHILD, .sup = "/" };
	struct st_world world;

	ASSERT_EQ(0, st_world_init(&world, "simple_one_for_one: worker"));
	st_world_boot(&world);
	for (size_t i = 0; i < ST_ARRAY_SIZE(names); i++) {
		request.id = names[i];
		st_world_request(&world, &request);
	}
	request.start.spec = st_words_child("a");
	st_world_request(&world, &request);
	st_child_spec_put(request.start.spec);
	EXPECT_STREQ("  reply 1 invalid_spec badarg\n"
		     "  reply 2 invalid_spec badarg\n"
		     "  reply 3 invalid_spec badarg\n"
		     "  reply 4 invalid_spec badarg\n",
		     st_buf_text(&world.transcript));
	st_world_done(&world);
}

TEST(a_dynamic_supervisor_refuses_shutdown_0_and_significant) /* [X1] [X2] */
{
	PLAY("dynamic\n"
	     "> up\n"
	     "> start_child / a 0ms\n"
	     "  reply 1 invalid_spec {invalid_shutdown:0}\n"
	     "> start_child / a transient significant\n"
	     "  reply 2 invalid_spec {bad_combination:[{auto_shutdown:never},{significant:true}]}\n"
	     "> start_child / a 1ms\n"
	     "  spawn a #2\n"
	     "  started a #2\n"
	     "  added a #2\n"
	     "  reply 3 started a #2\n");
}

TEST(an_invalid_change_changes_nothing) /* [K5] */
{
	PLAY("one_for_all: a\n"
	     "> up\n"
	     "> change / !invalid_intensity {supervisor_data:{invalid_intensity:-1}}\n"
	     "  reply 1 invalid_spec {supervisor_data:{invalid_intensity:-1}}\n"
	     "> change / one_for_one init=error\n"
	     "  reply 2 invalid_spec {supervisor_data:{invalid_intensity:-1}}\n"
	     "> change / one_for_one init=ignore\n"
	     "  reply 3 ok\n"
	     "> which_children /\n"
	     "  reply 4 children a=running#2\n");
}

TEST(a_change_to_no_template_or_two_is_refused) /* [K6] [V5] */
{
	PLAY("simple_one_for_one: worker\n"
	     "> up\n"
	     "> change / simple_one_for_one\n"
	     "  reply 1 invalid_spec bad_start_spec\n"
	     "> change / simple_one_for_one: a, b\n"
	     "  reply 2 invalid_spec bad_start_spec\n"
	     "> change / simple_one_for_one: a\n"
	     "  changed / #1\n"
	     "  reply 3 ok\n");
}

TEST(a_start_child_with_nothing_at_all_is_refused) /* [V2] */
{
	struct st_request start = { .type = ST_REQUEST_START_CHILD, .sup = "/", .id = "x" };
	struct st_world world;

	ASSERT_EQ(0, st_world_init(&world, "one_for_one: a"));
	st_world_boot(&world);
	st_world_request(&world, &start);
	EXPECT_STREQ("  reply 1 invalid_spec missing_start\n", st_buf_text(&world.transcript));
	st_world_done(&world);
}

TEST_HARNESS_MAIN
