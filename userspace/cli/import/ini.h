/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files of sections and NAME=VALUE lines: those of supervisord and of systemd, which differ
 * in comments, in how a line goes on, and in what a name is.
 */
#ifndef ST_CLI_IMPORT_INI_H
#define ST_CLI_IMPORT_INI_H

#include "cli/import/reader.h"

enum st_ini_style {
	ST_INI_SUPERVISORD, /* " ;" begins a comment, an indented line goes on */
	ST_INI_SYSTEMD, /* a backslash at the end lets a line go on */
};

struct st_ini_entry {
	struct st_ini_entry *next;
	const char *key;
	const char *value;
	unsigned int line;
};

struct st_ini_section {
	struct st_ini_section *next;
	const char *name;
	unsigned int line;
	struct st_ini_entry *first;
	struct st_ini_entry *last;
};

#define ST_INI_MAX_ENTRIES 5000 /* of one file, or of one unit: readers search them */

struct st_ini {
	unsigned int nr_entries;
	struct st_ini_section *first;
	struct st_ini_section *last;
};

/* A file, or some lines of it. */
struct st_ini_part {
	const char *text; /* not NUL-terminated */
	size_t len;
	unsigned int line; /* the number of the first line */
};

/**
 * st_ini_read() - read sections
 * @import: its memory is used, and it gets the mistake
 * @file: the file, for messages
 * @style: the rules
 * @part: the text
 * @ini: gets the sections
 *
 * Return: 0, -EINVAL or -ENOMEM.
 */
int st_ini_read(struct st_import *import, const struct st_import_file *file,
		enum st_ini_style style, const struct st_ini_part *part,
		struct st_ini *ini) __must_check;

/* The last entry of that name, or NULL. */
const struct st_ini_entry *st_ini_find(const struct st_ini_section *section, const char *key);

#endif
