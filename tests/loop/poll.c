// SPDX-License-Identifier: GPL-2.0-only
/*
 * Polls and watches: ready, cancelled, many, on new and on old kernels.
 */
#include "loop/poll.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/alloc.h"
#include "kselftest_harness.h"
#include "lib/loop.h"
#include "loop/ring.h"
#include "os/fd.h"

/* A poll that remembers its results. */
struct probe_poll {
	struct st_poll poll;
	int nr;
	int result;
	int nr_again;
	bool cancels_itself;
	struct st_poll *cancels;
	const struct probe_poll *looks_at;
	int saw; /* how often that one had been called */
	int rings; /* a descriptor; takes a whole slice for it */
};

FIXTURE(poll)
{
	struct st_ring *ring;
	int fd;
	struct probe_poll one;
	struct probe_poll two;
};

FIXTURE_VARIANT(poll)
{
	bool is_modern;
};

FIXTURE_VARIANT_ADD(poll, on_this_kernel){
	.is_modern = true,
};

FIXTURE_VARIANT_ADD(poll, on_an_old_kernel){
	.is_modern = false,
};

FIXTURE_SETUP(poll)
{
	self->ring = new_ring(variant->is_modern);
	self->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

FIXTURE_TEARDOWN(poll)
{
	EXPECT_EQ(0, st_ring_nr_armed(self->ring));
	st_ring_free(self->ring);
	st_fd_close(&self->fd);
}

static void ring_bell(int fd)
{
	uint64_t one = 1;

	(void)!write(fd, &one, sizeof(one));
}

static void take_long(int fd)
{
	uint64_t end_ns = st_clock_ns() + ST_RING_SLICE_NS;

	ring_bell(fd);
	while (st_clock_ns() <= end_ns)
		;
}

static void note(struct st_poll *poll, int result)
{
	struct probe_poll *probe = container_of(poll, struct probe_poll, poll);

	probe->nr++;
	probe->result = result;
	if (probe->looks_at)
		probe->saw = probe->looks_at->nr;
	if (probe->rings)
		take_long(probe->rings);
	if (probe->cancels_itself)
		st_op_cancel(&poll->op);
	if (probe->cancels)
		st_op_cancel(&probe->cancels->op);
	if (probe->nr_again-- > 0)
		st_poll_again(poll);
}

/* As a good owner of a watch does: reads until there is nothing more. */
static void drain(struct st_poll *poll, int result)
{
	uint64_t value;

	if (result >= 0)
		while (read(poll->fd, &value, sizeof(value)) > 0)
			;
	note(poll, result);
}

static void end(struct st_ring *ring, struct probe_poll *probe)
{
	int nr = probe->nr;

	if (!st_op_is_armed(&probe->poll.op))
		return;
	st_op_cancel(&probe->poll.op);
	while (st_op_is_armed(&probe->poll.op))
		run_until(ring, &probe->nr, ++nr);
}

TEST_F(poll, a_poll_is_told_once_that_its_descriptor_is_ready)
{
	EXPECT_FALSE(st_op_is_armed(&self->one.poll.op));
	st_poll_start(self->ring, &self->one.poll, self->fd, POLLIN, note);
	EXPECT_TRUE(st_op_is_armed(&self->one.poll.op));
	run_dry(self->ring);
	EXPECT_EQ(0, self->one.nr);
	ring_bell(self->fd);
	run_until(self->ring, &self->one.nr, 1);
	EXPECT_EQ(POLLIN, self->one.result);
	EXPECT_FALSE(st_op_is_armed(&self->one.poll.op));
	ring_bell(self->fd);
	run_dry(self->ring);
	EXPECT_EQ(1, self->one.nr);
}

TEST_F(poll, a_descriptor_that_is_ready_already_is_told_at_once)
{
	ring_bell(self->fd);
	st_poll_start(self->ring, &self->one.poll, self->fd, POLLIN, note);
	run_until(self->ring, &self->one.nr, 1);
	EXPECT_EQ(POLLIN, self->one.result);
}

TEST_F(poll, a_hang_up_is_told_without_being_asked_for)
{
	int fds[2];

	ASSERT_EQ(0, pipe2(fds, O_CLOEXEC));
	st_poll_start(self->ring, &self->one.poll, fds[0], POLLIN, note);
	run_dry(self->ring);
	st_fd_close(&fds[1]);
	run_until(self->ring, &self->one.nr, 1);
	EXPECT_EQ(POLLHUP, self->one.result & POLLHUP);
	st_fd_close(&fds[0]);
}

TEST_F(poll, a_descriptor_that_is_none_is_EBADF)
{
	st_poll_start(self->ring, &self->one.poll, 999, POLLIN, note);
	run_until(self->ring, &self->one.nr, 1);
	EXPECT_EQ(-EBADF, self->one.result);
	st_poll_watch(self->ring, &self->one.poll, 999, POLLIN, note);
	run_until(self->ring, &self->one.nr, 2);
	EXPECT_EQ(-EBADF, self->one.result);
	EXPECT_FALSE(st_op_is_armed(&self->one.poll.op));
}

TEST_F(poll, a_watch_is_told_each_time)
{
	st_poll_watch(self->ring, &self->one.poll, self->fd, POLLIN, drain);
	for (int i = 1; i <= 5; i++) {
		ring_bell(self->fd);
		run_until(self->ring, &self->one.nr, i);
		EXPECT_TRUE(st_op_is_armed(&self->one.poll.op));
	}
	end(self->ring, &self->one);
	EXPECT_EQ(-ECANCELED, self->one.result);
}

TEST_F(poll, a_watch_that_asks_for_it_is_called_again)
{
	self->one.nr_again = 3;
	ring_bell(self->fd);
	st_poll_watch(self->ring, &self->one.poll, self->fd, POLLIN, note);
	run_until(self->ring, &self->one.nr, 4);
	EXPECT_EQ(POLLIN, self->one.result);
	end(self->ring, &self->one);
}

/* One never has enough; the other is served all the same. */
TEST_F(poll, a_busy_watch_does_not_starve_another)
{
	int other = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	self->one.nr_again = 1000000000;
	ring_bell(self->fd);
	st_poll_watch(self->ring, &self->one.poll, self->fd, POLLIN, note);
	st_poll_watch(self->ring, &self->two.poll, other, POLLIN, drain);
	run_until(self->ring, &self->one.nr, 10);
	for (int i = 1; i <= 3; i++) {
		ring_bell(other);
		run_until(self->ring, &self->two.nr, i);
	}
	self->one.nr_again = 0;
	end(self->ring, &self->one);
	end(self->ring, &self->two);
	st_fd_close(&other);
}

/* Without multishot polls it is called in its turn, like any other. */
TEST_F(poll, a_patient_watch_lets_the_others_go_first)
{
	int other = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);

	ring_bell(self->fd);
	self->one.looks_at = &self->two;
	st_poll_watch_patiently(self->ring, &self->one.poll, self->fd, POLLIN, drain);
	st_poll_watch(self->ring, &self->two.poll, other, POLLIN, drain);
	run_until(self->ring, &self->one.nr, 1);
	EXPECT_EQ(variant->is_modern ? 1 : 0, self->one.saw);
	EXPECT_EQ(POLLIN, self->one.result);
	end(self->ring, &self->one);
	EXPECT_EQ(-ECANCELED, self->one.result);
	end(self->ring, &self->two);
	st_fd_close(&other);
}

