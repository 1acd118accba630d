// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writing bytes.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/loop.h"
#include "loop/ring.h"
#include "loop/write.h"
#include "os/fd.h"

FIXTURE(bytes)
{
	struct st_ring *ring;
	struct st_write write;
	char buf[64];
	int fds[2];
	int nr_written;
	int result;
};

FIXTURE_VARIANT(bytes)
{
	bool is_modern;
};

FIXTURE_VARIANT_ADD(bytes, on_this_kernel){
	.is_modern = true,
};

FIXTURE_VARIANT_ADD(bytes, on_an_old_kernel){
	.is_modern = false,
};

FIXTURE_SETUP(bytes)
{
	self->ring = new_ring(variant->is_modern);
	self->fds[0] = -1;
	self->fds[1] = -1;
}

FIXTURE_TEARDOWN(bytes)
{
	EXPECT_EQ(0, st_ring_nr_armed(self->ring));
	st_ring_free(self->ring);
	st_fd_close(&self->fds[0]);
	st_fd_close(&self->fds[1]);
}

static void on_written(struct st_write *write, int result)
{
	FIXTURE_DATA(bytes) *self = container_of(write, FIXTURE_DATA(bytes), write);

	self->nr_written++;
	self->result = result;
}

TEST_F(bytes, an_error_comes_back)
{
	self->write = (struct st_write){ .fd = 999, .data = "x", .len = 1 };
	st_write_start(self->ring, &self->write, on_written);
	run_until(self->ring, &self->nr_written, 1);
	EXPECT_EQ(-EBADF, self->result);
}

static char block[65536];

/* Write until a write waits. Return: how many did not. */
static int fill_pipe(FIXTURE_DATA(bytes) * self)
{
	int before;

	if (pipe2(self->fds, O_CLOEXEC | O_NONBLOCK))
		abort();
	self->write = (struct st_write){ .fd = self->fds[1], .data = block, .len = sizeof(block) };
	do {
		before = self->nr_written;
		st_write_start(self->ring, &self->write, on_written);
		run_dry(self->ring);
	} while (self->nr_written > before);
	return before;
}

TEST_F(bytes, what_is_written_to_a_pipe_arrives)
{
	ASSERT_EQ(0, pipe2(self->fds, O_CLOEXEC));
	self->write = (struct st_write){ .fd = self->fds[1], .data = "hello", .len = 5 };
	st_write_start(self->ring, &self->write, on_written);
	run_until(self->ring, &self->nr_written, 1);
	EXPECT_EQ(5, self->result);
	EXPECT_EQ(5, read(self->fds[0], self->buf, sizeof(self->buf)));
}

TEST_F(bytes, a_file_is_written_on_from_where_one_was)
{
	char name[] = "/tmp/st-test-loop.XXXXXX";

	self->fds[0] = mkostemp(name, O_CLOEXEC);
	ASSERT_LE(0, self->fds[0]);
	ASSERT_EQ(0, unlink(name));
	self->write = (struct st_write){ .fd = self->fds[0], .data = "abcd", .len = 4 };
	st_write_start(self->ring, &self->write, on_written);
	run_until(self->ring, &self->nr_written, 1);
	EXPECT_EQ(4, self->result);
	self->write.data = "ef";
	self->write.len = 2;
	st_write_start(self->ring, &self->write, on_written);
	run_until(self->ring, &self->nr_written, 2);
	EXPECT_EQ(2, self->result);
	EXPECT_EQ(6, pread(self->fds[0], self->buf, sizeof(self->buf), 0));
	EXPECT_EQ(0, memcmp("abcdef", self->buf, 6));
}

/* Nobody reads: what does not fit has to wait, and goes on when there is room. */
TEST_F(bytes, a_write_that_waits_for_room_goes_on_when_there_is_some)
{
	int before = fill_pipe(self);

	EXPECT_TRUE(st_op_is_armed(&self->write.op));
	while (read(self->fds[0], block, sizeof(block)) > 0)
		;
	run_until(self->ring, &self->nr_written, before + 1);
	EXPECT_LT(0, self->result);
}

TEST_F(bytes, a_write_that_waits_can_be_cancelled)
{
	int before = fill_pipe(self);

	st_op_cancel(&self->write.op);
	run_until(self->ring, &self->nr_written, before + 1);
	EXPECT_EQ(-ECANCELED, self->result);
}

TEST_HARNESS_MAIN
