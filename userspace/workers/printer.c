// SPDX-License-Identifier: GPL-2.0-only
/*
 * A worker that prints the lines which others give it, by a named pipe:
 *
 *	printer PIPE [FOLDER]	then: echo hello >FOLDER/PIPE
 *
 * The pipe is made if it is not there; without FOLDER it is in the folder that
 * $PRINTER_DIR names, or the working folder. The lines are numbered from 1, and
 * from 1 again when it has been restarted. It waits for lines and does nothing
 * else. It ends by a signal; the pipe stays, so that a writer does not notice.
 * Read next: counter.c.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "workers/notify.h"

static void fail(const char *doing, const char *path)
{
	fprintf(stderr, "printer: %s %s: %s\n", doing, path, strerror(errno));
	exit(1);
}

/* Opened for writing too, so that it does not end when a writer does. */
static FILE *open_pipe(const char *path)
{
	struct stat info;
	FILE *lines;
	int fd;

	if (mkfifo(path, 0622) && errno != EEXIST)
		fail("make", path);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &info))
		fail("open", path);
	errno = ENOTSUP;
	if (!S_ISFIFO(info.st_mode))
		fail("read lines from", path);
	lines = fdopen(fd, "r");
	if (!lines)
		fail("read", path);
	return lines;
}

static void show(unsigned long nr, const char *prefix)
{
	char message[64];

	snprintf(message, sizeof(message), "%sSTATUS=printed %lu lines", prefix, nr);
	st_notify(message);
}

int main(int argc, char **argv)
{
	const char *folder = argc == 3 ? argv[2] : getenv("PRINTER_DIR");
	char path[PATH_MAX], line[1024];
	unsigned long nr = 0;
	FILE *lines;

	if (argc != 2 && argc != 3) {
		fputs("usage: printer PIPE [FOLDER]\n", stderr);
		return 2;
	}
	if ((size_t)snprintf(path, sizeof(path), "%s/%s", folder ? folder : ".", argv[1]) >=
	    sizeof(path)) {
		errno = ENAMETOOLONG;
		fail("open", argv[1]);
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	lines = open_pipe(path);
	show(nr, "READY=1\n");
	while (fgets(line, sizeof(line), lines)) {
		line[strcspn(line, "\n")] = '\0';
		printf("%lu: %s\n", ++nr, line);
		show(nr, "");
	}
	fail("read", path);
	return 1;
}
