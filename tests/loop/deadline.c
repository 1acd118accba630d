// SPDX-License-Identifier: GPL-2.0-only
/*
 * Moments that the ring waits for.
 */
#include "loop/deadline.h"

#include <errno.h>
#include <poll.h>
#include <sys/eventfd.h>

#include "base/alloc.h"
#include "kselftest_harness.h"
#include "lib/loop.h"
#include "loop/poll.h"
#include "loop/ring.h"
#include "os/fd.h"

#define MSEC ST_NSEC_PER_MSEC
#define NR 40

FIXTURE(deadline)
{
	struct st_ring *ring;
	struct st_deadline one;
	struct st_deadline many[NR];
	int order[NR];
	int nr_due;
	int nr_left;
	uint64_t served_ns;
};

FIXTURE_SETUP(deadline)
{
	self->ring = new_ring(true);
}

FIXTURE_TEARDOWN(deadline)
{
	st_deadline_done(&self->one);
	for (int i = 0; i < NR; i++)
		st_deadline_done(&self->many[i]);
	st_ring_free(self->ring);
}

static void on_due(struct st_deadline *deadline)
{
	FIXTURE_DATA(deadline) *self = container_of(deadline, FIXTURE_DATA(deadline), one);

	self->nr_due++;
	self->served_ns = st_clock_ns();
}

TEST_F(deadline, it_ends_the_wait_and_not_before)
{
	uint64_t at_ns = st_clock_ns() + 5 * MSEC;

	ASSERT_EQ(0, st_deadline_init(&self->one, self->ring, on_due));
	st_deadline_set(&self->one, at_ns);
	EXPECT_EQ(at_ns, st_deadline_at(&self->one));
	run_until(self->ring, &self->nr_due, 1);
	EXPECT_LE(at_ns, self->served_ns);
}

TEST_F(deadline, one_that_has_passed_is_served_in_the_next_turn)
{
	ASSERT_EQ(0, st_deadline_init(&self->one, self->ring, on_due));
	st_deadline_set(&self->one, st_clock_ns() - 1);
	EXPECT_EQ(1, st_ring_run_once(self->ring, true));
	EXPECT_EQ(1, self->nr_due);
	st_deadline_set(&self->one, 0);
	EXPECT_EQ(1, st_ring_run_once(self->ring, false));
	EXPECT_EQ(2, self->nr_due);
}

TEST_F(deadline, it_is_served_once_and_is_clear_then)
{
	ASSERT_EQ(0, st_deadline_init(&self->one, self->ring, on_due));
	st_deadline_set(&self->one, 1);
	EXPECT_EQ(1, st_ring_run_once(self->ring, true));
	EXPECT_EQ(ST_NO_DEADLINE, st_deadline_at(&self->one));
	EXPECT_EQ(0, st_ring_run_once(self->ring, false));
	EXPECT_EQ(1, self->nr_due);
}

TEST_F(deadline, it_can_be_moved_nearer_and_cleared)
{
	ASSERT_EQ(0, st_deadline_init(&self->one, self->ring, on_due));
	st_deadline_set(&self->one, st_clock_ns() + 3600 * ST_NSEC_PER_SEC);
	st_deadline_set(&self->one, 1);
	run_until(self->ring, &self->nr_due, 1);
	st_deadline_set(&self->one, 1);
	st_deadline_clear(&self->one);
	EXPECT_EQ(0, st_ring_run_once(self->ring, false));
	st_deadline_set(&self->one, 1);
	st_deadline_set(&self->one, ST_NO_DEADLINE);
	EXPECT_EQ(0, st_ring_run_once(self->ring, false));
	EXPECT_EQ(1, self->nr_due);
}

static void set_next(struct st_deadline *deadline)
{
	FIXTURE_DATA(deadline) *self = container_of(deadline, FIXTURE_DATA(deadline), one);

	self->nr_due++;
	if (self->nr_left--)
		st_deadline_set(deadline, 1);
}

TEST_F(deadline, it_may_set_itself_again_once_a_turn)
{
	ASSERT_EQ(0, st_deadline_init(&self->one, self->ring, set_next));
	self->nr_left = 3;
	st_deadline_set(&self->one, 1);
	for (int i = 1; i <= 4; i++) {
		EXPECT_EQ(1, st_ring_run_once(self->ring, true));
		EXPECT_EQ(i, self->nr_due);
	}
	EXPECT_EQ(0, st_ring_run_once(self->ring, false));
}

static void ignore(struct st_deadline *deadline)
{
	(void)deadline;
}

