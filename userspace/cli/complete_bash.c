// SPDX-License-Identifier: GPL-2.0-only
/*
 * Completion for bash: one function with a case for each verb.
 */
#include "cli/complete.h"
#include "cli/options.h"

/* A function that completes by kind, and the verb's place found. */
static const char head[] =
	"# bash completion for suptree, made by: suptree completion bash\n"
	"_suptree_reply() {\n"
	"\tlocal IFS=$'\\n'\n"
	"\tcase $1 in\n"
	"\tpaths)\n"
	"\t\tset -- \"$(suptree completion paths 2>/dev/null)\" \"$2\"\n"
	"\t\tCOMPREPLY=($(compgen -W \"$1\" -- \"$2\"))\n"
	"\t\t;;\n"
	"\tfiles) compopt -o filenames; COMPREPLY=($(compgen -f -- \"$2\")) ;;\n"
	"\twords) COMPREPLY=($(compgen -W \"${3// /$IFS}\" -- \"$2\")) ;;\n"
	"\tesac\n"
	"}\n\n"
	"_suptree() {\n"
	"\tlocal cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}\n"
	"\tlocal verb= args=0 i options\n"
	"\tCOMPREPLY=()\n"
	"\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	"\t\tcase ${COMP_WORDS[i]} in\n"
	"\t\t-*) ;;\n"
	"\t\t*) if [[ $verb ]]; then ((++args)); else verb=${COMP_WORDS[i]}; fi ;;\n"
	"\t\tesac\n"
	"\tdone\n";

static const char tail[] = "\tif [[ $cur == -* ]]; then\n"
			   "\t\t_suptree_reply words \"$cur\" \"$options\"\n"
			   "\tfi\n"
			   "}\n"
			   "complete -F _suptree suptree\n";

static const char *const kind_texts[] = {
	[ST_COMPLETE_NONE] = "none",
	[ST_COMPLETE_PATHS] = "paths",
	[ST_COMPLETE_FILES] = "files",
	[ST_COMPLETE_WORDS] = "words",
};

/* "_suptree_reply KIND "$cur" 'WORDS'; return ;;" */
static void add_reply(enum st_complete_kind kind, const struct st_buf *words, struct st_buf *out)
{
	st_buf_add_text(out, "_suptree_reply ");
	st_buf_add_text(out, kind_texts[kind]);
	st_buf_add_text(out, " \"$cur\" ");
	st_complete_quote(st_buf_text(words), "", out);
	st_buf_add_text(out, "; return ;;\n");
}

static void add_option_words(const struct st_verb *verb, struct st_buf *out)
{
	char option[ST_OPTION_SIZE];

	for (size_t i = 0; i < ST_CLI_OPTION__MAX; i++) {
		if (!st_cli_option_applies(&st_cli_options[i], verb))
			continue;
		st_buf_add_text(out, " --");
		st_buf_add_text(out, st_cli_options[i].name);
	}
	for (const struct st_param *param = verb ? verb->params : NULL; param && param->name;
	     param++) {
		if (param->place != ST_PLACE_OPTION)
			continue;
		st_param_option(param, option);
		st_buf_add_text(out, " --");
		st_buf_add_text(out, option);
	}
}

/* The values of options: "case $verb:$prev in kill:--signal | kill:-s)" */
static void add_values(const struct st_verb *verb, struct st_buf *out)
{
	char option[ST_OPTION_SIZE];

	for (const struct st_param *param = verb->params; param->name; param++) {
		struct st_buf words = ST_BUF_INIT;

		if (param->place != ST_PLACE_OPTION || !st_complete_takes_value(param))
			continue;
		st_param_option(param, option);
		st_buf_add_text(out, "\t");
		st_buf_add_text(out, verb->name);
		st_buf_add_text(out, ":--");
		st_buf_add_text(out, option);
		if (param->letter) {
			st_buf_add_text(out, " | ");
			st_buf_add_text(out, verb->name);
			st_buf_add_text(out, ":-");
			st_buf_add_char(out, param->letter);
		}
		st_buf_add_text(out, ") ");
		add_reply(st_complete_param(verb, param, &words), &words, out);
		st_buf_done(&words);
	}
}

static void add_own_values(struct st_buf *out)
{
	for (unsigned int i = 0; i < ST_CLI_OPTION__MAX; i++) {
		struct st_buf words = ST_BUF_INIT;

		if (!st_cli_options[i].metavar)
			continue;
		st_buf_add_text(out, "\t*:--");
		st_buf_add_text(out, st_cli_options[i].name);
		st_buf_add_text(out, ") ");
		add_reply(st_complete_option(i, &words), &words, out);
		st_buf_done(&words);
	}
}

static void add_verb(const struct st_verb *verb, struct st_buf *out)
{
	unsigned int place = 0;

	st_buf_add_text(out, "\t");
	st_buf_add_text(out, verb->name);
	st_buf_add_text(out, ")\n\t\toptions='");
	add_option_words(verb, out);
	st_buf_add_text(out, "'\n\t\t[[ $cur == -* ]] || case $args in\n");
	for (const struct st_param *param = verb->params; param->name; param++) {
		struct st_buf words = ST_BUF_INIT;

		if (param->place != ST_PLACE_ARG)
			continue;
		st_buf_add_text(out, "\t\t");
		st_buf_add_u64(out, place++);
		st_buf_add_text(out, ") ");
		add_reply(st_complete_param(verb, param, &words), &words, out);
		st_buf_done(&words);
	}
	st_buf_add_text(out, "\t\tesac\n\t\t;;\n");
}

void st_complete_bash(struct st_buf *out)
{
	st_buf_add_text(out, head);
	st_buf_add_text(out, "\tcase $verb:$prev in\n");
	for (unsigned int i = 0; i < ST_NR_VERBS; i++) {
		struct st_verb verb = st_verb_get(i);

		add_values(&verb, out);
	}
	add_own_values(out);
	st_buf_add_text(out, "\tesac\n\tcase $verb in\n\t'')\n\t\toptions='");
	add_option_words(NULL, out);
	st_buf_add_text(out, "'\n\t\t[[ $cur == -* ]] || _suptree_reply words \"$cur\" '");
	for (unsigned int i = 0; i < ST_NR_VERBS; i++) {
		st_buf_add_text(out, i ? " " : "");
		st_buf_add_text(out, st_verb_get(i).name);
	}
	st_buf_add_text(out, "'\n\t\t;;\n");
	for (unsigned int i = 0; i < ST_NR_VERBS; i++) {
		struct st_verb verb = st_verb_get(i);

		add_verb(&verb, out);
	}
	st_buf_add_text(out, "\tesac\n");
	st_buf_add_text(out, tail);
}