/*
 * Who is first takes all of the slice, so the other waits until who became ready was
 * called. Before Linux 6.2 completions of one moment come newest first.
 */
TEST_F(poll, patient_watches_get_a_slice_of_each_turn)
{
	int bells[] = { eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK), eventfd(0, EFD_CLOEXEC) };
	struct probe_poll eager = { .nr = 0 };

	if (variant->is_modern) {
		ring_bell(self->fd);
		self->one.rings = self->two.rings = bells[1];
		self->one.looks_at = self->two.looks_at = &eager;
		st_poll_start(self->ring, &eager.poll, bells[1], POLLIN, note);
		st_poll_watch_patiently(self->ring, &self->one.poll, self->fd, POLLIN, drain);
		st_poll_watch_patiently(self->ring, &self->two.poll, bells[0], POLLIN, drain);
		run_until(self->ring, &self->one.nr, 1);
		run_until(self->ring, &self->two.nr, 1);
		EXPECT_EQ(1, self->one.saw + self->two.saw);
	}
	self->one.rings = self->two.rings = 0;
	end(self->ring, &self->one);
	end(self->ring, &self->two);
	st_fd_close(&bells[0]);
	st_fd_close(&bells[1]);
}

TEST_F(poll, a_patient_watch_that_stands_in_line_can_be_cancelled)
{
	int other = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);

	ring_bell(self->fd);
	self->two.cancels = &self->one.poll;
	st_poll_watch_patiently(self->ring, &self->one.poll, self->fd, POLLIN, note);
	st_poll_watch(self->ring, &self->two.poll, other, POLLIN, drain);
	while (st_op_is_armed(&self->one.poll.op))
		run_until(self->ring, &self->one.nr, self->one.nr + 1);
	EXPECT_EQ(-ECANCELED, self->one.result);
	/* where its completion had not been looked at yet, that is told before */
	EXPECT_LE(1, self->one.nr);
	EXPECT_GE(2, self->one.nr);
	end(self->ring, &self->two);
	st_fd_close(&other);
}

