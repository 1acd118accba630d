// SPDX-License-Identifier: GPL-2.0-only
/*
 * Why a child has ended: the chain of ends and rules, the client that asked for
 * it, the sender of the signal, and what is shown when a part of it is no
 * longer kept. Core makes the events; the test plays the world around it.
 */
#include "daemon/history/why.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "daemon/history/events_write.h"
#include "kselftest_harness.h"
#include "lib/asked_tree.h"
#include "lib/fake_client.h"
#include "loop/ring.h"

#define ALL 100 /* steps */

FIXTURE(why)
{
	struct asked_tree asked;
	struct st_client client;
	char text[4096];
};

FIXTURE_SETUP(why)
{
	asked_tree_init(&self->asked);
	fake_client_init(&self->client);
	self->client.peer.pid = 42;
	self->client.peer.uid = 7;
}

FIXTURE_TEARDOWN(why)
{
	asked_tree_done(&self->asked);
	fake_client_done(&self->client);
}

static uint64_t find(FIXTURE_DATA(why) * self, const char *name, bool is_whole)
{
	return st_why_find_end(st_events_ring(self->asked.history.events), name, is_whole);
}

static void add_text(FIXTURE_DATA(why) * self, const char *prefix, const json_t *text)
{
	size_t len = strlen(self->text);

	snprintf(self->text + len, sizeof(self->text) - len, "%s%s", prefix,
		 json_is_string(text) ? json_string_value(text) :
		 text		      ? "-" :
					"");
}

static json_t *read_members(FIXTURE_DATA(why) * self, uint64_t seq, uint32_t max, int *ret_err)
{
	struct st_buf buf = ST_BUF_INIT;
	struct st_json json;
	json_t *object;

	st_json_init(&json, &buf);
	st_json_begin_object(&json);
	*ret_err = st_why_write_chain(&self->asked.history, false, seq, max, &json);
	st_json_end_object(&json);
	object = buf.failed ? NULL : json_loadb(buf.data, buf.len, JSON_REJECT_DUPLICATES, NULL);
	if (!buf.failed && !object)
		abort(); /* it is not JSON */
	st_buf_done(&buf);
	return object;
}

/*
 * The chain of an end in short: "<ROOT by OPERATION: exited demo/a, B1 demo, ... (N)",
 * N: steps left out.
 */
static const char *chain(FIXTURE_DATA(why) * self, uint64_t seq, uint32_t max)
{
	int err = 0;
	json_t *object = read_members(self, seq, max, &err);
	const json_t *steps = json_object_get(object, "steps"), *step;
	long long left_out = json_integer_value(json_object_get(object, "left_out"));
	size_t index;

	self->text[0] = '\0';
	if (err || !object)
		abort();
	if (json_object_get(object, "root"))
		add_text(self, "<", json_object_get(json_object_get(object, "root"), "path"));
	if (json_object_get(object, "asked_by"))
		add_text(self, " by ",
			 json_object_get(json_object_get(object, "asked_by"), "operation"));
	add_text(self, ":", NULL);
	json_array_foreach(steps, index, step) {
		bool is_rule = json_object_get(step, "text");

		add_text(self, index ? ", " : " ",
			 json_object_get(step, is_rule ? "rule" : "event"));
		add_text(self, " ", json_object_get(step, is_rule ? "sup" : "path"));
	}
	if (left_out)
		snprintf(self->text + strlen(self->text), 32, " (%lld)", left_out);
	json_decref(object);
	return self->text;
}

/* "sender" of an end, as JSON; "" if it has none. */
static const char *sender(FIXTURE_DATA(why) * self, uint64_t seq, bool has_tracer)
{
	struct st_buf buf = ST_BUF_INIT;
	struct st_json json;
	json_t *object;
	char *text;

	st_json_init(&json, &buf);
	st_why_write_end(&self->asked.history, has_tracer, seq, &json);
	object = json_loadb(buf.data, buf.len, JSON_REJECT_DUPLICATES, NULL);
	text = json_dumps(json_object_get(object, "sender"), JSON_ENCODE_ANY | JSON_COMPACT);
	snprintf(self->text, sizeof(self->text), "%s", text ? text : "");
	free(text);
	json_decref(object);
	st_buf_done(&buf);
	return self->text;
}

