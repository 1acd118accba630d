/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Signals as data: all of them blocked, read one by one from a descriptor, and
 * called by name. No handler is ever installed, so no code of this program
 * runs in a signal's context.
 *
 * main() blocks and opens once; the loop watches the descriptor.
 */
#ifndef ST_OS_SIGNAL_H
#define ST_OS_SIGNAL_H

#include <sys/types.h>

#include "base/compiler.h"

/**
 * struct st_signal - a signal that has arrived
 * @signo: its number
 * @code: SI_USER, CLD_EXITED, ...
 * @pid: the sender, or with SIGCHLD the process that has ended; 0: the kernel
 * @uid: the user of that process
 */
struct st_signal {
	int signo;
	int code;
	pid_t pid;
	uid_t uid;
};

/**
 * st_signal_block_all() - block every signal that can be blocked
 *
 * Errors of the program itself (SIGSEGV and its like) still kill: the kernel
 * does not let a blocked one pass silently.
 *
 * Return: 0 or -errno.
 */
int st_signal_block_all(void) __must_check;

/**
 * st_signal_reset_ignored() - give the signals that are ignored their default action
 *
 * An ignored signal stays ignored over execve(2). While SIGCHLD is ignored, Linux
 * reaps each child by itself, and nothing can learn how the child has ended (waitid(2):
 * ECHILD). So this must come before the first child.
 *
 * Return: 0 or -errno.
 */
int st_signal_reset_ignored(void) __must_check;

/**
 * st_signal_open() - open a descriptor from which blocked signals are read
 * @ret_fd: signalfd, non-blocking and close-on-exec, owned by the caller
 *
 * It takes all signals but SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGSYS, SIGTRAP
 * and SIGABRT, which must stay deadly.
 *
 * Return: 0, -EMFILE, -ENFILE or -ENOMEM.
 */
int st_signal_open(int *ret_fd) __must_check;

/* The largest number of signals that one read takes. */
#define ST_SIGNALS_MAX 8

/**
 * st_signal_read() - take the signals that have arrived
 * @fd: from st_signal_open()
 * @ret_signals: room for them
 *
 * Signals below SIGRTMIN are not counted by Linux: two SIGCHLD may arrive as
 * one, with the pid of the first.
 *
 * Return: their number; fewer than ST_SIGNALS_MAX: there are no more; -EAGAIN: there
 * was none; another -errno of read(2).
 */
int st_signal_read(int fd, struct st_signal ret_signals[ST_SIGNALS_MAX]) __must_check;

#endif
