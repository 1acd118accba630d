/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * /proc/suptree: a folder; each proc_*.c has one of its files. All are read-only:
 * changes come only by netlink, with policies and permissions. The files show what is
 * visible in the pid namespace of the reader's /proc. Called by main.c.
 */
#ifndef _SUPTREE_PROC_H
#define _SUPTREE_PROC_H

#include <linux/seq_file.h>

struct proc_dir_entry;
struct st_row;

int __must_check st_proc_init(void);
void st_proc_done(void); /* waits for readers; open files are dead when this returns */

/* Each makes one file below @folder. Return: 0 or -ENOMEM. */
int __must_check st_proc_tree_init(struct proc_dir_entry *folder);
int __must_check st_proc_pstree_init(struct proc_dir_entry *folder);
int __must_check st_proc_events_init(struct proc_dir_entry *folder);
int __must_check st_proc_stats_init(struct proc_dir_entry *folder);

/* Shows SEQ_START_TOKEN, or a struct st_row. */
typedef int st_proc_show_fn(struct seq_file *m, void *v);

/*
 * Makes a file of rows: a snapshot is taken when it is read from its beginning, and
 * let go at its end. @show gets SEQ_START_TOKEN first, then each row.
 * Return: 0 or -ENOMEM.
 */
int __must_check st_proc_create_rows(const char *name, struct proc_dir_entry *folder,
				     st_proc_show_fn *show);

/* Is it the first of its tree in the snapshot? */
bool st_proc_is_first(struct seq_file *m, const struct st_row *row);

#endif /* _SUPTREE_PROC_H */
