// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading /proc/suptree, see proc.h.
 */
#include "proc.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SKIPPED 4 /* as kselftest has it */

static void __attribute__((constructor)) need_module(void)
{
	if (!access("/proc/suptree", F_OK) && !geteuid())
		return;
	puts("TAP version 13\n1..0 # SKIP needs root, and suptree.ko loaded");
	(void)fflush(stdout);
	_exit(SKIPPED);
}

char *proc_read(const char *file)
{
	char path[64], *text = NULL;
	size_t len = 0, size = 0;
	FILE *stream;

	snprintf(path, sizeof(path), "/proc/suptree/%s", file);
	stream = fopen(path, "re");
	if (!stream)
		return NULL;
	do {
		if (size - len < 65536) {
			size = size * 2 + 131072;
			text = realloc(text, size);
			if (!text)
				abort();
		}
		len += fread(text + len, 1, size - len - 1, stream);
	} while (!feof(stream) && !ferror(stream));
	text[len] = '\0';
	(void)fclose(stream);
	return text;
}

int proc_parse(const char *line, struct proc_row *ret_row)
{
	int nr = sscanf(line, "%u %u %u %u %15s %31s %15s %d %c %llu %llu %llu %u %llu %31s %255s",
			&ret_row->tree, &ret_row->id, &ret_row->parent, &ret_row->depth,
			ret_row->kind, ret_row->strategy, ret_row->state, &ret_row->pid,
			&ret_row->task, &ret_row->start_ns, &ret_row->cpu_ms, &ret_row->rss_kb,
			&ret_row->restarts, &ret_row->generation, ret_row->status, ret_row->name);

	snprintf(ret_row->line, sizeof(ret_row->line), "%s", line);
	return nr == 16 ? 0 : -1;
}

int proc_find(const char *name, struct proc_row *ret_row)
{
	char *text = proc_read("tree"), *rest = text, *line;
	int nr_found = 0;

	if (!text)
		return -errno;
	while ((line = strsep(&rest, "\n"))) {
		struct proc_row row;

		if (proc_parse(line, &row) || strcmp(row.name, name))
			continue;
		if (!nr_found++)
			*ret_row = row;
	}
	free(text);
	return nr_found;
}

long long proc_stat(const char *name)
{
	char *text = proc_read("stats"), *rest = text, *line;
	long long value = -1;
	size_t len = strlen(name);

	while (text && (line = strsep(&rest, "\n")))
		if (!strncmp(line, name, len) && line[len] == ' ')
			value = atoll(line + len);
	free(text);
	return value;
}
