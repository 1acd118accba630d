/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rows of the operations table: OTP's functions of the module supervisor, and
 * operations that change trees.
 *
 * Only ops.h includes it, and explains the columns.
 */
#ifndef ST_PROTO_OPS_SUPERVISION_H
#define ST_PROTO_OPS_SUPERVISION_H

/* clang-format off */

#define ST_OPERATIONS_SUPERVISION(X) \
	X(WHICH_CHILDREN, which_children, "which-children", DAEMON, LOOK, VIEWER, ST_READS, \
	  "list a supervisor's children, newest first [C7]", \
	  CHILDREN, ST_ON_CALL, GET("/supervisors/{path}/children", 200), \
	  "suptree which-children demo") \
	X(COUNT_CHILDREN, count_children, "count-children", DAEMON, LOOK, VIEWER, ST_READS, \
	  "count a supervisor's children [C8]", \
	  COUNTS, ST_ON_CALL, GET("/supervisors/{path}/children/count", 200), \
	  "suptree count-children demo") \
	X(GET_CHILDSPEC, get_childspec, "get-childspec", DAEMON, LOOK, VIEWER, ST_READS, \
	  "show a child's specification, with defaults filled in [C9]", \
	  CHILDSPEC, ST_ON_CALL | ST_ON(SIMPLE_ONE_FOR_ONE), GET("/processes/{path}/spec", 200), \
	  "suptree get-childspec demo/counter_1") \
	X(START_CHILD, start_child, "start-child", DAEMON, SUPERVISE, ADMIN, \
	  ST_CHANGES | ST_WAITS, \
	  "add a child to a running supervisor and start it [C1]", \
	  START, \
	  ST_ON_WRITE | ST_ON(ALREADY_PRESENT) | ST_ON(ALREADY_STARTED) | ST_ON(START_ERROR) | \
	  ST_ON(INVALID_SPEC) | ST_ON(MAX_CHILDREN), \
	  POST("/supervisors/{path}/children", 201), \
	  "suptree start-child demo '{id: counter_9, start: [/bin/cat]}'") \
	X(RESTART_CHILD, restart_child, "restart-child", DAEMON, SUPERVISE, OPERATOR, \
	  ST_CHANGES | ST_WAITS, \
	  "start a child that is stopped [C3]", \
	  START, \
	  ST_ON_WRITE | ST_ON(RUNNING) | ST_ON(RESTARTING) | ST_ON(START_ERROR) | \
	  ST_ON(SIMPLE_ONE_FOR_ONE), \
	  POST("/processes/{path}/restart", 200), "suptree restart-child demo/counter_1") \
	X(TERMINATE_CHILD, terminate_child, "terminate-child", DAEMON, SUPERVISE, OPERATOR, \
	  ST_CHANGES | ST_ENDS | ST_WAITS, \
	  "stop a child as its shutdown key says; forget it if it is temporary [C5]", \
	  DONE, ST_ON_WRITE | ST_ON(SIMPLE_ONE_FOR_ONE), POST("/processes/{path}/terminate", 200), \
	  "suptree terminate-child demo/counter_1") \
	X(RESTART, restart, "restart", DAEMON, SUPERVISE, OPERATOR, \
	  ST_CHANGES | ST_WAITS | ST_ENDS, \
	  "stop a child and start it again; a stopped one is only started [X10]", \
	  START, ST_ON_WRITE | ST_ON(START_ERROR), \
	  POST("/processes/{path}/stop-and-start", 200), "suptree restart demo/counter_1") \
	X(DELETE_CHILD, delete_child, "delete-child", DAEMON, SUPERVISE, OPERATOR, \
	  ST_CHANGES | ST_ENDS, \
	  "remove the specification of a stopped child [C4]", \
	  DONE, ST_ON_WRITE | ST_ON(RUNNING) | ST_ON(RESTARTING) | ST_ON(SIMPLE_ONE_FOR_ONE), \
	  DELETE("/processes/{path}/spec", 200), "suptree delete-child demo/counter_1") \
	X(KILL, kill, "kill", DAEMON, SUPERVISE, OPERATOR, ST_CHANGES | ST_ENDS | ST_WAITS, \
	  "send a signal to a child; wait for its end if the signal is deadly", \
	  KILLED, ST_ON_WRITE | ST_ON(FAILED), DELETE("/processes/{path}", 200), \
	  "suptree kill demo/counter_1 --signal SEGV") \
	X(STRATEGY, strategy, "strategy", DAEMON, SUPERVISE, OPERATOR, ST_CHANGES, \
	  "change a supervisor's strategy and limits while it runs [K1] [K2]", \
	  STRATEGY, ST_ON_WRITE | ST_ON(INVALID_SPEC), \
	  PUT("/supervisors/{path}/strategy", 200), \
	  "suptree strategy demo one_for_all --intensity 5 --period 10") \
	X(CHANGE, change, "change", DAEMON, SUPERVISE, ADMIN, ST_CHANGES, \
	  "give a supervisor a new specification, as OTP's code_change does [K3]", \
	  DONE, ST_ON_WRITE | ST_ON(INVALID_SPEC), \
	  PUT("/supervisors/{path}/spec", 200), "suptree change demo @demo.yaml") \
	X(STOP_SUPERVISOR, stop_supervisor, "stop-supervisor", DAEMON, SUPERVISE, OPERATOR, \
	  ST_CHANGES | ST_ENDS | ST_WAITS, \
	  "stop a supervisor from outside; its parent handles this like any end [G6]", \
	  DONE, ST_ON_WRITE, DELETE("/supervisors/{path}", 200), \
	  "suptree stop-supervisor demo --reason shutdown") \
	X(LOAD, load, "load", DAEMON, CONFIGURE, ADMIN, ST_CHANGES | ST_WAITS, \
	  "start the trees of a configuration under the root", \
	  LOADED, \
	  ST_ON(ALREADY_PRESENT) | ST_ON(ALREADY_STARTED) | ST_ON(START_ERROR) | \
	  ST_ON(INVALID_SPEC) | ST_ON(FAILED) | ST_ON(SHUTTING_DOWN), \
	  POST("/supervision-trees", 201), "suptree load trees.yaml") \
	X(UNLOAD, unload, "unload", DAEMON, CONFIGURE, ADMIN, ST_CHANGES | ST_ENDS | ST_WAITS, \
	  "stop a tree under the root and forget it", \
	  OK, ST_ON_WRITE, DELETE("/supervision-trees/{path}", 200), \
	  "suptree unload demo") \
	X(RELOAD, reload, "reload", DAEMON, CONFIGURE, OPERATOR, ST_CHANGES | ST_WAITS, \
	  "read the configuration again and apply the differences [K3] [K9]", \
	  RELOADED, ST_ON(INVALID_SPEC) | ST_ON(FAILED) | ST_ON(CONFLICT) | ST_ON(SHUTTING_DOWN), \
	  POST("/system/reload", 200), "suptree reload --dry-run") \
	X(CHECK_CHILDSPECS, check_childspecs, "check-childspecs", DAEMON, CONFIGURE, VIEWER, \
	  ST_READS, \
	  "check child specifications without starting anything [V2] [V4]", \
	  OK, ST_ON(INVALID_SPEC), POST("/childspecs/check", 200), \
	  "suptree check-childspecs @children.yaml")