static void start(FIXTURE_DATA(why) * self, const char *sup, struct st_child_spec *spec)
{
	struct st_pending *pending = asked_request(&self->client, ST_OPERATION_START_CHILD,
						   ST_REQUEST_START_CHILD, sup, false);

	pending->request.start.spec = spec;
	st_pending_post(&self->asked.requests, pending);
}

static void terminate(FIXTURE_DATA(why) * self, const char *path)
{
	st_pending_post(&self->asked.requests,
			asked_request(&self->client, ST_OPERATION_TERMINATE_CHILD,
				      ST_REQUEST_TERMINATE_CHILD, path, true));
}

/* ---- which end ---- */

TEST_F(why, the_last_end_of_a_child_is_found_by_path_name_and_generation)
{
	uint64_t generation = small_tree_find(&self->asked.small, "demo/a")->generation;
	char name[32];
	uint64_t first;

	EXPECT_EQ(0, find(self, "demo/a", true));
	asked_tree_exit(&self->asked, "demo/a", 1);
	first = find(self, "demo/a", true);
	EXPECT_NE(0, first);
	EXPECT_EQ(first, find(self, "/demo/a", true));
	EXPECT_EQ(first, find(self, "a", false));
	EXPECT_EQ(0, find(self, "a", true)) TH_LOG("it is no path");
	EXPECT_EQ(0, find(self, "emo/a", false)) TH_LOG("a part of a name is none");
	asked_tree_exit(&self->asked, "demo/a", 2);
	EXPECT_LT(first, find(self, "demo/a", true));
	snprintf(name, sizeof(name), "#%llu", (unsigned long long)generation);
	EXPECT_EQ(first, find(self, name, false));
}

TEST_F(why, the_last_end_below_a_supervisor_is_found)
{
	const struct st_events_ring *ring = st_events_ring(self->asked.history.events);

	EXPECT_EQ(0, st_why_find_end_below(ring, "demo"));
	asked_tree_exit(&self->asked, "demo/s/x", 1);
	asked_tree_exit(&self->asked, "demonstration", 1);
	EXPECT_EQ(find(self, "demo/s/x", true), st_why_find_end_below(ring, "demo"));
	EXPECT_EQ(find(self, "demo/s/x", true), st_why_find_end_below(ring, "/demo/s"));
	EXPECT_EQ(find(self, "demonstration", true), st_why_find_end_below(ring, "/"));
	EXPECT_EQ(0, st_why_find_end_below(ring, "demo/b"));
}

/* ---- chains ---- */

TEST_F(why, a_child_that_is_restarted_has_two_rules)
{
	asked_tree_exit(&self->asked, "demo/a", 1);
	EXPECT_STREQ(": exited demo/a, B1 demo, D1 demo, started demo/a",
		     chain(self, find(self, "demo/a", true), ALL));
}

TEST_F(why, a_transient_child_that_ends_normally_is_its_own_whole_chain)
{
	asked_tree_exit(&self->asked, "demo/t", 0);
	EXPECT_STREQ(": exited demo/t, B2 demo", chain(self, find(self, "demo/t", true), ALL));
}

/* A supervisor "frail" of three workers, w1, w2 and w3, below the root. */
static void start_frail(FIXTURE_DATA(why) * self, enum st_strategy strategy, uint32_t intensity)
{
	struct st_child_spec *children[] = {
		small_worker("w1", ST_RESTART_PERMANENT),
		small_worker("w2", ST_RESTART_PERMANENT),
		small_worker("w3", ST_RESTART_PERMANENT),
	};

	start(self, "/",
	      small_supervisor("frail", ST_RESTART_PERMANENT, ST_SHUTDOWN_INFINITY,
			       small_sup_spec(strategy, intensity, children, 3)));
}

