// SPDX-License-Identifier: GPL-2.0-only
/*
 * The words of Erlang; see erlang.h. What Erlang's own scanner refuses is refused here with
 * line and column; what belongs to Elixir is named.
 */
#include "cli/import/erlang.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/character.h"

struct scan {
	const struct st_erl_file *file;
	struct st_erl_words *words;
	const char *at;
	const char *end;
	const char *line_start;
	unsigned int line;
	const char *counted; /* characters of the line before it: */
	unsigned int nr_counted;
};

static const char *const keywords[] = {
	"after", "and",	 "andalso", "band", "begin", "bnot",	"bor", "bsl",  "bsr",
	"bxor",	 "case", "catch",   "cond", "div",   "end",	"fun", "if",   "let",
	"not",	 "of",	 "orelse",  "or",   "rem",   "receive", "try", "when", "xor",
};

/* The longest come first. */
static const char *const marks[] = {
	"=:=", "=/=", "...", "<<", ">>", "->", "<-", "<=", "=>", ":=", "++", "--", "==",
	"/=",  "=<",  ">=",  "||", "::", "..", "?=", "!",  "(",	 ")",  "{",  "}",  "[",
	"]",   ",",   ";",   "|",  "#",	 ":",  "=",  "+",  "-",	 "*",  "/",  "<",  ">",
};

bool st_erl_is(const struct st_erl_word *word, const char *raw)
{
	return (word->kind == ST_ERL_MARK || word->kind == ST_ERL_KEYWORD) &&
	       strlen(raw) == word->len && !memcmp(word->raw, raw, word->len);
}

int st_erl_push(struct st_erl_words *words, const struct st_erl_word *word)
{
	size_t space = words->space ? words->space * 2 : 256;
	struct st_erl_word *items;

	if (words->nr == ST_ERL_MAX_WORDS)
		return -E2BIG;
	if (words->nr == words->space) {
		items = st_realloc(words->items, space * sizeof(*items));
		if (!items)
			return -ENOMEM;
		words->items = items;
		words->space = space;
	}
	words->items[words->nr++] = *word;
	return 0;
}

/* The column of a place in the line, in characters; places come in order. */
static unsigned int column_of(struct scan *scan, const char *at)
{
	if (scan->counted < scan->line_start || scan->counted > at) {
		scan->counted = scan->line_start;
		scan->nr_counted = 0;
	}
	for (; scan->counted < at; scan->counted++)
		scan->nr_counted += ((unsigned char)*scan->counted & 0xc0) != 0x80;
	return scan->nr_counted + 1;
}

static int refuse(struct scan *scan, const char *at, const char *why)
{
	return st_erl_refuse(scan->file, scan->line, column_of(scan, at), "%s", why);
}

/* The value of a digit of any base; 99: it is none. */
static unsigned int digit_of(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned int)(c - '0');
	if (c >= 'a' && c <= 'z')
		return (unsigned int)(c - 'a' + 10);
	return c >= 'A' && c <= 'Z' ? (unsigned int)(c - 'A' + 10) : 99;
}

static uint32_t digits(const char **at, const char *end, unsigned int base, unsigned int most)
{
	uint32_t code = 0;

	for (; *at < end && most-- && digit_of(**at) < base && code <= 0x10ffff; ++*at)
		code = code * base + digit_of(**at);
	return code;
}

/* One sign of a text after a backslash; moves @at past it. */
static uint32_t escape(const char **at, const char *end)
{
	static const char names[] = "ntrsbdefv";
	static const unsigned char codes[] = { 10, 9, 13, 32, 8, 127, 27, 12, 11 };
	const char *name = **at ? strchr(names, **at) : NULL;
	struct st_character character;
	uint32_t code;

	if (name) {
		++*at;
		return codes[name - names];
	}
	if (**at >= '0' && **at <= '7')
		return digits(at, end, 8, 3);
	if (**at == 'x' && end - *at > 2) {
		bool is_long = (*at)[1] == '{';

		*at += is_long ? 2 : 1;
		code = digits(at, end, 16, is_long ? 8 : 2);
		*at += is_long && *at < end && **at == '}';
		return code;
	}
	if (**at == '^' && end - *at > 1) {
		*at += 2;
		return (unsigned char)(*at)[-1] & 31;
	}
	character = st_character_read(*at, (size_t)(end - *at));
	*at += character.len;
	return character.code;
}

