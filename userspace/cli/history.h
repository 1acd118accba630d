/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What was typed into the console, kept for the next one.
 *
 * The file is $XDG_STATE_HOME/suptree/history, else ~/.local/state/suptree/history:
 * one entry a line in libedit's own form, for its user only. Each entry is
 * appended at once, so consoles side by side lose nothing of each other, and a
 * console that is killed loses nothing. No history is ever a failure: without a
 * file there is the one in memory.
 */
#ifndef ST_CLI_HISTORY_H
#define ST_CLI_HISTORY_H

#include <histedit.h>

#include "base/buf.h"
#include "base/compiler.h"

#define ST_HISTORY_MAX 1000 /* entries, in memory and after a start in the file */

struct st_history {
	History *list;
	HistEvent event; /* libedit says here what it did */
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
