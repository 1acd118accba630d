// SPDX-License-Identifier: GPL-2.0-only
/*
 * Control groups: finding, making, killing, removing. The parsers are tested
 * everywhere, the rest where a cgroup can be made.
 */
#include "os/cgroup.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "kselftest_harness.h"
#include "lib/child.h"
#include "os/fd.h"

#define V1 "31 25 0:27 / /sys/fs/cgroup/cpu rw,nosuid - cgroup cgroup rw,cpu\n"

TEST(the_mount_point_of_version_2_is_found_among_others)
{
	char path[64];

	EXPECT_EQ(0, st_cgroup_parse_mountinfo(
			     V1 "32 25 0:28 / /sys/fs/cgroup rw shared:9 master:1 - cgroup2 c rw\n",
			     path, sizeof(path)));
	EXPECT_STREQ("/sys/fs/cgroup", path);
}

TEST(a_mount_point_is_unescaped)
{
	char path[64];

	EXPECT_EQ(0, st_cgroup_parse_mountinfo("1 2 0:1 / /a\\040b\\134c\\0 rw - cgroup2 c rw",
					       path, sizeof(path)));
	EXPECT_STREQ("/a b\\c\\0", path);
}

TEST(text_without_a_mount_of_version_2_is_ENOENT)
{
	static const char *const texts[] = {
		"",
		V1,
		"\n\n",
		"1 2 0:1 / /x rw - cgroup2",
		"1 2 0:1 / /x rw cgroup2 c rw\n - cgroup2 c rw\n",
		" - cgroup2 c rw\n",
		"1 2 - cgroup2 c rw\n",
	};
	char path[64];

	for (size_t i = 0; i < ST_ARRAY_SIZE(texts); i++) {
		EXPECT_EQ(-ENOENT, st_cgroup_parse_mountinfo(texts[i], path, sizeof(path)))
		{
			TH_LOG("text %zu", i);
		}
	}
}

TEST(a_mount_point_that_does_not_fit_is_ENAMETOOLONG)
{
	char path[4];

	EXPECT_EQ(-ENAMETOOLONG, st_cgroup_parse_mountinfo("1 2 0:1 / /abc rw - cgroup2 c rw", path,
							   sizeof(path)));
	EXPECT_EQ(0,
		  st_cgroup_parse_mountinfo("1 2 0:1 / /ab rw - cgroup2 c rw", path, sizeof(path)));
}

TEST(the_own_cgroup_is_the_line_with_hierarchy_0)
{
	char path[64];

	EXPECT_EQ(0, st_cgroup_parse_own("4:cpu:/x\n0::/system.slice/a b\n", path, sizeof(path)));
	EXPECT_STREQ("/system.slice/a b", path);
	EXPECT_EQ(0, st_cgroup_parse_own("0::/", path, sizeof(path)));
	EXPECT_STREQ("/", path);
	EXPECT_EQ(-ENOENT, st_cgroup_parse_own("4:cpu:/x\n10::/y\n", path, sizeof(path)));
	EXPECT_EQ(-ENOENT, st_cgroup_parse_own("", path, sizeof(path)));
	EXPECT_EQ(-ENAMETOOLONG, st_cgroup_parse_own("0::/abc", path, 4));
	EXPECT_EQ(0, st_cgroup_parse_own("0::/abc", path, 5));
}

TEST(a_directory_elsewhere_is_EOPNOTSUPP_and_is_not_left_behind)
{
	char dir[64];
	char path[128];
	int fd;

	make_dir(dir);
	(void)snprintf(path, sizeof(path), "%s/group", dir);
	EXPECT_EQ(-EOPNOTSUPP, st_cgroup_create(path, &fd));
	EXPECT_EQ(-1, access(path, F_OK));
	EXPECT_EQ(-EOPNOTSUPP, st_cgroup_create(dir, &fd));
	EXPECT_EQ(0, access(dir, F_OK));
	make_file(path, "", 0644);
	EXPECT_EQ(-ENOTDIR, st_cgroup_create(path, &fd));
	remove_dir(dir);
}

TEST(a_missing_parent_is_ENOENT)
{
	int fd;

	EXPECT_EQ(-ENOENT, st_cgroup_create("/nonexistent/group", &fd));
	EXPECT_EQ(0, st_cgroup_remove("/nonexistent/group"));
}

