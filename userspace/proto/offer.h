/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An operation that a supervised process offers while it runs: a row like those
 * of ops.h, but made from JSON instead of a table.
 *
 * It is called as x.NAME.OP, where NAME finds the process (a registered name, a
 * path, the end of a path) and OP is the operation's own name. The process gets
 * a call made of words: OP, then the values of the parameters in their order.
 *
 * The daemon uses this to read the offers of children, the CLI to read the
 * daemon's list. Nothing here knows either of them.
 * userspace/libsuptree/PROTOCOL.md has the shape.
 */
#ifndef ST_PROTO_OFFER_H
#define ST_PROTO_OFFER_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "proto/ops.h"
#include "proto/params.h"

#define ST_OFFER_PREFIX "x."
#define ST_OFFER_MAX_LISTED 400 /* in one answer: writing them takes less than a millisecond */
#define ST_OFFER_TIMEOUT_MS 5000 /* if a call has no timeout; as in gen_server:call/2 */
#define ST_OFFER_MAX_PARAMS 7 /* and one more: timeout_ms */
#define ST_OFFER_MAX_NAME 63 /* bytes; also for a parameter's name */
#define ST_OFFER_MAX_SUMMARY 200 /* bytes; also for a parameter's help */

struct st_offer {
	struct st_operation_row row; /* its name is OP alone; it has no verb and no example */
	struct st_param params[ST_OFFER_MAX_PARAMS + 2]; /* of the row; the last one has no name */
	unsigned int nr_params; /* parameters that the process is sent */
	char texts[];
};

enum st_offer_source {
	ST_OFFER_FROM_CHILD, /* unknown members are an error */
	ST_OFFER_FROM_LISTING, /* a row of "offered" */
};

/**
 * st_offer_read() - make an operation from its description
 * @described: an object; borrowed
 * @source: where the description comes from
 * @ret_offer: owned by the caller, st_offer_free()
 * @ret_error: what is wrong, written only on failure
 *
 * Return: 0; -EINVAL or -ENOMEM, both with @ret_error.
 */
int st_offer_read(const json_t *described, enum st_offer_source source, struct st_offer **ret_offer,
		  struct st_rpc_error *ret_error) __must_check;
void st_offer_free(struct st_offer *offer);

/**
 * st_offer_name_len() - find NAME in x.NAME.OP
 * @method: the text
 *
 * Return: the length of NAME, which begins after the prefix and ends before the
 * last '.'; 0: the text does not have this form.
 */
size_t st_offer_name_len(const char *method);

/* Return: OP of a text for which st_offer_name_len() is not 0. */
const char *st_offer_op(const char *method);

/**
 * st_offer_words() - append the words that the process is sent
 * @offer: the operation
 * @params: its parameters, checked against its row
 * @out: gets the words: "put colour dark green"
 *
 * Return: NULL; or the name of a parameter that is missing, although one after
 * it is given.
 */
const char *st_offer_words(const struct st_offer *offer, const json_t *params,
			   struct st_buf *out) __must_check;

#endif
