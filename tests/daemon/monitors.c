// SPDX-License-Identifier: GPL-2.0-only
/*
 * Monitors: each sends one `down`, to the client that asked for it, and none
 * after demonitor.
 */
#include "daemon/names/monitors.h"

#include <errno.h>

#include "base/alloc.h"
#include "kselftest_harness.h"
#include "lib/fake_client.h"
#include "loop/ring.h"

static const struct st_reason ended = { .type = ST_REASON_CODE, .value = 3 };
static const struct st_reason killed = { .type = ST_REASON_KILLED };

FIXTURE(monitors)
{
	struct st_ring *ring;
	struct st_monitors monitors;
	struct st_client clients[2];
	char text[256];
};

FIXTURE_SETUP(monitors)
{
	struct st_probe probe;

	ASSERT_EQ(0, st_probe_run(&probe));
	ASSERT_EQ(0, st_ring_new(&probe, &self->ring));
	ASSERT_EQ(0, st_monitors_init(&self->monitors, self->ring));
	for (int i = 0; i < 2; i++)
		fake_client_init(&self->clients[i]);
}

FIXTURE_TEARDOWN(monitors)
{
	st_monitors_done(&self->monitors);
	st_ring_free(self->ring);
	for (int i = 0; i < 2; i++)
		fake_client_done(&self->clients[i]);
}

static uint64_t add(FIXTURE_DATA(monitors) * self, int client, uint64_t generation,
		    const char *path)
{
	uint64_t ref = 0;

	if (st_monitors_add(&self->monitors, &self->clients[client], generation, path, &ref))
		return 0;
	return ref;
}

/* The next `down` of a client: "down REF GENERATION PATH REASON". */
static const char *next(FIXTURE_DATA(monitors) * self, int client)
{
	return fake_client_next(&self->clients[client], self->text, sizeof(self->text),
				"ref,generation,path,reason");
}

TEST_F(monitors, an_end_is_reported_once)
{
	ASSERT_EQ(1, add(self, 0, 7, "demo/a"));
	EXPECT_EQ(1, self->monitors.nr);
	EXPECT_STREQ("", next(self, 0));
	st_monitors_ended(&self->monitors, 7, &ended);
	EXPECT_STREQ("down 1 7 demo/a {\"code\":3}", next(self, 0));
	st_monitors_ended(&self->monitors, 7, &ended);
	EXPECT_STREQ("", next(self, 0));
	EXPECT_EQ(0, self->monitors.nr);
}

TEST_F(monitors, only_the_process_that_is_watched_counts)
{
	ASSERT_EQ(1, add(self, 0, 7, "demo/a"));
	st_monitors_ended(&self->monitors, 8, &ended);
	EXPECT_STREQ("", next(self, 0));
	EXPECT_EQ(1, self->monitors.nr);
	st_monitors_ended(&self->monitors, 7, &killed);
	EXPECT_STREQ("down 1 7 demo/a killed", next(self, 0));
}

TEST_F(monitors, each_monitor_of_a_process_has_its_own_down)
{
	ASSERT_EQ(1, add(self, 0, 7, "demo/a"));
	ASSERT_EQ(2, add(self, 1, 7, "demo/a"));
	ASSERT_EQ(3, add(self, 0, 7, "demo/a"));
	ASSERT_EQ(4, add(self, 0, 8, "demo/b"));
	st_monitors_ended(&self->monitors, 7, &ended);
	EXPECT_STREQ("down 3 7 demo/a {\"code\":3}", next(self, 0));
	EXPECT_STREQ("down 1 7 demo/a {\"code\":3}", next(self, 0));
	EXPECT_STREQ("", next(self, 0));
	EXPECT_STREQ("down 2 7 demo/a {\"code\":3}", next(self, 1));
	EXPECT_EQ(1, self->monitors.nr);
}