/* of what changes one child or supervisor */
#define ST_PARAMS_SYSTEM(P) \
	P("system", FLAG, OPTIONAL, OPTION, 0, FALSE, "do so even to a service of suptree itself")
#define ST_PARAMS_WHICH_CHILDREN(P) \
	P("path", PATH, REQUIRED, ARG, 0, NONE, "the supervisor")
#define ST_PARAMS_COUNT_CHILDREN(P) \
	P("path", PATH, REQUIRED, ARG, 0, NONE, "the supervisor")
#define ST_PARAMS_GET_CHILDSPEC(P) \
	P("path", PATH, REQUIRED, ARG, 0, NONE, "the child")
#define ST_PARAMS_START_CHILD(P) \
	P("path", PATH, REQUIRED, ARG, 0, NONE, "the supervisor") \
	P("spec", SPEC, ONE_OF, ARG, 0, NONE, "the child's specification") \
	P("name", NAME, ONE_OF, OPTION, 'n', NONE, \
	  "for a pool (simple_one_for_one): the name of the new child [I1]") \
	P("args", ARGS, OPTIONAL, REST, 0, NONE, \
	  "with --name: arguments added after the template's command") \
	P("otp", FLAG, OPTIONAL, OPTION, 0, FALSE, \
	  "read the specification as OTP does: ignore unknown keys [V1]") \
	ST_PARAMS_SYSTEM(P)
