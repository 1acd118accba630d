/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Shapes of the daemon's reports about itself: its state, and the operations
 * table. shapes.h explains the notation.
 */
#ifndef ST_PROTO_SHAPES_DAEMON_H
#define ST_PROTO_SHAPES_DAEMON_H

/* clang-format off */

#define ST_DAEMON_SHAPES(S) \
	S(LINK, "Link", OBJECT, "A way to log in: a link for a browser, or a token for a program") \
	S(LOGIN, "Login", OBJECT, "The connection has this role now") \
	S(STATUS, "Status", OBJECT, "The daemon's own state") \
	S(STATUS_COUNTS, "StatusCounts", OBJECT, "How many of each thing the daemon has") \
	S(KERNEL_MODULE, "KernelModule", OBJECT, "The kernel module's picture of the tree") \
	S(SERVICES, "Services", PLAIN, "All services of suptree") \
	S(SERVICE, "Service", OBJECT, "A program of suptree that the daemon can run") \
	S(OPERATIONS, "Operations", PLAIN, "The operations table, then what processes offer") \
	S(OFFERED, "Offered", PLAIN, "Operations that processes offer, in the order of offering") \
	S(ANY_OPERATION, "AnyOperation", EITHER, "An operation that a client can request") \
	S(OPERATION, "Operation", OBJECT, "A row of the operations table") \
	S(OFFERED_OPERATION, "OfferedOperation", OBJECT, "An operation that a process offers") \
	S(PARAMETER, "Parameter", OBJECT, "A parameter of an operation") \
	S(DEFAULT, "Default", EITHER, "What a parameter is without a value") \
	S(REST, "Rest", OBJECT, "The operation in the REST interface")

#define ST_LOGIN_FIELDS(F) \
	F("role", ROLE, REQ, "the role that it gives") \
	F("expires_in_ms", COUNT, REQ, "how long it is valid")
#define ST_FIELDS_LINK(F) \
	F("link", TEXT, OPT, "an address to open in a browser, once") \
	F("token", TEXT, OPT, "for the header Authorization: Bearer TOKEN") \
	ST_LOGIN_FIELDS(F)
#define ST_FIELDS_LOGIN(F) \
	F("session", TEXT, OPT, "the secret of the session that began; only after a ticket") \
	ST_LOGIN_FIELDS(F)
#define ST_FIELDS_STATUS(F) \
	F("version", TEXT, REQ, "of suptree") \
	F("pid", COUNT, REQ, "its process") \
	F("uptime_ms", COUNT, REQ, "how long it has run") \
	F("seq", COUNT, REQ, "the number of the newest event") \
	F("incarnation", COUNT, REQ, \
	  "a random number: another daemon on the same socket has another one") \
	F("socket", TEXT, REQ, "where it listens") \
	F("configuration", NULLABLE(TEXT), REQ, "the file; null: it was started without one") \
	F("oom_score_adj", BETWEEN(-1000, 1000), REQ, "how soon the kernel kills it for memory") \
	F("stopping", FLAG, REQ, "whether it is stopping") \
	F("lost_lines", COUNT, OPT, \
	  "its own lines that standard error did not take, if there are any") \
	F("counts", SHAPE(STATUS_COUNTS), REQ, "how many of each thing it has") \
	F("features", MAP(FLAG), REQ, "what the kernel's io_uring can do") \
	F("kernel_module", SHAPE(KERNEL_MODULE), REQ, "suptree.ko")
#define ST_FIELDS_STATUS_COUNTS(F) \
	F("supervisors", COUNT, REQ, "supervisors, the root included") \
	F("workers", COUNT, REQ, "workers") \
	F("running", COUNT, REQ, "workers that run") \
	F("processes", COUNT, REQ, "processes of workers") \
	F("clients", COUNT, REQ, "connections") \
	F("names", COUNT, REQ, "registered names") \
	F("monitors", COUNT, REQ, "monitors") \
	F("offers", COUNT, REQ, "offered operations")
#define ST_FIELDS_KERNEL_MODULE(F) \
	F("state", WORDS("off", "absent", "refused", "linked"), REQ, \
	  "linked: the module knows the tree") \
	F("nodes", COUNT, OPT, "nodes that it knows, if it is linked") \
	F("why", TEXT, OPT, "why it is not linked, if that is known")

