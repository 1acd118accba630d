// SPDX-License-Identifier: GPL-2.0-only
/*
 * OTP's answers to invalid specifications, term by term. The terms are those
 * of Erlang's own supervisor, recorded for the conformance tests.
 */
#include <string.h>

#include "kselftest_harness.h"
#include "lib/asked.h"

struct answer {
	const char *json;
	const char *term;
};

#define WORKER(id) "{\"id\":\"" id "\",\"start\":[\"x\"]}"
#define CHILD(more) "{\"id\":\"a\",\"start\":[\"x\"]," more "}"

static void check(struct __test_metadata *_metadata, const struct answer *answers, size_t nr,
		  const char *(*ask)(const char *json))
{
	for (size_t i = 0; i < nr; i++)
		EXPECT_STREQ(answers[i].term, ask(answers[i].json));
}

static const struct answer flags[] = {
	{ "{}", "ok" },
	{ "{\"strategy\":\"none_for_one\"}",
	  "{\"supervisor_data\":{\"invalid_strategy\":\"none_for_one\"}}" },
	{ "{\"intensity\":\"infinity\"}",
	  "{\"supervisor_data\":{\"invalid_intensity\":\"infinity\"}}" },
	{ "{\"intensity\":-1}", "{\"supervisor_data\":{\"invalid_intensity\":-1}}" },
	{ "{\"intensity\":null}", "{\"supervisor_data\":{\"invalid_intensity\":null}}" },
	{ "{\"intensity\":1.5}", "{\"supervisor_data\":{\"invalid_intensity\":1.5}}" },
	{ "{\"period\":0}", "{\"supervisor_data\":{\"invalid_period\":0}}" },
	{ "{\"period\":\"infinity\"}", "{\"supervisor_data\":{\"invalid_period\":\"infinity\"}}" },
	{ "{\"period\":[5,{\"a\":true}]}",
	  "{\"supervisor_data\":{\"invalid_period\":[5,{\"a\":true}]}}" },
	{ "{\"auto_shutdown\":\"sometimes\"}",
	  "{\"supervisor_data\":{\"invalid_auto_shutdown\":\"sometimes\"}}" },
	{ "{\"auto_shutdown\":\"x\",\"period\":0,\"intensity\":-3,\"strategy\":\"zig\"}",
	  "{\"supervisor_data\":{\"invalid_strategy\":\"zig\"}}" },
	{ "{\"auto_shutdown\":\"x\",\"period\":0,\"intensity\":-3}",
	  "{\"supervisor_data\":{\"invalid_intensity\":-3}}" },
	{ "{\"auto_shutdown\":\"x\",\"period\":0}",
	  "{\"supervisor_data\":{\"invalid_period\":0}}" },
	{ "{\"intensity\":-3,\"children\":[" CHILD("\"restart\":\"bogus\"") "]}",
	  "{\"supervisor_data\":{\"invalid_intensity\":-3}}" },
	{ "{\"max_children\":\"x\",\"unknown\":[],\"colour\":1}", "ok" },
};

TEST(the_first_bad_flag_in_otps_order_is_named_before_any_child) /* [V1] [V3] */
{
	check(_metadata, flags, ST_ARRAY_SIZE(flags), ask_otp_init);
}

