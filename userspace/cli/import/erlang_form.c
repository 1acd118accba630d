// SPDX-License-Identifier: GPL-2.0-only
/*
 * The forms of a file of Erlang; see erlang.h. A module is read up to its init/1, as the
 * preprocessor would: macros are filled in, and the branches of -ifdef are chosen.
 */
#include "cli/import/erlang.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"

#define MAX_DEPTH 32 /* of macros in macros, and of -ifdef */
#define MAX_PARAMS 16
#define MAX_MACROS 1000

struct macro {
	struct macro *next;
	const char *name;
	size_t nr_params;
	bool has_params; /* () counts, too */
	bool is_gone; /* -undef */
	const char *params[MAX_PARAMS];
	const struct st_erl_word *body;
	size_t nr;
};

/* Words to take next: those of the file, of a macro, or of one of its arguments. */
struct source {
	const struct st_erl_word *at;
	const struct st_erl_word *end;
	const struct macro *macro; /* these words are its body */
	const struct source *user; /* where this macro is used */
	const struct st_erl_word *args[MAX_PARAMS]; /* of ->macro */
	size_t nr_args[MAX_PARAMS];
};

struct forms {
	struct st_erl_file *file;
	struct st_plan *plan;
	struct macro *macros; /* the newest first */
	size_t nr_macros;
	bool is_taken[MAX_DEPTH]; /* each -ifdef around: its branch counts */
	size_t nr_ifs;
};

int st_erl_refuse(const struct st_erl_file *file, unsigned int line, unsigned int column,
		  const char *format, ...)
{
	char text[400];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args); /* a long text is cut */
	va_end(args);
	return st_import_refuse_at(file->import, file->file, line, column, text);
}

static int refuse(const struct forms *forms, const struct st_erl_word *word, const char *why)
{
	return st_erl_refuse(forms->file, word->line, word->column, "%s", why);
}

/* ---- macros ---- */

static bool has_macro(const struct forms *forms, const char *name)
{
	for (const struct macro *macro = forms->macros; macro; macro = macro->next)
		if (!macro->is_gone && !strcmp(macro->name, name))
			return true;
	return false;
}

/* The parenthesis that closes the one at @at; NULL: none does. */
static const struct st_erl_word *closing(const struct st_erl_word *at,
					 const struct st_erl_word *end)
{
	size_t depth = 0;

	for (; at < end; at++) {
		if (st_erl_is(at, "(") || st_erl_is(at, "{") || st_erl_is(at, "[") ||
		    st_erl_is(at, "<<"))
			depth++;
		else if (st_erl_is(at, ")") || st_erl_is(at, "}") || st_erl_is(at, "]") ||
			 st_erl_is(at, ">>"))
			depth--;
		if (!depth)
			return at;
	}
	return NULL;
}

/* -define(NAME, ...) or -define(NAME(A, B), ...): @at is NAME, @end the last parenthesis. */
static int define(struct forms *forms, const struct st_erl_word *at, const struct st_erl_word *end)
{
	struct macro *macro = st_arena_alloc(&forms->plan->arena, 1, sizeof(*macro));

	if (!macro)
		return -ENOMEM;
	if (forms->nr_macros++ == MAX_MACROS)
		return refuse(forms, at, "these are too many macros");
	if (at == end ||
	    (at->kind != ST_ERL_ATOM && at->kind != ST_ERL_VARIABLE && at->kind != ST_ERL_KEYWORD))
		return refuse(forms, at, "a macro needs a name");
	macro->name = at++->text;
	if (at < end && st_erl_is(at, "(")) {
		macro->has_params = true;
		for (at++; at < end && !st_erl_is(at, ")"); at++) {
			if (st_erl_is(at, ","))
				continue;
			if (at->kind != ST_ERL_VARIABLE || macro->nr_params == MAX_PARAMS)
				return refuse(forms, at, "a parameter must be a variable");
			macro->params[macro->nr_params++] = at->text;
		}
		at += at < end;
	}
	if (at == end || !st_erl_is(at, ","))
		return refuse(forms, at, "a comma must follow the name of a macro");
	macro->body = at + 1;
	macro->nr = (size_t)(end - macro->body);
	macro->next = forms->macros;
	forms->macros = macro;
	return 0;
}

