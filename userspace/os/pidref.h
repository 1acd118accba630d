/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A process that cannot be mistaken for another one: its pid together with a pidfd.
 * A pid alone is only for people to read, because it can be recycled. A pidfd names
 * one incarnation until it is closed (pidfd_open(2), Linux 5.3). So the pair always
 * stays together, and signals and waits use only the pidfd.
 *
 * All code that starts, signals or reaps a process uses this. Nothing here calls
 * kill(2) or waitpid(2). Next: spawn.h, which makes pidrefs.
 */
#ifndef ST_OS_PIDREF_H
#define ST_OS_PIDREF_H

#include <stdbool.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "base/compiler.h"

struct st_pidref {
	pid_t pid;
	int fd;
};

/* A pidref that names no process. */
#define ST_PIDREF_NONE ((struct st_pidref){ 0, -1 })

/**
 * struct st_exit - how a process ended
 * @code: CLD_EXITED, CLD_KILLED or CLD_DUMPED
 * @status: the exit status with CLD_EXITED, else the number of the signal
 */
struct st_exit {
	int code;
	int status;
};

void st_pidref_init(struct st_pidref *ref);

/**
 * st_pidref_done() - close the pidfd; the process is not touched
 * @ref: the pidref; names no process afterwards; may do so already
 */
void st_pidref_done(struct st_pidref *ref);

/**
 * st_pidref_take() - move a pidref out of its place
 * @ref: the place; names no process afterwards
 *
 * Return: the pidref, now the caller's.
 */
struct st_pidref st_pidref_take(struct st_pidref *ref) __must_check;

/**
 * st_pidref_is_set() - whether the pidref names a process, dead or alive
 * @ref: the pidref
 */
bool st_pidref_is_set(const struct st_pidref *ref);

/**
 * st_pidref_open() - make a pidref of a pid
 * @pid: a process of this pid namespace
 * @ret_ref: the pidref, owned by the caller (st_pidref_done)
 *
 * The caller must know that @pid has not been recycled: it is a child of this process
 * that is not reaped yet, or the caller compares something after the call.
 *
 * Return: 0; -ESRCH: no such process; -EINVAL: @pid is not positive or is a
 * thread; -EMFILE, -ENFILE: no descriptor left.
 */
int st_pidref_open(pid_t pid, struct st_pidref *ret_ref) __must_check;

/**
 * st_pidref_is_peer() - whether this very process connected a unix socket
 * @ref: a process that has not been reaped
 * @fd: the socket; the kernel reports the pid of @ref as that of its peer
 *
 * The peer may have ended while its connection waited to be accepted, and @ref may
 * have got its pid since then. The kernel knows the peer itself (SO_PEERPIDFD, Linux
 * 6.5), and pidfds of one process have one inode (Linux 6.9).
 *
 * Return: false: it was another process, or there is no descriptor left to find out;
 * true: it was this one, or the kernel is too old to say.
 */
bool st_pidref_is_peer(const struct st_pidref *ref, int fd);

/**
 * st_pidref_signal() - send a signal to this very process
 * @ref: the process
 * @signo: the signal, or 0 to check only that one might
 *
 * Return: 0, also for a zombie; -ESRCH: it has been reaped, or @ref names no
 * process; -EPERM: not allowed; -EINVAL: there is no such signal.
 */
int st_pidref_signal(const struct st_pidref *ref, int signo) __must_check;

/**
 * st_pidref_is_child() - whether a process is a child of this one that nobody has reaped
 * @ref: the process; it runs, or it has ended
 */
bool st_pidref_is_child(const struct st_pidref *ref);

/**
 * st_pidref_is_stopped() - whether a child of this process is stopped, as by SIGSTOP
 * @ref: the child
 */
bool st_pidref_is_stopped(const struct st_pidref *ref);

/**
 * st_pidref_wait() - reap a child of this process if it has ended; never blocks
 * @ref: the child; stays open
 * @ret_exit: how it ended
 * @ret_usage: the resources that it and its reaped descendants have used; may be NULL
 *
 * Return: 1: it had ended and is reaped now; 0: it runs; -ECHILD: not a child
 * of this process or reaped before, or @ref names no process.
 */
int st_pidref_wait(const struct st_pidref *ref, struct st_exit *ret_exit,
		   struct rusage *ret_usage) __must_check;

#endif
