// SPDX-License-Identifier: GPL-2.0-only
/*
 * The socket of readiness messages: making it, and what arrives on it.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "lib/child.h"
#include "os/fd.h"
#include "os/ready.h"

FIXTURE(socket)
{
	char dir[64];
	struct sockaddr_un address;
	int fd;
	int sender;
	pid_t pid;
	struct st_ready_message ready;
};

FIXTURE_SETUP(socket)
{
	make_dir(self->dir);
	self->address.sun_family = AF_UNIX;
	(void)snprintf(self->address.sun_path, sizeof(self->address.sun_path), "%s/notify",
		       self->dir);
	ASSERT_EQ(0, st_ready_open(self->address.sun_path, 0666, &self->fd));
	self->sender = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	ASSERT_EQ(0,
		  connect(self->sender, (struct sockaddr *)&self->address, sizeof(self->address)));
}

FIXTURE_TEARDOWN(socket)
{
	st_fd_close(&self->fd);
	st_fd_close(&self->sender);
	remove_dir(self->dir);
}

static ssize_t send_text(int fd, const char *text)
{
	return send(fd, text, strlen(text), 0);
}

TEST_F(socket, a_message_arrives_with_the_pid_of_its_sender)
{
	ASSERT_LT(0, send_text(self->sender, "READY=1\nSTATUS=up"));
	ASSERT_EQ(0, st_ready_receive(self->fd, &self->pid, &self->ready));
	st_ready_done(self->fd);
	EXPECT_EQ(getpid(), self->pid);
	EXPECT_TRUE(self->ready.is_ready);
	EXPECT_STREQ("up", self->ready.status);
}

TEST_F(socket, the_pid_is_the_sender_and_not_who_opened_the_socket)
{
	char *argv[] = { (char *)PROGRAM("notify"), self->address.sun_path, "READY=1", NULL };
	struct outcome outcome = run_program(argv);

	ASSERT_EQ(0, outcome.how.status);
	ASSERT_EQ(0, st_ready_receive(self->fd, &self->pid, &self->ready));
	st_ready_done(self->fd);
	EXPECT_EQ(atoi(outcome.text), self->pid);
}

TEST_F(socket, without_a_message_it_says_EAGAIN)
{
	EXPECT_EQ(-EAGAIN, st_ready_receive(self->fd, &self->pid, &self->ready));
}

TEST_F(socket, messages_come_one_by_one)
{
	ASSERT_LT(0, send_text(self->sender, "STATUS=1"));
	ASSERT_LT(0, send_text(self->sender, "STATUS=2"));
	ASSERT_EQ(0, st_ready_receive(self->fd, &self->pid, &self->ready));
	st_ready_done(self->fd);
	EXPECT_STREQ("1", self->ready.status);
	ASSERT_EQ(0, st_ready_receive(self->fd, &self->pid, &self->ready));
	st_ready_done(self->fd);
	EXPECT_STREQ("2", self->ready.status);
	EXPECT_EQ(-EAGAIN, st_ready_receive(self->fd, &self->pid, &self->ready));
}

TEST_F(socket, a_malformed_message_is_dropped_and_the_next_is_read)
{
	ASSERT_LT(0, send_text(self->sender, "what?"));
	ASSERT_LT(0, send_text(self->sender, "READY=1"));
	self->pid = 0;
	EXPECT_EQ(-EBADMSG, st_ready_receive(self->fd, &self->pid, &self->ready));
	EXPECT_EQ(getpid(), self->pid);
	EXPECT_EQ(0, st_ready_receive(self->fd, &self->pid, &self->ready));
	st_ready_done(self->fd);
	EXPECT_TRUE(self->ready.is_ready);
}

TEST_F(socket, an_empty_message_is_malformed)
{
	ASSERT_EQ(0, send(self->sender, "", 0, 0));
	EXPECT_EQ(-EBADMSG, st_ready_receive(self->fd, &self->pid, &self->ready));
}

TEST_F(socket, a_message_at_the_limit_is_read_and_one_byte_more_is_EMSGSIZE)
{
	char text[ST_READY_MESSAGE_MAX + 1] = "READY=1\nX=";

	memset(text + 10, 'x', sizeof(text) - 10);
	ASSERT_LT(0, send(self->sender, text, ST_READY_MESSAGE_MAX, 0));
	ASSERT_LT(0, send(self->sender, text, ST_READY_MESSAGE_MAX + 1, 0));
	EXPECT_EQ(0, st_ready_receive(self->fd, &self->pid, &self->ready));
	st_ready_done(self->fd);
	EXPECT_TRUE(self->ready.is_ready);
	EXPECT_EQ(-EMSGSIZE, st_ready_receive(self->fd, &self->pid, &self->ready));
	EXPECT_EQ(getpid(), self->pid);
	EXPECT_EQ(-EAGAIN, st_ready_receive(self->fd, &self->pid, &self->ready));
}

/* Send @passed @nr times. */
static void send_fds(int fd, const char *text, int passed, size_t nr)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int) * 64)];
	} control = { 0 };
	struct iovec iov = { (char *)(uintptr_t)text, strlen(text) };
	struct msghdr message = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = CMSG_SPACE(sizeof(int) * nr),
	};
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int) * nr);
	for (size_t i = 0; i < nr; i++)
		memcpy(CMSG_DATA(header) + i * sizeof(int), &passed, sizeof(int));
	(void)!sendmsg(fd, &message, 0);
}

