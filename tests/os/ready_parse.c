// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a readiness message says, byte by byte.
 */
#include <stdio.h>
#include <string.h>

#include "kselftest_harness.h"
#include "os/ready.h"

FIXTURE(message)
{
	struct st_ready_message ready;
};

FIXTURE_SETUP(message)
{
	memset(&self->ready, 0xff, sizeof(self->ready));
}

FIXTURE_TEARDOWN(message)
{
}

#define PARSE(text) st_ready_parse(text, sizeof(text) - 1, &self->ready)

TEST_F(message, each_flag_is_set_by_its_key_alone)
{
	static const struct {
		const char *text;
		int flag;
	} cases[] = { { "READY=1", 0 },
		      { "STOPPING=1", 1 },
		      { "WATCHDOG=1", 2 },
		      { "X_SUPTREE=IGNORE", 3 },
		      { "ERRNO=2", 4 },
		      { "STATUS=x", 5 },
		      { "X_SUPTREE_MAILBOX=0001f", 6 } };

	for (size_t i = 0; i < ST_ARRAY_SIZE(cases); i++) {
		struct st_ready_message ready;

		ASSERT_EQ(0, st_ready_parse(cases[i].text, strlen(cases[i].text), &ready));
		EXPECT_EQ(cases[i].flag == 0, ready.is_ready);
		EXPECT_EQ(cases[i].flag == 1, ready.is_stopping);
		EXPECT_EQ(cases[i].flag == 2, ready.is_alive);
		EXPECT_EQ(cases[i].flag == 3, ready.is_ignored);
		EXPECT_EQ(cases[i].flag == 4, ready.is_error);
		EXPECT_EQ(cases[i].flag == 5, ready.has_status);
		EXPECT_EQ(cases[i].flag == 6, ready.has_mailbox);
	}
}

TEST_F(message, one_message_can_say_several_things)
{
	ASSERT_EQ(0, PARSE("READY=1\nSTATUS=serving\nMAINPID=42\nWATCHDOG=1\n"));
	EXPECT_TRUE(self->ready.is_ready);
	EXPECT_TRUE(self->ready.is_alive);
	EXPECT_STREQ("serving", self->ready.status);
	EXPECT_FALSE(self->ready.is_error);
}

TEST_F(message, an_error_has_a_number_and_words)
{
	ASSERT_EQ(0, PARSE("ERRNO=98\nX_SUPTREE_ERROR=port 80 is taken"));
	EXPECT_TRUE(self->ready.is_error);
	EXPECT_EQ(98, self->ready.error_number);
	EXPECT_STREQ("port 80 is taken", self->ready.error);
	ASSERT_EQ(0, PARSE("X_SUPTREE_ERROR="));
	EXPECT_TRUE(self->ready.is_error);
	EXPECT_EQ(0, self->ready.error_number);
	EXPECT_STREQ("", self->ready.error);
}

TEST_F(message, unknown_keys_are_passed_over)
{
	ASSERT_EQ(0, PARSE("FDSTORE=1\nREADYNESS=1\nREAD=1\nready=1\n=1\nMAINPID=1\nX=READY=1\n"));
	EXPECT_FALSE(self->ready.is_ready);
	EXPECT_FALSE(self->ready.is_error);
	EXPECT_FALSE(self->ready.has_status);
}

TEST_F(message, values_that_cannot_be_are_passed_over)
{
	ASSERT_EQ(0, PARSE("READY=0\nREADY=11\nREADY=\nWATCHDOG=trigger\nX_SUPTREE=ignore\n"
			   "STOPPING= 1\nERRNO=\nERRNO=x\nERRNO=-1\nERRNO=0\nERRNO=12345678"));
	EXPECT_FALSE(self->ready.is_ready);
	EXPECT_FALSE(self->ready.is_alive);
	EXPECT_FALSE(self->ready.is_stopping);
	EXPECT_FALSE(self->ready.is_ignored);
	EXPECT_FALSE(self->ready.is_error);
}

TEST_F(message, the_last_of_two_texts_counts)
{
	ASSERT_EQ(0, PARSE("STATUS=long first\nSTATUS=b"));
	EXPECT_STREQ("b", self->ready.status);
	ASSERT_EQ(0, PARSE("STATUS=a\nSTATUS="));
	EXPECT_STREQ("", self->ready.status);
	EXPECT_TRUE(self->ready.has_status);
}

TEST_F(message, lines_without_an_equals_sign_spoil_the_message)
{
	EXPECT_EQ(-EBADMSG, PARSE("READY=1\nnonsense"));
	EXPECT_EQ(-EBADMSG, PARSE("READY"));
	EXPECT_EQ(0, PARSE("\n\nREADY=1\n\n"));
	EXPECT_TRUE(self->ready.is_ready);
}

