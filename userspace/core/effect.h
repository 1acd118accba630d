/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Effects: everything that a step wants done, in order.
 *
 * The executor carries out SPAWN and SIGNAL. REPLY goes back to the sender of the
 * request. The others only report what happened (events of the control protocol,
 * reports [L]). An effect that fails comes back as an event.
 */
#ifndef ST_CORE_EFFECT_H
#define ST_CORE_EFFECT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "core/cause.h"
#include "core/event.h"
#include "core/reason.h"

struct st_child;
struct st_sup;

#define ST_EFFECT_LIST(X) \
	X(ST_FX_SPAWN, "spawn") /* start the process of a worker */ \
	X(ST_FX_SIGNAL, "signal") /* value: SIGTERM or SIGKILL, to its process */ \
	X(ST_FX_STARTING, "starting") /* a supervisor begins to start */ \
	X(ST_FX_STARTED, "started") /* READY; a supervisor: after its children [A2] */ \
	X(ST_FX_IGNORED, "ignored") /* answered IGNORE [A4] */ \
	X(ST_FX_DONE, "done") /* ready: exit, and it ended with status 0 [X8] */ \
	X(ST_FX_START_FAILED, "start_failed") /* reason */ \
	X(ST_FX_START_ABORTED, "start_aborted") /* killed before READY [G7] */ \
	X(ST_FX_EXITED, "exited") /* reason: a started child is dead */ \
	X(ST_FX_REPORT, "report") /* context, reason; child, or count [I7] */ \
	X(ST_FX_ADDED, "added") /* a request added the child */ \
	X(ST_FX_REMOVED, "removed") /* its supervisor forgot the child */ \
	X(ST_FX_DELAYED, "delayed") /* value: ms of back-off before the restart */ \
	X(ST_FX_CHANGED, "changed") /* the supervisor has a new specification */ \
	X(ST_FX_REPLY, "reply") /* token, reply and what it shows */ \
	X(ST_FX_HALTED, "halted") /* reason: the root has ended */

#define ST_CONTEXT_LIST(X) \
	X(ST_CONTEXT_CHILD_TERMINATED, "child_terminated") \
	X(ST_CONTEXT_START_ERROR, "start_error") \
	X(ST_CONTEXT_SHUTDOWN_ERROR, "shutdown_error") \
	X(ST_CONTEXT_SHUTDOWN, "shutdown")

/* Answers. From ALREADY_PRESENT on they are errors; the texts are OTP's. */
#define ST_REPLY_LIST(X) \
	X(ST_REPLY_OK, "ok") \
	X(ST_REPLY_STARTED, "started") /* child, generation */ \
	X(ST_REPLY_IGNORED, "ignored") /* {ok,undefined} [A4] */ \
	X(ST_REPLY_DONE, "done") /* as IGNORED, for ready: exit [X8] */ \
	X(ST_REPLY_ADDED, "added") /* not started: start_now: false [X7] */ \
	X(ST_REPLY_CHILDREN, "children") /* sup: read its children now */ \
	X(ST_REPLY_COUNTS, "counts") /* sup: st_sup_count() now */ \
	X(ST_REPLY_CHILDSPEC, "childspec") /* child, or sup: its template */ \
	X(ST_REPLY_ALREADY_PRESENT, "already_present") \
	X(ST_REPLY_ALREADY_STARTED, "already_started") /* child, generation */ \
	X(ST_REPLY_NOT_FOUND, "not_found") \
	X(ST_REPLY_RUNNING, "running") \
	X(ST_REPLY_RESTARTING, "restarting") \
	X(ST_REPLY_SIMPLE_ONE_FOR_ONE, "simple_one_for_one") \
	X(ST_REPLY_NOPROC, "noproc") \
	X(ST_REPLY_START_ERROR, "start_error") /* reason */ \
	X(ST_REPLY_INVALID_SPEC, "invalid_spec") /* reason: the term */ \
	X(ST_REPLY_MAX_CHILDREN, "max_children") /* [X1] */ \
	X(ST_REPLY_REFUSED, "refused") /* to or from a dynamic supervisor [K8] */ \
	X(ST_REPLY_LIMIT, "limit") /* core/limits.h */ \
	X(ST_REPLY_NO_MEMORY, "no_memory")

#define ST_ENUM_MEMBER(name, text) name,
enum st_effect_type {
	ST_EFFECT_LIST(ST_ENUM_MEMBER) ST_FX__MAX
};
enum st_context {
	ST_CONTEXT_LIST(ST_ENUM_MEMBER) ST_CONTEXT__MAX
};
enum st_reply {
	ST_REPLY_LIST(ST_ENUM_MEMBER) ST_REPLY__MAX
};
#undef ST_ENUM_MEMBER

extern const char *const st_effect_text[ST_FX__MAX];
extern const char *const st_context_text[ST_CONTEXT__MAX];
extern const char *const st_reply_text[ST_REPLY__MAX];

/* The restarts of a supervisor that count now, and how many may. [E1] */
struct st_budget {
	uint32_t used;
	uint32_t intensity;
	uint32_t period_s; /* 0: there is no supervisor above */
};

/*
 * An end is EXITED or START_FAILED. The cause, the times and the facts about the process
 * are for people. The transcript, with which steps are compared, does not have them.
 */
struct st_effect {
	enum st_effect_type type;
	union {
		int value; /* SIGNAL, DELAYED */
		enum st_context context; /* REPORT */
		enum st_reply reply; /* REPLY */
	};
	uint32_t count; /* REPORT without a child: how many */
	uint64_t generation; /* of the child's process, then */
	uint64_t token; /* REPLY: the request's */
	const struct st_child *child;
	const struct st_sup *sup; /* REPORT, REPLY: the supervisor */
	struct st_reason reason;
	struct st_cause cause; /* which rule made it happen, and which end before it */
	enum st_rule applied; /* an end: the rule of its supervisor that it meets */
	bool was_killed; /* an end: the supervisor had sent SIGKILL */
	int32_t pid; /* STARTED, and ends: of the process, then; 0: none */
	int status; /* ends: as wait(2) has it; -1: there was no process, or it is not known */
	uint64_t took_ns; /* since its start began, or its stop was asked for; 0: neither was */
	uint64_t ran_ns; /* EXITED: since it was READY */
	uint64_t spawned_ns; /* STARTED: from the begin of its start until its process existed */
	uint32_t nr_restarts; /* STARTED, and ends: of the child until now */
	struct st_budget budget; /* the same: of its supervisor, before it decides about an end */
	struct st_usage usage; /* ends of processes */
};

/* The effects of one step, in order; borrowed from the tree. */
struct st_effects {
	const struct st_effect *items;
	uint32_t nr;
};

/**
 * st_effect_write() - append an effect as one line of the transcript
 * @effect: the effect; call it before the next step
 * @out: where to; no indentation and no newline are added
 */
void st_effect_write(const struct st_effect *effect, struct st_buf *out);

static inline int st_reply_is_error(enum st_reply reply)
{
	return reply >= ST_REPLY_ALREADY_PRESENT;
}

#endif
