// SPDX-License-Identifier: GPL-2.0-only
/*
 * Lines on standard error about requests: one for each write (audit), and, if
 * that is asked for, one for each request (access). The gateway's supervisor
 * keeps them, like all output of a child. No secret is in them: of a login the
 * first eight digits of its digest are shown.
 */
#include <stdio.h>
#include <string.h>

#include "base/character.h"
#include "web/exchange.h"

#define MAX_TARGET 512

/* What a client has sent, in one line, and nothing that a terminal obeys. */
static void write_target(const char *target, struct st_buf *out)
{
	size_t len = target ? strlen(target) : 0;

	for (size_t i = 0; i < len && i < MAX_TARGET; i++) {
		unsigned char c = (unsigned char)target[i];

		if (c > ' ' && c < 0x7f && c != '"' && c != '\\')
			st_buf_add_char(out, target[i]);
		else
			st_buf_add_char(out, '?');
	}
	if (len > MAX_TARGET)
		st_buf_add_text(out, "...");
}

static void write_login(const struct st_exchange *exchange, struct st_buf *out)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char digest[ST_SHA256_SIZE];

	if (!exchange->secret[0]) {
		st_buf_add_char(out, '-');
		return;
	}
	st_sha256(exchange->secret, strlen(exchange->secret), digest);
	for (size_t i = 0; i < 4; i++) {
		st_buf_add_char(out, digits[digest[i] >> 4]);
		st_buf_add_char(out, digits[digest[i] & 15]);
	}
}

void st_log_request(const struct st_exchange *exchange)
{
	bool is_write = st_guard_is_write(exchange->method);
	struct st_buf line = ST_BUF_INIT;

	if (!is_write && !exchange->web->options->logs_access)
		return;
	st_buf_add_text(&line, is_write ? "suptree-web: audit " : "suptree-web: access ");
	st_buf_add_text(&line, exchange->peer);
	st_buf_add_text(&line, " role=");
	st_buf_add_text(&line, st_role_text[exchange->role]);
	st_buf_add_text(&line, " login=");
	write_login(exchange, &line);
	st_buf_add_char(&line, ' ');
	write_target(exchange->method, &line);
	st_buf_add_char(&line, ' ');
	write_target(exchange->target, &line);
	st_buf_add_text(&line, " status=");
	st_buf_add_u64(&line, exchange->status);
	st_buf_add_text(&line, " us=");
	st_buf_add_u64(&line, (st_web_clock_ns() - exchange->begin_ns) / 1000);
	st_buf_add_char(&line, '\n');
	fputs(st_buf_text(&line), stderr);
	st_buf_done(&line);
}
