/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rows of the operations table: tracing of messages.
 *
 * Only ops.h includes it, and explains the columns.
 */
#ifndef ST_PROTO_OPS_TRACER_H
#define ST_PROTO_OPS_TRACER_H

/* clang-format off */

#define ST_OPERATIONS_TRACER(X) \
	X(TRACE_START, trace_start, "trace-start", TRACER, TRACE, OPERATOR, ST_CHANGES | \
	  ST_WAITS, \
	  "start to trace the messages of a child, or of all below a supervisor", \
	  TRACE, ST_ON_TRACE | ST_ON(LIMIT), POST("/processes/{path}/trace", 201), \
	  "suptree trace-start counter_1 --kinds signal --count 1000") \
	X(TRACE_STOP, trace_stop, "trace-stop", TRACER, TRACE, OPERATOR, \
	  ST_CHANGES | ST_ENDS | ST_WAITS, \
	  "end a trace and forget its messages", \
	  TRACE_SUMMARY, ST_ON_TRACE, DELETE("/traces/{id}", 200), "suptree trace-stop 1") \
	X(TRACE_LIST, trace_list, "trace-list", TRACER, TRACE, VIEWER, ST_WAITS, \
	  "list the traces", \
	  TRACES, 0, GET("/traces", 200), "suptree trace-list") \
	X(TRACE_HISTORY, trace_history, "trace-history", TRACER, TRACE, OPERATOR, ST_WAITS, \
	  "show the newest messages of a trace, oldest first", \
	  TRACE_RECORDS, ST_ON_TRACE, GET("/traces/{id}/messages", 200), \
	  "suptree trace-history 1 --limit 20") \
	X(TRACE_SUMMARY, trace_summary, "trace-summary", TRACER, TRACE, VIEWER, ST_WAITS, \
	  "summarize a trace: kinds; for operators also sizes and the busiest pairs", \
	  TRACE_SUMMARY, ST_ON_TRACE, GET("/traces/{id}/summary", 200), \
	  "suptree trace-summary 1") \
	X(TRACE_ANALYZE, trace_analyze, "trace-analyze", TRACER, TRACE, OPERATOR, ST_WAITS, \
	  "analyze a trace: latencies of calls, sizes and intervals of messages", \
	  TRACE_ANALYSIS, ST_ON_TRACE, GET("/traces/{id}/analysis", 200), \
	  "suptree trace-analyze 1") \
	X(REPORT_SIGNAL, report_signal, "report-signal", DAEMON, PROCESS, ADMIN, ST_CHANGES, \
	  "report which process sent a signal to a child; the tracer does this for why", \
	  OK, 0, NO_REST, "suptree report-signal 4711 TERM --sender 4712")

/*
 * The kinds of messages: those of st_kind_word in userspace/tracer/words.c, and
 * "all".
 */
#define ST_ONLY_KINDS \
	ST_ONLY("signal", "process", "unix", "pipe", "eventfd", "sigwait", "mqueue", "sysv", \
		"futex", "all")

#define ST_PARAMS_TRACE_START(P) \
	P("path", CHILD, ONE_OF, ARG, 0, NONE, \
	  "the child or supervisor", ST_ALIAS("name")) \
	P("pid", PID, ONE_OF, OPTION, 'p', NONE, \
	  "a process and those that it starts; only an admin may trace one that is no child") \
	P("kinds", WORDS, OPTIONAL, OPTION, 'k', TEXT("signal,process,unix"), \
	  "which kinds of messages", \
	  ST_ONLY_KINDS) \
	P("count", COUNT, OPTIONAL, OPTION, 'c', NUMBER(100000), \
	  "stop after this number of messages") \
	P("duration_ms", DURATION, OPTIONAL, OPTION, 'd', MEANS("infinity"), \
	  "stop after this time") \
	P("payload", COUNT, OPTIONAL, OPTION, 0, NUMBER(0), \
	  "how many bytes of each message to keep; for admins, and where a tree says " \
	  "trace: {payload: operator}", ST_BETWEEN(0, 4096)) \
	P("pattern", PATTERN, OPTIONAL, OPTION, 0, MEANS("all"), \
	  "keep only messages whose kept bytes match; only count the others") \
	P("keep", COUNT, OPTIONAL, OPTION, 0, NUMBER(1000), \
	  "how many messages the history keeps", ST_BETWEEN(1, 100000)) \
	P("include_system", FLAG, OPTIONAL, OPTION, 0, FALSE, \
	  "include messages to and from the daemon and the tracer")
#define ST_PARAMS_OF_TRACE(P) \
	P("id", TRACE_ID, ONE_OF, ARG, 0, NONE, "the trace") \
	P("path", CHILD, ONE_OF, OPTION, 0, NONE, "the latest trace of this child or supervisor", \
	  ST_ALIAS("name")) \
	P("pid", PID, ONE_OF, OPTION, 'p', NONE, "the latest trace of this process")
#define ST_PARAMS_TRACE_STOP(P) \
	ST_PARAMS_OF_TRACE(P)
#define ST_PARAMS_TRACE_LIST(P)
#define ST_PARAMS_TRACE_HISTORY(P) \
	ST_PARAMS_OF_TRACE(P) \
	P("since", COUNT, OPTIONAL, OPTION, 's', NONE, \
	  "show the first messages after the one with this number") \
	P("limit", COUNT, OPTIONAL, OPTION, 'n', NUMBER(100), \
	  "show at most this number of messages, the newest ones", \
	  ST_BETWEEN(0, ST_MAX_LINES))
#define ST_PARAMS_TRACE_SUMMARY(P) \
	ST_PARAMS_OF_TRACE(P) \
	P("top", COUNT, OPTIONAL, OPTION, 't', NUMBER(20), \
	  "how many pairs of processes to show, the busiest first", \
	  ST_BETWEEN(0, 100))
#define ST_PARAMS_TRACE_ANALYZE(P) \
	ST_PARAMS_OF_TRACE(P) \
	P("top", COUNT, OPTIONAL, OPTION, 't', NUMBER(20), \
	  "how many pairs of processes to show, the busiest first", \
	  ST_BETWEEN(0, 100))
#define ST_PARAMS_REPORT_SIGNAL(P) \
	P("pid", PID, REQUIRED, ARG, 0, NONE, "the process that got the signal") \
	P("signal", SIGNAL, REQUIRED, ARG, 0, NONE, "the signal") \
	P("sender", PID, OPTIONAL, OPTION, 's', NONE, \
	  "the process that sent it, if a process did") \
	P("name", WORD, OPTIONAL, OPTION, 0, NONE, "the sender's name") \
	P("uid", UID, OPTIONAL, OPTION, 'u', NONE, "the sender's user") \
	P("time_ns", TIME_NS, OPTIONAL, OPTION, 0, MEANS("now"), "when it was sent")

/* clang-format on */

#endif
