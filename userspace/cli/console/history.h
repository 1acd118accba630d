/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The lines that were typed into the console, kept for the next console.
 *
 * The file is $XDG_STATE_HOME/suptree/history, else ~/.local/state/suptree/history. It
 * has one entry a line in libedit's format, and only its user can read it. Each entry is
 * appended at once. So several consoles lose none of each other's entries, and a killed
 * console loses none. A missing file is not an error: then the history is in memory.
 */
#ifndef ST_CLI_CONSOLE_HISTORY_H
#define ST_CLI_CONSOLE_HISTORY_H

#include <histedit.h>

#include "base/buf.h"
#include "base/compiler.h"

#define ST_HISTORY_MAX 1000 /* entries, in memory and after a start in the file */

struct st_history {
	History *list;
	HistEvent event; /* libedit writes its result here */
	struct st_buf path; /* "": there is no file */
};

/**
 * st_history_init() - read the history of earlier consoles
 * @kept: what to fill
 *
 * Return: 0 or -ENOMEM.
 */
int st_history_init(struct st_history *kept) __must_check;
void st_history_done(struct st_history *kept);

/**
 * st_history_add() - keep an entry
 * @kept: the history
 * @entry: what was typed; not kept if it is blank, begins with a space, or is
 *	what the newest entry is
 */
void st_history_add(struct st_history *kept, const char *entry);

#endif
