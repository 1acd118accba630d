/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * JSON-RPC 2.0, with one object in a line: reads requests, writes answers and
 * notifications.
 *
 * The parser refuses a line before it builds anything from it. It checks in
 * this order: nesting beyond ST_RPC_MAX_DEPTH, valid JSON without a key twice,
 * a valid request, a known method, known parameters. Each failure gets the
 * error that JSON-RPC has for it, and a hint at what was probably meant.
 * Batches are not supported. Nothing here knows a socket or a tree. Read ops.h
 * for the methods, errors.h for the kinds.
 */
#ifndef ST_PROTO_RPC_H
#define ST_PROTO_RPC_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "proto/ops.h"
#include "proto/params.h"

#define ST_RPC_MAX_DEPTH 64 /* nested objects and lists in a line */
#define ST_RPC_MAX_ID 128 /* bytes of a request's id as JSON, its NUL included */

/*
 * The id of a request, as the JSON in which it came, to be copied into the
 * answer. It is a plain value: keep a copy until the answer is sent.
 */
struct st_rpc_id {
	char text[ST_RPC_MAX_ID];
};

/*
 * The method x.NAME.OP, which a child offers (offer.h), becomes the operation
 * invoke, with that method and those params as its parameters.
 */
struct st_rpc_request {
	enum st_operation op;
	struct st_rpc_id id; /* text "": a notification, which gets no answer */
	json_t *params; /* owned object, checked against the table */
};

/**
 * st_rpc_parse() - read one line
 * @line: the bytes, without newline
 * @len: number of bytes
 * @ret_request: the request; owned, st_rpc_request_done(). On failure it holds
 *	the id for the answer: the one that was found, or null
 * @ret_error: what is wrong, for st_rpc_write_error()
 *
 * Return: 0; -EINVAL or -ENOMEM, both with @ret_error.
 */
int st_rpc_parse(const char *line, size_t len, struct st_rpc_request *ret_request,
		 struct st_rpc_error *ret_error) __must_check;

/**
 * st_rpc_request_done() - free what a request owns
 * @request: parsed with or without success, or zeroed
 */
void st_rpc_request_done(struct st_rpc_request *request);

/*
 * Parameters of a checked request. If one is missing the fallback is returned.
 */
const char *st_rpc_text(const struct st_rpc_request *request, const char *name,
			const char *fallback);
int64_t st_rpc_integer(const struct st_rpc_request *request, const char *name, int64_t fallback);
bool st_rpc_flag(const struct st_rpc_request *request, const char *name);

/**
 * st_rpc_write_result_head() - append the beginning of an answer
 * @out: gets all that comes before the result. Append the result, one JSON value, and then
 *	call st_rpc_write_result_tail()
 * @id: of the request, which is not a notification
 */
void st_rpc_write_result_head(struct st_buf *out, const struct st_rpc_id *id);
void st_rpc_write_result_tail(struct st_buf *out);

/**
 * st_rpc_write_result() - append an answer, newline included
 * @out: gets the answer
 * @id: of the request; nothing is appended for a notification
 * @result: one complete JSON value
 * @len: its length in bytes
 */
void st_rpc_write_result(struct st_buf *out, const struct st_rpc_id *id, const char *result,
			 size_t len);

/**
 * st_rpc_write_error() - append the answer to a request that failed
 * @out: gets the answer
 * @id: of the request; nothing is appended for a notification
 * @error: kind, text and the parameter that is wrong
 * @otp: OTP's term for the error, as JSON; NULL if it has none
 */
void st_rpc_write_error(struct st_buf *out, const struct st_rpc_id *id,
			const struct st_rpc_error *error, const char *otp);

/**
 * st_rpc_write_notification() - append a message that gets no answer
 * @out: gets the message
 * @method: "event", "output" or "resync"
 * @params: one complete JSON object
 * @len: its length in bytes
 */
void st_rpc_write_notification(struct st_buf *out, const char *method, const char *params,
			       size_t len);

/**
 * st_rpc_write_request() - append a request, as a client does
 * @out: gets the request
 * @id: a number that the answer will have
 * @method: name of an operation
 * @params: an object, or NULL for none
 *
 * Return: 0 or -ENOMEM.
 */
int st_rpc_write_request(struct st_buf *out, int64_t id, const char *method,
			 const json_t *params) __must_check;

#endif
