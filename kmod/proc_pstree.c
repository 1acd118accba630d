// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/suptree/pstree: all nodes for people, drawn as pstree(1) draws.
 */
#include "proc.h"

#include <linux/pid.h>
#include <linux/proc_fs.h>
#include <linux/sched.h>
#include <linux/suptree.h>

#include "node.h"
#include "snapshot.h"
#include "task.h"
#include "tree.h"
#include "watch.h"
#include "words.h"

static void show_owner(struct seq_file *m, const struct st_tree *tree, struct pid_namespace *ns)
{
	struct task_struct *task = get_pid_task(tree->owner, PIDTYPE_TGID);
	char comm[TASK_COMM_LEN] = "?";

	if (task) {
		get_task_comm(comm, task);
		put_task_struct(task);
	}
	seq_printf(m, "tree %u of ", tree->number);
	seq_escape(m, comm, " \t\n\\");
	seq_printf(m, " (%d)\n", pid_nr_ns(tree->owner, ns));
}

static void draw(struct seq_file *m, const struct st_row *row)
{
	unsigned int depth;

	for (depth = 0; depth < row->node->depth; depth++)
		seq_puts(m, row->more_at & BIT_ULL(depth) ? "│  " : "   ");
	seq_puts(m, row->more_at & BIT_ULL(depth) ? "├─ " : "└─ ");
}

static void show_process(struct seq_file *m, const struct st_row *row, struct pid_namespace *ns)
{
	struct st_task task;

	if (row->state == SUPTREE_STATE_EXITED) {
		seq_puts(m, "  exited ");
		st_status_show(m, row->status);
		return;
	}
	st_task_read(row->watch->pid, &task);
	seq_printf(m, "  pid %d  %c  cpu %llu.%02llu s  %lu kB", pid_nr_ns(row->watch->pid, ns),
		   task.state, task.cpu_ms / 1000, task.cpu_ms % 1000 / 10, task.rss_kb);
}

static int show_row(struct seq_file *m, void *v)
{
	struct pid_namespace *ns = proc_pid_ns(file_inode(m->file)->i_sb);
	const struct st_row *row = v;
	const struct st_node *node;

	if (v == SEQ_START_TOKEN)
		return 0;
	node = row->node;
	if (st_proc_is_first(m, row))
		show_owner(m, node->tree, ns);
	draw(m, row);
	seq_puts(m, node->name);
	if (node->kind == SUPTREE_KIND_SUPERVISOR)
		seq_printf(m, "  (%s)", st_strategy_word(node->kind, row->strategy));
	if (row->watch)
		show_process(m, row, ns);
	else if (node->kind == SUPTREE_KIND_WORKER)
		seq_puts(m, "  idle");
	if (row->restarts)
		seq_printf(m, "  restarts %u", row->restarts);
	seq_putc(m, '\n');
	return 0;
}

int st_proc_pstree_init(struct proc_dir_entry *folder)
{
	return st_proc_create_rows("pstree", folder, show_row);
}
