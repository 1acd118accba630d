// SPDX-License-Identifier: GPL-2.0-only
/*
 * Values of what erlang_term.c has read, and how they are written; see erlang_parser.h.
 */
#include "cli/import/erlang_parser.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

#define MAX_COPIES 1000000 /* of items, when lists are joined */
#define MAX_RAW 4000 /* bytes of an expression that are kept */

int st_erl_parser_refuse(const struct st_erl_parser *parser, const struct st_erl_word *word,
			 const char *why)
{
	return st_erl_refuse(parser->file, word->line, word->column, "%s", why);
}

const char *st_erl_join(struct st_plan *plan, const struct st_erl_word *words, size_t nr)
{
	struct st_buf text = ST_BUF_INIT;
	const char *copy;

	for (size_t i = 0; i < nr && text.len < MAX_RAW; i++) {
		if (i && words[i - 1].raw + words[i - 1].len != words[i].raw)
			st_buf_add_char(&text, ' ');
		st_buf_add(&text, words[i].raw, words[i].len);
	}
	plan->has_failed |= text.failed;
	copy = st_plan_copy(plan, text.len ? text.data : "", text.len);
	st_buf_done(&text);
	return copy;
}

int st_erl_value_push(struct st_erl_parser *parser, const struct st_erl_term *term)
{
	size_t space = parser->space ? parser->space * 2 : 64;
	const struct st_erl_term **values;

	if (!term)
		return -ENOMEM;
	if (parser->nr == parser->space) {
		values = st_realloc(parser->values, space * sizeof(const struct st_erl_term *));
		if (!values)
			return -ENOMEM;
		parser->values = values;
		parser->space = space;
	}
	parser->values[parser->nr++] = term;
	parser->wants_operand = false;
	return 0;
}

struct st_erl_term *st_erl_value_new(struct st_erl_parser *parser, enum st_erl_type type,
				     const struct st_erl_word *first)
{
	struct st_erl_term *term = st_arena_alloc(&parser->plan->arena, 1, sizeof(*term));

	if (!term)
		return NULL;
	term->type = type;
	term->line = first->line;
	term->column = first->column;
	return term;
}

/* A term without others inside, of the words up to the next one. */
int st_erl_value_simple(struct st_erl_parser *parser, enum st_erl_type type,
			const struct st_erl_word *first)
{
	struct st_erl_term *term = st_erl_value_new(parser, type, first);

	if (!term)
		return -ENOMEM;
	term->raw = st_erl_join(parser->plan, first, (size_t)(parser->at - first));
	term->text = first->text;
	term->integer = first->integer;
	term->has_opaque = type == ST_ERL_IS_OPAQUE;
	return st_erl_value_push(parser, term);
}

/* Make the last values one term. */
int st_erl_value_compound(struct st_erl_parser *parser, struct st_erl_term *term, size_t base)
{
	size_t nr = parser->nr - base;

	if (!term)
		return -ENOMEM;
	term->items = st_arena_alloc(&parser->plan->arena, nr ? nr : 1,
				     sizeof(const struct st_erl_term *));
	if (!term->items)
		return -ENOMEM;
	term->nr = nr;
	for (size_t i = 0; i < nr; i++) {
		const struct st_erl_term *item = parser->values[base + i];

		term->items[i] = item;
		term->has_opaque |= item->has_opaque;
		if (item->depth >= term->depth)
			term->depth = item->depth + 1;
	}
	if (term->depth > ST_ERL_MAX_DEPTH)
		return st_erl_refuse(parser->file, term->line, term->column,
				     "terms are nested too deep");
	parser->nr = base;
	return st_erl_value_push(parser, term);
}

/* Lists one after the other; one that is not known may be the last. -EAGAIN: opaque. */
int st_erl_value_join(struct st_erl_parser *parser, size_t base)
{
	size_t nr_operands = parser->nr - base;
	struct st_erl_term *list =
		st_erl_value_new(parser, ST_ERL_IS_LIST, parser->frames[parser->depth].element);
	int err = list ? 0 : -ENOMEM;

	for (size_t i = 0; i < nr_operands && !err; i++) {
		const struct st_erl_term *operand = parser->values[base + i];
		bool is_final = i + 1 == nr_operands;

		if (is_final && operand->type == ST_ERL_IS_OPAQUE) {
			list->has_tail = true;
			err = st_erl_value_push(parser, operand);
			break;
		}
		if (operand->type != ST_ERL_IS_LIST || (operand->has_tail && !is_final))
			return -EAGAIN;
		parser->nr_copies += operand->nr;
		if (parser->nr_copies > MAX_COPIES)
			return st_erl_parser_refuse(parser, parser->at, "its lists are too long");
		for (size_t k = 0; k < operand->nr && !err; k++)
			err = st_erl_value_push(parser, operand->items[k]);
		list->has_tail |= operand->has_tail;
	}
	base += nr_operands;
	return err ? err : st_erl_value_compound(parser, list, base);
}

/* Whole numbers with + - or *. -EAGAIN: opaque. */
int st_erl_value_calculate(struct st_erl_parser *parser, size_t base, const char *op)
{
	const struct st_erl_frame *frame = &parser->frames[parser->depth];
	int64_t value = parser->values[base]->integer;
	struct st_erl_term *term;
	char raw[24];

	for (size_t i = base; i < parser->nr; i++) {
		int64_t other = parser->values[i]->integer;

		if (parser->values[i]->type != ST_ERL_IS_INTEGER)
			return -EAGAIN;
		if (i > base && (*op == '+' ? __builtin_add_overflow(value, other, &value) :
				 *op == '-' ? __builtin_sub_overflow(value, other, &value) :
					      __builtin_mul_overflow(value, other, &value)))
			return -EAGAIN;
	}
	term = st_erl_value_new(parser, ST_ERL_IS_INTEGER, frame->element);
	if (!term)
		return -ENOMEM;
	(void)snprintf(raw, sizeof(raw), "%lld", (long long)value);
	term->raw = st_plan_copy(parser->plan, raw, strlen(raw));
	term->integer = value;
	return st_erl_value_push(parser, term);
}