TEST_F(socket, descriptors_that_come_along_are_never_installed)
{
	int before = lowest_free();

	for (size_t nr = 1; nr <= 64; nr++) {
		send_fds(self->sender, "READY=1", STDIN_FILENO, nr);
		EXPECT_EQ(0, st_ready_receive(self->fd, &self->pid, &self->ready));
		EXPECT_EQ(getpid(), self->pid);
		EXPECT_TRUE(self->ready.is_ready);
		EXPECT_EQ(before, lowest_free());
		st_ready_done(self->fd);
		EXPECT_EQ(before, lowest_free());
		EXPECT_EQ(-EAGAIN, st_ready_receive(self->fd, &self->pid, &self->ready));
	}
	send_fds(self->sender, "what?", STDIN_FILENO, 3);
	EXPECT_EQ(-EBADMSG, st_ready_receive(self->fd, &self->pid, &self->ready));
	EXPECT_EQ(before, lowest_free());
	EXPECT_EQ(-EAGAIN, st_ready_receive(self->fd, &self->pid, &self->ready));
}

TEST_F(socket, a_sender_that_waits_for_its_descriptor_goes_on_when_the_message_is_done)
{
	struct pollfd barrier = { .events = 0 };
	int ends[2];

	ASSERT_EQ(0, pipe2(ends, O_CLOEXEC));
	barrier.fd = ends[0];
	send_fds(self->sender, "BARRIER=1", ends[1], 1);
	st_fd_close(&ends[1]);
	ASSERT_EQ(0, st_ready_receive(self->fd, &self->pid, &self->ready));
	EXPECT_EQ(0, poll(&barrier, 1, 0));
	st_ready_done(self->fd);
	EXPECT_EQ(1, poll(&barrier, 1, 0));
	EXPECT_EQ(POLLHUP, barrier.revents);
	st_fd_close(&ends[0]);
}

TEST_F(socket, its_file_has_the_mode_that_was_asked_for)
{
	struct stat st;

	ASSERT_EQ(0, stat(self->address.sun_path, &st));
	EXPECT_EQ(0666, st.st_mode & 07777);
}

TEST_F(socket, a_socket_that_was_left_there_is_replaced)
{
	int again;

	ASSERT_EQ(0, st_ready_open(self->address.sun_path, 0600, &again));
	st_fd_close(&again);
}

TEST_F(socket, what_is_no_socket_is_not_removed)
{
	char path[100];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/file", self->dir);
	make_file(path, "precious", 0644);
	EXPECT_EQ(-EEXIST, st_ready_open(path, 0600, &fd));
	EXPECT_EQ(0, access(path, F_OK));
	EXPECT_EQ(-EEXIST, st_ready_open(self->dir, 0600, &fd));
}

TEST_F(socket, paths_that_cannot_be_are_refused)
{
	char path[200];
	int fd;

	EXPECT_EQ(-EINVAL, st_ready_open("", 0600, &fd));
	EXPECT_EQ(-EINVAL, st_ready_open("relative", 0600, &fd));
	EXPECT_EQ(-ENOENT, st_ready_open("/nonexistent/notify", 0600, &fd));
	memset(path, 'x', sizeof(path));
	path[0] = '/';
	path[108] = '\0';
	EXPECT_EQ(-ENAMETOOLONG, st_ready_open(path, 0600, &fd));
	/* 107 bytes fit: it is looked for, and the directory refuses it or not. */
	(void)snprintf(path, sizeof(path), "%s/%0*d", self->dir, (int)(107 - strlen(self->dir) - 1),
		       0);
	ASSERT_EQ(107, strlen(path));
	ASSERT_EQ(0, st_ready_open(path, 0600, &fd));
	st_fd_close(&fd);
}

TEST_F(socket, a_directory_that_may_not_be_written_is_EACCES)
{
	char path[100];
	int fd;

	if (geteuid() != 0)
		SKIP(return, "needs root to give it up");
	(void)snprintf(path, sizeof(path), "%s/other", self->dir);
	ASSERT_EQ(0, setresuid(-1, 65534, -1));
	int ret = st_ready_open(path, 0600, &fd);

	ASSERT_EQ(0, setresuid(-1, 0, -1));
	EXPECT_EQ(-EACCES, ret);
}

TEST_F(socket, without_a_descriptor_left_it_is_EMFILE)
{
	int fd;

	EXPECT_LT(0, use_up_fds());
	EXPECT_EQ(-EMFILE, st_ready_open(self->address.sun_path, 0600, &fd));
	give_back_fds();
}

TEST_HARNESS_MAIN
