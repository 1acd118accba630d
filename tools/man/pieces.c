// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parts of suptree(1), suptree-protocol(7) and suptree.yaml(5) that are made from
 * the tables; see pages.h.
 */
#include "cli/command/help.h"
#include "config/keys.h"
#include "mdoc.h"
#include "pages.h"

static void begin_list(struct st_buf *out)
{
	st_buf_add_text(out, ".Bl -tag -width Ds\n");
}

static void end_list(struct st_buf *out)
{
	st_buf_add_text(out, ".El\n");
}

static void add_item(const char *macro, const char *term, struct st_buf *out)
{
	st_buf_add_text(out, ".It ");
	st_buf_add_text(out, macro);
	st_mdoc_word(term, out);
	st_buf_add_char(out, '\n');
}

void st_man_verbs(struct st_buf *out)
{
	begin_list(out);
	for (unsigned int i = 0; i < ST_NR_VERBS; i++) {
		struct st_verb verb = st_verb_get(i);

		st_buf_add_text(out, ".It Xr suptree-");
		st_buf_add_text(out, verb.name);
		st_buf_add_text(out, " 1\n");
		st_mdoc_sentence(verb.summary, out);
	}
	end_list(out);
}

void st_man_aliases(struct st_buf *out)
{
	begin_list(out);
	for (size_t i = 0; i < st_nr_aliases; i++) {
		add_item("Cm", st_aliases[i].name, out);
		st_buf_add_text(out, ".Cm ");
		st_buf_add_text(out, st_aliases[i].verb);
		if (st_aliases[i].option) {
			st_buf_add_text(out, " Fl -");
			st_buf_add_text(out, st_aliases[i].option);
		}
		st_buf_add_char(out, '\n');
	}
	end_list(out);
}

void st_man_common_options(struct st_buf *out)
{
	st_man_options(NULL, out);
}

void st_man_exits(struct st_buf *out)
{
	begin_list(out);
	for (size_t i = 0; i < st_nr_exits; i++) {
		st_buf_add_text(out, ".It ");
		st_buf_add_u64(out, st_exits[i].code);
		st_buf_add_char(out, '\n');
		st_mdoc_sentence(st_exits[i].meaning, out);
	}
	end_list(out);
}

void st_man_roles(struct st_buf *out)
{
	begin_list(out);
	for (int role = 0; role < ST_ROLE__MAX; role++) {
		if (!st_role_help[role])
			continue;
		add_item("Em", st_role_text[role], out);
		st_mdoc_sentence(st_role_help[role], out);
	}
	end_list(out);
}

void st_man_console(struct st_buf *out)
{
	begin_list(out);
	for (size_t i = 0; i < st_nr_console_rows; i++) {
		add_item("Li", st_console_rows[i].what, out);
		st_mdoc_sentence(st_console_rows[i].meaning, out);
	}
	end_list(out);
}

static void add_operation_params(const struct st_param *params, struct st_buf *out)
{
	for (const struct st_param *param = params; param->name; param++) {
		st_buf_add_text(out, ".It Va ");
		st_buf_add_text(out, param->name);
		st_buf_add_text(out, " Pq ");
		st_buf_add_text(out, st_param_types[param->type].name);
		st_buf_add_text(out, param->need == ST_NEED_REQUIRED ? ", required\n" :
				     param->need == ST_NEED_ONE_OF   ? ", one of these\n" :
								       "\n");
		st_mdoc_sentence(param->help, out);
	}
}

void st_man_operations(struct st_buf *out)
{
	begin_list(out);
	for (int i = 0; i < ST_OPERATION__MAX; i++) {
		const struct st_operation_row *row = &st_operations[i];

		add_item("Ic", row->name, out);
		st_mdoc_sentence(row->summary, out);
		st_buf_add_text(out, "Role:\n.Em ");
		st_buf_add_text(out, st_role_text[row->role]);
		st_buf_add_text(out, " .\nResult:\n.Em ");
		st_buf_add_text(out, st_shapes[row->shape].name);
		st_buf_add_text(out, " .\n");
		if (!row->params->name)
			continue;
		st_buf_add_text(out, ".Bl -tag -width Ds\n");
		add_operation_params(row->params, out);
		end_list(out);
	}
	end_list(out);
}

void st_man_types(struct st_buf *out)
{
	begin_list(out);
	for (int i = 0; i < ST_PARAM__MAX; i++) {
		int nr;
		const char *const *words = st_param_type_words((enum st_param_type)i, &nr);

		add_item("Em", st_param_types[i].name, out);
		st_mdoc_sentence(st_param_types[i].help, out);
		for (int k = 0; words && k < nr; k++) {
			st_buf_add_text(out, k ? ".Cm " : "One of\n.Cm ");
			st_buf_add_text(out, words[k]);
			st_buf_add_text(out, k + 1 < nr ? " ,\n" : " .\n");
		}
	}
	end_list(out);
}

