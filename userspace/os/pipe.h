/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A pipe between a child and the daemon: the child's end blocks, as programs
 * expect of stdout, and the daemon's end never does. Both are close-on-exec;
 * the child gets its end by number (spawn.h, st_spawn_fd).
 */
#ifndef ST_OS_PIPE_H
#define ST_OS_PIPE_H

#include "base/compiler.h"

/**
 * st_pipe_open() - make a pipe from which the daemon reads
 * @ret_reader: the daemon's end, non-blocking; owned by the caller
 * @ret_writer: the child's end, blocking; owned by the caller, who closes it
 *	after the spawn, or the end of the output would never be seen
 *
 * Return: 0, -EMFILE or -ENFILE.
 */
int st_pipe_open(int *ret_reader, int *ret_writer) __must_check;

#endif
