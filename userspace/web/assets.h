/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files of the page, which are part of the program: nothing is read from a disk
 * when a browser asks. A script never comes from within a document, so the
 * policy of each asset forbids that.
 */
#ifndef ST_WEB_ASSETS_H
#define ST_WEB_ASSETS_H

#include <stddef.h>

struct st_asset {
	const char *path; /* "/login" */
	const char *type;
	const char *text;
};

#define ST_ASSET_POLICY \
	"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; " \
	"img-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

extern const struct st_asset st_assets[];
extern const size_t st_nr_assets;

#endif
