// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pipes of one process, from the spawn until no process holds them any
 * more; see output_internal.h.
 *
 *	reading --end of file, or left--> leaving --last completion--> freed
 *
 * When a child is started again, a process that the one before has left may still hold the
 * old pipes. The number of such pipes is limited, so that they take no descriptors of those
 * that are started: the oldest are left.
 *
 * Bytes become lines here. Text after the last newline waits for its end, in
 * memory of its own that is freed when it is not needed.
 */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "daemon/output/output_internal.h"
#include "os/fd.h"
#include "os/pipe.h"
#include "os/wall.h"

#define DRAIN_LIMIT (64u << 10) /* bytes that a pipe holds */
#define FIRST_PARTIAL 128

struct stream {
	struct st_poll poll;
	struct st_log_waiter waiter; /* at the gate of a log that cannot keep up */
	int fd;
	uint16_t partial_len;
	uint16_t partial_cap;
	char *partial; /* owned: a line whose end was not read yet; or NULL */
	uint8_t which; /* enum st_stream: index in pipes->streams */
	bool is_leaving; /* the poll is being cancelled */
	bool is_done; /* closed */
};

struct st_output_pipes {
	struct st_outputs *outputs;
	struct st_output_child *child; /* NULL: the child has left the pipes */
	struct st_list link; /* in child->pipes, or in outputs->leaving */
	struct st_list old; /* in outputs->old, if the child has newer ones */
	uint64_t generation;
	struct stream streams[ST_STREAM__MAX];
};

static struct st_output_pipes *pipes_of(struct st_list *link)
{
	return st_list_entry(link, struct st_output_pipes, link);
}

static void become_young(struct st_output_pipes *pipes)
{
	if (st_list_is_empty(&pipes->old))
		return;
	st_list_del(&pipes->old);
	pipes->outputs->nr_old--;
}

/* ---- bytes to lines ---- */

static void set_time(struct st_outputs *outputs)
{
	outputs->now_ns = st_clock_ns();
	outputs->wall_ns = st_wall_ns();
}

static void add_line(const struct st_output_pipes *pipes, const struct stream *stream,
		     const char *text, size_t len)
{
	const struct st_output_line line = {
		.path = pipes->child->path,
		.generation = pipes->generation,
		.wall_ns = pipes->outputs->wall_ns,
		.stream = (enum st_stream)stream->which,
		.text = text,
		.len = (uint32_t)len,
	};
	struct st_output_ring *ring = st_output_child_ring(pipes->child);

	st_output_log_line(pipes->outputs, pipes->child, &line);
	if (!ring)
		return;
	st_output_ring_add(ring, (enum st_stream)stream->which, pipes->outputs->now_ns,
			   pipes->outputs->wall_ns, text, (uint32_t)len);
	st_output_ring_mark(ring, pipes->generation);
}

static void forget_partial(struct stream *stream)
{
	st_free(stream->partial);
	stream->partial = NULL;
	stream->partial_len = 0;
	stream->partial_cap = 0;
}

static void end_partial(const struct st_output_pipes *pipes, struct stream *stream)
{
	if (!stream->partial_len)
		return;
	add_line(pipes, stream, stream->partial, stream->partial_len);
	forget_partial(stream);
}

/* Count the bytes of an incomplete UTF-8 sequence at the end. */
static unsigned int torn_len(const char *text, size_t len)
{
	for (unsigned int back = 1; back <= 3 && back <= len; back++) {
		unsigned char c = (unsigned char)text[len - back];

		if ((c & 0xc0) == 0x80)
			continue;
		if (c >= 0xf0)
			return back;
		return (c >= 0xe0 && back < 3) || (c >= 0xc0 && back < 2) ? back : 0;
	}
	return 0;
}

/*
 * The line is too long, and goes on: the text up to here becomes a line of its
 * own.
 */
static void cut_partial(const struct st_output_pipes *pipes, struct stream *stream)
{
	unsigned int torn = torn_len(stream->partial, stream->partial_len);

	stream->partial_len = (uint16_t)(stream->partial_len - torn);
	add_line(pipes, stream, stream->partial, stream->partial_len);
	memmove(stream->partial, stream->partial + stream->partial_len, torn);
	stream->partial_len = (uint16_t)torn;
}

