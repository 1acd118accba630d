/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rows of the operations table: reading the tree, and waiting for it.
 *
 * Only ops.h includes it, and explains the columns.
 */
#ifndef ST_PROTO_OPS_LOOK_H
#define ST_PROTO_OPS_LOOK_H

/* clang-format off */

#define ST_OPERATIONS_LOOK(X) \
	X(TREE, tree, "tree", DAEMON, LOOK, VIEWER, ST_READS, \
	  "show a supervision tree with the state of every child", \
	  TREE, ST_ON_PATH, GET("/supervision-trees", 200), "suptree tree demo") \
	X(PS, ps, "ps", DAEMON, LOOK, VIEWER, ST_READS, \
	  "list all workers and supervisors, one a line", \
	  NODES, ST_ON_PATH, GET("/processes", 200), "suptree ps demo") \
	X(INFO, info, "info", DAEMON, LOOK, VIEWER, ST_READS, \
	  "show everything known about one child and its process", \
	  INFO, ST_ON_PATH, GET("/processes/{path}/info", 200), "suptree info demo/counter_1") \
	X(LOGS, logs, "logs", DAEMON, LOOK, VIEWER, ST_STREAMS, \
	  "show what a child wrote to its standard output and error", \
	  LOGS, ST_ON_PATH, GET("/processes/{path}/logs", 200), \
	  "suptree logs demo/counter_1 --follow") \
	X(SUBSCRIBE, subscribe, "events", DAEMON, FOLLOW, VIEWER, ST_STREAMS, \
	  "show events as they happen", \
	  SUBSCRIBED, ST_ON(CONFLICT) | ST_ON(LIMIT), GET("/events", 200), "suptree events demo") \
	X(WHY, why, "why", DAEMON, LOOK, VIEWER, ST_READS, \
	  "explain the last end of a child, or why it runs: cause, rules, what followed", \
	  WHY, ST_ON_PATH | ST_ON(NOPROC) | ST_ON(LIMIT), GET("/processes/{path}/why", 200), \
	  "suptree why counter_1") \
	X(BLAST, blast, "blast", DAEMON, LOOK, VIEWER, ST_READS, \
	  "show what a kill, or another change of a child, would do, without doing it", \
	  BLAST, ST_ON_PATH | ST_ON(INVALID_SPEC) | ST_ON(FAILED), \
	  GET("/processes/{path}/blast", 200), \
	  "suptree blast demo/counter_1 --signal SEGV") \
	X(WHATIF, whatif, "whatif", DAEMON, LOOK, VIEWER, ST_READS, \
	  "show what several changes, one after the other, would do, without doing them", \
	  WHATIF, 0, POST("/supervision-trees/whatif", 200), \
	  "suptree whatif 'strategy demo one_for_all' 'kill demo/counter_1'") \
	X(WAIT, wait, "wait", DAEMON, FOLLOW, VIEWER, ST_WAITS, \
	  "wait until a child has a given state", \
	  OK, ST_ON(TIMEOUT) | ST_ON(SHUTTING_DOWN) | ST_ON(CONFLICT), \
	  GET("/system/wait", 200), \
	  "suptree wait --until demo=up --timeout 10s") \
	X(SETTLE, settle, "settle", DAEMON, FOLLOW, VIEWER, ST_WAITS, \
	  "wait until no supervisor has work to do", \
	  DONE, ST_ON(TIMEOUT) | ST_ON(SHUTTING_DOWN), GET("/system/settle", 200), \
	  "suptree settle --timeout 10s")

/* for tree and ps: which children, and which members of them */
#define ST_PARAMS_NODES(P) \
	P("limit", COUNT, OPTIONAL, OPTION, 0, NONE, \
	  "show at most this number of children", ST_BETWEEN(1, ST_MAX_NODES + 1)) \
	P("after", PATH, OPTIONAL, OPTION, 0, NONE, \
	  "show the children that come after this one, which the answer before ended with") \
	P("depth", COUNT, OPTIONAL, OPTION, 0, NONE, \
	  "show only this number of levels below the path", ST_BETWEEN(0, ST_MAX_DEPTH)) \
	P("state", WORD, OPTIONAL, OPTION, 0, NONE, "show only children in this state", \
	  ST_ONLY("stopped", "starting", "running", "stopping", "restarting")) \
	P("fields", WORDS, OPTIONAL, OPTION, 0, NONE, \
	  "show only these members, and the path; pid: also the generation; strategy: also the " \
	  "limits", \
	  ST_ONLY("id", "path", "type", "state", "restart", "significant", "shutdown", "pid", \
		  "mailbox", "uptime_ms", "restarts", "status", "reason", "strategy", \
		  "restarts_in_period"))
#define ST_PARAMS_TREE(P) \
	P("path", PATH, OPTIONAL, ARG, 0, TEXT("/"), "the child at which to begin") \
	ST_PARAMS_NODES(P)
