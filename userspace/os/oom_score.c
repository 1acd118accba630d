// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/self/oom_score_adj; see oom_score.h.
 */
#include "os/oom_score.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "os/fd.h"

#define SCORE "/proc/self/oom_score_adj"

int st_oom_score_read(int *ret_score)
{
	char text[16];
	char *end;
	st_cleanup(st_fd_close) int fd = open(SCORE, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);

	if (len < 0)
		return -errno;
	text[len] = '\0';
	long score = strtol(text, &end, 10);

	if (end == text)
		return -EINVAL;
	*ret_score = (int)score;
	return 0;
}

int st_oom_score_write(int score)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%d", score); /* fits */
	st_cleanup(st_fd_close) int fd = open(SCORE, O_WRONLY | O_CLOEXEC);

	return fd < 0 || write(fd, text, (size_t)len) < 0 ? -errno : 0;
}

bool st_oom_score_can_be_lower(int own, int score)
{
	return st_oom_score_write(score) == 0 && st_oom_score_write(own) == 0;
}