/* A character in UTF-8; what no text can have is U+0001, which no id can have either. */
static void add_code(struct st_buf *text, uint32_t code)
{
	if (!code || code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		code = 1;
	if (code < 0x80) {
		st_buf_add_char(text, (char)code);
		return;
	}
	if (code < 0x800) {
		st_buf_add_char(text, (char)(0xc0 | (code >> 6)));
	} else {
		if (code < 0x10000) {
			st_buf_add_char(text, (char)(0xe0 | (code >> 12)));
		} else {
			st_buf_add_char(text, (char)(0xf0 | (code >> 18)));
			st_buf_add_char(text, (char)(0x80 | ((code >> 12) & 63)));
		}
		st_buf_add_char(text, (char)(0x80 | ((code >> 6) & 63)));
	}
	st_buf_add_char(text, (char)(0x80 | (code & 63)));
}

/* Blanks and comments. */
static void skip(struct scan *scan)
{
	for (; scan->at < scan->end; scan->at++) {
		if (*scan->at == '%')
			while (scan->at < scan->end && *scan->at != '\n')
				scan->at++;
		if (scan->at == scan->end || !isspace((unsigned char)*scan->at))
			return;
		if (*scan->at == '\n') {
			scan->line++;
			scan->line_start = scan->at + 1;
		}
	}
}

static int push(struct scan *scan, struct st_erl_word *word, const char *start)
{
	int err;

	word->raw = start;
	word->len = (size_t)(scan->at - start);
	word->line = scan->line;
	word->column = column_of(scan, start);
	err = st_erl_push(scan->words, word);
	return err == -E2BIG ? refuse(scan, start, "it has too many words") : err;
}

/* A text up to its quote: a string, or an atom in quotes. */
static int scan_quoted(struct scan *scan, char quote)
{
	struct st_erl_word word = { .kind = quote == '"' ? ST_ERL_STRING : ST_ERL_ATOM };
	const char *start = scan->at++, *next_line = scan->line_start;
	struct st_buf text = ST_BUF_INIT;
	unsigned int lines = 0;
	int err;

	while (scan->at < scan->end && *scan->at != quote) {
		if (*scan->at == '\n') {
			lines++;
			next_line = scan->at + 1;
		}
		if (*scan->at == '\\' && scan->end - scan->at > 1) {
			scan->at++;
			lines += *scan->at == '\n';
			if (*scan->at == '\n')
				next_line = scan->at + 1;
			add_code(&text, escape(&scan->at, scan->end));
		} else {
			st_buf_add_char(&text, *scan->at++);
		}
	}
	scan->file->import->plan.has_failed |= text.failed;
	if (scan->at == scan->end) {
		st_buf_done(&text);
		return refuse(scan, start, "a quote has no end");
	}
	scan->at++;
	word.text = st_plan_copy(&scan->file->import->plan, text.len ? text.data : "", text.len);
	st_buf_done(&text);
	err = push(scan, &word, start);
	scan->line += lines;
	scan->line_start = next_line;
	return err;
}

/* The digits of an integer, with _ between them; false: more than 64 bits. */
static bool read_digits(struct scan *scan, unsigned int base, int64_t *ret_value)
{
	bool fits = true;
	int64_t value = 0;

	for (; scan->at < scan->end; scan->at++) {
		unsigned int digit = digit_of(*scan->at);

		if (*scan->at == '_' && scan->end - scan->at > 1 &&
		    isalnum((unsigned char)scan->at[1]))
			continue;
		if (digit >= base)
			break;
		fits &= !__builtin_mul_overflow(value, (int64_t)base, &value) &&
			!__builtin_add_overflow(value, (int64_t)digit, &value);
	}
	*ret_value = value;
	return fits;
}

static void read_fraction(struct scan *scan)
{
	scan->at++;
	while (scan->at < scan->end && isdigit((unsigned char)*scan->at))
		scan->at++;
	if (scan->end - scan->at > 1 && (*scan->at == 'e' || *scan->at == 'E')) {
		scan->at += 1 + (scan->at[1] == '-' || scan->at[1] == '+');
		while (scan->at < scan->end && isdigit((unsigned char)*scan->at))
			scan->at++;
	}
}

static int scan_number(struct scan *scan)
{
	struct st_erl_word word = { .kind = ST_ERL_INTEGER };
	const char *start = scan->at;
	bool fits = read_digits(scan, 10, &word.integer);

	if (scan->end - scan->at > 1 && *scan->at == '#' && isalnum((unsigned char)scan->at[1])) {
		const char *hash = scan->at++;

		if (!fits || word.integer < 2 || word.integer > 36)
			return refuse(scan, start, "the base of a number must be 2 to 36");
		fits = read_digits(scan, (unsigned int)word.integer, &word.integer);
		if (scan->at == hash + 1)
			return refuse(scan, start, "this is no digit of that base");
	} else if (scan->end - scan->at > 1 && *scan->at == '.' &&
		   isdigit((unsigned char)scan->at[1])) {
		fits = false;
		read_fraction(scan);
	}
	if (scan->at < scan->end && (isalnum((unsigned char)*scan->at) || *scan->at == '_'))
		return refuse(scan, start, "this is no number");
	if (!fits)
		word.kind = ST_ERL_FLOAT;
	return push(scan, &word, start);
}

/* $a, $\n, $é */
static int scan_character(struct scan *scan)
{
	struct st_erl_word word = { .kind = ST_ERL_INTEGER };
	const char *start = scan->at++;
	struct st_character character;

	if (scan->at < scan->end && *scan->at == '\\' && scan->end - scan->at > 1) {
		scan->at++;
		word.integer = escape(&scan->at, scan->end);
		return push(scan, &word, start);
	}
	if (scan->at == scan->end || *scan->at == '\n')
		return refuse(scan, start, "a character must follow $");
	character = st_character_read(scan->at, (size_t)(scan->end - scan->at));
	scan->at += character.len;
	word.integer = character.code;
	return push(scan, &word, start);
}

static bool is_name(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '@' || (unsigned char)c >= 0x80;
}

static int scan_name(struct scan *scan)
{
	struct st_erl_word word = { .kind = ST_ERL_ATOM };
	const char *start = scan->at, *name = start;

	if (*start == '?')
		name += 1 + (start + 1 < scan->end && start[1] == '?');
	for (scan->at = name; scan->at < scan->end && is_name(*scan->at);)
		scan->at++;
	word.text = st_plan_copy(&scan->file->import->plan, name, (size_t)(scan->at - name));
	if (*start == '?') {
		word.kind = ST_ERL_MACRO;
		if (scan->at == name)
			return refuse(scan, start, "the name of a macro must follow ?");
	} else if (*start == '_' || isupper((unsigned char)*start)) {
		word.kind = ST_ERL_VARIABLE;
	}
	for (size_t i = 0; i < ST_ARRAY_SIZE(keywords) && word.kind == ST_ERL_ATOM; i++)
		if (!strcmp(keywords[i], word.text))
			word.kind = ST_ERL_KEYWORD;
	return push(scan, &word, start);
}

/* A dot ends a form if a blank, a comment or nothing follows it. */
static int scan_dot(struct scan *scan)
{
	struct st_erl_word word = { .kind = ST_ERL_DOT };
	const char *start = scan->at++;

	if (scan->at < scan->end && isalpha((unsigned char)*scan->at))
		return refuse(scan, start,
			      "a name with dots is Elixir; this reads Erlang, so write the child "
			      "specifications as Erlang's terms");
	return push(scan, &word, start);
}

static int scan_mark(struct scan *scan)
{
	struct st_erl_word word = { .kind = ST_ERL_MARK };
	const char *start = scan->at;
	struct st_character character;
	char why[80];

	for (size_t i = 0; i < ST_ARRAY_SIZE(marks); i++) {
		size_t len = strlen(marks[i]);

		if ((size_t)(scan->end - start) < len || memcmp(start, marks[i], len))
			continue;
		scan->at += len;
		return push(scan, &word, start);
	}
	character = st_character_read(start, (size_t)(scan->end - start));
	(void)snprintf(why, sizeof(why), "Erlang has no %.*s here", (int)character.len, start);
	return refuse(scan, start, why);
}

static int scan_word(struct scan *scan)
{
	char c = *scan->at;
	bool is_last = scan->end - scan->at == 1;

	if (c == '"' || c == '\'')
		return scan_quoted(scan, c);
	if (c == '$')
		return scan_character(scan);
	if (isdigit((unsigned char)c))
		return scan_number(scan);
	if (is_name(c) || (c == '?' && !is_last && scan->at[1] != '='))
		return scan_name(scan);
	if (c == '.' && (is_last || scan->at[1] != '.'))
		return scan_dot(scan);
	return scan_mark(scan);
}

int st_erl_scan(const struct st_erl_file *file, struct st_erl_words *words)
{
	struct scan scan = {
		.file = file,
		.words = words,
		.at = file->file->text,
		.end = file->file->text + file->file->len,
		.line_start = file->file->text,
		.line = 1,
		.counted = file->file->text,
	};
	struct st_erl_word end = { .kind = ST_ERL_END };
	int err = 0;

	skip(&scan);
	while (!err && scan.at < scan.end) {
		err = scan_word(&scan);
		skip(&scan);
	}
	return err ? err : push(&scan, &end, scan.at);
}
