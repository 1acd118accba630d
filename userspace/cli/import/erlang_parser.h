/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the two parts of the parser of terms share: erlang_term.c reads words, and
 * erlang_value.c makes values of what was read.
 */
#ifndef ST_CLI_IMPORT_ERLANG_PARSER_H
#define ST_CLI_IMPORT_ERLANG_PARSER_H

#include "cli/import/erlang.h"

#define ST_ERL_MAX_DEPTH 64

enum st_erl_frame_kind {
	ST_ERL_IN_TOP,
	ST_ERL_IN_PAREN,
	ST_ERL_IN_TUPLE,
	ST_ERL_IN_LIST,
	ST_ERL_IN_MAP,
	ST_ERL_IN_CALL
};

/* A bracket that is open. */
struct st_erl_frame {
	enum st_erl_frame_kind kind;
	bool has_tail; /* LIST: a | was read */
	bool is_opaque; /* the element that was read last */
	size_t base; /* of its values */
	size_t element_base;
	const struct st_erl_word *first; /* of the whole */
	const struct st_erl_word *element; /* of the element that is read */
	const char *op; /* between its operands */
	const struct st_erl_term *map; /* what a #{...} changes */
};

struct st_erl_binding {
	struct st_erl_binding *next;
	const char *name;
	const struct st_erl_term *term;
};

/* Open brackets are frames on a stack, and finished terms are values on another one. */
struct st_erl_parser {
	struct st_erl_file *file;
	struct st_plan *plan;
	const struct st_erl_word *at;
	const struct st_erl_term **values;
	size_t nr;
	size_t space;
	size_t nr_copies;
	struct st_erl_frame frames[ST_ERL_MAX_DEPTH];
	size_t depth; /* frames[depth] is the innermost one */
	bool wants_operand;
	struct st_erl_binding *bindings;
	size_t nr_bindings;
};

/* Say what is wrong at a word. -EINVAL */
int st_erl_parser_refuse(const struct st_erl_parser *parser, const struct st_erl_word *word,
			 const char *why);

/* A term that begins at a word; NULL without memory. */
struct st_erl_term *st_erl_value_new(struct st_erl_parser *parser, enum st_erl_type type,
				     const struct st_erl_word *first);

/* Put a term on the stack; NULL: there was no memory for it. */
int st_erl_value_push(struct st_erl_parser *parser, const struct st_erl_term *term) __must_check;

/* A term without others inside, of the words up to the next one. */
int st_erl_value_simple(struct st_erl_parser *parser, enum st_erl_type type,
			const struct st_erl_word *first) __must_check;

/* Make the values from @base on one term. */
int st_erl_value_compound(struct st_erl_parser *parser, struct st_erl_term *term,
			  size_t base) __must_check;

/*
 * The operands from @base on: lists with ++, or whole numbers with + - or *. The result is
 * pushed after them. -EAGAIN: only a run would tell.
 */
int st_erl_value_join(struct st_erl_parser *parser, size_t base) __must_check;
int st_erl_value_calculate(struct st_erl_parser *parser, size_t base, const char *op) __must_check;

/* What a bracket has inside becomes one value. */
int st_erl_value_list(struct st_erl_parser *parser, const struct st_erl_frame *frame) __must_check;
int st_erl_value_map(struct st_erl_parser *parser, const struct st_erl_frame *frame) __must_check;
int st_erl_value_call(struct st_erl_parser *parser, const struct st_erl_frame *frame) __must_check;

#endif
