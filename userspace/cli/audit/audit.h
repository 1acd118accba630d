/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The audit: three sources know the same processes, and they must agree.
 *
 *   the daemon    `ps`               the daemon's own picture
 *   the module    /proc/suptree/tree what the daemon reported to it, and what it saw
 *   the kernel    /proc/PID/stat     the actual processes
 *
 * They are read one after the other while the tree changes. So a difference counts only
 * if it appears in several rounds. A round begins after the previous one has ended.
 */
#ifndef ST_CLI_AUDIT_AUDIT_H
#define ST_CLI_AUDIT_AUDIT_H

#include <jansson.h>
#include <stdint.h>
#include <sys/types.h>

#include "cli/cli.h"

#define ST_AUDIT_MODULE_FILE "/proc/suptree/tree"

/**
 * st_audit() - compare the daemon with the module and /proc
 * @cli: format, socket and timeout
 * @params: module, the file that is read instead of ST_AUDIT_MODULE_FILE
 *
 * Without a module the daemon is compared with /proc only, and a message says so.
 *
 * Return: ST_EXIT_OK: they agree; ST_EXIT_FINDINGS: they do not.
 */
enum st_exit_code st_audit(const struct st_cli *cli, const json_t *params);

/* audit_module.c */

/**
 * st_audit_read_module() - read the nodes of one owner from the module's file
 * @file: its name
 * @owner: pid of the daemon
 * @ret_nodes: owned by the caller (json_decref): path to an object of the columns
 *	id, kind, strategy, state, pid, start_ns, restarts, gen, status; "" is the root.
 *	If a path is there twice, a # and gen are added to it
 *
 * Return: 0; -ENOENT: there is no such file, so no module; -ESRCH: there is no tree
 * of this owner; -EPROTO: it cannot be read; -ENOMEM; or -errno.
 */
int st_audit_read_module(const char *file, pid_t owner, json_t **ret_nodes) __must_check;

/* audit_compare.c */

/**
 * st_audit_compare() - what does not fit together, in one round
 * @daemon: the answer of `ps`, a list of all nodes
 * @module: of st_audit_read_module(), or NULL: not there
 * @owner: pid of the daemon
 * @ret_differences: owned by the caller: a list of {"path", "difference", "daemon"?,
 *	"module"?, "proc"?}
 *
 * Return: 0 or -ENOMEM.
 */
int st_audit_compare(const json_t *daemon, json_t *module, pid_t owner,
		     json_t **ret_differences) __must_check;

#endif
