// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzing the readers of foreign files.
 *
 * The first byte chooses the format. Whatever the other bytes are: either the reader says
 * what is wrong, in a message without control characters, or what it writes is a
 * configuration without a mistake.
 */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/import/import.h"
#include "config/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const formats[] = { "supervisord", "procfile", "systemd", "process-compose",
				       "erlang" };

static void must(int holds)
{
	if (!holds)
		abort();
}

static void check_mistake(const struct st_buf *mistake)
{
	must(mistake->len > 0);
	for (size_t i = 0; i < mistake->len; i++)
		must((unsigned char)mistake->data[i] >= 0x20 || strchr("\t\r\n", mistake->data[i]));
}

static void check_result(const struct st_plan *plan)
{
	struct st_diags diags = ST_DIAGS_INIT;
	struct st_sup_spec *spec = NULL;
	struct st_buf yaml = ST_BUF_INIT;
	const char *text;

	st_plan_write(plan, &yaml);
	must(!st_buf_get(&yaml, &text));
	must(!st_config_parse("fuzz.yaml", text, yaml.len, &diags, &spec));
	st_sup_spec_put(spec);
	st_diags_done(&diags);
	st_buf_done(&yaml);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct st_import_file file = { .name = "fuzz", .path = "/nonexistent/fuzz" };
	struct st_import import = { .files = &file, .nr_files = 1 };
	char *text;
	int ret;

	if (!size)
		return 0;
	text = st_alloc(size);
	must(text != NULL);
	memcpy(text, data + 1, size - 1);
	file.text = text;
	file.len = size - 1;
	st_plan_init(&import.plan);
	ret = st_import_run(&import, st_import_find(formats[*data % ST_ARRAY_SIZE(formats)]));
	must(!ret || ret == -EINVAL);
	if (ret)
		check_mistake(&import.mistake);
	else
		check_result(&import.plan);
	st_buf_done(&import.mistake);
	st_plan_done(&import.plan);
	st_free(text);
	return 0;
}
