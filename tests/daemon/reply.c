// SPDX-License-Identifier: GPL-2.0-only
/*
 * Answers of core in the form that clients get: each result, each error with
 * its kind and OTP's term, and an answer for which no client waits.
 */
#include "daemon/requests/reply.h"

#include <signal.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "kselftest_harness.h"
#include "lib/asked_tree.h"
#include "lib/fake_client.h"
#include "loop/ring.h"

FIXTURE(reply)
{
	struct asked_tree asked;
	struct st_client client;
};

FIXTURE_SETUP(reply)
{
	asked_tree_init(&self->asked);
	fake_client_init(&self->client);
}

FIXTURE_TEARDOWN(reply)
{
	asked_tree_done(&self->asked);
	fake_client_done(&self->client);
}

/* Send a request about a child; its answer. */
static const char *ask(FIXTURE_DATA(reply) * self, enum st_operation op, enum st_request_type type,
		       const char *path)
{
	st_pending_post(&self->asked.requests, asked_request(&self->client, op, type, path, true));
	return self->client.answer;
}

/* The same about a supervisor. */
static const char *ask_sup(FIXTURE_DATA(reply) * self, enum st_operation op,
			   enum st_request_type type, const char *path)
{
	st_pending_post(&self->asked.requests, asked_request(&self->client, op, type, path, false));
	return self->client.answer;
}

#define TERMINATE ST_OPERATION_TERMINATE_CHILD, ST_REQUEST_TERMINATE_CHILD
#define RESTART ST_OPERATION_RESTART_CHILD, ST_REQUEST_RESTART_CHILD
#define DELETE ST_OPERATION_DELETE_CHILD, ST_REQUEST_DELETE_CHILD

/* ---- results ---- */

TEST_F(reply, ok_has_the_number_of_the_last_event)
{
	char wanted[64];

	ask(self, TERMINATE, "demo/a");
	snprintf(wanted, sizeof(wanted), "{\"ok\":true,\"seq\":%llu}",
		 (unsigned long long)st_events_seq(self->asked.history.events));
	EXPECT_STREQ(wanted, self->client.answer);
	EXPECT_EQ(1, self->client.nr_answers);
	EXPECT_EQ(NULL, self->client.data);
}

TEST_F(reply, a_started_child_is_shown_with_its_process)
{
	const struct st_child *child = small_tree_find(&self->asked.small, "demo/a");
	char wanted[96];

	ask(self, TERMINATE, "demo/a");
	ask(self, RESTART, "demo/a");
	snprintf(wanted, sizeof(wanted), "{\"started\":{\"pid\":%d,\"generation\":%llu}}",
		 (int)child->pid, (unsigned long long)child->generation);
	EXPECT_STREQ(wanted, self->client.answer);
	EXPECT_LT(0, child->pid);
}

TEST_F(reply, the_answer_to_a_start_waits_until_the_child_is_ready)
{
	ask(self, TERMINATE, "demo/a");
	self->asked.is_silent = true;
	ask(self, RESTART, "demo/a");
	EXPECT_EQ(1, self->client.nr_answers);
	ASSERT_NE(NULL, self->client.data);
	asked_tree_ready(&self->asked, "demo/a");
	EXPECT_EQ(2, self->client.nr_answers);
	EXPECT_EQ(NULL, self->client.data);
}

TEST_F(reply, a_child_that_says_ignore_is_answered_as_ignored)
{
	struct st_event ignore = { .type = ST_EV_IGNORE };

	ask(self, TERMINATE, "demo/a");
	self->asked.is_silent = true;
	ask(self, RESTART, "demo/a");
	ignore.generation = small_tree_find(&self->asked.small, "demo/a")->generation;
	st_shell_post(&self->asked.shell, &ignore);
	asked_tree_exit(&self->asked, "demo/a", 0);
	EXPECT_STREQ("{\"ignored\":true}", self->client.answer);
}

TEST_F(reply, children_are_listed_the_newest_first)
{
	json_t *list;

	list = json_loads(ask_sup(self, ST_OPERATION_WHICH_CHILDREN, ST_REQUEST_WHICH_CHILDREN,
				  "demo"),
			  0, NULL);
	ASSERT_EQ(4, json_array_size(list));
	EXPECT_STREQ("s", json_string_value(json_object_get(json_array_get(list, 0), "id")));
	EXPECT_STREQ("supervisor",
		     json_string_value(json_object_get(json_array_get(list, 0), "type")));
	EXPECT_STREQ("a", json_string_value(json_object_get(json_array_get(list, 3), "id")));
	json_decref(list);
}

