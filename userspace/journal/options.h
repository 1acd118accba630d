/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The command line of suptree-journal. The daemon makes it of the keys of
 * `services: {journal: ...}`.
 */
#ifndef ST_JOURNAL_OPTIONS_H
#define ST_JOURNAL_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/compiler.h"
#include "journal/store.h"

struct st_past_options {
	const char *folder; /* borrowed */
	const char *socket; /* of the daemon; NULL: the default; borrowed */
	struct st_store_limits limits;
	bool is_synced; /* each commit waits for the disk */
};

enum st_past_task {
	ST_PAST_TASK_RUN,
	ST_PAST_TASK_EXIT, /* help or the version was printed */
	ST_PAST_TASK_USAGE, /* an error was printed */
};

/**
 * st_past_options_read() - read the command line
 * @argc: as for main()
 * @argv: as for main(); must outlive the options
 * @ret_options: written if the program shall run
 *
 * Return: what to do.
 */
enum st_past_task st_past_options_read(int argc, char **argv, struct st_past_options *ret_options);

#endif