#define ST_PARAMS_RESTART_CHILD(P) \
	P("path", PATH, REQUIRED, ARG, 0, NONE, "the child") \
	ST_PARAMS_SYSTEM(P)
#define ST_PARAMS_TERMINATE_CHILD(P) \
	P("path", PATH, REQUIRED, ARG, 0, NONE, \
	  "the child; or its pool, with --pid or --generation") \
	P("pid", PID, OPTIONAL, OPTION, 'p', NONE, "a process of the pool [I3]") \
	P("generation", GENERATION, OPTIONAL, OPTION, 'g', NONE, "a process of the pool [I3]") \
	ST_PARAMS_SYSTEM(P)
#define ST_PARAMS_RESTART(P) \
	P("path", PATH, REQUIRED, ARG, 0, NONE, "the child, which may also be one of a pool") \
	ST_PARAMS_SYSTEM(P)
#define ST_PARAMS_DELETE_CHILD(P) \
	P("path", PATH, REQUIRED, ARG, 0, NONE, "the child") \
	ST_PARAMS_SYSTEM(P)
#define ST_PARAMS_KILL(P) \
	P("path", PATH, ONE_OF, ARG, 0, NONE, "the child") \
	P("pid", PID, ONE_OF, OPTION, 'p', NONE, "a child's process") \
	P("signal", SIGNAL, OPTIONAL, OPTION, 's', TEXT("KILL"), "the signal") \
	ST_PARAMS_SYSTEM(P)
#define ST_PARAMS_STRATEGY(P) \
	P("path", PATH, REQUIRED, ARG, 0, NONE, "the supervisor") \
	P("strategy", STRATEGY, OPTIONAL, ARG, 0, NONE, "which children restart together") \
	P("intensity", INTENSITY, OPTIONAL, OPTION, 'i', NONE, \
	  "restarts allowed within a period") \
	P("period", PERIOD, OPTIONAL, OPTION, 'p', NONE, "the length of a period") \
	P("auto_shutdown", AUTO_SHUTDOWN, OPTIONAL, OPTION, 'a', NONE, \
	  "whether the end of significant children ends the supervisor") \
	ST_PARAMS_SYSTEM(P)
#define ST_PARAMS_CHANGE(P) \
	P("path", PATH, REQUIRED, ARG, 0, NONE, "the supervisor") \
	P("spec", SPEC, REQUIRED, ARG, 0, NONE, "the complete new specification") \
	P("otp", FLAG, OPTIONAL, OPTION, 0, FALSE, \
	  "read the specification as OTP does: ignore unknown keys [V1]") \
	ST_PARAMS_SYSTEM(P)
#define ST_PARAMS_STOP_SUPERVISOR(P) \
	P("path", PATH, REQUIRED, ARG, 0, NONE, "the supervisor") \
	P("reason", REASON, OPTIONAL, OPTION, 'r', TEXT("normal"), \
	  "the reason with which it ends") \
	ST_PARAMS_SYSTEM(P)
#define ST_PARAMS_LOAD(P) \
	P("file", FILE, ONE_OF, ARG, 0, NONE, "the configuration file, which the daemon reads") \
	P("spec", SPEC, ONE_OF, OPTION, 's', NONE, "the configuration as text")
#define ST_PARAMS_UNLOAD(P) \
	P("path", PATH, REQUIRED, ARG, 0, NONE, "a tree directly under the root") \
	ST_PARAMS_SYSTEM(P)
#define ST_PARAMS_RELOAD(P) \
	P("dry_run", FLAG, OPTIONAL, OPTION, 'n', FALSE, "only show what would be done") \
	P("start_new", FLAG, OPTIONAL, OPTION, 0, FALSE, \
	  "also start the children that have never run") \
	P("prune", FLAG, OPTIONAL, OPTION, 0, FALSE, \
	  "also stop and delete children that the configuration no longer has")
#define ST_PARAMS_CHECK_CHILDSPECS(P) \
	P("specs", SPECS, REQUIRED, ARG, 0, NONE, "a list of child specifications") \
	P("auto_shutdown", AUTO_SHUTDOWN, OPTIONAL, OPTION, 'a', NONE, \
	  "the auto_shutdown of their supervisor, to check that they fit it [V4]") \
	P("otp", FLAG, OPTIONAL, OPTION, 0, FALSE, \
	  "read the specification as OTP does: ignore unknown keys [V1]")

/* clang-format on */

#endif
