/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A separate daemon in its own folder. It ends with this tool.
 *
 *	DIR/suptree.yaml   a configuration without trees
 *	DIR/sock           the control socket
 *	DIR/notify         where the daemon says that it is ready
 *	DIR/stderr         its standard error
 *	DIR/attempts/      where st-worker counts start attempts
 */
#ifndef ST_SCENARIO_LIVE_DAEMON_H
#define ST_SCENARIO_LIVE_DAEMON_H

#include <jansson.h>

#include "os/pidref.h"

struct st_live_daemon {
	char dir[32];
	struct st_pidref ref; /* names no process once it was reaped */
};

/**
 * st_live_daemon_start() - start suptreed from the folder of this program
 * @daemon: filled in; it must not move until _stop() or the end of the tool
 */
void st_live_daemon_start(struct st_live_daemon *daemon);

/* The path of a file in its folder: static, until the next call. */
const char *st_live_daemon_path(const struct st_live_daemon *daemon, const char *name);

/* Ask it to stop, as systemd would. */
void st_live_daemon_ask_to_stop(const struct st_live_daemon *daemon);

/**
 * st_live_daemon_stop() - wait for its end, and remove its folder
 * @daemon: it was asked to stop
 *
 * Return: a list of the paths whose workers were still alive and have been killed. Owned
 * by the caller.
 */
json_t *st_live_daemon_stop(struct st_live_daemon *daemon);

/* live_leftover.c: workers that count their attempts in @dir, by their environment. */
json_t *st_live_kill_leftover(const char *dir);

#endif
