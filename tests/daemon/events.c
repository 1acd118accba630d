// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events: which effects become events, what an event looks like, and how events
 * are filtered. events_follow.c tests how followers get them.
 */
#include "daemon/history/events.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

#include "base/alloc.h"
#include "kselftest_harness.h"
#include "lib/fake_client.h"
#include "lib/small_tree.h"

struct recorder {
	struct st_events *events;
	unsigned int nr_effects; /* that are to become events */
};

static void record(void *owner, const struct st_effects *effects, uint64_t now_ns)
{
	struct recorder *recorder = owner;

	for (uint32_t i = 0; i < effects->nr; i++) {
		enum st_effect_type type = effects->items[i].type;

		recorder->nr_effects += type != ST_FX_SPAWN && type != ST_FX_SIGNAL &&
					type != ST_FX_REPLY;
		st_events_add(recorder->events, &effects->items[i], now_ns);
	}
}

FIXTURE(events)
{
	struct small_tree small;
	struct recorder recorder;
	struct st_events *events;
	struct st_client client;
	char text[512];
};

FIXTURE_SETUP(events)
{
	small_tree_init(&self->small);
	ASSERT_EQ(0, st_events_new(NULL, &self->events));
	self->recorder.events = self->events;
	self->small.after = record;
	self->small.owner = &self->recorder;
	fake_client_init(&self->client);
}

FIXTURE_TEARDOWN(events)
{
	fake_client_done(&self->client);
	st_events_free(self->events);
	small_tree_done(&self->small);
}

static json_t *history(const struct st_events *events, const char *path, uint32_t max)
{
	struct st_buf text = ST_BUF_INIT;
	struct st_json json;
	json_t *list;

	st_json_init(&json, &text);
	st_events_write_history(events, path, max, &json);
	list = json_loadb(text.data, text.len, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_array(list))
		abort();
	st_buf_done(&text);
	return list;
}

/* Compare the newest event of a path with JSON, but for seq and the times. */
static bool last_is(const struct st_events *events, const char *path, const char *wanted)
{
	json_t *list = history(events, path, 1);
	json_t *event = json_array_get(list, 0);
	json_t *object = json_loads(wanted, 0, NULL);
	bool is_equal;

	json_object_del(event, "seq");
	json_object_del(event, "time_ns");
	json_object_del(event, "wall");
	is_equal = object && json_equal(event, object);
	if (!is_equal)
		json_dumpf(event, stderr, 0);
	json_decref(object);
	json_decref(list);
	return is_equal;
}

TEST_F(events, every_effect_that_tells_something_gets_the_next_number)
{
	EXPECT_EQ(0, st_events_seq(self->events));
	small_tree_boot(&self->small);
	small_tree_exit(&self->small, "demo/a", 3);
	small_tree_ready(&self->small);
	small_tree_ask(&self->small, ST_REQUEST_TERMINATE_CHILD, "demo", "b");
	EXPECT_LT(10, self->recorder.nr_effects);
	EXPECT_EQ(self->recorder.nr_effects, st_events_seq(self->events));

	json_t *list = history(self->events, "/", UINT32_MAX);

	ASSERT_EQ(self->recorder.nr_effects, json_array_size(list));
	for (size_t i = 0; i < json_array_size(list); i++)
		EXPECT_EQ(i + 1, (size_t)json_integer_value(
					 json_object_get(json_array_get(list, i), "seq")));
	json_decref(list);
}

TEST_F(events, a_start_has_the_process_to_act_on_and_an_end_its_reason)
{
	struct st_event event = { .type = ST_EV_SPAWNED, .pid = 4711 };

	small_tree_boot(&self->small);
	small_tree_exit(&self->small, "demo/a", 3);
	event.generation = small_tree_find(&self->small, "demo/a")->generation;
	small_tree_step(&self->small, &event);
	small_tree_say_ready(&self->small, "demo/a");
	snprintf(self->text, sizeof(self->text),
		 "{\"event\":\"started\",\"path\":\"demo/a\",\"generation\":%lu,\"pid\":4711,"
		 "\"spawned_ns\":1000000,\"took_ns\":2000000,\"restarts\":1,"
		 "\"budget\":{\"used\":1,\"intensity\":1000000,\"period\":5},"
		 "\"cause\":{\"rule\":\"D1\",\"generation\":3}}",
		 (unsigned long)event.generation);
	EXPECT_TRUE(last_is(self->events, "demo/a", self->text));
	st_events_add(self->events,
		      &(struct st_effect){ .type = ST_FX_EXITED,
					   .child = small_tree_find(&self->small, "demo/a"),
					   .generation = 1,
					   .pid = 4711,
					   .status = 11 | WCOREFLAG,
					   .ran_ns = 5,
					   .nr_restarts = 2,
					   .budget = { 1, 3, 60 },
					   .usage = { 1000, 2000, 3000 },
					   .applied = ST_RULE_PERMANENT,
					   .reason = st_reason_from_signal(11) },
		      7);
	EXPECT_TRUE(last_is(self->events, "demo/a",
			    "{\"event\":\"exited\",\"path\":\"demo/a\",\"generation\":1,"
			    "\"pid\":4711,\"reason\":{\"signal\":\"SEGV\"},"
			    "\"how\":{\"signal\":\"SEGV\",\"core\":true},"
			    "\"ran_ns\":5,\"rule\":\"B1\",\"restarts\":2,"
			    "\"budget\":{\"used\":1,\"intensity\":3,\"period\":60},"
			    "\"usage\":{\"utime_ns\":1000,\"stime_ns\":2000,"
			    "\"maxrss_kb\":3000}}"));
}

