// SPDX-License-Identifier: GPL-2.0-only
/*
 * Terms of words; see erlang.h. Also expressions that need no run: bound variables, ++ of
 * lists, whole numbers with + - *, timer:seconds(5), M#{k => v}. Any other expression is
 * opaque, from its first word to the comma or bracket after it.
 */
#include "cli/import/erlang_parser.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"

#define MAX_BINDINGS 1000

static int unexpected(const struct st_erl_parser *parser)
{
	const struct st_erl_word *word = parser->at;

	if (word->kind == ST_ERL_END || word->kind == ST_ERL_DOT)
		return st_erl_parser_refuse(parser, word,
					    "a bracket or a term has no end before this");
	return st_erl_refuse(parser->file, word->line, word->column, "%.*s cannot stand here",
			     (int)(word->len < 60 ? word->len : 60), word->raw);
}

/* ---- opaque expressions ---- */

static bool opens(const struct st_erl_word *word)
{
	static const char *const words[] = { "(",  "{",	      "[",   "<<",   "case",
					     "if", "receive", "try", "begin" };

	if (st_erl_is(word, "fun"))
		return st_erl_is(word + 1, "(") ||
		       (word[1].kind == ST_ERL_VARIABLE && st_erl_is(word + 2, "("));
	for (size_t i = 0; i < ST_ARRAY_SIZE(words); i++)
		if (st_erl_is(word, words[i]))
			return true;
	return false;
}

static bool closes(const struct st_erl_word *word)
{
	return st_erl_is(word, ")") || st_erl_is(word, "}") || st_erl_is(word, "]") ||
	       st_erl_is(word, ">>") || st_erl_is(word, "end");
}

static bool is_last(const struct st_erl_word *word)
{
	return word->kind == ST_ERL_END || word->kind == ST_ERL_DOT;
}

static bool delimits(const struct st_erl_word *word)
{
	static const char *const words[] = { ",", ";", "|", "||", "=>", ":=", "->" };

	for (size_t i = 0; i < ST_ARRAY_SIZE(words); i++)
		if (st_erl_is(word, words[i]))
			return true;
	return closes(word) || is_last(word);
}

/* The word after an expression; brackets and what they have inside count as one word. */
static const struct st_erl_word *skip(const struct st_erl_word *at, bool is_one_group)
{
	size_t depth = 0;

	while (!is_last(at) && (depth || !delimits(at))) {
		depth += opens(at);
		depth -= closes(at);
		at++;
		if (!depth && is_one_group)
			break;
	}
	return at;
}

/* All of the element; after ++ only the operand. */
static int opaque_element(struct st_erl_parser *parser)
{
	struct st_erl_frame *frame = &parser->frames[parser->depth];
	const struct st_erl_word *first = parser->at;

	if (frame->is_opaque)
		return unexpected(parser);
	if (parser->wants_operand && frame->op && !strcmp(frame->op, "++")) {
		parser->at = skip(first, false);
		frame->is_opaque = true;
		return parser->at == first ? unexpected(parser) :
					     st_erl_value_simple(parser, ST_ERL_IS_OPAQUE, first);
	}
	parser->nr = frame->element_base;
	parser->at = skip(frame->element, false);
	if (parser->at == frame->element)
		return unexpected(parser);
	frame->op = NULL;
	frame->is_opaque = true;
	return st_erl_value_simple(parser, ST_ERL_IS_OPAQUE, frame->element);
}

/* ---- operands ---- */

static void begin_element(struct st_erl_parser *parser)
{
	struct st_erl_frame *frame = &parser->frames[parser->depth];

	frame->element = parser->at;
	frame->element_base = parser->nr;
	frame->is_opaque = false;
	frame->op = NULL;
	parser->wants_operand = true;
}

