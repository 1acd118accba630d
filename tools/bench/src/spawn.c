// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ways to start a process; see spawn.h.
 *
 * A child that shares our memory must not change it: it makes raw system calls on its own
 * stack. Its arguments and its stack stay until it has left our address space by exec,
 * when the kernel clears the tid word.
 */
#include "spawn.h"

#include <errno.h>
#include <linux/close_range.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NR_FLIGHTS 64 /* children between clone and exec */
#define MAX_WORDS 8
#define SIGSET_BYTES 8 /* the kernel's sigset_t */

const char *const st_method_names[METHOD__MAX] = { "fork", "posix_spawn", "clone3vfork",
						   "clone3vm" };

struct flight {
	uint32_t tid; /* nonzero while the child uses this */
	bool share_files;
	char *words[MAX_WORDS];
	char text[512];
	_Alignas(16) char stack[4096];
};

static struct flight flights[NR_FLIGHTS];
static const uint64_t empty_mask;

static inline long call4(long nr, long a, long b, long c, long d)
{
	register long r10 __asm__("r10") = d;
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "0"(nr), "D"(a), "S"(b), "d"(c), "r"(r10)
			 : "rcx", "r11", "memory");
	return ret;
}

__attribute__((used, noreturn)) static void run_child(struct flight *flight)
{
	if (flight->share_files)
		call4(SYS_close_range, 3, ~0U, CLOSE_RANGE_UNSHARE, 0);
	call4(SYS_rt_sigprocmask, SIG_SETMASK, (long)&empty_mask, 0, SIGSET_BYTES);
	call4(SYS_execve, (long)flight->words[0], (long)flight->words, (long)environ, 0);
	for (;;)
		call4(SYS_exit_group, 127, 0, 0, 0);
}

static struct flight *free_flight(void)
{
	static unsigned int next;

	for (unsigned int tries = 0;; tries++) {
		struct flight *flight = &flights[next++ % NR_FLIGHTS];

		if (!__atomic_load_n(&flight->tid, __ATOMIC_ACQUIRE))
			return flight;
		if (tries >= NR_FLIGHTS)
			sched_yield();
	}
}

static void copy_words(struct flight *flight, char *const *argv)
{
	char *text = flight->text;
	int i;

	for (i = 0; argv[i]; i++) {
		size_t size = strlen(argv[i]) + 1;

		if (i == MAX_WORDS - 1 ||
		    size > (size_t)(flight->text + sizeof(flight->text) - text)) {
			fputs("rawsup: the child's words do not fit\n", stderr);
			exit(2);
		}
		flight->words[i] = memcpy(text, argv[i], size);
		text += size;
	}
	flight->words[i] = NULL;
}

static pid_t spawn_clone3(const struct spawner *spawner, char *const *argv, int *ret_pidfd)
{
	struct flight *flight = free_flight();
	struct clone_args args = {
		.flags = CLONE_VM | CLONE_PIDFD | CLONE_CHILD_CLEARTID,
		.pidfd = (uintptr_t)ret_pidfd,
		.child_tid = (uintptr_t)&flight->tid,
		.exit_signal = SIGCHLD,
		.stack = (uintptr_t)flight->stack,
		.stack_size = sizeof(flight->stack),
	};
	long ret;

	if (spawner->method == METHOD_CLONE3_VFORK)
		args.flags |= CLONE_VFORK;
	if (spawner->share_files)
		args.flags |= CLONE_FILES;
	flight->share_files = spawner->share_files;
	copy_words(flight, argv);
	__atomic_store_n(&flight->tid, 1, __ATOMIC_RELEASE);
	/* the child returns to an empty stack, so it must not leave this asm */
	__asm__ volatile("syscall\n"
			 "	test %%rax, %%rax\n"
			 "	jnz 1f\n"
			 "	xor %%ebp, %%ebp\n"
			 "	mov %%rdx, %%rdi\n"
			 "	call *%%rbx\n"
			 "	hlt\n"
			 "1:"
			 : "=a"(ret)
			 : "0"(SYS_clone3), "D"(&args), "S"(sizeof(args)), "b"(run_child),
			   "d"(flight)
			 : "rcx", "r11", "memory");
	if (ret < 0) {
		errno = (int)-ret;
		return -1;
	}
	return (pid_t)ret;
}

static pid_t spawn_fork(char *const *argv)
{
	pid_t pid = fork();

	if (!pid) {
		sigset_t none;

		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		execv(argv[0], argv);
		_exit(127);
	}
	return pid;
}

static pid_t spawn_posix(char *const *argv)
{
	posix_spawnattr_t attr;
	sigset_t none;
	pid_t pid;
	int err;

	sigemptyset(&none);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK);
	err = posix_spawn(&pid, argv[0], NULL, &attr, argv, environ);
	posix_spawnattr_destroy(&attr);
	if (err) {
		errno = err;
		return -1;
	}
	return pid;
}

pid_t st_spawn(const struct spawner *spawner, char *const *argv, int *ret_pidfd)
{
	pid_t pid;

	*ret_pidfd = -1;
	if (spawner->method == METHOD_FORK)
		pid = spawn_fork(argv);
	else if (spawner->method == METHOD_POSIX_SPAWN)
		pid = spawn_posix(argv);
	else
		pid = spawn_clone3(spawner, argv, ret_pidfd);
	if (pid < 0) {
		fputs("rawsup: start ", stderr);
		perror(argv[0]);
		exit(3);
	}
	if (spawner->want_pidfd && *ret_pidfd < 0)
		*ret_pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	if (!spawner->want_pidfd && *ret_pidfd >= 0) {
		close(*ret_pidfd);
		*ret_pidfd = -1;
	}
	return pid;
}
