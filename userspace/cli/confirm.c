// SPDX-License-Identifier: GPL-2.0-only
/*
 * The question before `suptree stop`; see confirm.h.
 */
#include "cli/confirm.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/call.h"
#include "cli/show/words.h"

static bool is_yes(void)
{
	char *line = NULL;
	size_t size = 0;
	bool is_yes = getline(&line, &size, stdin) > 0 && tolower((unsigned char)*line) == 'y';

	free(line);
	return is_yes;
}

enum st_exit_code st_confirm_stop(const struct st_cli *cli, struct st_conn *conn)
{
	json_t *nothing, *status = NULL;
	enum st_exit_code code;

	if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
		return ST_EXIT_OK;
	nothing = json_object();
	code = st_call(cli, conn, ST_OPERATION_STATUS, nothing, &status);
	json_decref(nothing);
	if (code != ST_EXIT_OK)
		return code;
	fprintf(stderr, "Stop all %llu processes and the daemon, pid %llu? [y/N] ",
		(unsigned long long)st_words_number(json_object_get(status, "counts"), "processes"),
		(unsigned long long)st_words_number(status, "pid"));
	json_decref(status);
	if (is_yes())
		return ST_EXIT_OK;
	st_say_wrong("stop: nothing was stopped");
	return ST_EXIT_FAILED;
}