TEST_F(reply, children_are_counted)
{
	EXPECT_STREQ("{\"specs\":4,\"active\":4,\"supervisors\":1,\"workers\":3}",
		     ask_sup(self, ST_OPERATION_COUNT_CHILDREN, ST_REQUEST_COUNT_CHILDREN, "demo"));
}

TEST_F(reply, a_specification_is_shown_as_it_would_be_given)
{
	json_t *spec = json_loads(
		ask(self, ST_OPERATION_GET_CHILDSPEC, ST_REQUEST_GET_CHILDSPEC, "demo/t"), 0, NULL);

	EXPECT_STREQ("t", json_string_value(json_object_get(spec, "id")));
	EXPECT_STREQ("transient", json_string_value(json_object_get(spec, "restart")));
	json_decref(spec);
}

TEST_F(reply, a_change_of_strategy_is_answered_with_the_flags)
{
	struct st_pending *pending = asked_request(&self->client, ST_OPERATION_STRATEGY,
						   ST_REQUEST_CHANGE, "demo", false);

	pending->request.change.to = small_sup_spec(ST_STRATEGY_REST_FOR_ONE, 3, NULL, 0);
	pending->request.change.flags_only = true;
	st_pending_post(&self->asked.requests, pending);
	EXPECT_STREQ("{\"strategy\":\"rest_for_one\",\"intensity\":3,\"period\":5,"
		     "\"auto_shutdown\":\"never\"}",
		     self->client.answer);
}

/* ---- errors, as core has them ---- */

static struct st_pending *start_request(struct st_client *client, struct st_child_spec *spec)
{
	struct st_pending *pending = asked_request(client, ST_OPERATION_START_CHILD,
						   ST_REQUEST_START_CHILD, "demo", false);

	pending->request.start.spec = spec;
	return pending;
}

TEST_F(reply, a_child_that_runs_is_shown_in_the_error)
{
	const struct st_child *child = small_tree_find(&self->asked.small, "demo/a");
	char wanted[96];

	st_pending_post(&self->asked.requests,
			start_request(&self->client, small_worker("a", ST_RESTART_PERMANENT)));
	snprintf(wanted, sizeof(wanted), "{\"already_started\":{\"pid\":%d,\"generation\":%llu}}",
		 (int)child->pid, (unsigned long long)child->generation);
	EXPECT_STREQ(wanted, self->client.term);
	EXPECT_STREQ("already_started: start-child demo: a child with this id runs",
		     self->client.answer);
}

TEST_F(reply, a_start_that_fails_has_its_reason_in_text_and_term)
{
	self->asked.failure = "no such file";
	st_pending_post(&self->asked.requests,
			start_request(&self->client, small_worker("new", ST_RESTART_PERMANENT)));
	EXPECT_STREQ("{\"start_error\":{\"error\":\"no such file\"}}", self->client.term);
	EXPECT_STREQ("start_error: start-child demo: it could not be started: "
		     "{\"error\":\"no such file\"}",
		     self->client.answer);
}

TEST_F(reply, errors_of_core_come_to_the_client_that_asked)
{
	ask(self, DELETE, "demo/a");
	EXPECT_STREQ("running: delete-child demo/a: the child runs", self->client.answer);
	ask(self, TERMINATE, "demo/none");
	EXPECT_STREQ("not_found: terminate-child demo/none: no such child", self->client.answer);
	ask(self, TERMINATE, "none/a");
	EXPECT_STREQ("noproc: terminate-child none/a: no such supervisor runs",
		     self->client.answer);
	EXPECT_STREQ("\"noproc\"", self->client.term);
}

/* ---- errors, one by one ---- */

static const struct st_reason refused_spec = {
	.type = ST_REASON_TERM,
	.text = "{\"invalid_restart_type\":\"x\"}",
};
static const struct st_reason ended = { .type = ST_REASON_CODE, .value = 3 };