/* Arguments of a use of a macro: the words up to @close, of which @nr are in @use. */
static size_t split_args(const struct st_erl_word *open, const struct st_erl_word *close,
			 struct source *use)
{
	const struct st_erl_word *first = open + 1, *inner;
	size_t nr = 0;

	if (first == close)
		return 0;
	for (const struct st_erl_word *at = first; at <= close; at++) {
		inner = at < close ? closing(at, close) : NULL;
		at = inner ? inner : at;
		if (at < close && !st_erl_is(at, ","))
			continue;
		if (nr < MAX_PARAMS) {
			use->args[nr] = first;
			use->nr_args[nr] = (size_t)(at - first);
		}
		nr++;
		first = at + 1;
	}
	return nr;
}

/* The macro that a use means, with its arguments. 1; 0: there is none; -EINVAL */
static int choose_macro(const struct forms *forms, const struct st_erl_word *word,
			struct source *source, struct source *use)
{
	const struct macro *plain = NULL, *with_args = NULL;
	const struct st_erl_word *close;
	size_t nr;

	for (struct macro *macro = forms->macros; macro; macro = macro->next) {
		if (macro->is_gone || strcmp(macro->name, word->text))
			continue;
		plain = plain || macro->has_params ? plain : macro;
		with_args = with_args || !macro->has_params ? with_args : macro;
	}
	use->macro = plain;
	if (!with_args || source->at == source->end || !st_erl_is(source->at, "("))
		return plain != NULL;
	close = closing(source->at, source->end);
	if (!close)
		return refuse(forms, source->at, "a parenthesis has no end");
	nr = split_args(source->at, close, use);
	for (; with_args; with_args = with_args->next)
		if (!with_args->is_gone && with_args->has_params && with_args->nr_params == nr &&
		    !strcmp(with_args->name, word->text))
			break;
	if (!with_args && !plain)
		return refuse(forms, word, "this macro has another number of parameters");
	if (with_args) {
		use->macro = with_args;
		source->at = close + 1;
	}
	return 1;
}

/* The place of a parameter of the macro whose body this is, or -1. */
static int param_of(const struct source *source, const struct st_erl_word *word)
{
	const struct macro *macro = source->macro;

	for (size_t i = 0; macro && word->kind == ST_ERL_VARIABLE && i < macro->nr_params; i++)
		if (!strcmp(macro->params[i], word->text))
			return (int)i;
	return -1;
}

/* The words of an argument are those of the place where the macro is used. */
static void enter_argument(const struct source *source, int param, struct source *next)
{
	const struct source *user = source->user;

	next->at = source->args[param];
	next->end = next->at + source->nr_args[param];
	if (!user)
		return;
	next->macro = user->macro;
	next->user = user->user;
	memcpy(next->args, user->args, sizeof(next->args));
	memcpy(next->nr_args, user->nr_args, sizeof(next->nr_args));
}

/* 1: other words come in the place of a word, and the next source has them. */
static int enter(const struct forms *forms, struct source *stack, size_t depth,
		 const struct st_erl_word *word)
{
	struct source *source = &stack[depth], *next = &stack[depth + 1];
	int param = param_of(source, word), ret;

	memset(next, 0, sizeof(*next));
	if (param >= 0) {
		enter_argument(source, param, next);
		return 1;
	}
	if (word->kind != ST_ERL_MACRO || word->raw[1] == '?')
		return 0;
	ret = choose_macro(forms, word, source, next);
	if (ret <= 0)
		return ret;
	next->at = next->macro->body;
	next->end = next->at + next->macro->nr;
	next->user = source;
	return 1;
}

/* ?MODULE is known; another macro without a definition stays, and becomes opaque. */
static void fill_in(const struct forms *forms, struct st_erl_word *word)
{
	if (word->kind != ST_ERL_MACRO || word->raw[1] == '?' || strcmp(word->text, "MODULE") ||
	    !forms->file->module)
		return;
	word->kind = ST_ERL_ATOM;
	word->text = forms->file->module;
	word->raw = word->text;
	word->len = strlen(word->raw);
}

