// SPDX-License-Identifier: GPL-2.0-only
/*
 * The folder, and what files of rows share; see proc.h.
 */
#include "proc.h"

#include <linux/err.h>
#include <linux/mm.h>
#include <linux/proc_fs.h>
#include <linux/slab.h>

#include "node.h"
#include "snapshot.h"

/* A read(2) gives what fits; with 10,000 nodes a page at a time would be 250 reads. */
#define BUFFER_SIZE (64 * 1024)

struct rows_reader {
	struct st_snapshot *snapshot; /* NULL but between the first row and the last */
	st_proc_show_fn *show;
};

static void drop_snapshot(struct rows_reader *reader)
{
	st_snapshot_free(reader->snapshot);
	reader->snapshot = NULL;
}

static struct st_row *row_at(const struct rows_reader *reader, loff_t pos)
{
	if (!reader->snapshot || pos > reader->snapshot->nr_rows)
		return NULL;
	return &reader->snapshot->rows[pos - 1];
}

static void *start_rows(struct seq_file *m, loff_t *pos)
{
	struct st_reader who = { .pid_ns = proc_pid_ns(file_inode(m->file)->i_sb) };
	struct rows_reader *reader = m->private;
	struct st_snapshot *snapshot;

	if (*pos)
		return row_at(reader, *pos);
	drop_snapshot(reader);
	snapshot = st_snapshot_new(&who);
	if (IS_ERR(snapshot))
		return snapshot;
	reader->snapshot = snapshot;
	return SEQ_START_TOKEN;
}

static void *next_rows(struct seq_file *m, void *v, loff_t *pos)
{
	struct rows_reader *reader = m->private;
	struct st_row *row = row_at(reader, ++*pos);

	if (!row)
		drop_snapshot(reader); /* an open file must not keep memory */
	return row;
}

static void stop_rows(struct seq_file *m, void *v)
{
}

static int show_row(struct seq_file *m, void *v)
{
	const struct rows_reader *reader = m->private;

	return reader->show(m, v);
}

static const struct seq_operations rows = {
	.start = start_rows,
	.next = next_rows,
	.stop = stop_rows,
	.show = show_row,
};

static int open_rows(struct inode *inode, struct file *file)
{
	struct rows_reader *reader;
	struct seq_file *m;
	int err = seq_open_private(file, &rows, sizeof(struct rows_reader));

	if (err)
		return err;
	m = file->private_data;
	reader = m->private;
	reader->show = pde_data(inode);
	m->buf = kvmalloc(BUFFER_SIZE, GFP_KERNEL_ACCOUNT); /* NULL: seq_file makes a small one */
	m->size = m->buf ? BUFFER_SIZE : 0;
	return 0;
}

static int release_rows(struct inode *inode, struct file *file)
{
	struct seq_file *m = file->private_data;

	drop_snapshot(m->private);
	return seq_release_private(inode, file);
}

static const struct proc_ops rows_ops = {
	.proc_open = open_rows,
	.proc_read_iter = seq_read_iter,
	.proc_lseek = seq_lseek,
	.proc_release = release_rows,
};

int st_proc_create_rows(const char *name, struct proc_dir_entry *folder, st_proc_show_fn *show)
{
	return proc_create_data(name, 0444, folder, &rows_ops, show) ? 0 : -ENOMEM;
}

bool st_proc_is_first(struct seq_file *m, const struct st_row *row)
{
	const struct rows_reader *reader = m->private;

	return row == reader->snapshot->rows || row[-1].node->tree != row->node->tree;
}

int st_proc_init(void)
{
	struct proc_dir_entry *folder = proc_mkdir("suptree", NULL);
	int err;

	if (!folder)
		return -ENOMEM;
	err = st_proc_tree_init(folder)		  ?:
		      st_proc_pstree_init(folder) ?:
		      st_proc_events_init(folder) ?:
						    st_proc_stats_init(folder);
	if (err)
		st_proc_done();
	return err;
}

void st_proc_done(void)
{
	remove_proc_subtree("suptree", NULL);
}