#define ST_FIELDS_SERVICES(F) \
	F("services", LIST(SHAPE(SERVICE)), REQ, "one for each")
#define ST_FIELDS_SERVICE(F) \
	F("name", TEXT, REQ, "its name") \
	F("state", \
	  WORDS("absent", "stopped", "starting", "running", "stopping", "restarting"), REQ, \
	  "of its child; absent: there is none") \
	F("path", TEXT, OPT, "its child") \
	F("pid", COUNT, OPT, "its process") \
	F("uid", COUNT, OPT, "the user of its process") \
	F("program", TEXT, REQ, "what is executed") \
	F("summary", TEXT, REQ, "what it does")

#define ST_OPERATION_FIELDS(F) \
	F("name", TEXT, REQ, "the method of JSON-RPC") \
	F("verb", TEXT, REQ, "the verb of suptree(1)") \
	F("summary", TEXT, REQ, "what it does") \
	F("owner", OWNER, REQ, "the service that carries it out") \
	F("group", GROUP, REQ, "the section of help") \
	F("role", ROLE, REQ, "the role that it needs") \
	F("for_children", TRUE, OPT, "a supervised process needs no role for it") \
	F("changes", FLAG, REQ, "whether it changes the tree or a process") \
	F("waits", FLAG, REQ, "whether it answers when something has happened") \
	F("streams", FLAG, REQ, "whether notifications follow the answer") \
	F("params", LIST(SHAPE(PARAMETER)), REQ, "its parameters, in order") \
	F("result", TEXT, REQ, "the name of the result's shape") \
	F("errors", LIST(FAILURE_KIND), REQ, \
	  "how it can fail, without the failures that every operation can have") \
	F("example", TEXT, REQ, "a command line")
#define ST_FIELDS_OPERATIONS(F) \
	F("operations", LIST(SHAPE(ANY_OPERATION)), REQ, "the operations")
#define ST_FIELDS_OFFERED(F) \
	F("operations", LIST(SHAPE(OFFERED_OPERATION)), REQ, "the operations")
#define ST_FIELDS_ANY_OPERATION(F) \
	F("row", SHAPE(OPERATION), REQ, "of the table") \
	F("offered", SHAPE(OFFERED_OPERATION), REQ, "of a process")
#define ST_FIELDS_OPERATION(F) \
	ST_OPERATION_FIELDS(F) \
	F("rest", SHAPE(REST), OPT, "its place in the REST interface; missing: it has none")
#define ST_FIELDS_OFFERED_OPERATION(F) \
	ST_OPERATION_FIELDS(F) \
	F("seq", COUNT, REQ, "its number in the order of offering") \
	ST_PROCESS_FIELDS(F)
#define ST_FIELDS_PARAMETER(F) \
	F("name", TEXT, REQ, "its name") \
	F("type", PARAMETER_TYPE, REQ, "its type") \
	F("required", FLAG, REQ, "whether it must be given") \
	F("one_of", TRUE, OPT, "exactly one of the parameters of its set must be given") \
	F("set", COUNT, OPT, "the set, if it is one of several") \
	F("alias", TEXT, OPT, "an older name, which is accepted too") \
	F("default", SHAPE(DEFAULT), OPT, "its value if it is not given") \
	F("default_means", TEXT, OPT, \
	  "what happens if it is not given, if no value has this effect") \
	F("words", LIST(TEXT), OPT, "the only words that it takes") \
	F("min", INTEGER, OPT, "the least number, bytes or elements") \
	F("max", INTEGER, OPT, "the most") \
	F("in", WORDS("path", "query", "body"), OPT, "where it is in a REST request") \
	F("help", TEXT, REQ, "what it is for")
#define ST_FIELDS_DEFAULT(F) \
	F("number", INTEGER, REQ, "of a number") \
	F("text", TEXT, REQ, "of a text") \
	F("flag", FLAG, REQ, "of a flag")
#define ST_FIELDS_REST(F) \
	F("method", WORDS("GET", "PUT", "POST", "DELETE"), REQ, "the method of HTTP") \
	F("path", TEXT, REQ, "below /api/v1; names in braces are parameters") \
	F("status", BETWEEN(200, 299), REQ, "the status of success") \
	F("errors", MAP(COUNT), REQ, "the status of each failure")

/* clang-format on */

#endif