TEST_F(message, a_NUL_spoils_the_message)
{
	EXPECT_EQ(-EBADMSG, PARSE("READY=1\0"));
	EXPECT_EQ(-EBADMSG, PARSE("STATUS=a\0b\nREADY=1"));
}

TEST_F(message, an_empty_message_says_nothing)
{
	EXPECT_EQ(0, st_ready_parse("", 0, &self->ready));
	EXPECT_EQ(0, st_ready_parse(NULL, 0, &self->ready));
	EXPECT_FALSE(self->ready.is_ready);
}

TEST_F(message, control_characters_become_question_marks)
{
	ASSERT_EQ(0, PARSE("STATUS=a\tb\033[31m\x7f\r"));
	EXPECT_STREQ("a?b?[31m??", self->ready.status);
}

TEST_F(message, a_text_is_cut_at_its_limit_and_not_before)
{
	char text[7 + ST_READY_TEXT_MAX + 1] = "STATUS=";

	memset(text + 7, 'x', ST_READY_TEXT_MAX + 1);
	ASSERT_EQ(0, st_ready_parse(text, 7 + ST_READY_TEXT_MAX, &self->ready));
	EXPECT_EQ(ST_READY_TEXT_MAX, strlen(self->ready.status));
	ASSERT_EQ(0, st_ready_parse(text, sizeof(text), &self->ready));
	EXPECT_EQ(ST_READY_TEXT_MAX, strlen(self->ready.status));
}

/* U+00E9 is two bytes, and the limit falls between them. */
TEST_F(message, a_text_is_not_cut_within_a_character)
{
	char text[7 + ST_READY_TEXT_MAX + 1] = "STATUS=";

	memset(text + 7, 'x', ST_READY_TEXT_MAX - 1);
	memcpy(text + 7 + ST_READY_TEXT_MAX - 1, "\xc3\xa9", 2);
	ASSERT_EQ(0, st_ready_parse(text, sizeof(text), &self->ready));
	EXPECT_EQ(ST_READY_TEXT_MAX - 1, strlen(self->ready.status));
}

/* Bytes that continue a character which never began. */
TEST_F(message, a_text_of_rubbish_is_cut_to_nothing_rather_than_overrun)
{
	char text[7 + ST_READY_TEXT_MAX + 1] = "STATUS=";

	memset(text + 7, 0x80, ST_READY_TEXT_MAX + 1);
	ASSERT_EQ(0, st_ready_parse(text, sizeof(text), &self->ready));
	EXPECT_STREQ("", self->ready.status);
}

/* unix(7): the kernel's addresses have five lower-case hexadecimal digits. */
TEST(the_address_of_a_mailbox_is_a_short_hexadecimal_number)
{
	static const struct {
		const char *text;
		bool is_one;
		uint32_t number;
	} cases[] = { { "0001f", true, 0x1f }, { "fffff", true, 0xfffff }, { "0", true, 0 },
		      { "", false, 0 },	       { "000001", false, 0 },	   { "1F", false, 0 },
		      { "0x1", false, 0 },     { "-1", false, 0 },	   { "1 ", false, 0 } };

	for (size_t i = 0; i < ST_ARRAY_SIZE(cases); i++) {
		struct st_ready_message ready;
		char text[64];
		int len = snprintf(text, sizeof(text), "X_SUPTREE_MAILBOX=%s\nREADY=1\n",
				   cases[i].text);

		ASSERT_EQ(0, st_ready_parse(text, (size_t)len, &ready));
		EXPECT_TRUE(ready.is_ready);
		EXPECT_EQ(cases[i].is_one, ready.has_mailbox) TH_LOG("%s", text);
		EXPECT_EQ(cases[i].number, ready.mailbox) TH_LOG("%s", text);
	}
}

TEST_F(message, a_word_of_whom_it_accepts_is_passed_on_as_far_as_it_fits)
{
	ASSERT_EQ(0, PARSE("X_SUPTREE_ACCEPT=same_user\nX_SUPTREE_ACCEPT_LINKS=\nREADY=1"));
	EXPECT_STREQ("same_user", self->ready.accept);
	EXPECT_STREQ("", self->ready.accept_links);
	ASSERT_EQ(0, PARSE("X_SUPTREE_ACCEPT_LINKS=0123456789abcdefg"));
	EXPECT_STREQ("", self->ready.accept);
	EXPECT_STREQ("0123456789abcde", self->ready.accept_links);
}

TEST_HARNESS_MAIN
