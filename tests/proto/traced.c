// SPDX-License-Identifier: GPL-2.0-only
/*
 * Traced messages in words. The times are those of a clock that is the wall's.
 */
#include "proto/traced.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kselftest_harness.h"
#include "proto/packet.h"

#define NSEC_PER_SEC UINT64_C(1000000000)

FIXTURE(traced)
{
	struct st_traced traced;
	struct st_buf out;
	char packet[64];
};

FIXTURE_SETUP(traced)
{
	setenv("TZ", "UTC", 1);
	tzset();
	st_buf_init(&self->out);
	self->traced = (struct st_traced){
		.time_ns = 3723 * NSEC_PER_SEC + 123456789,
		.kind = "unix",
		.action = "message",
		.from = { .path = "", .name = "bash", .pid = 11 },
		.to = { .path = "demo/a", .name = "counter", .pid = 12 },
		.result = "",
		.is_message = true,
		.is_joined = true,
		.size = 5,
		.bytes = "hello",
		.nr_bytes = 5,
	};
}

FIXTURE_TEARDOWN(traced)
{
	st_buf_done(&self->out);
}

static const char *line(FIXTURE_DATA(traced) * self)
{
	st_buf_reset(&self->out);
	st_traced_line(&self->traced, 0, &self->out);
	return st_buf_text(&self->out);
}

static const char *what(FIXTURE_DATA(traced) * self)
{
	st_buf_reset(&self->out);
	st_traced_what(&self->traced, &self->out);
	return st_buf_text(&self->out);
}

static void set_packet(FIXTURE_DATA(traced) * self, uint8_t type, const char *text)
{
	struct st_packet_header header = { .type = type, .ref = 1 };

	memcpy(self->packet, &header, sizeof(header));
	memcpy(self->packet + sizeof(header), text, strlen(text));
	self->traced.is_packet = true;
	self->traced.bytes = self->packet;
	self->traced.nr_bytes = sizeof(header) + strlen(text);
}

TEST_F(traced, a_line_has_time_ends_what_size_and_content)
{
	EXPECT_STREQ("01:02:03.123456  bash[11] -> demo/a  unix message  5 bytes  \"hello\"",
		     line(self));
	self->traced.time_ns = 0;
	self->traced.size = 1;
	self->traced.nr_bytes = 0;
	EXPECT_STREQ("00:00:00.000000  bash[11] -> demo/a  unix message  1 byte", line(self));
}

TEST_F(traced, an_end_is_a_child_a_program_a_pid_the_kernel_or_unknown)
{
	struct {
		struct st_traced_end end;
		const char *text;
	} rows[] = {
		{ { .path = "demo/a", .name = "x", .pid = 7 }, "demo/a" },
		{ { .path = "", .name = "x", .pid = 7 }, "x[7]" },
		{ { .path = "", .name = "a\033b", .pid = 7 }, "a.b[7]" },
		{ { .path = "", .name = "", .pid = 7 }, "pid 7" },
		{ { .path = "", .name = "?", .pid = 7 }, "pid 7" },
		{ { .path = "", .name = "", .is_kernel = true }, "kernel" },
		{ { .path = "", .name = "" }, "unknown" },
	};

	for (size_t i = 0; i < ST_ARRAY_SIZE(rows); i++) {
		st_buf_reset(&self->out);
		st_traced_who(&rows[i].end, &self->out);
		EXPECT_STREQ(rows[i].text, st_buf_text(&self->out));
	}
}

TEST_F(traced, a_packet_has_its_word_and_is_shown_without_its_header)
{
	set_packet(self, ST_PACKET_CALL, "add 5");
	EXPECT_STREQ("01:02:03.123456  bash[11] -> demo/a  unix call  5 bytes  \"add 5\"",
		     line(self));
	EXPECT_FALSE(st_traced_is_hello(&self->traced));
	set_packet(self, ST_PACKET_HELLO, "{}");
	EXPECT_TRUE(st_traced_is_hello(&self->traced));
	set_packet(self, ST_PACKET__MAX, "");
	EXPECT_STREQ("unix message", what(self));
	set_packet(self, ST_PACKET_CAST, "");
	self->packet[1] = 1; /* these bytes of a header are zero */
	EXPECT_STREQ("unix message", what(self));
	self->packet[1] = 0;
	self->traced.is_packet = false;
	EXPECT_STREQ("unix message", what(self));
	self->traced.is_packet = true;
	self->traced.nr_bytes = sizeof(struct st_packet_header) - 1;
	EXPECT_STREQ("unix message", what(self));
}

TEST_F(traced, what_is_no_packet_can_be_a_call_or_a_reply_all_the_same)
{
	self->traced.is_call = true;
	EXPECT_STREQ("unix call", what(self));
	self->traced.is_reply = true;
	self->traced.reply_ns = 84123;
	EXPECT_STREQ("01:02:03.123456  bash[11] -> demo/a  unix reply  5 bytes  \"hello\"  after "
		     "84.1us",
		     line(self));
}

TEST_F(traced, a_half_says_which_and_whether_the_other_was_looked_for)
{
	self->traced.action = "received";
	EXPECT_STREQ("unix message only received", what(self));
	self->traced.is_joined = false;
	EXPECT_STREQ("unix message received", what(self));
}

TEST_F(traced, bytes_that_cannot_be_printed_are_dots)
{
	self->traced.bytes = "a\n\0\x7f\xc3\xa4~";
	self->traced.nr_bytes = 7;
	self->traced.is_truncated = true;
	st_traced_content(&self->traced, &self->out);
	EXPECT_STREQ("\"a.....~\"...", st_buf_text(&self->out));
}

TEST_F(traced, a_signal_says_what_became_of_it_unless_it_was_queued)
{
	self->traced.is_message = false;
	self->traced.kind = "signal";
	self->traced.action = "sent";
	self->traced.signal = SIGTERM;
	self->traced.result = "queued";
	self->traced.nr_bytes = 0;
	EXPECT_STREQ("01:02:03.123456  bash[11] -> demo/a  signal SIGTERM", line(self));
	self->traced.result = "ignored";
	EXPECT_STREQ("signal SIGTERM ignored", what(self));
	self->traced.action = "delivered";
	EXPECT_STREQ("signal SIGTERM arrived", what(self));
	self->traced.signal = 9999;
	EXPECT_STREQ("signal 9999 arrived", what(self));
}

TEST_F(traced, an_exit_has_its_status_or_its_signal)
{
	self->traced.is_message = false;
	self->traced.kind = "process";
	self->traced.action = "exit";
	self->traced.status = 3 << 8;
	EXPECT_STREQ("process exit 3", what(self));
	self->traced.status = SIGKILL;
	EXPECT_STREQ("process exit by SIGKILL", what(self));
	self->traced.action = "fork";
	EXPECT_STREQ("process fork", what(self));
}

TEST_F(traced, a_duration_has_one_digit_after_the_point_of_its_largest_unit)
{
	static const struct {
		uint64_t ns;
		const char *text;
	} rows[] = {
		{ 0, "0ns" },
		{ 999, "999ns" },
		{ 1000, "1.0us" },
		{ 84123, "84.1us" },
		{ 1999999, "1.9ms" },
		{ 2000000000, "2.0s" },
		{ UINT64_MAX, "18446744073.7s" },
	};

	for (size_t i = 0; i < ST_ARRAY_SIZE(rows); i++) {
		st_buf_reset(&self->out);
		st_traced_duration(rows[i].ns, &self->out);
		EXPECT_STREQ(rows[i].text, st_buf_text(&self->out));
	}
}

TEST_HARNESS_MAIN
