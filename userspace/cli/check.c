// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checking a configuration; see check.h.
 */
#include "cli/check.h"

#include <errno.h>
#include <stdbool.h>

#include "cli/call.h"
#include "config/config.h"

static bool wants_json(const struct st_cli *cli)
{
	return cli->format == ST_FORMAT_JSON || cli->format == ST_FORMAT_JSONL;
}

static void say_good(const char *file, const struct st_sup_spec *spec, struct st_buf *text)
{
	st_buf_add_text(text, file);
	st_buf_add_text(text, ": ok, ");
	st_buf_add_u64(text, spec->nr_children);
	st_buf_add_text(text, spec->nr_children == 1 ? " tree\n" : " trees\n");
}

enum st_exit_code st_check(const struct st_cli *cli, const char *file)
{
	struct st_diags diags = ST_DIAGS_INIT;
	struct st_buf text = ST_BUF_INIT;
	struct st_sup_spec *spec = NULL;
	int ret = st_config_load(file, &diags, &spec);
	enum st_exit_code code;

	if (ret == -ENOMEM)
		text.failed = true;
	else if (wants_json(cli))
		st_diags_write_json(&diags, &text);
	else if (ret)
		st_diags_write_text(&diags, &text);
	else
		say_good(file, spec, &text);
	if (wants_json(cli))
		st_buf_add_char(&text, '\n');
	st_sup_spec_put(spec);
	st_diags_done(&diags);
	code = st_say(&text);
	return code == ST_EXIT_OK && ret ? ST_EXIT_FINDINGS : code;
}
