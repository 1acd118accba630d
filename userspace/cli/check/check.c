// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checking a configuration, and the list of its keys; see check.h.
 */
#include "cli/check/check.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "cli/call.h"
#include "cli/check/examine.h"
#include "cli/show/words.h"
#include "config/config.h"
#include "config/keys.h"
#include "proto/json.h"

static bool wants_json(const struct st_cli *cli)
{
	return cli->format == ST_FORMAT_JSON || cli->format == ST_FORMAT_JSONL;
}

static void add_number(unsigned int nr, const char *what, struct st_buf *text)
{
	st_buf_add_u64(text, nr);
	st_buf_add_char(text, ' ');
	st_buf_add_text(text, what);
	st_buf_add_text(text, nr == 1 ? "" : "s");
}

static void say_good(const char *file, const struct st_sup_spec *spec, unsigned int nr_warnings,
		     struct st_buf *text)
{
	st_buf_add_text(text, strcmp(file, ST_CONFIG_STDIN) ? file : ST_CONFIG_STDIN_NAME);
	st_buf_add_text(text, ": ok, ");
	add_number(spec->nr_children, "tree", text);
	if (nr_warnings) {
		st_buf_add_text(text, ", ");
		add_number(nr_warnings, "warning", text);
	}
	st_buf_add_char(text, '\n');
}

/* All that is wrong, and then all that will probably not work; -errno if it is wrong. */
static int look_at(const char *file, struct st_diags *diags, struct st_sup_spec **ret_spec)
{
	struct st_diags warnings = ST_DIAGS_INIT;
	const struct st_examiner examiner = { st_examine_child, st_examine_log, &warnings };
	int ret = st_config_examine(file, &examiner, diags, ret_spec);

	st_diags_take(diags, &warnings);
	st_diags_sort(diags);
	return diags->failed ? -ENOMEM : ret;
}

static enum st_exit_code check_file(const struct st_cli *cli, const char *file, bool is_strict)
{
	struct st_diags diags = ST_DIAGS_INIT;
	struct st_buf text = ST_BUF_INIT;
	struct st_sup_spec *spec = NULL;
	int ret = look_at(file, &diags, &spec);
	bool has_findings = ret || (is_strict && diags.nr_warnings);
	enum st_exit_code code;

	if (ret == -ENOMEM)
		text.failed = true;
	else if (wants_json(cli))
		st_diags_write_json(&diags, &text);
	else
		st_diags_write_text(&diags, &text);
	if (wants_json(cli))
		st_buf_add_char(&text, '\n');
	else if (!ret)
		say_good(file, spec, diags.nr_warnings, &text);
	st_sup_spec_put(spec);
	st_diags_done(&diags);
	code = st_say(&text);
	return code == ST_EXIT_OK && has_findings ? ST_EXIT_FINDINGS : code;
}

static void begin_key(struct st_json *json, const char *section, const char *name)
{
	st_json_begin_object(json);
	st_json_text_field(json, "section", section);
	st_json_text_field(json, "key", name);
}

/* The end of a row: one a line in JSONL, all in a list in JSON. */
static void end_key(struct st_json *json, const struct st_cli *cli)
{
	st_json_end_object(json);
	if (cli->format != ST_FORMAT_JSONL)
		return;
	st_buf_add_char(json->out, '\n');
	st_json_init(json, json->out);
}

static void write_key(struct st_json *json, const char *section, const struct st_key *key)
{
	struct st_buf expected = ST_BUF_INIT;

	begin_key(json, section, key->name);
	st_key_write_expected(key, &expected);
	st_json_text_field(json, "type", st_buf_text(&expected));
	if (key->words) {
		st_json_key(json, "words");
		st_json_begin_array(json);
		for (int i = 0; i < key->nr_words; i++)
			st_json_text(json, key->words[i]);
		st_json_end_array(json);
	}
	st_json_bool_field(json, "required", key->flags & ST_KEY_REQUIRED);
	st_json_text_field(json, "default", key->fallback);
	st_json_text_field(json, "help", key->help);
	json->out->failed |= expected.failed;
	st_buf_done(&expected);
}

static void write_keys(const struct st_cli *cli, struct st_json *json)
{
	for (size_t i = 0; i < st_nr_key_sections; i++) {
		for (size_t k = 0; k < st_nr_keys; k++) {
			if (!(st_keys[k].scopes & st_key_sections[i].scope))
				continue;
			write_key(json, st_key_sections[i].name, &st_keys[k]);
			end_key(json, cli);
		}
	}
	for (size_t i = 0; i < st_nr_resources; i++) {
		begin_key(json, ST_RESOURCE_SECTION, st_resources[i].name);
		st_json_text_field(json, "type", st_resource_unit_text[st_resources[i].unit]);
		st_json_bool_field(json, "required", false);
		st_json_text_field(json, "default", ST_RESOURCE_DEFAULT);
		end_key(json, cli);
	}
}

static enum st_exit_code show_keys(const struct st_cli *cli)
{
	struct st_buf text = ST_BUF_INIT;
	struct st_json json;

	st_json_init(&json, &text);
	if (!wants_json(cli)) {
		st_config_reference(&text);
	} else if (cli->format == ST_FORMAT_JSONL) {
		write_keys(cli, &json);
	} else {
		st_json_begin_array(&json);
		write_keys(cli, &json);
		st_json_end_array(&json);
		st_buf_add_char(&text, '\n');
	}
	return st_say(&text);
}

enum st_exit_code st_check(const struct st_cli *cli, const json_t *params)
{
	if (json_is_true(json_object_get(params, "keys")))
		return show_keys(cli);
	return check_file(cli, st_words_text(params, "file"),
			  json_is_true(json_object_get(params, "strict")));
}
