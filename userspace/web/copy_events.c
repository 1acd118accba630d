// SPDX-License-Identifier: GPL-2.0-only
/*
 * The newest events, and the versions of children; see copy.h.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "web/copy_internal.h"
#include "web/dump.h"

#define MAX_VERSIONS 50000 /* paths; then all begin anew */

void st_copy_forget_events(struct st_copy *copy)
{
	for (size_t i = 0; i < ST_COPY_EVENTS; i++) {
		free(copy->ring[i].path);
		free(copy->ring[i].text);
		copy->ring[i] = (struct st_copy_event){ 0 };
	}
	copy->oldest = copy->seq + 1;
}

void st_copy_begin_events(struct st_copy *copy, uint64_t incarnation)
{
	copy->incarnation = incarnation;
	copy->seq = 0;
	st_copy_forget_events(copy);
	(void)json_object_clear(copy->versions);
}

static void set_version(struct st_copy *copy, const char *path, size_t len, uint64_t seq)
{
	/* without memory the version stays old, so all begin anew */
	if (json_object_setn_new(copy->versions, path, len, json_integer((json_int_t)seq)) ||
	    json_object_size(copy->versions) > MAX_VERSIONS) {
		(void)json_object_clear(copy->versions);
		copy->floor = seq;
	}
}

/* An event about a child is one about all that it is in. */
static void touch(struct st_copy *copy, const char *path, uint64_t seq)
{
	set_version(copy, "/", 1, seq);
	if (!strcmp(path, "/"))
		return;
	for (const char *at = path; *at; at += strspn(at, "/")) {
		at += strcspn(at, "/");
		set_version(copy, path, (size_t)(at - path), seq);
	}
}

static void keep(struct st_copy *copy, uint64_t seq, const char *path, const json_t *params)
{
	struct st_copy_event *event = &copy->ring[seq % ST_COPY_EVENTS];
	struct st_buf text = ST_BUF_INIT;

	st_dump(params, &text);
	free(event->path);
	free(event->text);
	event->seq = seq;
	event->path = strdup(path);
	event->text = text.failed ? NULL : strdup(st_buf_text(&text));
	st_buf_done(&text);
	if (!event->path || !event->text)
		copy->oldest = seq + 1; /* who needs it is told that it was lost */
}

void st_copy_take_event(struct st_copy *copy, const char *method, const json_t *params)
{
	uint64_t seq = (uint64_t)json_integer_value(json_object_get(params, "seq"));
	const char *path = json_string_value(json_object_get(params, "path"));

	if (!strcmp(method, "resync")) {
		uint64_t incarnation =
			(uint64_t)json_integer_value(json_object_get(params, "incarnation"));

		if (incarnation && incarnation != copy->incarnation)
			st_copy_begin_events(copy, incarnation);
		copy->seq = seq;
		st_copy_forget_events(copy);
		(void)json_object_clear(copy->versions);
		copy->floor = seq;
		return;
	}
	if (strcmp(method, "event") != 0 || !seq)
		return;
	if (!path)
		path = json_string_value(json_object_get(params, "sup"));
	if (!path)
		path = "/";
	if (copy->oldest > copy->seq || seq < copy->oldest) {
		/* the first one that is kept, maybe an earlier one than subscribe told */
		copy->oldest = seq;
		if (seq <= copy->floor)
			copy->floor = seq - 1;
	}
	copy->seq = seq > copy->seq ? seq : copy->seq;
	if (copy->seq - copy->oldest >= ST_COPY_EVENTS)
		copy->oldest = copy->seq - ST_COPY_EVENTS + 1;
	keep(copy, seq, path, params);
	touch(copy, path, seq);
}

void st_copy_tag(const struct st_copy *copy, const char *path, char ret_tag[ST_COPY_TAG_SIZE])
{
	const json_t *version = json_object_get(copy->versions, path);
	uint64_t seq = version ? (uint64_t)json_integer_value(version) : copy->floor;

	(void)snprintf(ret_tag, ST_COPY_TAG_SIZE, "\"%" PRIu64 "-%" PRIu64 "\"", copy->incarnation,
		       seq);
}

const struct st_copy_event *st_copy_event(const struct st_copy *copy, uint64_t seq)
{
	const struct st_copy_event *event = &copy->ring[seq % ST_COPY_EVENTS];

	return seq >= copy->oldest && seq <= copy->seq && event->seq == seq && event->text ? event :
											     NULL;
}
