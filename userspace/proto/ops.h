/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The operations table: all that a client can ask of the daemon.
 *
 * It is the one source of JSON-RPC dispatch, parameter checks, CLI verbs,
 * --help and shell completion; a test proves that none of them drifts. A row
 * is an operation, its parameters are the list ST_PARAMS_<member> below it.
 * The order of rows and parameters is the order in which help shows them, and
 * parameters placed as ARG are the CLI's positional arguments in that order.
 *
 * Whoever needs a column takes it from ST_OPERATION_LIST. The daemon's dispatch is
 *
 *	#define HANDLER(id, name, ...) [ST_OPERATION_##id] = handle_##name,
 *	static handler *const handlers[ST_OPERATION__MAX] = { ST_OPERATION_LIST(HANDLER) };
 *
 * so an operation without a handler does not link. Types of parameters are in
 * params.h, kinds of errors in errors.h, the shapes of results in README.md.
 */
#ifndef ST_PROTO_OPS_H
#define ST_PROTO_OPS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "proto/errors.h"
#include "proto/params.h"

/* What a peer may do; each includes those before it. */
#define ST_ROLE_LIST(X) \
	X(ST_ROLE_NONE, "none") \
	X(ST_ROLE_VIEWER, "viewer") /* look */ \
	X(ST_ROLE_OPERATOR, "operator") /* act on what is there */ \
	X(ST_ROLE_ADMIN, "admin") /* run new commands, change configuration */

#define ST_ROLE_MEMBER(member, text) member,
enum st_role {
	ST_ROLE_LIST(ST_ROLE_MEMBER) ST_ROLE__MAX
};
#undef ST_ROLE_MEMBER

extern const char *const st_role_text[ST_ROLE__MAX];

enum st_operation_flag {
	ST_READS = 0, /* changes nothing */
	ST_CHANGES = 1 << 0, /* changes the tree or a process */
	ST_STREAMS = 1 << 1, /* notifications follow the answer */
	ST_WAITS = 1 << 2, /* answers when something has happened */
	ST_FOR_CHILDREN = 1 << 3, /* a supervised process needs no role for it */
	ST_OF_TRACER = 1 << 4, /* the tracer serves it: the daemon passes it on */
};

/* Sets of errors that rows share. Any operation may also answer JSON-RPC's own
 * errors, refused, limit and no_memory. */
#define ST_ON(error) (UINT32_C(1) << ST_ERROR_##error)
#define ST_ON_PATH (ST_ON(NOT_FOUND))
#define ST_ON_CALL (ST_ON(NOT_FOUND) | ST_ON(NOPROC)) /* a call to a supervisor */
#define ST_ON_NAME (ST_ON(NOPROC) | ST_ON(CONFLICT)) /* find a process by name */
#define ST_ON_TRACER (ST_ON(NOPROC) | ST_ON(TIMEOUT) | ST_ON(FAILED) | ST_ON(NO_MAILBOX))
#define ST_ON_TRACE (ST_ON_TRACER | ST_ON(NOT_FOUND) | ST_ON(CONFLICT)) /* find a trace */
#define ST_ON_WRITE (ST_ON_CALL | ST_ON(SHUTTING_DOWN))

/* clang-format off */

/*
 * X(member, name, verb, role, flags, summary, result, errors, example)
 * The name is the JSON-RPC method, the verb the CLI's.
 */
