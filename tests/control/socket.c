// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the control socket is made, in place of what, and with which mode.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/control/control_socket.h"
#include "kselftest_harness.h"
#include "temporary.h"

FIXTURE(path)
{
	char dir[TEMPORARY_SIZE];
	char path[TEMPORARY_SIZE + 32];
	pid_t owner;
};

FIXTURE_SETUP(path)
{
	ASSERT_NE(NULL, temporary_folder(self->dir, "suptree-socket-XXXXXX"));
	snprintf(self->path, sizeof(self->path), "%s/s", self->dir);
}

FIXTURE_TEARDOWN(path)
{
	unlink(self->path);
	EXPECT_EQ(0, rmdir(self->dir));
}

TEST_F(path, the_socket_has_the_mode_asked_for_whatever_the_umask)
{
	static const mode_t modes[] = { 0660, 0666, 0600 };

	umask(0077);
	for (size_t i = 0; i < ST_ARRAY_SIZE(modes); i++) {
		struct stat found;
		int fd;

		ASSERT_EQ(0, st_control_listen(self->path, modes[i], 0, &self->owner, &fd));
		ASSERT_EQ(0, stat(self->path, &found));
		EXPECT_EQ(S_IFSOCK | modes[i], found.st_mode);
		EXPECT_EQ(FD_CLOEXEC, fcntl(fd, F_GETFD));
		close(fd);
	}
	EXPECT_EQ(0077, umask(0022));
}

TEST_F(path, a_socket_that_nobody_listens_on_is_replaced)
{
	struct stat before, after;
	int fd;

	ASSERT_EQ(0, st_control_listen(self->path, 0660, 0, &self->owner, &fd));
	ASSERT_EQ(0, stat(self->path, &before));
	close(fd);
	ASSERT_EQ(0, st_control_listen(self->path, 0660, 0, &self->owner, &fd));
	ASSERT_EQ(0, stat(self->path, &after));
	close(fd);
}

TEST_F(path, a_living_daemon_is_left_alone_and_named)
{
	int fd, other;

	ASSERT_EQ(0, st_control_listen(self->path, 0660, 0, &self->owner, &fd));
	EXPECT_EQ(-EADDRINUSE, st_control_listen(self->path, 0660, 0, &self->owner, &other));
	EXPECT_EQ(getpid(), self->owner);
	EXPECT_EQ(0, access(self->path, F_OK));
	close(fd);
}

/*
 * A process that listens. @end: it lives until this is closed. @heir: one more process has its
 * socket, and lives until that is closed.
 */
static pid_t start_owner(const char *path, int end[2], int heir[2])
{
	int listens[2], fd;
	pid_t owner, pid;
	char byte;

	if (pipe(listens) || pipe(end) || pipe(heir))
		return -1;
	pid = fork();
	if (!pid) {
		close(end[1]);
		close(heir[1]);
		if (st_control_listen(path, 0660, 0, &owner, &fd))
			_exit(2);
		if (!fork())
			_exit(read(heir[0], &byte, 1) != 0);
		if (write(listens[1], "", 1) != 1)
			_exit(2);
		_exit(read(end[0], &byte, 1) != 0);
	}
	close(listens[1]);
	close(end[0]);
	close(heir[0]);
	if (read(listens[0], &byte, 1) != 1)
		pid = -1;
	close(listens[0]);
	return pid;
}

TEST_F(path, the_end_of_a_daemon_that_dies_is_awaited)
{
	int end[2], heir[2], fd;
	pid_t pid = start_owner(self->path, end, heir), killer;

	ASSERT_LT(0, pid);
	close(heir[1]); /* the other process ends, so only the owner has the socket */
	EXPECT_EQ(-EADDRINUSE, st_control_listen(self->path, 0660, 0, &self->owner, &fd));
	EXPECT_EQ(pid, self->owner);
	killer = fork();
	if (!killer)
		_exit(kill(pid, SIGKILL) != 0);
	EXPECT_EQ(0, st_control_listen(self->path, 0660, 60000, &self->owner, &fd));
	EXPECT_EQ(pid, waitpid(pid, NULL, 0));
	EXPECT_EQ(killer, waitpid(killer, NULL, 0));
	close(end[1]);
	close(fd);
}

