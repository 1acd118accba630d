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
	X(STOP, stop, "stop", DAEMON, DAEMON, ADMIN, ST_CHANGES | ST_ENDS | ST_WAITS, \
	  "stop all trees in order, then the daemon", \
	  OK, ST_ON(SHUTTING_DOWN), POST("/system/stop", 200), "suptree stop")

#define ST_PARAMS_STATUS(P)
#define ST_PARAMS_PING(P)
#define ST_PARAMS_OPERATIONS(P)
#define ST_PARAMS_STOP(P)

/* clang-format on */

#endif