#define ST_OPERATION_LIST(X) \
	X(TREE, tree, "tree", VIEWER, ST_READS, \
	   "show a supervision tree with the state of every child", \
	   "{seq, root: node}", ST_ON_PATH, "suptree tree demo") \
	X(PS, ps, "ps", VIEWER, ST_READS, \
	   "list all workers and supervisors, one a line", \
	   "[{path, type, state, pid, generation, uptime_ms, restarts, status}]", ST_ON_PATH, \
	   "suptree ps demo") \
	X(INFO, info, "info", VIEWER, ST_READS, \
	   "show all that is known about one child and its process", \
	   "a node of tree without children, and process: {...}", ST_ON_PATH, \
	   "suptree info demo/counter_1") \
	X(WHICH_CHILDREN, which_children, "which-children", VIEWER, ST_READS, \
	   "list a supervisor's children, newest first [C7]", \
	   "[{id, state, type, pid, generation}]", ST_ON_CALL, "suptree which-children demo") \
	X(COUNT_CHILDREN, count_children, "count-children", VIEWER, ST_READS, \
	   "count a supervisor's children [C8]", "{specs, active, supervisors, workers}", \
	   ST_ON_CALL, "suptree count-children demo") \
	X(GET_CHILDSPEC, get_childspec, "get-childspec", VIEWER, ST_READS, \
	   "show a child's specification, defaults filled in [C9]", \
	   "the specification as in a configuration", \
	   ST_ON_CALL | ST_ON(SIMPLE_ONE_FOR_ONE), "suptree get-childspec demo/counter_1") \
	X(START_CHILD, start_child, "start-child", ADMIN, ST_CHANGES | ST_WAITS, \
	   "add a child to a running supervisor and start it [C1]", \
	   "{started: {pid, generation}} or {ignored: true}", \
	   ST_ON_WRITE | ST_ON(ALREADY_PRESENT) | ST_ON(ALREADY_STARTED) | ST_ON(START_ERROR) | \
		   ST_ON(INVALID_SPEC) | ST_ON(MAX_CHILDREN), \
	   "suptree start-child demo '{id: counter_9, start: [/bin/cat]}'") \
	X(RESTART_CHILD, restart_child, "restart-child", OPERATOR, \
	   ST_CHANGES | ST_WAITS, "start a child that is stopped [C3]", \
	   "{started: {pid, generation}} or {ignored: true}", \
	   ST_ON_WRITE | ST_ON(RUNNING) | ST_ON(RESTARTING) | ST_ON(START_ERROR) | \
		   ST_ON(SIMPLE_ONE_FOR_ONE), \
	   "suptree restart-child demo/counter_1") \
	X(TERMINATE_CHILD, terminate_child, "terminate-child", OPERATOR, \
	   ST_CHANGES | ST_WAITS, \
	   "stop a child in its own way; a temporary one is forgotten [C5]", "{ok: true}", \
	   ST_ON_WRITE | ST_ON(SIMPLE_ONE_FOR_ONE), "suptree terminate-child demo/counter_1") \
	X(DELETE_CHILD, delete_child, "delete-child", OPERATOR, ST_CHANGES, \
	   "remove the specification of a stopped child [C4]", "{ok: true}", \
	   ST_ON_WRITE | ST_ON(RUNNING) | ST_ON(RESTARTING) | ST_ON(SIMPLE_ONE_FOR_ONE), \
	   "suptree delete-child demo/counter_1") \
	X(KILL, kill, "kill", OPERATOR, ST_CHANGES | ST_WAITS, \
	   "send a signal to a child; if it is deadly, wait for the end of the process", \
	   "{ok: true, ended}", \
	   ST_ON_WRITE | ST_ON(FAILED), "suptree kill demo/counter_1 --signal SEGV") \
	X(STRATEGY, strategy, "strategy", OPERATOR, ST_CHANGES, \
	   "change a supervisor's strategy and limits while it runs [K1] [K2]", \
	   "{strategy, intensity, period, auto_shutdown}", \
	   ST_ON_WRITE | ST_ON(INVALID_SPEC) | ST_ON(CONFLICT), \
	   "suptree strategy demo one_for_all --intensity 5 --period 10") \
	X(CHANGE, change, "change", ADMIN, ST_CHANGES, \
	   "give a supervisor a new specification, as OTP's code_change does [K3]", \
	   "{ok: true}", ST_ON_WRITE | ST_ON(INVALID_SPEC) | ST_ON(CONFLICT), \
	   "suptree change demo @demo.yaml") \
	X(STOP_SUPERVISOR, stop_supervisor, "stop-supervisor", OPERATOR, \
	   ST_CHANGES | ST_WAITS, \
	   "stop a supervisor from outside; its parent takes it as any end [G6]", \
	   "{ok: true}", ST_ON_WRITE, "suptree stop-supervisor demo --reason shutdown") \
	X(LOAD, load, "load", ADMIN, ST_CHANGES | ST_WAITS, \
	   "start the trees of a configuration under the root", "{started: [path]}", \
	   ST_ON(ALREADY_PRESENT) | ST_ON(ALREADY_STARTED) | ST_ON(START_ERROR) | \
		   ST_ON(INVALID_SPEC) | ST_ON(FAILED) | ST_ON(SHUTTING_DOWN), \
	   "suptree load trees.yaml") \
	X(UNLOAD, unload, "unload", ADMIN, ST_CHANGES | ST_WAITS, \
	   "stop a tree under the root and forget it", "{ok: true}", \
	   ST_ON_WRITE | ST_ON(CONFLICT), "suptree unload demo") \
	X(RELOAD, reload, "reload", OPERATOR, ST_CHANGES | ST_WAITS, \
	   "read the configuration again and apply what differs [K3]", \
	   "{added: [path], changed: [path], logs: [path], removed: [path], dry_run}", \
	   ST_ON(INVALID_SPEC) | ST_ON(FAILED) | ST_ON(CONFLICT) | ST_ON(SHUTTING_DOWN), \
	   "suptree reload --dry-run") \
	X(CHECK_CHILDSPECS, check_childspecs, "check-childspecs", VIEWER, ST_READS, \
	   "check child specifications without starting anything [V2] [V4]", "{ok: true}", \
	   ST_ON(INVALID_SPEC), "suptree check-childspecs @children.yaml") \
	X(LOGS, logs, "logs", VIEWER, ST_STREAMS, \
	   "show what a child wrote to its standard output and error", \
	   "{lines: [{stream, time_ns, wall, text}]}; then output notifications", ST_ON_PATH, \
	   "suptree logs demo/counter_1 --follow") \
	X(SUBSCRIBE, subscribe, "events", VIEWER, ST_STREAMS, \
	   "follow what happens, as it happens", \
	   "{seq}; then event and resync notifications", 0, "suptree events demo") \
	X(WHY, why, "why", VIEWER, ST_READS, \
	   "tell why a child ended last, by which rules, and what came of it", \
	   "{path, ended, end, root, asked_by, steps: [event or rule], left_out}", \
	   ST_ON_PATH | ST_ON(CONFLICT), "suptree why counter_1") \
	X(TRACE_START, trace_start, "trace-start", OPERATOR, \
	   ST_CHANGES | ST_WAITS | ST_OF_TRACER, \
	   "begin to trace the messages of a child, or of all below a supervisor", \
	   "a row of trace-list", ST_ON_TRACE | ST_ON(LIMIT), \
	   "suptree trace-start counter_1 --kinds signal --count 1000") \
	X(TRACE_STOP, trace_stop, "trace-stop", OPERATOR, ST_CHANGES | ST_WAITS | ST_OF_TRACER, \
	   "end a trace and forget what it has seen", "what trace-summary would have said", \
	   ST_ON_TRACE, "suptree trace-stop 1") \
	X(TRACE_LIST, trace_list, "trace-list", VIEWER, ST_WAITS | ST_OF_TRACER, \
	   "list the traces", "[{id, path, pid, kinds, state, records, passed_over, lost}]", \
	   ST_ON_TRACER, \
	   "suptree trace-list") \
	X(TRACE_HISTORY, trace_history, "trace-history", VIEWER, ST_WAITS | ST_OF_TRACER, \
	   "show the last messages that a trace has seen, oldest first", \
	   "[{seq, time_ns, kind, action, from, to, from_path, to_path, ...}]", ST_ON_TRACE, \
	   "suptree trace-history 1 --limit 20") \
	X(TRACE_SUMMARY, trace_summary, "trace-summary", VIEWER, ST_WAITS | ST_OF_TRACER, \
	   "sum up what a trace has seen: kinds, sizes, who talks most to whom", \
	   "{id, records, passed_over, lost, kinds: [...], pairs: [...], ...}", ST_ON_TRACE, \
	   "suptree trace-summary 1") \
	X(TRACE_ANALYZE, trace_analyze, "trace-analyze", VIEWER, ST_WAITS | ST_OF_TRACER, \
	   "tell how calls were answered, how large messages are and how often they come", \
	   "{id, records, passed_over, lost, calls: {...}, kinds: [...], pairs: [...]}", \
	   ST_ON_TRACE, \
	   "suptree trace-analyze 1") \
	X(REPORT_SIGNAL, report_signal, "report-signal", ADMIN, ST_CHANGES, \
	   "tell the daemon who sent a signal to a child; the tracer does, for why", \
	   "{ok: true}", 0, "suptree report-signal 4711 TERM --sender 4712") \
	X(WAIT, wait, "wait", VIEWER, ST_WAITS, \
	   "wait until a child is in some state", "{ok: true}", \
	   ST_ON(TIMEOUT) | ST_ON(SHUTTING_DOWN), \
	   "suptree wait --until demo=up --timeout 10s") \
	X(SETTLE, settle, "settle", VIEWER, ST_WAITS, \
	   "wait until no supervisor has anything left to do", "{ok: true, seq}", \
	   ST_ON(TIMEOUT) | ST_ON(SHUTTING_DOWN), "suptree settle --timeout 10s") \
	X(STOP, stop, "stop", ADMIN, ST_CHANGES | ST_WAITS, \
	   "stop all trees in order, then the daemon", "{ok: true}", ST_ON(SHUTTING_DOWN), \
	   "suptree stop") \
	X(WHEREIS, whereis, "whereis", VIEWER, ST_READS | ST_FOR_CHILDREN, \
	   "find the process with a name", "{path, pid, generation}", ST_ON_NAME, \
	   "suptree whereis counter_1") \
	X(REGISTERED, registered, "registered", VIEWER, ST_READS | ST_FOR_CHILDREN, \
	   "list the names that processes have registered", "[{name, path, pid, generation}]", 0, \
	   "suptree registered") \
	X(CONNECT, connect, "connect", OPERATOR, ST_CHANGES | ST_FOR_CHILDREN, \
	   "connect to a process that takes messages; the CLI only tries it", \
	   "{path, pid, generation}, and a descriptor", \
	   ST_ON_NAME | ST_ON(NO_MAILBOX) | ST_ON(FAILED), "suptree connect counter_1") \
	X(REGISTER, register, "register", OPERATOR, ST_CHANGES | ST_FOR_CHILDREN, \
	   "give the supervised process that asks a name, until it ends", "{ok: true}", \
	   ST_ON(ALREADY_REGISTERED) | ST_ON(NOPROC), \
	   "suptree register printer") \
	X(UNREGISTER, unregister, "unregister", OPERATOR, ST_CHANGES | ST_FOR_CHILDREN, \
	   "take a name from the supervised process that asks", "{ok: true}", \
	   ST_ON(CONFLICT), "suptree unregister printer") \
	X(JOIN, join, "join", OPERATOR, ST_CHANGES | ST_FOR_CHILDREN, \
	   "make the supervised process that asks a member of a group", "{ok: true}", \
	   ST_ON(NOPROC), "suptree join printers") \
	X(LEAVE, leave, "leave", OPERATOR, ST_CHANGES | ST_FOR_CHILDREN, \
	   "end a membership of the supervised process that asks", "{ok: true}", \
	   ST_ON(CONFLICT), "suptree leave printers") \
	X(MEMBERS, members, "members", VIEWER, ST_READS | ST_FOR_CHILDREN, \
	   "list the members of a process group", "[{path, pid, generation}]", 0, \
	   "suptree members printers") \
	X(GROUPS, groups, "groups", VIEWER, ST_READS | ST_FOR_CHILDREN, \
	   "list all process groups with their members", "[{group, path, pid, generation}]", 0, \
	   "suptree groups") \
	X(MONITOR, monitor, "monitor", VIEWER, ST_STREAMS | ST_FOR_CHILDREN, \
	   "be told once when a process has ended, and why", \
	   "{ref, path, generation}; then one down notification", ST_ON(CONFLICT), \
	   "suptree monitor counter_1") \
	X(DEMONITOR, demonitor, "demonitor", VIEWER, ST_READS | ST_FOR_CHILDREN, \
	   "end a monitor of this connection", "{ok: true}", 0, "suptree demonitor 3") \
	X(OFFER, offer, "offer", OPERATOR, ST_CHANGES | ST_FOR_CHILDREN, \
	   "offer operations of the supervised process that asks, until it ends", "{ok: true}", \
	   ST_ON(NOPROC), \
	   "suptree offer '[{\"name\": \"get_value\", \"summary\": \"the value\"}]'") \
	X(WITHDRAW, withdraw, "withdraw", OPERATOR, ST_CHANGES | ST_FOR_CHILDREN, \
	   "offer an operation of the supervised process that asks no longer", "{ok: true}", \
	   ST_ON(CONFLICT), "suptree withdraw get_value") \
	X(OFFERED, offered, "offered", VIEWER, ST_READS | ST_FOR_CHILDREN, \
	   "list the operations that processes offer, at most 400 at once", \
	   "[a row of operations, and seq, path, pid, generation]", ST_ON_NAME, \
	   "suptree offered counter_1") \
	X(INVOKE, invoke, "invoke", OPERATOR, ST_CHANGES | ST_WAITS | ST_FOR_CHILDREN, \
	   "call an operation that a process offers; x.NAME.OP is shorter", "{reply}", \
	   ST_ON_NAME | ST_ON(METHOD_NOT_FOUND) | ST_ON(NO_MAILBOX) | ST_ON(FAILED) | \
		   ST_ON(TIMEOUT), \
	   "suptree invoke x.counter_1.add --params '{\"n\": 5}'") \
	X(STATUS, status, "status", VIEWER, ST_READS, "show the daemon's own state", \
	   "{version, pid, uptime_ms, seq, counts: {...}, features: {...}}", 0, "suptree status") \
	X(PING, ping, "ping", VIEWER, ST_READS, "ask whether the daemon answers", \
	   "{ok: true}", 0, "suptree ping") \
	X(OPERATIONS, operations, "operations", VIEWER, ST_READS, \
	   "list all operations: this table, and what children offer", \
	   "[{name, verb, summary, params, role, ...}]", 0, \
	   "suptree operations --json")

