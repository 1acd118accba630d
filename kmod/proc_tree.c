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

/* Not by seq_printf(): of a large tree, reading formats would be the larger part. */
static void put_number(struct seq_file *m, unsigned long long number)
{
	seq_put_decimal_ull(m, " ", number);
}

static void put_word(struct seq_file *m, const char *word)
{
	seq_putc(m, ' ');
	seq_puts(m, word);
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
	seq_put_decimal_ull(m, "", node->tree->number);
	put_number(m, node->id);
	put_number(m, st_node_parent_id(node));
	put_number(m, node->depth);
	put_word(m, st_kind_word(node->kind));
	put_word(m, st_strategy_word(node->kind, row->strategy));
	put_word(m, st_state_word(row->state));
	put_number(m, pid_nr_ns(pid, ns));
	seq_putc(m, ' ');
	seq_putc(m, task.state);
	put_number(m, task.start_ns);
	put_number(m, task.cpu_ms);
	put_number(m, task.rss_kb);
	put_number(m, row->restarts);
	put_number(m, row->generation);
	seq_putc(m, ' ');
	st_status_show(m, row->status);
	put_word(m, node->name);
	seq_putc(m, '\n');
	return 0;
}

int st_proc_tree_init(struct proc_dir_entry *folder)
{
	return st_proc_create_rows("tree", folder, show_row);
}
