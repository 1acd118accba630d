// SPDX-License-Identifier: GPL-2.0-only
/*
 * Completion for zsh: a specification for _arguments for each verb.
 */
#include "cli/complete.h"
#include "cli/options.h"

static const char head[] = "#compdef suptree\n"
			   "# zsh completion for suptree, made by: suptree completion zsh\n\n"
			   "_suptree_paths() {\n"
			   "\tlocal -a paths\n"
			   "\tpaths=(${(f)\"$(suptree completion paths 2>/dev/null)\"})\n"
			   "\tcompadd -a paths\n"
			   "}\n\n"
			   "_suptree() {\n"
			   "\tlocal curcontext=$curcontext state\n"
			   "\tlocal -a line verbs\n";

/* The action of a specification: what is offered for a value. */
static void add_action(enum st_complete_kind kind, const struct st_buf *words, struct st_buf *out)
{
	switch (kind) {
	case ST_COMPLETE_PATHS:
		st_buf_add_text(out, "_suptree_paths");
		break;
	case ST_COMPLETE_FILES:
		st_buf_add_text(out, "_files");
		break;
	case ST_COMPLETE_WORDS:
		st_buf_add_char(out, '(');
		st_buf_add_text(out, st_buf_text(words));
		st_buf_add_char(out, ')');
		break;
	case ST_COMPLETE_NONE:
		st_buf_add_char(out, ' ');
		break;
	}
}

/* '--name[help]:METAVAR:action', quoted as one word */
static void add_option(const char *name, const char *help, const char *metavar,
		       enum st_complete_kind kind, const struct st_buf *words, struct st_buf *out)
{
	struct st_buf spec = ST_BUF_INIT;

	st_buf_add_text(&spec, name);
	st_buf_add_char(&spec, '[');
	for (; *help; help++) {
		if (*help == '[' || *help == ']' || *help == ':' || *help == '\\')
			st_buf_add_char(&spec, '\\');
		st_buf_add_char(&spec, *help);
	}
	st_buf_add_char(&spec, ']');
	if (metavar) {
		st_buf_add_char(&spec, ':');
		st_buf_add_text(&spec, metavar);
		st_buf_add_char(&spec, ':');
		add_action(kind, words, &spec);
	}
	st_buf_add_text(out, " \\\n\t\t\t");
	st_complete_quote(st_buf_text(&spec), "", out);
	st_buf_done(&spec);
}

static void add_param(const struct st_verb *verb, const struct st_param *param, struct st_buf *out)
{
	const char *metavar = st_param_types[param->type].metavar;
	struct st_buf words = ST_BUF_INIT;
	enum st_complete_kind kind = st_complete_param(verb, param, &words);
	char name[ST_OPTION_SIZE + 2] = "--";

	if (param->place == ST_PLACE_OPTION) {
		st_param_option(param, name + 2);
		add_option(name, param->help, st_complete_takes_value(param) ? metavar : NULL, kind,
			   &words, out);
		if (param->letter) {
			name[1] = param->letter;
			name[2] = '\0';
			add_option(name, param->help,
				   st_complete_takes_value(param) ? metavar : NULL, kind, &words,
				   out);
		}
	} else {
		struct st_buf spec = ST_BUF_INIT;

		st_buf_add_text(&spec, param->place == ST_PLACE_ARG ? ":" : "*:");
		st_buf_add_text(&spec, metavar);
		st_buf_add_char(&spec, ':');
		add_action(kind, &words, &spec);
		st_buf_add_text(out, " \\\n\t\t\t");
		st_complete_quote(st_buf_text(&spec), "", out);
		st_buf_done(&spec);
	}
	st_buf_done(&words);
}

static void add_own_options(const struct st_verb *verb, struct st_buf *out)
{
	for (unsigned int i = 0; i < ST_CLI_OPTION__MAX; i++) {
		const struct st_cli_option_row *option = &st_cli_options[i];
		struct st_buf words = ST_BUF_INIT;
		struct st_buf name = ST_BUF_INIT;

		if (!st_cli_option_applies(option, verb))
			continue;
		st_buf_add_text(&name, "--");
		st_buf_add_text(&name, option->name);
		add_option(st_buf_text(&name), option->help, option->metavar,
			   st_complete_option(i, &words), &words, out);
		st_buf_done(&name);
		st_buf_done(&words);
	}
}

/* 'verb:summary' for _describe */
static void add_described(const struct st_verb *verb, struct st_buf *out)
{
	struct st_buf text = ST_BUF_INIT;

	st_buf_add_text(&text, verb->name);
	st_buf_add_char(&text, ':');
	st_buf_add_text(&text, verb->summary);
	st_buf_add_text(out, "\t\t");
	st_complete_quote(st_buf_text(&text), "", out);
	st_buf_add_char(out, '\n');
	st_buf_done(&text);
}

void st_complete_zsh(struct st_buf *out)
{
	st_buf_add_text(out, head);
	st_buf_add_text(out, "\tverbs=(\n");
	for (unsigned int i = 0; i < ST_NR_VERBS; i++) {
		struct st_verb verb = st_verb_get(i);

		add_described(&verb, out);
	}
	st_buf_add_text(out, "\t)\n\t_arguments -C");
	add_own_options(NULL, out);
	st_buf_add_text(out, " \\\n\t\t\t'1:verb:->verb' '*::argument:->arguments'\n"
			     "\tcase $state in\n"
			     "\tverb) _describe verb verbs ;;\n"
			     "\targuments)\n\t\tcase $line[1] in\n");
	for (unsigned int i = 0; i < ST_NR_VERBS; i++) {
		struct st_verb verb = st_verb_get(i);

		st_buf_add_text(out, "\t\t");
		st_buf_add_text(out, verb.name);
		st_buf_add_text(out, ") _arguments");
		for (const struct st_param *param = verb.params; param->name; param++)
			add_param(&verb, param, out);
		add_own_options(&verb, out);
		st_buf_add_text(out, " ;;\n");
	}
	st_buf_add_text(out, "\t\tesac\n\t\t;;\n\tesac\n}\n\n"
			     "if [[ $zsh_eval_context[-1] == loadautofunc ]]; then\n"
			     "\t_suptree \"$@\"\nelse\n\tcompdef _suptree suptree\nfi\n");
}
