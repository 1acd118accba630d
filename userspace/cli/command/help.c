// SPDX-License-Identifier: GPL-2.0-only
/*
 * Help texts; see help.h.
 */
#include "cli/command/help.h"

#include <string.h>

#include "cli/command/offered.h"
#include "cli/command/options.h"
#include "cli/show/words.h"
#include "proto/json.h"
#include "proto/offer.h"

#define MARGIN 2
#define OPTION_COLUMN 26 /* where the help of an option begins */
#define WIDTH 79
#define NR_FIRST 8 /* verbs to start with */

static void pad_to(struct st_buf *out, size_t line_start, size_t column)
{
	while (out->len - line_start < column && !out->failed)
		st_buf_add_char(out, ' ');
}

/* Append words, wrapped into lines that begin at a column. The first line has begun. */
static void add_wrapped(struct st_buf *out, size_t line_start, size_t column, const char *text)
{
	const char *space = "";

	while (*text) {
		size_t len = strcspn(text, " ");

		if (out->len - line_start + len >= WIDTH && out->len - line_start > column) {
			st_buf_add_char(out, '\n');
			line_start = out->len;
			pad_to(out, line_start, column);
			space = "";
		}
		st_buf_add_text(out, space);
		st_buf_add(out, text, len);
		text += len + (text[len] == ' ');
		space = " ";
	}
	st_buf_add_char(out, '\n');
}

static void add_title(const struct st_style *style, const char *title, struct st_buf *out)
{
	st_buf_add_char(out, '\n');
	st_style_add(style, ST_COLOR_BOLD, title, out);
	st_buf_add_char(out, '\n');
}

/* A term and its meaning, in two columns. */
static void add_entry(const char *term, const char *meaning, struct st_buf *out)
{
	size_t line_start = out->len;

	pad_to(out, line_start, MARGIN);
	st_buf_add_text(out, term);
	if (out->len - line_start >= OPTION_COLUMN) {
		st_buf_add_char(out, '\n');
		line_start = out->len;
	}
	pad_to(out, line_start, OPTION_COLUMN);
	add_wrapped(out, line_start, OPTION_COLUMN, meaning);
}

static void add_param_word(const struct st_param *param, struct st_buf *out)
{
	const char *metavar = st_param_metavar(param);
	char option[ST_OPTION_SIZE];

	if (param->place == ST_PLACE_REST || param->place == ST_PLACE_WORDS) {
		st_buf_add_text(out, param->place == ST_PLACE_REST ? "-- " : "");
		st_buf_add_text(out, metavar);
		st_buf_add_text(out, "...");
		return;
	}
	if (param->place == ST_PLACE_OPTION) {
		st_param_option(param, option);
		st_buf_add_text(out, "--");
		st_buf_add_text(out, option);
		st_buf_add_text(out, *metavar ? " " : "");
	}
	st_buf_add_text(out, metavar);
}

/* The parameters after "--", or all others. */
static void add_param_words(const struct st_verb *verb, bool is_rest, struct st_buf *out)
{
	for (const struct st_param *param = verb->params; param->name; param++) {
		bool is_required = param->need == ST_NEED_REQUIRED;

		if ((param->place == ST_PLACE_REST) != is_rest)
			continue;
		st_buf_add_text(out, is_required ? " " : " [");
		add_param_word(param, out);
		st_buf_add_text(out, is_required ? "" : "]");
	}
}

void st_help_synopsis(const struct st_verb *verb, struct st_buf *out)
{
	st_buf_add_text(out, "suptree ");
	st_buf_add_text(out, verb->name);
	add_param_words(verb, false, out);
	add_param_words(verb, true, out);
}

/* " (0 to 4096, default 100)" */
static void add_limits(const struct st_param *param, struct st_buf *out)
{
	struct st_buf fallback = ST_BUF_INIT;

	st_param_write_default(param, &fallback);
	if (param->is_bounded || fallback.len)
		st_buf_add_text(out, " (");
	if (param->is_bounded) {
		st_buf_add_i64(out, param->min);
		st_buf_add_text(out, " to ");
		st_buf_add_i64(out, param->max);
	}
	if (fallback.len) {
		st_buf_add_text(out, param->is_bounded ? ", default " : "default ");
		st_buf_add_text(out, st_buf_text(&fallback));
	}
	if (param->is_bounded || fallback.len)
		st_buf_add_char(out, ')');
	st_buf_done(&fallback);
}