TEST_F(why, what_was_stopped_for_another_leads_back_to_its_end)
{
	start_frail(self, ST_STRATEGY_REST_FOR_ONE, 1);
	asked_tree_exit(&self->asked, "frail/w2", 1);
	EXPECT_STREQ("<frail/w2: exited frail/w2, B1 frail, D3 frail, exited frail/w3, "
		     "started frail/w2, started frail/w3",
		     chain(self, find(self, "frail/w3", true), ALL));
}

TEST_F(why, a_supervisor_that_gives_up_leads_back_to_the_last_end)
{
	start_frail(self, ST_STRATEGY_ONE_FOR_ONE, 0);
	asked_tree_exit(&self->asked, "frail/w2", 1);
	EXPECT_STREQ("<frail/w2: exited frail/w2, B1 frail, E6 frail, report frail/w2, "
		     "exited frail/w3, exited frail/w1, exited frail, B1 /, D1 /, "
		     "started frail/w1, started frail/w2, started frail/w3, started frail",
		     chain(self, find(self, "frail/w1", true), ALL));
	EXPECT_STREQ("<frail/w2: exited frail/w2, B1 frail, E6 frail, report frail/w2, "
		     "exited frail/w3, exited frail/w1, exited frail, B1 /, D1 /, "
		     "started frail/w1, started frail/w2, started frail/w3, started frail",
		     chain(self, find(self, "frail", true), ALL));
}

TEST_F(why, steps_beyond_the_limit_are_counted)
{
	start_frail(self, ST_STRATEGY_ONE_FOR_ALL, 1);
	asked_tree_exit(&self->asked, "frail/w1", 1);
	EXPECT_STREQ("<frail/w1: exited frail/w1, B1 frail, D2 frail (5)",
		     chain(self, find(self, "frail/w3", true), 3));
	EXPECT_STREQ("<frail/w1: (8)", chain(self, find(self, "frail/w3", true), 0));
}

/* ---- who asked ---- */

TEST_F(why, an_end_that_was_asked_for_names_who_asked)
{
	terminate(self, "demo/a");
	EXPECT_STREQ(" by terminate-child: C5 , exited demo/a",
		     chain(self, find(self, "demo/a", true), ALL));
}

TEST_F(why, a_supervisor_that_was_stopped_names_who_asked_for_all_below_it)
{
	terminate(self, "demo/s");
	EXPECT_STREQ(" by terminate-child: C5 , exited demo/s/x, exited demo/s",
		     chain(self, find(self, "demo/s/x", true), ALL));
}

/* ---- who sent the signal ---- */

TEST_F(why, the_signal_of_a_supervisor_is_the_daemons)
{
	char wanted[128];

	terminate(self, "demo/a");
	snprintf(wanted, sizeof(wanted), "{\"pid\":%d,\"name\":\"suptreed\",\"uid\":%u}", getpid(),
		 geteuid());
	EXPECT_STREQ(wanted, sender(self, find(self, "demo/a", true), false));
}

TEST_F(why, a_signal_for_a_client_names_the_client)
{
	const struct st_child *child = small_tree_find(&self->asked.small, "demo/a");
	json_t *by;

	st_asked_signal(&self->asked.history.asked, &self->client, SIGUSR1, child->generation);
	st_asked_signal(&self->asked.history.asked, &self->client, SIGKILL, child->generation + 1);
	asked_tree_kill(&self->asked, "demo/a", SIGUSR1);
	by = json_loads(sender(self, find(self, "demo/a", true), false), 0, NULL);
	EXPECT_STREQ("suptreed", json_string_value(json_object_get(by, "name")));
	EXPECT_EQ(42, json_integer_value(json_object_get(json_object_get(by, "asked_by"), "pid")));
	EXPECT_STREQ("kill", json_string_value(json_object_get(json_object_get(by, "asked_by"),
							       "operation")));
	json_decref(by);
}

TEST_F(why, a_signal_that_nobody_has_seen_is_unknown)
{
	asked_tree_kill(&self->asked, "demo/a", SIGSEGV);
	EXPECT_STREQ("\"unknown: the tracer does not run\"",
		     sender(self, find(self, "demo/a", true), false));
	EXPECT_STREQ("\"unknown: the tracer has not seen it\"",
		     sender(self, find(self, "demo/a", true), true));
	asked_tree_exit(&self->asked, "demo/a", 1);
	EXPECT_STREQ("", sender(self, find(self, "demo/a", true), true))
	TH_LOG("it has exited by itself");
}

