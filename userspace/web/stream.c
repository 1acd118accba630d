// SPDX-License-Identifier: GPL-2.0-only
/*
 * Streams; see stream.h. MHD asks for bytes when the client takes them; without
 * bytes the connection is suspended until there are some.
 */
#include "web/stream.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "proto/parse.h"
#include "proto/path.h"
#include "web/dump.h"

#define BLOCK 4096 /* bytes that MHD asks for */
#define FILL 32768 /* bytes that are made at once */
#define MAX_UNSENT 262144 /* bytes of lines that the client has not taken */
#define RECONNECT_MS "1000"

static void write_head(struct st_stream *stream, const char *event, uint64_t seq)
{
	st_buf_add_text(&stream->out, "event: ");
	st_buf_add_text(&stream->out, event);
	st_buf_add_text(&stream->out, "\nid: ");
	st_buf_add_u64(&stream->out, stream->incarnation);
	st_buf_add_char(&stream->out, '-');
	st_buf_add_u64(&stream->out, seq);
	st_buf_add_text(&stream->out, "\ndata: ");
}

/* The events after the cursor are not all kept: ask for the state again. */
static void write_resync(struct st_stream *stream, uint64_t last)
{
	const struct st_copy *copy = &stream->exchange->web->copy;
	bool is_same = stream->incarnation == copy->incarnation && last >= stream->cursor;
	uint64_t dropped = is_same ? last - stream->cursor : last;

	stream->incarnation = copy->incarnation;
	write_head(stream, "resync", last);
	st_buf_add_text(&stream->out, "{\"seq\":");
	st_buf_add_u64(&stream->out, last);
	st_buf_add_text(&stream->out, ",\"dropped\":");
	st_buf_add_u64(&stream->out, dropped);
	st_buf_add_text(&stream->out, ",\"incarnation\":");
	st_buf_add_u64(&stream->out, copy->incarnation);
	st_buf_add_text(&stream->out, "}\n\n");
	stream->cursor = last;
}

static bool is_about(const struct st_stream *stream, const struct st_copy_event *event)
{
	return st_path_is_within(event->path, strlen(event->path), stream->path,
				 strlen(stream->path));
}

static void fill(struct st_stream *stream)
{
	const struct st_copy *copy = &stream->exchange->web->copy;

	if (!copy->is_ready || stream->is_fed)
		return;
	if (stream->incarnation != copy->incarnation || stream->cursor > copy->seq)
		write_resync(stream, copy->seq);
	else if (stream->cursor < copy->seq && stream->cursor + 1 < copy->oldest)
		write_resync(stream, copy->oldest - 1);
	while (stream->cursor < copy->seq && stream->out.len < FILL) {
		const struct st_copy_event *event = st_copy_event(copy, stream->cursor + 1);

		if (!event) {
			write_resync(stream, copy->seq);
			break;
		}
		stream->cursor++;
		if (!is_about(stream, event))
			continue;
		write_head(stream, "event", event->seq);
		st_buf_add_text(&stream->out, event->text);
		st_buf_add_text(&stream->out, "\n\n");
	}
}

static ssize_t on_read(void *context, uint64_t at, char *to, size_t max)
{
	struct st_stream *stream = context;
	size_t nr;

	(void)at;
	if (stream->sent == stream->out.len) {
		st_buf_reset(&stream->out);
		stream->sent = 0;
		fill(stream);
	}
	if (stream->out.failed)
		return MHD_CONTENT_READER_END_WITH_ERROR;
	nr = stream->out.len - stream->sent;
	if (!nr && stream->is_ended)
		return MHD_CONTENT_READER_END_OF_STREAM;
	if (!nr) {
		stream->is_suspended = true;
		MHD_suspend_connection(stream->exchange->http);
		return 0;
	}
	if (nr > max)
		nr = max;
	memcpy(to, stream->out.data + stream->sent, nr);
	stream->sent += nr;
	stream->alive_ns = st_web_clock_ns();
	return (ssize_t)nr;
}

void st_stream_forget(struct st_exchange *exchange)
{
	if (!exchange->stream)
		return;
	st_list_del(&exchange->stream->link);
	exchange->web->nr_streams--;
	exchange->stream->exchange = NULL;
	exchange->stream = NULL;
}

static void on_free(void *context)
{
	struct st_stream *stream = context;

	if (stream->exchange)
		st_stream_forget(stream->exchange);
	st_buf_done(&stream->out);
	free(stream->path);
	st_free(stream);
}

static void resume(struct st_stream *stream)
{
	if (!stream->is_suspended)
		return;
	stream->is_suspended = false;
	stream->exchange->web->must_run = true;
	MHD_resume_connection(stream->exchange->http);
}

/* Return: what comes after the number; NULL: there is none, or it is too large. */
static const char *read_number(const char *text, uint64_t *ret_number)
{
	char *end;

	if (*text < '0' || *text > '9')
		return NULL;
	errno = 0;
	*ret_number = strtoull(text, &end, 10);
	return errno ? NULL : end;
}

/* "INCARNATION-SEQ", as the stream has sent it. */
static bool read_id(const char *text, uint64_t *ret_incarnation, uint64_t *ret_seq)
{
	text = read_number(text, ret_incarnation);
	if (!text || *text != '-')
		return false;
	text = read_number(text + 1, ret_seq);
	return text && !*text;
}