TEST_F(events, a_supervisor_starts_without_a_process)
{
	small_tree_boot(&self->small);
	snprintf(self->text, sizeof(self->text),
		 "{\"event\":\"started\",\"path\":\"/\",\"generation\":%lu,"
		 "\"took_ns\":5000000,\"cause\":{\"rule\":\"A1\"},\"restarts\":0}",
		 (unsigned long)self->small.tree->root->generation);
	EXPECT_TRUE(last_is(self->events, "/", self->text));
}

TEST_F(events, a_report_about_a_child_names_the_supervisor_above_it)
{
	small_tree_boot(&self->small);
	st_events_add(self->events,
		      &(struct st_effect){ .type = ST_FX_REPORT,
					   .context = ST_CONTEXT_SHUTDOWN_ERROR,
					   .child = small_tree_find(&self->small, "demo/s/x"),
					   .sup = small_tree_find(&self->small, "demo/s")->sup,
					   .reason = st_reason_from_exit(3) },
		      7);
	EXPECT_TRUE(last_is(self->events, "demo/s",
			    "{\"event\":\"report\",\"context\":\"shutdown_error\","
			    "\"path\":\"demo/s/x\",\"sup\":\"demo/s\",\"reason\":{\"code\":3}}"));
	st_events_add(self->events,
		      &(struct st_effect){ .type = ST_FX_REPORT,
					   .context = ST_CONTEXT_SHUTDOWN,
					   .child = small_tree_find(&self->small, "demo"),
					   .sup = self->small.tree->root->sup,
					   .reason.type = ST_REASON_INTENSITY },
		      7);
	EXPECT_TRUE(last_is(self->events, "/",
			    "{\"event\":\"report\",\"context\":\"shutdown\",\"path\":\"demo\","
			    "\"sup\":\"/\",\"reason\":\"reached_max_restart_intensity\"}"));
}

TEST_F(events, a_report_about_several_children_has_their_number_and_no_path)
{
	small_tree_boot(&self->small);
	st_events_add(self->events,
		      &(struct st_effect){ .type = ST_FX_REPORT,
					   .context = ST_CONTEXT_SHUTDOWN_ERROR,
					   .sup = small_tree_find(&self->small, "demo/s")->sup,
					   .count = 3,
					   .reason.type = ST_REASON_KILLED },
		      7);
	EXPECT_TRUE(last_is(self->events, "demo/s",
			    "{\"event\":\"report\",\"context\":\"shutdown_error\","
			    "\"sup\":\"demo/s\",\"count\":3,\"reason\":\"killed\"}"));
}

TEST_F(events, a_delay_says_how_long_it_is)
{
	small_tree_boot(&self->small);
	st_events_add(self->events,
		      &(struct st_effect){ .type = ST_FX_DELAYED,
					   .child = small_tree_find(&self->small, "demo/a"),
					   .value = 250 },
		      7);
	EXPECT_TRUE(last_is(self->events, "demo/a",
			    "{\"event\":\"delayed\",\"path\":\"demo/a\",\"delay_ms\":250}"));
}

TEST_F(events, an_event_has_the_time_of_its_step_and_the_date_in_utc)
{
	const struct st_effect halted = { .type = ST_FX_HALTED, .child = self->small.tree->root };
	struct tm date = { 0 };
	time_t before = time(NULL), after;
	unsigned int micros;
	const char *wall;
	json_t *list;
	int end = 0;

	setenv("TZ", "Asia/Kolkata", 1);
	st_events_add(self->events, &halted, 12345678901);
	after = time(NULL);
	list = history(self->events, "/", 1);
	EXPECT_EQ(12345678901,
		  json_integer_value(json_object_get(json_array_get(list, 0), "time_ns")));
	wall = json_string_value(json_object_get(json_array_get(list, 0), "wall"));
	ASSERT_EQ(7,
		  sscanf(wall, "%4d-%2d-%2dT%2d:%2d:%2d.%6uZ%n", &date.tm_year, &date.tm_mon,
			 &date.tm_mday, &date.tm_hour, &date.tm_min, &date.tm_sec, &micros, &end));
	EXPECT_EQ(27, end);
	EXPECT_EQ(27, strlen(wall));
	date.tm_year -= 1900;
	date.tm_mon -= 1;
	EXPECT_LE(before, timegm(&date));
	EXPECT_GE(after, timegm(&date));
	json_decref(list);
}

