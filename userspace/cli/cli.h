/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The options of the command line, and what the terminal can show.
 *
 * main() has one of these, args.c fills it in, and all other files read it.
 */
#ifndef ST_CLI_CLI_H
#define ST_CLI_CLI_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/errors.h"

#define ST_CLI_INFINITY (-2) /* as a timeout: asked for, where there would be one */

enum st_format {
	ST_FORMAT_TEXT,
	ST_FORMAT_JSON, /* one document */
	ST_FORMAT_JSONL, /* a document a line */
	ST_FORMAT_DOT,
	ST_FORMAT_MERMAID,
};

/* How text is styled. */
struct st_style {
	bool has_color;
	bool has_utf8; /* otherwise only ASCII is used */
	bool is_terminal; /* control characters of others must not get through */
};

struct st_cli {
	const char *socket; /* --socket, or NULL */
	const char *color; /* --color, or NULL */
	const char *type; /* --type, or NULL: all */
	const char *verb; /* that does other operations, for messages; NULL: it is one itself */
	enum st_format format;
	bool watch;
	bool until_now; /* events: end after those that have happened */
	bool yes; /* do not ask before what ends something */
	bool has_timestamps; /* lines of children begin with time and stream */
	bool wants_help;
	bool wants_version;
	bool wants_openapi; /* operations: as a document of OpenAPI */
	int timeout_ms; /* for an answer; ST_CONN_NO_TIMEOUT: not given, or ST_CLI_INFINITY */
	struct st_style style; /* of standard output */
};

#endif
