// SPDX-License-Identifier: GPL-2.0-only
/*
 * The form of the transcript: one line for each event and for each effect. The
 * other tests compare it without its quotes; here they count.
 */
#include "kselftest_harness.h"

#include <signal.h>

#include "lib/play.h"

#define NOW_NS (12 * ST_NSEC_PER_SEC + 34)

static const char *event_text(const struct st_event *event)
{
	static struct st_buf out;

	st_buf_reset(&out);
	st_event_write(event, NOW_NS, &out);
	return st_buf_text(&out);
}

static const char *request_text(struct st_request request)
{
	const struct st_event event = { .type = ST_EV_REQUEST, .request = &request };

	return event_text(&event);
}

TEST(events_of_the_root_and_of_time_are_a_word)
{
	EXPECT_STREQ("12.000000034 boot", event_text(&(struct st_event){ .type = ST_EV_BOOT }));
	EXPECT_STREQ("12.000000034 stop", event_text(&(struct st_event){ .type = ST_EV_STOP }));
	EXPECT_STREQ("12.000000034 kill", event_text(&(struct st_event){ .type = ST_EV_KILL }));
	EXPECT_STREQ("12.000000034 tick", event_text(&(struct st_event){ .type = ST_EV_TICK }));
}

TEST(events_of_processes_name_the_generation)
{
	struct st_event event = { .generation = 7, .pid = 99, .text = "a \"b\"\n" };

	event.type = ST_EV_SPAWNED;
	EXPECT_STREQ("12.000000034 spawned #7 pid=99", event_text(&event));
	event.type = ST_EV_READY;
	EXPECT_STREQ("12.000000034 ready #7", event_text(&event));
	event.type = ST_EV_IGNORE;
	EXPECT_STREQ("12.000000034 ignore #7", event_text(&event));
	event.type = ST_EV_ERROR;
	EXPECT_STREQ("12.000000034 error #7 \"a \\\"b\\\"\\n\"", event_text(&event));
	event.type = ST_EV_SPAWN_FAILED;
	EXPECT_STREQ("12.000000034 spawn_failed #7 \"a \\\"b\\\"\\n\"", event_text(&event));
	event.text = NULL;
	EXPECT_STREQ("12.000000034 spawn_failed #7 \"\"", event_text(&event));
	event.type = ST_EV_EXITED;
	event.reason = st_reason_from_signal(SIGSEGV);
	EXPECT_STREQ("12.000000034 exited #7 {\"signal\":\"SEGV\"}", event_text(&event));
}

TEST(a_request_says_its_token_its_supervisor_and_what_it_is_about) /* [C1] */
{
	const char *const args[] = { "one", "t\"wo" };
	struct st_request request = { .token = 5, .sup = "s", .id = "a b" };

	request.type = ST_REQUEST_RESTART_CHILD;
	EXPECT_STREQ("12.000000034 request restart_child 5 \"s\" \"a b\"", request_text(request));
	request.type = ST_REQUEST_TERMINATE_CHILD;
	request.terminate.generation = 8;
	EXPECT_STREQ("12.000000034 request terminate_child 5 \"s\" \"a b\" #8",
		     request_text(request));
	request.terminate.generation = 0;
	request.terminate.foreign = true;
	request.id = NULL;
	EXPECT_STREQ("12.000000034 request terminate_child 5 \"s\" \"\" foreign",
		     request_text(request));
	request = (struct st_request){ .type = ST_REQUEST_SETTLE, .token = 6 };
	EXPECT_STREQ("12.000000034 request settle 6 \"/\" \"\"", request_text(request));
	request = (struct st_request){ .type = ST_REQUEST_STOP,
				       .token = 7,
				       .sup = "s",
				       .stop.reason = st_reason_from_exit(161) };
	EXPECT_STREQ("12.000000034 request stop_supervisor 7 \"s\" \"\" {\"shutdown\":1}",
		     request_text(request));
	request = (struct st_request){ .type = ST_REQUEST_START_CHILD,
				       .token = 8,
				       .sup = "p",
				       .id = "n",
				       .start.args = args,
				       .start.nr_args = 2 };
	EXPECT_STREQ("12.000000034 request start_child 8 \"p\" \"n\" [\"one\",\"t\\\"wo\"]",
		     request_text(request));
}

