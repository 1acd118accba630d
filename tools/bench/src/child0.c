// SPDX-License-Identifier: GPL-2.0-only
/*
 * The child that all supervisors start. It has no libc, so that its start costs only the
 * kernel's time. First it reads the clock; then it writes a record to the ring (ring.h)
 * and acts by its mode.
 *
 *	child0 RING SLOT MODE
 *
 * MODE is pause, or crash: exit with status 1 at once. A peer that can only
 * execute ./run without arguments sets BENCH_RING and BENCH_MODE, and the slot
 * is the name of the working folder. x86-64 only.
 */
#include <asm/unistd.h>
#include <fcntl.h>
#include <linux/time_types.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>

#include "ring.h"

enum {
	EXIT_CRASH = 1,
	EXIT_NO_RING = 111,
	EXIT_NO_FILE,
	EXIT_NO_MAP
};

#define CLOCK_MONOTONIC_ID 1

static long call2(long nr, long first, long second)
{
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "0"(nr), "D"(first), "S"(second)
			 : "rcx", "r11", "memory");
	return ret;
}

/* mmap(2) of a whole ring; the fourth to sixth argument are in r10, r8 and r9. */
static long map_shared(long fd)
{
	long ret;

	__asm__ volatile("mov %5, %%r10\n"
			 "	mov %4, %%r8\n"
			 "	xor %%r9d, %%r9d\n"
			 "	syscall"
			 : "=a"(ret)
			 : "0"((long)__NR_mmap), "D"(0L), "S"(sizeof(struct ring)), "g"(fd),
			   "i"(MAP_SHARED), "d"(PROT_READ | PROT_WRITE)
			 : "rcx", "r8", "r9", "r10", "r11", "memory");
	return ret;
}

static void leave(int status)
{
	call2(__NR_exit_group, status, 0);
}

static uint64_t now_ns(void)
{
	struct __kernel_timespec now;

	call2(__NR_clock_gettime, CLOCK_MONOTONIC_ID, (long)&now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* What follows @prefix in @text, or NULL. */
static const char *after(const char *text, const char *prefix)
{
	while (*prefix)
		if (*text++ != *prefix++)
			return NULL;
	return text;
}

static uint32_t number(const char *text)
{
	uint32_t value = 0;

	while (*text >= '0' && *text <= '9')
		value = value * 10 + (uint32_t)(*text++ - '0');
	return value;
}

static const char *last_name(const char *path)
{
	const char *name = path;

	for (; *path; path++)
		if (*path == '/')
			name = path + 1;
	return name;
}

static struct ring *map_ring(const char *path)
{
	long fd = call2(__NR_open, (long)path, O_RDWR);
	long addr;

	if (fd < 0)
		leave(EXIT_NO_FILE);
	addr = map_shared(fd);
	if (addr < 0)
		leave(EXIT_NO_MAP);
	call2(__NR_close, fd, 0);
	return (struct ring *)addr;
}

static void record(struct ring *ring, uint64_t start_ns, uint32_t slot)
{
	uint64_t at = __atomic_fetch_add(&ring->nr_records, 1, __ATOMIC_ACQ_REL);

	if (at >= RING_RECORDS)
		return;
	ring->records[at].start_ns = start_ns;
	ring->records[at].pid = (uint32_t)call2(__NR_getpid, 0, 0);
	__atomic_store_n(&ring->records[at].slot_plus_1, slot + 1, __ATOMIC_RELEASE);
}

/* @stack: argc, argv, NULL, envp, NULL: what execve(2) leaves there. */
__attribute__((used, noreturn)) static void run(long *stack)
{
	uint64_t start_ns = now_ns();
	int argc = (int)stack[0];
	char **argv = (char **)(stack + 1);
	const char *path = NULL, *mode = "pause", *slot, *value;
	char cwd[4096];

	for (char **env = argv + argc + 1; *env; env++) {
		if ((value = after(*env, "BENCH_RING=")))
			path = value;
		else if ((value = after(*env, "BENCH_MODE=")))
			mode = value;
	}
	/* s6 gives the name of the service as the only argument */
	if (argc > 3) {
		path = argv[1];
		slot = argv[2];
		mode = argv[3];
	} else {
		call2(__NR_getcwd, (long)cwd, sizeof(cwd));
		slot = last_name(cwd);
	}
	if (!path)
		leave(EXIT_NO_RING);
	record(map_ring(path), start_ns, number(slot));
	if (*mode == 'c')
		leave(EXIT_CRASH);
	for (;;)
		call2(__NR_pause, 0, 0);
}

__asm__(".globl _start\n"
	"_start:\n"
	"	xor %ebp, %ebp\n"
	"	mov %rsp, %rdi\n"
	"	and $-16, %rsp\n"
	"	call run\n"
	"	hlt\n");
