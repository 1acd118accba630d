// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page of a verb; see pages.h.
 */
#include <stdbool.h>
#include <string.h>

#include "cli/command/help.h"
#include "cli/command/options.h"
#include "mdoc.h"
#include "pages.h"

static void add_synopsis(const struct st_verb *verb, struct st_buf *out)
{
	st_buf_add_text(out, ".Sh SYNOPSIS\n.Nm suptree\n.Cm ");
	st_buf_add_text(out, verb->name);
	st_buf_add_char(out, '\n');
	for (const struct st_param *param = verb->params; param->name; param++) {
		struct st_buf words = ST_BUF_INIT;

		st_mdoc_param(param, &words);
		if (param->need == ST_NEED_REQUIRED) {
			st_buf_add_char(out, '.');
			st_buf_add_text(out, st_buf_text(&words) + 1);
		} else {
			st_buf_add_text(out, ".Op");
			st_buf_add_text(out, st_buf_text(&words));
		}
		st_buf_add_char(out, '\n');
		st_buf_done(&words);
	}
	st_buf_add_text(out, ".Op Ar OPTION ...\n");
}

static void add_meaning(const struct st_param *param, struct st_buf *out)
{
	const char *type = st_param_type_help(param);
	struct st_buf fallback = ST_BUF_INIT;
	int nr;
	const char *const *words = st_param_words(param, &nr);

	st_mdoc_sentence(param->help, out);
	for (int i = 0; words && i < nr; i++) {
		st_buf_add_text(out, i ? ".Cm " : "One of\n.Cm ");
		st_buf_add_text(out, words[i]);
		st_buf_add_text(out, i + 1 < nr ? " ,\n" : " .\n");
	}
	if (type)
		st_mdoc_sentence(type, out);
	if (param->is_bounded) {
		st_buf_add_text(out, "It may be\n.Cm ");
		st_buf_add_i64(out, param->min);
		st_buf_add_text(out, "\nto\n.Cm ");
		st_buf_add_i64(out, param->max);
		st_buf_add_text(out, " .\n");
	}
	st_param_write_default(param, &fallback);
	if (fallback.len) {
		st_buf_add_text(out, "The default is\n.Cm ");
		st_buf_add_text(out, st_buf_text(&fallback));
		st_buf_add_text(out, " .\n");
	}
	st_buf_done(&fallback);
}

static void add_params(const struct st_verb *verb, struct st_buf *out)
{
	bool is_first = true;

	if (verb->params->name)
		st_buf_add_text(out, ".Bl -tag -width Ds\n");
	for (const struct st_param *param = verb->params; param->name; param++) {
		st_buf_add_text(out, ".It");
		if (param->letter) {
			st_buf_add_text(out, " Fl ");
			st_buf_add_char(out, param->letter);
			st_buf_add_text(out, " ,");
		}
		st_mdoc_param(param, out);
		st_buf_add_char(out, '\n');
		add_meaning(param, out);
	}
	if (verb->params->name)
		st_buf_add_text(out, ".El\n");
	for (const struct st_param *param = verb->params; param->name; param++) {
		if (param->need != ST_NEED_ONE_OF)
			continue;
		st_buf_add_text(out, is_first ? ".Pp\nGive exactly one of these:\n." : "or\n.");
		struct st_buf words = ST_BUF_INIT;

		st_mdoc_param(param, &words);
		st_buf_add_text(out, st_buf_text(&words) + 1);
		st_buf_done(&words);
		st_buf_add_text(out, "\n");
		is_first = false;
	}
}

static void add_names(const struct st_verb *verb, struct st_buf *out)
{
	for (size_t i = 0; i < st_nr_aliases; i++) {
		if (strcmp(st_aliases[i].verb, verb->name))
			continue;
		st_buf_add_text(out, ".Pp\n.Cm ");
		st_buf_add_text(out, st_aliases[i].name);
		st_buf_add_text(out, "\nis another name for this verb");
		if (st_aliases[i].option) {
			st_buf_add_text(out, ", with\n.Fl -");
			st_buf_add_text(out, st_aliases[i].option);
			st_buf_add_text(out, " .\n");
		} else {
			st_buf_add_text(out, ".\n");
		}
	}
}

static bool needs_tracer(const struct st_verb *verb)
{
	return verb->group == ST_GROUP_TRACE;
}

/* An operation for the calling process itself, which libsuptree has as a function. */
static void add_function(const struct st_verb *verb, struct st_buf *out)
{
	static const char *const own[] = { "register", "unregister", "join",
					   "leave",    "offer",	     "withdraw" };

	for (size_t i = 0; i < ST_ARRAY_SIZE(own); i++) {
		if (strcmp(own[i], verb->name))
			continue;
		st_buf_add_text(out,
				".Pp\nIn a shell this verb fails, because\n.Nm suptree\nis not a "
				"supervised process there.\nA server in C calls\n.Xr suptree_");
		st_buf_add_text(out, verb->name);
		st_buf_add_text(out, " 3 .\n");
	}
}