static int expand(const struct forms *forms, const struct st_erl_word *from,
		  const struct st_erl_word *to, struct st_erl_words *out)
{
	struct source *stack = st_alloc_array(2 * MAX_DEPTH + 2, sizeof(*stack));
	unsigned int line = 0, column = 0;
	size_t depth = 0, steps = 0;
	int err = 0;

	if (!stack)
		return -ENOMEM;
	stack[0].at = from;
	stack[0].end = to;
	while (!err && (depth || stack[0].at < stack[0].end)) {
		struct st_erl_word word;

		if (stack[depth].at == stack[depth].end) {
			depth--;
			continue;
		}
		word = *stack[depth].at++;
		if (!depth) {
			line = word.line;
			column = word.column;
		}
		word.line = line;
		word.column = column;
		if (++steps > 2 * ST_ERL_MAX_WORDS) {
			err = refuse(forms, &word, "its macros make it too large");
			break;
		}
		err = enter(forms, stack, depth, &word);
		if (err) {
			if (err > 0 && ++depth <= 2 * MAX_DEPTH)
				err = 0;
			else if (err > 0)
				err = refuse(forms, &word, "macros go in a circle, or too deep");
			continue;
		}
		fill_in(forms, &word);
		err = st_erl_push(out, &word);
		if (err == -E2BIG)
			err = refuse(forms, &word, "its macros make it too large");
	}
	st_free(stack);
	return err;
}

/* ---- attributes ---- */

static bool is_skipped(const struct forms *forms)
{
	for (size_t i = 0; i < forms->nr_ifs; i++)
		if (!forms->is_taken[i])
			return true;
	return false;
}

static int begin_if(struct forms *forms, const struct st_erl_word *word, bool is_taken)
{
	if (forms->nr_ifs == MAX_DEPTH)
		return refuse(forms, word, "-ifdef is nested too deep");
	forms->is_taken[forms->nr_ifs++] = is_taken;
	return 0;
}

/* 1: it was -ifdef or one of its kind. */
static int take_condition(struct forms *forms, const struct st_erl_word *name,
			  const struct st_erl_word *value)
{
	bool is_if = !strcmp(name->text, "if"), is_ifdef = !strcmp(name->text, "ifdef");
	bool is_else = !strcmp(name->text, "else"), is_elif = !strcmp(name->text, "elif");
	int err;

	if (is_if || is_ifdef || !strcmp(name->text, "ifndef")) {
		bool is_known = value->text && has_macro(forms, value->text);

		if (is_if)
			st_plan_note(forms->plan, forms->plan->root, name->line,
				     "-if is not decided here: its first branch is left out");
		err = begin_if(forms, name, !is_if && is_known == is_ifdef);
		return err ? err : 1;
	}
	if (!is_else && !is_elif && strcmp(name->text, "endif"))
		return 0;
	if (!forms->nr_ifs)
		return refuse(forms, name, "there is no -ifdef before it");
	if (is_else)
		forms->is_taken[forms->nr_ifs - 1] ^= true;
	else if (is_elif)
		forms->is_taken[forms->nr_ifs - 1] = false;
	else
		forms->nr_ifs--;
	return 1;
}

/* -NAME(...). : @at is NAME, @end its dot. */
static int take_attribute(struct forms *forms, const struct st_erl_word *at,
			  const struct st_erl_word *end)
{
	const struct st_erl_word *value = end - at > 2 ? at + 2 : end;
	int ret = take_condition(forms, at, value);

	if (ret || is_skipped(forms))
		return ret < 0 ? ret : 0;
	if (!strcmp(at->text, "module") && value->kind == ST_ERL_ATOM)
		forms->file->module = value->text;
	for (struct macro *macro = forms->macros; macro; macro = macro->next)
		if (!strcmp(at->text, "undef") && value->text && !strcmp(value->text, macro->name))
			macro->is_gone = true;
	if (!strcmp(at->text, "define"))
		return define(forms, value, end > value ? end - 1 : end);
	return 0;
}

/* ---- forms ---- */

static const struct st_erl_word *find_mark(const struct st_erl_word *at,
					   const struct st_erl_word *end, const char *mark)
{
	while (at < end && !st_erl_is(at, mark))
		at++;
	return at;
}

