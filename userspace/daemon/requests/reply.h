/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Turns answers of core into answers of the control protocol.
 */
#ifndef ST_DAEMON_REQUESTS_REPLY_H
#define ST_DAEMON_REQUESTS_REPLY_H

#include "core/effect.h"
#include "daemon/requests/pending.h"
#include "proto/errors.h"

struct st_tree;

/**
 * st_reply() - pass the effect REPLY on to the client that waits for it
 * @requests: all requests
 * @effect: of the step that has just run
 */
void st_reply(struct st_requests *requests, const struct st_effect *effect);

/**
 * st_reply_no_memory() - answer that there is no memory to send a request
 * @requests: all requests
 * @pending: answered, and freed
 */
void st_reply_no_memory(struct st_requests *requests, struct st_pending *pending);

/**
 * st_reply_error() - get the kind of an error that core has answered
 * @reply: an error of core
 *
 * Return: a row of proto/errors.h.
 */
enum st_error st_reply_error(enum st_reply reply);

/**
 * st_reply_write_text() - append an error in words for people
 * @tree: whose answer it is
 * @effect: a REPLY that is an error
 * @out: gets the sentence, and the reason if there is one
 */
void st_reply_write_text(const struct st_tree *tree, const struct st_effect *effect,
			 struct st_buf *out);

/**
 * st_reply_write_term() - append OTP's term for an error
 * @effect: a REPLY that is an error
 * @out: gets the term as JSON
 */
void st_reply_write_term(const struct st_effect *effect, struct st_buf *out);

#endif
