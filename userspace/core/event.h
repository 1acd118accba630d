/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events: everything that can happen to a tree.
 *
 * The fields of an event always belong to the caller and need to live only
 * for the call of st_step(); core copies what it keeps.
 */
#ifndef ST_CORE_EVENT_H
#define ST_CORE_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/reason.h"
#include "core/spec.h"

#define ST_EVENT_LIST(X) \
	X(ST_EV_BOOT, "boot") /* start the root */ \
	X(ST_EV_SPAWNED, "spawned") /* generation, pid: the process exists */ \
	X(ST_EV_READY, "ready") /* generation: it sent READY, or exec succeeded */ \
	X(ST_EV_IGNORE, "ignore") /* generation: it sent IGNORE */ \
	X(ST_EV_ERROR, "error") /* generation, text: it sent ERROR */ \
	X(ST_EV_SPAWN_FAILED, "spawn_failed") /* generation, text: there is no process */ \
	X(ST_EV_EXITED, "exited") /* generation, reason: it was reaped */ \
	X(ST_EV_UNHEALTHY, "unhealthy") /* generation: its probe failed too often [X11] */ \
	X(ST_EV_REQUEST, "request") /* request */ \
	X(ST_EV_STOP, "stop") /* the root is asked to stop, in order [M5] [G1] */ \
	X(ST_EV_KILL, "kill") /* the root is killed, with all below it [G7] */ \
	X(ST_EV_TICK, "tick") /* time has passed */

#define ST_REQUEST_LIST(X) \
	X(ST_REQUEST_START_CHILD, "start_child") /* [C1] [I4] [X1] */ \
	X(ST_REQUEST_RESTART_CHILD, "restart_child") /* [C3] */ \
	X(ST_REQUEST_TERMINATE_CHILD, "terminate_child") /* [C5] [I3] */ \
	X(ST_REQUEST_DELETE_CHILD, "delete_child") /* [C4] */ \
	X(ST_REQUEST_RESTART, "restart") /* terminate, then start [X10] */ \
	X(ST_REQUEST_WHICH_CHILDREN, "which_children") /* [C7] */ \
	X(ST_REQUEST_COUNT_CHILDREN, "count_children") /* [C8] */ \
	X(ST_REQUEST_GET_CHILDSPEC, "get_childspec") /* [C9] */ \
	X(ST_REQUEST_CHANGE, "change") /* [K1]..[K8] */ \
	X(ST_REQUEST_STOP, "stop_supervisor") /* [G6] */ \
	X(ST_REQUEST_SETTLE, "settle") /* answered when nothing is left to decide */

#define ST_ENUM_MEMBER(name, text) name,
enum st_event_type {
	ST_EVENT_LIST(ST_ENUM_MEMBER) ST_EV__MAX
};
enum st_request_type {
	ST_REQUEST_LIST(ST_ENUM_MEMBER) ST_REQUEST__MAX
};
#undef ST_ENUM_MEMBER

extern const char *const st_event_text[ST_EV__MAX];
extern const char *const st_request_text[ST_REQUEST__MAX];

/**
 * struct st_request - a request to a supervisor
 * @type: what is wanted; it says which part of the union counts
 * @token: the caller's number; comes back in the reply
 * @sup: path of the supervisor; ignored by SETTLE
 * @id: a child's id, or the name of a dynamic child; START_CHILD of a
 *      simple_one_for_one supervisor: the new child's name
 * @error: START_CHILD, CHANGE: what is wrong with the specification, found by
 *         the binder; it is the answer in OTP's order of checks [V2]
 * @error_json: the term for @error; NULL: its word
 * @start: of START_CHILD
 * @start.spec: core takes its own reference; NULL with a simple_one_for_one
 *              supervisor, and with @error
 * @start.args: of a simple_one_for_one supervisor: appended to argv
 * @start.nr_args: their number
 * @start.significant: the spec, even if invalid, is significant [V4]
 * @terminate: of TERMINATE_CHILD
 * @terminate.generation: of a dynamic child: its process; used if not 0
 * @terminate.foreign: a living process that is not a child [I3]
 * @change: of CHANGE
 * @change.to: the new specification; core takes its own reference; NULL with
 *             @error
 * @change.flags_only: only the flags of @change.to count, and children stay as
 *                     they are [K1]
 * @change.whole: @change.to is newer than all earlier changes of supervisors
 *                below [K9]
 * @stop: of STOP
 * @stop.reason: the reason to end with; without texts
 */
struct st_request {
	enum st_request_type type;
	uint64_t token;
	const char *sup;
	const char *id;
	enum st_spec_error error;
	const char *error_json;
	union {
		struct {
			struct st_child_spec *spec;
			const char *const *args;
			uint32_t nr_args;
			bool significant;
		} start;
		struct {
			uint64_t generation;
			bool foreign;
		} terminate;
		struct {
			struct st_sup_spec *to;
			bool flags_only;
			bool whole;
		} change;
		struct {
			struct st_reason reason;
		} stop;
	};
};

/**
 * st_request_done() - give back the specification that a request refers to
 * @request: of a caller that owns the reference in @start.spec or @change.to
 */
void st_request_done(struct st_request *request);

/* What a process and its reaped descendants have used, as wait4(2) has it. */
struct st_usage {
	uint64_t utime_ns; /* in the program */
	uint64_t stime_ns; /* in the kernel */
	uint64_t maxrss_kb; /* 0: nothing is known */
};

struct st_event {
	enum st_event_type type;
	uint64_t generation;
	int32_t pid; /* SPAWNED */
	struct st_reason reason; /* EXITED; without texts */
	int status; /* EXITED: as wait(2) has it, -1: not known; core only hands it on */
	struct st_usage usage; /* EXITED; the same */
	const char *text; /* ERROR, SPAWN_FAILED */
	const struct st_request *request; /* REQUEST */
};

/**
 * st_event_write() - append an event as one line of the transcript
 * @event: the event
 * @now_ns: when it happened
 * @out: where to; no newline is added
 */
void st_event_write(const struct st_event *event, uint64_t now_ns, struct st_buf *out);

/**
 * st_input_write() - append an event with all that a tree keeps of it
 * @event: the event
 * @now_ns: when it happened
 * @out: where to: the line of the transcript, and after it the status of an end, if it is known
 */
void st_input_write(const struct st_event *event, uint64_t now_ns, struct st_buf *out);

/**
 * st_transcript_header_write() - append the first line of a transcript, newline included
 * @spec: of the root supervisor
 * @seed: as given to st_tree_new()
 * @max_fds: the tree's limit of descriptors [X12]; 0: none
 * @out: where to: suptree-log 1 seed=N [max_fds=N] {specification as JSON}
 */
void st_transcript_header_write(const struct st_sup_spec *spec, uint64_t seed, uint32_t max_fds,
				struct st_buf *out);

#endif
