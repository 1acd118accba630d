// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sets the logs of children from their specifications; see log_choice.h.
 */
#include "daemon/process/log_choice.h"

#include <unistd.h>

#include "core/types.h"
#include "daemon/identity.h"
#include "daemon/output/output.h"
#include "daemon/process/process.h"

static const struct st_log_spec *log_of(const struct st_child *child)
{
	const struct st_log_spec *log = child->spec->def.process.log;

	for (const struct st_sup *sup = child->parent; sup && (!log || log->to == ST_LOG_UNSET);
	     sup = sup->self->parent)
		log = &sup->spec->log;
	return log;
}

/* The log's group: the child may read its log, but not change it. */
static gid_t group_of(const struct st_processes *processes, const struct st_child *child)
{
	const struct st_process_spec *process = &child->spec->def.process;
	const struct st_credentials *credentials = st_identity_find(processes->identities, process);

	return credentials && geteuid() == 0 ? credentials->gid : (gid_t)-1;
}

void st_log_choice_set(const struct st_processes *processes, const struct st_child *child,
		       const char *path)
{
	st_output_log_set(processes->outputs, path, log_of(child), group_of(processes, child));
}

void st_log_choice_changed(const struct st_processes *processes, struct st_child *top)
{
	struct st_buf buf = ST_BUF_INIT;
	const char *path;

	for (struct st_child *child = top; child; child = st_child_next(child, top)) {
		if (child->sup || child->spec->def.process.out != ST_OUTPUT_RING)
			continue;
		if (!st_child_path(child, &buf, &path))
			st_log_choice_set(processes, child, path);
	}
	st_buf_done(&buf);
}
