// SPDX-License-Identifier: GPL-2.0-only
/*
 * tree DEPTH WIDTH: a tree of processes, each of which makes WIDTH children,
 * DEPTH levels of them, writes a byte to stdout when it has, and waits for a
 * signal. With a third argument each makes children for ever, as fast as it can.
 */
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void grow(int depth, int width)
{
	/* A child goes on as its parent began, one level down. */
	for (int i = 0; depth > 0 && i < width; i++) {
		if (fork() == 0) {
			depth--;
			i = -1;
		}
	}
	if (write(STDOUT_FILENO, "x", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

static void multiply(void)
{
	for (;;) {
		if (fork() == 0)
			_exit(0);
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
	}
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 2;
	if (argc > 3) {
		if (write(STDOUT_FILENO, "x", 1) != 1)
			return 1;
		multiply();
	}
	grow(atoi(argv[1]), atoi(argv[2]));
	return 0;
}
