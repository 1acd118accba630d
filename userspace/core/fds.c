// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counts the descriptors that the daemon needs for the workers of the tree when all
 * of them run. A worker counts also while it does not run: its restart needs them
 * then, and nobody else may have taken them. [X12]
 *
 * Called where a child is made, changed or freed. It opens nothing and refuses
 * nothing: st_node_new() compares the sum with the limit.
 */
#include "core/internal.h"

#define FDS_PIDFD 1
#define FDS_PIPES 2 /* standard output and standard error */
#define FDS_READY 1
#define FDS_LOG 1 /* and one more if standard error has its own file */
#define FDS_SUBTREE 2 /* a cgroup, and one descendant that is waited for */

static uint32_t fds_of_log(const struct st_child *child)
{
	const struct st_log_spec *log = child->spec->def.process.log;

	for (const struct st_sup *sup = child->parent; sup && (!log || log->to == ST_LOG_UNSET);
	     sup = sup->self->parent)
		log = &sup->spec->log;
	if (!log || (log->to != ST_LOG_FILE && log->to != ST_LOG_FOLDER))
		return 0;
	return log->stderr_path ? 2 * FDS_LOG : FDS_LOG;
}

static uint32_t fds_of(const struct st_child *child)
{
	const struct st_process_spec *process = &child->spec->def.process;
	uint32_t nr = FDS_PIDFD;

	if (child->spec->def.sup)
		return 0;
	if (process->out == ST_OUTPUT_RING)
		nr += FDS_PIPES + fds_of_log(child);
	if (process->ready == ST_READY_FD)
		nr += FDS_READY;
	if (process->kill_subtree)
		nr += FDS_SUBTREE;
	return nr;
}

void st_fds_count(struct st_tree *tree, struct st_child *child)
{
	st_fds_forget(tree, child);
	child->nr_fds = fds_of(child) & 15u; /* at most 8 */
	tree->nr_fds += child->nr_fds;
}

void st_fds_forget(struct st_tree *tree, const struct st_child *child)
{
	tree->nr_fds -= child->nr_fds;
}

void st_fds_recount(struct st_sup *sup)
{
	for (struct st_child *child = sup->self; child; child = st_child_next(child, sup->self))
		st_fds_count(sup->tree, child);
}