#define ST_PARAMS_PS(P) \
	P("path", PATH, OPTIONAL, ARG, 0, TEXT("/"), "only this child and those below it") \
	ST_PARAMS_NODES(P)
#define ST_PARAMS_INFO(P) \
	P("path", PATH, REQUIRED, ARG, 0, NONE, "the child")
#define ST_PARAMS_LOGS(P) \
	P("path", PATH, REQUIRED, ARG, 0, NONE, "the child") \
	P("lines", LINES, OPTIONAL, OPTION, 'n', NONE, \
	  "show at most this number of lines, the newest ones") \
	P("since_ms", AGE, OPTIONAL, OPTION, 's', NONE, "show only lines written since then") \
	P("follow", FLAG, OPTIONAL, OPTION, 'f', FALSE, \
	  "continue with new lines as they are written")
#define ST_PARAMS_SUBSCRIBE(P) \
	P("path", PATH, OPTIONAL, ARG, 0, TEXT("/"), \
	  "show only events of this child and of those below it") \
	P("since", SEQ, OPTIONAL, OPTION, 's', NONE, \
	  "first show the earlier events after this one; 0: all that are kept") \
	P("incarnation", COUNT, OPTIONAL, OPTION, 0, NONE, \
	  "the daemon that numbered that event; if it is another one, the first " \
	  "notification says so (resync)") \
	P("batch", FLAG, OPTIONAL, OPTION, 0, FALSE, \
	  "send many events in one notification (events), of at most 64 KiB") \
	P("inputs", FLAG, OPTIONAL, OPTION, 0, FALSE, \
	  "also send the state of the whole tree, and then each event of core before what came " \
	  "of it (input), for st-replay; for admins, since specifications have secrets") \
	P("buffer", WORD, OPTIONAL, OPTION, 0, NONE, \
	  "journal: keep 64 MiB of events for this client as long as it follows; for one " \
	  "admin at a time", ST_ONLY("journal"))
#define ST_PARAMS_WHY(P) \
	P("path", CHILD, REQUIRED, ARG, 0, NONE, "the child", ST_ALIAS("name")) \
	P("running", FLAG, OPTIONAL, OPTION, 'r', FALSE, \
	  "explain why it runs: who started it, by which rule, since when, and which ports and " \
	  "files it holds") \
	P("limit", COUNT, OPTIONAL, OPTION, 'n', NUMBER(100), \
	  "show at most this number of steps, the first ones", ST_BETWEEN(0, ST_MAX_LINES))
#define ST_FORECAST_LIMIT(P) \
	P("limit", COUNT, OPTIONAL, OPTION, 'n', NUMBER(1000), \
	  "show at most this number of steps of each change; all are counted", \
	  ST_BETWEEN(0, ST_MAX_LINES))
#define ST_PARAMS_BLAST(P) \
	P("path", PATH, REQUIRED, ARG, 0, NONE, "the child or supervisor") \
	P("verb", WORD, OPTIONAL, OPTION, 'v', \
	  MEANS("kill for a worker, stop-supervisor for a supervisor, stop for the root; " \
		"strategy if one of its options is given"), \
	  "what would be done", \
	  ST_ONLY("kill", "restart", "terminate-child", "restart-child", "delete-child", \
		  "stop-supervisor", "strategy", "stop", "unload", "reload")) \
	P("signal", SIGNAL, OPTIONAL, OPTION, 's', TEXT("KILL"), "for kill: the signal") \
	P("strategy", STRATEGY, OPTIONAL, OPTION, 0, NONE, "for strategy: the new one") \
	P("intensity", INTENSITY, OPTIONAL, OPTION, 'i', NONE, \
	  "for strategy: restarts allowed within a period") \
	P("period", PERIOD, OPTIONAL, OPTION, 'p', NONE, \
	  "for strategy: the length of a period") \
	P("start_new", FLAG, OPTIONAL, OPTION, 0, FALSE, \
	  "for reload: also start the children that have never run") \
	P("prune", FLAG, OPTIONAL, OPTION, 0, FALSE, \
	  "for reload: also stop and delete children that the configuration no longer has") \
	ST_FORECAST_LIMIT(P)
#define ST_PARAMS_WHATIF(P) \
	P("steps", ARGS, REQUIRED, WORDS, 0, NONE, \
	  "the changes, each quoted as one word: 'VERB PATH', with the verbs and options of " \
	  "blast", ST_BETWEEN(1, ST_MAX_TRIALS), .metavar = "STEP") \
	ST_FORECAST_LIMIT(P)
#define ST_PARAMS_WAIT(P) \
	P("until", CONDITION, REQUIRED, OPTION, 'u', NONE, "the child, and the state to wait for") \
	P("timeout_ms", DURATION, OPTIONAL, OPTION, 0, NONE, "give up after this time")
#define ST_PARAMS_SETTLE(P) \
	P("timeout_ms", DURATION, OPTIONAL, OPTION, 0, NONE, "give up after this time")

/* clang-format on */

#endif
