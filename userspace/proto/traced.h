/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A traced message in words, for people: who, what, how much, which bytes.
 *
 *	11:52:03.123456  pid 4711 -> demo/counter_1  unix call  21 bytes  "add 5"
 *	11:52:03.123540  demo/counter_1 -> pid 4711  unix reply  17 bytes  "5"  after 84.1us
 *
 * The tracer fills it in from a record of the kernel (tracer/show.c), the CLI
 * from an element of trace-history (cli/show/trace_text.c): both print the same line.
 * It stands here because of all folders that both may include this one knows
 * the packets of connections. It looks nothing up, and trusts nothing.
 */
#ifndef ST_PROTO_TRACED_H
#define ST_PROTO_TRACED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* An end of a message; all texts are borrowed, and "" if they are not known. */
struct st_traced_end {
	const char *path; /* of a child */
	const char *name; /* of the program; any bytes but NUL */
	uint64_t pid; /* 0: not known */
	bool is_kernel; /* the kernel itself */
};

struct st_traced {
	uint64_t time_ns; /* CLOCK_BOOTTIME */
	const char *kind; /* "unix", "signal", "process" and so on */
	const char *action; /* "message", "sent", "received", "exit" and so on */
	struct st_traced_end from;
	struct st_traced_end to;

	uint64_t signal; /* its number; 0: it is no signal */
	const char *result; /* what became of the signal, or "" */
	int status; /* of an exit, as wait(2) has it */

	bool is_message; /* on a channel: it has a size, and these have a meaning */
	bool is_joined; /* it would be a "message" if both its halves had been seen */
	bool is_packet; /* of a socket that keeps the bounds of messages */
	bool is_call; /* a reply came */
	bool is_reply; /* to a call that was seen, after reply_ns */
	uint64_t reply_ns;
	uint64_t size;

	const char *bytes; /* what was kept of them */
	size_t nr_bytes;
	bool is_truncated; /* there were more */
};

/* "counter_1", the path of a child; else "bash[4711]" or "pid 4711"; else "unknown". */
void st_traced_who(const struct st_traced_end *end, struct st_buf *out);

/* "unix call", "signal SIGTERM", "process exit 1" */
void st_traced_what(const struct st_traced *traced, struct st_buf *out);

/*
 * The bytes that were kept, in quotes, dots for what cannot be printed; without the
 * header of a packet of userspace/libsuptree/PROTOCOL.md. Nothing if none were kept.
 */
void st_traced_content(const struct st_traced *traced, struct st_buf *out);

/* Return: whether it is the first packet of a connection, which the daemon sends. */
bool st_traced_is_hello(const struct st_traced *traced);

/* "84.1us", "2.0s" */
void st_traced_duration(uint64_t ns, struct st_buf *out);

/* Return: what is to be added to time_ns to get the time of day, in ns. */
int64_t st_traced_offset(void);

/**
 * st_traced_line() - one readable line
 * @traced: the message
 * @offset_ns: from its clock to the wall's (st_traced_offset())
 * @out: time, from -> to, what, size, content, latency of a reply; no newline
 */
void st_traced_line(const struct st_traced *traced, int64_t offset_ns, struct st_buf *out);

#endif
