/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One request of HTTP and its answer.
 *
 *	reading --body complete--> acting --answer--> answered
 *	                             '--daemon is asked, or the copy--> waiting --> answered
 *
 * serve.c makes one for each request, and sends its answer; act.c decides what
 * is done; the parts that it calls end with st_answer_...(). Each request gets
 * exactly one answer.
 */
#ifndef ST_WEB_EXCHANGE_H
#define ST_WEB_EXCHANGE_H

#include <jansson.h>
#include <microhttpd.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "web/copy.h"
#include "web/pass.h"
#include "web/route.h"
#include "web/sessions.h"
#include "web/uri.h"
#include "web/web.h"

#define ST_EXCHANGE_PEER_SIZE 64

struct st_resource;
struct st_stream;

enum st_exchange_state {
	ST_EXCHANGE_NEW,
	ST_EXCHANGE_READING, /* its body */
	ST_EXCHANGE_ACTING,
	ST_EXCHANGE_WAITING, /* MHD has suspended the connection */
	ST_EXCHANGE_ANSWERED, /* there is a response */
};

struct st_exchange {
	struct st_web *web;
	struct st_list link; /* in web->exchanges */
	struct MHD_Connection *http;
	enum st_exchange_state state;
	uint64_t begin_ns;
	char *target; /* as it was received; owned */
	char method[16];
	char peer[ST_EXCHANGE_PEER_SIZE]; /* "127.0.0.1:51514" */
	struct st_buf body;

	struct st_uri uri;
	const struct st_resource *resource; /* NULL: it is an operation */
	struct st_web_route route;
	json_t *params;
	char secret[ST_SECRET_LEN + 1]; /* "": none */
	bool is_cookie; /* the secret came in a cookie */
	enum st_role role; /* for the log */

	struct st_pass *pass; /* to the daemon, or NULL */
	bool is_logged_in;
	void (*after_login)(struct st_exchange *exchange); /* NULL: the operation is called */
	struct st_copy_wait wait;
	void (*after_wait)(struct st_exchange *exchange);
	struct st_source hangup; /* fd -1: not watched; the client's socket */

	struct MHD_Response *response;
	bool has_shared_response; /* it stays for others */
	unsigned int status;
	struct st_stream *stream; /* of the response, or NULL */
};

/* Anything that an answer can have; all zeroes are allowed. */
struct st_answer {
	unsigned int status;
	const char *type; /* NULL: application/json */
	const char *tag; /* ETag */
	const char *location;
	const char *link; /* the header Link */
	const char *cookie; /* Set-Cookie */
	const char *allow;
	const char *policy; /* Content-Security-Policy; NULL: nothing is allowed */
	unsigned int retry_s; /* Retry-After */
};

/**
 * st_answer_text() - answer with a text
 * @exchange: without an answer
 * @answer: status and headers
 * @text: the body; taken: it is empty afterwards
 */
void st_answer_text(struct st_exchange *exchange, const struct st_answer *answer,
		    struct st_buf *text);

/**
 * st_answer_response() - answer with a response that was made before
 * @exchange: without an answer
 * @status: of HTTP
 * @response: with all headers; one reference is taken over
 */
void st_answer_response(struct st_exchange *exchange, unsigned int status,
			struct MHD_Response *response);

/* Make a response out of a text, which is taken. Return: NULL: there is no memory. */
struct MHD_Response *st_answer_make(const struct st_answer *answer, struct st_buf *text);

/* Add the headers of an answer to a response. Return: false: there is no memory. */
bool st_answer_add_headers(const struct st_answer *answer, struct MHD_Response *response);

/* What a problem of RFC 9457 says. */
struct st_problem {
	unsigned int status; /* 0: that of the kind */
	enum st_error kind;
	const char *detail;
	const char *pointer; /* NULL or "": none */
	const json_t *otp; /* NULL: none */
	unsigned int retry_s;
	const char *allow;
};

/** st_answer_problem() - answer that the request has failed */
void st_answer_problem(struct st_exchange *exchange, const struct st_problem *problem);

/* The same with a kind and a text only. */
void st_answer_failure(struct st_exchange *exchange, enum st_error kind, const char *detail);

/** st_answer_no_memory() - answer without memory */
void st_answer_no_memory(struct st_exchange *exchange);

/* act.c: the request line and headers are there; it may answer already. */
void st_act_on_headers(struct st_exchange *exchange);
/* act.c: the body is there, too. */
void st_act_on_request(struct st_exchange *exchange);

/* call.c */

/**
 * st_call_daemon() - log in at the daemon, and go on there
 * @exchange: with a secret
 * @after_login: called when the role is known; NULL: the operation is called, and its
 *	answer is the answer
 */
void st_call_daemon(struct st_exchange *exchange,
		    void (*after_login)(struct st_exchange *exchange));
void st_call_cancel(struct st_exchange *exchange); /* the client has gone */

/* shown.c: answer from the copy. Return: false: the copy cannot answer it. */
bool st_shown_can(const struct st_exchange *exchange);
void st_shown_answer(struct st_exchange *exchange);

/* resource.c: what is no operation */
struct st_resource {
	const char *method;
	const char *path;
	bool is_public; /* needs no login */
	void (*act)(struct st_exchange *exchange); /* answers */
};

/**
 * st_resource_find() - find what a request asks for, if it is no operation
 * @method: of HTTP; HEAD is as GET
 * @uri: the target
 * @ret_resource: the resource; NULL: the path is none of them
 * @ret_allowed: on -EPERM: the methods that the path has
 *
 * Return: 0 or -EPERM.
 */
int st_resource_find(const char *method, const struct st_uri *uri,
		     const struct st_resource **ret_resource,
		     char ret_allowed[ST_ROUTE_MAX_ALLOWED]) __must_check;

/* serve.c */

/* Is the header of that name there? Return: its value, borrowed; or NULL. */
const char *st_exchange_header(const struct st_exchange *exchange, const char *name);

/* log.c */
void st_log_request(const struct st_exchange *exchange);

#endif
