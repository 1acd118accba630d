/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rows of the operations table: logins, for clients that come through a
 * gateway.
 *
 * Only ops.h includes it, and explains the columns.
 */
#ifndef ST_PROTO_OPS_LOGINS_H
#define ST_PROTO_OPS_LOGINS_H

#define ST_WEB_PORT 4780 /* where suptree-web listens if nobody says otherwise */
#define ST_WEB_URL "http://127.0.0.1:4780"

/* clang-format off */

#define ST_OPERATIONS_LOGINS(X) \
	X(OPEN, open, "open", DAEMON, DAEMON, VIEWER, ST_READS, \
	  "make a link that opens the web interface once, or a token for programs", \
	  LINK, ST_ON(FAILED), NO_REST, "suptree open --role viewer") \
	X(LOGIN, login, "login", DAEMON, PROCESS, VIEWER, ST_READS | ST_FOR_CHILDREN, \
	  "take the role that a ticket, session or token gives, for one connection", \
	  LOGIN, ST_ON(NOT_FOUND) | ST_ON(FAILED), NO_REST, "suptree login SECRET") \
	X(LOGOUT, logout, "logout", DAEMON, DAEMON, VIEWER, ST_READS | ST_FOR_CHILDREN, \
	  "end a session, a token or a ticket", \
	  OK, ST_ON(NOT_FOUND), NO_REST, "suptree logout SECRET")

#define ST_PARAMS_OPEN(P) \
	P("role", WORD, OPTIONAL, OPTION, 'r', MEANS("your own role"), \
	  "the role that the link or token gives, at most your own", \
	  ST_ONLY("viewer", "operator", "admin")) \
	P("token", FLAG, OPTIONAL, OPTION, 't', FALSE, \
	  "make a token, which is valid for 30 days, instead of a link") \
	P("url", WORD, OPTIONAL, OPTION, 'u', \
	  MEANS("the address of the service web; " ST_WEB_URL " if it does not run"), \
	  "where the gateway listens, as the beginning of the link")
#define ST_PARAMS_LOGIN(P) \
	P("secret", WORD, REQUIRED, ARG, 0, NONE, "of a ticket, a session or a token")
#define ST_PARAMS_LOGOUT(P) \
	P("secret", WORD, REQUIRED, ARG, 0, NONE, "of a ticket, a session or a token")

/* clang-format on */

#endif
