// SPDX-License-Identifier: GPL-2.0-only
/*
 * What is to be tried, as text, and the answers of blast and whatif: what is wrong is said,
 * and without memory there is no answer that is not whole. tests/e2e/blast.py compares
 * predictions with what then happens.
 */
#include "daemon/requests/forecast.h"

#include <errno.h>
#include <jansson.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "core/copy.h"
#include "daemon/requests/script.h"
#include "kselftest_harness.h"
#include "lib/small_tree.h"

#define MANY 10000 /* allocations: more than anything here needs */

FIXTURE(forecast)
{
	struct small_tree small;
	struct st_trial trial;
	struct st_buf why;
	struct st_buf out;
	json_t *answer;
};

FIXTURE_SETUP(forecast)
{
	small_tree_init(&self->small);
	small_tree_boot(&self->small);
}

FIXTURE_TEARDOWN(forecast)
{
	st_alloc_fail_at(0);
	json_decref(self->answer);
	st_trial_done(&self->trial);
	st_buf_done(&self->why);
	st_buf_done(&self->out);
	small_tree_done(&self->small);
}

static int parse(FIXTURE_DATA(forecast) * self, const char *text)
{
	st_trial_done(&self->trial);
	st_buf_reset(&self->why);
	return st_trial_parse(&self->trial, text, &self->why);
}

/*
 * Try what was parsed, as blast does, and take the trial. Return: false: there was no memory,
 * and so no answer.
 */
static bool try_it(FIXTURE_DATA(forecast) * self)
{
	struct st_slices *slices = st_forecast_new(self->small.tree, &self->trial, 1, 100, false);
	bool is_whole;

	if (!slices)
		return false;
	self->trial = (struct st_trial){ .text = NULL };
	while (!slices->write(slices, &self->out, 0))
		;
	slices->free(slices);
	is_whole = !st_buf_error(&self->out);
	json_decref(self->answer);
	self->answer =
		is_whole ? json_loadb(self->out.data, self->out.len, JSON_REJECT_DUPLICATES, NULL) :
			   NULL;
	if (is_whole && !self->answer)
		abort(); /* it is not JSON */
	st_buf_done(&self->out);
	return is_whole;
}

static const char *member(FIXTURE_DATA(forecast) * self, const char *key)
{
	const char *text = json_string_value(json_object_get(self->answer, key));

	return text ? text : "";
}

TEST_F(forecast, what_is_parsed_is_described_again)
{
	static const char *const texts[] = {
		"kill demo/a",
		"kill demo/a --signal TERM",
		"restart demo/a",
		"unload demo",
		"strategy demo one_for_all --intensity 5 --period 10",
		"delete-child demo/t",
	};

	for (size_t i = 0; i < ST_ARRAY_SIZE(texts); i++) {
		ASSERT_EQ(0, parse(self, texts[i]));
		EXPECT_STREQ(texts[i], self->trial.text);
	}
	ASSERT_EQ(0, parse(self, " kill   /demo/a -s 34 "));
	EXPECT_EQ(34, self->trial.signo);
	EXPECT_STREQ("demo", self->trial.sup);
	EXPECT_STREQ("a", self->trial.id);
	ASSERT_EQ(0, parse(self, "stop"));
	EXPECT_STREQ("/", self->trial.path);
}

TEST_F(forecast, what_cannot_be_parsed_says_why)
{
	static const struct {
		const char *text, *why;
	} wrong[] = {
		{ "", "it is empty" },
		{ "kil demo/a", "did you mean kill?" },
		{ "kill", "it needs the path of a child" },
		{ "kill demo/a --signal", "this is no signal" },
		{ "kill demo/a --signal 9999", "no number" },
		{ "kill demo/a twice", "it may not have \"twice\"" },
		{ "restart demo/a --signal TERM", "it may not have" },
		{ "strategy demo", "it needs a strategy" },
		{ "strategy demo both", "this is no strategy" },
		{ "strategy demo --intensity", "no number" },
		{ "strategy demo --period 0", "no number" },
		{ "strategy demo -i 1x", "no number" },
		{ "reload", "blast / --verb reload" },
	};

	for (size_t i = 0; i < ST_ARRAY_SIZE(wrong); i++) {
		EXPECT_EQ(-EINVAL, parse(self, wrong[i].text));
		EXPECT_NE(NULL, strstr(st_buf_text(&self->why), wrong[i].why));
		EXPECT_EQ(NULL, self->trial.path);
	}
}

TEST_F(forecast, without_memory_nothing_is_parsed)
{
	unsigned long nth = 0;
	int err = -ENOMEM;

	while (err == -ENOMEM && nth++ < MANY) {
		st_alloc_fail_at(nth);
		err = parse(self, "strategy demo one_for_all -i 1");
		st_alloc_fail_at(0);
		if (err)
			EXPECT_EQ(NULL, self->trial.path);
	}
	EXPECT_EQ(0, err);
	EXPECT_GT(nth, 3);
}

TEST_F(forecast, what_cannot_be_done_is_refused_with_the_reason)
{
	static const struct {
		const char *text, *why;
	} wrong[] = {
		{ "kill demo/z", "no such child" },
		{ "kill demo", "a supervisor is not a process" },
		{ "strategy demo/a one_for_all", "it is a worker" },
		{ "strategy demo/z one_for_all", "no such child" },
		{ "restart /", "the root is no supervisor's child" },
		{ "delete-child demo/a", "it runs" },
		{ "unload demo/a", "it is not directly below the root" },
		{ "unload none", "no such child" },
	};

	for (size_t i = 0; i < ST_ARRAY_SIZE(wrong); i++) {
		ASSERT_EQ(0, parse(self, wrong[i].text));
		ASSERT_TRUE(try_it(self));
		EXPECT_NE(NULL, strstr(member(self, "refused"), wrong[i].why));
		EXPECT_EQ(0, json_array_size(json_object_get(self->answer, "steps")));
	}
}

TEST_F(forecast, a_child_that_does_not_run_cannot_be_killed)
{
	small_tree_ask(&self->small, ST_REQUEST_TERMINATE_CHILD, "demo", "a");
	small_tree_exit(&self->small, "demo/a", 0);
	ASSERT_EQ(0, parse(self, "kill demo/a"));
	ASSERT_TRUE(try_it(self));
	EXPECT_STREQ("it does not run", member(self, "refused"));
}

/* Each allocation fails once: the answer is whole, or there is none, and the tree is as it was. */
static unsigned long answers_without_memory(FIXTURE_DATA(forecast) * self, const char *text)
{
	unsigned long nth = 0;
	bool is_whole = false;

	while (!is_whole && nth++ < MANY) {
		if (parse(self, text))
			abort();
		st_alloc_fail_at(nth);
		is_whole = try_it(self);
		st_alloc_fail_at(0);
	}
	return is_whole ? nth : 0;
}

TEST_F(forecast, without_memory_there_is_no_answer_and_the_tree_is_as_it_was)
{
	static const char *const texts[] = {
		"kill demo/a",
		"stop",
		"strategy demo one_for_all",
		"restart demo",
		"unload demo",
		"stop-supervisor demo/s",
		"terminate-child demo/t",
	};
	uint64_t hash = st_tree_hash(self->small.tree);

	for (size_t i = 0; i < ST_ARRAY_SIZE(texts); i++) {
		EXPECT_GT(answers_without_memory(self, texts[i]), 5);
		EXPECT_EQ(hash, st_tree_hash(self->small.tree));
		EXPECT_STREQ("", member(self, "refused"));
	}
}

TEST_HARNESS_MAIN
