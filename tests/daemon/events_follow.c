// SPDX-License-Identifier: GPL-2.0-only
/*
 * Followers of events: what they get, in which order, and what happens to
 * followers that do not read.
 */
#include "daemon/history/events.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "daemon/history/history.h"
#include "kselftest_harness.h"
#include "lib/fake_client.h"
#include "lib/small_tree.h"

FIXTURE(follow)
{
	struct small_tree small;
	struct st_history history;
	struct st_events *events;
	struct st_client clients[3];
	char text[256];
};

FIXTURE_SETUP(follow)
{
	small_tree_init(&self->small);
	small_tree_boot(&self->small);
	memset(&self->history, 0, sizeof(self->history));
	self->history.tree = self->small.tree;
	ASSERT_EQ(0, st_events_new(&self->history, &self->events));
	for (int i = 0; i < 3; i++)
		fake_client_init(&self->clients[i]);
}

FIXTURE_TEARDOWN(follow)
{
	for (int i = 0; i < 3; i++)
		fake_client_done(&self->clients[i]);
	st_events_free(self->events);
	small_tree_done(&self->small);
}

static void add(struct st_events *events, const struct small_tree *small, const char *path)
{
	const struct st_effect effect = {
		.type = ST_FX_ADDED,
		.child = small_tree_find(small, path),
	};

	st_events_add(events, &effect, 7);
}

static void add_many(struct st_events *events, const struct small_tree *small, unsigned int nr)
{
	while (nr--)
		add(events, small, "demo/a");
}

static int subscribe(struct st_events *events, struct st_client *client, const char *path,
		     int64_t since)
{
	const struct st_subscription how = { .path = path, .since = since };

	return st_events_subscribe(events, client, &how);
}

#define NEXT(client, keys) fake_client_next(client, self->text, sizeof(self->text), keys)

TEST_F(follow, a_new_subscriber_gets_what_happens_from_now_on)
{
	struct st_client *client = &self->clients[0];

	add(self->events, &self->small, "demo/a");
	ASSERT_EQ(0, subscribe(self->events, client, "/", -1));
	st_events_pump(self->events);
	EXPECT_STREQ("", NEXT(client, ""));
	add(self->events, &self->small, "demo/b");
	EXPECT_STREQ("", NEXT(client, "")); /* not before the end of the turn */
	st_events_pump(self->events);
	EXPECT_STREQ("event 2 added demo/b", NEXT(client, "seq,event,path"));
	EXPECT_STREQ("", NEXT(client, ""));
}

TEST_F(follow, older_events_come_first_and_none_comes_twice)
{
	struct st_client *client = &self->clients[0];

	add_many(self->events, &self->small, 5);
	ASSERT_EQ(0, subscribe(self->events, client, "/", 3));
	add(self->events, &self->small, "demo/b");
	st_events_pump(self->events);
	EXPECT_STREQ("event 4", NEXT(client, "seq"));
	EXPECT_STREQ("event 5", NEXT(client, "seq"));
	EXPECT_STREQ("event 6 demo/b", NEXT(client, "seq,path"));
	EXPECT_STREQ("", NEXT(client, ""));
	st_events_pump(self->events);
	EXPECT_STREQ("", NEXT(client, ""));
}

TEST_F(follow, the_path_lets_through_a_child_and_all_below_it)
{
	ASSERT_EQ(0, subscribe(self->events, &self->clients[0], "demo", -1));
	ASSERT_EQ(0, subscribe(self->events, &self->clients[1], "/demo/s", -1));
	ASSERT_EQ(0, subscribe(self->events, &self->clients[2], "/", -1));
	add(self->events, &self->small, "demonstration");
	add(self->events, &self->small, "demo");
	add(self->events, &self->small, "demo/s/x");
	add(self->events, &self->small, "/");
	st_events_pump(self->events);
	EXPECT_STREQ("event demo", NEXT(&self->clients[0], "path"));
	EXPECT_STREQ("event demo/s/x", NEXT(&self->clients[0], "path"));
	EXPECT_STREQ("", NEXT(&self->clients[0], ""));
	EXPECT_STREQ("event demo/s/x", NEXT(&self->clients[1], "path"));
	EXPECT_STREQ("", NEXT(&self->clients[1], ""));
	EXPECT_EQ(4, fake_client_skip(&self->clients[2]));
}

