/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rows of the operations table: the daemon itself.
 *
 * Only ops.h includes it, and explains the columns.
 */
#ifndef ST_PROTO_OPS_DAEMON_H
#define ST_PROTO_OPS_DAEMON_H

/* clang-format off */

#define ST_OPERATIONS_DAEMON(X) \
	X(STATUS, status, "status", DAEMON, DAEMON, VIEWER, ST_READS, \
	  "show the state of the daemon", \
	  STATUS, 0, GET("/status", 200), "suptree status") \
	X(PING, ping, "ping", DAEMON, DAEMON, VIEWER, ST_READS, \
	  "ask whether the daemon answers", \
	  OK, 0, GET("/ping", 200), "suptree ping") \
	X(OPERATIONS, operations, "operations", DAEMON, DAEMON, VIEWER, ST_READS, \
	  "list all operations: of the daemon, its services and processes", \
	  OPERATIONS, 0, GET("/arsenal/operations", 200), "suptree operations --json") \
	X(SERVICES, services, "services", DAEMON, DAEMON, VIEWER, ST_READS, \
	  "list the services of suptree, and which of them run", \
	  SERVICES, 0, GET("/services", 200), "suptree services") \
	X(SERVICES_START, services_start, "services-start", DAEMON, DAEMON, OPERATOR, \
	  ST_CHANGES | ST_WAITS, \
	  "start a service of suptree, also one that the configuration does not name", \
	  OK, ST_ON_SERVICE | ST_ON(START_ERROR) | ST_ON(INVALID_SPEC) | ST_ON(ALREADY_PRESENT), \
	  POST("/services/{name}/start", 200), "suptree services-start journal") \
	X(SERVICES_STOP, services_stop, "services-stop", DAEMON, DAEMON, OPERATOR, \
	  ST_CHANGES | ST_ENDS | ST_WAITS, \
	  "stop a service of suptree until it is started again", \
	  OK, ST_ON_SERVICE, POST("/services/{name}/stop", 200), "suptree services-stop journal") \
	X(SERVICES_RESTART, services_restart, "services-restart", DAEMON, DAEMON, OPERATOR, \
	  ST_CHANGES | ST_ENDS | ST_WAITS, \
	  "stop a service of suptree and start it with its newest configuration", \
	  OK, ST_ON_SERVICE | ST_ON(START_ERROR), POST("/services/{name}/restart", 200), \
	  "suptree services-restart journal") \
	X(STOP, stop, "stop", DAEMON, DAEMON, ADMIN, ST_CHANGES | ST_ENDS | ST_WAITS, \
	  "stop all trees in order, then the daemon", \
	  OK, ST_ON(SHUTTING_DOWN), POST("/system/stop", 200), "suptree stop")

#define ST_PARAMS_STATUS(P)
#define ST_PARAMS_PING(P)
#define ST_PARAMS_OPERATIONS(P)
#define ST_PARAMS_SERVICES(P)
#define ST_PARAMS_OF_SERVICE(P) \
	P("name", WORD, REQUIRED, ARG, 0, NONE, "the service", ST_ONLY_SERVICES, \
	  .metavar = "SERVICE")
#define ST_PARAMS_SERVICES_START(P) \
	ST_PARAMS_OF_SERVICE(P)
#define ST_PARAMS_SERVICES_STOP(P) \
	ST_PARAMS_OF_SERVICE(P)
#define ST_PARAMS_SERVICES_RESTART(P) \
	ST_PARAMS_OF_SERVICE(P)
#define ST_PARAMS_STOP(P)

/* clang-format on */

#endif