/*
 * P(name, type, need, place, letter, default, help)
 * need and place are those of enum st_need and enum st_place. The letter is the
 * CLI's short option or 0. A default is the text that help shows, or NULL.
 */
#define ST_PARAMS_TREE(P) \
	P("path", PATH, OPTIONAL, ARG, 0, "/", "where to begin")
#define ST_PARAMS_PS(P) \
	P("path", PATH, OPTIONAL, ARG, 0, "/", "only this child and those below it")
#define ST_PARAMS_INFO(P) \
	P("path", PATH, REQUIRED, ARG, 0, NULL, "the child")
#define ST_PARAMS_WHICH_CHILDREN(P) \
	P("path", PATH, REQUIRED, ARG, 0, NULL, "the supervisor")
#define ST_PARAMS_COUNT_CHILDREN(P) \
	P("path", PATH, REQUIRED, ARG, 0, NULL, "the supervisor")
#define ST_PARAMS_GET_CHILDSPEC(P) \
	P("path", PATH, REQUIRED, ARG, 0, NULL, "the child")
#define ST_PARAMS_START_CHILD(P) \
	P("path", PATH, REQUIRED, ARG, 0, NULL, "the supervisor") \
	P("spec", SPEC, ONE_OF, ARG, 0, NULL, "the child's specification") \
	P("name", NAME, ONE_OF, OPTION, 'n', NULL, "for a pool: the new child's name [I1]") \
	P("args", ARGS, OPTIONAL, REST, 0, NULL, "with a name: put behind the template's command") \
	P("otp", FLAG, OPTIONAL, OPTION, 0, "false", \
	  "read the specification as OTP does: unknown keys are fine [V1]")
