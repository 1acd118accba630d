/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Describes a traced message in words, for people: sender, receiver, kind, size
 * and bytes.
 *
 *	11:52:03.123456  pid 4711 -> demo/counter_1  unix call  21 bytes  "add 5"
 *	11:52:03.123540  demo/counter_1 -> pid 4711  unix reply  17 bytes  "5"  after 84.1us
 *
 * The tracer fills it in from a record of the kernel (tracer/show.c), the CLI
 * from an element of trace-history (cli/show/trace_text.c), so both print the
 * same line. It is in this folder because, of all folders that both may
 * include, this one knows the packets of connections. It looks nothing up, and
 * trusts no input.
 */
#ifndef ST_PROTO_TRACED_H
#define ST_PROTO_TRACED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/*
 * One end of a message; all texts are borrowed, and "" if they are not known.
 */
struct st_traced_end {
	const char *path; /* of a child */
	const char *name; /* of the program; any bytes but NUL */
	uint64_t pid; /* 0: not known */
	bool is_kernel; /* this end is the kernel itself */
};

struct st_traced {
	uint64_t time_ns; /* CLOCK_BOOTTIME */
	const char *kind; /* "unix", "signal", "process" and so on */
	const char *action; /* "message", "sent", "received", "exit" and so on */
	struct st_traced_end from;
	struct st_traced_end to;

	uint64_t signal; /* its number; 0: the message is not a signal */
	const char *result; /* what happened to the signal, or "" */
	int status; /* of an exit, in the form of wait(2) */

	bool is_message; /* it is on a channel: it has a size, and the members below are set */
	bool is_joined; /* with both halves seen, its action would be "message" */
	bool is_packet; /* the socket keeps the bounds of messages */
	bool is_call; /* a reply came */
	bool is_reply; /* it answers a call that was seen, after reply_ns */
	uint64_t reply_ns;
	uint64_t size;

	const char *bytes; /* the bytes that were kept */
	size_t nr_bytes;
	bool is_truncated; /* not all bytes were kept */
};

/*
 * Append "counter_1", the path of a child; else "bash[4711]" or "pid 4711";
 * else "unknown".
 */
void st_traced_who(const struct st_traced_end *end, struct st_buf *out);

/* Append "unix call", "signal SIGTERM", "process exit 1". */
void st_traced_what(const struct st_traced *traced, struct st_buf *out);

/*
 * Append the bytes that were kept, in quotes, without the header of a packet of
 * userspace/libsuptree/PROTOCOL.md. Bytes that cannot be printed become dots.
 * Appends nothing if no bytes were kept.
 */
void st_traced_content(const struct st_traced *traced, struct st_buf *out);

/*
 * Return: whether it is the first packet of a connection, which the daemon
 * sends.
 */
bool st_traced_is_hello(const struct st_traced *traced);

/* Append "84.1us", "2.0s". */
void st_traced_duration(uint64_t ns, struct st_buf *out);

/* Return: the number of ns to add to time_ns to get the time of day. */
int64_t st_traced_offset(void);

/**
 * st_traced_line() - append one readable line
 * @traced: the message
 * @offset_ns: from its clock to the wall clock (st_traced_offset())
 * @out: gets time, from -> to, kind, size, content, latency of a reply; no
 *	newline
 */
void st_traced_line(const struct st_traced *traced, int64_t offset_ns, struct st_buf *out);

#endif
