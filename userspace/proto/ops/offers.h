/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rows of the operations table: operations that processes offer.
 *
 * Only ops.h includes it, and explains the columns.
 */
#ifndef ST_PROTO_OPS_OFFERS_H
#define ST_PROTO_OPS_OFFERS_H

/* clang-format off */

#define ST_OPERATIONS_OFFERS(X) \
	X(OFFER, offer, "offer", DAEMON, PROCESS, OPERATOR, ST_CHANGES | ST_FOR_CHILDREN, \
	  "offer operations of the calling supervised process, until it ends", \
	  OK, ST_ON(NOPROC), NO_REST, \
	  "suptree offer '[{\"name\": \"get_value\", \"summary\": \"the value\"}]'") \
	X(WITHDRAW, withdraw, "withdraw", DAEMON, PROCESS, OPERATOR, ST_CHANGES | ST_FOR_CHILDREN, \
	  "withdraw an operation that the calling process offers", \
	  OK, ST_ON(CONFLICT), NO_REST, "suptree withdraw get_value") \
	X(OFFERED, offered, "offered", DAEMON, TALK, VIEWER, ST_READS | ST_FOR_CHILDREN, \
	  "list the operations that processes offer, at most 400 at once", \
	  OFFERED, ST_ON_NAME, GET("/arsenal/offered", 200), "suptree offered counter_1") \
	X(INVOKE, invoke, "invoke", DAEMON, TALK, OPERATOR, ST_CHANGES | ST_WAITS | \
	  ST_FOR_CHILDREN | ST_FOR_ANYONE, \
	  "call an operation that a process offers; the verb x.NAME.OP is shorter", \
	  REPLY, \
	  ST_ON_NAME | ST_ON(METHOD_NOT_FOUND) | ST_ON(NO_MAILBOX) | ST_ON(FAILED) | \
	  ST_ON(TIMEOUT), \
	  POST("/arsenal/operations/{operation}", 200), \
	  "suptree invoke x.counter_1.add --params '{\"n\": 5}'")

#define ST_PARAMS_OFFER(P) \
	P("operations", OBJECTS, REQUIRED, ARG, 0, NONE, \
	  "the operations, each with name and summary, and optionally params and changes")
#define ST_PARAMS_WITHDRAW(P) \
	P("operation", NAME, REQUIRED, ARG, 0, NONE, "the name of the operation")
#define ST_PARAMS_OFFERED(P) \
	P("path", CHILD, OPTIONAL, ARG, 0, NONE, "show only operations of this process", \
	  ST_ALIAS("name")) \
	P("since", COUNT, OPTIONAL, OPTION, 's', NONE, \
	  "show only operations whose seq is greater than this")
#define ST_PARAMS_INVOKE(P) \
	P("operation", METHOD, REQUIRED, ARG, 0, NONE, "the operation") \
	P("params", OBJECT, OPTIONAL, OPTION, 'p', NONE, "its parameters")

/* clang-format on */

#endif