static void add_param_meaning(const struct st_param *param, struct st_buf *out)
{
	int nr;
	const char *const *words = st_param_words(param, &nr);
	const char *type = st_param_type_help(param);

	st_buf_add_text(out, param->help);
	if (words) {
		st_buf_add_text(out, ":");
		for (int i = 0; i < nr; i++) {
			st_buf_add_text(out, i ? ", " : " ");
			st_buf_add_text(out, words[i]);
		}
	} else if (type) {
		st_buf_add_text(out, "; ");
		st_buf_add_text(out, type);
	}
	add_limits(param, out);
}

static void add_letter(char letter, struct st_buf *out)
{
	if (!letter)
		return;
	st_buf_add_char(out, '-');
	st_buf_add_char(out, letter);
	st_buf_add_text(out, ", ");
}

static void add_param(const struct st_param *param, struct st_buf *out)
{
	struct st_buf term = ST_BUF_INIT;
	struct st_buf meaning = ST_BUF_INIT;

	add_letter(param->letter, &term);
	add_param_word(param, &term);
	add_param_meaning(param, &meaning);
	add_entry(st_buf_text(&term), st_buf_text(&meaning), out);
	st_buf_done(&term);
	st_buf_done(&meaning);
}

/* "Give exactly one of these: PATH or --pid PID" */
static void add_one_of(const struct st_verb *verb, struct st_buf *out)
{
	struct st_buf words = ST_BUF_INIT;

	for (const struct st_param *param = verb->params; param->name; param++) {
		if (param->need != ST_NEED_ONE_OF)
			continue;
		st_buf_add_text(&words, words.len ? " or " : "Give exactly one of these: ");
		add_param_word(param, &words);
	}
	if (words.len) {
		size_t line_start = out->len;

		pad_to(out, line_start, MARGIN);
		add_wrapped(out, line_start, MARGIN, st_buf_text(&words));
	}
	out->failed |= words.failed;
	st_buf_done(&words);
}

static void add_params(const struct st_verb *verb, const struct st_style *style, struct st_buf *out)
{
	if (verb->params->name)
		add_title(style, "Parameters", out);
	for (const struct st_param *param = verb->params; param->name; param++)
		add_param(param, out);
	add_one_of(verb, out);
}

static void add_options(const struct st_verb *verb, const struct st_style *style,
			struct st_buf *out)
{
	add_title(style, "Options", out);
	for (size_t i = 0; i < ST_CLI_OPTION__MAX; i++) {
		const struct st_cli_option_row *option = &st_cli_options[i];
		struct st_buf term = ST_BUF_INIT;

		if (!st_cli_option_applies(option, verb))
			continue;
		add_letter(option->letter, &term);
		st_buf_add_text(&term, "--");
		st_buf_add_text(&term, option->name);
		if (option->metavar) {
			st_buf_add_char(&term, ' ');
			st_buf_add_text(&term, option->metavar);
		}
		add_entry(st_buf_text(&term), option->help, out);
		st_buf_done(&term);
	}
}

/* "A tree, as it is after event seq: {seq, root: Node}" */
static void add_result(enum st_shape shape, struct st_buf *out)
{
	struct st_buf text = ST_BUF_INIT;

	st_buf_add_text(&text, st_shapes[shape].help);
	st_buf_add_text(&text, ": ");
	st_shape_write_text(shape, &text);
	st_buf_add_text(out, "  ");
	add_wrapped(out, out->len - MARGIN, MARGIN, st_buf_text(&text));
	out->failed |= text.failed;
	st_buf_done(&text);
}

static void add_operation(const struct st_operation_row *row, const struct st_style *style,
			  struct st_buf *out)
{
	add_title(style, "Result", out);
	add_result(row->shape, out);
	add_title(style, "Role", out);
	st_buf_add_text(out, "  ");
	st_buf_add_text(out, st_role_text[row->role]);
	st_buf_add_text(out, row->flags & ST_CHANGES ? ", because it changes something\n" : "\n");
	if (row->errors)
		add_title(style, "Errors", out);
	for (int i = 0; i < ST_ERROR__MAX; i++)
		if (row->errors & UINT64_C(1) << i)
			add_entry(st_errors[i].kind, st_errors[i].meaning, out);
}

