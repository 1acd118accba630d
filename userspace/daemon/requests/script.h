/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Operations that need several requests to core, one after the other: load,
 * unload, reload.
 *
 * A script is a list of requests, and the result that the client gets when all
 * are done. A request that fails ends the script, unless it may fail. What was
 * done before stays done, and the error names it.
 */
#ifndef ST_DAEMON_REQUESTS_SCRIPT_H
#define ST_DAEMON_REQUESTS_SCRIPT_H

#include "base/buf.h"
#include "core/effect.h"
#include "daemon/requests/pending.h"

struct st_script;

/**
 * struct st_script_hooks - for an operation whose next requests depend on answers
 * @answered: whether the script goes on after this answer; instead of is_optional
 * @finish: all requests were answered: add more of them, or write the result; returns
 *	0, or -ENOMEM, or -EAGAIN: the tree changes faster than the script
 * @free: the script ends; ->context is freed here
 */
struct st_script_hooks {
	bool (*answered)(struct st_script *script, const struct st_effect *effect);
	int (*finish)(struct st_script *script);
	void (*free)(struct st_script *script);
};

struct st_script {
	const struct st_script_hooks *hooks; /* or NULL */
	void *context; /* of the hooks */
	struct st_pending *current; /* which core works on */
	bool is_cancelled; /* ends with the answer to ->current */
	struct st_client *client; /* NULL: it has gone, or it is the daemon itself */
	enum st_operation op;
	char *about; /* for messages, owned */
	struct st_pending **requests; /* owned, in the order of sending */
	bool *is_optional; /* an error of this request does not end the script */
	uint32_t nr;
	uint32_t cap;
	uint32_t next;
	struct st_buf result; /* one JSON value */
};

/**
 * st_script_new() - make a script
 * @client: the client that asks, or NULL
 * @op: the operation that it called
 * @about: a file or path for messages; copied
 *
 * Return: owned by the caller until st_script_run(); NULL: no memory.
 */
struct st_script *st_script_new(struct st_client *client, enum st_operation op,
				const char *about) __must_check;
void st_script_free(struct st_script *script); /* before it was run; NULL is allowed */

/**
 * st_script_add() - append a request
 * @script: the script
 * @pending: taken on success
 * @is_optional: an error of this one does not end the script
 *
 * Return: 0 or -ENOMEM.
 */
int st_script_add(struct st_script *script, struct st_pending *pending,
		  bool is_optional) __must_check;

/**
 * st_script_run() - send the first request
 * @requests: all requests
 * @script: taken; it answers its client and frees itself
 */
void st_script_run(struct st_requests *requests, struct st_script *script);

/**
 * st_script_cancel() - end a script that runs
 * @script: its client gets the error conflict; it sends no more requests
 * @why: for the client
 */
void st_script_cancel(struct st_script *script, const char *why);

/**
 * st_script_answered() - go on after a request of a script was answered
 * @requests: all requests
 * @pending: the request; its caller frees it
 * @effect: the answer
 */
void st_script_answered(struct st_requests *requests, struct st_pending *pending,
			const struct st_effect *effect);

#endif
