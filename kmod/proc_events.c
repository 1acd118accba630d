// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/suptree/events: the last events, oldest first, a line each.
 *
 * A read never waits. At the end it returns nothing. The next read continues there when
 * there are more events, and poll(2) waits for them. The position in the file is the
 * serial number of the next event, so a slow reader skips dropped events.
 */
#include "proc.h"

#include <linux/pid.h>
#include <linux/poll.h>
#include <linux/proc_fs.h>

#include "node.h"
#include "registry.h"
#include "ring.h"
#include "tree.h"
#include "words.h"

struct events_reader {
	struct st_record record; /* the one that is shown now */
};

static void *read_from(struct seq_file *m, loff_t *pos)
{
	struct events_reader *reader = m->private;

	if (!st_ring_read(*pos, &reader->record))
		return NULL;
	*pos = reader->record.serial;
	return &reader->record;
}

static void *start(struct seq_file *m, loff_t *pos)
{
	st_registry_settle();
	return *pos ? read_from(m, pos) : SEQ_START_TOKEN;
}

static void *next(struct seq_file *m, void *v, loff_t *pos)
{
	struct events_reader *reader = m->private;

	st_record_put(&reader->record);
	++*pos;
	return read_from(m, pos);
}

static void stop(struct seq_file *m, void *v)
{
	struct events_reader *reader = m->private;

	st_record_put(&reader->record);
}

static int show(struct seq_file *m, void *v)
{
	struct pid_namespace *ns = proc_pid_ns(file_inode(m->file)->i_sb);
	const struct st_record *record = v;
	const struct st_node *node;

	if (v == SEQ_START_TOKEN) {
		seq_puts(m, "tree seq time_ns event id pid gen status path\n");
		return 0;
	}
	if (!st_tree_is_visible(record->tree, ns))
		return SEQ_SKIP;
	node = record->node;
	seq_printf(m, "%u %llu %llu %s %u %d %llu ", record->tree->number, record->seq,
		   record->time_ns, st_event_word(record->event), node ? node->id : 0,
		   pid_nr_ns(record->pid, ns), record->generation);
	st_status_show(m, record->status);
	seq_putc(m, ' ');
	if (node)
		st_node_path_show(m, node);
	else
		seq_putc(m, '-');
	seq_putc(m, '\n');
	return 0;
}

static const struct seq_operations records = {
	.start = start,
	.next = next,
	.stop = stop,
	.show = show,
};

static int open_events(struct inode *inode, struct file *file)
{
	return seq_open_private(file, &records, sizeof(struct events_reader));
}

static __poll_t poll_events(struct file *file, struct poll_table_struct *table)
{
	struct seq_file *m = file->private_data;

	poll_wait(file, &st_ring_wait, table);
	/* a position that a read moves at the same time is that reader's matter */
	if (READ_ONCE(m->count) || READ_ONCE(m->index) <= (loff_t)st_ring_last())
		return EPOLLIN | EPOLLRDNORM;
	return 0;
}

static const struct proc_ops file_ops = {
	.proc_open = open_events,
	.proc_read_iter = seq_read_iter,
	.proc_lseek = seq_lseek,
	.proc_poll = poll_events,
	.proc_release = seq_release_private,
};

int st_proc_events_init(struct proc_dir_entry *folder)
{
	return proc_create("events", 0444, folder, &file_ops) ? 0 : -ENOMEM;
}
