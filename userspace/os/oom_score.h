/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The oom_score_adj of this process: how soon the kernel's OOM killer picks it, from
 * -1000 (never) to 1000 (first); see proc(5). Children inherit it.
 *
 * The daemon reads and writes its own value at start-up; spawn.h sets that of a child.
 * Never call the setter while a child shares our memory: Linux would change the child's
 * value too.
 */
#ifndef ST_OS_OOM_SCORE_H
#define ST_OS_OOM_SCORE_H

#include <stdbool.h>

#include "base/compiler.h"

/**
 * st_oom_score_read() - read the own score
 * @ret_score: the score
 *
 * Return: 0 or -errno of /proc/self/oom_score_adj; -EINVAL: it is no number.
 */
int st_oom_score_read(int *ret_score) __must_check;

/**
 * st_oom_score_write() - set the own score
 * @score: -1000 to 1000
 *
 * Return: 0; -EACCES: lower than root set it last, and no CAP_SYS_RESOURCE;
 * or another -errno.
 */
int st_oom_score_write(int score) __must_check;

/**
 * st_oom_score_can_be_lower() - whether a child could be given a lower score
 * @own: the own score, which is still the own score afterwards
 * @score: a lower one
 *
 * The kernel does not show how far a process may go down without CAP_SYS_RESOURCE. So
 * this tries it: down, and up again, which every process may do.
 */
bool st_oom_score_can_be_lower(int own, int score);

#endif
