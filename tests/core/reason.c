// SPDX-License-Identifier: GPL-2.0-only
/*
 * Linux ends and OTP reasons: the table of section "Reasons" in RULES.md.
 */
#include "kselftest_harness.h"

#include <errno.h>
#include <signal.h>

#include "core/reason.h"

static const char *json(struct st_reason reason)
{
	static struct st_buf out;

	st_buf_reset(&out);
	st_reason_write(&reason, &out);
	return st_buf_text(&out);
}

TEST(exit_statuses_are_normal_shutdown_shutdown_with_a_term_or_a_code) /* [B1] [B2] */
{
	char expected[32];

	EXPECT_STREQ("\"normal\"", json(st_reason_from_exit(0)));
	EXPECT_STREQ("\"shutdown\"", json(st_reason_from_exit(143)));
	for (int status = 1; status < 256; status++) {
		if (status == 143)
			continue;
		if (status >= 160 && status <= 175)
			snprintf(expected, sizeof(expected), "{\"shutdown\":%d}", status - 160);
		else
			snprintf(expected, sizeof(expected), "{\"code\":%d}", status);
		EXPECT_STREQ(expected, json(st_reason_from_exit(status)));
	}
}

TEST(signals_are_shutdown_killed_or_the_signal_whoever_sent_them) /* [B1] [B2] */
{
	EXPECT_STREQ("\"shutdown\"", json(st_reason_from_signal(SIGTERM)));
	EXPECT_STREQ("\"killed\"", json(st_reason_from_signal(SIGKILL)));
	EXPECT_STREQ("{\"signal\":\"SEGV\"}", json(st_reason_from_signal(SIGSEGV)));
	EXPECT_STREQ("{\"signal\":\"HUP\"}", json(st_reason_from_signal(SIGHUP)));
	EXPECT_STREQ("{\"signal\":\"RTMIN+3\"}", json(st_reason_from_signal(37)));
	EXPECT_STREQ("{\"signal\":\"RTMAX\"}", json(st_reason_from_signal(64)));
	EXPECT_STREQ("{\"signal\":32}", json(st_reason_from_signal(32)));
	EXPECT_STREQ("{\"signal\":99}", json(st_reason_from_signal(99)));
}

TEST(an_end_that_is_not_known_is_abnormal_and_needs_no_text) /* [B1] [B2] */
{
	struct st_reason reason = { .type = ST_REASON_UNKNOWN_END };
	struct st_reason plain = st_reason_plain(&reason);

	EXPECT_STREQ("\"unknown_end\"", json(reason));
	EXPECT_TRUE(st_reason_is_equal(&reason, &plain));
	EXPECT_FALSE(st_reason_is_normal(&reason));
}

TEST(exactly_three_reasons_are_normal_ends) /* [B2] */
{
	for (int status = 0; status < 256; status++) {
		struct st_reason reason = st_reason_from_exit(status);
		bool normal = status == 0 || status == 143 || (status >= 160 && status < 176);

		EXPECT_EQ(normal, st_reason_is_normal(&reason));
	}
	for (int signo = 1; signo <= 64; signo++) {
		struct st_reason reason = st_reason_from_signal(signo);

		EXPECT_EQ(signo == SIGTERM, st_reason_is_normal(&reason));
	}
}

TEST(every_signal_that_has_a_name_is_found_by_it)
{
	char with_sig[16];
	int nr = 0;

	for (int signo = -1; signo <= 70; signo++) {
		const char *name = st_signal_name(signo);

		if (!name)
			continue;
		nr++;
		snprintf(with_sig, sizeof(with_sig), "SIG%s", name);
		EXPECT_EQ(signo, st_signal_number(name));
		EXPECT_EQ(signo, st_signal_number(with_sig));
	}
	EXPECT_EQ(62, nr); /* 1..64 without 32 and 33 */
	EXPECT_EQ(-EINVAL, st_signal_number("NOPE"));
	EXPECT_EQ(-EINVAL, st_signal_number(""));
}

TEST(start_errors_terms_and_the_intensity_have_their_own_forms) /* [A5] [A6] [E6] */
{
	const struct st_reason error = { .type = ST_REASON_ERROR, .text = "bind: \"in use\"" };
	const struct st_reason inner = { .type = ST_REASON_FAILED_CHILD,
					 .text = "b",
					 .inner = &error };
	const struct st_reason outer = { .type = ST_REASON_FAILED_CHILD,
					 .text = "a",
					 .inner = &inner };
	const struct st_reason term = { .type = ST_REASON_TERM, .text = "{\"x\":[1]}" };

	EXPECT_STREQ("{\"error\":\"bind: \\\"in use\\\"\"}", json(error));
	EXPECT_STREQ("{\"error\":\"\"}", json((struct st_reason){ .type = ST_REASON_ERROR }));
	EXPECT_STREQ("{\"shutdown\":{\"failed_to_start_child\":{\"id\":\"a\",\"reason\":"
		     "{\"shutdown\":{\"failed_to_start_child\":{\"id\":\"b\",\"reason\":"
		     "{\"error\":\"bind: \\\"in use\\\"\"}}}}}}}",
		     json(outer));
	EXPECT_STREQ("{\"x\":[1]}", json(term));
	EXPECT_STREQ("\"reached_max_restart_intensity\"",
		     json((struct st_reason){ .type = ST_REASON_INTENSITY }));
	EXPECT_STREQ("null", json((struct st_reason){ .type = ST_REASON__MAX }));
}

TEST(reasons_are_equal_if_they_are_written_the_same) /* [I7] */
{
	const struct st_reason error = { .type = ST_REASON_ERROR, .text = "x" };
	const struct st_reason same = { .type = ST_REASON_ERROR, .text = (char[]){ "x" } };
	const struct st_reason other = { .type = ST_REASON_ERROR, .text = "y" };
	const struct st_reason none = { .type = ST_REASON_ERROR };
	struct st_reason a = { .type = ST_REASON_FAILED_CHILD, .text = "c", .inner = &error };
	struct st_reason b = { .type = ST_REASON_FAILED_CHILD, .text = "c", .inner = &same };
	struct st_reason code = st_reason_from_exit(3), code4 = st_reason_from_exit(4);

	EXPECT_TRUE(st_reason_is_equal(&error, &same));
	EXPECT_FALSE(st_reason_is_equal(&error, &other));
	EXPECT_FALSE(st_reason_is_equal(&error, &none));
	EXPECT_TRUE(st_reason_is_equal(&a, &b));
	b.inner = &other;
	EXPECT_FALSE(st_reason_is_equal(&a, &b));
	b.inner = NULL;
	EXPECT_FALSE(st_reason_is_equal(&a, &b));
	EXPECT_FALSE(st_reason_is_equal(&code, &code4));
	EXPECT_FALSE(st_reason_is_equal(&code, &error));
}

TEST(a_plain_reason_borrows_nothing) /* [M4] */
{
	const struct st_reason error = { .type = ST_REASON_ERROR, .text = "x" };
	const struct st_reason nested = { .type = ST_REASON_FAILED_CHILD,
					  .text = "c",
					  .inner = &error };
	struct st_reason code = st_reason_from_exit(3), plain;

	plain = st_reason_plain(&code);
	EXPECT_TRUE(st_reason_is_equal(&code, &plain));
	plain = st_reason_plain(&nested);
	EXPECT_EQ(NULL, plain.text);
	EXPECT_EQ(NULL, plain.inner);
	EXPECT_STREQ("{\"error\":\"\"}", json(plain));
}

TEST_HARNESS_MAIN