TEST_F(follow, a_report_comes_to_followers_of_the_child_and_of_the_supervisor)
{
	const struct st_effect report = {
		.type = ST_FX_REPORT,
		.child = small_tree_find(&self->small, "demo/s/x"),
		.sup = small_tree_find(&self->small, "demo/s")->sup,
	};
	const struct st_effect counted = { .type = ST_FX_REPORT, .sup = report.sup, .count = 2 };

	ASSERT_EQ(0, subscribe(self->events, &self->clients[0], "demo/s/x", -1));
	ASSERT_EQ(0, subscribe(self->events, &self->clients[1], "demo/s", -1));
	ASSERT_EQ(0, subscribe(self->events, &self->clients[2], "demo/a", -1));
	st_events_add(self->events, &report, 7);
	st_events_add(self->events, &counted, 7);
	st_events_pump(self->events);
	EXPECT_STREQ("event demo/s/x demo/s", NEXT(&self->clients[0], "path,sup"));
	EXPECT_STREQ("", NEXT(&self->clients[0], ""));
	EXPECT_STREQ("event demo/s/x demo/s", NEXT(&self->clients[1], "path,sup"));
	EXPECT_STREQ("event - demo/s 2", NEXT(&self->clients[1], "path,sup,count"));
	EXPECT_STREQ("", NEXT(&self->clients[2], ""));
}

TEST_F(follow, who_asks_for_more_than_is_kept_is_told_so_once)
{
	struct st_client *client = &self->clients[0];

	add_many(self->events, &self->small, ST_EVENTS_MAX + 10);
	ASSERT_EQ(0, subscribe(self->events, client, "/", 4));
	st_events_pump(self->events);
	EXPECT_STREQ("resync 10 6", NEXT(client, "seq,dropped"));
	EXPECT_STREQ("event 11", NEXT(client, "seq"));
	EXPECT_STREQ("event 12", NEXT(client, "seq"));
}

TEST_F(follow, who_asks_exactly_for_what_is_kept_is_not_resynced)
{
	struct st_client *client = &self->clients[0];

	add_many(self->events, &self->small, ST_EVENTS_MAX + 10);
	ASSERT_EQ(0, subscribe(self->events, client, "/", 10));
	st_events_pump(self->events);
	EXPECT_STREQ("event 11", NEXT(client, "seq"));
}

TEST_F(follow, a_number_of_another_daemon_is_answered_with_a_resync)
{
	struct st_client *client = &self->clients[0];

	add_many(self->events, &self->small, 2);
	ASSERT_EQ(0, subscribe(self->events, client, "/", 1000));
	add(self->events, &self->small, "demo/b");
	st_events_pump(self->events);
	EXPECT_STREQ("resync 2 0 4711", NEXT(client, "seq,dropped,incarnation"));
	EXPECT_STREQ("event 3", NEXT(client, "seq"));
	EXPECT_STREQ("", NEXT(client, ""));
}

TEST_F(follow, who_reads_late_loses_nothing_that_is_still_kept)
{
	struct st_client *client = &self->clients[0];
	unsigned int nr = 0;

	ASSERT_EQ(0, subscribe(self->events, client, "/", -1));
	for (int i = 0; i < ST_EVENTS_MAX; i++) {
		add(self->events, &self->small, "demo/a");
		st_events_pump(self->events);
	}
	EXPECT_GT(256 << 10, client->most_unsent);
	for (unsigned int got = 1; got; nr += got) {
		json_t *first = fake_client_read(client);

		got = fake_client_skip(client) + (first != NULL);
		if (first) {
			EXPECT_EQ(nr + 1, json_integer_value(json_object_get(
						  json_object_get(first, "params"), "seq")));
			json_decref(first);
		}
		st_events_pump(self->events);
	}
	EXPECT_EQ(ST_EVENTS_MAX, nr);
}

TEST_F(follow, who_never_reads_costs_no_memory_and_is_told_what_was_lost)
{
	struct st_client *client = &self->clients[0];
	unsigned long long given, lost_seq, dropped;

	ASSERT_EQ(0, subscribe(self->events, client, "/", -1));
	for (int i = 0; i < 3 * ST_EVENTS_MAX; i++) {
		add(self->events, &self->small, "demo/a");
		st_events_pump(self->events);
	}
	EXPECT_GT(256 << 10, client->most_unsent);
	given = fake_client_skip(client);
	st_events_pump(self->events);
	ASSERT_EQ(2, sscanf(NEXT(client, "seq,dropped"), "resync %llu %llu", &lost_seq, &dropped));
	EXPECT_EQ(2 * ST_EVENTS_MAX, lost_seq);
	EXPECT_EQ(lost_seq, given + dropped);
	snprintf(self->text, sizeof(self->text), "event %llu", lost_seq + 1);
	EXPECT_STREQ(self->text, fake_client_next(client, (char[64]){ "" }, 64, "seq"));
}