#define ST_PARAMS_RESTART_CHILD(P) \
	P("path", PATH, REQUIRED, ARG, 0, NULL, "the child")
#define ST_PARAMS_TERMINATE_CHILD(P) \
	P("path", PATH, REQUIRED, ARG, 0, NULL, "the child; or, with a pid, the pool it is in") \
	P("pid", PID, OPTIONAL, OPTION, 'p', NULL, "a process of the pool [I3]") \
	P("generation", SEQ, OPTIONAL, OPTION, 'g', NULL, "the same by its generation")
#define ST_PARAMS_DELETE_CHILD(P) \
	P("path", PATH, REQUIRED, ARG, 0, NULL, "the child")
#define ST_PARAMS_KILL(P) \
	P("path", PATH, ONE_OF, ARG, 0, NULL, "the child") \
	P("pid", PID, ONE_OF, OPTION, 'p', NULL, "a child's process") \
	P("signal", SIGNAL, OPTIONAL, OPTION, 's', "KILL", "what to send")
#define ST_PARAMS_STRATEGY(P) \
	P("path", PATH, REQUIRED, ARG, 0, NULL, "the supervisor") \
	P("strategy", STRATEGY, OPTIONAL, ARG, 0, NULL, "which children start again together") \
	P("intensity", INTENSITY, OPTIONAL, OPTION, 'i', NULL, "restarts allowed in a period") \
	P("period", PERIOD, OPTIONAL, OPTION, 'p', NULL, "the period") \
	P("auto_shutdown", AUTO_SHUTDOWN, OPTIONAL, OPTION, 'a', NULL, \
	  "whether ends of significant children end the supervisor")