static void add_field(const struct st_field *field, enum st_shape_form form, struct st_buf *out)
{
	struct st_buf type = ST_BUF_INIT;

	st_value_type_write_text(&field->type, &type);
	if (!field->is_required)
		st_buf_add_text(&type, ", may be missing");
	if (form == ST_SHAPE_IS_OBJECT) {
		st_buf_add_text(out, ".It Va ");
		st_buf_add_text(out, field->name);
		st_buf_add_text(out, " Pq");
		st_mdoc_word(st_buf_text(&type), out);
	} else {
		st_buf_add_text(out, ".It");
		st_mdoc_word(st_buf_text(&type), out);
	}
	st_buf_add_char(out, '\n');
	st_mdoc_sentence(field->help, out);
	out->failed |= type.failed;
	st_buf_done(&type);
}

void st_man_shapes(struct st_buf *out)
{
	static const char *const forms[] = {
		[ST_SHAPE_IS_OBJECT] = "",
		[ST_SHAPE_IS_EITHER] = "One of:\n",
		[ST_SHAPE_IS_ANY_OF] = "At least one of:\n",
		[ST_SHAPE_IS_PLAIN] = "",
	};

	begin_list(out);
	for (int shape = 0; shape < ST_SHAPE__MAX; shape++) {
		const struct st_shape_row *row = &st_shapes[shape];

		add_item("Em", row->name, out);
		st_mdoc_sentence(row->help, out);
		st_buf_add_text(out, forms[row->form]);
		st_buf_add_text(out, ".Bl -tag -width Ds -compact\n");
		for (const struct st_field *field = row->fields; field->name; field++)
			add_field(field, row->form, out);
		end_list(out);
	}
	end_list(out);
}

void st_man_notifications(struct st_buf *out)
{
	begin_list(out);
	for (unsigned int i = 0; i < st_nr_notifications; i++) {
		const struct st_notification_row *row = &st_notifications[i];

		add_item("Ic", row->name, out);
		st_mdoc_sentence(st_shapes[row->shape].help, out);
		st_buf_add_text(out, "It can follow\n.Cm ");
		st_buf_add_text(out, row->after);
		st_buf_add_text(out, " .\nIts\n.Va params :\n.Em ");
		st_buf_add_text(out, st_shapes[row->shape].name);
		st_buf_add_text(out, " .\n");
	}
	end_list(out);
}

void st_man_errors(struct st_buf *out)
{
	begin_list(out);
	for (int i = 0; i < ST_ERROR__MAX; i++) {
		st_buf_add_text(out, ".It Er ");
		st_buf_add_text(out, st_errors[i].kind);
		st_buf_add_text(out, " Pq ");
		st_buf_add_i64(out, st_errors[i].code);
		st_buf_add_char(out, '\n');
		st_mdoc_sentence(st_errors[i].meaning, out);
	}
	end_list(out);
}

static void add_key(const struct st_key *key, struct st_buf *out)
{
	struct st_buf expected = ST_BUF_INIT;

	add_item("Cm", key->name, out);
	st_mdoc_sentence(key->help, out);
	st_key_write_expected(key, &expected);
	st_buf_add_text(out, ".br\nTakes:\n");
	st_mdoc_text(st_buf_text(&expected), out);
	st_buf_add_text(out, ".br\nDefault:\n");
	st_mdoc_text(key->fallback, out);
	out->failed |= expected.failed;
	st_buf_done(&expected);
}

static void add_resources(struct st_buf *out)
{
	st_buf_add_text(out, ".Ss " ST_RESOURCE_TITLE "\n.Bl -tag -width Ds -compact\n");
	for (size_t i = 0; i < st_nr_resources; i++) {
		add_item("Cm", st_resources[i].name, out);
		st_mdoc_text(st_resource_unit_text[st_resources[i].unit], out);
	}
	end_list(out);
}

void st_man_keys(struct st_buf *out)
{
	for (size_t i = 0; i < st_nr_key_sections; i++) {
		st_buf_add_text(out, ".Ss ");
		st_buf_add_text(out, st_key_sections[i].title);
		st_buf_add_char(out, '\n');
		begin_list(out);
		for (size_t k = 0; k < st_nr_keys; k++)
			if (st_keys[k].scopes & st_key_sections[i].scope)
				add_key(&st_keys[k], out);
		end_list(out);
	}
	add_resources(out);
}
