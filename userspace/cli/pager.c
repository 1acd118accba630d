// SPDX-License-Identifier: GPL-2.0-only
/*
 * A pager; see pager.h.
 */
#include "cli/pager.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/call.h"
#include "cli/show/style.h"

/* -F: end at once if all fits; -R: let colours through; -X: leave the text on the screen */
#define FALLBACK \
	"command -v less >/dev/null && exec less -FRX; command -v more >/dev/null && exec more; " \
	"exec cat"

static const char *command(void)
{
	const char *own = getenv("SUPTREE_PAGER");

	if (!own)
		own = getenv("PAGER");
	return own ? own : FALLBACK;
}

static bool is_long(const struct st_buf *text)
{
	struct winsize size;
	unsigned int rows = 0;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_row)
		return false;
	for (size_t i = 0; i < text->len; i++)
		rows += text->data[i] == '\n';
	return rows >= size.ws_row;
}

/* Start a shell that reads from the pipe, and that Ctrl-C reaches. */
static int spawn(const char *line, const int pipe_fds[2], pid_t *ret_pid)
{
	char sh[] = "/bin/sh", option[] = "-c";
	char *copy = strdup(line);
	char *words[] = { sh, option, copy, NULL };
	posix_spawn_file_actions_t actions;
	int ret = copy ? posix_spawn_file_actions_init(&actions) : ENOMEM;

	if (!ret) {
		(void)posix_spawn_file_actions_adddup2(&actions, pipe_fds[0], STDIN_FILENO);
		(void)posix_spawn_file_actions_addclose(&actions, pipe_fds[0]);
		(void)posix_spawn_file_actions_addclose(&actions, pipe_fds[1]);
		ret = posix_spawn(ret_pid, sh, &actions, NULL, words, environ);
		(void)posix_spawn_file_actions_destroy(&actions);
	}
	free(copy);
	return -ret;
}

/* The reader may leave before the end: then the rest is not wanted. */
static void feed(int fd, const struct st_buf *text)
{
	size_t at = 0;

	while (at < text->len) {
		ssize_t len = write(fd, text->data + at, text->len - at);

		if (len < 0 && errno != EINTR)
			return;
		at += len > 0 ? (size_t)len : 0;
	}
}

static int show(const char *line, const struct st_buf *text)
{
	int fds[2], status, ret;
	void (*interrupt)(int);
	void (*broken)(int);
	pid_t pid, ended;

	if (pipe(fds))
		return -errno;
	ret = spawn(line, fds, &pid);
	close(fds[0]);
	if (!ret) {
		interrupt = signal(SIGINT, SIG_IGN); /* it is meant for the pager */
		broken = signal(SIGPIPE, SIG_IGN);
		feed(fds[1], text);
		close(fds[1]);
		do
			ended = waitpid(pid, &status, 0);
		while (ended < 0 && errno == EINTR);
		(void)signal(SIGPIPE, broken);
		(void)signal(SIGINT, interrupt);
		/* without a status the pager may have shown all */
		return ended > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 127 ? -ENOENT : 0;
	}
	close(fds[1]);
	return ret;
}

enum st_exit_code st_page(const struct st_cli *cli, struct st_buf *text)
{
	struct st_buf fit = ST_BUF_INIT;
	const char *line = command();

	/* as st_say() does it: the pager may pass on anything */
	st_style_add_output(&cli->style, st_buf_text(text), text->len, &fit);
	fit.failed |= text->failed;
	st_buf_done(text);
	*text = fit;
	if (st_buf_error(text) || !cli->style.is_terminal || !*line || !strcmp(line, "cat") ||
	    !is_long(text) || show(line, text))
		return st_say(text);
	st_buf_done(text);
	return ST_EXIT_OK;
}
