// SPDX-License-Identifier: GPL-2.0-only
/*
 * Datagrams to a local service: small ones, large ones, and a service that is
 * full or gone.
 */
#include "os/datagram.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/child.h"
#include "os/fd.h"

FIXTURE(datagram)
{
	char dir[64];
	struct sockaddr_un address;
	int service_fd;
	int fd;
};

static int serve(const struct sockaddr_un *address)
{
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (bind(fd, (const struct sockaddr *)address, sizeof(*address)) < 0)
		perror("bind");
	return fd;
}

FIXTURE_SETUP(datagram)
{
	make_dir(self->dir);
	self->address.sun_family = AF_UNIX;
	snprintf(self->address.sun_path, sizeof(self->address.sun_path), "%s/socket", self->dir);
	self->service_fd = serve(&self->address);
	self->fd = -1;
	ASSERT_EQ(0, st_datagram_connect(self->address.sun_path, &self->fd));
}

FIXTURE_TEARDOWN(datagram)
{
	st_fd_close(&self->fd);
	st_fd_close(&self->service_fd);
	unlink(self->address.sun_path);
	remove_dir(self->dir);
}

TEST_F(datagram, what_is_sent_arrives_as_one)
{
	char text[16] = "";

	ASSERT_EQ(0, st_datagram_send(self->fd, "one", 3));
	ASSERT_EQ(0, st_datagram_send(self->fd, "two", 3));
	ASSERT_EQ(3, recv(self->service_fd, text, sizeof(text), 0));
	EXPECT_STREQ("one", text);
}

static int receive_fd(int fd)
{
	char room[CMSG_SPACE(sizeof(int))], text[8];
	struct iovec part = { text, sizeof(text) };
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = room,
				  .msg_controllen = sizeof(room) };
	int received = -1;

	if (recvmsg(fd, &message, MSG_CMSG_CLOEXEC) == 0 && CMSG_FIRSTHDR(&message))
		memcpy(&received, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(int));
	return received;
}

TEST_F(datagram, what_is_too_large_arrives_as_a_sealed_file)
{
	static char large[1 << 20], again[1 << 20];
	int small = 0, received_fd;
	struct stat status;

	memset(large, 'x', sizeof(large));
	ASSERT_EQ(0, setsockopt(self->fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small)));
	ASSERT_EQ(0, st_datagram_send(self->fd, large, sizeof(large)));
	received_fd = receive_fd(self->service_fd);
	ASSERT_LE(0, received_fd);
	EXPECT_EQ(F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE,
		  fcntl(received_fd, F_GET_SEALS));
	ASSERT_EQ(0, fstat(received_fd, &status));
	EXPECT_EQ((off_t)sizeof(large), status.st_size);
	EXPECT_EQ((ssize_t)sizeof(again), pread(received_fd, again, sizeof(again), 0));
	EXPECT_EQ(0, memcmp(large, again, sizeof(large)));
	st_fd_close(&received_fd);
}

TEST_F(datagram, a_full_service_is_EAGAIN_and_not_a_wait)
{
	int ret;

	do
		ret = st_datagram_send(self->fd, "x", 1);
	while (!ret);
	EXPECT_EQ(-EAGAIN, ret);
}

TEST_F(datagram, a_service_that_is_gone_is_ECONNREFUSED)
{
	int fd = -1;

	st_fd_close(&self->service_fd);
	EXPECT_EQ(-ECONNREFUSED, st_datagram_send(self->fd, "x", 1));
	EXPECT_EQ(-ECONNREFUSED, st_datagram_connect(self->address.sun_path, &fd));
	ASSERT_EQ(0, unlink(self->address.sun_path));
	EXPECT_EQ(-ENOENT, st_datagram_connect(self->address.sun_path, &fd));
	EXPECT_EQ(-1, fd);
}

TEST(a_path_that_is_too_long_is_refused)
{
	char path[200];
	int fd = -1;

	memset(path, 'x', sizeof(path));
	path[199] = '\0';
	EXPECT_EQ(-ENAMETOOLONG, st_datagram_connect(path, &fd));
	EXPECT_EQ(-1, fd);
}

TEST_HARNESS_MAIN
