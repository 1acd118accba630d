// SPDX-License-Identifier: GPL-2.0-only
/*
 * A server that prints the lines which others give it, as messages or by a named
 * pipe:
 *
 *	printer PIPE [FOLDER]	then: echo hello >FOLDER/PIPE
 *
 *	call print TEXT		the number of the line
 *	call get_print_count	how many lines it has printed
 *	call history		the last of them, oldest first
 *	cast print TEXT, crash
 *
 * The pipe is made if it is not there; without FOLDER it is in the folder that
 * $WORKERS_DIR names, or the working folder. The lines are numbered from 1, and
 * from 1 again when it has been restarted; the pipe stays, so that a writer does
 * not notice. Read next: counter.c.
 */
#include <errno.h>
#include <fcntl.h>
#include "libsuptree/suptree.h"
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "workers/crash.h"
#include "workers/files.h"
#include "workers/words.h"

#define MAX_LINE 1024 /* bytes; what is longer is cut */
#define MAX_HISTORY 20 /* lines */

struct printer {
	int fd;
	unsigned long nr;
	char pending[MAX_LINE]; /* bytes from the pipe that are not a whole line yet */
	size_t nr_pending;
	char history[MAX_HISTORY][MAX_LINE]; /* line n at n modulo MAX_HISTORY */
};

static void print(struct suptree *self, struct printer *printer, const char *line)
{
	char *kept = printer->history[++printer->nr % MAX_HISTORY];

	snprintf(kept, MAX_LINE, "%s", line);
	printf("%lu: %s\n", printer->nr, kept);
	suptree_set_status(self, "printed %lu lines", printer->nr);
}

/* Opened for writing too, so that it does not end when a writer does. */
static int open_pipe(struct suptree *self, struct printer *printer, const char *path)
{
	struct stat info;

	if (mkfifo(path, 0622) && errno != EEXIST)
		return suptree_fail(self, "make %s: %s", path, strerror(errno));
	printer->fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (printer->fd < 0 || fstat(printer->fd, &info))
		return suptree_fail(self, "open %s: %s", path, strerror(errno));
	if (!S_ISFIFO(info.st_mode))
		return suptree_fail(self, "read lines from %s: it is no pipe", path);
	if (suptree_watch_fd(self, printer->fd))
		return suptree_fail(self, "watch %s: %s", path, suptree_error(self));
	return 0;
}

static const struct suptree_operation offers[] = {
	{ .name = "print",
	  .summary = "print a line, and return its number",
	  .parameters = { { "text", "the line", SUPTREE_TEXT, false } } },
	{ .name = "get_print_count",
	  .summary = "return how many lines it has printed",
	  .reads = true },
	{ .name = "history", .summary = "return the last lines", .reads = true },
	{ .name = NULL },
};

static int init(struct suptree *self, void *state, int argc, char **argv)
{
	struct printer *printer = state;
	char path[PATH_MAX];

	if (argc != 2 && argc != 3)
		return suptree_fail(self, "usage: printer PIPE [FOLDER]");
	if (!st_file_path(argv[1], argc == 3 ? argv[2] : NULL, path))
		return suptree_fail(self, "open %.50s...: %s", argv[1], strerror(ENAMETOOLONG));
	if (open_pipe(self, printer, path))
		return -1;
	suptree_set_status(self, "printed 0 lines");
	(void)suptree_offer(self, offers); /* without a daemon there is no one to offer to */
	return 0;
}

static void reply_history(struct suptree *self, const struct printer *printer,
			  struct suptree_from from)
{
	unsigned long first = printer->nr < MAX_HISTORY ? 1 : printer->nr - MAX_HISTORY + 1;
	char text[MAX_HISTORY * MAX_LINE];
	size_t len = 0;

	for (unsigned long nr = first; nr <= printer->nr; nr++)
		len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s",
					nr == first ? "" : "\n",
					printer->history[nr % MAX_HISTORY]);
	suptree_reply_bytes(self, from, text, len);
}

static enum suptree_next handle_call(struct suptree *self, void *state,
				     const struct suptree_message *request,
				     struct suptree_from from)
{
	const char *line = st_word(request->data, "print");
	struct printer *printer = state;

	if (line)
		print(self, printer, line);
	if (line || st_is_word(request->data, "get_print_count"))
		suptree_reply(self, from, "%lu", printer->nr);
	else if (st_is_word(request->data, "history"))
		reply_history(self, printer, from);
	else
		suptree_reply_error(self, from, "unknown_call");
	return SUPTREE_CONTINUE;
}

static enum suptree_next handle_cast(struct suptree *self, void *state,
				     const struct suptree_message *message)
{
	const char *line = st_word(message->data, "print");

	if (line)
		print(self, state, line);
	return st_handle_crash(self, state, message);
}

/* Print the lines that are whole, or as long as a line can be; keep the rest. */
static void print_pending(struct suptree *self, struct printer *printer)
{
	for (;;) {
		char *end = memchr(printer->pending, '\n', printer->nr_pending);
		size_t len = end ? (size_t)(end - printer->pending) : printer->nr_pending;

		if (!end && len < MAX_LINE - 1)
			return;
		printer->pending[len] = '\0';
		print(self, printer, printer->pending);
		len += end != NULL;
		printer->nr_pending -= len;
		memmove(printer->pending, printer->pending + len, printer->nr_pending);
	}
}

static enum suptree_next handle_info(struct suptree *self, void *state,
				     const struct suptree_info *info)
{
	struct printer *printer = state;
	ssize_t nr;

	if (info->type != SUPTREE_INFO_FD)
		return SUPTREE_CONTINUE;
	nr = read(printer->fd, printer->pending + printer->nr_pending,
		  MAX_LINE - 1 - printer->nr_pending);
	if (nr > 0) {
		printer->nr_pending += (size_t)nr;
		print_pending(self, printer);
	}
	return SUPTREE_CONTINUE;
}

static void format_status(const void *state, FILE *out)
{
	const struct printer *printer = state;

	fprintf(out, "printed %lu", printer->nr);
}

int main(int argc, char **argv)
{
	static const struct suptree_gen_server printer = {
		.vsn = "1",
		.state_size = sizeof(struct printer),
		.init = init,
		.handle_call = handle_call,
		.handle_cast = handle_cast,
		.handle_info = handle_info,
		.format_status = format_status,
	};

	setvbuf(stdout, NULL, _IOLBF, 0);
	return suptree_gen_server_main(&printer, argc, argv);
}