TEST(a_request_with_a_specification_shows_it) /* [C1] [K1] */
{
	struct st_request request = { .type = ST_REQUEST_START_CHILD, .token = 1, .sup = "/" };

	request.start.spec = st_words_child("a");
	EXPECT_STREQ("12.000000034 request start_child 1 \"/\" \"\" {\"id\":\"a\",\"restart\":"
		     "\"permanent\",\"significant\":false,\"shutdown\":5000,\"type\":\"worker\","
		     "\"start\":[\"true\"]}",
		     request_text(request));
	st_child_spec_put(request.start.spec);
	request.start.spec = NULL;
	request.type = ST_REQUEST_CHANGE;
	request.change.to = st_words_sup("one_for_all");
	EXPECT_STREQ("12.000000034 request change 1 \"/\" \"\" {\"strategy\":\"one_for_all\","
		     "\"intensity\":1,\"period\":5,\"auto_shutdown\":\"never\",\"children\":[]}",
		     request_text(request));
	request.change.whole = true;
	EXPECT_STREQ("12.000000034 request change 1 \"/\" \"\" whole {\"strategy\":\"one_for_all\","
		     "\"intensity\":1,\"period\":5,\"auto_shutdown\":\"never\",\"children\":[]}",
		     request_text(request));
	request.change.whole = false;
	request.change.flags_only = true;
	EXPECT_STREQ("12.000000034 request change 1 \"/\" \"\" flags_only {\"strategy\":"
		     "\"one_for_all\",\"intensity\":1,\"period\":5,\"auto_shutdown\":\"never\"}",
		     request_text(request));
	st_sup_spec_put(request.change.to);
}

TEST(a_request_with_an_invalid_specification_shows_what_was_found) /* [V2] [K5] */
{
	struct st_request request = { .type = ST_REQUEST_START_CHILD,
				      .token = 1,
				      .sup = "/",
				      .error = ST_SPEC_INVALID_SHUTDOWN,
				      .error_json = "{\"invalid_shutdown\":-5}" };

	EXPECT_STREQ("12.000000034 request start_child 1 \"/\" \"\" invalid=INVALID_SHUTDOWN "
		     "{\"invalid_shutdown\":-5}",
		     request_text(request));
	request.start.significant = true;
	EXPECT_STREQ("12.000000034 request start_child 1 \"/\" \"\" significant "
		     "invalid=INVALID_SHUTDOWN {\"invalid_shutdown\":-5}",
		     request_text(request));
	request.error_json = NULL;
	EXPECT_STREQ("12.000000034 request start_child 1 \"/\" \"\" significant "
		     "invalid=INVALID_SHUTDOWN null",
		     request_text(request));
	request.type = ST_REQUEST_CHANGE;
	request.start.significant = false;
	EXPECT_STREQ("12.000000034 request change 1 \"/\" \"\" invalid=INVALID_SHUTDOWN null",
		     request_text(request));
	request.error = ST_SPEC_NONE;
	EXPECT_STREQ("12.000000034 request change 1 \"/\" \"\" null", request_text(request));
}

TEST(the_header_holds_the_seed_and_the_specification)
{
	struct st_sup_spec *spec = st_words_sup("one_for_all");
	struct st_buf out = ST_BUF_INIT;

	st_transcript_header_write(spec, 42, 0, &out);
	EXPECT_STREQ("suptree-log 1 seed=42 {\"strategy\":\"one_for_all\",\"intensity\":1,"
		     "\"period\":5,\"auto_shutdown\":\"never\",\"children\":[]}\n",
		     st_buf_text(&out));
	st_buf_done(&out);
	st_sup_spec_put(spec);
}

TEST(effects_name_the_path_as_JSON_and_the_generation)
{
	struct st_effect effect = { .generation = 4, .value = SIGKILL };
	struct st_buf out = ST_BUF_INIT;
	struct st_world world;

	ASSERT_EQ(0, st_world_init(&world, "one_for_one: s {one_for_one: a}"));
	effect.child = world.tree->root->sup->slots[0]->sup->slots[0];
	effect.type = ST_FX_SPAWN;
	st_effect_write(&effect, &out);
	st_buf_add_char(&out, '|');
	effect.type = ST_FX_SIGNAL;
	st_effect_write(&effect, &out);
	st_buf_add_char(&out, '|');
	effect.type = ST_FX_REPORT;
	effect.context = ST_CONTEXT_START_ERROR;
	effect.reason = st_reason_from_exit(3);
	st_effect_write(&effect, &out);
	EXPECT_STREQ("spawn \"s/a\" #4|signal \"s/a\" #4 KILL|"
		     "report start_error \"s/a\" #4 {\"code\":3}",
		     st_buf_text(&out));
	st_buf_done(&out);
	st_world_done(&world);
}

TEST_HARNESS_MAIN
