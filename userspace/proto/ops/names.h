/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rows of the operations table: names, groups and monitors of processes.
 *
 * Only ops.h includes it, and explains the columns.
 */
#ifndef ST_PROTO_OPS_NAMES_H
#define ST_PROTO_OPS_NAMES_H

/* clang-format off */

#define ST_OPERATIONS_NAMES(X) \
	X(WHEREIS, whereis, "whereis", DAEMON, NAMES, VIEWER, ST_READS | ST_FOR_CHILDREN, \
	  "find the process with a name", \
	  PROCESS, ST_ON_NAME, GET("/names/{path}", 200), "suptree whereis counter_1") \
	X(REGISTERED, registered, "registered", DAEMON, NAMES, VIEWER, ST_READS | \
	  ST_FOR_CHILDREN, \
	  "list the names that processes have registered", \
	  NAMES, 0, GET("/names", 200), "suptree registered") \
	X(CONNECT, connect, "connect", DAEMON, PROCESS, OPERATOR, \
	  ST_CHANGES | ST_FOR_CHILDREN | ST_FOR_ANYONE, \
	  "connect to a process that takes messages; the command line only tries it", \
	  CONNECTED, ST_ON_NAME | ST_ON(NO_MAILBOX) | ST_ON(FAILED), NO_REST, \
	  "suptree connect counter_1") \
	X(REGISTER, register, "register", DAEMON, PROCESS, OPERATOR, ST_CHANGES | ST_FOR_CHILDREN, \
	  "register a name for the calling supervised process, until it ends", \
	  OK, ST_ON(ALREADY_REGISTERED) | ST_ON(NOPROC), NO_REST, "suptree register printer") \
	X(UNREGISTER, unregister, "unregister", DAEMON, PROCESS, OPERATOR, \
	  ST_CHANGES | ST_FOR_CHILDREN, \
	  "give up a registered name of the calling process", \
	  OK, ST_ON(CONFLICT), NO_REST, "suptree unregister printer") \
	X(JOIN, join, "join", DAEMON, PROCESS, OPERATOR, ST_CHANGES | ST_FOR_CHILDREN, \
	  "add the calling supervised process to a group", \
	  OK, ST_ON(NOPROC), NO_REST, "suptree join printers") \
	X(LEAVE, leave, "leave", DAEMON, PROCESS, OPERATOR, ST_CHANGES | ST_FOR_CHILDREN, \
	  "remove the calling process from a group", \
	  OK, ST_ON(CONFLICT), NO_REST, "suptree leave printers") \
	X(MEMBERS, members, "members", DAEMON, NAMES, VIEWER, ST_READS | ST_FOR_CHILDREN, \
	  "list the members of a process group", \
	  PROCESSES, 0, GET("/groups/{group}", 200), "suptree members printers") \
	X(GROUPS, groups, "groups", DAEMON, NAMES, VIEWER, ST_READS | ST_FOR_CHILDREN, \
	  "list all process groups with their members", \
	  GROUPS, 0, GET("/groups", 200), "suptree groups") \
	X(MONITOR, monitor, "monitor", DAEMON, NAMES, VIEWER, ST_STREAMS | ST_FOR_CHILDREN, \
	  "get a notification with the reason when a process ends", \
	  MONITOR, ST_ON(CONFLICT), NO_REST, "suptree monitor counter_1") \
	X(DEMONITOR, demonitor, "demonitor", DAEMON, PROCESS, VIEWER, ST_READS | ST_FOR_CHILDREN, \
	  "cancel a monitor that this connection has begun", \
	  OK, 0, NO_REST, "suptree demonitor 3")

#define ST_PARAMS_WHEREIS(P) \
	P("path", CHILD, REQUIRED, ARG, 0, NONE, "the process", ST_ALIAS("name"))
#define ST_PARAMS_REGISTERED(P)
#define ST_PARAMS_CONNECT(P) \
	P("path", CHILD, REQUIRED, ARG, 0, NONE, "the process", ST_ALIAS("name"))
#define ST_PARAMS_REGISTER(P) \
	P("name", NAME, REQUIRED, ARG, 0, NONE, "the name")
#define ST_PARAMS_UNREGISTER(P) \
	P("name", NAME, REQUIRED, ARG, 0, NONE, "the name")
#define ST_PARAMS_JOIN(P) \
	P("group", NAME, REQUIRED, ARG, 0, NONE, "the group")
#define ST_PARAMS_LEAVE(P) \
	P("group", NAME, REQUIRED, ARG, 0, NONE, "the group")
#define ST_PARAMS_MEMBERS(P) \
	P("group", NAME, REQUIRED, ARG, 0, NONE, "the group")
#define ST_PARAMS_GROUPS(P)
#define ST_PARAMS_MONITOR(P) \
	P("path", CHILD, ONE_OF, ARG, 0, NONE, "the process", ST_ALIAS("name")) \
	P("generation", GENERATION, ONE_OF, OPTION, 'g', NONE, "a process by its generation")
#define ST_PARAMS_DEMONITOR(P) \
	P("ref", REF, REQUIRED, ARG, 0, NONE, "the monitor")

/* clang-format on */

#endif
