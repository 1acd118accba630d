/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Causes: why a supervisor does something, and after which end.
 *
 * A supervisor that begins a job notes the rule that it obeys and the end that led to
 * it. Every effect of the job carries that note. So a program that keeps the effects can
 * explain why a child was stopped or started, without guessing from their order (the
 * daemon's `why`). A cause never decides anything.
 *
 * Set in jobs.c, restart.c, request.c and stop.c; the rules are those of RULES.md.
 */
#ifndef ST_CORE_CAUSE_H
#define ST_CORE_CAUSE_H

#include <stdint.h>

/* X(member, id in RULES.md, the rule in one sentence, as `why` shows it) */
#define ST_RULE_LIST(X) \
	X(ST_RULE_NONE, "", "") \
	X(ST_RULE_PERMANENT, "B1", "a permanent child is restarted after every end") \
	X(ST_RULE_ABNORMAL, "B1", "a transient child is restarted after an abnormal end") \
	X(ST_RULE_NORMAL, "B2", \
	  "a transient child that ends normally (exit 0 or a shutdown) stays stopped") \
	X(ST_RULE_TEMPORARY, "B2", "a temporary child is never restarted: it is removed") \
	X(ST_RULE_ONE_FOR_ONE, "D1", "one_for_one: only the child that ended is restarted") \
	X(ST_RULE_ONE_FOR_ALL, "D2", \
	  "one_for_all: all other children are stopped, the last one first, then all are " \
	  "started in order") \
	X(ST_RULE_REST_FOR_ONE, "D3", \
	  "rest_for_one: the children after it are stopped, the last one first, then it and " \
	  "these are started in order") \
	X(ST_RULE_INTENSITY, "E6", \
	  "more restarts than the intensity allows: the supervisor gives up, stops its children, " \
	  "the last one first, and ends with shutdown") \
	X(ST_RULE_RETRY, "F1", "a restart that fails is tried again, and counts again") \
	X(ST_RULE_ANY_SIGNIFICANT, "H2", \
	  "auto_shutdown any_significant: the end of a significant child ends its supervisor") \
	X(ST_RULE_ALL_SIGNIFICANT, "H3", \
	  "auto_shutdown all_significant: the end of the last significant child ends its " \
	  "supervisor") \
	X(ST_RULE_INIT, "A1", \
	  "a supervisor starts its children in order, each when the previous " \
	  "one is ready") \
	X(ST_RULE_UNDO, "A5", \
	  "a child that cannot be started ends the start of its supervisor: the children before " \
	  "it are stopped, the last one first") \
	X(ST_RULE_START_CHILD, "C1", "start_child: a failure is only reported to the caller") \
	X(ST_RULE_RESTART_CHILD, "C3", "restart_child: a failure is only reported to the caller") \
	X(ST_RULE_TERMINATE_CHILD, "C5", \
	  "terminate_child: the child stays stopped, and no restart is counted") \
	X(ST_RULE_RESTART, "X10", \
	  "restart: the child is stopped and started again, and no restart is counted") \
	X(ST_RULE_UNHEALTHY, "X11", \
	  "its probe failed too often in a row: it is killed, or shut down, as on_failure says") \
	X(ST_RULE_STOP_SUPERVISOR, "G6", \
	  "a client stopped this supervisor: it stops its children, the last one first, " \
	  "and its own supervisor treats this like any other end") \
	X(ST_RULE_STOP, "G1", \
	  "everything is stopped: children in reverse order, supervisors last") \
	X(ST_RULE_KILL, "G7", "everything is killed at once")

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
 * struct st_cause - why a supervisor does something
 * @rule: the rule that it obeys; NONE: there is no cause
 * @nr_restarts: for D1 to D3 and E6: restarts counted in the period, with this one [E1]
 * @intensity: for the same rules: restarts that are allowed
 * @period_s: for the same rules: the period in seconds
 * @generation: the process or supervisor whose end led to it; 0: none
 * @token: the request that led to it; 0: none
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