void st_help_verb(const struct st_verb *verb, const struct st_style *style, struct st_buf *out)
{
	struct st_buf synopsis = ST_BUF_INIT;
	size_t line_start = out->len;

	st_style_add(style, ST_COLOR_BOLD, verb->name, out);
	st_buf_add_text(out, " - ");
	add_wrapped(out, line_start, 0, verb->summary);
	add_title(style, "Usage", out);
	line_start = out->len;
	st_buf_add_text(out, "  ");
	st_help_synopsis(verb, &synopsis);
	add_wrapped(out, line_start, 2 * MARGIN, st_buf_text(&synopsis));
	st_buf_done(&synopsis);
	add_params(verb, style, out);
	add_options(verb, style, out);
	if (verb->operation)
		add_operation(verb->operation, style, out);
	if (!verb->offered) {
		add_title(style, "Manual", out);
		st_buf_add_text(out, "  man suptree-");
		st_buf_add_text(out, verb->name);
		st_buf_add_char(out, '\n');
	}
	add_title(style, "Example", out);
	st_buf_add_text(out, "  ");
	st_buf_add_text(out, verb->example);
	st_buf_add_char(out, '\n');
}

void st_help_row(const struct st_verb *verb, struct st_buf *out)
{
	const struct st_operation_row row = { .params = verb->params };
	struct st_json json;

	if (verb->offered) {
		st_words_json(verb->offered->listed, out);
		return;
	}
	st_json_init(&json, out);
	st_json_begin_object(&json);
	if (verb->operation) {
		st_operation_write(verb->operation, &json);
	} else {
		st_json_text_field(&json, "verb", verb->name);
		st_json_text_field(&json, "summary", verb->summary);
		st_json_text_field(&json, "group", st_groups[verb->group].name);
		st_json_key(&json, "params");
		st_json_begin_array(&json);
		st_params_write(&row, &json);
		st_json_end_array(&json);
		st_json_text_field(&json, "example", verb->example);
	}
	st_json_end_object(&json);
}

const struct st_exit_row st_exits[] = {
	{ ST_EXIT_OK, "done" },
	{ ST_EXIT_FAILED, "it failed" },
	{ ST_EXIT_USAGE, "the command line or its input is wrong" },
	{ ST_EXIT_NOT_FOUND, "there is no such child, tree or process" },
	{ ST_EXIT_REFUSED, "it is not allowed, or beyond a limit" },
	{ ST_EXIT_TIMEOUT, "it took too long" },
	{ ST_EXIT_UNREACHABLE, "no daemon answers" },
	{ ST_EXIT_CONFLICT, "the state of the target does not allow it" },
	{ ST_EXIT_FINDINGS, "a check found a mistake or a difference" },
};
const size_t st_nr_exits = ST_ARRAY_SIZE(st_exits);

static void add_exits(const struct st_style *style, struct st_buf *out)
{
	add_title(style, "Exit codes", out);
	for (size_t i = 0; i < st_nr_exits; i++) {
		st_buf_add_text(out, "  ");
		st_buf_add_u64(out, st_exits[i].code);
		st_buf_add_text(out, "  ");
		st_buf_add_text(out, st_exits[i].meaning);
		st_buf_add_char(out, '\n');
	}
}

static void add_roles(const struct st_style *style, struct st_buf *out)
{
	add_title(style, "Roles", out);
	for (int role = 0; role < ST_ROLE__MAX; role++)
		if (st_role_help[role])
			add_entry(st_role_text[role], st_role_help[role], out);
}

static void add_rules(const struct st_style *style, struct st_buf *out)
{
	add_title(style, "Rules", out);
	add_entry("[C1], [K3] ...",
		  "rules of OTP; RULES.md explains them, in share/doc/suptree, or in "
		  "userspace/core of the sources",
		  out);
}

static void add_aliases(const struct st_style *style, struct st_buf *out)
{
	add_title(style, "Other names", out);
	for (size_t i = 0; i < st_nr_aliases; i++) {
		struct st_buf meaning = ST_BUF_INIT;

		st_buf_add_text(&meaning, st_aliases[i].verb);
		if (st_aliases[i].option) {
			st_buf_add_text(&meaning, " --");
			st_buf_add_text(&meaning, st_aliases[i].option);
		}
		add_entry(st_aliases[i].name, st_buf_text(&meaning), out);
		st_buf_done(&meaning);
	}
}

const struct st_console_row st_console_rows[] = {
	{ "suptree", "on a terminal: open a console; each line is one of these command lines, "
		     "without \"suptree\"" },
	{ "suptree <FILE", "run the lines of a file; stop at the first line that fails, and exit "
			   "with its exit code" },
	{ "'a b' \"a b\" a\\ b # x", "quote words as in a shell; nothing is expanded" },
	{ "Tab", "complete a verb, an option, or a name that the daemon knows" },
	{ "Ctrl-C", "end the running verb, or discard the line" },
	{ "Ctrl-D, exit, quit", "leave the console" },
	{ "Up, Down, Ctrl-R", "bring back earlier lines; they are kept in "
			      "$XDG_STATE_HOME/suptree/history, else "
			      "~/.local/state/suptree/history; lines that begin with a space are "
			      "not kept" },
};
const size_t st_nr_console_rows = ST_ARRAY_SIZE(st_console_rows);