TEST(a_read_only_hierarchy_is_EROFS)
{
	char dir[64];
	char path[128];
	int fd;

	if (geteuid() != 0 || unshare(CLONE_NEWNS) < 0)
		SKIP(return, "needs a mount namespace");
	make_dir(dir);
	(void)snprintf(path, sizeof(path), "%s/group", dir);
	ASSERT_EQ(0, mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	ASSERT_EQ(0, mount("none", dir, "tmpfs", MS_RDONLY, NULL));
	EXPECT_EQ(-EROFS, st_cgroup_create(path, &fd));
	ASSERT_EQ(0, umount(dir));
	remove_dir(dir);
}

TEST(a_directory_of_somebody_else_is_EACCES)
{
	int fd;

	if (geteuid() == 0)
		become_nobody();
	EXPECT_EQ(-EACCES, st_cgroup_create("/etc/group-of-nobody", &fd));
}

TEST(without_memory_the_own_cgroup_is_not_found)
{
	char path[4096];

	st_alloc_fail_at(1);
	EXPECT_EQ(-ENOMEM, st_cgroup_find_own(path, sizeof(path)));
	st_alloc_fail_at(0);
}

FIXTURE(group)
{
	char path[4096];
	int fd;
};

FIXTURE_SETUP(group)
{
	if (st_cgroup_find_own(self->path, sizeof(self->path) - 64) < 0)
		SKIP_FIXTURE("needs cgroup version 2");
	size_t len = strlen(self->path);

	(void)snprintf(self->path + len, 64, "/st-test-%d", (int)getpid());
	if (st_cgroup_create(self->path, &self->fd) < 0)
		SKIP_FIXTURE("needs a writable cgroup version 2");
}

FIXTURE_TEARDOWN(group)
{
	if (self->fd > 0)
		EXPECT_EQ(0, st_cgroup_remove(self->path));
	st_fd_close(&self->fd);
}

/* A shell with a child, both in the cgroup; they say so, and wait. */
static struct st_pidref populate(struct st_spawn_pool *pool, int cgroup_fd, int *ret_reader)
{
	char *argv[] = { "/bin/sh", "-c", "(echo; read x <&3) 3<&0 & echo; read x", NULL };
	struct st_spawn_request request;
	struct st_spawn_failure failure;
	struct st_spawn *spawn;
	struct st_pidref ref = ST_PIDREF_NONE;
	int in[2], out[2];

	if (pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0)
		return ref;
	request_program(&request, argv);
	request.stdio[0] = in[0];
	request.stdio[1] = out[1];
	request.cgroup_fd = cgroup_fd;
	if (st_spawn_begin(pool, &request, ST_SPAWN_GATE_OPEN, &spawn, &failure) == 0) {
		ref = st_pidref_take(st_spawn_pidref(spawn));
		await_exec(spawn);
		(void)!st_spawn_finish(spawn, &failure);
	}
	st_fd_close(&in[0]);
	st_fd_close(&out[1]);
	/* in[1] stays open: the end of this process would end them. */
	*ret_reader = out[0];
	return ref;
}

TEST_F(group, a_kill_reaches_every_process_in_it)
{
	struct st_spawn_pool *pool;
	char text[16];
	int reader;
	int events;

	ASSERT_EQ(0, st_spawn_pool_new(0, &pool));
	struct st_pidref ref = populate(pool, self->fd, &reader);

	ASSERT_TRUE(st_pidref_is_set(&ref));
	EXPECT_EQ('\n', read_byte(reader));
	EXPECT_EQ('\n', read_byte(reader));
	EXPECT_EQ(1, st_cgroup_is_populated(self->fd));
	EXPECT_EQ(-EBUSY, st_cgroup_remove(self->path));
	int again;

	EXPECT_EQ(-EBUSY, st_cgroup_create(self->path, &again));
	ASSERT_EQ(0, st_cgroup_open_events(self->fd, &events));
	(void)!read(events, text, sizeof(text));
	ASSERT_EQ(0, st_cgroup_kill(self->fd));
	/* Both had it open: its end is the end of both. */
	read_all(reader, text, sizeof(text));
	struct st_exit how = await_end(&ref);

	EXPECT_EQ(CLD_KILLED, how.code);
	EXPECT_EQ(SIGKILL, how.status);
	struct pollfd poll_fd = { .fd = events, .events = POLLPRI };

	while (st_cgroup_is_populated(self->fd) == 1) {
		ASSERT_EQ(1, poll(&poll_fd, 1, -1));
		(void)!pread(events, text, sizeof(text), 0);
	}
	EXPECT_EQ(0, st_cgroup_is_populated(self->fd));
	st_fd_close(&events);
	st_pidref_done(&ref);
	st_spawn_pool_free(pool);
}

static bool is_among(const pid_t *pids, size_t nr, pid_t pid)
{
	for (size_t i = 0; i < nr; i++)
		if (pids[i] == pid)
			return true;
	return false;
}

/* Those in a cgroup that somebody made below it count, too. */
TEST_F(group, its_processes_are_listed_with_those_below)
{
	struct st_spawn_pool *pool;
	char path[4096 + 16];
	int below, reader, other_reader;
	char text[16];
	pid_t *pids;
	size_t nr;

	(void)snprintf(path, sizeof(path), "%s/below", self->path);
	ASSERT_EQ(0, st_cgroup_list(self->fd, &pids, &nr));
	EXPECT_EQ(0, nr);
	ASSERT_EQ(0, st_cgroup_create(path, &below));
	ASSERT_EQ(0, st_spawn_pool_new(0, &pool));
	struct st_pidref ref = populate(pool, self->fd, &reader);
	struct st_pidref other = populate(pool, below, &other_reader);

	for (int i = 0; i < 2; i++) {
		EXPECT_EQ('\n', read_byte(reader));
		EXPECT_EQ('\n', read_byte(other_reader));
	}
	ASSERT_EQ(0, st_cgroup_list(self->fd, &pids, &nr));
	EXPECT_TRUE(is_among(pids, nr, ref.pid));
	EXPECT_TRUE(is_among(pids, nr, other.pid));
	EXPECT_FALSE(is_among(pids, nr, getpid()));
	st_free(pids);
	EXPECT_EQ(1, st_cgroup_contains(strrchr(self->path, '/'), ref.pid));
	EXPECT_EQ(1, st_cgroup_contains(strrchr(self->path, '/'), other.pid));
	EXPECT_EQ(0, st_cgroup_contains("/below-not", other.pid));
	EXPECT_EQ(0, st_cgroup_contains(strrchr(self->path, '/'), getpid()));
	ASSERT_EQ(0, st_cgroup_kill(self->fd));
	read_all(reader, text, sizeof(text));
	read_all(other_reader, text, sizeof(text));
	await_end(&ref);
	await_end(&other);
	EXPECT_EQ(0, st_cgroup_contains(strrchr(self->path, '/'), ref.pid));
	while (st_cgroup_is_populated(self->fd) == 1)
		sched_yield();
	st_cgroup_remove_below(self->fd);
	EXPECT_EQ(-1, access(path, F_OK));
	st_fd_close(&below);
	st_pidref_done(&ref);
	st_pidref_done(&other);
	st_spawn_pool_free(pool);
}

TEST_F(group, an_empty_one_can_be_made_twice_and_killed)
{
	int again;

	EXPECT_EQ(0, st_cgroup_is_populated(self->fd));
	EXPECT_EQ(0, st_cgroup_kill(self->fd));
	ASSERT_EQ(0, st_cgroup_create(self->path, &again));
	st_fd_close(&again);
}

TEST_F(group, one_that_was_removed_is_ENODEV)
{
	pid_t *pids;
	size_t nr;
	int events;

	ASSERT_EQ(0, st_cgroup_remove(self->path));
	EXPECT_EQ(-ENODEV, st_cgroup_kill(self->fd));
	EXPECT_EQ(-ENODEV, st_cgroup_list(self->fd, &pids, &nr));
	EXPECT_EQ(-ENODEV, st_cgroup_is_populated(self->fd));
	EXPECT_EQ(-ENODEV, st_cgroup_open_events(self->fd, &events));
}

TEST_HARNESS_MAIN