#define ST_PARAMS_CHANGE(P) \
	P("path", PATH, REQUIRED, ARG, 0, NULL, "the supervisor") \
	P("spec", SPEC, REQUIRED, ARG, 0, NULL, "its whole new specification") \
	P("otp", FLAG, OPTIONAL, OPTION, 0, "false", \
	  "read the specification as OTP does: unknown keys are fine [V1]")
#define ST_PARAMS_STOP_SUPERVISOR(P) \
	P("path", PATH, REQUIRED, ARG, 0, NULL, "the supervisor") \
	P("reason", REASON, OPTIONAL, OPTION, 'r', "normal", "what it ends with")
#define ST_PARAMS_LOAD(P) \
	P("file", FILE, ONE_OF, ARG, 0, NULL, "the configuration; the daemon reads it") \
	P("spec", SPEC, ONE_OF, OPTION, 's', NULL, "the configuration itself")
#define ST_PARAMS_UNLOAD(P) \
	P("path", PATH, REQUIRED, ARG, 0, NULL, "a tree, directly under the root")
#define ST_PARAMS_RELOAD(P) \
	P("dry_run", FLAG, OPTIONAL, OPTION, 'n', "false", "only say what would be done") \
	P("start_new", FLAG, OPTIONAL, OPTION, 0, "false", "start added children too") \
	P("prune", FLAG, OPTIONAL, OPTION, 0, "false", "stop and delete children that are gone")
