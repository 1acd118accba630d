/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tree as JSON, in the shapes of proto/README.md. Reads, never changes.
 */
#ifndef ST_DAEMON_VIEW_H
#define ST_DAEMON_VIEW_H

#include "core/types.h"
#include "proto/json.h"

struct st_daemon;

/* {"pid", "generation"} of a child that was started. */
void st_view_process(const struct st_child *child, struct st_json *json);

/* The flags of a supervisor: "strategy", "intensity", "period", "auto_shutdown". */
void st_view_flags(const struct st_sup_flags *flags, struct st_json *json);

/* which_children: newest first [C7]. */
void st_view_children(const struct st_sup *sup, struct st_json *json);

/**
 * st_view_tree() - a child and all below it, nested
 * @daemon: the daemon
 * @top: where to begin
 * @json: gets one object
 */
void st_view_tree(const struct st_daemon *daemon, const struct st_child *top, struct st_json *json);

/**
 * st_view_list() - a child and all below it, as a flat list
 * @daemon: the daemon
 * @top: where to begin
 * @json: gets one array
 */
void st_view_list(const struct st_daemon *daemon, struct st_child *top, struct st_json *json);

/* One child, with all that is known of its process. */
void st_view_info(const struct st_daemon *daemon, const struct st_child *child,
		  struct st_json *json);

#endif