TEST_F(follow, one_who_does_not_read_holds_up_nobody)
{
	ASSERT_EQ(0, subscribe(self->events, &self->clients[0], "/", -1));
	ASSERT_EQ(0, subscribe(self->events, &self->clients[1], "/", -1));
	for (int i = 1; i <= 2 * ST_EVENTS_MAX; i++) {
		add(self->events, &self->small, "demo/a");
		st_events_pump(self->events);
		ASSERT_EQ(1, fake_client_skip(&self->clients[1]));
	}
}

TEST_F(follow, one_who_catches_up_does_not_keep_others_from_what_is_new)
{
	unsigned int turns = 0;

	add_many(self->events, &self->small, ST_EVENTS_MAX);
	ASSERT_EQ(0, subscribe(self->events, &self->clients[0], "/", 0));
	ASSERT_EQ(0, subscribe(self->events, &self->clients[1], "/", 0));
	ASSERT_EQ(0, subscribe(self->events, &self->clients[2], "/", -1));
	add(self->events, &self->small, "demo/b");
	while (!fake_client_skip(&self->clients[2])) {
		ASSERT_GT(4, turns++);
		st_events_pump(self->events);
		fake_client_skip(&self->clients[0]);
		fake_client_skip(&self->clients[1]);
	}
}

TEST_F(follow, a_turn_gives_a_bounded_amount_whoever_follows)
{
	size_t given = 0;

	add_many(self->events, &self->small, ST_EVENTS_MAX);
	for (int i = 0; i < 3; i++)
		ASSERT_EQ(0, subscribe(self->events, &self->clients[i], "/", 0));
	st_events_pump(self->events);
	for (int i = 0; i < 3; i++)
		given += self->clients[i].lines.len;
	EXPECT_LT(0, given);
	EXPECT_GT(130 << 10, given);
}

TEST_F(follow, a_client_that_subscribes_again_follows_only_the_new_path)
{
	struct st_client *client = &self->clients[0];

	ASSERT_EQ(0, subscribe(self->events, client, "demo", -1));
	ASSERT_EQ(0, subscribe(self->events, client, "demonstration", -1));
	add(self->events, &self->small, "demo/a");
	add(self->events, &self->small, "demonstration");
	st_events_pump(self->events);
	EXPECT_STREQ("event demonstration", NEXT(client, "path"));
	EXPECT_STREQ("", NEXT(client, ""));
}

TEST_F(follow, a_client_that_has_gone_is_given_nothing)
{
	struct st_client *client = &self->clients[0];

	ASSERT_EQ(0, subscribe(self->events, client, "/", -1));
	add(self->events, &self->small, "demo/a");
	st_events_unsubscribe(self->events, client);
	st_events_unsubscribe(self->events, &self->clients[1]); /* that never came */
	st_events_pump(self->events);
	EXPECT_STREQ("", NEXT(client, ""));
}

TEST_F(follow, without_memory_an_event_comes_later_and_nothing_leaks)
{
	struct st_client *client = &self->clients[0];
	unsigned long nth = 0;
	int ret;

	do {
		st_alloc_fail_at(++nth);
		ret = subscribe(self->events, client, "/", -1);
	} while (ret == -ENOMEM);
	st_alloc_fail_at(0);
	ASSERT_EQ(0, ret);
	EXPECT_EQ(2, nth);
	add(self->events, &self->small, "demo/a");
	for (nth = 1; !client->lines.len; nth++) {
		st_alloc_fail_at(nth);
		st_events_pump(self->events);
		st_alloc_fail_at(0);
	}
	EXPECT_LT(3, nth);
	EXPECT_STREQ("event 1 demo/a", NEXT(client, "seq,path"));
	EXPECT_STREQ("", NEXT(client, ""));
}

/* ---- batches ---- */

/* Read a batch. Return: its number of events; -1: the next line is no batch, 0: none. */
static int read_batch(struct st_client *client, uint64_t *ret_first, uint64_t *ret_last)
{
	json_t *message = fake_client_read(client);
	json_t *events = json_object_get(message, "params");
	int nr = -1;

	if (!message)
		return 0;
	if (!strcmp(json_string_value(json_object_get(message, "method")), "events")) {
		nr = (int)json_array_size(events);
		*ret_first = (uint64_t)json_integer_value(
			json_object_get(json_array_get(events, 0), "seq"));
		*ret_last = (uint64_t)json_integer_value(
			json_object_get(json_array_get(events, (size_t)nr - 1), "seq"));
	}
	json_decref(message);
	return nr;
}