TEST_F(events, a_history_holds_a_child_and_all_below_but_no_namesake)
{
	json_t *list;

	small_tree_boot(&self->small);
	list = history(self->events, "demo", UINT32_MAX);
	EXPECT_LT(4, json_array_size(list));
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *path =
			json_string_value(json_object_get(json_array_get(list, i), "path"));

		EXPECT_TRUE(!strcmp(path, "demo") || !strncmp(path, "demo/", 5));
	}
	json_decref(list);
	list = history(self->events, "/demonstration", UINT32_MAX);
	EXPECT_EQ(1, json_array_size(list));
	json_decref(list);
	list = history(self->events, "nobody", UINT32_MAX);
	EXPECT_EQ(0, json_array_size(list));
	json_decref(list);
}

TEST_F(events, a_history_is_the_newest_and_the_newest_comes_last)
{
	json_t *list;

	small_tree_boot(&self->small);
	for (int i = 0; i < 5; i++) {
		small_tree_exit(&self->small, "demo/a", i + 1);
		small_tree_ready(&self->small);
	}
	list = history(self->events, "demo/a", 3);
	ASSERT_EQ(3, json_array_size(list));
	EXPECT_STREQ("started",
		     json_string_value(json_object_get(json_array_get(list, 2), "event")));
	EXPECT_STREQ("report",
		     json_string_value(json_object_get(json_array_get(list, 1), "event")));
	EXPECT_STREQ("exited",
		     json_string_value(json_object_get(json_array_get(list, 0), "event")));
	json_decref(list);
	list = history(self->events, "demo/a", 0);
	EXPECT_EQ(0, json_array_size(list));
	json_decref(list);
}

TEST_F(events, the_last_ten_thousand_are_kept_and_not_one_more)
{
	const struct st_effect effect = { .type = ST_FX_ADDED, .child = self->small.tree->root };
	json_t *list;

	for (int i = 0; i < ST_EVENTS_MAX; i++)
		st_events_add(self->events, &effect, 7);
	list = history(self->events, "/", UINT32_MAX);
	EXPECT_EQ(ST_EVENTS_MAX, json_array_size(list));
	json_decref(list);
	st_events_add(self->events, &effect, 7);
	list = history(self->events, "/", UINT32_MAX);
	EXPECT_EQ(ST_EVENTS_MAX, json_array_size(list));
	EXPECT_EQ(2, json_integer_value(json_object_get(json_array_get(list, 0), "seq")));
	json_decref(list);
}

TEST_F(events, adding_allocates_nothing_not_even_for_the_longest_reason)
{
	char id[ST_MAX_ID_LEN + 1], text[ST_MAX_ERROR_LEN + 1];
	struct st_reason chain[ST_MAX_DEPTH + 1];
	struct st_effect effect = { .type = ST_FX_START_FAILED };
	unsigned long before;
	json_t *list;

	small_tree_boot(&self->small);
	effect.child = small_tree_find(&self->small, "demo/s/x");
	memset(id, 'i', ST_MAX_ID_LEN);
	id[ST_MAX_ID_LEN] = '\0';
	memset(text, '\1', ST_MAX_ERROR_LEN); /* six bytes each in JSON */
	text[ST_MAX_ERROR_LEN] = '\0';
	chain[0] = (struct st_reason){ .type = ST_REASON_ERROR, .text = text };
	for (int i = 1; i <= ST_MAX_DEPTH; i++)
		chain[i] = (struct st_reason){ .type = ST_REASON_FAILED_CHILD,
					       .text = id,
					       .inner = &chain[i - 1] };
	effect.reason = chain[ST_MAX_DEPTH];
	before = st_alloc_count();
	for (int i = 0; i < 1000; i++) /* more than the ring can hold */
		st_events_add(self->events, &effect, 7);
	EXPECT_EQ(before, st_alloc_count());
	list = history(self->events, "/", UINT32_MAX);
	EXPECT_GT(1000, json_array_size(list));
	EXPECT_LT(100, json_array_size(list));
	json_decref(list);
}

TEST_F(events, a_reason_beyond_all_bounds_is_not_kept)
{
	const size_t len = 100000;
	char *term = malloc(len + 1);
	struct st_effect effect = {
		.type = ST_FX_HALTED,
		.child = self->small.tree->root,
		.reason = { .type = ST_REASON_TERM, .text = term },
	};
	unsigned long before = st_alloc_count();

	ASSERT_NE(NULL, term);
	memset(term, '1', len);
	term[len] = '\0';
	st_events_add(self->events, &effect, 7);
	EXPECT_EQ(before, st_alloc_count());
	EXPECT_TRUE(last_is(self->events, "/",
			    "{\"event\":\"halted\",\"path\":\"/\","
			    "\"reason\":{\"error\":\"too long to be kept\"}}"));
	free(term);
}

TEST(without_memory_no_ring_is_made_and_nothing_leaks)
{
	struct st_events *events = NULL;
	unsigned long nth = 0;
	int ret;

	do {
		st_alloc_fail_at(++nth);
		ret = st_events_new(NULL, &events);
		EXPECT_TRUE(ret == 0 || ret == -ENOMEM);
	} while (ret);
	st_alloc_fail_at(0);
	EXPECT_LT(3, nth);
	st_events_free(events);
	st_events_free(NULL);
}

TEST_HARNESS_MAIN
