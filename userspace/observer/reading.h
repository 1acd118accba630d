/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Opens and reads files of /proc, of one process for sure.
 *
 * The descriptor of /proc/PID belongs to one process, like a pidfd: when that process has
 * been reaped, every read through it fails with -ESRCH or -ENOENT, also if another process
 * has its number by then. All files of a process are read through one such descriptor.
 * Nothing here writes, and nothing else of the folder opens a file.
 */
#ifndef ST_OBSERVER_READING_H
#define ST_OBSERVER_READING_H

#include <sys/types.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "observer/parse.h"

/**
 * st_reading_open() - open the folder of a process
 * @proc: a descriptor of /proc
 * @pid: the process
 * @ret_fd: owned by the caller; close-on-exec
 *
 * Return: 0; -ESRCH: there is no such process; -errno of openat(2).
 */
int st_reading_open(int proc, pid_t pid, int *ret_fd) __must_check;

/**
 * st_reading_file() - append a file to a buffer
 * @dir: a descriptor of a folder
 * @name: the file in it, or an absolute path
 * @max: bytes that are read at most
 * @out: gets the bytes; empty before
 *
 * Return: 1: there is more than @max; 0; -ESRCH: the process has ended; -EACCES, -EPERM;
 * another -errno of openat(2) or read(2); -ENOMEM.
 */
int st_reading_file(int dir, const char *name, size_t max, struct st_buf *out) __must_check;

/* Append the target of a symbolic link. Return: as st_reading_file(). */
int st_reading_link(int dir, const char *name, struct st_buf *out) __must_check;

/* Read and understand the file stat of a folder of a process. Return: as st_reading_file(). */
int st_reading_stat(int dir, struct st_stat *ret_stat) __must_check;

/* CLOCK_BOOTTIME and CLOCK_PROCESS_CPUTIME_ID, in nanoseconds. */
uint64_t st_reading_boot_ns(void);
uint64_t st_reading_cpu_ns(void);

#endif
