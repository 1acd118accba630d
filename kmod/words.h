/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The words that people read in /proc/suptree and in traces, for the numbers of
 * uapi/linux/suptree.h. Called by the proc files; knows no node and takes no lock.
 */
#ifndef _SUPTREE_WORDS_H
#define _SUPTREE_WORDS_H

#include <linux/types.h>

struct seq_file;

const char *st_kind_word(u8 kind);
const char *st_strategy_word(u8 kind, u8 strategy); /* "-" of a worker */
const char *st_state_word(u8 state);
const char *st_event_word(u8 event);

/* exit=N, signal=N or signal=N,core; "-" if @status is ST_STATUS_NONE */
void st_status_show(struct seq_file *m, int status);

#endif /* _SUPTREE_WORDS_H */
