// SPDX-License-Identifier: GPL-2.0-only
/*
 * The list of diagnostics and its order. diag_text.c writes them as text, diag_source.c
 * makes foreign text safe.
 */
#include "config/diag.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "config/diag_internal.h"

void st_diags_init(struct st_diags *diags)
{
	memset(diags, 0, sizeof(*diags));
}

static void free_diag(struct st_diag *diag)
{
	st_free(diag->place.file);
	st_free(diag->place.source);
	st_free(diag->pointer);
	st_free(diag->message);
	st_free(diag->expected);
	st_free(diag->meant);
	st_free(diag->advice);
	st_free(diag->value);
	st_free(diag->note);
	st_free(diag->note_place.file);
	st_free(diag->note_place.source);
}

void st_diags_done(struct st_diags *diags)
{
	for (unsigned int i = 0; i < diags->nr; i++)
		free_diag(&diags->items[i]);
	st_free(diags->items);
	st_diags_init(diags);
}

/* A copy of @text, which may be NULL; sets *failed for want of memory. */
static char *copy_text(const char *text, bool *failed)
{
	size_t size = text ? strlen(text) + 1 : 0;
	char *copy;

	if (!text)
		return NULL;
	copy = st_alloc(size);
	if (copy)
		memcpy(copy, text, size);
	else
		*failed = true;
	return copy;
}

/* The bytes of @buf, which is empty afterwards. */
static char *take_text(struct st_buf *buf, bool *failed)
{
	char *text = NULL;

	if (st_buf_error(buf))
		*failed = true;
	else
		text = copy_text(st_buf_text(buf), failed);
	st_buf_done(buf);
	return text;
}

static void fill_place(struct st_diag_place *place, const struct st_doc_file *file,
		       const struct st_doc_place *at, bool *failed)
{
	if (!file)
		return;
	place->file = copy_text(file->name, failed);
	place->file_index = file->index;
	place->line = at->line;
	place->column = at->column;
	if (st_diag_source(place, file, at))
		*failed = true;
}

static void fill_places(struct st_diag *diag, const struct st_diag_about *about, bool *failed)
{
	const struct st_doc_node *node = about->node, *other = about->note_node;

	if (node)
		fill_place(&diag->place, node->file,
			   about->at_key && node->key ? &node->key_place : &node->place, failed);
	else
		fill_place(&diag->place, about->file, &about->place, failed);
	if (other)
		fill_place(&diag->note_place, other->file,
			   about->note_at_key && other->key ? &other->key_place : &other->place,
			   failed);
	else if (about->note)
		fill_place(&diag->note_place, about->file, &about->note_place, failed);
}

static int make_room(struct st_diags *diags)
{
	unsigned int cap = diags->cap ? diags->cap * 2 : 8;
	struct st_diag *items;

	if (diags->nr < diags->cap)
		return 0;
	items = st_realloc(diags->items, cap * sizeof(*items));
	if (!items)
		return -ENOMEM;
	diags->items = items;
	diags->cap = cap;
	return 0;
}

static bool is_equal(const struct st_diag_place *a, const struct st_diag_place *b)
{
	return a->line == b->line && a->column == b->column && a->file_index == b->file_index;
}

static bool is_known(const struct st_diags *diags, const struct st_diag *diag)
{
	if (!diag->place.line)
		return false;
	for (unsigned int i = 0; i < diags->nr; i++)
		if (is_equal(&diags->items[i].place, &diag->place) &&
		    !strcmp(diags->items[i].message, diag->message))
			return true;
	return false;
}

static void keep(struct st_diags *diags, struct st_diag *diag)
{
	*(diag->is_warning ? &diags->nr_warnings : &diags->nr_errors) += 1;
	if (diags->nr >= ST_DIAGS_MAX) {
		free_diag(diag);
	} else if (make_room(diags)) {
		diags->failed = true;
		free_diag(diag);
	} else {
		diags->items[diags->nr++] = *diag;
	}
}

void st_diags_add(struct st_diags *diags, const struct st_diag_about *about, const char *format,
		  ...)
{
	struct st_buf pointer = ST_BUF_INIT, value = ST_BUF_INIT;
	struct st_diag diag = { .is_warning = about->is_warning, .otp = about->otp };
	bool failed = false;
	char message[1024];
	va_list args;

	diags->nr_found += !about->is_warning;
	if (diags->nr >= ST_DIAGS_MAX) {
		*(about->is_warning ? &diags->nr_warnings : &diags->nr_errors) += 1;
		return;
	}
	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	diag.message = copy_text(message, &failed);
	diag.expected = copy_text(about->expected, &failed);
	diag.meant = copy_text(about->meant, &failed);
	diag.advice = copy_text(about->advice, &failed);
	diag.note = copy_text(about->note, &failed);
	fill_places(&diag, about, &failed);
	if (about->node) {
		st_doc_write_pointer(about->node, &pointer);
		diag.pointer = take_text(&pointer, &failed);
	}
	if (about->value) {
		st_doc_write_json(about->value, &value);
		diag.value = take_text(&value, &failed);
	}
	if (failed)
		diags->failed = true;
	if (failed || is_known(diags, &diag))
		free_diag(&diag);
	else
		keep(diags, &diag);
}

void st_diags_take(struct st_diags *diags, struct st_diags *from)
{
	unsigned int nr_errors = diags->nr_errors + from->nr_errors;
	unsigned int nr_warnings = diags->nr_warnings + from->nr_warnings;

	for (unsigned int i = 0; i < from->nr; i++)
		keep(diags, &from->items[i]);
	diags->nr_errors = nr_errors;
	diags->nr_warnings = nr_warnings;
	diags->nr_found += from->nr_found;
	diags->failed |= from->failed;
	from->nr = 0;
	st_diags_done(from);
}

static int compare_places(const void *a, const void *b)
{
	const struct st_diag_place *left = &((const struct st_diag *)a)->place;
	const struct st_diag_place *right = &((const struct st_diag *)b)->place;

	if (left->file_index != right->file_index)
		return left->file_index < right->file_index ? -1 : 1;
	if (left->line != right->line)
		return left->line < right->line ? -1 : 1;
	if (left->column != right->column)
		return left->column < right->column ? -1 : 1;
	return 0;
}

/* Insertion sort: there are few, and mistakes of one place keep their order. */
void st_diags_sort(struct st_diags *diags)
{
	for (unsigned int i = 1; i < diags->nr; i++) {
		struct st_diag diag = diags->items[i];
		unsigned int at = i;

		for (; at && compare_places(&diags->items[at - 1], &diag) > 0; at--)
			diags->items[at] = diags->items[at - 1];
		diags->items[at] = diag;
	}
}

int st_diags_error(const struct st_diags *diags)
{
	if (diags->failed)
		return -ENOMEM;
	return diags->nr_errors ? -EINVAL : 0;
}
