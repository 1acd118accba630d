/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writes the tree as JSON, in the shapes of proto/README.md. It only reads.
 */
#ifndef ST_DAEMON_REQUESTS_VIEW_H
#define ST_DAEMON_REQUESTS_VIEW_H

#include "core/types.h"
#include "proto/json.h"

struct st_child_spec;
struct st_events;
struct st_outputs;
struct st_processes;

/*
 * The sources of what is shown of a child besides its place in the tree; all
 * borrowed.
 */
struct st_view {
	const struct st_processes *processes;
	struct st_outputs *outputs;
	const struct st_events *events;
	bool shows_values; /* of environment variables: the client is an admin */
};

/**
 * st_view_spec() - write a child's specification
 * @spec: the specification
 * @shows_values: whether values of environment variables are written; they may be
 *	secrets, which only admins may see
 * @json: gets one object
 */
void st_view_spec(const struct st_child_spec *spec, bool shows_values, struct st_json *json);

/* Write {"pid", "generation"} of a child that was started. */
void st_view_process(const struct st_child *child, struct st_json *json);

/*
 * Write the flags of a supervisor: "strategy", "intensity", "period",
 * "auto_shutdown".
 */
void st_view_flags(const struct st_sup_flags *flags, struct st_json *json);

/* Write the answer of which_children: newest first [C7]. */
void st_view_children(const struct st_sup *sup, struct st_json *json);

/**
 * st_view_tree() - write a child and all below it, nested
 * @view: the sources
 * @top: the child
 * @json: gets one object
 */
void st_view_tree(const struct st_view *view, const struct st_child *top, struct st_json *json);

/**
 * st_view_list() - write a child and all below it, as a flat list
 * @view: the sources
 * @top: the child
 * @json: gets one array
 */
void st_view_list(const struct st_view *view, struct st_child *top, struct st_json *json);

/* Write one child, with all that is known of its process. */
void st_view_info(const struct st_view *view, const struct st_child *child, struct st_json *json);

#endif
