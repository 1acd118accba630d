// SPDX-License-Identifier: GPL-2.0-only
/*
 * A trace as a sequence diagram in text: a column for each process; time goes down.
 *
 *	              pid 4711                 demo/counter_1
 *	       0ns       |---unix call "add 5"------->|
 *	    84.1us       |<..unix reply "5" 84.1us....|
 *
 * If there are too many processes for the columns, those that are not children share the
 * last column: callers come and go, and the called children are more interesting.
 */
#include <string.h>

#include "base/text.h"
#include "cli/show/words.h"
#include "cli/trace/trace_export.h"
#include "cli/trace/trace_people.h"
#include "proto/traced.h"

#define COLUMNS_MAX 5
#define WIDTH 32 /* of a column */
#define MARGIN 10 /* of the time */
#define LINE_MAX_LEN (MARGIN + WIDTH * (COLUMNS_MAX + 1))

struct diagram {
	struct st_trace_people people;
	unsigned int column[ST_TRACE_PEOPLE_MAX];
	unsigned int nr_columns;
	unsigned int others; /* their column */
	char line[LINE_MAX_LEN + 1];
};

static unsigned int count_columns(const struct st_trace_people *people)
{
	unsigned int nr = 0;

	for (uint32_t i = 0; i < people->nr; i++)
		nr += people->who[i].first == i;
	return people->nr_others ? COLUMNS_MAX + 1 : nr;
}

static void place_people(struct diagram *diagram)
{
	const struct st_trace_people *people = &diagram->people;
	bool is_crowded = count_columns(people) > COLUMNS_MAX;
	bool is_shared[ST_TRACE_PEOPLE_MAX] = { false };

	for (uint32_t i = 0; i < people->nr; i++) {
		uint32_t first = people->who[i].first;

		is_shared[i] = is_crowded &&
			       (!people->who[i].is_child || diagram->nr_columns + 1 == COLUMNS_MAX);
		if (first != i) {
			is_shared[i] = is_shared[first];
			diagram->column[i] = diagram->column[first];
		} else if (!is_shared[i]) {
			diagram->column[i] = diagram->nr_columns++;
		}
	}
	diagram->others = is_crowded ? diagram->nr_columns++ : COLUMNS_MAX;
	for (uint32_t i = 0; i < people->nr; i++)
		if (is_shared[i])
			diagram->column[i] = diagram->others;
}

static unsigned int middle_of(unsigned int column)
{
	return MARGIN + column * WIDTH + WIDTH / 2;
}

static void clear_line(struct diagram *diagram, char lane)
{
	memset(diagram->line, ' ', LINE_MAX_LEN);
	for (unsigned int i = 0; i < diagram->nr_columns; i++)
		diagram->line[middle_of(i)] = lane;
}

/* As much of a text as there is room for. */
static void put(struct diagram *diagram, unsigned int at, unsigned int room, const char *text)
{
	size_t len = strnlen(text, room);

	if (at < LINE_MAX_LEN)
		memcpy(diagram->line + at, text, len < LINE_MAX_LEN - at ? len : LINE_MAX_LEN - at);
}

static void end_line(struct diagram *diagram, struct st_buf *out)
{
	size_t len = LINE_MAX_LEN;

	while (len && diagram->line[len - 1] == ' ')
		len--;
	st_buf_add(out, diagram->line, len);
	st_buf_add_char(out, '\n');
}

/* Centred; of a long path the end. */
static void put_name(struct diagram *diagram, unsigned int column, const char *name)
{
	size_t len = strlen(name), room = WIDTH - 2;

	if (len > room) {
		name += len - room;
		len = room;
	}
	put(diagram, middle_of(column) - (unsigned int)len / 2, (unsigned int)len, name);
}

static void add_names(struct diagram *diagram, struct st_buf *out)
{
	clear_line(diagram, ' ');
	for (uint32_t i = 0; i < diagram->people.nr; i++)
		if (diagram->column[i] < diagram->others && diagram->people.who[i].first == i)
			put_name(diagram, diagram->column[i],
				 st_buf_text(&diagram->people.who[i].name));
	if (diagram->others < diagram->nr_columns)
		put_name(diagram, diagram->others, "others");
	end_line(diagram, out);
}

static void label(const json_t *record, struct st_buf *out)
{
	st_trace_text_label(record, out);
	if (json_object_get(record, "reply_ns")) {
		st_buf_add_char(out, ' ');
		st_traced_duration(st_words_number(record, "reply_ns"), out);
	}
}

static void draw_arrow(struct diagram *diagram, unsigned int from, unsigned int to,
		       const json_t *record, const char *text)
{
	char shaft = json_object_get(record, "reply_ns") ? '.' : '-';
	unsigned int left = middle_of(from < to ? from : to);
	unsigned int right = middle_of(from < to ? to : from);

	if (from == to) {
		diagram->line[left] = '*';
		put(diagram, left + 2, WIDTH - 4, text);
		return;
	}
	memset(diagram->line + left + 1, shaft, right - left - 1);
	diagram->line[from < to ? right - 1 : left + 1] = from < to ? '>' : '<';
	put(diagram, left + 4, right - left - 7, text);
}

static void add_message(struct diagram *diagram, const json_t *record, uint64_t begin_ns,
			struct st_buf *out)
{
	int from = st_trace_people_index(&diagram->people, record, ST_TRACE_FROM);
	int to = st_trace_people_index(&diagram->people, record, ST_TRACE_TO);
	uint64_t time_ns = st_words_number(record, "time_ns");
	struct st_buf text = ST_BUF_INIT;

	clear_line(diagram, '|');
	st_traced_duration(time_ns > begin_ns ? time_ns - begin_ns : 0, &text);
	put(diagram, MARGIN - 1 - (unsigned int)strnlen(st_buf_text(&text), MARGIN - 1), MARGIN - 1,
	    st_buf_text(&text));
	st_buf_reset(&text);
	label(record, &text);
	draw_arrow(diagram, from < 0 ? diagram->others : diagram->column[from],
		   to < 0 ? diagram->others : diagram->column[to], record, st_buf_text(&text));
	end_line(diagram, out);
	out->failed |= text.failed;
	st_buf_done(&text);
}

void st_trace_write_diagram(const json_t *records, struct st_buf *out)
{
	struct diagram diagram = { .nr_columns = 0 };
	const json_t *record;
	size_t index;

	if (st_trace_people_find(&diagram.people, records))
		out->failed = true;
	place_people(&diagram);
	if (diagram.people.nr)
		add_names(&diagram, out);
	json_array_foreach(records, index, record)
		add_message(&diagram, record,
			    st_words_number(json_array_get(records, 0), "time_ns"), out);
	st_trace_people_done(&diagram.people);
}
