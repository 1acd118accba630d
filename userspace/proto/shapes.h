/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The shapes of results: what an operation answers. A row of ops.h names one of them;
 * README.md describes their members.
 */
#ifndef ST_PROTO_SHAPES_H
#define ST_PROTO_SHAPES_H

/* clang-format off */

/* X(member, text) */
#define ST_SHAPE_LIST(X) \
	X(TREE, "{seq, root: node}") \
	X(NODES, "[{path, type, state, pid, generation, uptime_ms, restarts, status}]") \
	X(INFO, "a node of tree without children, and process: {...}") \
	X(LOGS, "{lines: [{stream, time_ns, wall, text}]}; then output notifications") \
	X(SUBSCRIBED, "{seq}; then event and resync notifications") \
	X(WHY, "{path, ended, end, root, asked_by, steps: [event or rule], left_out}") \
	X(OK, "{ok: true}") \
	X(SETTLED, "{ok: true, seq}") \
	X(CHILDREN, "[{id, state, type, pid, generation}]") \
	X(COUNTS, "{specs, active, supervisors, workers}") \
	X(CHILDSPEC, "the specification as in a configuration") \
	X(STARTED, "{started: {pid, generation}} or {ignored: true}") \
	X(KILLED, "{ok: true, ended}") \
	X(STRATEGY, "{strategy, intensity, period, auto_shutdown}") \
	X(LOADED, "{started: [path]}") \
	X(RELOADED, "{added: [path], changed: [path], logs: [path], removed: [path], dry_run}") \
	X(TRACE, "a row of trace-list") \
	X(TRACE_SUMMARY, "{id, records, passed_over, lost, kinds: [...], pairs: [...], ...}") \
	X(TRACES, "[{id, path, pid, kinds, state, records, passed_over, lost}]") \
	X(TRACE_RECORDS, "[{seq, time_ns, kind, action, from, to, from_path, to_path, ...}]") \
	X(TRACE_ANALYSIS, \
	  "{id, records, passed_over, lost, calls: {...}, kinds: [...], pairs: [...]}") \
	X(PROCESS, "{path, pid, generation}") \
	X(NAMES, "[{name, path, pid, generation}]") \
	X(CONNECTED, "{path, pid, generation}, and a descriptor") \
	X(PROCESSES, "[{path, pid, generation}]") \
	X(GROUPS, "[{group, path, pid, generation}]") \
	X(MONITOR, "{ref, path, generation}; then one down notification") \
	X(OFFERED, "[a row of operations, and seq, path, pid, generation]") \
	X(REPLY, "{reply}") \
	X(STATUS, "{version, pid, uptime_ms, seq, counts: {...}, features: {...}}") \
	X(OPERATIONS, "[{name, verb, summary, params, role, ...}]")

/* clang-format on */

#define ST_SHAPE_MEMBER(member, text) ST_SHAPE_##member,
enum st_shape {
	ST_SHAPE_LIST(ST_SHAPE_MEMBER) ST_SHAPE__MAX
};
#undef ST_SHAPE_MEMBER

extern const char *const st_shape_text[ST_SHAPE__MAX];

#endif