/* As a child that was stopped between its clone and its exec. */
TEST_F(path, a_dead_daemons_socket_is_taken_over_although_somebody_has_inherited_it)
{
	int end[2], heir[2], fd, other;
	pid_t pid = start_owner(self->path, end, heir);
	struct stat before, after;

	ASSERT_LT(0, pid);
	ASSERT_EQ(0, stat(self->path, &before));
	ASSERT_EQ(0, kill(pid, SIGKILL));
	ASSERT_EQ(pid, waitpid(pid, NULL, 0));
	ASSERT_EQ(0, st_control_listen(self->path, 0660, 10, &self->owner, &fd));
	ASSERT_EQ(0, stat(self->path, &after));
	EXPECT_NE(before.st_ino, after.st_ino);
	EXPECT_EQ(-EADDRINUSE, st_control_listen(self->path, 0660, 0, &self->owner, &other));
	EXPECT_EQ(getpid(), self->owner);
	close(heir[1]);
	close(end[1]);
	close(fd);
}

#define RIVALS 8
#define ROUNDS 60

/* Wait for the end of file on @start, listen, say with one byte how it went, wait on. */
static void rival(const char *path, int start, int said, int end)
{
	pid_t owner;
	char how;
	int fd, ret;

	if (read(start, &how, 1))
		_exit(2);
	ret = st_control_listen(path, 0660, 0, &owner, &fd);
	how = ret == 0 ? 'w' : ret == -EADDRINUSE ? 'u' : '?';
	if (write(said, &how, 1) != 1 || read(end, &how, 1))
		_exit(2);
	_exit(0);
}

/* All at once; how many have won, or -1 if there was another answer. */
static int contest(const char *path)
{
	int start[2], said[2], end[2], nr_winners = 0;
	bool is_odd = false;

	if (pipe(start) || pipe(said) || pipe(end))
		return -1;
	for (int i = 0; i < RIVALS; i++) {
		if (fork())
			continue;
		close(start[1]);
		close(end[1]);
		rival(path, start[0], said[1], end[0]);
	}
	close(start[1]);
	for (int i = 0; i < RIVALS; i++) {
		char how = '?';

		is_odd |= read(said[0], &how, 1) != 1 || how == '?';
		nr_winners += how == 'w';
	}
	close(end[1]);
	for (int i = 0; i < RIVALS; i++) {
		int status;

		is_odd |= wait(&status) < 0 || status;
	}
	close(start[0]);
	close(said[0]);
	close(said[1]);
	close(end[0]);
	return is_odd ? -1 : nr_winners;
}

/* The first contest finds nothing, the others what the winner before has left. */
TEST_F(path, of_many_at_the_same_moment_exactly_one_wins_and_its_socket_stays)
{
	char lock[TEMPORARY_SIZE + 40];

	snprintf(lock, sizeof(lock), "%s.lock", self->path);
	for (int i = 0; i < ROUNDS; i++) {
		ASSERT_EQ(1, contest(self->path));
		EXPECT_EQ(0, access(self->path, F_OK));
		EXPECT_EQ(-1, access(lock, F_OK));
	}
}

TEST_F(path, a_lock_file_that_was_left_behind_does_no_harm)
{
	char lock[TEMPORARY_SIZE + 40];
	int fd;

	snprintf(lock, sizeof(lock), "%s.lock", self->path);
	fd = open(lock, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	ASSERT_LE(0, fd);
	close(fd);
	ASSERT_EQ(0, st_control_listen(self->path, 0660, 0, &self->owner, &fd));
	EXPECT_EQ(-1, access(lock, F_OK));
	close(fd);
}

TEST_F(path, a_file_that_is_no_socket_is_never_removed)
{
	int fd = open(self->path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

	ASSERT_LE(0, fd);
	close(fd);
	EXPECT_EQ(-EEXIST, st_control_listen(self->path, 0660, 0, &self->owner, &fd));
	EXPECT_EQ(0, access(self->path, F_OK));
}

TEST_F(path, a_folder_that_is_not_there_is_an_error)
{
	int fd;

	EXPECT_EQ(-ENOENT, st_control_listen("/nonexistent/dir/s", 0660, 0, &self->owner, &fd));
}

TEST(a_path_must_fit_into_a_socket_address)
{
	char path[ST_CONTROL_PATH_SIZE + 1];
	pid_t owner;
	int fd;

	memset(path, 'x', sizeof(path));
	path[0] = '/';
	path[ST_CONTROL_PATH_SIZE] = '\0';
	EXPECT_EQ(-ENAMETOOLONG, st_control_listen(path, 0660, 0, &owner, &fd));
	path[ST_CONTROL_PATH_SIZE - 1] = '\0';
	path[1] = '/';
	path[5] = '/';
	EXPECT_EQ(-ENOENT, st_control_listen(path, 0660, 0, &owner, &fd));
}

TEST_HARNESS_MAIN
