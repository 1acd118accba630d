/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of the reader of Erlang share: erlang_scan.c makes words of a file,
 * erlang_form.c finds its terms or its init/1 and fills in macros, erlang_term.c makes
 * terms of words, and erlang.c makes supervisors and children of terms.
 *
 * No Erlang is run. What only a run would tell (calls, variables of a head, records) is an
 * opaque term, which keeps its words for a note.
 */
#ifndef ST_CLI_IMPORT_ERLANG_H
#define ST_CLI_IMPORT_ERLANG_H

#include "cli/import/reader.h"

enum st_erl_word_kind {
	ST_ERL_ATOM,
	ST_ERL_KEYWORD,
	ST_ERL_VARIABLE,
	ST_ERL_INTEGER, /* also $a */
	ST_ERL_FLOAT, /* also an integer of more than 64 bits */
	ST_ERL_STRING,
	ST_ERL_MACRO, /* ?NAME */
	ST_ERL_MARK, /* ( ++ => and so on */
	ST_ERL_DOT, /* the end of a form */
	ST_ERL_END, /* of the file */
};

struct st_erl_word {
	enum st_erl_word_kind kind;
	const char *raw; /* as in the file, not NUL-terminated */
	size_t len;
	const char *text; /* ATOM, KEYWORD, STRING: its characters; MACRO: its name */
	int64_t integer;
	unsigned int line; /* of a word of a macro: where the macro is used */
	unsigned int column; /* in characters, from 1 */
};

/* Some words that follow each other. */
struct st_erl_words {
	struct st_erl_word *items;
	size_t nr;
	size_t space;
};

#define ST_ERL_MAX_WORDS 500000 /* of a file, and of a form with its macros */

enum st_erl_type {
	ST_ERL_IS_ATOM,
	ST_ERL_IS_INTEGER,
	ST_ERL_IS_FLOAT,
	ST_ERL_IS_STRING,
	ST_ERL_IS_BINARY,
	ST_ERL_IS_TUPLE,
	ST_ERL_IS_LIST,
	ST_ERL_IS_MAP, /* a key, its value, the next key and so on */
	ST_ERL_IS_OPAQUE, /* what only a run would tell */
};

/* A term. It does not change, and several terms may have it inside. */
struct st_erl_term {
	enum st_erl_type type;
	bool has_tail; /* LIST: the last item stands for a rest that is not known */
	bool has_opaque; /* it is opaque, or one inside is */
	unsigned int depth; /* of the terms inside */
	unsigned int line;
	unsigned int column;
	const char *raw; /* no TUPLE, LIST or MAP: as in the file, in one line */
	const char *text; /* ATOM, STRING, BINARY of one string: the characters */
	int64_t integer;
	const struct st_erl_term **items;
	size_t nr;
};

/* One of the files. */
struct st_erl_file {
	struct st_import *import;
	const struct st_import_file *file;
	const char *module; /* of -module, or NULL: a file of terms */
	const struct st_erl_term *term; /* what its init/1 returns, or its term */
	bool is_used; /* a supervisor was made of it */
	bool has_more_clauses; /* init/1 has others than the first, at this line */
	unsigned int more_line;
};

/* Say what is wrong at a place of a file. -EINVAL */
int st_erl_refuse(const struct st_erl_file *file, unsigned int line, unsigned int column,
		  const char *format, ...) __printf(4, 5);

/**
 * st_erl_scan() - make words of a file
 * @file: the file
 * @words: gets the words, the last is an END; the caller frees ->items
 *
 * Return: 0, -EINVAL or -ENOMEM.
 */
int st_erl_scan(const struct st_erl_file *file, struct st_erl_words *words) __must_check;

/* Add a word at the end. 0; -ENOMEM; -E2BIG */
int st_erl_push(struct st_erl_words *words, const struct st_erl_word *word) __must_check;

/* Whether it is this mark, or this keyword. */
bool st_erl_is(const struct st_erl_word *word, const char *raw);

/**
 * st_erl_read_file() - find the term of a file
 * @file: gets module and term
 *
 * Return: 0, -EINVAL or -ENOMEM.
 */
int st_erl_read_file(struct st_erl_file *file) __must_check;

/**
 * st_erl_parse_terms() - read a file of terms
 * @file: gets the term: the only one, or a list of all
 * @words: the terms, each with its dot; the last word is an END
 *
 * Return: 0, -EINVAL or -ENOMEM.
 */
int st_erl_parse_terms(struct st_erl_file *file, const struct st_erl_words *words) __must_check;

/**
 * st_erl_parse_body() - read the body of a function
 * @file: gets the term: its last expression
 * @words: from the one after -> on; the last word is an END
 *
 * Return: 0, -EINVAL or -ENOMEM.
 */
int st_erl_parse_body(struct st_erl_file *file, const struct st_erl_words *words) __must_check;

/* Append a term as Erlang has it, in one line, without what is after @most bytes. */
void st_erl_print(const struct st_erl_term *term, size_t most, struct st_buf *out);

/* A copy of words, in one line and without comments, until st_plan_done(). */
const char *st_erl_join(struct st_plan *plan, const struct st_erl_word *words, size_t nr);

#endif
