// SPDX-License-Identifier: GPL-2.0-only
/*
 * wide N: N children that do nothing, made cheaply: they share this process's
 * memory. Writes a byte to stdout when all are there, and waits for a signal.
 */
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#define STACK_SIZE 4096

static int idle(void *arg)
{
	while (!arg)
		pause();
	return 0;
}

int main(int argc, char **argv)
{
	int nr = argc == 2 ? atoi(argv[1]) : 0;
	char *stacks = malloc((size_t)nr * STACK_SIZE);

	if (!stacks)
		return 1;
	for (int i = 0; i < nr; i++)
		if (clone(idle, stacks + (size_t)(i + 1) * STACK_SIZE, CLONE_VM | SIGCHLD, NULL) <
		    0)
			return 1;
	if (write(STDOUT_FILENO, "x", 1) != 1)
		return 1;
	return idle(NULL);
}
