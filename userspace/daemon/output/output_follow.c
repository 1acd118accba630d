// SPDX-License-Identifier: GPL-2.0-only
/*
 * Clients that follow a child's output, and lines as JSON; see output.h.
 * events.h describes how following works.
 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "daemon/control/follow.h"
#include "daemon/output/output_internal.h"
#include "os/wall.h"
#include "proto/path.h"

struct follower {
	struct st_list link; /* in outputs->followers */
	struct st_client *client;
	struct st_output_child *child;
	struct st_output_cursor next;
};

static struct follower *follower_of(struct st_list *link)
{
	return st_list_entry(link, struct follower, link);
}

static struct st_output_cursor end_of(const struct st_output_child *child)
{
	static const struct st_output_ring empty = { .first.seq = 1, .next = 1 };

	return st_output_ring_end(child->ring ? child->ring : &empty);
}

int st_outputs_follow(struct st_outputs *outputs, struct st_client *client, const char *path)
{
	struct follower *follower = st_alloc(sizeof(*follower));
	int ret = follower ? st_output_get(outputs, st_path_plain(path), &follower->child) :
			     -ENOMEM;

	if (ret) {
		st_free(follower);
		return ret;
	}
	follower->client = client;
	follower->next = end_of(follower->child);
	follower->child->nr_followers++; /* first, so that the child is not pruned */
	st_outputs_unfollow(outputs, client);
	st_list_add_tail(&follower->link, &outputs->followers);
	return 0;
}

static void free_follower(struct st_outputs *outputs, struct follower *follower)
{
	struct st_output_child *child = follower->child;

	st_list_del(&follower->link);
	st_free(follower);
	child->nr_followers--;
	if (child->is_forgotten && !child->nr_followers)
		st_output_child_clear(child);
	st_output_prune(outputs, child);
}

void st_outputs_unfollow(struct st_outputs *outputs, struct st_client *client)
{
	struct st_list *pos, *tmp;

	st_list_for_each_safe(pos, tmp, &outputs->followers)
		if (follower_of(pos)->client == client)
			free_follower(outputs, follower_of(pos));
}

void st_output_followers_free(struct st_outputs *outputs)
{
	while (!st_list_is_empty(&outputs->followers))
		free_follower(outputs, follower_of(outputs->followers.next));
}

static void write_line(const struct st_kept_line *line, struct st_json *json)
{
	char wall[ST_WALL_SIZE];

	st_json_text_field(json, "stream", st_stream_text[line->stream]);
	st_json_u64_field(json, "time_ns", line->time_ns);
	st_json_key(json, "wall");
	st_json_text_len(json, wall, st_wall_write_utc(line->wall_ns, wall));
	st_json_key(json, "text");
	st_json_text_len(json, line->text, line->len);
}

static void write_notification(struct st_outputs *outputs, const char *path,
			       const struct st_kept_line *line)
{
	struct st_json json;

	st_buf_reset(&outputs->params);
	st_buf_reset(&outputs->line);
	st_json_init(&json, &outputs->params);
	st_json_begin_object(&json);
	st_json_text_field(&json, "path", path);
	st_json_u64_field(&json, "seq", line->seq);
	write_line(line, &json);
	st_json_end_object(&json);
	if (st_buf_error(&outputs->params))
		outputs->line.failed = true;
	else
		st_rpc_write_notification(&outputs->line, "output", outputs->params.data,
					  outputs->params.len);
}

static void resync(struct follower *follower)
{
	const struct st_output_cursor first = follower->child->ring->first;
	uint64_t seq = follower->next.seq;

	if (seq >= first.seq)
		return;
	follower->next = first;
	st_follow_resync(follower->client, follower->child->path, first.seq - 1, first.seq - seq);
}

/*
 * Return: false if the slice is used up, or there is no memory for a line now.
 */
static bool serve(struct st_outputs *outputs, struct follower *follower, size_t *left)
{
	char scratch[ST_OUTPUT_MAX_LINE];
	struct st_kept_line line;

	if (!follower->child->ring)
		return true;
	while (st_follow_has_room(follower->client)) {
		resync(follower);
		struct st_output_cursor next = follower->next;

		if (!st_output_ring_read(follower->child->ring, &next, scratch, &line))
			return true;
		if (!*left)
			return false;
		write_notification(outputs, follower->child->path, &line);
		if (st_buf_error(&outputs->line))
			return false;
		st_client_notify(follower->client, line.seq, &outputs->line);
		*left -= outputs->line.len < *left ? outputs->line.len : *left;
		follower->next = next;
	}
	return true;
}

