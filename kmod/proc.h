/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * /proc/suptree: a folder, and a file of it in each proc_*.c. All are read-only:
 * the one way in is netlink, with a policy and a permission. What is shown is what
 * the pid namespace of the reader's /proc sees. Called by main.c.
 */
#ifndef _SUPTREE_PROC_H
#define _SUPTREE_PROC_H

#include <linux/seq_file.h>

struct file;
struct inode;
struct proc_dir_entry;
struct st_row;
struct st_snapshot;

int __must_check st_proc_init(void);
void st_proc_done(void); /* waits for readers; open files are dead when this returns */

/* Each makes one file below @folder. Return: 0 or -ENOMEM. */
int __must_check st_proc_tree_init(struct proc_dir_entry *folder);
int __must_check st_proc_pstree_init(struct proc_dir_entry *folder);
int __must_check st_proc_events_init(struct proc_dir_entry *folder);
int __must_check st_proc_stats_init(struct proc_dir_entry *folder);

/*
 * A file of rows: a snapshot is taken when it is read from its beginning, and let
 * go at its end. The show of @rows gets SEQ_START_TOKEN first, then each row.
 */
int st_proc_open_rows(struct file *file, const struct seq_operations *rows);
int st_proc_release_rows(struct inode *inode, struct file *file);
void *st_proc_start_rows(struct seq_file *m, loff_t *pos);
void *st_proc_next_rows(struct seq_file *m, void *v, loff_t *pos);
void st_proc_stop_rows(struct seq_file *m, void *v);

/* Is it the first of its tree in the snapshot? */
bool st_proc_is_first(struct seq_file *m, const struct st_row *row);

#endif /* _SUPTREE_PROC_H */
