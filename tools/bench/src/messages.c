// SPDX-License-Identifier: GPL-2.0-only
/*
 * messages MODE N: N messages of 64 bytes over a unix stream, for tools/bench/trace.
 *
 * Waits for a byte on stdin, so that a tracer can be attached before. Then prints, in
 * ns for each message, the processor time of this process and its children, where hooks
 * are paid for, and the time that has passed, where stops are.
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PACE 100 /* messages between two looks at the clock */

static char message[64];

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1e9 + now.tv_nsec;
}

/* One process sends and receives. */
static int alone(int pair[2], long times)
{
	for (long i = 0; i < times; i++) {
		if (write(pair[0], message, sizeof(message)) != sizeof(message) ||
		    read(pair[1], message, sizeof(message)) != sizeof(message))
			return 1;
	}
	return 0;
}

/* The same, at 250,000 messages a second: half a million that are sent or received. */
static int paced(int pair[2], long times)
{
	double begin_ns = now_ns();

	for (long i = 0; i < times; i += PACE) {
		while (now_ns() < begin_ns + i * 4e3)
			;
		if (alone(pair, PACE))
			return 1;
	}
	return 0;
}

/*
 * Two processes, one message there and one back count as one. On one processor: waking
 * an idle one takes longer than all the rest.
 */
static int ping_pong(int pair[2], long times)
{
	cpu_set_t first;

	CPU_ZERO(&first);
	CPU_SET(0, &first);
	if (sched_setaffinity(0, sizeof(first), &first))
		return 1;
	pid_t child = fork();

	for (long i = 0; i < times; i++) {
		if (child && write(pair[0], message, sizeof(message)) < 0)
			return 1;
		if (read(pair[child ? 0 : 1], message, sizeof(message)) != sizeof(message))
			return 1;
		if (!child && write(pair[1], message, sizeof(message)) < 0)
			return 1;
	}
	if (!child)
		_exit(0);
	return waitpid(child, NULL, 0) != child;
}

/* A system call that has nothing to do with messages. */
static int other_call(int pair[2], long times)
{
	(void)pair;
	for (long i = 0; i < times; i++)
		(void)syscall(SYS_getppid);
	return 0;
}

static double used_ns(int who)
{
	struct rusage usage;

	getrusage(who, &usage);
	return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e9 +
	       (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e3;
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int (*run)(int pair[2], long times);
	} modes[] = { { "alone", alone },
		      { "paced", paced },
		      { "pingpong", ping_pong },
		      { "getppid", other_call } };
	int pair[2];
	char byte;

	if (argc != 3 || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) || read(0, &byte, 1) != 1)
		return 2;
	long times = strtol(argv[2], NULL, 10);
	double begin_ns = now_ns();

	for (unsigned int i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (strcmp(argv[1], modes[i].name) != 0)
			continue;
		if (modes[i].run(pair, times))
			return 1;
		printf("%.1f %.1f\n", (used_ns(RUSAGE_SELF) + used_ns(RUSAGE_CHILDREN)) / times,
		       (now_ns() - begin_ns) / times);
		return 0;
	}
	return 2;
}
