// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which uid and gid may be anybody's, in user namespaces with and without a map.
 */
#include "os/user_namespace.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"

#define OVERFLOW 65534

static bool write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool is_written = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);

	close(fd);
	return is_written;
}

enum {
	FOUND = 1,
	MISSED,
	NO_NAMESPACE
};

/* What a child finds in a user namespace of its own, with this map of users. */
static int look(const char *map)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		if (unshare(CLONE_NEWUSER) || (map && !write_file("/proc/self/uid_map", map)))
			_exit(NO_NAMESPACE);
		_exit(st_unmapped_uid().exists ? FOUND : MISSED);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

TEST(without_a_map_the_overflow_uid_may_be_anybodys)
{
	int found = look(NULL);

	if (found == NO_NAMESPACE)
		SKIP(return, "needs user namespaces");
	EXPECT_EQ(FOUND, found);
}

TEST(with_a_map_of_some_users_the_overflow_uid_may_be_anybodys)
{
	char map[64];
	int found;

	snprintf(map, sizeof(map), "0 %u 1\n", getuid());
	found = look(map);
	if (found == NO_NAMESPACE)
		SKIP(return, "needs user namespaces");
	EXPECT_EQ(FOUND, found);
}

TEST(with_a_map_of_all_users_each_uid_is_one_user)
{
	int found = getuid() ? NO_NAMESPACE : look("0 0 4294967295\n");

	if (found == NO_NAMESPACE)
		SKIP(return, "needs root, all users, and user namespaces");
	EXPECT_EQ(MISSED, found);
}

TEST(an_id_is_unmapped_only_where_there_are_such)
{
	const struct st_unmapped some = { .exists = true, .id = OVERFLOW };
	const struct st_unmapped none = { .exists = false, .id = OVERFLOW };

	EXPECT_TRUE(st_unmapped_is(&some, OVERFLOW));
	EXPECT_FALSE(st_unmapped_is(&some, 0));
	EXPECT_FALSE(st_unmapped_is(&none, OVERFLOW));
	EXPECT_EQ(st_unmapped_uid().exists, st_unmapped_gid().exists);
}

TEST_HARNESS_MAIN
