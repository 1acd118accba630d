/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The audit: three that know of the same processes are asked, and must agree.
 *
 *   the daemon    `ps`               what it believes
 *   the module    /proc/suptree/tree what the kernel was told, and saw of it
 *   the kernel    /proc/PID/stat     what there is
 *
 * They are asked one after the other while the tree lives, so a difference counts
 * only if it is there in several rounds: each begins after the one before has ended.
 */
#ifndef ST_CLI_AUDIT_H
#define ST_CLI_AUDIT_H

#include <jansson.h>
#include <stdint.h>
#include <sys/types.h>

#include "cli/cli.h"

#define ST_AUDIT_MODULE_FILE "/proc/suptree/tree"

/**
 * st_audit() - hold what the daemon says against the module and /proc
 * @cli: format, socket and patience
 * @params: module, the file that is read in place of ST_AUDIT_MODULE_FILE
 *
 * Without a module the daemon is held against /proc alone, and that is said.
 *
 * Return: ST_EXIT_OK: they agree; ST_EXIT_FINDINGS: they do not.
 */
enum st_exit_code st_audit(const struct st_cli *cli, const json_t *params);

/* audit_module.c */

/**
 * st_audit_read_module() - the nodes of one owner in the module's file
 * @file: its name
 * @owner: pid of the daemon
 * @ret_nodes: owned by the caller (json_decref): path to an object of the columns
 *	id, kind, strategy, state, pid, start_ns, restarts, gen, status; "" is the root.
 *	A path that is there twice goes on with a # and gen
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
