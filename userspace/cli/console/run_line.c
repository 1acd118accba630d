// SPDX-License-Identifier: GPL-2.0-only
/*
 * Running a line; see run_line.h.
 */
#include "cli/console/run_line.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"
#include "cli/call.h"
#include "core/reason.h"
#include "proto/conn.h"

#define SELF "/proc/self/exe"
#define MAX_OPTIONS 8 /* with the program's name */

size_t st_line_skip(const struct st_line *line)
{
	return line->nr_words && !strcmp(line->words[0], "suptree");
}

bool st_line_is_exit(const struct st_line *line)
{
	return line->nr_words == 1 &&
	       (!strcmp(line->words[0], "exit") || !strcmp(line->words[0], "quit"));
}

/* The options that the console was given, before the words of the line. */
static size_t add_options(const struct st_cli *cli, char timeout[static 32], const char **words)
{
	size_t nr = 0;

	words[nr++] = "suptree";
	if (cli->socket) {
		words[nr++] = "--socket";
		words[nr++] = cli->socket;
	}
	if (cli->color) {
		words[nr++] = "--color";
		words[nr++] = cli->color;
	}
	if (cli->timeout_ms >= 0)
		snprintf(timeout, 32, "--timeout=%dms", cli->timeout_ms);
	else if (cli->timeout_ms == ST_CLI_INFINITY)
		snprintf(timeout, 32, "--timeout=infinity");
	if (cli->timeout_ms != ST_CONN_NO_TIMEOUT)
		words[nr++] = timeout;
	if (cli->format == ST_FORMAT_JSON)
		words[nr++] = "--json";
	else if (cli->format == ST_FORMAT_JSONL)
		words[nr++] = "--jsonl";
	return nr;
}

static int spawn(const char **words, enum st_line_input input, pid_t *ret_pid)
{
	posix_spawn_file_actions_t actions;
	int ret = posix_spawn_file_actions_init(&actions);

	if (ret)
		return -ret;
	if (input == ST_LINE_INPUT_NONE)
		ret = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null",
						       O_RDONLY, 0);
	if (!ret) {
		/* posix_spawn() does not write to the words, although its type allows it */
		union {
			const char **words;
			char **argv;
		} given = { .words = words };

		ret = posix_spawn(ret_pid, SELF, &actions, NULL, given.argv, environ);
	}
	(void)posix_spawn_file_actions_destroy(&actions);
	return -ret;
}

static int await(pid_t pid, const char *verb)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return ST_EXIT_FAILED;
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	if (WTERMSIG(status) == SIGINT)
		fputc('\n', stderr); /* after the ^C of the terminal */
	else
		st_say_wrong("%s: ended by SIG%s", verb, st_signal_name(WTERMSIG(status)));
	return 128 + WTERMSIG(status);
}

int st_run_line(const struct st_cli *cli, const struct st_line *line, enum st_line_input input)
{
	const char **words = st_alloc_array(line->nr_words + MAX_OPTIONS + 1, sizeof(*words));
	size_t skip = st_line_skip(line);
	char timeout[32];
	size_t nr;
	pid_t pid;
	int ret;

	if (!words) {
		st_say_wrong("%s", strerror(ENOMEM));
		return ST_EXIT_FAILED;
	}
	nr = add_options(cli, timeout, words);
	memcpy(words + nr, line->words + skip, (line->nr_words - skip) * sizeof(*words));
	ret = spawn(words, input, &pid);
	st_free(words);
	if (ret) {
		st_say_wrong("start %s for \"%s\": %s", SELF, line->words[0], strerror(-ret));
		return ST_EXIT_FAILED;
	}
	return await(pid, line->words[skip] ? line->words[skip] : "suptree");
}
