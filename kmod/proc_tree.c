// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/suptree/tree: all nodes for programs. A line of column names, a line with a #
 * before each tree, a line for each node in pre-order; the path of a node can be
 * read off the depths. Columns are only ever added before the name.
 */
#include "proc.h"

#include <linux/pid.h>
#include <linux/proc_fs.h>

#include "node.h"
#include "snapshot.h"
#include "task.h"
#include "tree.h"
#include "watch.h"
#include "words.h"

static void show_tree(struct seq_file *m, const struct st_row *row, struct pid_namespace *ns)
{
	const struct st_tree *tree = row->node->tree;

	seq_printf(m, "# tree %u owner %d port %u seq %llu\n", tree->number,
		   pid_nr_ns(tree->owner, ns), tree->port, row->seq);
}

static int show_row(struct seq_file *m, void *v)
{
	struct pid_namespace *ns = proc_pid_ns(file_inode(m->file)->i_sb);
	const struct st_row *row = v;
	const struct st_node *node;
	struct st_task task;
	struct pid *pid;

	if (v == SEQ_START_TOKEN) {
		seq_puts(m, "tree id parent depth kind strategy state pid task start_ns");
		seq_puts(m, " cpu_ms rss_kb restarts gen status name\n");
		return 0;
	}
	node = row->node;
	pid = row->watch ? row->watch->pid : NULL;
	if (st_proc_is_first(m, row))
		show_tree(m, row, ns);
	st_task_read(pid, &task);
	seq_printf(m, "%u %u %u %u %s %s %s", node->tree->number, node->id, st_node_parent_id(node),
		   node->depth, st_kind_word(node->kind),
		   st_strategy_word(node->kind, row->strategy), st_state_word(row->state));
	seq_printf(m, " %d %c %llu %llu %lu %u %llu ", pid_nr_ns(pid, ns), task.state,
		   task.start_ns, task.cpu_ms, task.rss_kb, row->restarts, row->generation);
	st_status_show(m, row->status);
	seq_printf(m, " %s\n", node->name);
	return 0;
}

static const struct seq_operations rows = {
	.start = st_proc_start_rows,
	.next = st_proc_next_rows,
	.stop = st_proc_stop_rows,
	.show = show_row,
};

static int open_rows(struct inode *inode, struct file *file)
{
	return st_proc_open_rows(file, &rows);
}

static const struct proc_ops file_ops = {
	.proc_open = open_rows,
	.proc_read_iter = seq_read_iter,
	.proc_lseek = seq_lseek,
	.proc_release = st_proc_release_rows,
};

int st_proc_tree_init(struct proc_dir_entry *folder)
{
	return proc_create("tree", 0444, folder, &file_ops) ? 0 : -ENOMEM;
}