static void report(FIXTURE_DATA(why) * self, const char *path, int signo, const char *name,
		   int64_t uid, uint64_t time_ns)
{
	struct st_seen_signal seen = {
		.time_ns = time_ns,
		.pid = small_tree_find(&self->asked.small, path)->pid,
		.signo = signo,
		.sender = 77,
		.uid = uid,
	};

	strcpy(seen.name, name);
	st_witness_add(&self->asked.history.witness, &seen);
}

TEST_F(why, a_signal_that_the_tracer_has_reported_names_its_sender)
{
	report(self, "demo/a", SIGKILL, "too_early", 0, 1);
	report(self, "demo/a", SIGKILL, "bash", 1000, st_clock_ns());
	report(self, "demo/a", SIGTERM, "another_signal", 0, st_clock_ns());
	report(self, "demo/b", SIGKILL, "another_process", 0, st_clock_ns());
	asked_tree_kill(&self->asked, "demo/a", SIGKILL);
	EXPECT_STREQ("{\"pid\":77,\"name\":\"bash\",\"uid\":1000}",
		     sender(self, find(self, "demo/a", true), true));
	report(self, "demo/b", SIGSEGV, "", -1, st_clock_ns());
	asked_tree_kill(&self->asked, "demo/b", SIGSEGV);
	EXPECT_STREQ("{\"pid\":77,\"name\":\"\",\"uid\":null}",
		     sender(self, find(self, "demo/b", true), true));
}

TEST_F(why, only_the_last_reports_are_kept)
{
	report(self, "demo/a", SIGKILL, "bash", 1000, st_clock_ns());
	for (int i = 0; i < ST_WITNESS_KEPT - 1; i++)
		report(self, "demo/b", SIGKILL, "other", 0, st_clock_ns());
	asked_tree_kill(&self->asked, "demo/a", SIGKILL);
	EXPECT_STREQ("{\"pid\":77,\"name\":\"bash\",\"uid\":1000}",
		     sender(self, find(self, "demo/a", true), true));
	report(self, "demo/b", SIGKILL, "other", 0, st_clock_ns());
	EXPECT_STREQ("\"unknown: the tracer has not seen it\"",
		     sender(self, find(self, "demo/a", true), true));
}

/* ---- what is no longer there ---- */

TEST_F(why, a_child_that_was_forgotten_still_has_its_end)
{
	start(self, "demo", small_worker("once", ST_RESTART_TEMPORARY));
	asked_tree_exit(&self->asked, "demo/once", 1);
	EXPECT_EQ(NULL, st_tree_find(self->asked.small.tree, "demo/once"));
	EXPECT_STREQ(": exited demo/once, B2 demo, removed demo/once",
		     chain(self, find(self, "once", false), ALL));
}

static void fill(FIXTURE_DATA(why) * self, unsigned int nr)
{
	const struct st_effect effect = {
		.type = ST_FX_ADDED,
		.child = small_tree_find(&self->asked.small, "demo/b"),
	};

	while (nr--)
		st_events_add(self->asked.history.events, &effect, st_clock_ns());
}

TEST_F(why, an_end_that_is_no_longer_kept_is_not_found)
{
	asked_tree_exit(&self->asked, "demo/a", 1);
	fill(self, ST_EVENTS_MAX / 2);
	EXPECT_NE(0, find(self, "demo/a", true));
	fill(self, ST_EVENTS_MAX / 2);
	EXPECT_EQ(0, find(self, "demo/a", true));
}

TEST_F(why, a_chain_begins_with_what_is_kept)
{
	self->asked.is_deaf = true;
	start_frail(self, ST_STRATEGY_REST_FOR_ONE, 1);
	asked_tree_exit(&self->asked, "frail/w2", 1);
	fill(self, ST_EVENTS_MAX - 2);
	asked_tree_kill(&self->asked, "frail/w3", SIGTERM);
	ASSERT_EQ(0, find(self, "frail/w2", true));
	EXPECT_STREQ(": D3 , exited frail/w3", chain(self, find(self, "frail/w3", true), ALL));
}

