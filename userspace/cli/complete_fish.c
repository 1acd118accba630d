// SPDX-License-Identifier: GPL-2.0-only
/*
 * Completion for fish: a line of `complete` for each word.
 */
#include "cli/complete.h"
#include "cli/options.h"

static const char head[] = "# fish completion for suptree, made by: suptree completion fish\n"
			   "complete -c suptree -f\n";

/* complete -c suptree -n 'condition' */
static void begin_line(const char *verb, struct st_buf *out)
{
	st_buf_add_text(out, "complete -c suptree");
	if (!verb)
		return;
	st_buf_add_text(out, " -n '__fish_seen_subcommand_from ");
	st_buf_add_text(out, verb);
	st_buf_add_char(out, '\'');
}

static void end_line(const char *help, struct st_buf *out)
{
	st_buf_add_text(out, " -d ");
	st_complete_quote(help, "\\", out);
	st_buf_add_char(out, '\n');
}

static void add_values(enum st_complete_kind kind, const struct st_buf *words, struct st_buf *out)
{
	switch (kind) {
	case ST_COMPLETE_PATHS:
		st_buf_add_text(out, " -a '(suptree completion paths 2>/dev/null)'");
		break;
	case ST_COMPLETE_FILES:
		st_buf_add_text(out, " -F");
		break;
	case ST_COMPLETE_WORDS:
		st_buf_add_text(out, " -a ");
		st_complete_quote(st_buf_text(words), "\\", out);
		break;
	case ST_COMPLETE_NONE:
		break;
	}
}

static void add_param(const struct st_verb *verb, const struct st_param *param, struct st_buf *out)
{
	struct st_buf words = ST_BUF_INIT;
	enum st_complete_kind kind = st_complete_param(verb, param, &words);
	char option[ST_OPTION_SIZE];

	begin_line(verb->name, out);
	if (param->place == ST_PLACE_OPTION) {
		st_param_option(param, option);
		st_buf_add_text(out, " -l ");
		st_buf_add_text(out, option);
		if (param->letter) {
			st_buf_add_text(out, " -s ");
			st_buf_add_char(out, param->letter);
		}
		st_buf_add_text(out, st_complete_takes_value(param) ? " -x" : "");
	}
	add_values(kind, &words, out);
	end_line(param->help, out);
	st_buf_done(&words);
}

static void add_own_options(struct st_buf *out)
{
	for (unsigned int i = 0; i < ST_CLI_OPTION__MAX; i++) {
		const struct st_cli_option_row *option = &st_cli_options[i];
		struct st_buf words = ST_BUF_INIT;

		begin_line(option->verb, out);
		st_buf_add_text(out, " -l ");
		st_buf_add_text(out, option->name);
		if (option->letter) {
			st_buf_add_text(out, " -s ");
			st_buf_add_char(out, option->letter);
		}
		if (option->metavar)
			st_buf_add_text(out, i == ST_CLI_OPTION_SOCKET ? " -r" : " -x");
		add_values(st_complete_option(i, &words), &words, out);
		end_line(option->help, out);
		st_buf_done(&words);
	}
}

void st_complete_fish(struct st_buf *out)
{
	st_buf_add_text(out, head);
	add_own_options(out);
	for (unsigned int i = 0; i < ST_NR_VERBS; i++) {
		struct st_verb verb = st_verb_get(i);

		st_buf_add_text(out, "complete -c suptree -n __fish_use_subcommand -a ");
		st_buf_add_text(out, verb.name);
		end_line(verb.summary, out);
		for (const struct st_param *param = verb.params; param->name; param++)
			if (param->place != ST_PLACE_REST && param->place != ST_PLACE_WORDS)
				add_param(&verb, param, out);
	}
}
