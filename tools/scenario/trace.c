// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writing traces: readable, and good to compare line by line.
 */
#include "trace.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"

static char *dump(const json_t *value)
{
	return st_need(json_dumps(value, JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY));
}

static void write_pair(FILE *file, const char *key, const json_t *value)
{
	char *text = dump(value);

	(void)fprintf(file, ",\"%s\":%s", key, text);
	free(text);
}

static void write_step(FILE *file, const json_t *step, const char *separator)
{
	char *text = dump(step);

	(void)fprintf(file, "  %s%s\n", text, separator);
	free(text);
}

void st_trace_write(const char *path, const char *name, const json_t *leftover, const json_t *steps)
{
	FILE *file = fopen(path, "we");
	json_t *title = st_need(json_string(name)), *step;
	size_t i;

	if (!file)
		st_die("write the trace %s: %s", path, strerror(errno));
	(void)fprintf(file, "{\"format\":1");
	write_pair(file, "leftover", leftover);
	write_pair(file, "scenario", title);
	(void)fprintf(file, ",\"steps\":[\n");
	json_array_foreach(steps, i, step)
		write_step(file, step, i + 1 < json_array_size(steps) ? "," : "");
	(void)fprintf(file, "]}\n");
	json_decref(title);
	if (ferror(file) || fclose(file))
		st_die("write the trace %s: %s", path, strerror(errno));
}