TEST_F(monitors, demonitor_takes_back_that_one_alone)
{
	uint64_t first = add(self, 0, 7, "demo/a");
	uint64_t second = add(self, 0, 7, "demo/a");
	uint64_t third = add(self, 0, 7, "demo/a");

	st_monitors_remove(&self->monitors, &self->clients[0], second);
	st_monitors_remove(&self->monitors, &self->clients[0], second);
	EXPECT_EQ(2, self->monitors.nr);
	st_monitors_ended(&self->monitors, 7, &killed);
	EXPECT_STREQ("down 3 7 demo/a killed", next(self, 0));
	EXPECT_STREQ("down 1 7 demo/a killed", next(self, 0));
	EXPECT_STREQ("", next(self, 0));
	EXPECT_EQ(1, first);
	EXPECT_EQ(3, third);
}

TEST_F(monitors, nobody_takes_back_the_monitor_of_another_client)
{
	uint64_t ref = add(self, 0, 7, "demo/a");

	st_monitors_remove(&self->monitors, &self->clients[1], ref);
	EXPECT_EQ(1, self->monitors.nr);
	st_monitors_ended(&self->monitors, 7, &killed);
	EXPECT_STREQ("down 1 7 demo/a killed", next(self, 0));
}

TEST_F(monitors, those_of_a_client_go_with_it)
{
	ASSERT_EQ(1, add(self, 0, 7, "demo/a"));
	ASSERT_EQ(2, add(self, 1, 7, "demo/a"));
	ASSERT_EQ(3, add(self, 0, 8, "demo/b"));
	st_monitors_forget(&self->monitors, &self->clients[0]);
	st_monitors_forget(&self->monitors, &self->clients[0]);
	EXPECT_EQ(1, self->monitors.nr);
	st_monitors_ended(&self->monitors, 7, &ended);
	st_monitors_ended(&self->monitors, 8, &ended);
	EXPECT_STREQ("", next(self, 0));
	EXPECT_STREQ("down 2 7 demo/a {\"code\":3}", next(self, 1));
}

TEST_F(monitors, a_client_has_as_many_as_the_limit_and_no_more)
{
	uint64_t ref = 0;

	for (int i = 0; i < ST_MAX_MONITORS; i++)
		ASSERT_NE(0, add(self, 0, 7 + (uint64_t)i % 3, "demo/a"));
	EXPECT_EQ(-E2BIG, st_monitors_add(&self->monitors, &self->clients[0], 7, "demo/a", &ref));
	EXPECT_EQ(0, ref);
	EXPECT_NE(0, add(self, 1, 7, "demo/a")) TH_LOG("another client has its own limit");
	st_monitors_remove(&self->monitors, &self->clients[0], 5);
	EXPECT_NE(0, add(self, 0, 7, "demo/a"));
	EXPECT_EQ(ST_MAX_MONITORS + 1, self->monitors.nr);
}

TEST_F(monitors, numbers_are_never_given_twice)
{
	EXPECT_EQ(1, st_monitors_new_ref(&self->monitors));
	EXPECT_EQ(2, add(self, 0, 7, "demo/a"));
	st_monitors_remove(&self->monitors, &self->clients[0], 2);
	EXPECT_EQ(3, add(self, 0, 7, "demo/a"));
}

TEST_F(monitors, a_down_without_a_monitor_is_sent_at_once)
{
	st_monitors_send_down(&self->clients[0], 9, 0, "", "\"noproc\"", 8);
	EXPECT_STREQ("down 9 0  noproc", next(self, 0));
}

TEST_F(monitors, without_memory_nothing_is_watched)
{
	uint64_t ref = 0;

	for (unsigned long nth = 1; nth <= 5; nth++) {
		st_alloc_fail_at(nth);
		EXPECT_EQ(-ENOMEM,
			  st_monitors_add(&self->monitors, &self->clients[0], 7, "demo/a", &ref));
		st_alloc_fail_at(0);
		EXPECT_EQ(0, self->monitors.nr);
		EXPECT_EQ(0, self->monitors.by_client.nr);
		st_map_done(&self->monitors.by_generation);
		st_map_done(&self->monitors.by_client);
		st_map_done(&self->monitors.by_ref);
	}
	EXPECT_EQ(1, add(self, 0, 7, "demo/a"));
}

TEST_F(monitors, without_memory_for_its_reason_an_end_is_reported_without_it)
{
	ASSERT_EQ(1, add(self, 0, 7, "demo/a"));
	st_alloc_fail_at(1);
	st_monitors_ended(&self->monitors, 7, &ended);
	st_alloc_fail_at(0);
	EXPECT_STREQ("down 1 7 demo/a unknown", next(self, 0));
}