static void add_console(const struct st_style *style, struct st_buf *out)
{
	add_title(style, "Console", out);
	for (size_t i = 0; i < st_nr_console_rows; i++)
		add_entry(st_console_rows[i].what, st_console_rows[i].meaning, out);
}

/* One entry for each process: "x.kv." and "put, get, delete". */
static void add_offered(const json_t *offered, const struct st_style *style, struct st_buf *out)
{
	struct st_buf whose = ST_BUF_INIT, which = ST_BUF_INIT;
	size_t index;
	const json_t *row;

	if (json_array_size(offered))
		add_title(style, "Offered by processes", out);
	json_array_foreach(offered, index, row) {
		const char *method = st_words_text(row, "name");
		size_t len = st_offer_name_len(method) + strlen(ST_OFFER_PREFIX) + 1;

		if (!st_offer_name_len(method))
			continue;
		if (len != whose.len || strncmp(method, st_buf_text(&whose), len) != 0) {
			if (whose.len)
				add_entry(st_buf_text(&whose), st_buf_text(&which), out);
			st_buf_reset(&whose);
			st_buf_reset(&which);
			st_buf_add(&whose, method, len);
		}
		st_buf_add_text(&which, which.len ? ", " : "");
		st_buf_add_text(&which, st_offer_op(method));
	}
	if (whose.len)
		add_entry(st_buf_text(&whose), st_buf_text(&which), out);
	st_buf_done(&whose);
	st_buf_done(&which);
}

/* "tree [PATH]", "logs PATH". Return: whether there is such a verb. */
static bool add_first_verb(const char *name, struct st_buf *out)
{
	struct st_buf term = ST_BUF_INIT;
	struct st_verb verb;

	if (st_verb_find(name, &verb))
		return false;
	st_buf_add_text(&term, "suptree ");
	st_buf_add_text(&term, verb.name);
	for (const struct st_param *param = verb.params; param->name; param++) {
		bool is_optional = param->need == ST_NEED_OPTIONAL;

		if (param->place != ST_PLACE_ARG)
			continue;
		st_buf_add_text(&term, is_optional ? " [" : " ");
		st_buf_add_text(&term, st_param_metavar(param));
		st_buf_add_text(&term, is_optional ? "]" : "");
	}
	add_entry(st_buf_text(&term), verb.summary, out);
	out->failed |= term.failed;
	st_buf_done(&term);
	return true;
}

/* Enough for a first day. */
static void add_first_verbs(const struct st_style *style, struct st_buf *out)
{
	/* the last ones only as long as there are not enough before them */
	static const char *const first[] = { "check",  "load", "tree",	  "info",	  "logs",
					     "events", "why",  "restart", "restart-child" };
	unsigned int nr = 0;

	add_title(style, "Start here", out);
	for (size_t i = 0; i < ST_ARRAY_SIZE(first) && nr < NR_FIRST; i++)
		nr += add_first_verb(first[i], out);
	st_buf_add_text(out,
			"\n  A PATH is ids joined by \"/\", as in demo/counter_1. Its last part "
			"is enough\n  if no other child has the same.\n");
}

void st_help_all(const json_t *offered, const struct st_style *style, struct st_buf *out)
{
	st_buf_add_text(out, "suptree - supervision trees of processes, as in Erlang/OTP\n\n"
			     "  suptree [OPTIONS] VERB [OPTIONS] [ARGUMENTS]\n"
			     "  suptree help VERB\n"
			     "  suptree [OPTIONS]\n"
			     "  man suptree\n");
	add_first_verbs(style, out);
	for (int group = 0; group < ST_GROUP__MAX; group++) {
		add_title(style, st_groups[group].title, out);
		for (unsigned int i = 0; i < ST_NR_VERBS; i++) {
			struct st_verb verb = st_verb_get(i);

			if ((int)verb.group == group)
				add_entry(verb.name, verb.summary, out);
		}
	}
	add_offered(offered, style, out);
	add_aliases(style, out);
	add_options(NULL, style, out);
	add_exits(style, out);
	add_roles(style, out);
	add_rules(style, out);
	add_console(style, out);
}