static const struct answer in_init[] = {
	{ "{\"children\":[" WORKER("a") "," CHILD("\"shutdown\":-1") "]}",
	  "{\"start_spec\":{\"invalid_shutdown\":-1}}" },
	{ "{\"children\":[" WORKER("a") "," WORKER("b") "," WORKER("a") "]}",
	  "{\"start_spec\":{\"duplicate_child_name\":\"a\"}}" },
	{ "{\"children\":[" WORKER("a") "," WORKER("a") ",{}]}",
	  "{\"start_spec\":{\"duplicate_child_name\":\"a\"}}" },
	{ "{\"children\":[" WORKER("a") ",{}," WORKER("a") "]}",
	  "{\"start_spec\":\"missing_id\"}" },
	{ "{\"children\":[" WORKER("a") "," CHILD("\"type\":\"y\"") "]}",
	  "{\"start_spec\":{\"invalid_child_type\":\"y\"}}" },
	{ "{\"children\":[" CHILD("\"restart\":\"transient\",\"significant\":true") "]}",
	  "{\"start_spec\":{\"bad_combination\":[{\"auto_shutdown\":\"never\"},"
	  "{\"significant\":true}]}}" },
	{ "{\"auto_shutdown\":\"any_significant\","
	  "\"children\":[" CHILD("\"significant\":true") "]}",
	  "{\"start_spec\":{\"bad_combination\":[{\"restart\":\"permanent\"},"
	  "{\"significant\":true}]}}" },
	{ "{\"strategy\":\"simple_one_for_one\",\"children\":[]}", "\"bad_start_spec\"" },
	{ "{\"strategy\":\"simple_one_for_one\"}", "\"bad_start_spec\"" },
	{ "{\"strategy\":\"simple_one_for_one\",\"children\":[{}," WORKER("b") "]}",
	  "\"bad_start_spec\"" },
	{ "{\"strategy\":\"simple_one_for_one\",\"children\":[{}]}",
	  "{\"start_spec\":\"missing_id\"}" },
	{ "{\"strategy\":\"simple_one_for_one\",\"children\":[" WORKER("t") "]}", "ok" },
	{ "{\"children\":5}", "\"bad_start_spec\"" },
	{ "{\"init\":\"ignore\",\"strategy\":\"zig\",\"children\":5}", "ok" },
};

TEST(a_bad_child_is_named_when_a_supervisor_is_started) /* [V2] [V3] [V4] [V5] [A3] */
{
	check(_metadata, in_init, ST_ARRAY_SIZE(in_init), ask_otp_init);
}

static const char *ask_list(const char *json)
{
	return ask_otp_list(json, NULL);
}

static const struct answer lists[] = {
	{ "[]", "ok" },
	{ "[" WORKER("a") ",{\"id\":\"b\",\"start\":[\"x\"],\"restart\":\"temporary\","
			  "\"shutdown\":\"infinity\"}]",
	  "ok" },
	{ "[" WORKER("a") "," WORKER("a") "]", "{\"duplicate_child_name\":\"a\"}" },
	{ "[{}]", "\"missing_id\"" },
	{ "[{\"start\":\"nonsense\",\"restart\":\"x\"}]", "\"missing_id\"" },
	{ "[{\"id\":\"a\",\"restart\":\"x\"}]", "\"missing_start\"" },
	{ "[{\"id\":\"a\",\"start\":\"nonsense\",\"restart\":\"x\"}]",
	  "{\"invalid_mfa\":\"nonsense\"}" },
	{ "[{\"id\":\"a\",\"start\":[]}]", "{\"invalid_mfa\":[]}" },
	{ "[{\"id\":\"a\",\"start\":[\"x\",null]}]", "{\"invalid_mfa\":[\"x\",null]}" },
	{ "[" CHILD("\"shutdown\":\"z\",\"type\":\"y\",\"significant\":\"w\","
		    "\"restart\":\"x\"") "]",
	  "{\"invalid_restart_type\":\"x\"}" },
	{ "[" CHILD("\"shutdown\":\"z\",\"type\":\"y\",\"significant\":\"w\"") "]",
	  "{\"invalid_significant\":\"w\"}" },
	{ "[" CHILD("\"shutdown\":\"z\",\"type\":\"y\"") "]", "{\"invalid_child_type\":\"y\"}" },
	{ "[" CHILD("\"shutdown\":\"z\"") "]", "{\"invalid_shutdown\":\"z\"}" },
	{ "[" CHILD("\"shutdown\":-5") "]", "{\"invalid_shutdown\":-5}" },
	{ "[\"notaspec\"]", "\"invalid_child_spec\"" },
	{ "[" CHILD("\"restart\":\"transient\",\"significant\":true") "]", "ok" },
};

TEST(the_words_of_a_child_spec_are_checked_in_otps_order) /* [V2] */
{
	check(_metadata, lists, ST_ARRAY_SIZE(lists), ask_list);
}

