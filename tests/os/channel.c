// SPDX-License-Identifier: GPL-2.0-only
/*
 * Connections to mailboxes.
 */
#include "os/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/child.h"
#include "os/fd.h"

static const char hello[] = "{\"pid\":1}";

FIXTURE(mailbox)
{
	int listener;
	uint32_t address;
};

/* Autobind: the kernel chooses five hexadecimal digits. */
FIXTURE_SETUP(mailbox)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	socklen_t len = sizeof(sa_family_t);

	self->listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	ASSERT_LE(0, self->listener);
	ASSERT_EQ(0, bind(self->listener, (struct sockaddr *)&name, len));
	ASSERT_EQ(0, listen(self->listener, 1));
	len = sizeof(name);
	ASSERT_EQ(0, getsockname(self->listener, (struct sockaddr *)&name, &len));
	self->address = (uint32_t)strtoul(name.sun_path + 1, NULL, 16);
}

FIXTURE_TEARDOWN(mailbox)
{
	st_fd_close(&self->listener);
}

TEST_F(mailbox, the_first_packet_says_for_whom)
{
	unsigned char packet[64];
	int fd, peer;

	ASSERT_EQ(0, st_channel_open(self->address, getpid(), hello, strlen(hello), &fd));
	peer = accept(self->listener, NULL, NULL);
	ASSERT_LE(0, peer);
	ASSERT_EQ(16 + (ssize_t)strlen(hello), recv(peer, packet, sizeof(packet), 0));
	EXPECT_EQ(1, packet[0]);
	for (int i = 1; i < 16; i++)
		EXPECT_EQ(0, packet[i]);
	EXPECT_EQ(0, memcmp(packet + 16, hello, strlen(hello)));
	EXPECT_EQ(0, fcntl(fd, F_GETFL) & O_NONBLOCK);
	EXPECT_EQ(FD_CLOEXEC, fcntl(fd, F_GETFD));
	close(fd);
	close(peer);
}

TEST_F(mailbox, another_process_at_that_address_is_not_talked_to)
{
	int fd = -1, peer;
	char byte;

	EXPECT_EQ(-ESRCH, st_channel_open(self->address, 1, hello, strlen(hello), &fd));
	EXPECT_EQ(-1, fd);
	peer = accept(self->listener, NULL, NULL);
	ASSERT_LE(0, peer);
	EXPECT_EQ(0, recv(peer, &byte, 1, 0)) TH_LOG("nothing was said to it");
	close(peer);
}

TEST_F(mailbox, an_address_where_nobody_listens_is_refused)
{
	int fd;

	st_fd_close(&self->listener);
	EXPECT_EQ(-ECONNREFUSED, st_channel_open(self->address, getpid(), hello, 2, &fd));
}

TEST_F(mailbox, one_that_accepts_nobody_is_not_waited_for)
{
	int fds[16], nr = 0, ret = 0;

	while (nr < 16 && !ret) {
		ret = st_channel_open(self->address, getpid(), hello, 2, &fds[nr]);
		nr += !ret;
	}
	EXPECT_EQ(-EAGAIN, ret);
	EXPECT_LT(0, nr);
	while (nr)
		close(fds[--nr]);
}

TEST_F(mailbox, too_long_a_text_is_EMSGSIZE)
{
	static const char text[ST_CHANNEL_HELLO_MAX + 1];
	int before = lowest_free(), fd;

	EXPECT_EQ(-EMSGSIZE, st_channel_open(self->address, getpid(), text, sizeof(text), &fd));
	EXPECT_EQ(before, lowest_free());
	ASSERT_EQ(0, st_channel_open(self->address, getpid(), text, sizeof(text) - 1, &fd));
	close(fd);
}

TEST_F(mailbox, without_a_descriptor_it_is_EMFILE)
{
	int fd;

	EXPECT_LT(0, use_up_fds());
	EXPECT_EQ(-EMFILE, st_channel_open(self->address, getpid(), hello, 2, &fd));
	give_back_fds();
}

TEST_HARNESS_MAIN
