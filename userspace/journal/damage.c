// SPDX-License-Identifier: GPL-2.0-only
/*
 * Damaged files; see damage.h.
 */
#include "journal/damage.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "journal/database.h"
#include "os/aside.h"

#define MAX_DAMAGED 1000 /* files that are kept */
#define MAX_SAID 1000 /* bytes */
#define END_MS 5000 /* for a process that was killed */

/* In the process of its own. Nobody reads what is more than a line. */
static void examine(void *context, int fd)
{
	struct st_buf why = ST_BUF_INIT;
	const char *text;

	if (st_database_examine(context, &why) != -EUCLEAN)
		return; /* a file that cannot be read now is seen when it is used */
	for (size_t i = 0; i < why.len; i++)
		if (why.data[i] == '\n')
			why.data[i] = ' ';
	text = st_buf_text(&why);
	(void)!write(fd, text, strlen(text)); /* without a reader there is nothing to say */
	st_buf_done(&why);
}

int st_damage_start(struct st_damage *damage, const char *file)
{
	st_buf_init(&damage->said);
	/* the copy only reads it */
	return st_aside_start(examine, (void *)(uintptr_t)file, &damage->process, &damage->fd);
}

int st_damage_read(struct st_damage *damage)
{
	char text[256];
	ssize_t nr = read(damage->fd, text, sizeof(text));

	if (nr > 0 && damage->said.len < MAX_SAID)
		st_buf_add(&damage->said, text, (size_t)nr);
	if (nr > 0 || (nr < 0 && (errno == EAGAIN || errno == EINTR)))
		return 0;
	return 1;
}

void st_damage_stop(struct st_damage *damage)
{
	struct pollfd end = { .fd = damage->process.fd, .events = POLLIN };
	struct st_exit how;

	if (damage->fd < 0)
		return;
	close(damage->fd);
	damage->fd = -1;
	/* it may have ended, and nothing depends on how it did */
	(void)!st_pidref_signal(&damage->process, SIGKILL);
	(void)poll(&end, 1, END_MS);
	(void)!st_pidref_wait(&damage->process, &how, NULL);
	st_pidref_done(&damage->process);
	st_buf_done(&damage->said);
}

static int move(const char *file, const char *suffix, const char *name)
{
	struct st_buf from = ST_BUF_INIT, to = ST_BUF_INIT;
	int err;

	st_buf_add_text(&from, file);
	st_buf_add_text(&from, suffix);
	st_buf_add_text(&to, name);
	st_buf_add_text(&to, suffix);
	err = st_buf_error(&from) || st_buf_error(&to) ? -ENOMEM : 0;
	if (!err && rename(st_buf_text(&from), st_buf_text(&to)))
		err = -errno;
	st_buf_done(&from);
	st_buf_done(&to);
	return err;
}

int st_damage_set_aside(const char *file, struct st_buf *ret_name)
{
	static const char *const beside[] = { "-wal", "-shm" };
	struct stat status;
	int err = -EEXIST;

	for (unsigned int nr = 1; nr <= MAX_DAMAGED; nr++) {
		st_buf_reset(ret_name);
		st_buf_add_text(ret_name, file);
		st_buf_add_text(ret_name, ".damaged-");
		st_buf_add_u64(ret_name, nr);
		if (st_buf_error(ret_name))
			return -ENOMEM;
		if (!lstat(st_buf_text(ret_name), &status))
			continue;
		err = move(file, "", st_buf_text(ret_name));
		break;
	}
	/* without its WAL it would be another file; a WAL that is not there is no error */
	for (size_t i = 0; !err && i < ST_ARRAY_SIZE(beside); i++) {
		err = move(file, beside[i], st_buf_text(ret_name));
		if (err == -ENOENT)
			err = 0;
	}
	return err;
}
