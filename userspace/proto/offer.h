/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An operation that a supervised process offers while it runs: a row like those of
 * ops.h, made of JSON instead of a table.
 *
 * Called x.NAME.OP, where NAME leads to the process (a registered name, a path, the
 * end of a path) and OP is the operation's own name. What the process gets is a call
 * of words: OP, and behind it the values of the parameters in their order.
 *
 * The daemon reads what children offer with it, the CLI what the daemon lists. It
 * knows neither; userspace/libsuptree/PROTOCOL.md has the shape.
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
#define ST_OFFER_MAX_LISTED 400 /* in one answer: no restart waits a millisecond for it */
#define ST_OFFER_TIMEOUT_MS 5000 /* if a call names none: gen_server:call/2 */
#define ST_OFFER_MAX_PARAMS 7 /* and one more, timeout_ms */
#define ST_OFFER_MAX_NAME 63 /* bytes; also of a parameter's name */
#define ST_OFFER_MAX_SUMMARY 200 /* bytes; also of a parameter's help */

struct st_offer {
	struct st_operation_row row; /* its name is OP alone; it has no verb and no example */
	struct st_param params[ST_OFFER_MAX_PARAMS + 2]; /* of the row; the last one has no name */
	unsigned int nr_params; /* that the process is given */
	char texts[];
};

enum st_offer_source {
	ST_OFFER_FROM_CHILD, /* nothing may be in it that is not known */
	ST_OFFER_FROM_LISTING, /* a row of "offered" */
};

/**
 * st_offer_read() - make an operation of its description
 * @described: an object; borrowed
 * @source: where it is from
 * @ret_offer: owned by the caller, st_offer_free()
 * @ret_error: what is wrong, written only on failure
 *
 * Return: 0; -EINVAL or -ENOMEM, both with @ret_error.
 */
int st_offer_read(const json_t *described, enum st_offer_source source, struct st_offer **ret_offer,
		  struct st_rpc_error *ret_error) __must_check;
void st_offer_free(struct st_offer *offer);

/**
 * st_offer_name_len() - take x.NAME.OP apart
 * @method: the text
 *
 * Return: the length of NAME, which begins behind the prefix and ends before the last
 * '.'; 0: it is nothing of this kind.
 */
size_t st_offer_name_len(const char *method);

/* OP of a text for which st_offer_name_len() is not 0. */
const char *st_offer_op(const char *method);

/**
 * st_offer_words() - append what the process is sent
 * @offer: the operation
 * @params: its parameters, checked against its row
 * @out: where to: "put colour dark green"
 *
 * Return: NULL; or the name of a parameter that is missing, though one behind it is
 * given.
 */
const char *st_offer_words(const struct st_offer *offer, const json_t *params,
			   struct st_buf *out) __must_check;

#endif
