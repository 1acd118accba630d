/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reload: finds what a new configuration changes, and changes it. [K1]..[K8]
 *
 * Each supervisor whose flags or children differ gets one change. By OTP's
 * rules this restarts nothing: known children keep running with their new
 * specification, new children are added as stopped, missing ones are kept. On
 * request new children are started, and missing ones stopped and deleted.
 */
#ifndef ST_DAEMON_OPERATIONS_RELOAD_H
#define ST_DAEMON_OPERATIONS_RELOAD_H

#include "core/spec.h"
#include "daemon/control/client.h"

struct st_daemon;
struct st_script;
struct st_sup;

enum st_reload_flag {
	ST_RELOAD_DRY_RUN = 1 << 0,
	ST_RELOAD_START_NEW = 1 << 1,
	ST_RELOAD_PRUNE = 1 << 2,
};

/**
 * st_reload() - read the configuration again and apply it
 * @daemon: the daemon
 * @client: gets the plan as its answer; NULL: the daemon logs it
 * @flags: enum st_reload_flag
 */
void st_reload(struct st_daemon *daemon, struct st_client *client, unsigned int flags);

/**
 * st_reload_plan() - compare the running tree with a new specification of the root
 * @root: the root supervisor that runs
 * @spec: the new specification
 * @flags: enum st_reload_flag
 * @script: gets the requests, and as its result the plan as JSON
 *
 * Return: 0 or -ENOMEM.
 */
int st_reload_plan(const struct st_sup *root, struct st_sup_spec *spec, unsigned int flags,
		   struct st_script *script) __must_check;

#endif
