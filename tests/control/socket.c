// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the control socket is made, in place of what, and with which mode.
 */
#include <errno.h>
#include <fcntl.h>
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

		ASSERT_EQ(0, st_control_listen(self->path, modes[i], &fd));
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

	ASSERT_EQ(0, st_control_listen(self->path, 0660, &fd));
	ASSERT_EQ(0, stat(self->path, &before));
	close(fd);
	ASSERT_EQ(0, st_control_listen(self->path, 0660, &fd));
	ASSERT_EQ(0, stat(self->path, &after));
	close(fd);
}

TEST_F(path, a_living_daemon_is_left_alone)
{
	int fd, other;

	ASSERT_EQ(0, st_control_listen(self->path, 0660, &fd));
	EXPECT_EQ(-EADDRINUSE, st_control_listen(self->path, 0660, &other));
	EXPECT_EQ(0, access(self->path, F_OK));
	close(fd);
}

#define RIVALS 8
#define ROUNDS 60

/* Wait for the end of file on @start, listen, say with one byte how it went, wait on. */
static void rival(const char *path, int start, int said, int end)
{
	char how;
	int fd, ret;

	if (read(start, &how, 1))
		_exit(2);
	ret = st_control_listen(path, 0660, &fd);
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
	ASSERT_EQ(0, st_control_listen(self->path, 0660, &fd));
	EXPECT_EQ(-1, access(lock, F_OK));
	close(fd);
}

TEST_F(path, a_file_that_is_no_socket_is_never_removed)
{
	int fd = open(self->path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);

	ASSERT_LE(0, fd);
	close(fd);
	EXPECT_EQ(-EEXIST, st_control_listen(self->path, 0660, &fd));
	EXPECT_EQ(0, access(self->path, F_OK));
}

TEST_F(path, a_folder_that_is_not_there_is_an_error)
{
	int fd;

	EXPECT_EQ(-ENOENT, st_control_listen("/nonexistent/dir/s", 0660, &fd));
}

TEST(a_path_must_fit_into_a_socket_address)
{
	char path[ST_CONTROL_PATH_SIZE + 1];
	int fd;

	memset(path, 'x', sizeof(path));
	path[0] = '/';
	path[ST_CONTROL_PATH_SIZE] = '\0';
	EXPECT_EQ(-ENAMETOOLONG, st_control_listen(path, 0660, &fd));
	path[ST_CONTROL_PATH_SIZE - 1] = '\0';
	path[1] = '/';
	path[5] = '/';
	EXPECT_EQ(-ENOENT, st_control_listen(path, 0660, &fd));
}

TEST_HARNESS_MAIN
