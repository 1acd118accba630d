/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files of the page, which are part of the program: nothing is read from a disk
 * when a browser asks. A script never comes from within a document, so the
 * policy of each asset forbids that.
 */
#ifndef ST_WEB_ASSETS_H
#define ST_WEB_ASSETS_H

#include <stdbool.h>

#include "web/exchange.h"

struct st_asset {
	const char *name; /* the first segment of its path: "login" */
	const char *type;
	const char *text, *end; /* its first byte, and the one after its last */
	const char *packed, *packed_end; /* the same compressed by gzip, or NULL */
	const char *tag; /* ETag, or NULL */
	bool has_below; /* paths below it lead to it: the script reads them */
};

#define ST_ASSET_POLICY \
	"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " \
	"img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

/* Return: the asset at a target; NULL: there is none. */
const struct st_asset *st_asset_find(const struct st_uri *uri);

/** st_asset_answer() - answer with the asset that st_asset_find() finds at the target */
void st_asset_answer(struct st_exchange *exchange);

#endif
