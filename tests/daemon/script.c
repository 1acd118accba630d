// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scripts: several requests, one after the other, and one answer. The tree is
 * core's; the test plays the world around it.
 */
#include "daemon/requests/script.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "kselftest_harness.h"
#include "lib/asked_tree.h"
#include "lib/fake_client.h"

FIXTURE(script)
{
	struct asked_tree asked;
	struct st_client client;
};

FIXTURE_SETUP(script)
{
	asked_tree_init(&self->asked);
	fake_client_init(&self->client);
}

FIXTURE_TEARDOWN(script)
{
	asked_tree_done(&self->asked);
	fake_client_done(&self->client);
}

/* With the result {"done":true}. */
static struct st_script *begin(struct st_client *client)
{
	struct st_script *script = st_script_new(client, ST_OPERATION_UNLOAD, "demo");

	if (!script)
		abort();
	st_buf_add_text(&script->result, "{\"done\":true}");
	return script;
}

/* About a child; an optional one may fail. */
static void add(struct st_script *script, enum st_request_type type, const char *path,
		bool is_optional)
{
	if (st_script_add(script, asked_request(NULL, ST_OPERATION_UNLOAD, type, path, true),
			  is_optional))
		abort();
}

static bool exists(const struct asked_tree *asked, const char *path)
{
	return st_tree_find(asked->small.tree, path) != NULL;
}

static bool runs(const struct asked_tree *asked, const char *path)
{
	return small_tree_find(&asked->small, path)->state == ST_CHILD_RUNNING;
}

TEST_F(script, the_answer_comes_when_the_last_request_was_answered)
{
	struct st_script *script = begin(&self->client);

	self->asked.is_deaf = true;
	add(script, ST_REQUEST_TERMINATE_CHILD, "demo/a", false);
	add(script, ST_REQUEST_DELETE_CHILD, "demo/a", false);
	add(script, ST_REQUEST_TERMINATE_CHILD, "demo/b", false);
	st_script_run(&self->asked.requests, script);
	EXPECT_EQ(0, self->client.nr_answers);
	EXPECT_TRUE(runs(&self->asked, "demo/b"));
	asked_tree_kill(&self->asked, "demo/a", SIGTERM);
	EXPECT_FALSE(exists(&self->asked, "demo/a"));
	EXPECT_EQ(0, self->client.nr_answers) TH_LOG("b does not end yet");
	asked_tree_kill(&self->asked, "demo/b", SIGTERM);
	EXPECT_EQ(1, self->client.nr_answers);
	EXPECT_STREQ("{\"done\":true}", self->client.answer);
	EXPECT_EQ(NULL, self->client.data);
}

TEST_F(script, a_script_without_requests_is_answered_at_once)
{
	st_script_run(&self->asked.requests, begin(&self->client));
	EXPECT_EQ(1, self->client.nr_answers);
	EXPECT_STREQ("{\"done\":true}", self->client.answer);
}

TEST_F(script, a_failure_ends_it_and_what_was_done_stays_done)
{
	struct st_script *script = begin(&self->client);

	add(script, ST_REQUEST_TERMINATE_CHILD, "demo/a", false);
	add(script, ST_REQUEST_DELETE_CHILD, "demo/a", false);
	add(script, ST_REQUEST_DELETE_CHILD, "demo/b", false);
	add(script, ST_REQUEST_TERMINATE_CHILD, "demo/b", false);
	st_script_run(&self->asked.requests, script);
	EXPECT_EQ(1, self->client.nr_answers);
	EXPECT_STREQ("running: unload demo: delete_child demo/b (step 3 of 4): the child runs",
		     self->client.answer);
	EXPECT_STREQ("\"running\"", self->client.term);
	EXPECT_FALSE(exists(&self->asked, "demo/a"));
	EXPECT_TRUE(runs(&self->asked, "demo/b"));
}

TEST_F(script, a_failure_that_was_foreseen_does_not_end_it)
{
	struct st_script *script = begin(&self->client);

	add(script, ST_REQUEST_DELETE_CHILD, "demo/a", true);
	add(script, ST_REQUEST_DELETE_CHILD, "demo/none", true);
	add(script, ST_REQUEST_TERMINATE_CHILD, "demo/b", false);
	st_script_run(&self->asked.requests, script);
	EXPECT_EQ(1, self->client.nr_answers);
	EXPECT_STREQ("{\"done\":true}", self->client.answer);
	EXPECT_TRUE(runs(&self->asked, "demo/a"));
	EXPECT_FALSE(runs(&self->asked, "demo/b"));
}

/* As dispatch.c does. */
static void client_goes(struct st_client *client)
{
	struct st_pending *pending = client->data;

	if (pending)
		pending->client = NULL;
}