#define ST_PARAMS_CHECK_CHILDSPECS(P) \
	P("specs", SPECS, REQUIRED, ARG, 0, NULL, "a list of child specifications") \
	P("auto_shutdown", AUTO_SHUTDOWN, OPTIONAL, OPTION, 'a', NULL, \
	  "of the supervisor they are for; checks combinations [V4]") \
	P("otp", FLAG, OPTIONAL, OPTION, 0, "false", \
	  "read the specification as OTP does: unknown keys are fine [V1]")
#define ST_PARAMS_LOGS(P) \
	P("path", PATH, REQUIRED, ARG, 0, NULL, "the child") \
	P("lines", LINES, OPTIONAL, OPTION, 'n', NULL, "at most so many, the newest") \
	P("since_ms", AGE, OPTIONAL, OPTION, 's', NULL, "only those since then") \
	P("follow", FLAG, OPTIONAL, OPTION, 'f', "false", "go on with what is written from now on")
#define ST_PARAMS_SUBSCRIBE(P) \
	P("path", PATH, OPTIONAL, ARG, 0, "/", "only what happens here and below") \
	P("since", SEQ, OPTIONAL, OPTION, 's', NULL, "first those after this number")
#define ST_PARAMS_WHY(P) \
	P("name", PATH, REQUIRED, ARG, 0, NULL, "a registered name, a path, or the end of one") \
	P("limit", LINES, OPTIONAL, OPTION, 'n', "100", "at most so many steps, the first ones")
