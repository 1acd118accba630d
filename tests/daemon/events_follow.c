// SPDX-License-Identifier: GPL-2.0-only
/*
 * Followers of events: what they get, in which order, and what happens to
 * followers that do not read.
 */
#include "daemon/history/events.h"

#include <errno.h>
#include <stdio.h>

#include "base/alloc.h"
#include "kselftest_harness.h"
#include "lib/fake_client.h"
#include "lib/small_tree.h"

FIXTURE(follow)
{
	struct small_tree small;
	struct st_events *events;
	struct st_client clients[3];
	char text[256];
};

FIXTURE_SETUP(follow)
{
	small_tree_init(&self->small);
	small_tree_boot(&self->small);
	ASSERT_EQ(0, st_events_new(NULL, &self->events));
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

#define NEXT(client, keys) fake_client_next(client, self->text, sizeof(self->text), keys)

TEST_F(follow, a_new_subscriber_gets_what_happens_from_now_on)
{
	struct st_client *client = &self->clients[0];

	add(self->events, &self->small, "demo/a");
	ASSERT_EQ(0, st_events_subscribe(self->events, client, "/", -1));
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
	ASSERT_EQ(0, st_events_subscribe(self->events, client, "/", 3));
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
	ASSERT_EQ(0, st_events_subscribe(self->events, &self->clients[0], "demo", -1));
	ASSERT_EQ(0, st_events_subscribe(self->events, &self->clients[1], "/demo/s", -1));
	ASSERT_EQ(0, st_events_subscribe(self->events, &self->clients[2], "/", -1));
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

	ASSERT_EQ(0, st_events_subscribe(self->events, &self->clients[0], "demo/s/x", -1));
	ASSERT_EQ(0, st_events_subscribe(self->events, &self->clients[1], "demo/s", -1));
	ASSERT_EQ(0, st_events_subscribe(self->events, &self->clients[2], "demo/a", -1));
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
	ASSERT_EQ(0, st_events_subscribe(self->events, client, "/", 4));
	st_events_pump(self->events);
	EXPECT_STREQ("resync 10 6", NEXT(client, "seq,dropped"));
	EXPECT_STREQ("event 11", NEXT(client, "seq"));
	EXPECT_STREQ("event 12", NEXT(client, "seq"));
}

TEST_F(follow, who_asks_exactly_for_what_is_kept_is_not_resynced)
{
	struct st_client *client = &self->clients[0];

	add_many(self->events, &self->small, ST_EVENTS_MAX + 10);
	ASSERT_EQ(0, st_events_subscribe(self->events, client, "/", 10));
	st_events_pump(self->events);
	EXPECT_STREQ("event 11", NEXT(client, "seq"));
}

TEST_F(follow, a_number_of_another_daemon_is_answered_with_a_resync)
{
	struct st_client *client = &self->clients[0];

	add_many(self->events, &self->small, 2);
	ASSERT_EQ(0, st_events_subscribe(self->events, client, "/", 1000));
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

	ASSERT_EQ(0, st_events_subscribe(self->events, client, "/", -1));
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

	ASSERT_EQ(0, st_events_subscribe(self->events, client, "/", -1));
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
	ASSERT_EQ(0, st_events_subscribe(self->events, &self->clients[0], "/", -1));
	ASSERT_EQ(0, st_events_subscribe(self->events, &self->clients[1], "/", -1));
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
	ASSERT_EQ(0, st_events_subscribe(self->events, &self->clients[0], "/", 0));
	ASSERT_EQ(0, st_events_subscribe(self->events, &self->clients[1], "/", 0));
	ASSERT_EQ(0, st_events_subscribe(self->events, &self->clients[2], "/", -1));
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
		ASSERT_EQ(0, st_events_subscribe(self->events, &self->clients[i], "/", 0));
	st_events_pump(self->events);
	for (int i = 0; i < 3; i++)
		given += self->clients[i].lines.len;
	EXPECT_LT(0, given);
	EXPECT_GT(130 << 10, given);
}

TEST_F(follow, a_client_that_subscribes_again_follows_only_the_new_path)
{
	struct st_client *client = &self->clients[0];

	ASSERT_EQ(0, st_events_subscribe(self->events, client, "demo", -1));
	ASSERT_EQ(0, st_events_subscribe(self->events, client, "demonstration", -1));
	add(self->events, &self->small, "demo/a");
	add(self->events, &self->small, "demonstration");
	st_events_pump(self->events);
	EXPECT_STREQ("event demonstration", NEXT(client, "path"));
	EXPECT_STREQ("", NEXT(client, ""));
}

TEST_F(follow, a_client_that_has_gone_is_given_nothing)
{
	struct st_client *client = &self->clients[0];

	ASSERT_EQ(0, st_events_subscribe(self->events, client, "/", -1));
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
		ret = st_events_subscribe(self->events, client, "/", -1);
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

TEST_HARNESS_MAIN
