// SPDX-License-Identifier: GPL-2.0-only
/*
 * A trace as a sequence diagram of Mermaid: what comes back is dashed.
 */
#include <string.h>

#include "cli/show/words.h"
#include "cli/trace/trace_export.h"
#include "cli/trace/trace_people.h"
#include "proto/traced.h"

/* Mermaid ends a statement at a ';'. Special characters are written as numbered entities. */
static void add_text(const char *text, struct st_buf *out)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (strchr("#;<>\"&%", *text)) {
			st_buf_add_char(out, '#');
			st_buf_add_u64(out, c);
			st_buf_add_char(out, ';');
		} else {
			st_buf_add_char(out, c < ' ' || c == 0x7f ? '.' : *text);
		}
	}
}

static void add_id(const struct st_trace_people *people, int index, struct st_buf *out)
{
	if (index < 0) {
		st_buf_add_text(out, "others");
		return;
	}
	st_buf_add_char(out, 'p');
	st_buf_add_u64(out, people->who[index].first);
}

static void add_message(const json_t *record, const struct st_trace_people *people,
			struct st_buf *out)
{
	bool is_reply = json_object_get(record, "reply_ns");
	struct st_buf text = ST_BUF_INIT;

	st_buf_add_text(out, "  ");
	add_id(people, st_trace_people_index(people, record, ST_TRACE_FROM), out);
	st_buf_add_text(out, is_reply ? "-->>" : "->>");
	add_id(people, st_trace_people_index(people, record, ST_TRACE_TO), out);
	st_buf_add_text(out, ": ");
	st_trace_text_label(record, &text);
	if (is_reply) {
		st_buf_add_text(&text, " after ");
		st_traced_duration(st_words_number(record, "reply_ns"), &text);
	}
	add_text(st_buf_text(&text), out);
	st_buf_add_char(out, '\n');
	out->failed |= text.failed;
	st_buf_done(&text);
}

void st_trace_write_mermaid(const json_t *records, struct st_buf *out)
{
	struct st_trace_people people;
	const json_t *record;
	size_t index;

	out->failed |= st_trace_people_find(&people, records) != 0;
	st_buf_add_text(out, "sequenceDiagram\n");
	for (uint32_t i = 0; i < people.nr; i++) {
		if (people.who[i].first != i)
			continue;
		st_buf_add_text(out, "  participant ");
		add_id(&people, (int)i, out);
		st_buf_add_text(out, " as ");
		add_text(st_buf_text(&people.who[i].name), out);
		st_buf_add_char(out, '\n');
	}
	json_array_foreach(records, index, record)
		add_message(record, &people, out);
	st_trace_people_done(&people);
}