#define ST_PARAMS_TRACE_START(P) \
	P("name", PATH, ONE_OF, ARG, 0, NULL, "a child or supervisor: a name, a path, or its end") \
	P("pid", PID, ONE_OF, OPTION, 'p', NULL, "any process, and what it forks") \
	P("kinds", WORD, OPTIONAL, OPTION, 'k', "signal,process,unix", "kinds of messages") \
	P("count", SEQ, OPTIONAL, OPTION, 'c', "100000", "stop after so many") \
	P("duration_ms", DURATION, OPTIONAL, OPTION, 'd', "infinity", "stop after this time") \
	P("payload", INTEGER, OPTIONAL, OPTION, 0, "0", "bytes kept of each message, up to 4096") \
	P("pattern", PATTERN, OPTIONAL, OPTION, 0, "all", \
	  "keep only messages like this, by what --payload keeps of them; count the others") \
	P("keep", INTEGER, OPTIONAL, OPTION, 0, "1000", "messages in the history, up to 100000") \
	P("include_system", FLAG, OPTIONAL, OPTION, 0, "false", \
	  "also what is said on sockets and pipes to and by the daemon and the tracer")
#define ST_PARAMS_OF_TRACE(P) \
	P("id", SEQ, ONE_OF, ARG, 0, NULL, "the trace's number") \
	P("name", PATH, ONE_OF, OPTION, 0, NULL, "the latest trace of a child or supervisor") \
	P("pid", PID, ONE_OF, OPTION, 'p', NULL, "the latest trace of a process")
#define ST_PARAMS_TRACE_STOP(P) ST_PARAMS_OF_TRACE(P)
#define ST_PARAMS_TRACE_LIST(P)
#define ST_PARAMS_TRACE_HISTORY(P) \
	ST_PARAMS_OF_TRACE(P) \
	P("since", SEQ, OPTIONAL, OPTION, 's', NULL, "the first ones after this number") \
	P("limit", LINES, OPTIONAL, OPTION, 'n', "100", "at most so many, the last ones")
#define ST_PARAMS_TRACE_SUMMARY(P) \
	ST_PARAMS_OF_TRACE(P) \
	P("top", INTEGER, OPTIONAL, OPTION, 't', "20", "pairs, the busiest first, up to 100")
#define ST_PARAMS_TRACE_ANALYZE(P) \
	ST_PARAMS_OF_TRACE(P) \
	P("top", INTEGER, OPTIONAL, OPTION, 't', "20", "pairs, the busiest first, up to 100")
#define ST_PARAMS_REPORT_SIGNAL(P) \
	P("pid", PID, REQUIRED, ARG, 0, NULL, "of the process that got it") \
	P("signal", SIGNAL, REQUIRED, ARG, 0, NULL, "which") \
	P("sender", PID, OPTIONAL, OPTION, 's', NULL, "of the process that sent it, if one did") \
	P("name", WORD, OPTIONAL, OPTION, 0, NULL, "the sender's name") \
	P("uid", SEQ, OPTIONAL, OPTION, 'u', NULL, "the sender's user") \
	P("time_ns", SEQ, OPTIONAL, OPTION, 0, "now", "when, on the monotonic clock")
#define ST_PARAMS_WAIT(P) \
	P("until", CONDITION, REQUIRED, OPTION, 'u', NULL, "what to wait for") \
	P("timeout_ms", DURATION, OPTIONAL, OPTION, 0, NULL, "give up after this time")
#define ST_PARAMS_SETTLE(P) \
	P("timeout_ms", DURATION, OPTIONAL, OPTION, 0, NULL, "give up after this time")
#define ST_PARAMS_STOP(P)
#define ST_PARAMS_WHEREIS(P) \
	P("name", PATH, REQUIRED, ARG, 0, NULL, "a registered name, a path, or the end of one")
#define ST_PARAMS_REGISTERED(P)
#define ST_PARAMS_CONNECT(P) \
	P("name", PATH, REQUIRED, ARG, 0, NULL, "a registered name, a path, or the end of one")
