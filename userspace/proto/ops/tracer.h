/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rows of the operations table: tracing of messages.
 *
 * Only ops.h includes it. The columns are explained there.
 */
#ifndef ST_PROTO_OPS_TRACER_H
#define ST_PROTO_OPS_TRACER_H

/* clang-format off */

#define ST_OPERATIONS_TRACER(X) \
	X(TRACE_START, trace_start, "trace-start", TRACER, TRACE, OPERATOR, ST_CHANGES | ST_WAITS, \
	  "begin to trace the messages of a child, or of all below a supervisor", \
	  TRACE, ST_ON_TRACE | ST_ON(LIMIT), POST("/processes/{path}/trace", 201), \
	  "suptree trace-start counter_1 --kinds signal --count 1000") \
	X(TRACE_STOP, trace_stop, "trace-stop", TRACER, TRACE, OPERATOR, ST_CHANGES | ST_WAITS, \
	  "end a trace and forget what it has seen", \
	  TRACE_SUMMARY, ST_ON_TRACE, DELETE("/traces/{id}", 200), "suptree trace-stop 1") \
	X(TRACE_LIST, trace_list, "trace-list", TRACER, TRACE, VIEWER, ST_WAITS, \
	  "list the traces", \
	  TRACES, 0, GET("/traces", 200), "suptree trace-list") \
	X(TRACE_HISTORY, trace_history, "trace-history", TRACER, TRACE, VIEWER, ST_WAITS, \
	  "show the last messages that a trace has seen, oldest first", \
	  TRACE_RECORDS, ST_ON_TRACE, GET("/traces/{id}/messages", 200), \
	  "suptree trace-history 1 --limit 20") \
	X(TRACE_SUMMARY, trace_summary, "trace-summary", TRACER, TRACE, VIEWER, ST_WAITS, \
	  "sum up what a trace has seen: kinds, sizes, who talks most to whom", \
	  TRACE_SUMMARY, ST_ON_TRACE, GET("/traces/{id}/summary", 200), \
	  "suptree trace-summary 1") \
	X(TRACE_ANALYZE, trace_analyze, "trace-analyze", TRACER, TRACE, VIEWER, ST_WAITS, \
	  "tell how calls were answered, how large messages are and how often they come", \
	  TRACE_ANALYSIS, ST_ON_TRACE, GET("/traces/{id}/analysis", 200), \
	  "suptree trace-analyze 1") \
	X(REPORT_SIGNAL, report_signal, "report-signal", DAEMON, TRACE, ADMIN, ST_CHANGES, \
	  "tell the daemon who sent a signal to a child; the tracer does, for why", \
	  OK, 0, NO_REST, "suptree report-signal 4711 TERM --sender 4712")

/* The kinds of messages: those of st_kind_word in userspace/tracer/words.c, and all. */
#define ST_ONLY_KINDS \
	ST_ONLY("signal", "process", "unix", "pipe", "eventfd", "mqueue", "sysv", "futex", "all")

#define ST_PARAMS_TRACE_START(P) \
	P("path", CHILD, ONE_OF, ARG, 0, NONE, \
	  "a child or supervisor: a name, a path, or its end", ST_ALIAS("name")) \
	P("pid", PID, ONE_OF, OPTION, 'p', NONE, "any process, and what it forks") \
	P("kinds", WORDS, OPTIONAL, OPTION, 'k', TEXT("signal,process,unix"), "kinds of messages", \
	  ST_ONLY_KINDS) \
	P("count", COUNT, OPTIONAL, OPTION, 'c', NUMBER(100000), "stop after so many") \
	P("duration_ms", DURATION, OPTIONAL, OPTION, 'd', MEANS("infinity"), \
	  "stop after this time") \
	P("payload", COUNT, OPTIONAL, OPTION, 0, NUMBER(0), \
	  "bytes kept of each message, up to 4096", ST_BETWEEN(0, 4096)) \
	P("pattern", PATTERN, OPTIONAL, OPTION, 0, MEANS("all"), \
	  "keep only messages like this, by what --payload keeps of them; count the others") \
	P("keep", COUNT, OPTIONAL, OPTION, 0, NUMBER(1000), \
	  "messages in the history, up to 100000", ST_BETWEEN(1, 100000)) \
	P("include_system", FLAG, OPTIONAL, OPTION, 0, FALSE, \
	  "also what is said on sockets and pipes to and by the daemon and the tracer")
#define ST_PARAMS_OF_TRACE(P) \
	P("id", TRACE_ID, ONE_OF, ARG, 0, NONE, "the trace's number") \
	P("path", CHILD, ONE_OF, OPTION, 0, NONE, "the latest trace of a child or supervisor", \
	  ST_ALIAS("name")) \
	P("pid", PID, ONE_OF, OPTION, 'p', NONE, "the latest trace of a process")
#define ST_PARAMS_TRACE_STOP(P) \
	ST_PARAMS_OF_TRACE(P)
#define ST_PARAMS_TRACE_LIST(P)
#define ST_PARAMS_TRACE_HISTORY(P) \
	ST_PARAMS_OF_TRACE(P) \
	P("since", COUNT, OPTIONAL, OPTION, 's', NONE, "the first ones after this number") \
	P("limit", COUNT, OPTIONAL, OPTION, 'n', NUMBER(100), "at most so many, the last ones", \
	  ST_BETWEEN(0, ST_MAX_LINES))
#define ST_PARAMS_TRACE_SUMMARY(P) \
	ST_PARAMS_OF_TRACE(P) \
	P("top", COUNT, OPTIONAL, OPTION, 't', NUMBER(20), "pairs, the busiest first, up to 100", \
	  ST_BETWEEN(0, 100))
#define ST_PARAMS_TRACE_ANALYZE(P) \
	ST_PARAMS_OF_TRACE(P) \
	P("top", COUNT, OPTIONAL, OPTION, 't', NUMBER(20), "pairs, the busiest first, up to 100", \
	  ST_BETWEEN(0, 100))
#define ST_PARAMS_REPORT_SIGNAL(P) \
	P("pid", PID, REQUIRED, ARG, 0, NONE, "of the process that got it") \
	P("signal", SIGNAL, REQUIRED, ARG, 0, NONE, "which") \
	P("sender", PID, OPTIONAL, OPTION, 's', NONE, "of the process that sent it, if one did") \
	P("name", WORD, OPTIONAL, OPTION, 0, NONE, "the sender's name") \
	P("uid", UID, OPTIONAL, OPTION, 'u', NONE, "the sender's user") \
	P("time_ns", TIME_NS, OPTIONAL, OPTION, 0, MEANS("now"), "when, on the monotonic clock")

/* clang-format on */

#endif
