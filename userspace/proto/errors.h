/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every way in which a request can fail, and the exit codes of the CLI.
 *
 * A row has the word that programs check (data.kind of an answer), the number
 * that JSON-RPC puts beside it, the exit code of the CLI, and the status of
 * HTTP. The first five rows are JSON-RPC 2.0's own errors; the others are this
 * project's, numbered from 1. Rows are only ever appended, and numbers never
 * change. rpc.h writes errors.
 */
#ifndef ST_PROTO_ERRORS_H
#define ST_PROTO_ERRORS_H

#include "base/compiler.h"

enum st_exit_code {
	ST_EXIT_OK = 0,
	ST_EXIT_FAILED = 1, /* the program tried, and failed */
	ST_EXIT_USAGE = 2, /* the command or its arguments are wrong */
	ST_EXIT_NOT_FOUND = 3,
	ST_EXIT_REFUSED = 4, /* not allowed, or beyond a limit */
	ST_EXIT_TIMEOUT = 5,
	ST_EXIT_UNREACHABLE = 6, /* no daemon answers */
	ST_EXIT_CONFLICT = 7, /* the state of the target does not allow it */
	ST_EXIT_FINDINGS = 8, /* a check ran and found something */
};

/* clang-format off */

/* X(member, kind, code, exit code, HTTP status, meaning) */
#define ST_ERROR_LIST(X) \
	X(ST_ERROR_PARSE, "parse_error", -32700, ST_EXIT_USAGE, 400, "the line is not JSON") \
	X(ST_ERROR_INVALID_REQUEST, "invalid_request", -32600, ST_EXIT_USAGE, 400, \
	  "JSON, but not a request") \
	X(ST_ERROR_METHOD_NOT_FOUND, "method_not_found", -32601, ST_EXIT_USAGE, 404, \
	  "no such operation") \
	X(ST_ERROR_INVALID_PARAMS, "invalid_params", -32602, ST_EXIT_USAGE, 422, \
	  "a parameter is missing, unknown, of a wrong type or beyond its limit") \
	X(ST_ERROR_INTERNAL, "internal", -32603, ST_EXIT_FAILED, 500, "a defect of the daemon") \
	X(ST_ERROR_NOT_FOUND, "not_found", 1, ST_EXIT_NOT_FOUND, 404, \
	  "no such child, tree, process or trace") \
	X(ST_ERROR_NOPROC, "noproc", 2, ST_EXIT_NOT_FOUND, 404, \
	  "the process or supervisor does not run, or ended before it answered [C6]") \
	X(ST_ERROR_ALREADY_PRESENT, "already_present", 3, ST_EXIT_CONFLICT, 409, \
	  "a child with this id exists and does not run [C1]") \
	X(ST_ERROR_ALREADY_STARTED, "already_started", 4, ST_EXIT_CONFLICT, 409, \
	  "a child with this id runs [C1]") \
	X(ST_ERROR_RUNNING, "running", 5, ST_EXIT_CONFLICT, 409, "the child runs [C3] [C4]") \
	X(ST_ERROR_RESTARTING, "restarting", 6, ST_EXIT_CONFLICT, 409, \
	  "the child is about to be started again [F6]") \
	X(ST_ERROR_SIMPLE_ONE_FOR_ONE, "simple_one_for_one", 7, ST_EXIT_CONFLICT, 409, \
	  "children of such a supervisor have no id [I3]") \
	X(ST_ERROR_START_ERROR, "start_error", 8, ST_EXIT_FAILED, 502, \
	  "the child ended or reported an error before it was ready") \
	X(ST_ERROR_INVALID_SPEC, "invalid_spec", 9, ST_EXIT_USAGE, 422, \
	  "a specification that OTP would refuse [V1] [V2]") \
	X(ST_ERROR_MAX_CHILDREN, "max_children", 10, ST_EXIT_REFUSED, 409, \
	  "the supervisor has all the children it may have [X1]") \
	X(ST_ERROR_REFUSED, "refused", 11, ST_EXIT_REFUSED, 403, \
	  "not allowed to this peer, or by the rules") \
	X(ST_ERROR_CONFLICT, "conflict", 12, ST_EXIT_CONFLICT, 409, \
	  "the target's state does not permit it, or several children have this name") \
	X(ST_ERROR_LIMIT, "limit", 13, ST_EXIT_REFUSED, 429, "a limit of the daemon is reached") \
	X(ST_ERROR_NO_MEMORY, "no_memory", 14, ST_EXIT_FAILED, 503, \
	  "the daemon has no memory for it") \
	X(ST_ERROR_TIMEOUT, "timeout", 15, ST_EXIT_TIMEOUT, 504, \
	  "it took longer than was asked for") \
	X(ST_ERROR_SHUTTING_DOWN, "shutting_down", 16, ST_EXIT_REFUSED, 503, \
	  "the daemon is stopping and takes no changes") \
	X(ST_ERROR_FAILED, "failed", 17, ST_EXIT_FAILED, 502, \
	  "it was tried and failed; the text says why") \
	X(ST_ERROR_NO_MAILBOX, "no_mailbox", 18, ST_EXIT_CONFLICT, 409, \
	  "the process takes no messages") \
	X(ST_ERROR_ALREADY_REGISTERED, "already_registered", 19, ST_EXIT_CONFLICT, 409, \
	  "another process has this name")

/* clang-format on */

#define ST_ERROR_MEMBER(member, ...) member,
enum st_error {
	ST_ERROR_LIST(ST_ERROR_MEMBER) ST_ERROR__MAX
};
#undef ST_ERROR_MEMBER
_Static_assert(ST_ERROR__MAX <= 64, "a row of ops.h has its errors as bits of 64");

struct st_error_row {
	const char *kind;
	int code;
	enum st_exit_code exit_code;
	unsigned int http; /* status of an answer of REST */
	const char *meaning;
};

/* Indexed by enum st_error. */
extern const struct st_error_row st_errors[ST_ERROR__MAX];

/**
 * st_error_find() - find an error by its kind
 * @kind: the word, as in data.kind of an answer
 *
 * Return: an enum st_error, or -ENOENT: this version does not know it.
 */
int st_error_find(const char *kind) __must_check;

#endif
