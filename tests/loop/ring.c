// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ring itself: turns, making and ending it; deadlines are in deadline.c.
 */
#include "loop/ring.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "kselftest_harness.h"
#include "lib/loop.h"
#include "loop/poll.h"
#include "os/fd.h"

#define MSEC ST_NSEC_PER_MSEC

FIXTURE(ring)
{
	struct st_ring *ring;
};

FIXTURE_VARIANT(ring)
{
	bool is_modern;
};

FIXTURE_VARIANT_ADD(ring, on_this_kernel){
	.is_modern = true,
};

FIXTURE_VARIANT_ADD(ring, on_an_old_kernel){
	.is_modern = false,
};

FIXTURE_SETUP(ring)
{
	self->ring = new_ring(variant->is_modern);
}

FIXTURE_TEARDOWN(ring)
{
	st_ring_free(self->ring);
}

TEST_F(ring, a_turn_with_nothing_to_do_returns)
{
	EXPECT_EQ(0, st_ring_run_once(self->ring, false));
	EXPECT_EQ(0, st_ring_nr_armed(self->ring));
}

static void ignore(int signo)
{
	(void)signo;
}

TEST_F(ring, a_signal_that_interrupts_the_wait_is_no_error)
{
	struct sigaction action = { .sa_handler = ignore };
	/* again and again: the first one may come before the wait */
	struct itimerval timer = { { .tv_usec = 1000 }, { .tv_usec = 1000 } };

	ASSERT_EQ(0, sigaction(SIGALRM, &action, NULL));
	ASSERT_EQ(0, setitimer(ITIMER_REAL, &timer, NULL));
	EXPECT_EQ(0, st_ring_run_once(self->ring, true));
}

TEST_F(ring, it_knows_the_features_it_was_made_with)
{
	EXPECT_TRUE(st_ring_has(self->ring, ST_FEATURE_POLL));
	if (!variant->is_modern)
		EXPECT_FALSE(st_ring_has(self->ring, ST_FEATURE_FUTEX_WAIT));
}

TEST(each_needed_feature_is_needed)
{
	struct st_probe probe;
	struct st_ring *ring;

	ASSERT_EQ(0, st_probe_run(&probe));
	for (int i = 0; i < ST_FEATURE__MAX; i++) {
		if (!st_feature_info((enum st_feature)i)->is_needed)
			continue;
		struct st_probe without = probe;

		without.has[i] = false;
		EXPECT_EQ((enum st_feature)i, st_probe_missing(&without));
		EXPECT_EQ(-EOPNOTSUPP, st_ring_new(&without, &ring));
	}
}

TEST(flags_that_the_kernel_does_not_know_are_EINVAL)
{
	struct st_probe probe;
	struct st_ring *ring;

	ASSERT_EQ(0, st_probe_run(&probe));
	probe.setup_flags |= 1u << 31;
	EXPECT_EQ(-EINVAL, st_ring_new(&probe, &ring));
}

TEST(without_memory_or_descriptors_there_is_no_ring)
{
	struct rlimit limit;
	struct st_probe probe;
	struct st_ring *ring;
	int last = -1;

	ASSERT_EQ(0, st_probe_run(&probe));
	st_alloc_fail_at(1);
	EXPECT_EQ(-ENOMEM, st_ring_new(&probe, &ring));
	st_alloc_fail_at(0);
	ASSERT_EQ(0, getrlimit(RLIMIT_NOFILE, &limit));
	limit.rlim_cur = 50;
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	int first = dup(0);

	for (int fd = first; fd >= 0; fd = dup(0))
		last = fd;
	EXPECT_EQ(-EMFILE, st_ring_new(&probe, &ring));
	EXPECT_EQ(-EMFILE, st_probe_run(&probe));
	ASSERT_EQ(0, close_range((unsigned int)first, (unsigned int)last, 0));
}

TEST(no_ring_can_be_freed)
{
	st_ring_free(NULL);
}

TEST_HARNESS_MAIN
