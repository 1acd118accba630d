/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rows of the operations table: the processes of the whole system.
 *
 * Only ops.h includes it, and explains the columns.
 */
#ifndef ST_PROTO_OPS_OBSERVER_H
#define ST_PROTO_OPS_OBSERVER_H

/* clang-format off */

#define ST_OPERATIONS_OBSERVER(X) \
	X(PROCESSES, processes, "processes", OBSERVER, SYSTEM, VIEWER, ST_WAITS, \
	  "list all processes of the system, with what each is to suptree", \
	  SYSTEM_PROCESSES, ST_ON(NOT_FOUND), GET("/system/processes", 200), \
	  "suptree processes --class worker,gen_server --sort rss") \
	X(INSPECT, inspect, "inspect", OBSERVER, SYSTEM, VIEWER, ST_WAITS, \
	  "show everything that the kernel tells about a process, a child or not", \
	  PROCESS_FACTS, ST_ON(NOT_FOUND) | ST_ON(CONFLICT), \
	  GET("/system/processes/{pid}", 200), "suptree inspect demo/counter_1") \
	X(MACHINE, machine, "machine", OBSERVER, SYSTEM, VIEWER, ST_WAITS, \
	  "show figures of the machine: processors, memory, pressure, load", \
	  MACHINE, 0, GET("/system/machine", 200), "suptree machine")

/* What a process is to suptree: those of st_class_text in userspace/observer/known.c. */
#define ST_PROCESS_CLASS_WORDS "supervisor", "gen_server", "worker", "service", "system"

#define ST_PARAMS_PROCESSES(P) \
	P("class", WORDS, OPTIONAL, OPTION, 'c', MEANS("all"), "only processes of these classes", \
	  ST_ONLY(ST_PROCESS_CLASS_WORDS)) \
	P("name", TEXT, OPTIONAL, OPTION, 0, NONE, "only processes whose name contains this text") \
	P("below", CHILD, OPTIONAL, OPTION, 'b', NONE, \
	  "only this child, the children below it, and all their descendants") \
	P("state", WORDS, OPTIONAL, OPTION, 0, NONE, "only processes in these states", \
	  ST_ONLY("running", "sleeping", "disk_sleep", "stopped", "tracing_stop", "zombie", \
		  "dead", "idle", "parked", "unknown")) \
	P("sort", WORD, OPTIONAL, OPTION, 's', TEXT("pid"), \
	  "what the order is by; the largest first, but pid and name ascend", \
	  ST_ONLY("pid", "name", "cpu", "rss", "threads", "start")) \
	P("reverse", FLAG, OPTIONAL, OPTION, 'r', FALSE, "in the opposite order") \
	P("limit", COUNT, OPTIONAL, OPTION, 'n', NUMBER(100), \
	  "show at most this number of processes; the answer may have fewer, and names the next", \
	  ST_BETWEEN(1, 1000)) \
	P("after", PID, OPTIONAL, OPTION, 0, NONE, \
	  "show the processes that come after this one, which the answer before ended with") \
	P("fields", WORDS, OPTIONAL, OPTION, 0, NONE, "show only these members, and the pid", \
	  ST_ONLY("name", "class", "path", "under", "ppid", "state", "uid", "threads", "rss_kb", \
		  "cpu_permille", "cpu_ms", "nice", "uptime_ms", "start_ticks", "command"))
#define ST_PARAMS_INSPECT(P) \
	P("path", CHILD, ONE_OF, ARG, 0, NONE, "the child") \
	P("pid", PID, ONE_OF, OPTION, 'p', NONE, "any process")
#define ST_PARAMS_MACHINE(P)

/* clang-format on */

#endif