/* Where the stream begins: after the id, or "since"; else with the next event. */
static void begin(struct st_stream *stream)
{
	const struct st_exchange *exchange = stream->exchange;
	const struct st_copy *copy = &exchange->web->copy;
	const char *id = st_exchange_header(exchange, "Last-Event-ID");
	const json_t *since = json_object_get(exchange->params, "since");
	const json_t *incarnation = json_object_get(exchange->params, "incarnation");

	stream->incarnation = copy->incarnation;
	stream->cursor = copy->seq;
	if (since) {
		stream->cursor = (uint64_t)json_integer_value(since);
		if (incarnation)
			stream->incarnation = (uint64_t)json_integer_value(incarnation);
		/* 0: all that are kept, so that nothing is lost */
		if (!stream->cursor && copy->oldest <= copy->seq)
			stream->cursor = copy->oldest - 1;
	}
	if (id && !read_id(id, &stream->incarnation, &stream->cursor))
		stream->incarnation = 0; /* resync */
}

static struct st_stream *make(struct st_exchange *exchange)
{
	const char *path = json_string_value(json_object_get(exchange->params, "path"));
	struct st_stream *stream = st_alloc(sizeof(*stream));

	if (!stream)
		return NULL;
	stream->path = strdup(path ? path : "/");
	if (!stream->path) {
		st_free(stream);
		return NULL;
	}
	stream->exchange = exchange;
	stream->begin_ns = stream->alive_ns = st_web_clock_ns();
	begin(stream);
	st_buf_add_text(&stream->out, "retry: " RECONNECT_MS "\n: suptree\n\n");
	st_list_add_tail(&stream->link, &exchange->web->streams);
	exchange->web->nr_streams++;
	exchange->stream = stream;
	return stream;
}

static bool has_room(struct st_exchange *exchange)
{
	if (exchange->web->nr_streams < ST_WEB_MAX_STREAMS)
		return true;
	st_answer_problem(
		exchange,
		&(struct st_problem){ .status = 503,
				      .kind = ST_ERROR_LIMIT,
				      .detail = "as many streams as there may be are open: ask "
						"for the state from time to time",
				      .retry_s = 5 });
	return false;
}

static void answer(struct st_exchange *exchange, struct st_stream *stream)
{
	const struct st_answer answer = { .status = 200, .type = "text/event-stream" };
	struct MHD_Response *response =
		stream ? MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK, on_read, stream,
							   on_free) :
			 NULL;

	if (response && st_answer_add_headers(&answer, response)) {
		st_answer_response(exchange, 200, response);
		return;
	}
	if (response)
		MHD_destroy_response(response);
	else if (stream)
		on_free(stream);
	st_answer_no_memory(exchange);
}

void st_stream_answer_events(struct st_exchange *exchange)
{
	if (!exchange->web->copy.is_ready)
		st_answer_failure(exchange, ST_ERROR_SHUTTING_DOWN,
				  "the daemon does not answer at its control socket");
	else if (has_room(exchange))
		answer(exchange, make(exchange));
}

void st_stream_answer_lines(struct st_exchange *exchange, const char *result, size_t len)
{
	struct st_stream *stream;

	if (!has_room(exchange)) {
		st_call_cancel(exchange);
		return;
	}
	stream = make(exchange);
	if (stream) {
		stream->is_fed = true;
		st_buf_add_text(&stream->out, "event: logs\ndata: ");
		st_buf_add(&stream->out, result, len);
		st_buf_add_text(&stream->out, "\n\n");
	} else {
		st_call_cancel(exchange);
	}
	answer(exchange, stream);
}

void st_stream_feed(struct st_exchange *exchange, const char *line, size_t len)
{
	struct st_stream *stream = exchange->stream;
	const char *method;
	json_t *parsed, *params;

	if (!stream || st_json_parse(line, len, 0, &parsed, NULL))
		return;
	params = json_object_get(parsed, "params");
	method = json_string_value(json_object_get(parsed, "method"));
	if (method && params && stream->out.len - stream->sent < MAX_UNSENT) {
		write_head(stream, method,
			   (uint64_t)json_integer_value(json_object_get(params, "seq")));
		st_dump(params, &stream->out);
		st_buf_add_text(&stream->out, "\n\n");
	} else {
		stream->is_ended = true; /* the client connects again, and gets the newest lines */
	}
	json_decref(parsed);
	resume(stream);
}

void st_stream_end(struct st_stream *stream)
{
	stream->is_ended = true;
	resume(stream);
}

void st_streams_wake(struct st_web *web)
{
	struct st_list *pos;

	st_list_for_each(pos, &web->streams)
		resume(st_list_entry(pos, struct st_stream, link));
}

uint64_t st_streams_look(struct st_web *web, uint64_t now_ns)
{
	uint64_t next_ns = ST_NO_DEADLINE;
	struct st_list *pos;

	st_list_for_each(pos, &web->streams) {
		struct st_stream *stream = st_list_entry(pos, struct st_stream, link);

		if (now_ns >= stream->begin_ns + ST_STREAM_LIFE_NS)
			stream->is_ended = true;
		if (now_ns >= stream->alive_ns + ST_STREAM_ALIVE_NS) {
			stream->alive_ns = now_ns;
			if (stream->sent == stream->out.len)
				st_buf_add_text(&stream->out, ": alive\n\n");
			resume(stream);
		}
		if (stream->alive_ns + ST_STREAM_ALIVE_NS < next_ns)
			next_ns = stream->alive_ns + ST_STREAM_ALIVE_NS;
	}
	return next_ns;
}

void st_streams_end(struct st_web *web, const char *secret)
{
	struct st_list *pos;

	st_list_for_each(pos, &web->streams) {
		struct st_stream *stream = st_list_entry(pos, struct st_stream, link);

		if (secret && strcmp(stream->exchange->secret, secret) != 0)
			continue;
		st_stream_end(stream);
	}
}
