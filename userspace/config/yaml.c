// SPDX-License-Identifier: GPL-2.0-only
/*
 * YAML events to nodes: a machine whose stack is the tree itself, so that
 * depth costs no stack of the program.
 *
 *   stream  [ document  value  document-end ]  stream-end
 *   value = scalar | alias | map (key value)* map-end | seq value* seq-end
 *
 * A mistake after which there is no tree ends the reading. The anchors are in
 * yaml_anchor.c. Nothing here knows a key.
 */
#include "config/yaml.h"

#include <errno.h>
#include <string.h>

#include "config/foreign.h"
#include "config/yaml_internal.h"

static struct st_doc_place place_of(const yaml_mark_t *start, const yaml_mark_t *end)
{
	struct st_doc_place place = {
		.line = (uint32_t)start->line + 1,
		.column = (uint32_t)start->column + 1,
	};

	if (end->line == start->line)
		place.width =
			end->column > start->column ? (uint32_t)(end->column - start->column) : 1;
	return place;
}

int st_yaml_refuse(struct st_yaml *yaml, const yaml_event_t *event, const char *message)
{
	struct st_diag_about about = {
		.file = yaml->file,
		.place = place_of(&event->start_mark, &event->end_mark),
	};

	st_diags_add(yaml->diags, &about, "%s", message);
	return yaml->diags->failed ? -ENOMEM : -EINVAL;
}

static int add_node(struct st_yaml *yaml, const yaml_event_t *event, enum st_doc_type type,
		    struct st_doc_node **ret_node)
{
	struct st_doc_node *node;
	int err = st_doc_add_node(yaml->doc, yaml->file, type, &node);

	if (err == -E2BIG)
		return st_yaml_refuse(yaml, event, "too many values for one configuration");
	if (err)
		return err;
	node->place = place_of(&event->start_mark, &event->end_mark);
	*ret_node = node;
	return 0;
}

void st_yaml_place(struct st_yaml *yaml, struct st_doc_node *node)
{
	if (!yaml->open) {
		yaml->root = node;
		return;
	}
	if (yaml->open->type == ST_DOC_MAP) {
		node->key = yaml->key;
		node->key_place = yaml->key_place;
		yaml->key = NULL;
	}
	st_doc_append(yaml->open, node);
}

static bool wants_key(const struct st_yaml *yaml)
{
	return yaml->open && yaml->open->type == ST_DOC_MAP && !yaml->key;
}

/* Whether an explicit tag is one of the core schema's, or "!", for text. */
static bool tag_is(const char *tag, const char *name)
{
	static const char prefix[] = "tag:yaml.org,2002:";

	return tag && !strncmp(tag, prefix, sizeof(prefix) - 1) &&
	       !strcmp(tag + sizeof(prefix) - 1, name);
}

static int take_scalar(struct st_yaml *yaml, const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;
	const char *tag = (const char *)event->data.scalar.tag;
	size_t len = event->data.scalar.length;
	bool is_text = tag_is(tag, "str") || (tag && !strcmp(tag, "!"));
	struct st_doc_node *node;
	char *copy;
	int err;

	if (memchr(text, '\0', len))
		return st_yaml_refuse(yaml, event, "a text must not hold a NUL character");
	if (tag && !is_text)
		return st_yaml_refuse(yaml, event, "tags other than !!str are not supported");
	copy = st_arena_text(&yaml->doc->arena, text, len);
	if (!copy)
		return -ENOMEM;
	if (wants_key(yaml)) {
		yaml->key = copy;
		yaml->key_place = place_of(&event->start_mark, &event->end_mark);
		return event->data.scalar.anchor ?
			       st_yaml_refuse(yaml, event, "a key cannot have an anchor") :
			       0;
	}
	err = add_node(yaml, event, ST_DOC_TEXT, &node);
	if (err)
		return err;
	node->text = copy;
	if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && !is_text)
		st_scalar_resolve(node);
	err = st_yaml_anchor(yaml, event, (const char *)event->data.scalar.anchor, node);
	if (!err)
		st_yaml_place(yaml, node);
	return err;
}

/* A map or sequence begins. */
static int open_node(struct st_yaml *yaml, const yaml_event_t *event)
{
	bool is_map = event->type == YAML_MAPPING_START_EVENT;
	const yaml_char_t *tag = is_map ? event->data.mapping_start.tag :
					  event->data.sequence_start.tag;
	const yaml_char_t *anchor = is_map ? event->data.mapping_start.anchor :
					     event->data.sequence_start.anchor;
	struct st_doc_node *node;
	int err;

	if (wants_key(yaml))
		return st_yaml_refuse(yaml, event, "a key must be a word, not a map or a list");
	if (tag)
		return st_yaml_refuse(yaml, event, "tags other than !!str are not supported");
	if (yaml->depth >= ST_DOC_MAX_DEPTH)
		return st_yaml_refuse(yaml, event, "maps and lists are nested too deep");
	err = add_node(yaml, event, is_map ? ST_DOC_MAP : ST_DOC_SEQ, &node);
	if (err)
		return err;
	node->place.width = 1;
	err = st_yaml_anchor(yaml, event, (const char *)anchor, node);
	if (err)
		return err;
	st_yaml_place(yaml, node);
	yaml->open = node;
	yaml->depth++;
	return 0;
}

