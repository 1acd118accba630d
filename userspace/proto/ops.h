/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The operations table: all that a client can ask the daemon for.
 *
 * It is the one source of JSON-RPC dispatch, parameter checks, CLI verbs, help,
 * man pages, shell completion and REST paths. A test proves that all of them
 * match it. The rows are in ops/, with one header for each family. A row is an
 * operation; its parameters are the list ST_PARAMS_<member> below it. Help
 * shows rows and parameters in their order. Parameters with the place ARG are
 * the CLI's positional arguments, in that order.
 *
 * Code that needs a column takes it from ST_OPERATION_LIST, as ops.c and
 * daemon/operations/dispatch.c do. Types of parameters are in params.h, kinds
 * of errors in errors.h, services in owners.h, sections in groups.h, results in
 * shapes.h. README.md explains how to add a row.
 */
#ifndef ST_PROTO_OPS_H
#define ST_PROTO_OPS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "proto/errors.h"
#include "proto/groups.h"
#include "proto/ops/daemon.h"
#include "proto/ops/logins.h"
#include "proto/ops/look.h"
#include "proto/ops/names.h"
#include "proto/ops/observer.h"
#include "proto/ops/offers.h"
#include "proto/ops/supervision.h"
#include "proto/ops/tracer.h"
#include "proto/owners.h"
#include "proto/params.h"
#include "proto/shapes.h"

/*
 * The roles of a peer; each role includes those before it. X(member, word, the users that
 * have it and what they may do; NULL: no operation needs it)
 */
#define ST_ROLE_LIST(X) \
	X(ST_ROLE_NONE, "none", NULL) \
	X(ST_ROLE_VIEWER, "viewer", "members of the group suptree-viewer: they may look") \
	X(ST_ROLE_OPERATOR, "operator", \
	  "members of the group suptree-operator: they may also change what is there") \
	X(ST_ROLE_ADMIN, "admin", \
	  "members of the group suptree-admin, root, and the daemon's own user: they may also " \
	  "run new commands, and stop the daemon")

#define ST_ROLE_MEMBER(member, ...) member,
enum st_role {
	ST_ROLE_LIST(ST_ROLE_MEMBER) ST_ROLE__MAX
};
#undef ST_ROLE_MEMBER

extern const char *const st_role_text[ST_ROLE__MAX];
extern const char *const st_role_help[ST_ROLE__MAX];

enum st_operation_flag {
	ST_READS = 0, /* changes nothing */
	ST_CHANGES = 1 << 0, /* changes the tree or a process */
	ST_STREAMS = 1 << 1, /* notifications follow the answer */
	ST_WAITS = 1 << 2, /* answers only after an event */
	ST_FOR_CHILDREN = 1 << 3, /* a supervised process needs no role for it */
	ST_ENDS = 1 << 4, /* ends or forgets something: no mistyped word is taken for it */
	ST_FOR_ANYONE = 1 << 5, /* any role is enough, if the process asked for says so */
};

/*
 * Sets of errors that rows share. Every operation may also answer JSON-RPC's
 * own errors, refused, limit and no_memory. A row that the daemon does not own
 * gets the errors of ST_ON_RELAY without naming them.
 */
#define ST_ON(error) (UINT64_C(1) << ST_ERROR_##error)
#define ST_ON_PATH (ST_ON(NOT_FOUND) | ST_ON(CONFLICT)) /* several have that end */
#define ST_ON_CALL (ST_ON_PATH | ST_ON(NOPROC)) /* a call to a supervisor */
#define ST_ON_NAME (ST_ON(NOPROC) | ST_ON(CONFLICT)) /* find a process by name */
#define ST_ON_RELAY (ST_ON(NOPROC) | ST_ON(TIMEOUT) | ST_ON(FAILED) | ST_ON(NO_MAILBOX))
#define ST_ON_TRACE (ST_ON(NOT_FOUND) | ST_ON(CONFLICT)) /* find a trace */
#define ST_ON_SERVICE \
	(ST_ON_WRITE | ST_ON(RUNNING) | ST_ON(RESTARTING) | ST_ON(ALREADY_STARTED) | \
	 ST_ON(SIMPLE_ONE_FOR_ONE))
#define ST_ON_WRITE (ST_ON_CALL | ST_ON(SHUTTING_DOWN))

/* The column REST: PUT("/supervisors/{path}/strategy", 200), or NO_REST. */
#define ST_HTTP_LIST(X) \
	X(NONE, "") /* the operation belongs to a connection or to the calling process */ \
	X(GET, "GET") \
	X(PUT, "PUT") \
	X(POST, "POST") \
	X(DELETE, "DELETE")

