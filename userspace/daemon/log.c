// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the daemon says on standard error: OTP's reports, and its own troubles.
 *
 * One line each, and one write(2) each: main() makes the stream line-buffered.
 */
#include <stdarg.h>
#include <stdio.h>

#include "daemon/daemon.h"

void st_log(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)fputs("suptreed: ", stderr); /* nobody is left to be told of an error */
	(void)vfprintf(stderr, format, args);
	(void)fputc('\n', stderr);
	va_end(args);
}

/* [L]: supervisor, context, reason, offender. */
void st_log_effect(const struct st_effect *effect)
{
	struct st_buf text = ST_BUF_INIT;

	st_buf_add_text(&text, st_context_text[effect->context]);
	st_buf_add_text(&text, " supervisor=");
	st_child_write_path(effect->sup->self, &text);
	if (effect->child) {
		st_buf_add_text(&text, " child=");
		st_child_write_path(effect->child, &text);
	} else {
		st_buf_add_text(&text, " count=");
		st_buf_add_u64(&text, effect->count);
	}
	st_buf_add_text(&text, " reason=");
	st_reason_write(&effect->reason, &text);
	st_log("%s", st_buf_text(&text));
	st_buf_done(&text);
}
