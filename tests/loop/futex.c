// SPDX-License-Identifier: GPL-2.0-only
/*
 * Futex waits, above all for the end of an exec.
 */
#include "loop/futex.h"

#include <errno.h>
#include <linux/futex.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/loop.h"
#include "loop/poll.h"
#include "loop/ring.h"
#include "os/spawn/spawn.h"

FIXTURE(futex)
{
	struct st_ring *ring;
	struct st_futex futex;
	uint32_t word;
	int nr;
	int result;
};

FIXTURE_SETUP(futex)
{
	self->ring = new_ring(true);
	self->word = 1;
	if (!st_ring_has(self->ring, ST_FEATURE_FUTEX_WAIT))
		SKIP_FIXTURE("needs IORING_OP_FUTEX_WAIT (Linux 6.7)");
}

FIXTURE_TEARDOWN(futex)
{
	st_ring_free(self->ring);
}

static void note(struct st_futex *futex, int result)
{
	FIXTURE_DATA(futex) *self = container_of(futex, FIXTURE_DATA(futex), futex);

	self->nr++;
	self->result = result;
}

TEST_F(futex, a_wake_up_ends_the_wait)
{
	st_futex_start(self->ring, &self->futex, &self->word, 1, note);
	run_dry(self->ring);
	EXPECT_EQ(0, self->nr);
	self->word = 0;
	ASSERT_EQ(1, syscall(SYS_futex, &self->word, FUTEX_WAKE, 1, NULL, NULL, 0));
	run_until(self->ring, &self->nr, 1);
	EXPECT_EQ(0, self->result);
}

TEST_F(futex, a_word_that_is_different_already_is_told_at_once)
{
	st_futex_start(self->ring, &self->futex, &self->word, 2, note);
	run_until(self->ring, &self->nr, 1);
	EXPECT_EQ(0, self->result);
}

TEST_F(futex, a_wait_can_be_cancelled)
{
	st_futex_start(self->ring, &self->futex, &self->word, 1, note);
	run_dry(self->ring);
	st_op_cancel(&self->futex.op);
	run_until(self->ring, &self->nr, 1);
	EXPECT_EQ(-ECANCELED, self->result);
	EXPECT_FALSE(st_op_is_armed(&self->futex.op));
}

TEST_F(futex, an_address_that_is_none_is_EFAULT)
{
	st_futex_start(self->ring, &self->futex, (uint32_t *)(uintptr_t)64, 1, note);
	run_until(self->ring, &self->nr, 1);
	EXPECT_EQ(-EFAULT, self->result);
}

static void forget(struct st_poll *poll, int result)
{
	int *nr = (int *)(void *)(poll + 1);

	(void)result;
	(*nr)++;
}

/* What the daemon does with each child, a hundred times. */
TEST_F(futex, the_end_of_an_exec_is_told)
{
	struct st_spawn_pool *pool;

	ASSERT_EQ(0, st_spawn_pool_new(0, &pool));
	for (int i = 1; i <= 100; i++) {
		char *argv[] = { "/bin/true", NULL };
		char *envp[] = { NULL };
		struct {
			struct st_poll poll;
			int nr;
		} end = { .nr = 0 };
		struct st_spawn_request request;
		struct st_spawn_failure failure;
		struct st_spawn *spawn;
		struct st_exit how;

		st_spawn_request_init(&request);
		request.path = argv[0];
		request.argv = argv;
		request.envp = envp;
		ASSERT_EQ(0, st_spawn_begin(pool, &request, ST_SPAWN_GATE_OPEN, &spawn, &failure));
		struct st_pidref ref = st_pidref_take(st_spawn_pidref(spawn));

		st_poll_start(self->ring, &end.poll, ref.fd, POLLIN, forget);
		st_futex_start(self->ring, &self->futex, st_spawn_tid_word(spawn),
			       ST_SPAWN_TID_BUSY, note);
		run_until(self->ring, &self->nr, i);
		EXPECT_FALSE(st_spawn_in_flight(spawn));
		EXPECT_EQ(0, st_spawn_finish(spawn, &failure));
		run_until(self->ring, &end.nr, 1);
		EXPECT_EQ(1, st_pidref_wait(&ref, &how, NULL));
		st_pidref_done(&ref);
	}
	st_spawn_pool_free(pool);
}

TEST_HARNESS_MAIN
