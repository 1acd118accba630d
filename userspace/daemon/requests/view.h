/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writes the tree as JSON, in the shapes of proto/README.md. It only reads.
 */
#ifndef ST_DAEMON_REQUESTS_VIEW_H
#define ST_DAEMON_REQUESTS_VIEW_H

#include <stdint.h>

#include "core/types.h"
#include "proto/json.h"

struct st_child_spec;
struct st_events;
struct st_outputs;
struct st_processes;

/* X(member, name): what `fields` of tree and ps may name; PID and STRATEGY are several members */
#define ST_VIEW_FIELD_LIST(X) \
	X(ID, "id") \
	X(PATH, "path") \
	X(TYPE, "type") \
	X(STATE, "state") \
	X(RESTART, "restart") \
	X(SIGNIFICANT, "significant") \
	X(SHUTDOWN, "shutdown") \
	X(PID, "pid") \
	X(MAILBOX, "mailbox") \
	X(UPTIME, "uptime_ms") \
	X(RESTARTS, "restarts") \
	X(STATUS, "status") \
	X(REASON, "reason") \
	X(STRATEGY, "strategy") \
	X(RESTARTS_IN_PERIOD, "restarts_in_period")

#define ST_FIELD_MEMBER(member, name) ST_FIELD_##member,
enum st_view_field {
	ST_VIEW_FIELD_LIST(ST_FIELD_MEMBER) ST_FIELD__MAX
};
#undef ST_FIELD_MEMBER

extern const char *const st_view_fields[ST_FIELD__MAX + 1];

/*
 * The sources of what is shown of a child besides its place in the tree; all
 * borrowed.
 */
struct st_view {
	const struct st_processes *processes;
	struct st_outputs *outputs;
	const struct st_events *events;
	bool shows_values; /* of environment variables: the client is an admin */
	uint32_t fields; /* bits of enum st_view_field: the members to show; 0: all */
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

/* Write the members of a node: of a row, or what comes before "children". */
void st_view_members(const struct st_view *view, const struct st_child *child,
		     struct st_json *json);

/* Write one child, with all that is known of its process. */
void st_view_info(const struct st_view *view, const struct st_child *child, struct st_json *json);

#endif
