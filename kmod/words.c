// SPDX-License-Identifier: GPL-2.0-only
/*
 * Words for numbers, see words.h. A number that has no word is a fault of the
 * module itself, for policies let none in; it reads "?".
 */
#include "words.h"

#include <linux/kernel.h>
#include <linux/seq_file.h>
#include <linux/suptree.h>

#include "watch.h"

static const char *const kinds[] = {
	[SUPTREE_KIND_SUPERVISOR] = "supervisor",
	[SUPTREE_KIND_WORKER] = "worker",
};

static const char *const strategies[] = {
	[SUPTREE_STRATEGY_ONE_FOR_ONE] = "one_for_one",
	[SUPTREE_STRATEGY_ONE_FOR_ALL] = "one_for_all",
	[SUPTREE_STRATEGY_REST_FOR_ONE] = "rest_for_one",
	[SUPTREE_STRATEGY_SIMPLE_ONE_FOR_ONE] = "simple_one_for_one",
	[SUPTREE_STRATEGY_DYNAMIC] = "dynamic",
};

static const char *const states[] = {
	[SUPTREE_STATE_IDLE] = "idle",
	[SUPTREE_STATE_RUNNING] = "running",
	[SUPTREE_STATE_EXITED] = "exited",
};

static const char *const events[] = {
	[SUPTREE_EVENT_ADDED] = "added",	   [SUPTREE_EVENT_STARTED] = "started",
	[SUPTREE_EVENT_EXITED] = "exited",	   [SUPTREE_EVENT_CLEARED] = "cleared",
	[SUPTREE_EVENT_CHANGED] = "changed",	   [SUPTREE_EVENT_REMOVED] = "removed",
	[SUPTREE_EVENT_OWNER_LOST] = "owner_lost",
};

static const char *word(const char *const *words, size_t nr_words, u8 number)
{
	if (WARN_ON_ONCE(number >= nr_words || !words[number]))
		return "?";
	return words[number];
}

const char *st_kind_word(u8 kind)
{
	return word(kinds, ARRAY_SIZE(kinds), kind);
}

const char *st_strategy_word(u8 kind, u8 strategy)
{
	if (kind != SUPTREE_KIND_SUPERVISOR)
		return "-";
	return word(strategies, ARRAY_SIZE(strategies), strategy);
}

const char *st_state_word(u8 state)
{
	return word(states, ARRAY_SIZE(states), state);
}

const char *st_event_word(u8 event)
{
	return word(events, ARRAY_SIZE(events), event);
}

/* wait(2): seven bits of signal, one for a core, then the exit status */
void st_status_show(struct seq_file *m, int status)
{
	if (status == ST_STATUS_NONE)
		seq_puts(m, "-");
	else if (!(status & 0x7f))
		seq_printf(m, "exit=%d", (status >> 8) & 0xff);
	else
		seq_printf(m, "signal=%d%s", status & 0x7f, status & 0x80 ? ",core" : "");
}