static const struct {
	enum st_reply reply;
	const struct st_reason *reason; /* NULL: it has none */
	enum st_error kind;
	const char *term;
	const char *text; /* the end of it, behind the path */
} errors[] = {
	{ ST_REPLY_ALREADY_PRESENT, NULL, ST_ERROR_ALREADY_PRESENT, "\"already_present\"",
	  "a child with this id exists and does not run" },
	{ ST_REPLY_NOT_FOUND, NULL, ST_ERROR_NOT_FOUND, "\"not_found\"", "no such child" },
	{ ST_REPLY_RUNNING, NULL, ST_ERROR_RUNNING, "\"running\"", "the child runs" },
	{ ST_REPLY_RESTARTING, NULL, ST_ERROR_RESTARTING, "\"restarting\"",
	  "the child is about to be started again" },
	{ ST_REPLY_SIMPLE_ONE_FOR_ONE, NULL, ST_ERROR_SIMPLE_ONE_FOR_ONE, "\"simple_one_for_one\"",
	  "children of a dynamic supervisor have no id" },
	{ ST_REPLY_NOPROC, NULL, ST_ERROR_NOPROC, "\"noproc\"", "no such supervisor runs" },
	{ ST_REPLY_START_ERROR, &ended, ST_ERROR_START_ERROR, "{\"start_error\":{\"code\":3}}",
	  "it could not be started: {\"code\":3}" },
	{ ST_REPLY_INVALID_SPEC, &refused_spec, ST_ERROR_INVALID_SPEC,
	  "{\"invalid_restart_type\":\"x\"}",
	  "the specification is not valid: {\"invalid_restart_type\":\"x\"}" },
	{ ST_REPLY_MAX_CHILDREN, NULL, ST_ERROR_MAX_CHILDREN, "\"max_children\"",
	  "the supervisor has all the children it may have" },
	{ ST_REPLY_REFUSED, NULL, ST_ERROR_CONFLICT, "\"refused\"",
	  "a supervisor cannot become dynamic, or stop being dynamic" },
	{ ST_REPLY_LIMIT, NULL, ST_ERROR_LIMIT, "\"limit\"", "a limit is reached" },
	{ ST_REPLY_NO_MEMORY, NULL, ST_ERROR_NO_MEMORY, "\"no_memory\"", "out of memory" },
};

/* A request that core has not answered, with a token of its own. */
static uint64_t leave_pending(struct st_requests *requests, struct st_client *client)
{
	struct st_pending *pending = asked_request(client, ST_OPERATION_RESTART_CHILD,
						   ST_REQUEST_RESTART_CHILD, "demo/a", true);
	uint64_t token = ++requests->last_token;

	if (st_map_reserve(&requests->pending, requests->pending.nr + 1))
		abort();
	st_map_put(&requests->pending, token, pending);
	return token;
}

static struct st_effect effect_of(size_t row, uint64_t token)
{
	struct st_effect effect = {
		.type = ST_FX_REPLY,
		.reply = errors[row].reply,
		.token = token,
	};

	if (errors[row].reason)
		effect.reason = *errors[row].reason;
	return effect;
}

TEST_F(reply, each_error_has_its_kind_its_term_and_its_words)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(errors); i++) {
		struct st_effect effect =
			effect_of(i, leave_pending(&self->asked.requests, &self->client));
		char wanted[256];

		st_reply(&self->asked.requests, &effect);
		EXPECT_EQ(errors[i].kind, st_reply_error(errors[i].reply));
		EXPECT_STREQ(errors[i].term, self->client.term);
		snprintf(wanted, sizeof(wanted), "%s: restart-child demo/a: %s",
			 st_errors[errors[i].kind].kind, errors[i].text);
		EXPECT_STREQ(wanted, self->client.answer);
	}
	/* and ALREADY_STARTED, which needs a child, has a test of its own */
	EXPECT_EQ(ST_REPLY__MAX - ST_REPLY_ALREADY_PRESENT, (int)ST_ARRAY_SIZE(errors) + 1);
}

/* ---- who is answered ---- */

TEST_F(reply, a_reply_with_an_unknown_token_is_nobodys)
{
	struct st_effect effect = effect_of(0, 12345);

	st_reply(&self->asked.requests, &effect);
	EXPECT_EQ(0, self->client.nr_answers);
}

TEST_F(reply, a_reply_is_given_once)
{
	struct st_effect effect = effect_of(0, leave_pending(&self->asked.requests, &self->client));

	st_reply(&self->asked.requests, &effect);
	st_reply(&self->asked.requests, &effect);
	EXPECT_EQ(1, self->client.nr_answers);
}

TEST_F(reply, the_reply_to_a_client_that_has_gone_goes_nowhere)
{
	struct st_pending *pending;

	self->asked.is_deaf = true;
	ask(self, TERMINATE, "demo/a");
	pending = self->client.data;
	ASSERT_NE(NULL, pending);
	pending->client = NULL;
	asked_tree_kill(&self->asked, "demo/a", SIGTERM);
	EXPECT_EQ(0, self->client.nr_answers);
	EXPECT_EQ(0, self->asked.requests.pending.nr);
}

