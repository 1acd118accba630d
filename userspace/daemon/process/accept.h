/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whom a process that takes messages accepts, and as which user it runs.
 *
 * The author of a server knows who needs it, so the server says it with its
 * mailbox (X_SUPTREE_ACCEPT=). The operator may be stricter: by the keys accept
 * and accept_links of the specification. If both say something, the stricter
 * one counts. Used by requests/directory.c, which knows the peers.
 */
#ifndef ST_DAEMON_PROCESS_ACCEPT_H
#define ST_DAEMON_PROCESS_ACCEPT_H

#include <sys/types.h>

#include "core/spec.h"

struct st_process;

/* Return: who may call the process and cast to it; never ST_ACCEPT_DEFAULT. */
enum st_accept st_accept_messages(const struct st_process *process);

/* Return: who may link itself to it; never ST_ACCEPT_DEFAULT. */
enum st_accept st_accept_links(const struct st_process *process);

/**
 * st_process_uid() - the user as which a process was started
 * @process: the process
 *
 * Return: the uid of its specification. A process that changes its user itself
 * is still the one that it was: only the specification gives it rights.
 */
uid_t st_process_uid(const struct st_process *process);

#endif
