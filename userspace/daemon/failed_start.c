// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a daemon reports when its trees could not be started. See failed_start.h;
 * stopping.c calls it. The reader gets nothing else from this daemon any more,
 * so the report shows the last lines of the child's output, too.
 */
#include "daemon/failed_start.h"

#include <jansson.h>
#include <string.h>

#include "daemon/daemon.h"
#include "daemon/log.h"
#include "proto/parse.h"

#define MAX_LINES 5

/* Add the text quoted: a child wrote it, so it may hold any byte. */
static void add_quoted(const char *text, struct st_buf *out)
{
	st_buf_add_json_string(out, text, strlen(text));
}

/* Add the reason why a child was never ready, in words. [B3] */
static void add_reason(const struct st_reason *reason, struct st_buf *out)
{
	if (reason->type == ST_REASON_ERROR) {
		add_quoted(reason->text, out);
		return;
	}
	if (reason->type == ST_REASON_NORMAL) {
		st_buf_add_text(out, "it ended with exit status 0");
	} else if (reason->type == ST_REASON_CODE) {
		st_buf_add_text(out, "it ended with exit status ");
		st_buf_add_u64(out, (uint64_t)reason->value);
	} else {
		st_buf_add_text(out, "it ended with ");
		st_reason_write(reason, out);
	}
	st_buf_add_text(out, " before it was ready");
}

/* Report the last lines of the child's output, if they are kept. */
static void report_output(const struct st_daemon *daemon, const char *path)
{
	struct st_buf text = ST_BUF_INIT, quoted = ST_BUF_INIT;
	json_t *output = NULL, *line;
	json_error_t error;
	struct st_json json;
	size_t index;

	st_json_init(&json, &text);
	st_outputs_write(daemon->outputs, path, MAX_LINES, 0, &json);
	if (st_buf_error(&text) || st_json_parse(text.data, text.len, 0, &output, &error))
		st_log("read what %s wrote: out of memory", path);
	json_array_foreach(json_object_get(output, "lines"), index, line) {
		st_buf_reset(&quoted);
		add_quoted(json_string_value(json_object_get(line, "text")), &quoted);
		st_log("%s wrote: %s", path, st_buf_text(&quoted));
	}
	json_decref(output);
	st_buf_done(&quoted);
	st_buf_done(&text);
}

void st_failed_start_report(const struct st_daemon *daemon, const struct st_reason *reason)
{
	struct st_buf path = ST_BUF_INIT, why = ST_BUF_INIT;
	const char *whole;

	for (; reason->type == ST_REASON_FAILED_CHILD; reason = reason->inner) {
		if (path.len)
			st_buf_add_char(&path, '/');
		st_buf_add_text(&path, reason->text);
	}
	add_reason(reason, &why);
	st_log("%s could not be started: %s", st_buf_text(&path), st_buf_text(&why));
	if (!st_buf_get(&path, &whole))
		report_output(daemon, whole);
	st_log("so none of the trees runs; correct %s, or what %s needs, and start again",
	       daemon->options.config, st_buf_text(&path));
	st_buf_done(&path);
	st_buf_done(&why);
}
