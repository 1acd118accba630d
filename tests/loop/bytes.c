// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading, writing and sending bytes.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/loop.h"
#include "loop/read.h"
#include "loop/ring.h"
#include "loop/write.h"
#include "os/fd.h"

FIXTURE(bytes)
{
	struct st_ring *ring;
	struct st_read read;
	struct st_write write;
	char buf[64];
	int fds[2];
	int nr_read;
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
	self->read.buf = self->buf;
	self->read.len = sizeof(self->buf);
}

FIXTURE_TEARDOWN(bytes)
{
	EXPECT_EQ(0, st_ring_nr_armed(self->ring));
	st_ring_free(self->ring);
	st_fd_close(&self->fds[0]);
	st_fd_close(&self->fds[1]);
}

static void on_read(struct st_read *read, int result)
{
	FIXTURE_DATA(bytes) *self = container_of(read, FIXTURE_DATA(bytes), read);

	self->nr_read++;
	self->result = result;
}

static void on_written(struct st_write *write, int result)
{
	FIXTURE_DATA(bytes) *self = container_of(write, FIXTURE_DATA(bytes), write);

	self->nr_written++;
	self->result = result;
}

TEST_F(bytes, what_comes_through_a_pipe_is_read_and_then_its_end)
{
	ASSERT_EQ(0, pipe2(self->fds, O_CLOEXEC | O_NONBLOCK));
	self->read.fd = self->fds[0];
	st_read_start(self->ring, &self->read, on_read);
	run_dry(self->ring);
	EXPECT_EQ(0, self->nr_read);
	ASSERT_EQ(5, write(self->fds[1], "hello", 5));
	run_until(self->ring, &self->nr_read, 1);
	EXPECT_EQ(5, self->result);
	EXPECT_EQ(0, memcmp("hello", self->buf, 5));
	st_read_start(self->ring, &self->read, on_read);
	st_fd_close(&self->fds[1]);
	run_until(self->ring, &self->nr_read, 2);
	EXPECT_EQ(0, self->result);
}

TEST_F(bytes, a_file_is_read_on_from_where_one_was)
{
	char name[] = "/tmp/st-test-loop.XXXXXX";

	self->fds[0] = mkostemp(name, O_CLOEXEC);
	ASSERT_LE(0, self->fds[0]);
	ASSERT_EQ(0, unlink(name));
	ASSERT_EQ(6, pwrite(self->fds[0], "abcdef", 6, 0));
	self->read.fd = self->fds[0];
	self->read.len = 4;
	st_read_start(self->ring, &self->read, on_read);
	run_until(self->ring, &self->nr_read, 1);
	EXPECT_EQ(4, self->result);
	st_read_start(self->ring, &self->read, on_read);
	run_until(self->ring, &self->nr_read, 2);
	EXPECT_EQ(2, self->result);
	EXPECT_EQ(0, memcmp("ef", self->buf, 2));
}

TEST_F(bytes, a_read_that_waits_can_be_cancelled)
{
	ASSERT_EQ(0, pipe2(self->fds, O_CLOEXEC | O_NONBLOCK));
	self->read.fd = self->fds[0];
	st_read_start(self->ring, &self->read, on_read);
	run_dry(self->ring);
	st_op_cancel(&self->read.op);
	run_until(self->ring, &self->nr_read, 1);
	EXPECT_EQ(-ECANCELED, self->result);
}

TEST_F(bytes, errors_come_back)
{
	self->read.fd = 999;
	st_read_start(self->ring, &self->read, on_read);
	run_until(self->ring, &self->nr_read, 1);
	EXPECT_EQ(-EBADF, self->result);
	self->write = (struct st_write){ .fd = 999, .data = "x", .len = 1 };
	st_write_start(self->ring, &self->write, on_written);
	run_until(self->ring, &self->nr_written, 1);
	EXPECT_EQ(-EBADF, self->result);
	self->write.fd = 0;
	st_send_start(self->ring, &self->write, on_written);
	run_until(self->ring, &self->nr_written, 2);
	EXPECT_EQ(-ENOTSOCK, self->result);
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

TEST_F(bytes, what_is_sent_to_a_socket_arrives)
{
	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, self->fds));
	self->write = (struct st_write){ .fd = self->fds[1], .data = "hello", .len = 5 };
	st_send_start(self->ring, &self->write, on_written);
	self->read.fd = self->fds[0];
	st_read_start(self->ring, &self->read, on_read);
	run_until(self->ring, &self->nr_read, 1);
	run_until(self->ring, &self->nr_written, 1);
	EXPECT_EQ(0, memcmp("hello", self->buf, 5));
}

/* SIGPIPE would end this test. */
TEST_F(bytes, sending_to_who_has_gone_is_EPIPE_without_a_signal)
{
	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, self->fds));
	st_fd_close(&self->fds[0]);
	signal(SIGPIPE, SIG_DFL);
	self->write = (struct st_write){ .fd = self->fds[1], .data = "x", .len = 1 };
	st_send_start(self->ring, &self->write, on_written);
	run_until(self->ring, &self->nr_written, 1);
	EXPECT_EQ(-EPIPE, self->result);
}

/* The peer reads nothing, so in the end a send has to wait. */
TEST_F(bytes, a_send_that_waits_for_room_goes_on_when_there_is_some)
{
	static char block[65536];
	int before;

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, self->fds));
	self->write = (struct st_write){ .fd = self->fds[1], .data = block, .len = sizeof(block) };
	do {
		before = self->nr_written;
		st_send_start(self->ring, &self->write, on_written);
		run_dry(self->ring);
	} while (self->nr_written > before);
	EXPECT_TRUE(st_op_is_armed(&self->write.op));
	while (read(self->fds[0], block, sizeof(block)) > 0)
		;
	run_until(self->ring, &self->nr_written, before + 1);
	EXPECT_LT(0, self->result);
}

TEST_HARNESS_MAIN
