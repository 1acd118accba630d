// SPDX-License-Identifier: GPL-2.0-only
/* Participants of messages; see trace_people.h. */
#include "cli/trace/trace_people.h"

#include <string.h>

int st_trace_people_index(const struct st_trace_people *people, const json_t *record,
			  enum st_trace_side side)
{
	uint64_t pid = st_trace_text_pid(record, side);
	struct st_buf name = ST_BUF_INIT;
	int index = -1;

	st_trace_text_who(record, side, &name);
	for (uint32_t i = 0; i < people->nr && index < 0; i++)
		if (people->who[i].pid == pid &&
		    !strcmp(st_buf_text(&people->who[i].name), st_buf_text(&name)))
			index = (int)i;
	st_buf_done(&name);
	return index;
}

/* A child that was restarted is the same one. */
static uint32_t find_first(const struct st_trace_people *people, uint32_t index)
{
	uint32_t i = 0;

	if (!people->who[index].is_child)
		return index;
	while (i < index &&
	       (!people->who[i].is_child || strcmp(st_buf_text(&people->who[i].name),
						   st_buf_text(&people->who[index].name)) != 0))
		i++;
	return i;
}

static int add(struct st_trace_people *people, const json_t *record, enum st_trace_side side)
{
	uint32_t index = people->nr;

	if (st_trace_people_index(people, record, side) >= 0)
		return 0;
	if (index == ST_TRACE_PEOPLE_MAX) {
		people->nr_others++;
		return 0;
	}
	people->who[index].pid = st_trace_text_pid(record, side);
	people->who[index].is_child = st_trace_text_is_child(record, side);
	st_trace_text_who(record, side, &people->who[index].name);
	people->who[index].first = find_first(people, index);
	people->nr++;
	return st_buf_error(&people->who[index].name);
}

int st_trace_people_find(struct st_trace_people *people, const json_t *records)
{
	const json_t *record;
	size_t index;
	int err = 0;

	memset(people, 0, sizeof(*people));
	json_array_foreach(records, index, record) {
		if (!err)
			err = add(people, record, ST_TRACE_FROM);
		if (!err)
			err = add(people, record, ST_TRACE_TO);
	}
	return err;
}

void st_trace_people_done(struct st_trace_people *people)
{
	for (uint32_t i = 0; i < people->nr; i++)
		st_buf_done(&people->who[i].name);
	people->nr = 0;
}