static void set_share(struct st_outputs *outputs)
{
	uint32_t share = outputs->nr_reads ? ST_OUTPUT_SLICE / outputs->nr_reads :
					     ST_OUTPUT_PORTION;

	if (share > ST_OUTPUT_PORTION)
		share = ST_OUTPUT_PORTION;
	if (share < ST_OUTPUT_MIN_SHARE)
		share = ST_OUTPUT_MIN_SHARE;
	outputs->share = share;
	outputs->nr_reads = 0;
}

void st_outputs_pump(struct st_outputs *outputs)
{
	size_t left = ST_FOLLOW_SLICE;
	struct st_list *pos;

	set_share(outputs);
	st_log_files_pump(&outputs->log_files);
	st_journal_pump(&outputs->journal);
	st_list_for_each(pos, &outputs->followers) {
		if (serve(outputs, follower_of(pos), &left))
			continue;
		/*
		 * move the list's head after this follower, so that the others
		 * come first next time
		 */
		st_list_del(&outputs->followers);
		st_list_add(&outputs->followers, pos);
		return;
	}
}

/*
 * Find the place after which there are at most @max lines, all of them new
 * enough.
 */
static struct st_output_cursor newest(const struct st_output_ring *ring, uint32_t max,
				      uint64_t since_ns)
{
	struct st_output_cursor cursor = ring->first, next = cursor;
	char scratch[ST_OUTPUT_MAX_LINE];
	struct st_kept_line line;

	while (st_output_ring_read(ring, &next, scratch, &line)) {
		if (ring->next - cursor.seq <= max && line.time_ns >= since_ns)
			break;
		cursor = next;
	}
	return cursor;
}

/* A child with a ring, after what waits in its pipes was read; NULL: it has no lines. */
static const struct st_output_child *read_child(struct st_outputs *outputs, const char *path)
{
	struct st_output_child *child = st_output_find(outputs, st_path_plain(path));

	/* a client that asks again and again must not make a log lose lines */
	if (child && !st_output_log_gate(outputs, child))
		st_output_pipes_drain(child);
	return child && child->ring && !child->is_forgotten ? child : NULL;
}

/* Write lines as elements of an array. */
static void write_lines(const struct st_output_ring *ring, struct st_output_cursor cursor,
			uint64_t last_seq, struct st_json *json)
{
	char scratch[ST_OUTPUT_MAX_LINE];
	struct st_kept_line line;

	while (cursor.seq <= last_seq && st_output_ring_read(ring, &cursor, scratch, &line)) {
		st_json_begin_object(json);
		write_line(&line, json);
		st_json_end_object(json);
	}
}

void st_outputs_write(struct st_outputs *outputs, const char *path, uint32_t max_lines,
		      uint64_t since_ns, struct st_json *json)
{
	const struct st_output_child *child = read_child(outputs, path);

	st_json_begin_object(json);
	st_json_key(json, "lines");
	st_json_begin_array(json);
	if (child)
		write_lines(child->ring, newest(child->ring, max_lines, since_ns), UINT64_MAX,
			    json);
	st_json_end_array(json);
	st_json_end_object(json);
}

uint32_t st_outputs_write_of(struct st_outputs *outputs, const char *path, uint64_t generation,
			     uint32_t max_lines, struct st_json *json)
{
	const struct st_output_child *child = read_child(outputs, path);
	const struct st_output_life *life = child ? st_output_ring_life(child->ring, generation) :
						    NULL;
	struct st_output_cursor cursor = { 0 };
	char scratch[ST_OUTPUT_MAX_LINE];
	struct st_kept_line line;
	uint64_t from = 0, nr = 0;

	if (life) {
		cursor = child->ring->first;
		from = life->first > cursor.seq ? life->first : cursor.seq;
		nr = life->last >= from ? life->last + 1 - from : 0;
		from = nr > max_lines ? life->last + 1 - max_lines : from;
	}
	while (nr && cursor.seq < from && st_output_ring_read(child->ring, &cursor, scratch, &line))
		; /* passes over it */
	st_json_begin_array(json);
	if (nr)
		write_lines(child->ring, cursor, life->last, json);
	st_json_end_array(json);
	return (uint32_t)(nr < max_lines ? nr : max_lines);
}