static void add_operation(const struct st_operation_row *row, struct st_buf *out)
{
	struct st_buf text = ST_BUF_INIT;

	st_shape_write_text(row->shape, &text);
	st_buf_add_text(out, ".Ss Result\nWith\n.Fl -json :\n");
	st_mdoc_sentence(st_shapes[row->shape].help, out);
	st_buf_add_text(out, "The shape is\n.Em ");
	st_buf_add_text(out, st_shapes[row->shape].name);
	st_buf_add_text(out, " ,\nwhich\n.Xr suptree-protocol 7\nexplains:\n");
	st_mdoc_sentence(st_buf_text(&text), out);
	out->failed |= text.failed;
	st_buf_done(&text);
	st_buf_add_text(out, ".Ss Role\nThe user needs the role\n.Em ");
	st_buf_add_text(out, st_role_text[row->role]);
	st_buf_add_text(out, row->flags & ST_CHANGES ? " ,\nbecause the verb changes something.\n" :
						       " .\n");
}

/* The errors of a verb and its exit codes. */
static void add_exits(const struct st_verb *verb, struct st_buf *out)
{
	uint64_t errors = verb->operation ? verb->operation->errors : 0;

	st_buf_add_text(out, ".Sh EXIT STATUS\n0 if the verb succeeded; 1 if it failed; 2 if the "
			     "command line is wrong");
	if (verb->operation || verb->local <= ST_VERB_STATE)
		st_buf_add_text(out, "; 6 if no daemon answers");
	st_buf_add_text(out, ".\nAll codes are in\n.Xr suptree 1 .\n");
	if (!errors)
		return;
	st_buf_add_text(out, "Errors of this verb:\n.Bl -tag -width Ds\n");
	for (int i = 0; i < ST_ERROR__MAX; i++) {
		if (!(errors & UINT64_C(1) << i))
			continue;
		st_buf_add_text(out, ".It ");
		st_buf_add_u64(out, st_errors[i].exit_code);
		st_buf_add_text(out, " Pq Er ");
		st_buf_add_text(out, st_errors[i].kind);
		st_buf_add_char(out, '\n');
		st_mdoc_sentence(st_errors[i].meaning, out);
	}
	st_buf_add_text(out, ".El\n");
}

void st_man_options(const struct st_verb *verb, struct st_buf *out)
{
	st_buf_add_text(out, ".Bl -tag -width Ds\n");
	for (size_t i = 0; i < ST_CLI_OPTION__MAX; i++) {
		const struct st_cli_option_row *option = &st_cli_options[i];

		if (!st_cli_option_applies(option, verb))
			continue;
		st_buf_add_text(out, ".It ");
		if (option->letter) {
			st_buf_add_text(out, "Fl ");
			st_buf_add_char(out, option->letter);
			st_buf_add_text(out, " , ");
		}
		st_buf_add_text(out, "Fl -");
		st_buf_add_text(out, option->name);
		if (option->metavar) {
			st_buf_add_text(out, " Ar ");
			st_buf_add_text(out, option->metavar);
		}
		st_buf_add_char(out, '\n');
		st_mdoc_sentence(option->help, out);
	}
	st_buf_add_text(out, ".El\n");
}

void st_man_verb(const struct st_verb *verb, const char *examples, struct st_buf *out)
{
	struct st_buf title = ST_BUF_INIT;

	st_buf_add_text(&title, "suptree-");
	st_buf_add_text(&title, verb->name);
	st_mdoc_begin(st_buf_text(&title), 1, verb->summary, out);
	st_buf_done(&title);
	add_synopsis(verb, out);
	st_buf_add_text(out, ".Sh DESCRIPTION\n");
	st_mdoc_sentence(verb->summary, out);
	add_params(verb, out);
	add_names(verb, out);
	add_function(verb, out);
	if (needs_tracer(verb))
		st_buf_add_text(out, ".Pp\nThe verb needs the tracer as a child of the daemon.\n"
				     ".Xr suptree-tracing 7\nshows how to start it.\n");
	st_buf_add_text(out, ".Ss Options\n");
	st_man_options(verb, out);
	if (verb->operation)
		add_operation(verb->operation, out);
	add_exits(verb, out);
	st_buf_add_text(out, ".Sh EXAMPLES\n");
	st_mdoc_literal(examples, out);
	st_buf_add_text(out, ".Sh SEE ALSO\n.Xr suptree 1 ,\n.Xr suptree.yaml 5 ,\n"
			     ".Xr suptree-protocol 7 ,\n");
	if (needs_tracer(verb))
		st_buf_add_text(out, ".Xr suptree-tracing 7 ,\n");
	st_buf_add_text(out, ".Xr suptreed 8\n");
}
