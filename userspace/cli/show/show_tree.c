// SPDX-License-Identifier: GPL-2.0-only
/*
 * A supervision tree as text:
 *
 *	demo ● running  one_for_one, 1 of 3 restarts in 5s
 *	├── counter_1 ● running  pid 4711, up 12s
 *	└── counter_2 ○ stopped  exit 3, transient
 */
#include <string.h>

#include "cli/show/show.h"
#include "cli/show/style.h"
#include "cli/show/words.h"

struct drawing {
	const struct st_style *style;
	struct st_buf *out;
	struct st_buf prefix; /* the text before a line of this depth */
};

static void begin_detail(struct st_buf *details)
{
	if (details->len)
		st_buf_add_text(details, ", ");
}

static void add_detail(struct st_buf *details, const char *label, const char *text)
{
	begin_detail(details);
	st_buf_add_text(details, label);
	st_buf_add_text(details, text);
}

static void add_number(struct st_buf *details, const char *label, uint64_t number, const char *unit)
{
	begin_detail(details);
	st_buf_add_text(details, label);
	st_buf_add_u64(details, number);
	st_buf_add_text(details, unit);
}

/* "1 of 3 restarts in 5s": how near it is to giving up [E1] */
static void add_sup_details(const json_t *node, struct st_buf *details)
{
	add_detail(details, "", st_words_text(node, "strategy"));
	add_number(details, "", st_words_number(node, "restarts_in_period"), " of ");
	st_buf_add_u64(details, st_words_number(node, "intensity"));
	st_buf_add_text(details, " restarts in ");
	st_buf_add_u64(details, st_words_number(node, "period"));
	st_buf_add_char(details, 's');
	if (strcmp(st_words_text(node, "auto_shutdown"), "never"))
		add_detail(details, "", st_words_text(node, "auto_shutdown"));
}

static void add_worker_details(const json_t *node, struct st_buf *details)
{
	if (st_words_number(node, "pid"))
		add_number(details, "pid ", st_words_number(node, "pid"), "");
	if (json_object_get(node, "uptime_ms")) {
		add_detail(details, "up ", "");
		st_words_duration(st_words_number(node, "uptime_ms"), details);
	}
}

static void add_details(const json_t *node, struct st_buf *details)
{
	const json_t *reason = json_object_get(node, "reason");
	uint64_t nr_restarts = st_words_number(node, "restarts");
	const char *restart = st_words_text(node, "restart");

	if (reason) {
		begin_detail(details);
		st_words_reason(reason, details);
	}
	if (json_object_get(node, "children"))
		add_sup_details(node, details);
	else
		add_worker_details(node, details);
	if (nr_restarts)
		add_number(details, "", nr_restarts, nr_restarts == 1 ? " restart" : " restarts");
	if (*restart && strcmp(restart, "permanent")) /* the root has none */
		add_detail(details, "", restart);
	if (json_is_true(json_object_get(node, "significant")))
		add_detail(details, "", "significant");
	if (*st_words_text(node, "status"))
		add_detail(details, "", st_words_text(node, "status"));
}

static void draw_node(struct drawing *drawing, const json_t *node)
{
	struct st_buf details = ST_BUF_INIT;
	bool is_sup = json_object_get(node, "children") != NULL;

	st_style_add(drawing->style, is_sup ? ST_COLOR_BOLD : ST_COLOR_NONE,
		     st_words_text(node, "id"), drawing->out);
	st_buf_add_char(drawing->out, ' ');
	st_style_add_state(drawing->style, st_words_text(node, "state"), drawing->out);
	add_details(node, &details);
	if (details.len) {
		st_buf_add_text(drawing->out, "  ");
		st_style_add(drawing->style, ST_COLOR_DIM, st_buf_text(&details), drawing->out);
	}
	st_buf_add_char(drawing->out, '\n');
	st_buf_done(&details);
}

static void draw_children(struct drawing *drawing, const json_t *node)
{
	const json_t *children = json_object_get(node, "children");
	size_t prefix_len = drawing->prefix.len;
	bool utf8 = drawing->style->has_utf8;
	size_t index;
	json_t *child;

	json_array_foreach(children, index, child) {
		bool is_last = index + 1 == json_array_size(children);

		st_buf_add_text(drawing->out, st_buf_text(&drawing->prefix));
		if (is_last)
			st_buf_add_text(drawing->out, utf8 ? "└── " : "`-- ");
		else
			st_buf_add_text(drawing->out, utf8 ? "├── " : "|-- ");
		draw_node(drawing, child);
		st_buf_add_text(&drawing->prefix, is_last ? "    " : utf8 ? "│   " : "|   ");
		draw_children(drawing, child);
		drawing->prefix.len = prefix_len;
		if (drawing->prefix.data)
			drawing->prefix.data[prefix_len] = '\0';
	}
}

void st_show_tree(const json_t *tree, const struct st_style *style, struct st_buf *out)
{
	const json_t *root = json_object_get(tree, "root");
	struct drawing drawing = { .style = style, .out = out, .prefix = ST_BUF_INIT };

	draw_node(&drawing, root);
	draw_children(&drawing, root);
	st_buf_done(&drawing.prefix);
	if (json_object_get(tree, "next")) {
		st_buf_add_text(out, "more children: --after ");
		st_style_add(style, ST_COLOR_NONE, st_words_text(tree, "next"), out);
		st_buf_add_char(out, '\n');
	}
}