TEST_F(follow, a_batch_has_all_events_of_a_turn_and_others_get_them_one_by_one)
{
	const struct st_subscription how = { .path = "/", .since = -1, .is_batched = true };
	uint64_t first = 0, last = 0;

	ASSERT_EQ(0, st_events_subscribe(self->events, &self->clients[0], &how));
	ASSERT_EQ(0, subscribe(self->events, &self->clients[1], "/", -1));
	add_many(self->events, &self->small, 3);
	st_events_pump(self->events);
	EXPECT_EQ(3, read_batch(&self->clients[0], &first, &last));
	EXPECT_EQ(1, first);
	EXPECT_EQ(3, last);
	EXPECT_EQ(3, fake_client_skip(&self->clients[1]));
	st_events_pump(self->events);
	EXPECT_EQ(0, read_batch(&self->clients[0], &first, &last));
	add(self->events, &self->small, "demo/b");
	st_events_pump(self->events);
	EXPECT_EQ(1, read_batch(&self->clients[0], &first, &last)) TH_LOG("one is a batch, too");
	EXPECT_EQ(4, first);
}

TEST_F(follow, a_batch_is_at_most_64_kib_and_the_next_goes_on)
{
	const struct st_subscription how = { .path = "demo", .since = 0, .is_batched = true };
	struct st_client *client = &self->clients[0];
	uint64_t first = 0, last = 0, seen = 0;
	int nr_batches = 0, nr;
	size_t unsent;

	for (int i = 0; i < 1000; i++) {
		add(self->events, &self->small, "demo/a");
		add(self->events, &self->small, "demonstration");
	}
	ASSERT_EQ(0, st_events_subscribe(self->events, client, &how));
	while (seen < 1999) {
		st_events_pump(self->events);
		unsent = st_client_unsent(client);
		nr = read_batch(client, &first, &last);
		ASSERT_GE(ST_BATCH_MAX, unsent - st_client_unsent(client));
		ASSERT_EQ(nr_batches ? seen + 2 : 1, first);
		ASSERT_EQ(last, first + 2 * (uint64_t)(nr - 1)) TH_LOG("all but the others");
		seen = last;
		nr_batches++;
	}
	EXPECT_LT(1, nr_batches);
	EXPECT_EQ(0, read_batch(client, &first, &last));
}

/* ---- the large ring of a journal ---- */

static const struct st_subscription journal = { .path = "/", .since = 0, .is_journal = true };

TEST_F(follow, a_journal_misses_nothing_where_others_do)
{
	uint64_t before_journal = 7;

	add_many(self->events, &self->small, (unsigned int)before_journal);
	ASSERT_EQ(NULL, st_events_journal(self->events));
	ASSERT_EQ(0, st_events_subscribe(self->events, &self->clients[0], &journal));
	EXPECT_EQ(&self->clients[0], st_events_journal(self->events));
	ASSERT_EQ(0, subscribe(self->events, &self->clients[1], "/", 0));
	add_many(self->events, &self->small, 3 * ST_EVENTS_MAX);
	st_events_pump(self->events);
	for (uint64_t seq = 1; seq <= before_journal + 3 * ST_EVENTS_MAX; seq++) {
		char wanted[32];

		snprintf(wanted, sizeof(wanted), "event %lu", (unsigned long)seq);
		if (!st_client_unsent(&self->clients[0]))
			st_events_pump(self->events);
		ASSERT_STREQ(wanted, NEXT(&self->clients[0], "seq"));
	}
	while (strncmp(NEXT(&self->clients[1], "seq"), "event", 5) == 0)
		;
	EXPECT_STREQ("resync 20007", self->text);
}

TEST_F(follow, a_journal_that_does_not_read_learns_how_many_it_has_missed)
{
	ASSERT_EQ(0, st_events_subscribe(self->events, &self->clients[0], &journal));
	add_many(self->events, &self->small, ST_JOURNAL_MAX + 5);
	st_events_pump(self->events);
	EXPECT_STREQ("resync 5 5", NEXT(&self->clients[0], "seq,dropped"));
	EXPECT_STREQ("event 6", NEXT(&self->clients[0], "seq"));
}