/* ---- memory ---- */

TEST_F(why, without_memory_there_is_an_error_or_a_text_that_says_so)
{
	unsigned long nth = 0, nr;
	uint64_t seq;

	start_frail(self, ST_STRATEGY_ONE_FOR_ALL, 1);
	asked_tree_exit(&self->asked, "frail/w1", 1);
	seq = find(self, "frail/w3", true);
	do {
		json_t *object;
		int err = 0;

		nr = st_alloc_count();
		st_alloc_fail_at(++nth);
		object = read_members(self, seq, ALL, &err);
		nr = st_alloc_count() - nr;
		st_alloc_fail_at(0);
		EXPECT_TRUE(!err || err == -ENOMEM);
		EXPECT_EQ(nr >= nth, err || !object);
		json_decref(object);
	} while (nr >= nth && nth < 1000);
	EXPECT_LT(2, nth);
}

/* The newest event of a path as it is sent to followers. */
static json_t *newest(FIXTURE_DATA(why) * self, const char *path)
{
	struct st_buf buf = ST_BUF_INIT;
	struct st_json json;
	json_t *list, *event;

	st_json_init(&json, &buf);
	st_events_write_history(self->asked.history.events, path, 1, &json);
	list = json_loadb(buf.data, buf.len, JSON_REJECT_DUPLICATES, NULL);
	event = json_incref(json_array_get(list, 0));
	json_decref(list);
	st_buf_done(&buf);
	return event;
}

static long long number(const json_t *event, const char *key, const char *member)
{
	return json_integer_value(json_object_get(json_object_get(event, key), member));
}

TEST_F(why, events_keep_the_client_that_asked_although_others_ask_later)
{
	json_t *event;

	terminate(self, "demo/b");
	self->client.peer.pid = 43;
	for (int i = 0; i < ST_ASKED_KEPT; i++)
		st_asked_signal(&self->asked.history.asked, &self->client, SIGHUP, 1);
	event = newest(self, "demo/b");
	EXPECT_STREQ("exited", json_string_value(json_object_get(event, "event")));
	EXPECT_EQ(42, number(event, "asked_by", "pid"));
	EXPECT_EQ(7, number(event, "asked_by", "uid"));
	EXPECT_EQ(getpid(), number(event, "sender", "pid"));
	json_decref(event);
	EXPECT_NE(NULL, strstr(chain(self, find(self, "demo/b", true), ALL), " by "));
}

/* The end of a permanent child is followed by a report and a start. */
static json_t *end_of(FIXTURE_DATA(why) * self, const char *path)
{
	struct st_buf buf = ST_BUF_INIT;
	struct st_json json;
	json_t *event;

	st_json_init(&json, &buf);
	st_event_record_write(&self->asked.history,
			      st_events_ring_get(st_events_ring(self->asked.history.events),
						 find(self, path, true)),
			      1, &json);
	event = json_loadb(buf.data, buf.len, JSON_REJECT_DUPLICATES, NULL);
	st_buf_done(&buf);
	return event;
}

TEST_F(why, an_event_has_the_sender_only_if_it_is_known)
{
	json_t *event;

	asked_tree_kill(&self->asked, "demo/a", SIGSEGV);
	event = end_of(self, "demo/a");
	EXPECT_EQ(NULL, json_object_get(event, "sender"));
	json_decref(event);
	report(self, "demo/a", SIGSEGV, "gdb", 1000, st_clock_ns());
	asked_tree_kill(&self->asked, "demo/a", SIGSEGV);
	event = end_of(self, "demo/a");
	EXPECT_EQ(77, number(event, "sender", "pid"));
	EXPECT_EQ(1, json_integer_value(json_object_get(event, "restarts")));
	EXPECT_EQ(1, number(event, "budget", "used"));
	json_decref(event);
}

TEST_HARNESS_MAIN