/*
 * Return: how much of the text was taken. Without memory the line is cut here.
 */
static size_t add_partial(const struct st_output_pipes *pipes, struct stream *stream,
			  const char *text, size_t len)
{
	size_t cap = stream->partial_cap ? stream->partial_cap : FIRST_PARTIAL;
	char *bytes = stream->partial;

	if (stream->partial_len == ST_OUTPUT_MAX_LINE)
		cut_partial(pipes, stream);
	if (len > (size_t)(ST_OUTPUT_MAX_LINE - stream->partial_len))
		len = (size_t)(ST_OUTPUT_MAX_LINE - stream->partial_len);
	while (cap < stream->partial_len + len)
		cap *= 2;
	if (cap != stream->partial_cap)
		bytes = st_realloc(stream->partial, cap);
	if (!bytes) {
		end_partial(pipes, stream);
		add_line(pipes, stream, text, len);
		return len;
	}
	memcpy(bytes + stream->partial_len, text, len);
	stream->partial = bytes;
	stream->partial_cap = (uint16_t)cap;
	stream->partial_len = (uint16_t)(stream->partial_len + len);
	return len;
}

static void feed(const struct st_output_pipes *pipes, struct stream *stream, const char *text,
		 size_t len)
{
	const char *end = text + len;

	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *stop = newline ? newline : end;

		if (newline && !stream->partial_len && stop - text <= ST_OUTPUT_MAX_LINE) {
			add_line(pipes, stream, text, (size_t)(stop - text));
		} else {
			while (text < stop)
				text += add_partial(pipes, stream, text, (size_t)(stop - text));
			if (newline)
				end_partial(pipes, stream);
		}
		text = newline ? newline + 1 : end;
	}
}

/* ---- reading ---- */

static void free_if_done(struct st_output_pipes *pipes)
{
	if (!pipes->streams[ST_STREAM_OUT].is_done || !pipes->streams[ST_STREAM_ERR].is_done)
		return;
	if (pipes->child)
		pipes->child->nr_pipes--;
	become_young(pipes);
	st_list_del(&pipes->link);
	st_free(pipes);
}

static void go_on(struct st_log_waiter *waiter)
{
	struct stream *stream = container_of(waiter, struct stream, waiter);

	if (!stream->is_leaving)
		st_poll_again(&stream->poll);
}

/* The descriptor is free at once. Its poll has the file, until it is cancelled. */
static void leave_stream(struct stream *stream)
{
	st_list_del(&stream->waiter.link);
	stream->is_leaving = true;
	st_op_cancel(&stream->poll.op);
	st_fd_close(&stream->fd);
}

/* Read until there is nothing more (false), or @limit bytes are read (true). */
static bool read_stream(struct st_output_pipes *pipes, struct stream *stream, size_t limit)
{
	struct st_outputs *outputs = pipes->outputs;

	set_time(outputs);
	while (limit) {
		size_t size = limit < ST_OUTPUT_PORTION ? limit : ST_OUTPUT_PORTION;
		ssize_t nr = read(stream->fd, outputs->portion, size);

		if (nr > 0) {
			feed(pipes, stream, outputs->portion, (size_t)nr);
			limit -= (size_t)nr;
		} else if (nr == 0 || (errno != EAGAIN && errno != EINTR)) {
			end_partial(pipes, stream);
			leave_stream(stream);
			return false;
		} else if (errno == EAGAIN) {
			return false;
		}
	}
	return true;
}

static void on_turn(struct st_poll *poll, int result)
{
	struct stream *stream = container_of(poll, struct stream, poll);
	struct st_output_pipes *pipes =
		container_of(stream - stream->which, struct st_output_pipes, streams);

	if (result >= 0) {
		if (stream->is_leaving || !st_list_is_empty(&stream->waiter.link) ||
		    !st_output_log_has_room(pipes->outputs, pipes->child, stream->which,
					    &stream->waiter))
			return;
		pipes->outputs->nr_reads++;
		if (read_stream(pipes, stream, pipes->outputs->share))
			st_poll_again(poll);
		return;
	}
	if (!stream->is_leaving) {
		/* the kernel had no memory for the poll */
		st_poll_watch(pipes->outputs->ring, poll, stream->fd, POLLIN, on_turn);
		return;
	}
	forget_partial(stream);
	stream->is_done = true;
	free_if_done(pipes);
}

