// SPDX-License-Identifier: GPL-2.0-only
/*
 * Accepting connections, on new and on old kernels.
 */
#include "loop/accept.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/loop.h"
#include "loop/ring.h"
#include "os/fd.h"

FIXTURE(accept)
{
	struct st_ring *ring;
	struct st_accept accept;
	struct sockaddr_un address;
	socklen_t len;
	int listener;
	int nr;
	int result;
	int first_result;
	bool cancels_itself;
};

FIXTURE_VARIANT(accept)
{
	bool is_modern;
};

FIXTURE_VARIANT_ADD(accept, on_this_kernel){
	.is_modern = true,
};

FIXTURE_VARIANT_ADD(accept, on_an_old_kernel){
	.is_modern = false,
};

FIXTURE_SETUP(accept)
{
	struct sockaddr family = { .sa_family = AF_UNIX };

	self->ring = new_ring(variant->is_modern);
	self->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	/* unix(7): the kernel chooses an abstract name. */
	ASSERT_EQ(0, bind(self->listener, &family, sizeof(family.sa_family)));
	ASSERT_EQ(0, listen(self->listener, 200));
	self->len = sizeof(self->address);
	ASSERT_EQ(0, getsockname(self->listener, (struct sockaddr *)&self->address, &self->len));
}

FIXTURE_TEARDOWN(accept)
{
	st_ring_free(self->ring);
	st_fd_close(&self->listener);
}

static void take(struct st_accept *accept, int result)
{
	FIXTURE_DATA(accept) *self = container_of(accept, FIXTURE_DATA(accept), accept);

	if (!self->nr++)
		self->first_result = result;
	self->result = result;
	if (self->cancels_itself)
		st_op_cancel(&accept->op);
}

static int connect_to(const FIXTURE_DATA(accept) * self)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (connect(fd, (const struct sockaddr *)&self->address, self->len) < 0)
		st_fd_close(&fd);
	return fd;
}

static void end(FIXTURE_DATA(accept) * self)
{
	st_op_cancel(&self->accept.op);
	while (st_op_is_armed(&self->accept.op))
		if (st_ring_run_once(self->ring, true) < 0)
			return;
}

TEST_F(accept, each_connection_is_given_to_the_owner)
{
	st_accept_start(self->ring, &self->accept, self->listener, take);
	for (int i = 1; i <= 100; i++) {
		int client = connect_to(self);

		ASSERT_LE(0, client);
		run_until(self->ring, &self->nr, i);
		ASSERT_LE(0, self->result);
		EXPECT_TRUE(st_op_is_armed(&self->accept.op));
		EXPECT_EQ(O_NONBLOCK, fcntl(self->result, F_GETFL) & O_NONBLOCK);
		EXPECT_EQ(FD_CLOEXEC, fcntl(self->result, F_GETFD));
		st_fd_close(&client);
		st_fd_close(&self->result);
	}
	end(self);
	EXPECT_EQ(-ECANCELED, self->result);
	EXPECT_EQ(101, self->nr);
}

TEST_F(accept, connections_that_came_before_it_are_taken)
{
	int clients[3];

	for (int i = 0; i < 3; i++)
		clients[i] = connect_to(self);
	st_accept_start(self->ring, &self->accept, self->listener, take);
	run_until(self->ring, &self->nr, 3);
	end(self);
	for (int i = 0; i < 3; i++)
		st_fd_close(&clients[i]);
}

TEST_F(accept, without_a_descriptor_left_it_ends_with_EMFILE_and_can_be_started_again)
{
	struct rlimit limit;
	int last = -1;

	ASSERT_EQ(0, getrlimit(RLIMIT_NOFILE, &limit));
	limit.rlim_cur = 50;
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	int client = connect_to(self);
	int first = dup(0);

	for (int fd = first; fd >= 0; fd = dup(0))
		last = fd;
	st_accept_start(self->ring, &self->accept, self->listener, take);
	run_until(self->ring, &self->nr, 1);
	EXPECT_EQ(-EMFILE, self->result);
	EXPECT_FALSE(st_op_is_armed(&self->accept.op));
	ASSERT_EQ(0, close_range((unsigned int)first, (unsigned int)last, 0));
	st_accept_start(self->ring, &self->accept, self->listener, take);
	run_until(self->ring, &self->nr, 2);
	EXPECT_LE(0, self->result);
	end(self);
	st_fd_close(&client);
}

TEST_F(accept, a_socket_that_does_not_listen_is_EINVAL)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	st_accept_start(self->ring, &self->accept, fd, take);
	run_until(self->ring, &self->nr, 1);
	EXPECT_EQ(-EINVAL, self->result);
	st_fd_close(&fd);
}

TEST_F(accept, it_can_cancel_itself_and_loses_no_connection_it_took)
{
	int client = connect_to(self);

	self->cancels_itself = true;
	st_accept_start(self->ring, &self->accept, self->listener, take);
	run_until(self->ring, &self->nr, 2);
	EXPECT_LE(0, self->first_result);
	EXPECT_EQ(-ECANCELED, self->result);
	EXPECT_FALSE(st_op_is_armed(&self->accept.op));
	st_fd_close(&client);
}

TEST_HARNESS_MAIN
