// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a process holds: this one, which opens what is looked for.
 */
#include "os/held.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "kselftest_harness.h"
#include "lib/child.h"
#include "os/fd.h"

#define MAX_PORTS 8

FIXTURE(held)
{
	struct st_held held;
	struct st_held_fd fds[256]; /* by descriptor */
	bool is_there[256];
	struct st_held_port ports[MAX_PORTS];
	char addresses[MAX_PORTS][ST_HELD_MAX_TEXT];
	unsigned int nr_ports;
	unsigned int nr_parts; /* of tables, in which nothing was */
};

FIXTURE_SETUP(held)
{
	st_held_init(&self->held);
}

FIXTURE_TEARDOWN(held)
{
	st_held_done(&self->held);
}

/* Look at everything. Return: that of the last call. */
static int look(FIXTURE_DATA(held) * self, pid_t pid)
{
	struct st_held_port port;
	struct st_held_fd fd;
	int ret = st_held_open(&self->held, pid);

	if (ret)
		return ret;
	while ((ret = st_held_next_fd(&self->held, &fd)) > 0) {
		if (fd.fd >= 256)
			continue;
		self->fds[fd.fd] = fd;
		self->is_there[fd.fd] = true;
	}
	if (ret)
		return ret;
	while ((ret = st_held_next_port(&self->held, &port))) {
		if (ret == -EAGAIN) {
			self->nr_parts++;
			continue;
		}
		if (ret < 0 || self->nr_ports == MAX_PORTS)
			return ret;
		self->ports[self->nr_ports] = port;
		(void)snprintf(self->addresses[self->nr_ports++], ST_HELD_MAX_TEXT, "%s",
			       port.address);
	}
	return 0;
}

/* The index of the port of a descriptor; -1: there is none. */
static int port_of(const FIXTURE_DATA(held) * self, int fd)
{
	for (unsigned int i = 0; i < self->nr_ports; i++)
		if (self->ports[i].fd == fd)
			return (int)i;
	return -1;
}

/* A socket that is bound to a free port of the own host, and that port. */
static int bound(int family, int type, int *ret_port)
{
	struct sockaddr_in6 six = { .sin6_family = AF_INET6, .sin6_addr = in6addr_loopback };
	struct sockaddr_in four = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	bool is_six = family == AF_INET6;
	socklen_t len = is_six ? sizeof(six) : sizeof(four);
	void *address = is_six ? (void *)&six : (void *)&four;
	int fd = socket(family, type | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	if (bind(fd, address, len) || (type == SOCK_STREAM && listen(fd, 1)) ||
	    getsockname(fd, address, &len))
		st_fd_close(&fd);
	*ret_port = ntohs(is_six ? six.sin6_port : four.sin_port);
	return fd;
}

TEST_F(held, files_have_their_path_and_how_they_are_open)
{
	int reads = open("/dev/null", O_RDONLY), writes = open("/dev/null", O_WRONLY);
	int folder = open("/", O_RDONLY | O_DIRECTORY);

	ASSERT_GE(reads, 0);
	ASSERT_GE(writes, 0);
	ASSERT_GE(folder, 0);
	ASSERT_EQ(0, look(self, getpid()));
	EXPECT_EQ(ST_HELD_FILE, self->fds[reads].kind);
	EXPECT_TRUE(self->fds[reads].reads && !self->fds[reads].writes);
	EXPECT_TRUE(self->fds[writes].writes && !self->fds[writes].reads);
	EXPECT_EQ(ST_HELD_FILE, self->fds[folder].kind);
	st_fd_close(&reads);
	st_fd_close(&writes);
	st_fd_close(&folder);
}

TEST_F(held, the_path_of_a_file_is_that_of_the_kernel)
{
	char expected[PATH_MAX] = "";
	struct st_held_fd fd = { .fd = -1 };
	int own = open("/proc/self/exe", O_RDONLY);

	ASSERT_GT(readlink("/proc/self/exe", expected, sizeof(expected) - 1), 0);
	ASSERT_EQ(0, st_held_open(&self->held, getpid()));
	while (fd.fd != own)
		ASSERT_EQ(1, st_held_next_fd(&self->held, &fd));
	EXPECT_STREQ(expected, fd.path);
	st_fd_close(&own);
}

TEST_F(held, pipes_sockets_and_others_are_told_apart)
{
	int pipes[2], event = eventfd(0, EFD_CLOEXEC);
	int alone = socket(AF_UNIX, SOCK_STREAM, 0);

	ASSERT_EQ(0, pipe(pipes));
	ASSERT_EQ(0, look(self, getpid()));
	EXPECT_EQ(ST_HELD_PIPE, self->fds[pipes[0]].kind);
	EXPECT_EQ(ST_HELD_PIPE, self->fds[pipes[1]].kind);
	EXPECT_EQ(ST_HELD_OTHER, self->fds[event].kind);
	EXPECT_EQ(ST_HELD_SOCKET, self->fds[alone].kind);
	EXPECT_EQ(-1, port_of(self, alone));
	st_fd_close(&pipes[0]);
	st_fd_close(&pipes[1]);
	st_fd_close(&event);
	st_fd_close(&alone);
}

TEST_F(held, what_listens_has_its_address_and_port)
{
	static const struct {
		int family, type;
		const char *protocol, *address;
	} kinds[] = {
		{ AF_INET, SOCK_STREAM, "tcp", "127.0.0.1" },
		{ AF_INET6, SOCK_STREAM, "tcp", "::1" },
		{ AF_INET, SOCK_DGRAM, "udp", "127.0.0.1" },
		{ AF_INET6, SOCK_DGRAM, "udp", "::1" },
	};
	int fds[4], ports[4];

	for (size_t i = 0; i < ST_ARRAY_SIZE(kinds); i++)
		fds[i] = bound(kinds[i].family, kinds[i].type, &ports[i]);
	ASSERT_EQ(0, look(self, getpid()));
	for (size_t i = 0; i < ST_ARRAY_SIZE(kinds); i++) {
		int at = port_of(self, fds[i]);

		if (fds[i] < 0 && kinds[i].family == AF_INET6)
			continue; /* a machine without IPv6 */
		ASSERT_GE(at, 0);
		EXPECT_STREQ(kinds[i].protocol, self->ports[at].protocol);
		EXPECT_STREQ(kinds[i].address, self->addresses[at]);
		EXPECT_EQ(ports[i], self->ports[at].port);
		st_fd_close(&fds[i]);
	}
}

TEST_F(held, a_connection_is_no_port)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int port = 0, listens = bound(AF_INET, SOCK_STREAM, &port);
	int connected = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), accepted;

	ASSERT_GE(listens, 0);
	to.sin_port = htons((uint16_t)port);
	ASSERT_EQ(0, connect(connected, (struct sockaddr *)&to, sizeof(to)));
	accepted = accept(listens, NULL, NULL);
	ASSERT_GE(accepted, 0);
	ASSERT_EQ(0, look(self, getpid()));
	EXPECT_EQ(ST_HELD_SOCKET, self->fds[connected].kind);
	EXPECT_GE(port_of(self, listens), 0);
	EXPECT_EQ(-1, port_of(self, connected));
	EXPECT_EQ(-1, port_of(self, accepted));
	st_fd_close(&listens);
	st_fd_close(&connected);
	st_fd_close(&accepted);
}