/* init(ARG) -> BODY: 1, and @ret_body is its first word; 0: another function. */
static int is_init(const struct forms *forms, const struct st_erl_word *at,
		   const struct st_erl_word *end, const struct st_erl_word **ret_body)
{
	const struct st_erl_word *close;

	if (at->kind != ST_ERL_ATOM || end - at < 4 || !st_erl_is(at + 1, "("))
		return refuse(forms, at, "this is neither a term nor a form of a module");
	if (strcmp(at->text, "init"))
		return 0;
	close = closing(at + 1, end);
	if (!close)
		return refuse(forms, at + 1, "a parenthesis has no end");
	if (close == at + 2)
		return 0; /* init/0 */
	for (const struct st_erl_word *word = at + 2; word < close; word++) {
		const struct st_erl_word *inner = closing(word, close);

		if (st_erl_is(word, ","))
			return 0; /* init/2 and so on */
		word = inner && inner > word ? inner : word;
	}
	*ret_body = find_mark(close, end, "->") + 1;
	return *ret_body <= end ? 1 : refuse(forms, close, "-> must follow the head of a function");
}

static int read_init(struct forms *forms, const struct st_erl_word *body,
		     const struct st_erl_word *end)
{
	struct st_erl_words words = { .nr = 0 };
	struct st_erl_word stop = *end;
	int err = expand(forms, body, end, &words);

	stop.kind = ST_ERL_END;
	if (!err)
		err = st_erl_push(&words, &stop);
	if (!err)
		err = st_erl_parse_body(forms->file, &words);
	st_free(words.items);
	return err;
}

/* @at begins a form, and @end is its dot. */
static int take_form(struct forms *forms, const struct st_erl_word *at,
		     const struct st_erl_word *end)
{
	const struct st_erl_word *body = end;
	int ret;

	if (st_erl_is(at, "-") && end - at > 1 && at[1].text)
		return take_attribute(forms, at + 1, end);
	if (is_skipped(forms))
		return 0;
	ret = is_init(forms, at, end, &body);
	if (ret > 0)
		ret = forms->file->term ? 0 : read_init(forms, body, end);
	return ret;
}

static int read_module(struct st_erl_file *file, const struct st_erl_words *words)
{
	struct forms forms = { .file = file, .plan = &file->import->plan };
	const struct st_erl_word *at = words->items, *end = at + words->nr - 1, *dot;
	int err = 0;

	for (; at < end && !err; at = dot + 1) {
		for (dot = at; dot < end && dot->kind != ST_ERL_DOT;)
			dot++;
		err = dot == end ? refuse(&forms, at, "this form does not end with a dot") :
				   take_form(&forms, at, dot);
	}
	if (!err && !file->module)
		err = st_import_refuse(file->import, file->file, 0, "there is no -module");
	if (!err && !file->term)
		err = st_import_refuse(file->import, file->file, 0,
				       "there is no init/1 of a supervisor");
	return err;
}

/* Lines that begin with one of these, or a name that ends so, are of Elixir. */
static bool is_elixir(const struct st_import_file *file)
{
	static const char *const words[] = {
		"defmodule ",
		"use Supervisor",
		"use DynamicSupervisor",
		"use Application",
		"import Config",
		"children = [",
		"Supervisor.start_link",
		"def init(",
		"%{id:",
		"[%{id:",
		"%{ id:",
		"use GenServer",
	};
	const char *dot = strrchr(file->name, '.');

	if (dot && (!strcmp(dot, ".ex") || !strcmp(dot, ".exs")))
		return true;
	for (const char *at = file->text; at; at = strchr(at, '\n')) {
		at += strspn(at, " \t\r\n");
		for (size_t i = 0; i < ST_ARRAY_SIZE(words); i++)
			if (!strncmp(at, words[i], strlen(words[i])))
				return true;
	}
	return false;
}

int st_erl_read_file(struct st_erl_file *file)
{
	struct st_erl_words words = { .nr = 0 };
	const struct st_erl_word *first;
	int err;

	if (is_elixir(file->file))
		return st_import_refuse(
			file->import, file->file, 0,
			"this is Elixir; import reads Erlang: write the child "
			"specifications as terms of Erlang, as :supervisor has them");
	err = st_erl_scan(file, &words);
	first = words.items;
	if (!err && first->kind == ST_ERL_END)
		err = st_import_refuse(file->import, file->file, 0, "it has no term and no form");
	else if (!err && (st_erl_is(first, "-") || first->kind == ST_ERL_ATOM))
		err = read_module(file, &words);
	else if (!err)
		err = st_erl_parse_terms(file, &words);
	st_free(words.items);
	return err;
}