TEST_F(reply, a_request_whose_time_is_over_is_answered_once)
{
	struct st_pending *pending =
		asked_request(&self->client, ST_OPERATION_SETTLE, ST_REQUEST_SETTLE, "/", false);

	self->asked.is_silent = true;
	asked_tree_exit(&self->asked, "demo/a", 1);
	pending->deadline_ns = st_clock_ns() + ST_NSEC_PER_MSEC;
	st_pending_post(&self->asked.requests, pending);
	while (!self->client.nr_answers)
		ASSERT_LE(0, st_ring_run_once(self->asked.ring, true));
	EXPECT_EQ(0, strncmp("timeout: settle: ", self->client.answer, 17));
	EXPECT_EQ(NULL, self->client.data);
	asked_tree_ready(&self->asked, "demo/a");
	EXPECT_EQ(1, self->client.nr_answers);
	EXPECT_EQ(0, self->asked.requests.pending.nr);
}

/* ---- memory ---- */

static bool is_no_memory(const struct st_client *client)
{
	return !strncmp(client->answer, "no_memory: ", 11);
}

TEST_F(reply, without_memory_a_request_is_answered_so_and_nothing_has_changed)
{
	for (unsigned long nth = 1; nth <= 3; nth++) {
		st_alloc_fail_at(nth);
		EXPECT_EQ(NULL, st_pending_new(&self->client, ST_OPERATION_KILL, "demo/a", true));
		st_alloc_fail_at(0);
	}
	for (unsigned long nth = 1; nth <= 2; nth++) {
		struct st_pending *pending = asked_request(&self->client, DELETE, "demo/a", true);

		st_map_done(&self->asked.requests.pending); /* as in the beginning */
		st_alloc_fail_at(nth);
		st_pending_post(&self->asked.requests, pending);
		st_alloc_fail_at(0);
		EXPECT_TRUE(is_no_memory(&self->client)) TH_LOG("%s", self->client.answer);
		EXPECT_EQ(0, self->asked.requests.pending.nr);
		EXPECT_EQ(NULL, self->client.data);
	}
	EXPECT_EQ(2, self->client.nr_answers);
}

/* The answer is the error, or says that there is no memory; a term is whole or missing. */
TEST_F(reply, without_memory_for_its_text_each_error_is_still_answered)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(errors); i++) {
		for (unsigned long nth = 1; nth <= 6; nth++) {
			struct st_effect effect =
				effect_of(i, leave_pending(&self->asked.requests, &self->client));
			unsigned int before = self->client.nr_answers;

			st_alloc_fail_at(nth);
			st_reply(&self->asked.requests, &effect);
			st_alloc_fail_at(0);
			EXPECT_EQ(before + 1, self->client.nr_answers);
			EXPECT_TRUE(!self->client.term[0] ||
				    !strcmp(errors[i].term, self->client.term));
		}
	}
}

TEST_F(reply, a_long_term_that_does_not_fit_into_memory_is_left_out)
{
	char text[300] = "";
	struct st_effect effect;

	for (int i = 0; i < 280; i++)
		text[i] = 'x';
	for (unsigned long nth = 1; nth <= 8; nth++) {
		effect = effect_of(0, leave_pending(&self->asked.requests, &self->client));
		effect.reply = ST_REPLY_START_ERROR;
		effect.reason = (struct st_reason){ .type = ST_REASON_ERROR, .text = text };
		st_alloc_fail_at(nth);
		st_reply(&self->asked.requests, &effect);
		st_alloc_fail_at(0);
		EXPECT_EQ(ST_ERROR_START_ERROR, st_reply_error(effect.reply));
		EXPECT_TRUE(!self->client.term[0] ||
			    self->client.term[strlen(self->client.term) - 1] == '}');
	}
	EXPECT_EQ(8, self->client.nr_answers);
}

TEST_F(reply, without_memory_for_a_result_the_answer_is_no_memory)
{
	unsigned long nth = 0;
	unsigned long before;

	do {
		struct st_pending *pending =
			asked_request(&self->client, ST_OPERATION_COUNT_CHILDREN,
				      ST_REQUEST_COUNT_CHILDREN, "demo", false);

		before = st_alloc_count();
		st_alloc_fail_at(++nth);
		st_pending_post(&self->asked.requests, pending);
		before = st_alloc_count() - before;
		st_alloc_fail_at(0);
		EXPECT_EQ(nth, self->client.nr_answers);
		EXPECT_EQ(before >= nth, is_no_memory(&self->client))
		TH_LOG("%s", self->client.answer);
	} while (before >= nth && nth < 100);
	EXPECT_STREQ("{\"specs\":4,\"active\":4,\"supervisors\":1,\"workers\":3}",
		     self->client.answer);
	EXPECT_LT(1, nth);
}

TEST_HARNESS_MAIN