TEST(a_list_is_checked_against_auto_shutdown_only_if_it_is_given) /* [V4] */
{
	static const char transient[] =
		"[" CHILD("\"restart\":\"transient\",\"significant\":true") "]";
	static const char permanent[] = "[" CHILD("\"significant\":true") "]";
	struct st_sup_flags of;

	st_sup_flags_init(&of);
	EXPECT_STREQ("ok", ask_otp_list(transient, NULL));
	EXPECT_STREQ("{\"bad_combination\":[{\"auto_shutdown\":\"never\"},{\"significant\":true}]}",
		     ask_otp_list(transient, &of));
	EXPECT_STREQ("{\"bad_combination\":[{\"auto_shutdown\":\"never\"},{\"significant\":true}]}",
		     ask_otp_list(permanent, &of));
	of.auto_shutdown = ST_AUTO_SHUTDOWN_ALL_SIGNIFICANT;
	EXPECT_STREQ("ok", ask_otp_list(transient, &of));
	EXPECT_STREQ("{\"bad_combination\":[{\"restart\":\"permanent\"},{\"significant\":true}]}",
		     ask_otp_list(permanent, &of));
}

TEST(what_is_no_list_is_refused)
{
	EXPECT_STREQ("no word", ask_otp_list("{}", NULL));
}

TEST(start_child_gets_the_bare_term) /* [C1] [V2] */
{
	struct st_sup_flags of;

	st_sup_flags_init(&of);
	EXPECT_STREQ("\"missing_start\"", ask_otp_child("{\"id\":\"z\"}", &of));
	EXPECT_STREQ("\"invalid_child_spec\"", ask_otp_child("\"nope\"", &of));
	EXPECT_STREQ("{\"invalid_shutdown\":\"soon\"}",
		     ask_otp_child(CHILD("\"shutdown\":\"soon\""), &of));
	EXPECT_STREQ("ok", ask_otp_child(WORKER("z"), &of));
}

TEST(a_mistake_that_otp_has_no_word_for_is_still_one)
{
	EXPECT_STREQ("no word", ask_otp_child(CHILD("\"ready\":\"now\""), NULL));
	EXPECT_STREQ("no word", ask_otp_child("{\"id\":\"a/b\",\"start\":[\"x\"]}", NULL));
	EXPECT_STREQ("no word", ask_otp_init("5"));
}

TEST(an_invalid_nested_supervisor_is_one_that_fails_to_start) /* [A5] [A6] */
{
	EXPECT_STREQ("{\"id\":\"a\",\"restart\":\"permanent\",\"significant\":false,"
		     "\"shutdown\":\"infinity\",\"type\":\"supervisor\",\"supervisor\":"
		     "{\"init\":{\"error\":{\"supervisor_data\":{\"invalid_intensity\":-1}}},"
		     "\"strategy\":\"one_for_one\",\"intensity\":1,\"period\":5,"
		     "\"auto_shutdown\":\"never\",\"children\":[]}}",
		     ask_child_spec("{\"id\":\"a\",\"supervisor\":{\"intensity\":-1,\"x\":0}}",
				    ST_BIND_OTP, NULL));
	EXPECT_STREQ("ok", ask_otp_init("{\"children\":[{\"id\":\"a\",\"supervisor\":"
					"{\"children\":[{}]}}]}"));
}

TEST(a_nested_mistake_that_otp_has_no_word_for_is_the_outer_ones)
{
	EXPECT_STREQ("spec: /children/0/supervisor/children/0/id: error: id cannot be \"a/b\"\n"
		     "    expected a name of 1 to 255 bytes without / and control characters, "
		     "and not . or ..\n",
		     ask_sup("{\"children\":[{\"id\":\"a\",\"supervisor\":{\"children\":"
			     "[{\"id\":\"a/b\",\"start\":[\"x\"]}]}}]}",
			     ST_BIND_OTP));
}

TEST(otp_ignores_what_it_does_not_know) /* [V1] */
{
	EXPECT_STREQ("ok", ask_otp_child(CHILD("\"modules\":\"dynamic\",\"colour\":{}"), NULL));
	EXPECT_STREQ("ok", ask_otp_child("{\"id\":\"a\",\"supervisor\":{},\"ready\":5}", NULL));
}

TEST_HARNESS_MAIN