#define ST_HTTP_MEMBER(member, text) ST_HTTP_##member,
enum st_http {
	ST_HTTP_LIST(ST_HTTP_MEMBER) ST_HTTP__MAX
};
#undef ST_HTTP_MEMBER

extern const char *const st_http_text[ST_HTTP__MAX];

struct st_rest {
	enum st_http verb;
	const char *path; /* "/processes/{path}/info"; NULL: no path */
	unsigned int status; /* of success */
};

/*
 *   X(MEMBER, name, "verb", OWNER, GROUP, ROLE, flags, "summary", SHAPE, errors,
 *     REST, "example")
 * The name is the method of JSON-RPC, the verb is that of the CLI. OWNER is
 * from owners.h, GROUP from groups.h, SHAPE from shapes.h, each without its
 * prefix.
 *
 *   P(name, TYPE, NEED, PLACE, letter, DEFAULT, "help", more...)
 * TYPE, NEED, PLACE and DEFAULT are explained in params.h. The letter is the
 * CLI's short option, or 0. "more" stands for any of ST_BETWEEN, ST_ONLY,
 * ST_ALIAS, ST_SET and ST_IN.
 */
#define ST_OPERATION_LIST(X) \
	ST_OPERATIONS_LOOK(X) \
	ST_OPERATIONS_SUPERVISION(X) \
	ST_OPERATIONS_TRACER(X) \
	ST_OPERATIONS_OBSERVER(X) \
	ST_OPERATIONS_NAMES(X) \
	ST_OPERATIONS_OFFERS(X) \
	ST_OPERATIONS_DAEMON(X) \
	ST_OPERATIONS_LOGINS(X)

#define ST_OPERATION_MEMBER(member, ...) ST_OPERATION_##member,
enum st_operation {
	ST_OPERATION_LIST(ST_OPERATION_MEMBER) ST_OPERATION__MAX
};
#undef ST_OPERATION_MEMBER

#define ST_OPERATION_MAX_PARAMS 16

struct st_operation_row {
	const char *name;
	const char *verb;
	enum st_owner owner;
	enum st_group group;
	enum st_role role;
	unsigned int flags; /* enum st_operation_flag */
	const char *summary;
	enum st_shape shape; /* of the result */
	uint64_t errors; /* bit N: enum st_error N */
	struct st_rest rest;
	const char *example;
	const struct st_param *params; /* the last one has no name */
};

/* Indexed by enum st_operation. */
extern const struct st_operation_row st_operations[ST_OPERATION__MAX];

/**
 * st_operation_find() - find an operation by name
 * @name: a JSON-RPC method or a CLI verb
 *
 * Return: an enum st_operation, or -ENOENT.
 */
int st_operation_find(const char *name) __must_check;

/**
 * st_operation_nearest() - find the operation that a mistyped name may mean
 * @name: the text
 *
 * Return: the name of an operation, or NULL if none is similar.
 */
const char *st_operation_nearest(const char *name);

/**
 * st_operation_param() - find a parameter by name
 * @row: of st_operations
 * @name: the name, not its alias
 *
 * Return: the parameter, or NULL.
 */
const struct st_param *st_operation_param(const struct st_operation_row *row, const char *name);

/**
 * st_operation_nearest_param() - find the parameter that a mistyped name may mean
 * @row: of st_operations
 * @name: the text
 *
 * Return: the name of a parameter, or NULL if none is similar.
 */
const char *st_operation_nearest_param(const struct st_operation_row *row, const char *name);

/**
 * st_operation_rest_in() - find the place of a parameter in REST
 * @row: an operation with a REST path
 * @param: of this row
 *
 * Return: the place that the row names; else the path, if its braces name the
 * parameter; else the query for GET and DELETE; else the body.
 */
enum st_rest_in st_operation_rest_in(const struct st_operation_row *row,
				     const struct st_param *param);

struct st_json;

/**
 * st_operation_write() - append the columns of a row as members of an object
 * @row: of the table, or of an operation that a child offers
 * @json: inside the object
 */
void st_operation_write(const struct st_operation_row *row, struct st_json *json);

/**
 * st_params_write() - append parameters as elements of an array
 * @row: they are its parameters
 * @json: inside the array
 */
void st_params_write(const struct st_operation_row *row, struct st_json *json);

/**
 * st_operations_write() - append the whole table as elements of an array
 * @json: inside the array
 */
void st_operations_write(struct st_json *json);

#endif