static unsigned int turn(FIXTURE_DATA(monitors) * self)
{
	if (st_ring_run_once(self->ring, false) < 0)
		return 0;
	return fake_client_skip(&self->clients[0]) + fake_client_skip(&self->clients[1]);
}

TEST_F(monitors, the_downs_of_many_are_sent_in_slices)
{
	for (int i = 0; i < 1000; i++)
		ASSERT_NE(0, add(self, i % 2, 7, "demo/a"));
	st_monitors_ended(&self->monitors, 7, &ended);
	EXPECT_EQ(128, fake_client_skip(&self->clients[0])) TH_LOG("this slice is sent at once");
	EXPECT_EQ(128, fake_client_skip(&self->clients[1]));
	EXPECT_EQ(256, turn(self));
	EXPECT_EQ(256, turn(self));
	EXPECT_EQ(232, turn(self));
	EXPECT_EQ(0, turn(self));
	EXPECT_EQ(0, self->monitors.nr);
}

TEST_F(monitors, who_goes_or_takes_one_back_between_two_slices_gets_no_more)
{
	uint64_t first = add(self, 0, 7, "demo/a"); /* its turn comes last */

	for (int i = 0; i < 999; i++)
		ASSERT_NE(0, add(self, i % 2, 7, "demo/a"));
	ASSERT_NE(0, add(self, 0, 8, "demo/b"));
	st_monitors_ended(&self->monitors, 7, &ended);
	fake_client_skip(&self->clients[0]);
	fake_client_skip(&self->clients[1]);
	st_monitors_forget(&self->monitors, &self->clients[1]);
	st_monitors_remove(&self->monitors, &self->clients[0], first);
	EXPECT_EQ(256, turn(self));
	EXPECT_EQ(500 - 128 - 256, turn(self)) TH_LOG("all but the one that was taken back");
	EXPECT_EQ(1, self->monitors.nr) TH_LOG("of the other process");
}

TEST_F(monitors, without_memory_for_slices_all_are_sent_at_once)
{
	unsigned long nr_allocations = 0;

	for (uint64_t generation = 7; generation <= 8; generation++) {
		unsigned long before;

		for (int i = 0; i < 300; i++)
			ASSERT_NE(0, add(self, 0, generation, "demo/a"));
		before = st_alloc_count();
		st_alloc_fail_at(nr_allocations); /* the last one is for the slices */
		st_monitors_ended(&self->monitors, generation, &ended);
		st_alloc_fail_at(0);
		nr_allocations = st_alloc_count() - before;
		if (generation == 7)
			EXPECT_EQ(300, fake_client_skip(&self->clients[0]) + turn(self));
	}
	EXPECT_EQ(300, fake_client_skip(&self->clients[0]));
	EXPECT_EQ(0, self->monitors.nr);
}

/*
 * Each was searched in the list of its process from the newest on, so this took 50,000
 * steps for each of 100,000 monitors.
 */
TEST(a_hundred_clients_go_and_the_oldest_monitors_are_the_first_to_be_freed)
{
	static struct st_client clients[100];
	struct st_monitors monitors;
	struct st_probe probe;
	struct st_ring *ring;
	uint64_t ref;

	ASSERT_EQ(0, st_probe_run(&probe));
	ASSERT_EQ(0, st_ring_new(&probe, &ring));
	ASSERT_EQ(0, st_monitors_init(&monitors, ring));
	for (int i = 0; i < 100; i++)
		for (int j = 0; j < ST_MAX_MONITORS; j++)
			ASSERT_EQ(0, st_monitors_add(&monitors, &clients[i], 7, "demo/a", &ref));
	for (int i = 0; i < 100; i++)
		st_monitors_forget(&monitors, &clients[i]);
	EXPECT_EQ(0, monitors.nr);
	EXPECT_EQ(0, monitors.by_client.nr);
	EXPECT_EQ(0, monitors.by_generation.nr);
	st_monitors_done(&monitors);
	st_ring_free(ring);
}

TEST_HARNESS_MAIN