static int close_node(struct st_yaml *yaml, const yaml_event_t *event)
{
	struct st_doc_node *node = yaml->open;

	/* One written as {...} or [...] in one line is underlined as a whole. */
	if (event->end_mark.line + 1 == node->place.line &&
	    event->end_mark.column > event->start_mark.column)
		node->place.width = (uint32_t)event->end_mark.column + 1 - node->place.column;
	yaml->open = node->parent;
	yaml->depth--;
	return node->type == ST_DOC_MAP ? st_doc_check_keys(node, yaml->diags) : 0;
}

static int take_event(struct st_yaml *yaml, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return take_scalar(yaml, event);
	case YAML_ALIAS_EVENT:
		if (wants_key(yaml))
			return st_yaml_refuse(yaml, event, "a key cannot be an alias");
		return st_yaml_alias(yaml, event);
	case YAML_MAPPING_START_EVENT:
	case YAML_SEQUENCE_START_EVENT:
		return open_node(yaml, event);
	case YAML_MAPPING_END_EVENT:
	case YAML_SEQUENCE_END_EVENT:
		return close_node(yaml, event);
	case YAML_DOCUMENT_START_EVENT:
		if (yaml->root)
			return st_yaml_refuse(
				yaml, event,
				"a second document begins here; a file may have only one");
		return 0;
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		return 0;
	}
	return 0;
}

static struct st_doc_place place_of_mark(const yaml_mark_t *mark)
{
	return (struct st_doc_place){
		.line = (uint32_t)mark->line + 1,
		.column = (uint32_t)mark->column + 1,
		.width = 1,
	};
}

/* The message of libyaml, with a hint for the most frequent mistake. */
static int report_syntax(struct st_yaml *yaml, const yaml_parser_t *parser)
{
	struct st_diag_about about = { .file = yaml->file };
	struct st_doc_place place;
	const char *line;
	size_t len;

	if (parser->error == YAML_MEMORY_ERROR)
		return -ENOMEM;
	place = parser->error == YAML_READER_ERROR ?
			st_doc_file_place(yaml->file, parser->problem_offset) :
			place_of_mark(&parser->problem_mark);
	about.place = place;
	if (parser->error == YAML_READER_ERROR)
		about.expected = "UTF-8 without control characters";
	line = st_doc_file_line(yaml->file, place.line, &len);
	about.advice = st_foreign_text(yaml->file, place.line);
	if (line && place.column <= len && line[place.column - 1] == '\t')
		about.expected = "spaces: YAML does not allow a tab for indentation";
	if (parser->context && parser->error != YAML_READER_ERROR &&
	    parser->context_mark.line != parser->problem_mark.line) {
		about.note = parser->context;
		about.note_place = place_of_mark(&parser->context_mark);
	}
	if (!about.advice && parser->context)
		about.advice = st_foreign_text(yaml->file, (uint32_t)parser->context_mark.line + 1);
	st_diags_add(yaml->diags, &about, "not YAML: %s", parser->problem);
	return yaml->diags->failed ? -ENOMEM : -EINVAL;
}

static int read_events(struct st_yaml *yaml, yaml_parser_t *parser)
{
	bool at_end = false;

	while (!at_end) {
		yaml_event_t event;
		int err;

		if (!yaml_parser_parse(parser, &event))
			return report_syntax(yaml, parser);
		at_end = event.type == YAML_STREAM_END_EVENT;
		err = take_event(yaml, &event);
		yaml_event_delete(&event);
		if (err)
			return err;
	}
	return 0;
}

static int add_empty_map(struct st_yaml *yaml)
{
	const yaml_event_t nothing = { .type = YAML_NO_EVENT };

	return add_node(yaml, &nothing, ST_DOC_MAP, &yaml->root);
}

int st_yaml_parse(struct st_doc *doc, const char *name, const char *bytes, size_t len,
		  struct st_diags *diags, struct st_doc_node **ret_root)
{
	struct st_yaml yaml = { .doc = doc, .diags = diags };
	yaml_parser_t parser;
	int err;

	if (len >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3)) { /* byte order mark */
		bytes += 3;
		len -= 3;
	}
	yaml.file = st_doc_add_file(doc, name, bytes, len);
	if (!yaml.file || !yaml_parser_initialize(&parser))
		return -ENOMEM;
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)yaml.file->text, len);
	err = read_events(&yaml, &parser);
	yaml_parser_delete(&parser);
	if (!err && (!yaml.root || yaml.root->type == ST_DOC_NULL))
		err = add_empty_map(&yaml);
	if (!err)
		*ret_root = yaml.root;
	return err;
}