/* A bracket that begins at @first, and whose inside at parser->at. */
static int open_frame(struct st_erl_parser *parser, enum st_erl_frame_kind kind,
		      const struct st_erl_word *first)
{
	struct st_erl_frame *frame = &parser->frames[parser->depth + 1];

	if (parser->depth == ST_ERL_MAX_DEPTH - 1)
		return st_erl_parser_refuse(parser, first, "terms are nested too deep");
	parser->depth++;
	*frame = (struct st_erl_frame){ .kind = kind, .base = parser->nr, .first = first };
	begin_element(parser);
	return 0;
}

static int open_bracket(struct st_erl_parser *parser, enum st_erl_frame_kind kind, size_t nr_words)
{
	const struct st_erl_word *first = parser->at;

	parser->at += nr_words;
	return open_frame(parser, kind, first);
}

static int take_atom(struct st_erl_parser *parser)
{
	const struct st_erl_word *word = parser->at;

	if (st_erl_is(word + 1, "("))
		return open_bracket(parser, ST_ERL_IN_CALL, 2);
	if (st_erl_is(word + 1, ":") && word[2].kind == ST_ERL_ATOM && st_erl_is(word + 3, "("))
		return open_bracket(parser, ST_ERL_IN_CALL, 4);
	parser->at++;
	return st_erl_value_simple(parser, ST_ERL_IS_ATOM, word);
}

static int take_variable(struct st_erl_parser *parser)
{
	for (const struct st_erl_binding *binding = parser->bindings; binding;
	     binding = binding->next)
		if (!strcmp(binding->name, parser->at->text)) {
			parser->at++;
			return st_erl_value_push(parser, binding->term);
		}
	return opaque_element(parser);
}

/* "a" "b" is one string. */
static int take_strings(struct st_erl_parser *parser)
{
	const struct st_erl_word *first = parser->at;
	struct st_buf text = ST_BUF_INIT;
	struct st_erl_word whole = *first;
	struct st_erl_term *term;

	for (; parser->at->kind == ST_ERL_STRING; parser->at++)
		st_buf_add_text(&text, parser->at->text);
	parser->plan->has_failed |= text.failed;
	whole.text = st_plan_copy(parser->plan, text.len ? text.data : "", text.len);
	st_buf_done(&text);
	term = st_erl_value_new(parser, ST_ERL_IS_STRING, &whole);
	if (!term)
		return -ENOMEM;
	term->text = whole.text;
	term->raw = st_erl_join(parser->plan, first, (size_t)(parser->at - first));
	return st_erl_value_push(parser, term);
}

/* A binary of strings and numbers. */
static int take_binary(struct st_erl_parser *parser)
{
	const struct st_erl_word *first = parser->at, *at = first + 1;
	size_t nr_strings = 0, nr_others = 0;
	struct st_erl_term *term;

	for (; !st_erl_is(at, ">>"); at++) {
		nr_strings += at->kind == ST_ERL_STRING;
		nr_others += at->kind == ST_ERL_INTEGER;
		if (at->kind != ST_ERL_STRING && at->kind != ST_ERL_INTEGER &&
		    at->kind != ST_ERL_ATOM && !st_erl_is(at, ",") && !st_erl_is(at, "/") &&
		    !st_erl_is(at, ":") && !st_erl_is(at, "-"))
			return opaque_element(parser);
	}
	parser->at = at + 1;
	term = st_erl_value_new(parser, ST_ERL_IS_BINARY, first);
	if (!term)
		return -ENOMEM;
	term->raw = st_erl_join(parser->plan, first, (size_t)(parser->at - first));
	if (nr_strings == 1 && !nr_others)
		term->text = first[1].text;
	return st_erl_value_push(parser, term);
}

static int take_number(struct st_erl_parser *parser)
{
	const struct st_erl_word *word = parser->at++;

	return st_erl_value_simple(
		parser, word->kind == ST_ERL_INTEGER ? ST_ERL_IS_INTEGER : ST_ERL_IS_FLOAT, word);
}