#define ST_PARAMS_REGISTER(P) P("name", NAME, REQUIRED, ARG, 0, NULL, "the name")
#define ST_PARAMS_UNREGISTER(P) P("name", NAME, REQUIRED, ARG, 0, NULL, "the name")
#define ST_PARAMS_JOIN(P) P("group", NAME, REQUIRED, ARG, 0, NULL, "the group")
#define ST_PARAMS_LEAVE(P) P("group", NAME, REQUIRED, ARG, 0, NULL, "the group")
#define ST_PARAMS_MEMBERS(P) P("group", NAME, REQUIRED, ARG, 0, NULL, "the group")
#define ST_PARAMS_GROUPS(P)
#define ST_PARAMS_MONITOR(P) \
	P("name", PATH, ONE_OF, ARG, 0, NULL, "a registered name, a path, or the end of one") \
	P("generation", SEQ, ONE_OF, OPTION, 'g', NULL, "the process of this generation")
#define ST_PARAMS_DEMONITOR(P) P("ref", SEQ, REQUIRED, ARG, 0, NULL, "the monitor's number")
#define ST_PARAMS_OFFER(P) \
	P("operations", OBJECTS, REQUIRED, ARG, 0, NULL, \
	  "each with name, summary, and perhaps params and changes, as in operations")
#define ST_PARAMS_WITHDRAW(P) P("operation", NAME, REQUIRED, ARG, 0, NULL, "its name")
#define ST_PARAMS_OFFERED(P) \
	P("name", PATH, OPTIONAL, ARG, 0, NULL, "only those of the process with this name") \
	P("since", SEQ, OPTIONAL, OPTION, 's', NULL, "only those offered after this number")
#define ST_PARAMS_INVOKE(P) \
	P("operation", PATH, REQUIRED, ARG, 0, NULL, "x.NAME.OP") \
	P("params", OBJECT, OPTIONAL, OPTION, 'p', NULL, "its parameters")
#define ST_PARAMS_STATUS(P)
#define ST_PARAMS_PING(P)
#define ST_PARAMS_OPERATIONS(P)

/* clang-format on */

#define ST_OPERATION_MEMBER(member, ...) ST_OPERATION_##member,
enum st_operation {
	ST_OPERATION_LIST(ST_OPERATION_MEMBER) ST_OPERATION__MAX
};
#undef ST_OPERATION_MEMBER

#define ST_OPERATION_MAX_PARAMS 9

struct st_operation_row {
	const char *name;
	const char *verb;
	enum st_role role;
	unsigned int flags; /* enum st_operation_flag */
	const char *summary;
	const char *result;
	uint32_t errors; /* bit N: enum st_error N */
	const char *example;
	const struct st_param *params; /* the last one has no name */
};

/* Indexed by enum st_operation. */
extern const struct st_operation_row st_operations[ST_OPERATION__MAX];

/**
 * st_operation_find() - the operation with a name
 * @name: a JSON-RPC method or a CLI verb
 *
 * Return: an enum st_operation, or -ENOENT.
 */
int st_operation_find(const char *name) __must_check;

/**
 * st_operation_nearest() - what a mistyped name may have meant
 * @name: the text
 *
 * Return: the name of an operation, or NULL if none is near.
 */
const char *st_operation_nearest(const char *name);

/**
 * st_operation_param() - a parameter by name
 * @row: of st_operations
 * @name: the name
 *
 * Return: the parameter, or NULL.
 */
const struct st_param *st_operation_param(const struct st_operation_row *row, const char *name);

/**
 * st_operation_nearest_param() - what a mistyped parameter may have meant
 * @row: of st_operations
 * @name: the text
 *
 * Return: the name of a parameter, or NULL if none is near.
 */
const char *st_operation_nearest_param(const struct st_operation_row *row, const char *name);

struct st_json;

/**
 * st_operation_write() - append what a row says as members of an object
 * @row: of the table, or of an operation that a child offers
 * @json: where to
 */
void st_operation_write(const struct st_operation_row *row, struct st_json *json);

/**
 * st_operations_write() - append the whole table as elements of an array
 * @json: where to
 */
void st_operations_write(struct st_json *json);

#endif
