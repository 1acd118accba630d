// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whom a process accepts; see accept.h.
 */
#include "daemon/process/accept.h"

#include <unistd.h>

#include "daemon/identity.h"
#include "daemon/process/process.h"

static enum st_accept stricter(enum st_accept ordered, enum st_accept said, enum st_accept usual)
{
	if (!ordered)
		return said ? said : usual;
	return said && said < ordered ? said : ordered;
}

enum st_accept st_accept_messages(const struct st_process *process)
{
	return stricter(process->spec->def.process.accept, (enum st_accept)process->accept,
			ST_ACCEPT_TREE);
}

enum st_accept st_accept_links(const struct st_process *process)
{
	return stricter(process->spec->def.process.accept_links,
			(enum st_accept)process->accept_links, ST_ACCEPT_SAME_USER);
}

uid_t st_process_uid(const struct st_process *process)
{
	const struct st_process_spec *spec = &process->spec->def.process;
	const struct st_credentials *credentials =
		spec->user || spec->service ?
			st_identity_find(process->processes->identities, spec) :
			NULL;

	return credentials ? credentials->uid : geteuid();
}
