/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The words of a saved state, which save.c writes and load.c reads. Nobody else includes this.
 *
 * Each list is the only one of its kind: a member that is added to a struct of types.h gets its
 * line here, and is written and read.
 */
#ifndef ST_CORE_SAVE_INTERNAL_H
#define ST_CORE_SAVE_INTERNAL_H

#include "core/internal.h"
#include "core/spec_walk.h"

/* X(member): numbers of a child; those that are 0 are left out. */
#define ST_SAVED_NUMBERS(X) \
	X(generation) \
	X(ready_generation) \
	X(since_ns) \
	X(spawned_ns) \
	X(ready_ns) \
	X(nr_restarts) \
	X(nr_delays) \
	X(pid) \
	X(ready_pid)

/* X(member): flags of a child */
#define ST_SAVED_FLAGS(X) \
	X(deleted) \
	X(alive) \
	X(ended) \
	X(lingering) \
	X(killed) \
	X(was_ready) \
	X(counted) \
	X(is_settling) \
	X(is_unhealthy) \
	X(is_wanted)

/* X(member): flags of a request */
#define ST_SAVED_CALL_FLAGS(X) \
	X(foreign) \
	X(significant) \
	X(flags_only) \
	X(whole)

/* X(REASON, word) */
#define ST_SAVED_REASONS(X) \
	X(ST_REASON_NORMAL, "normal") \
	X(ST_REASON_SHUTDOWN, "shutdown") \
	X(ST_REASON_SHUTDOWN_TERM, "shutdown_term") \
	X(ST_REASON_CODE, "code") \
	X(ST_REASON_KILLED, "killed") \
	X(ST_REASON_SIGNAL, "signal") \
	X(ST_REASON_UNKNOWN_END, "unknown_end") \
	X(ST_REASON_UNHEALTHY, "unhealthy") \
	X(ST_REASON_ERROR, "error") \
	X(ST_REASON_FAILED_CHILD, "failed_child") \
	X(ST_REASON_TERM, "term") \
	X(ST_REASON_INTENSITY, "intensity")

/* Whether the job of a supervisor is at a place in its list; else that may be out of date. */
bool st_job_has_walk(const struct st_sup *sup);

extern const char *const st_phase_text[ST_PHASE__MAX];
extern const char *const st_job_text[ST_JOB__MAX];
extern const char *const st_outcome_text[ST_OUTCOME__MAX];
extern const char *const st_saved_reason_text[ST_REASON__MAX];
extern const char *const st_saved_rule_text[ST_RULE__MAX]; /* as in cause.h */
extern const char *const st_saved_error_text[ST_SPEC__MAX]; /* as in spec.h */

/* Visit a specification and all that are below it, each before those below it. */
const struct st_sup_spec *st_sup_specs_begin(struct st_spec_walk *walk,
					     const struct st_sup_spec *top);
const struct st_sup_spec *st_sup_specs_next(struct st_spec_walk *walk); /* NULL: no more */

/* FNV-1a, as the last line has it. */
uint64_t st_save_checksum(const char *text, size_t len);

#endif