/* -5: a sign, and then a number. */
static int take_sign(struct st_erl_parser *parser)
{
	const struct st_erl_word *sign = parser->at;
	struct st_erl_word number = sign[1];
	struct st_erl_term *term;

	if (number.kind != ST_ERL_INTEGER && number.kind != ST_ERL_FLOAT)
		return opaque_element(parser);
	parser->at += 2;
	term = st_erl_value_new(
		parser, number.kind == ST_ERL_INTEGER ? ST_ERL_IS_INTEGER : ST_ERL_IS_FLOAT, sign);
	if (!term)
		return -ENOMEM;
	term->raw = st_erl_join(parser->plan, sign, 2);
	term->integer = st_erl_is(sign, "-") ? -number.integer : number.integer;
	return st_erl_value_push(parser, term);
}

static int take_operand(struct st_erl_parser *parser)
{
	const struct st_erl_word *word = parser->at;

	if (word->kind == ST_ERL_ATOM)
		return take_atom(parser);
	if (word->kind == ST_ERL_VARIABLE)
		return take_variable(parser);
	if (word->kind == ST_ERL_STRING)
		return take_strings(parser);
	if (word->kind == ST_ERL_INTEGER || word->kind == ST_ERL_FLOAT)
		return take_number(parser);
	if (st_erl_is(word, "<<"))
		return take_binary(parser);
	if (st_erl_is(word, "-") || st_erl_is(word, "+"))
		return take_sign(parser);
	if (st_erl_is(word, "("))
		return open_bracket(parser, ST_ERL_IN_PAREN, 1);
	if (st_erl_is(word, "{"))
		return open_bracket(parser, ST_ERL_IN_TUPLE, 1);
	if (st_erl_is(word, "["))
		return open_bracket(parser, ST_ERL_IN_LIST, 1);
	if (st_erl_is(word, "#") && st_erl_is(word + 1, "{"))
		return open_bracket(parser, ST_ERL_IN_MAP, 2);
	return opaque_element(parser);
}

/* ---- elements ---- */

/* One value is left of the operands of an element. */
static int finish_element(struct st_erl_parser *parser)
{
	struct st_erl_frame *frame = &parser->frames[parser->depth];
	size_t base = frame->element_base;
	int err;

	if (parser->nr == base + 1)
		return 0;
	err = !strcmp(frame->op, "++") ? st_erl_value_join(parser, base) :
					 st_erl_value_calculate(parser, base, frame->op);
	if (err == -EAGAIN) {
		frame->is_opaque = false;
		return opaque_element(parser);
	}
	if (!err) {
		parser->values[base] = parser->values[parser->nr - 1];
		parser->nr = base + 1;
	}
	return err;
}

static int close_frame(struct st_erl_parser *parser)
{
	struct st_erl_frame frame = parser->frames[parser->depth--];

	parser->at++;
	parser->wants_operand = false;
	switch (frame.kind) {
	case ST_ERL_IN_TUPLE:
		return st_erl_value_compound(
			parser, st_erl_value_new(parser, ST_ERL_IS_TUPLE, frame.first), frame.base);
	case ST_ERL_IN_LIST:
		return st_erl_value_list(parser, &frame);
	case ST_ERL_IN_MAP:
		return st_erl_value_map(parser, &frame);
	case ST_ERL_IN_CALL:
		return st_erl_value_call(parser, &frame);
	case ST_ERL_IN_PAREN:
	case ST_ERL_IN_TOP:
		break;
	}
	return 0;
}

static const char *const closers[] = {
	[ST_ERL_IN_TOP] = "",	[ST_ERL_IN_PAREN] = ")", [ST_ERL_IN_TUPLE] = "}",
	[ST_ERL_IN_LIST] = "]", [ST_ERL_IN_MAP] = "}",	 [ST_ERL_IN_CALL] = ")",
};

/* A list comprehension: all of it is opaque. */
static int drop_list(struct st_erl_parser *parser)
{
	const struct st_erl_word *first = parser->frames[parser->depth].first;

	parser->nr = parser->frames[parser->depth--].base;
	parser->at = skip(first, true);
	return st_erl_value_simple(parser, ST_ERL_IS_OPAQUE, first);
}