TEST_F(script, it_goes_on_for_a_client_that_has_gone)
{
	struct st_script *script = begin(&self->client);

	self->asked.is_deaf = true;
	add(script, ST_REQUEST_TERMINATE_CHILD, "demo/a", false);
	add(script, ST_REQUEST_DELETE_CHILD, "demo/a", false);
	st_script_run(&self->asked.requests, script);
	ASSERT_NE(NULL, self->client.data);
	client_goes(&self->client);
	asked_tree_kill(&self->asked, "demo/a", SIGTERM);
	EXPECT_FALSE(exists(&self->asked, "demo/a"));
	EXPECT_EQ(0, self->client.nr_answers);
	EXPECT_EQ(0, self->asked.requests.pending.nr);
}

TEST_F(script, its_failure_after_the_client_has_gone_ends_it_as_well)
{
	struct st_script *script = begin(&self->client);

	self->asked.is_deaf = true;
	add(script, ST_REQUEST_TERMINATE_CHILD, "demo/a", false);
	add(script, ST_REQUEST_DELETE_CHILD, "demo/b", false);
	add(script, ST_REQUEST_DELETE_CHILD, "demo/a", false);
	st_script_run(&self->asked.requests, script);
	client_goes(&self->client);
	asked_tree_kill(&self->asked, "demo/a", SIGTERM);
	EXPECT_TRUE(exists(&self->asked, "demo/a"));
	EXPECT_EQ(0, self->client.nr_answers);
	EXPECT_EQ(0, self->asked.requests.pending.nr);
}

TEST_F(script, each_request_that_changes_something_is_kept_with_who_asked)
{
	struct st_script *script = begin(&self->client);
	const struct st_asked *first, *second;

	self->client.peer.pid = 42;
	add(script, ST_REQUEST_TERMINATE_CHILD, "demo/a", false);
	add(script, ST_REQUEST_RESTART_CHILD, "demo/a", false);
	st_script_run(&self->asked.requests, script);
	first = st_asked_find(&self->asked.history.asked, self->asked.requests.last_token - 1);
	second = st_asked_find(&self->asked.history.asked, self->asked.requests.last_token);
	ASSERT_NE(NULL, first);
	ASSERT_NE(NULL, second);
	EXPECT_EQ(42, first->peer.pid);
	EXPECT_EQ(ST_OPERATION_UNLOAD, second->op);
}

TEST_F(script, one_that_was_not_run_is_freed_with_its_requests)
{
	struct st_script *script = begin(&self->client);

	for (int i = 0; i < 20; i++)
		add(script, ST_REQUEST_TERMINATE_CHILD, "demo/a", false);
	st_script_free(script);
	st_script_free(NULL);
	EXPECT_TRUE(runs(&self->asked, "demo/a"));
	EXPECT_EQ(0, self->client.nr_answers);
}

TEST_F(script, without_memory_it_is_not_begun)
{
	struct st_script *script;
	struct st_pending *pending;

	for (unsigned long nth = 1; nth <= 2; nth++) {
		st_alloc_fail_at(nth);
		EXPECT_EQ(NULL, st_script_new(&self->client, ST_OPERATION_UNLOAD, "demo"));
	}
	script = begin(&self->client);
	pending = asked_request(NULL, ST_OPERATION_UNLOAD, ST_REQUEST_SETTLE, "/", false);
	for (unsigned long nth = 1; nth <= 2; nth++) {
		st_alloc_fail_at(nth);
		EXPECT_EQ(-ENOMEM, st_script_add(script, pending, false));
	}
	st_alloc_fail_at(0);
	EXPECT_EQ(0, script->nr);
	ASSERT_EQ(0, st_script_add(script, pending, false));
	st_script_free(script);
}

/* Whichever allocation fails there is one answer, and nothing is left. */
TEST_F(script, without_memory_on_its_way_it_is_answered_all_the_same)
{
	unsigned long nth = 0;
	bool is_done = false;

	while (!is_done) {
		struct st_script *script = begin(&self->client);
		unsigned int nr_answers = self->client.nr_answers;
		unsigned long before;

		add(script, ST_REQUEST_TERMINATE_CHILD, "demo/a", false);
		add(script, ST_REQUEST_RESTART_CHILD, "demo/a", false);
		add(script, ST_REQUEST_DELETE_CHILD, "demo/b", false);
		before = st_alloc_count();
		st_alloc_fail_at(++nth);
		st_script_run(&self->asked.requests, script);
		is_done = st_alloc_count() - before < nth;
		st_alloc_fail_at(0);
		ASSERT_EQ(nr_answers + 1, self->client.nr_answers);
		ASSERT_EQ(0, self->asked.requests.pending.nr);
		ASSERT_LT(nth, 1000);
	}
	EXPECT_STREQ("running: unload demo: delete_child demo/b (step 3 of 3): the child runs",
		     self->client.answer);
	EXPECT_LT(2, nth);
}

TEST_HARNESS_MAIN