/* ---- beginning and end ---- */

static void leave(struct st_output_pipes *pipes)
{
	set_time(pipes->outputs);
	for (int which = 0; which < ST_STREAM__MAX; which++) {
		end_partial(pipes, &pipes->streams[which]);
		leave_stream(&pipes->streams[which]);
	}
	become_young(pipes);
	pipes->child->nr_pipes--;
	pipes->child = NULL;
	st_list_del(&pipes->link);
	st_list_add_tail(&pipes->link, &pipes->outputs->leaving);
}

/* Read what is in the pipes now; text beyond the limit is read in their own turn. */
static void drain(struct st_output_pipes *pipes)
{
	for (int which = 0; which < ST_STREAM__MAX; which++)
		if (!pipes->streams[which].is_leaving)
			(void)read_stream(pipes, &pipes->streams[which], DRAIN_LIMIT);
}

/* The child gets newer pipes than these. */
static void become_old(struct st_output_pipes *pipes)
{
	struct st_outputs *outputs = pipes->outputs;

	if (!st_list_is_empty(&pipes->old))
		return; /* since a start that failed */
	st_list_add_tail(&pipes->old, &outputs->old);
	if (++outputs->nr_old <= outputs->max_old)
		return;
	pipes = st_list_entry(outputs->old.next, struct st_output_pipes, old);
	drain(pipes);
	leave(pipes);
}

static void start(struct st_output_pipes *pipes, enum st_stream which)
{
	struct stream *stream = &pipes->streams[which];

	stream->which = (uint8_t)which;
	st_list_init(&stream->waiter.link);
	stream->waiter.go_on = go_on;
	st_poll_watch(pipes->outputs->ring, &stream->poll, stream->fd, POLLIN, on_turn);
}

int st_output_pipes_open(struct st_outputs *outputs, struct st_output_child *child,
			 uint64_t generation, int ret_ends[ST_STREAM__MAX])
{
	struct st_output_pipes *pipes = st_alloc(sizeof(*pipes));
	int ret;

	if (!pipes)
		return -ENOMEM;
	if (!st_list_is_empty(&child->pipes))
		become_old(pipes_of(child->pipes.prev));
	ret = st_pipe_open(&pipes->streams[ST_STREAM_OUT].fd, &ret_ends[ST_STREAM_OUT]);
	if (ret)
		goto out_free;
	ret = st_pipe_open(&pipes->streams[ST_STREAM_ERR].fd, &ret_ends[ST_STREAM_ERR]);
	if (ret)
		goto out_close;
	if (child->nr_pipes == ST_OUTPUT_MAX_PIPES)
		leave(pipes_of(child->pipes.next));
	pipes->outputs = outputs;
	st_list_init(&pipes->old);
	pipes->child = child;
	pipes->generation = generation;
	st_list_add_tail(&pipes->link, &child->pipes);
	child->nr_pipes++;
	start(pipes, ST_STREAM_OUT);
	start(pipes, ST_STREAM_ERR);
	return 0;

out_close:
	st_fd_close(&pipes->streams[ST_STREAM_OUT].fd);
	st_fd_close(&ret_ends[ST_STREAM_OUT]);
out_free:
	st_free(pipes);
	return ret;
}

void st_output_pipes_drain(struct st_output_child *child)
{
	struct st_list *pos;

	st_list_for_each(pos, &child->pipes)
		drain(pipes_of(pos));
}

void st_output_pipes_leave(struct st_output_child *child, uint64_t generation)
{
	struct st_list *pos, *tmp;

	st_list_for_each_safe(pos, tmp, &child->pipes)
		if (!generation || pipes_of(pos)->generation == generation)
			leave(pipes_of(pos));
}