TEST_F(poll, one_that_was_cancelled_before_the_kernel_had_it_is_ECANCELED)
{
	ring_bell(self->fd);
	st_poll_start(self->ring, &self->one.poll, self->fd, POLLIN, note);
	st_op_cancel(&self->one.poll.op);
	EXPECT_EQ(0, self->one.nr);
	EXPECT_TRUE(st_op_is_armed(&self->one.poll.op));
	run_until(self->ring, &self->one.nr, 1);
	EXPECT_EQ(-ECANCELED, self->one.result);
	EXPECT_FALSE(st_op_is_armed(&self->one.poll.op));
}

TEST_F(poll, one_that_the_kernel_has_can_be_cancelled)
{
	st_poll_start(self->ring, &self->one.poll, self->fd, POLLIN, note);
	run_dry(self->ring);
	st_op_cancel(&self->one.poll.op);
	st_op_cancel(&self->one.poll.op);
	run_until(self->ring, &self->one.nr, 1);
	EXPECT_EQ(-ECANCELED, self->one.result);
	run_dry(self->ring);
	EXPECT_EQ(1, self->one.nr);
}

TEST_F(poll, what_is_idle_can_be_cancelled_in_vain)
{
	st_op_cancel(&self->one.poll.op);
	run_dry(self->ring);
	EXPECT_EQ(0, self->one.nr);
}

/* One of both: the true result or -ECANCELED, never none, never two. */
TEST_F(poll, a_cancel_that_comes_too_late_changes_nothing)
{
	st_poll_start(self->ring, &self->one.poll, self->fd, POLLIN, note);
	run_dry(self->ring);
	ring_bell(self->fd);
	st_op_cancel(&self->one.poll.op);
	run_until(self->ring, &self->one.nr, 1);
	EXPECT_TRUE(self->one.result == POLLIN || self->one.result == -ECANCELED);
	run_dry(self->ring);
	EXPECT_EQ(1, self->one.nr);
}

TEST_F(poll, a_watch_can_cancel_itself_in_its_callback)
{
	self->one.cancels_itself = true;
	ring_bell(self->fd);
	st_poll_watch(self->ring, &self->one.poll, self->fd, POLLIN, note);
	run_until(self->ring, &self->one.nr, 2);
	EXPECT_EQ(-ECANCELED, self->one.result);
	EXPECT_FALSE(st_op_is_armed(&self->one.poll.op));
}

TEST_F(poll, a_watch_that_asked_for_more_can_be_cancelled)
{
	self->one.nr_again = 1000;
	self->one.cancels_itself = true;
	ring_bell(self->fd);
	st_poll_watch(self->ring, &self->one.poll, self->fd, POLLIN, note);
	run_until(self->ring, &self->one.nr, 2);
	EXPECT_EQ(-ECANCELED, self->one.result);
	EXPECT_EQ(2, self->one.nr);
}

/* Both are ready in the same turn, and the first one served ends the other. */
TEST_F(poll, a_callback_can_cancel_another_operation)
{
	self->one.cancels = &self->two.poll;
	ring_bell(self->fd);
	st_poll_start(self->ring, &self->one.poll, self->fd, POLLIN, note);
	st_poll_watch(self->ring, &self->two.poll, self->fd, POLLIN, note);
	run_until(self->ring, &self->one.nr, 1);
	while (st_op_is_armed(&self->two.poll.op))
		ASSERT_LE(0, st_ring_run_once(self->ring, true));
	EXPECT_EQ(-ECANCELED, self->two.result);
}

