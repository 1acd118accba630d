/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The own oom_score_adj: how soon the kernel's OOM killer picks this process,
 * -1000 (never) to 1000 (first); see proc(5). Children inherit it.
 *
 * The daemon reads and writes its own at start-up; that of a child is set by
 * spawn.h. Never call the setter while a child shares our memory: Linux would
 * change the child's, too.
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
 * How far one may go down without CAP_SYS_RESOURCE the kernel does not show, so
 * it is tried: down, and up again, which is allowed to everybody.
 */
bool st_oom_score_can_be_lower(int own, int score);

#endif