/* Whether an element may end at a mark and another one begin. */
static bool separates(const struct st_erl_parser *parser, const struct st_erl_word *mark)
{
	const struct st_erl_frame *frame = &parser->frames[parser->depth];
	bool is_key = (parser->nr - frame->base) % 2; /* one that was finished just now */

	if (st_erl_is(mark, ","))
		return frame->kind == ST_ERL_IN_TUPLE || frame->kind == ST_ERL_IN_CALL ||
		       (frame->kind == ST_ERL_IN_LIST && !frame->has_tail) ||
		       (frame->kind == ST_ERL_IN_MAP && !is_key);
	if (st_erl_is(mark, "=>") || st_erl_is(mark, ":="))
		return frame->kind == ST_ERL_IN_MAP && is_key;
	return st_erl_is(mark, "|") && frame->kind == ST_ERL_IN_LIST && !frame->has_tail;
}

static int take_delimiter(struct st_erl_parser *parser)
{
	struct st_erl_frame *frame = &parser->frames[parser->depth];
	int err = finish_element(parser);

	if (err)
		return err;
	if (st_erl_is(parser->at, closers[frame->kind]))
		return close_frame(parser);
	if (frame->kind == ST_ERL_IN_LIST && st_erl_is(parser->at, "||"))
		return drop_list(parser);
	if (!separates(parser, parser->at))
		return unexpected(parser);
	frame->has_tail |= st_erl_is(parser->at, "|");
	parser->at++;
	begin_element(parser);
	return 0;
}

static const char *operator_of(const struct st_erl_word *word)
{
	static const char *const ops[] = { "++", "+", "-", "*" };

	for (size_t i = 0; i < ST_ARRAY_SIZE(ops); i++)
		if (st_erl_is(word, ops[i]))
			return ops[i];
	return NULL;
}

/* Whether a word begins a term, which cannot follow another one. */
static bool begins_term(const struct st_erl_word *word)
{
	return word->kind == ST_ERL_ATOM || word->kind == ST_ERL_VARIABLE ||
	       word->kind == ST_ERL_INTEGER || word->kind == ST_ERL_FLOAT ||
	       word->kind == ST_ERL_STRING || st_erl_is(word, "{") || st_erl_is(word, "[") ||
	       st_erl_is(word, "<<");
}

/* An operand was read: an operator, a delimiter, or more of an opaque expression. */
static int take_after(struct st_erl_parser *parser)
{
	struct st_erl_frame *frame = &parser->frames[parser->depth];
	const char *op = operator_of(parser->at);
	const struct st_erl_term *value = parser->values[parser->nr - 1];
	int err;

	if (delimits(parser->at))
		return take_delimiter(parser);
	if (begins_term(parser->at))
		return unexpected(parser);
	if (st_erl_is(parser->at, "#") && st_erl_is(parser->at + 1, "{") &&
	    value->type == ST_ERL_IS_MAP) {
		parser->nr--;
		err = open_bracket(parser, ST_ERL_IN_MAP, 2);
		parser->frames[parser->depth].map = value;
		return err;
	}
	if (!op || frame->is_opaque || (frame->op && strcmp(frame->op, op)))
		return opaque_element(parser);
	frame->op = op;
	parser->at++;
	parser->wants_operand = true;
	return 0;
}

/* One expression, up to a comma, a semicolon or an end that is in no bracket. */
static int parse(struct st_erl_parser *parser, const struct st_erl_term **ret_term)
{
	struct st_erl_frame *frame;
	int err = 0;

	parser->nr = 0;
	parser->depth = 0;
	parser->frames[0] = (struct st_erl_frame){ .kind = ST_ERL_IN_TOP, .first = parser->at };
	begin_element(parser);
	while (!err) {
		const struct st_erl_word *at = parser->at;

		frame = &parser->frames[parser->depth];
		if (parser->wants_operand) {
			bool is_empty = frame->base == parser->nr &&
					frame->kind != ST_ERL_IN_PAREN &&
					st_erl_is(at, closers[frame->kind]);

			err = is_empty && !frame->op ? close_frame(parser) : take_operand(parser);
			continue;
		}
		if (!parser->depth && (is_last(at) || st_erl_is(at, ",") || st_erl_is(at, ";"))) {
			err = finish_element(parser);
			break;
		}
		err = take_after(parser);
	}
	if (!err)
		*ret_term = parser->values[0];
	return err;
}