TEST_F(follow, only_one_client_at_a_time_has_the_ring_of_a_journal)
{
	const struct st_subscription plain = { .path = "/", .since = -1 };
	struct st_client *first = &self->clients[0], *second = &self->clients[1];

	ASSERT_EQ(0, st_events_subscribe(self->events, first, &journal));
	ASSERT_EQ(0, st_events_subscribe(self->events, second, &plain));
	EXPECT_EQ(-EBUSY, st_events_subscribe(self->events, second, &journal));
	add(self->events, &self->small, "demo/a");
	st_events_pump(self->events);
	EXPECT_STREQ("event 1", NEXT(second, "seq")) TH_LOG("it follows as before");
	EXPECT_EQ(0, st_events_subscribe(self->events, first, &journal)) TH_LOG("again");
	EXPECT_EQ(0, st_events_subscribe(self->events, first, &plain)) TH_LOG("it gives it back");
	EXPECT_EQ(0, st_events_subscribe(self->events, second, &journal));
	st_events_unsubscribe(self->events, second);
	EXPECT_EQ(NULL, st_events_journal(self->events));
	EXPECT_EQ(0, st_events_subscribe(self->events, first, &journal));
}

/* ---- inputs ---- */

static void keep(void *owner, const struct st_event *event, const struct st_effects *effects)
{
	struct st_events *events = owner;

	st_events_input(events, event, 1);
	for (uint32_t i = 0; i < effects->nr; i++)
		st_events_add(events, &effects->items[i], 1);
}

/* Take the lines of a state; the first word of the line after it, or of no line. */
static const char *after_state(FIXTURE_DATA(follow) * self, struct st_client *client)
{
	unsigned int nr = 0;

	if (strncmp(NEXT(client, "seq,line"), "input 0 suptree-state 1 ", 24) != 0)
		return "no state";
	while (strncmp(NEXT(client, "line"), "input end ", 10) != 0 && nr < 100)
		nr++;
	return NEXT(client, "event,seq,line");
}

TEST_F(follow, the_state_comes_first_and_each_input_before_its_events)
{
	const struct st_subscription how = { .path = "/", .since = -1, .has_inputs = true };
	struct st_client *client = &self->clients[0];

	self->small.follow = keep;
	self->small.owner = self->events;
	ASSERT_EQ(0, st_events_subscribe(self->events, client, &how));
	st_events_pump(self->events);
	EXPECT_STREQ("", after_state(self, client));
	small_tree_exit(&self->small, "demo/a", 3);
	st_events_pump(self->events);
	EXPECT_EQ(0, strncmp("input - 0 0.000000001 exited #", NEXT(client, "event,seq,line"), 30))
	TH_LOG("%s", self->text);
	EXPECT_STREQ("event exited 1", NEXT(client, "event,seq"));
	EXPECT_STREQ("event report 2", NEXT(client, "event,seq"));
	small_tree_say_ready(&self->small, "demo/a");
	st_events_pump(self->events);
	EXPECT_EQ(0, strncmp("input - 2 0.000000001 ready #", NEXT(client, "event,seq,line"), 29));
	EXPECT_STREQ("event started 3", NEXT(client, "event,seq"));
	EXPECT_STREQ("", NEXT(client, ""));
}

TEST_F(follow, a_new_state_follows_when_inputs_were_lost)
{
	const struct st_subscription how = { .path = "/", .since = -1, .has_inputs = true };
	const struct st_event tick = { .type = ST_EV_TICK };
	struct st_client *client = &self->clients[0];

	ASSERT_EQ(0, st_events_subscribe(self->events, client, &how));
	st_events_pump(self->events);
	EXPECT_STREQ("", after_state(self, client));
	for (unsigned int i = 0; i < ST_JOURNAL_MAX + 1; i++)
		st_events_input(self->events, &tick, i);
	st_events_pump(self->events);
	EXPECT_STREQ("", after_state(self, client));
	st_events_input(self->events, &tick, 7);
	st_events_pump(self->events);
	EXPECT_STREQ("input 0.000000007 tick", NEXT(client, "line"));
}

TEST_F(follow, a_batch_has_inputs_too_and_others_get_none)
{
	const struct st_subscription how = {
		.path = "/", .since = -1, .has_inputs = true, .is_batched = true
	};
	const struct st_event tick = { .type = ST_EV_TICK };
	uint64_t first = 0, last = 0;

	ASSERT_EQ(0, st_events_subscribe(self->events, &self->clients[0], &how));
	ASSERT_EQ(0, subscribe(self->events, &self->clients[1], "/", -1));
	st_events_pump(self->events);
	EXPECT_LT(5, read_batch(&self->clients[0], &first, &last)) TH_LOG("the state");
	st_events_input(self->events, &tick, 7);
	add(self->events, &self->small, "demo/b");
	st_events_input(self->events, &tick, 8);
	st_events_pump(self->events);
	EXPECT_EQ(3, read_batch(&self->clients[0], &first, &last));
	EXPECT_EQ(0, first);
	EXPECT_EQ(1, last);
	EXPECT_EQ(1, fake_client_skip(&self->clients[1]));
}

TEST_HARNESS_MAIN