TEST_F(held, a_unix_socket_that_listens_has_its_path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	char folder[TEMPORARY_SIZE];
	int listens = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), at;

	make_dir(folder);
	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s/a b", folder);
	ASSERT_EQ(0, bind(listens, (struct sockaddr *)&address, sizeof(address)));
	ASSERT_EQ(0, listen(listens, 1));
	ASSERT_EQ(0, look(self, getpid()));
	at = port_of(self, listens);
	ASSERT_GE(at, 0);
	EXPECT_STREQ("unix", self->ports[at].protocol);
	EXPECT_STREQ(address.sun_path, self->addresses[at]);
	EXPECT_EQ(-1, self->ports[at].port);
	st_fd_close(&listens);
	(void)unlink(address.sun_path);
	remove_dir(folder);
}

TEST_F(held, no_table_is_read_if_no_socket_was_seen)
{
	ASSERT_EQ(0, st_held_open(&self->held, getpid()));
	EXPECT_EQ(0, st_held_next_port(&self->held, &self->ports[0]));
	EXPECT_EQ(0, self->held.nr_tables);
}

TEST_F(held, without_memory_for_a_socket_it_fails)
{
	int alone = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), ret;
	struct st_held_fd fd;

	ASSERT_EQ(0, st_held_open(&self->held, getpid()));
	st_alloc_fail_at(1);
	while ((ret = st_held_next_fd(&self->held, &fd)) > 0)
		;
	st_alloc_fail_at(0);
	EXPECT_EQ(-ENOMEM, ret);
	st_fd_close(&alone);
}

TEST_F(held, who_has_ended_holds_nothing)
{
	struct st_held_fd fd;
	pid_t pid = fork();
	int status, ret;

	if (!pid) {
		pause();
		_exit(0);
	}
	ASSERT_EQ(0, st_held_open(&self->held, pid));
	ASSERT_EQ(0, kill(pid, SIGKILL));
	ASSERT_EQ(pid, waitpid(pid, &status, 0));
	while ((ret = st_held_next_fd(&self->held, &fd)) > 0)
		;
	EXPECT_TRUE(ret == -ENOENT || ret == -ESRCH);
	st_held_done(&self->held);
	EXPECT_EQ(-ENOENT, st_held_open(&self->held, pid));
}

TEST_F(held, beyond_the_limit_sockets_are_only_counted)
{
	struct rlimit limit;
	struct st_held_fd fd;
	int ret, nr = 0;

	ASSERT_EQ(0, getrlimit(RLIMIT_NOFILE, &limit));
	if (limit.rlim_max < ST_HELD_MAX_SOCKETS + 100)
		SKIP(return, "RLIMIT_NOFILE allows no more than the limit");
	limit.rlim_cur = ST_HELD_MAX_SOCKETS + 100;
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &limit));
	while (nr < ST_HELD_MAX_SOCKETS + 3 && socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0) >= 0)
		nr++;
	ASSERT_EQ(ST_HELD_MAX_SOCKETS + 3, nr);
	ASSERT_EQ(0, st_held_open(&self->held, getpid()));
	while ((ret = st_held_next_fd(&self->held, &fd)) > 0)
		;
	EXPECT_EQ(0, ret);
	EXPECT_GE(self->held.nr_unknown, 3);
	EXPECT_EQ(ST_HELD_MAX_SOCKETS, self->held.sockets.nr);
}

TEST_HARNESS_MAIN