TEST_F(deadline, it_may_do_so_beside_others_that_are_not_due)
{
	ASSERT_EQ(0, st_deadline_init(&self->one, self->ring, set_next));
	for (int i = 0; i < NR; i++) {
		ASSERT_EQ(0, st_deadline_init(&self->many[i], self->ring, ignore));
		st_deadline_set(&self->many[i], st_clock_ns() + 3600 * ST_NSEC_PER_SEC);
	}
	self->nr_left = 3;
	st_deadline_set(&self->one, 0);
	for (int i = 1; i <= 4; i++) {
		EXPECT_EQ(1, st_ring_run_once(self->ring, true));
		EXPECT_EQ(i, self->nr_due);
	}
}

/* The place of a deadline in many[] is noted; the last one that is due ends its neighbour. */
static FIXTURE_DATA(deadline) * the_test;

static void note(struct st_deadline *deadline)
{
	the_test->order[the_test->nr_due++] = (int)(deadline - the_test->many);
}

static void end_the_next(struct st_deadline *deadline)
{
	note(deadline);
	st_deadline_done(deadline + 1);
	st_deadline_done(deadline);
}

TEST_F(deadline, many_are_served_in_the_order_of_their_moments)
{
	the_test = self;
	for (int i = 0; i < NR; i++) {
		ASSERT_EQ(0, st_deadline_init(&self->many[i], self->ring, note));
		st_deadline_set(&self->many[i], (uint64_t)(i * 7 % NR));
	}
	run_until(self->ring, &self->nr_due, NR);
	for (int i = 0; i < NR; i++)
		EXPECT_EQ(i, self->order[i] * 7 % NR);
}

TEST_F(deadline, a_callback_may_end_another_one_that_is_due)
{
	the_test = self;
	ASSERT_EQ(0, st_deadline_init(&self->many[0], self->ring, end_the_next));
	ASSERT_EQ(0, st_deadline_init(&self->many[1], self->ring, note));
	st_deadline_set(&self->many[0], 1);
	st_deadline_set(&self->many[1], 2);
	EXPECT_EQ(1, st_ring_run_once(self->ring, false));
	EXPECT_EQ(0, st_ring_run_once(self->ring, false));
	EXPECT_EQ(1, self->nr_due);
}

TEST_F(deadline, setting_needs_no_memory_and_init_says_when_there_is_none)
{
	unsigned long count;

	for (int i = 0; i < NR; i++)
		ASSERT_EQ(0, st_deadline_init(&self->many[i], self->ring, note));
	count = st_alloc_count();
	for (int i = 0; i < NR; i++)
		st_deadline_set(&self->many[i], st_clock_ns() + 3600 * ST_NSEC_PER_SEC);
	EXPECT_EQ(count, st_alloc_count());
	st_deadline_done(&self->many[0]);
	st_deadline_done(&self->many[0]);
	ASSERT_EQ(0, st_deadline_init(&self->many[0], self->ring, note));
	EXPECT_EQ(count, st_alloc_count());
}

TEST_F(deadline, without_memory_it_stays_done)
{
	st_alloc_fail_at(1);
	EXPECT_EQ(-ENOMEM, st_deadline_init(&self->one, self->ring, on_due));
	st_alloc_fail_at(0);
	st_deadline_clear(&self->one);
	EXPECT_EQ(ST_NO_DEADLINE, st_deadline_at(&self->one));
	ASSERT_EQ(0, st_deadline_init(&self->one, self->ring, on_due));
}

/* An operation that is always ready, and a deadline after it. */
struct busy {
	struct st_poll poll;
	struct st_ring *ring;
	bool is_over;
};

static void poll_anew(struct st_poll *poll, int result)
{
	struct busy *busy = container_of(poll, struct busy, poll);

	(void)result;
	if (!busy->is_over)
		st_poll_start(busy->ring, poll, poll->fd, POLLIN, poll_anew);
}

TEST_F(deadline, it_is_served_however_busy_the_ring_is)
{
	struct busy busy = { .ring = self->ring };
	int fd = eventfd(1, EFD_CLOEXEC);

	ASSERT_EQ(0, st_deadline_init(&self->one, self->ring, on_due));
	st_poll_start(self->ring, &busy.poll, fd, POLLIN, poll_anew);
	st_deadline_set(&self->one, st_clock_ns() + MSEC);
	run_until(self->ring, &self->nr_due, 1);
	busy.is_over = true;
	run_dry(self->ring);
	EXPECT_EQ(0, st_ring_nr_armed(self->ring));
	st_fd_close(&fd);
}

TEST_HARNESS_MAIN
