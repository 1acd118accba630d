// SPDX-License-Identifier: GPL-2.0-only
/*
 * The console's history; see history.h.
 */
#include "cli/console/history.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ONLY_THE_NEWEST ((size_t)0) /* how many entries older than it, to H_NSAVE_FP */

static int find_path(struct st_buf *path)
{
	const char *state = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");

	if (state && state[0] == '/') {
		st_buf_add_text(path, state);
	} else if (home && home[0] == '/') {
		st_buf_add_text(path, home);
		st_buf_add_text(path, "/.local/state");
	} else {
		return 0;
	}
	st_buf_add_text(path, "/suptree/history");
	return st_buf_error(path);
}

/* An error here comes again when the file is opened. */
static void make_folders(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdir(path, 0700);
		*slash = '/';
	}
}

/* Too long for another start: leave only what is in memory. */
static void shorten(struct st_history *kept)
{
	struct st_buf name = ST_BUF_INIT;

	st_buf_add_text(&name, st_buf_text(&kept->path));
	st_buf_add_text(&name, ".new");
	if (!st_buf_error(&name) &&
	    history(kept->list, &kept->event, H_SAVE, st_buf_text(&name)) > 0)
		(void)rename(st_buf_text(&name), st_buf_text(&kept->path));
	st_buf_done(&name);
}

int st_history_init(struct st_history *kept)
{
	memset(kept, 0, sizeof(*kept));
	if (find_path(&kept->path))
		goto fail;
	kept->list = history_init();
	if (!kept->list)
		goto fail;
	(void)history(kept->list, &kept->event, H_SETSIZE, ST_HISTORY_MAX);
	(void)history(kept->list, &kept->event, H_SETUNIQUE, 1);
	if (kept->path.len &&
	    history(kept->list, &kept->event, H_LOAD, st_buf_text(&kept->path)) > ST_HISTORY_MAX)
		shorten(kept);
	return 0;

fail:
	st_buf_done(&kept->path);
	return -ENOMEM;
}

void st_history_done(struct st_history *kept)
{
	history_end(kept->list);
	st_buf_done(&kept->path);
}

static void append_newest(struct st_history *kept)
{
	int fd;
	FILE *file;

	make_folders(kept->path.data);
	fd = open(st_buf_text(&kept->path), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return;
	file = fdopen(fd, "a");
	if (!file) {
		close(fd);
		return;
	}
	(void)fseek(file, 0, SEEK_END); /* libedit begins an empty file with its mark */
	(void)history(kept->list, &kept->event, H_NSAVE_FP, ONLY_THE_NEWEST, file);
	(void)fclose(file);
}

void st_history_add(struct st_history *kept, const char *entry)
{
	if (entry[0] == ' ' || !entry[strspn(entry, " \t")])
		return;
	if (history(kept->list, &kept->event, H_ENTER, entry) > 0 && kept->path.len)
		append_newest(kept);
}