TEST_F(poll, an_operation_can_be_started_again_after_a_cancel)
{
	for (int i = 1; i <= 50; i++) {
		st_poll_start(self->ring, &self->one.poll, self->fd, POLLIN, note);
		if (i % 2)
			run_dry(self->ring);
		st_op_cancel(&self->one.poll.op);
		run_until(self->ring, &self->one.nr, i);
		EXPECT_EQ(-ECANCELED, self->one.result);
	}
	ring_bell(self->fd);
	st_poll_start(self->ring, &self->one.poll, self->fd, POLLIN, note);
	run_until(self->ring, &self->one.nr, 51);
	EXPECT_EQ(POLLIN, self->one.result);
}

static void free_it(struct st_poll *poll, int result)
{
	struct probe_poll *probe = container_of(poll, struct probe_poll, poll);

	(void)result;
	st_free(probe);
}

TEST_F(poll, an_owner_may_free_a_poll_in_its_callback)
{
	struct probe_poll *heap = st_alloc(sizeof(*heap));

	ring_bell(self->fd);
	st_poll_start(self->ring, &heap->poll, self->fd, POLLIN, free_it);
	run_dry(self->ring);
	heap = st_alloc(sizeof(*heap));
	st_poll_start(self->ring, &heap->poll, self->fd, POLLIN, free_it);
	st_op_cancel(&heap->poll.op);
	run_dry(self->ring);
}

#define NR_MANY 20000

struct crowd {
	struct st_poll poll;
	int nr;
	int result;
	int *total;
};

static void count(struct st_poll *poll, int result)
{
	struct crowd *member = container_of(poll, struct crowd, poll);

	member->nr++;
	member->result = result;
	(*member->total)++;
}

/* Five times as many as the completion queue holds. */
TEST_F(poll, twenty_thousand_polls_that_end_at_once_are_all_told)
{
	struct crowd *crowd = st_alloc_array(NR_MANY, sizeof(*crowd));
	int total = 0;

	ASSERT_NE(NULL, crowd);
	for (int i = 0; i < NR_MANY; i++) {
		crowd[i].total = &total;
		st_poll_start(self->ring, &crowd[i].poll, self->fd, POLLIN, count);
	}
	EXPECT_EQ(NR_MANY, st_ring_nr_armed(self->ring));
	run_dry(self->ring);
	EXPECT_EQ(0, total);
	ring_bell(self->fd);
	run_until(self->ring, &total, NR_MANY);
	for (int i = 0; i < NR_MANY; i++)
		ASSERT_EQ(1, crowd[i].nr);
	st_free(crowd);
}

TEST_F_TIMEOUT(poll, twenty_thousand_polls_can_be_cancelled, 300)
{
	struct crowd *crowd = st_alloc_array(NR_MANY, sizeof(*crowd));
	int total = 0;

	ASSERT_NE(NULL, crowd);
	for (int i = 0; i < NR_MANY; i++) {
		crowd[i].total = &total;
		st_poll_start(self->ring, &crowd[i].poll, self->fd, POLLIN, count);
	}
	run_dry(self->ring);
	for (int i = 0; i < NR_MANY; i++)
		st_op_cancel(&crowd[i].poll.op);
	run_until(self->ring, &total, NR_MANY);
	for (int i = 0; i < NR_MANY; i++)
		ASSERT_EQ(-ECANCELED, crowd[i].result);
	st_free(crowd);
}

/* The kernel ends a multishot poll whose completion does not fit; nobody may notice. */
TEST_F_TIMEOUT(poll, watches_survive_a_completion_queue_that_overflows, 300)
{
	struct crowd *crowd = st_alloc_array(NR_MANY, sizeof(*crowd));
	int total = 0;

	ASSERT_NE(NULL, crowd);
	for (int i = 0; i < NR_MANY; i++) {
		crowd[i].total = &total;
		st_poll_watch(self->ring, &crowd[i].poll, self->fd, POLLIN, count);
	}
	run_dry(self->ring);
	for (int round = 1; round <= 2; round++) {
		uint64_t value;

		ring_bell(self->fd);
		run_until(self->ring, &total, round * NR_MANY);
		ASSERT_EQ(sizeof(value), read(self->fd, &value, sizeof(value)));
	}
	total = 0;
	for (int i = 0; i < NR_MANY; i++)
		st_op_cancel(&crowd[i].poll.op);
	while (st_ring_nr_armed(self->ring))
		ASSERT_LE(0, st_ring_run_once(self->ring, true));
	for (int i = 0; i < NR_MANY; i++)
		ASSERT_EQ(-ECANCELED, crowd[i].result);
	st_free(crowd);
}

TEST_HARNESS_MAIN
