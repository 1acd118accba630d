/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Server-sent events: the answer to GET /api/v1/events, and to logs with
 * follow. A stream of events is a place in the ring of the copy; a client that
 * reads slowly falls behind, and gets `resync` when the ring has moved on.
 */
#ifndef ST_WEB_STREAM_H
#define ST_WEB_STREAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"
#include "web/exchange.h"

#define ST_STREAM_ALIVE_NS (15 * ST_NSEC_PER_SEC) /* a comment shows that it lives */
#define ST_STREAM_LIFE_NS (300 * ST_NSEC_PER_SEC) /* then the client connects and logs in anew */

struct st_stream {
	struct st_list link; /* in web->streams */
	struct st_exchange *exchange; /* NULL: the request has ended */
	char *path; /* events of this child and below; owned */
	uint64_t cursor; /* number of the last event that was looked at */
	uint64_t incarnation; /* of the daemon that numbered it */
	uint64_t begin_ns;
	uint64_t alive_ns; /* when it has sent something last */
	struct st_buf out; /* not sent yet */
	size_t sent; /* bytes of it that were sent */
	bool is_fed; /* with lines of a child, by the request's own connection to the daemon */
	bool is_suspended;
	bool is_ended;
};

/** st_stream_answer_events() - answer with the events that follow */
void st_stream_answer_events(struct st_exchange *exchange);

/**
 * st_stream_answer_lines() - answer with the lines of a child, and those that follow
 * @exchange: its connection to the daemon has the result, and gets notifications
 * @result: of the operation, as JSON
 * @len: its bytes
 */
void st_stream_answer_lines(struct st_exchange *exchange, const char *result, size_t len);

/** st_stream_feed() - pass a notification of the daemon on; too many end the stream */
void st_stream_feed(struct st_exchange *exchange, const char *line, size_t len);

/** st_stream_end() - end a stream when what it has is sent */
void st_stream_end(struct st_stream *stream);

/** st_stream_forget() - a request with a stream has ended; MHD frees the stream */
void st_stream_forget(struct st_exchange *exchange);

/** st_streams_wake() - events have come: those that wait for them get them */
void st_streams_wake(struct st_web *web);

/**
 * st_streams_look() - send comments, and end the streams that are too old
 * @web: the gateway
 * @now_ns: the time
 *
 * Return: when to call it again; ST_NO_DEADLINE: there is no stream.
 */
uint64_t st_streams_look(struct st_web *web, uint64_t now_ns);

/** st_streams_end() - end the streams of a secret; NULL: all */
void st_streams_end(struct st_web *web, const char *secret);

#endif
