// SPDX-License-Identifier: GPL-2.0-only
/*
 * A server that is slow to start. Its supervisor waits for it and does not start the
 * children after it in the meantime. start_timeout limits that wait.
 *
 *	slow-starter MS			ready after MS milliseconds
 *	slow-starter MS fail N FILE	fails the first N times; FILE counts them
 *	slow-starter MS ignore		declines to start (OTP's ignore)
 *
 *	call attempts		how often it was started, according to FILE; 1 without
 *	cast crash
 *
 * If its first start fails, the start of its supervisor fails. If a restart fails, it is
 * tried again until the intensity is used up. To repeat the lesson, remove FILE; a
 * relative one is in $WORKERS_DIR. Read next: stubborn.c.
 */
#include "libsuptree/suptree.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "workers/crash.h"
#include "workers/files.h"
#include "workers/words.h"

#define MAX_MS 3600000
#define MAX_FAILURES 1000000

struct starter {
	long delay_ms;
	long attempts;
};

/* One more byte in the file is one more attempt. */
static int count_attempt(struct suptree *self, struct starter *starter, const char *name)
{
	char path[PATH_MAX];
	struct stat info;
	int fd;

	if (!st_file_path(name, NULL, path))
		return suptree_fail(self, "open %.50s...: %s", name, strerror(ENAMETOOLONG));
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return suptree_fail(self, "open %s: %s", path, strerror(errno));
	if (write(fd, ".", 1) != 1 || fstat(fd, &info)) {
		(void)suptree_fail(self, "count in %s: %s", path, strerror(errno));
		close(fd);
		return -1;
	}
	close(fd);
	starter->attempts = info.st_size;
	return 0;
}

static const struct suptree_operation offers[] = {
	{ .name = "attempts", .summary = "return how often it was started", .reads = true },
	{ .name = NULL },
};

static int init(struct suptree *self, void *state, int argc, char **argv)
{
	bool fails = argc == 5 && st_is_word(argv[2], "fail");
	bool ignores = argc == 3 && st_is_word(argv[2], "ignore");
	struct starter *starter = state;
	long failures = 0;

	if (argc != 2 && !fails && !ignores)
		return suptree_fail(self, "usage: slow-starter MS [fail N FILE | ignore]");
	if (!st_number(argv[1], 0, MAX_MS, &starter->delay_ms))
		return suptree_fail(self, "%s: not a number of ms from 0 to %d", argv[1], MAX_MS);
	if (fails && !st_number(argv[3], 0, MAX_FAILURES, &failures))
		return suptree_fail(self, "%s: not a number of failures from 0 to %d", argv[3],
				    MAX_FAILURES);
	starter->attempts = 1;
	if (fails && count_attempt(self, starter, argv[4]))
		return -1;
	suptree_set_status(self, "starting for %ld ms", starter->delay_ms);
	(void)poll(NULL, 0, (int)starter->delay_ms); /* no descriptor: time passes */
	if (ignores)
		return SUPTREE_IGNORE;
	if (starter->attempts <= failures)
		return suptree_fail(self, "attempt %ld fails, as it was told", starter->attempts);
	suptree_set_status(self, "started at attempt %ld", starter->attempts);
	(void)suptree_offer(self, offers); /* without a daemon there is no one to offer to */
	return 0;
}

static enum suptree_next handle_call(struct suptree *self, void *state,
				     const struct suptree_message *request,
				     struct suptree_from from)
{
	const struct starter *starter = state;

	if (st_is_word(request->data, "attempts"))
		suptree_reply(self, from, "%ld", starter->attempts);
	else
		suptree_reply_error(self, from, "unknown_call");
	return SUPTREE_CONTINUE;
}

static void format_status(const void *state, FILE *out)
{
	const struct starter *starter = state;

	fprintf(out, "took %ld ms, attempt %ld", starter->delay_ms, starter->attempts);
}

int main(int argc, char **argv)
{
	static const struct suptree_gen_server slow_starter = {
		.vsn = "1",
		.state_size = sizeof(struct starter),
		.init = init,
		.handle_call = handle_call,
		.handle_cast = st_handle_crash,
		.format_status = format_status,
	};

	return suptree_gen_server_main(&slow_starter, argc, argv);
}
