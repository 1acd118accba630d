/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Causes: what a supervisor does, and which end it does it for.
 *
 * A supervisor that begins a job notes the rule that made it do so and the end that
 * the rule is about; every effect of the job carries that note. Whoever keeps effects
 * can then tell why a child was stopped or started without guessing from their order
 * (the daemon's `why`). Nothing is ever decided by a cause.
 *
 * Set in jobs.c, restart.c, request.c and stop.c; the rules are those of RULES.md.
 */
#ifndef ST_CORE_CAUSE_H
#define ST_CORE_CAUSE_H

#include <stdint.h>

/* X(member, id in RULES.md, what it says, in the words of a lesson) */
#define ST_RULE_LIST(X) \
	X(ST_RULE_NONE, "", "") \
	X(ST_RULE_PERMANENT, "B1", "a permanent child is started again, however it ended") \
	X(ST_RULE_ABNORMAL, "B1", "a transient child is started again after an abnormal end") \
	X(ST_RULE_NORMAL, "B2", \
	  "a transient child that ends normally (exit 0 or a shutdown) stays stopped") \
	X(ST_RULE_TEMPORARY, "B2", "a temporary child is never started again, but forgotten") \
	X(ST_RULE_ONE_FOR_ONE, "D1", "one_for_one: only the child that ended is started again") \
	X(ST_RULE_ONE_FOR_ALL, "D2", \
	  "one_for_all: all others are stopped, the last one first, then all are started " \
	  "in order") \
	X(ST_RULE_REST_FOR_ONE, "D3", \
	  "rest_for_one: those started after it are stopped, the last one first, then it and " \
	  "they are started in order") \
	X(ST_RULE_INTENSITY, "E6", \
	  "more restarts than the intensity allows: the supervisor gives up, stops its children, " \
	  "the last one first, and ends with shutdown") \
	X(ST_RULE_RETRY, "F1", "a start that fails in a restart is tried again, and counts again") \
	X(ST_RULE_ANY_SIGNIFICANT, "H2", \
	  "auto_shutdown any_significant: the end of a significant child ends its supervisor") \
	X(ST_RULE_ALL_SIGNIFICANT, "H3", \
	  "auto_shutdown all_significant: the end of the last significant child ends its " \
	  "supervisor") \
	X(ST_RULE_INIT, "A1", \
	  "a supervisor starts its children in order, each when the one " \
	  "before is ready") \
	X(ST_RULE_UNDO, "A5", \
	  "a child that cannot be started ends the start of its supervisor: those started before " \
	  "it are stopped, the last one first") \
	X(ST_RULE_START_CHILD, "C1", "start_child was asked for: a failure is only answered") \
	X(ST_RULE_RESTART_CHILD, "C3", "restart_child was asked for: a failure is only answered") \
	X(ST_RULE_TERMINATE_CHILD, "C5", \
	  "terminate_child was asked for: the child stays stopped, and nothing is counted") \
	X(ST_RULE_STOP_SUPERVISOR, "G6", \
	  "the stop of this supervisor was asked for: it stops its children, the last one first, " \
	  "and its own supervisor sees an end like any other") \
	X(ST_RULE_STOP, "G1", "all is stopped: children in reverse order, supervisors last") \
	X(ST_RULE_KILL, "G7", "all is killed at once")

#define ST_RULE_MEMBER(member, ...) member,
enum st_rule {
	ST_RULE_LIST(ST_RULE_MEMBER) ST_RULE__MAX
};
#undef ST_RULE_MEMBER

struct st_rule_row {
	const char *id;
	const char *text;
};

/* Indexed by enum st_rule. */
extern const struct st_rule_row st_rules[ST_RULE__MAX];

/**
 * struct st_cause - why a supervisor does what it does
 * @rule: the rule that it obeys; NONE: nobody made this happen
 * @nr_restarts: D1 to D3 and E6: restarts counted in the period, this one included [E1]
 * @intensity: the same: restarts allowed
 * @period_s: the same: in so many seconds
 * @generation: of the process or supervisor whose end it is about; 0: none
 * @token: of the request that it comes from; 0: none
 */
struct st_cause {
	enum st_rule rule;
	uint32_t nr_restarts;
	uint32_t intensity;
	uint32_t period_s;
	uint64_t generation;
	uint64_t token;
};

#endif
