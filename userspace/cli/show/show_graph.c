// SPDX-License-Identifier: GPL-2.0-only
/*
 * A supervision tree for drawing programs: Graphviz's dot, and Mermaid.
 */
#include <string.h>

#include "cli/show/show.h"
#include "cli/show/words.h"

static const struct {
	const char *state;
	const char *color;
} colors[] = {
	{ "running", "green" },	    { "starting", "cyan" }, { "stopping", "purple" },
	{ "restarting", "orange" }, { "stopped", "gray" },
};

static const char *color_of(const char *state)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(colors); i++)
		if (!strcmp(colors[i].state, state))
			return colors[i].color;
	return "black";
}

static void add_dot_text(const char *text, struct st_buf *out)
{
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			st_buf_add_char(out, '\\');
		st_buf_add_char(out, *text);
	}
}

static void add_dot_node(const json_t *node, const json_t *parent, struct st_buf *out)
{
	const char *state = st_words_text(node, "state");
	size_t index;
	json_t *child;

	st_buf_add_text(out, "  \"");
	add_dot_text(st_words_text(node, "path"), out);
	st_buf_add_text(out, "\" [label=\"");
	add_dot_text(st_words_text(node, "id"), out);
	st_buf_add_text(out, "\\n");
	add_dot_text(state, out);
	st_buf_add_text(out, "\", color=");
	st_buf_add_text(out, color_of(state));
	st_buf_add_text(out, json_object_get(node, "children") ? ", shape=box];\n" : "];\n");
	if (parent) {
		st_buf_add_text(out, "  \"");
		add_dot_text(st_words_text(parent, "path"), out);
		st_buf_add_text(out, "\" -> \"");
		add_dot_text(st_words_text(node, "path"), out);
		st_buf_add_text(out, "\";\n");
	}
	json_array_foreach(json_object_get(node, "children"), index, child)
		add_dot_node(child, node, out);
}

void st_show_dot(const json_t *tree, struct st_buf *out)
{
	st_buf_add_text(out, "digraph suptree {\n  ordering=out;\n");
	add_dot_node(json_object_get(tree, "root"), NULL, out);
	st_buf_add_text(out, "}\n");
}

/* Mermaid has HTML's entities, written with # instead of &. */
static void add_mermaid_text(const char *text, struct st_buf *out)
{
	for (; *text; text++) {
		if (strchr("\"#<>&`\\", *text)) {
			st_buf_add_char(out, '#');
			st_buf_add_u64(out, (unsigned char)*text);
			st_buf_add_char(out, ';');
		} else {
			st_buf_add_char(out, *text);
		}
	}
}

static void add_mermaid_node(const json_t *node, uint64_t parent, uint64_t *nr, struct st_buf *out)
{
	uint64_t number = (*nr)++;
	size_t index;
	json_t *child;

	st_buf_add_text(out, "  n");
	st_buf_add_u64(out, number);
	st_buf_add_text(out, json_object_get(node, "children") ? "[\"" : "(\"");
	add_mermaid_text(st_words_text(node, "id"), out);
	st_buf_add_text(out, "<br>");
	add_mermaid_text(st_words_text(node, "state"), out);
	st_buf_add_text(out, json_object_get(node, "children") ? "\"]" : "\")");
	st_buf_add_text(out, "\n  style n");
	st_buf_add_u64(out, number);
	st_buf_add_text(out, " stroke:");
	st_buf_add_text(out, color_of(st_words_text(node, "state")));
	st_buf_add_char(out, '\n');
	if (number) {
		st_buf_add_text(out, "  n");
		st_buf_add_u64(out, parent);
		st_buf_add_text(out, " --> n");
		st_buf_add_u64(out, number);
		st_buf_add_char(out, '\n');
	}
	json_array_foreach(json_object_get(node, "children"), index, child)
		add_mermaid_node(child, number, nr, out);
}

void st_show_mermaid(const json_t *tree, struct st_buf *out)
{
	uint64_t nr = 0;

	st_buf_add_text(out, "graph TD\n");
	add_mermaid_node(json_object_get(tree, "root"), 0, &nr, out);
}
