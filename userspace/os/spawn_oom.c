// SPDX-License-Identifier: GPL-2.0-only
/*
 * The oom_score_adj of a new process, for spawn.c.
 *
 * While the child shares our memory a change of its score would be one of ours
 * (fs/proc/base.c, __set_oom_adj). Only a vfork is spared; but then the parent
 * would sleep until somebody else lets the child go on. So the score is written
 * when the child has left. By then it may have ended and been reaped, and its
 * pid be another's: hence the directory of /proc is opened at the start, and
 * names this process for ever, like a pidfd.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "os/fd.h"
#include "os/internal.h"
#include "os/proc_stat.h"

void st_spawn_oom_prepare(struct st_spawn *spawn)
{
	char path[32];

	(void)snprintf(path, sizeof(path), "/proc/%d", (int)spawn->pidref.pid); /* fits */
	spawn->proc_fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (spawn->proc_fd >= 0)
		return;
	spawn->proc_fd = -errno;
	/* It would run without the score that was asked for. */
	syscall(SYS_pidfd_send_signal, spawn->pidref.fd, SIGKILL, NULL, 0);
}

static int write_score(int proc_fd, int score)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%d", score);
	st_cleanup(st_fd_close) int fd = openat(proc_fd, "oom_score_adj", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, (size_t)len) < 0)
		return -errno;
	return 0;
}

static bool has_ended(int proc_fd)
{
	struct st_proc_stat stat;

	return st_proc_stat_read(proc_fd, "stat", &stat) < 0 || stat.is_exiting;
}

int st_spawn_oom_apply(struct st_spawn *spawn)
{
	if (spawn->proc_fd < 0)
		return spawn->proc_fd;
	int ret = write_score(spawn->proc_fd, spawn->request.oom_score_adj);

	/* Its end will tell. A process without memory counts as root's: -EACCES. */
	if (ret < 0 && has_ended(spawn->proc_fd))
		return 0;
	/* pidfd_send_signal(2) takes a directory of /proc, too. */
	if (ret < 0)
		syscall(SYS_pidfd_send_signal, spawn->proc_fd, SIGKILL, NULL, 0);
	return ret;
}
