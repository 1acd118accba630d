// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the control socket is made, in place of what, and with which mode.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/control_socket.h"
#include "kselftest_harness.h"

FIXTURE(path)
{
	char dir[32];
	char path[64];
};

FIXTURE_SETUP(path)
{
	snprintf(self->dir, sizeof(self->dir), "/tmp/suptree-socket-XXXXXX");
	ASSERT_NE(NULL, mkdtemp(self->dir));
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
