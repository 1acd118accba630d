// SPDX-License-Identifier: GPL-2.0-only
/*
 * What spawn.c may do only when the child no longer shares our memory.
 *
 * A clear tid word means that the child no longer needs our memory. But Linux clears it
 * an instant before the exec gives the child its own memory (fs/exec.c, exec_mmap). In
 * that instant two things would still affect us:
 *
 * - A write to the child's oom_score_adj changes the score of all processes that share
 *   its memory (fs/proc/base.c, __set_oom_adj). The only exception is a vfork, but then
 *   the parent would sleep until another process lets the child go on.
 * - If we become dumpable again, so does a child that already has another uid. A process
 *   with that uid could then read our memory through the child.
 *
 * So this calls kcmp(2) until the memories differ, which takes microseconds. A pid is
 * enough for that and for /proc while the process is not reaped. Only its pidfd shows
 * whether it is reaped, and the caller may have taken the pidfd. So there is a duplicate.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "os/fd.h"
#include "os/proc_stat.h"
#include "os/spawn/internal.h"

bool st_spawn_must_leave(const struct st_spawn *spawn)
{
	return spawn->request.credentials || spawn->request.flags & ST_SPAWN_SET_OOM_SCORE;
}

int st_spawn_hold_prepare(struct st_spawn *spawn)
{
	/* A number for the pidfd, so that nothing can fail when there is a process. */
	spawn->held.fd = fcntl(spawn->pool->fds.null_fd, F_DUPFD_CLOEXEC, ST_LOW_FDS_END);
	return spawn->held.fd < 0 ? -errno : 0;
}

void st_spawn_hold(struct st_spawn *spawn)
{
	spawn->held.pid = spawn->pidref.pid;
	(void)dup3(spawn->pidref.fd, spawn->held.fd, O_CLOEXEC); /* both are open */
}

static bool is_reaped(const struct st_spawn *spawn)
{
	return st_pidref_signal(&spawn->held, 0) == -ESRCH;
}

bool st_spawn_await_left(const struct st_spawn *spawn)
{
	long ret;

	if (is_reaped(spawn))
		return true;
	/* 0: the same memory; more: different ones. */
	while ((ret = syscall(SYS_kcmp, getpid(), spawn->held.pid, KCMP_VM, 0, 0)) == 0)
		(void)sched_yield(); /* cannot fail */
	/* ENOSYS: not in this kernel. EPERM: one may not ask, before or after. */
	return ret > 0 || errno == ESRCH;
}

static int write_score(pid_t pid, int score)
{
	char path[48];
	char text[16];

	(void)snprintf(path, sizeof(path), "/proc/%d/oom_score_adj", (int)pid); /* fits */
	int len = snprintf(text, sizeof(text), "%d", score);
	st_cleanup(st_fd_close) int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, (size_t)len) < 0)
		return -errno;
	return 0;
}

static bool is_exiting(pid_t pid)
{
	struct st_proc_stat stat;
	char path[32];

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid); /* fits */
	int ret = st_proc_stat_read(AT_FDCWD, path, &stat);

	return ret == -ESRCH || (!ret && stat.is_exiting);
}

int st_spawn_set_oom_score(const struct st_spawn *spawn)
{
	if (is_reaped(spawn))
		return 0;
	int ret = write_score(spawn->held.pid, spawn->request.oom_score_adj);

	/* Its end will show why. A process without memory counts as root's: -EACCES. */
	if (ret < 0 && is_exiting(spawn->held.pid))
		return 0;
	/* It would run without the score that was asked for. */
	if (ret < 0 && st_pidref_signal(&spawn->held, SIGKILL) < 0)
		return 0; /* nor does it run */
	return ret;
}