int st_erl_value_list(struct st_erl_parser *parser, const struct st_erl_frame *frame)
{
	struct st_erl_term *list = st_erl_value_new(parser, ST_ERL_IS_LIST, frame->first);
	const struct st_erl_term *tail;
	int err = list ? 0 : -ENOMEM;

	if (!err && frame->has_tail) {
		tail = parser->values[parser->nr - 1];
		list->has_tail = tail->type != ST_ERL_IS_LIST || tail->has_tail;
		if (tail->type == ST_ERL_IS_LIST) {
			parser->nr--;
			parser->nr_copies += tail->nr;
			if (parser->nr_copies > MAX_COPIES)
				return st_erl_parser_refuse(parser, parser->at,
							    "its lists are too long");
			for (size_t i = 0; i < tail->nr && !err; i++)
				err = st_erl_value_push(parser, tail->items[i]);
		}
	}
	return err ? err : st_erl_value_compound(parser, list, frame->base);
}

static bool is_same_key(const struct st_erl_term *a, const struct st_erl_term *b)
{
	return a->type == b->type && a->raw && b->raw && !strcmp(a->raw, b->raw);
}

/* Before the pairs of M#{k => v}: those of M that it does not change. */
int st_erl_value_map(struct st_erl_parser *parser, const struct st_erl_frame *frame)
{
	size_t end = parser->nr;
	int err = 0;

	if ((end - frame->base) % 2)
		return st_erl_parser_refuse(parser, parser->at, "a key of a map has no value");
	for (size_t i = 0; frame->map && i < frame->map->nr && !err; i += 2) {
		bool is_changed = false;

		parser->nr_copies += 1 + (end - frame->base) / 2;
		if (parser->nr_copies > MAX_COPIES)
			return st_erl_parser_refuse(parser, parser->at, "its maps are too large");
		for (size_t k = frame->base; k < end; k += 2)
			is_changed |= is_same_key(parser->values[k], frame->map->items[i]);
		if (is_changed)
			continue;
		err = st_erl_value_push(parser, frame->map->items[i]);
		if (!err)
			err = st_erl_value_push(parser, frame->map->items[i + 1]);
	}
	return err ? err :
		     st_erl_value_compound(parser,
					   st_erl_value_new(parser, ST_ERL_IS_MAP, frame->first),
					   frame->base);
}

static const struct {
	const char *name;
	int64_t ms;
} timers[] = {
	{ "seconds", 1000 },
	{ "minutes", 60000 },
	{ "hours", 3600000 },
};

int st_erl_value_call(struct st_erl_parser *parser, const struct st_erl_frame *frame)
{
	const struct st_erl_term *arg =
		parser->nr == frame->base + 1 ? parser->values[frame->base] : NULL;
	const struct st_erl_word *first = frame->first;
	struct st_erl_term *term;

	parser->nr = frame->base;
	for (size_t i = 0; i < ST_ARRAY_SIZE(timers); i++) {
		char raw[24];
		int64_t ms;

		if (strcmp(first->text, "timer") || !st_erl_is(first + 1, ":") || !arg ||
		    arg->type != ST_ERL_IS_INTEGER || strcmp(first[2].text, timers[i].name) ||
		    __builtin_mul_overflow(arg->integer, timers[i].ms, &ms))
			continue;
		term = st_erl_value_new(parser, ST_ERL_IS_INTEGER, first);
		if (!term)
			return -ENOMEM;
		(void)snprintf(raw, sizeof(raw), "%lld", (long long)ms);
		term->raw = st_plan_copy(parser->plan, raw, strlen(raw));
		term->integer = ms;
		return st_erl_value_push(parser, term);
	}
	return st_erl_value_simple(parser, ST_ERL_IS_OPAQUE, first);
}

/* ---- printing ---- */

static const struct {
	const char *open;
	const char *close;
} brackets[] = {
	[ST_ERL_IS_TUPLE] = { "{", "}" },
	[ST_ERL_IS_LIST] = { "[", "]" },
	[ST_ERL_IS_MAP] = { "#{", "}" },
};

static const char *separator(const struct st_erl_term *term, size_t index)
{
	if (!index)
		return "";
	if (term->type == ST_ERL_IS_MAP && index % 2)
		return " => ";
	return term->has_tail && index + 1 == term->nr ? " | " : ", ";
}

void st_erl_print(const struct st_erl_term *term, size_t most, struct st_buf *out)
{
	struct {
		const struct st_erl_term *term;
		size_t index;
	} stack[ST_ERL_MAX_DEPTH + 2] = { { .term = term } };
	size_t depth = 0, end = out->len + most;

	if (term->raw) {
		st_buf_add_text(out, term->raw);
		return;
	}
	st_buf_add_text(out, brackets[term->type].open);
	for (;;) {
		const struct st_erl_term *top = stack[depth].term, *item;

		if (out->len > end || out->failed)
			return;
		if (stack[depth].index == top->nr) {
			st_buf_add_text(out, brackets[top->type].close);
			if (!depth--)
				return;
			continue;
		}
		st_buf_add_text(out, separator(top, stack[depth].index));
		item = top->items[stack[depth].index++];
		if (item->raw) {
			st_buf_add_text(out, item->raw);
			continue;
		}
		stack[++depth].term = item;
		stack[depth].index = 0;
		st_buf_add_text(out, brackets[item->type].open);
	}
}