/* ---- bodies and files ---- */

static int bind(struct st_erl_parser *parser, const char *name, const struct st_erl_term *term)
{
	struct st_erl_binding *binding = st_arena_alloc(&parser->plan->arena, 1, sizeof(*binding));

	if (!binding)
		return -ENOMEM;
	if (parser->nr_bindings++ == MAX_BINDINGS)
		return st_erl_parser_refuse(parser, parser->at, "these are too many variables");
	binding->name = name;
	binding->term = term;
	binding->next = parser->bindings;
	parser->bindings = binding;
	return 0;
}

/* VARIABLE = EXPRESSION, or an expression. */
static int parse_statement(struct st_erl_parser *parser, const struct st_erl_term **ret_term)
{
	const struct st_erl_word *first = parser->at;
	const struct st_erl_word *value = first;
	int err;

	while (value->kind == ST_ERL_VARIABLE && st_erl_is(value + 1, "="))
		value += 2;
	parser->at = value;
	err = parse(parser, ret_term);
	for (; !err && first < value; first += 2)
		err = bind(parser, first->text, *ret_term);
	return err;
}

static int parse_statements(struct st_erl_parser *parser)
{
	struct st_erl_file *file = parser->file;
	const struct st_erl_term *term;
	int err;

	for (;;) {
		bool is_binding = parser->at->kind == ST_ERL_VARIABLE &&
				  st_erl_is(parser->at + 1, "=");

		err = parse_statement(parser, &term);
		if (err)
			return err;
		if (!st_erl_is(parser->at, ","))
			break;
		if (!is_binding && term->raw)
			st_plan_note(parser->plan, parser->plan->root, term->line,
				     "init/1 has %s, which is not carried over", term->raw);
		parser->at++;
	}
	if (st_erl_is(parser->at, ";")) {
		file->has_more_clauses = true;
		file->more_line = parser->at[1].line;
	}
	file->term = term;
	return 0;
}

int st_erl_parse_body(struct st_erl_file *file, const struct st_erl_words *words)
{
	struct st_erl_parser parser = {
		.file = file,
		.plan = &file->import->plan,
		.at = words->items,
	};
	int err;

	parser.plan->source = file->file->name;
	err = parse_statements(&parser);
	st_free(parser.values);
	return err;
}

int st_erl_parse_terms(struct st_erl_file *file, const struct st_erl_words *words)
{
	struct st_erl_parser parser = {
		.file = file,
		.plan = &file->import->plan,
		.at = words->items,
	};
	const struct st_erl_term **terms = NULL, **larger;
	struct st_erl_term *all = st_erl_value_new(&parser, ST_ERL_IS_LIST, words->items);
	size_t nr = 0;
	int err = all ? 0 : -ENOMEM;

	while (!err && parser.at->kind != ST_ERL_END) {
		larger = st_realloc(terms, (nr + 1) * sizeof(const struct st_erl_term *));
		terms = larger ? larger : terms;
		err = larger ? parse(&parser, &terms[nr]) : -ENOMEM;
		if (!err && (st_erl_is(parser.at, ",") || st_erl_is(parser.at, ";")))
			err = unexpected(&parser);
		nr += !err;
		parser.at += !err && parser.at->kind == ST_ERL_DOT;
	}
	parser.nr = 0;
	for (size_t i = 0; i < nr && !err; i++)
		err = st_erl_value_push(&parser, terms[i]);
	if (!err)
		err = st_erl_value_compound(&parser, all, 0);
	if (!err)
		file->term = nr == 1 ? terms[0] : all;
	st_free(terms);
	st_free(parser.values);
	return err;
}
