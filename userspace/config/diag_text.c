// SPDX-License-Identifier: GPL-2.0-only
/*
 * Diagnostics as text for people and as JSON for programs.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "config/diag_internal.h"

static void add_clean_text(struct st_buf *out, const char *text)
{
	st_diag_add_clean(out, text, strlen(text));
}

/* "file:line:column: ", "request: /pointer: " or nothing */
static void write_where(const struct st_diag_place *place, const char *pointer, struct st_buf *out)
{
	if (!place->file)
		return;
	add_clean_text(out, place->file);
	st_buf_add_char(out, ':');
	if (place->line) {
		st_buf_add_u64(out, place->line);
		st_buf_add_char(out, ':');
		st_buf_add_u64(out, place->column);
		st_buf_add_char(out, ':');
	} else if (pointer && *pointer) {
		st_buf_add_char(out, ' ');
		add_clean_text(out, pointer);
		st_buf_add_char(out, ':');
	}
	st_buf_add_char(out, ' ');
}

static void add_spaces(struct st_buf *out, size_t nr)
{
	while (nr--)
		st_buf_add_char(out, ' ');
}

/* Spaces as wide as the first @nr characters of @source; tabs stay tabs. */
static void add_indent(struct st_buf *out, const char *source, uint32_t nr)
{
	for (; nr && *source; nr--) {
		st_buf_add_char(out, *source == '\t' ? '\t' : ' ');
		do
			source++;
		while ((*source & 0xc0) == 0x80);
	}
	add_spaces(out, nr);
}

static void write_source(const struct st_diag_place *place, struct st_buf *out)
{
	size_t start = out->len, margin;

	if (!place->source)
		return;
	st_buf_add_text(out, "  ");
	st_buf_add_u64(out, place->line);
	margin = out->len - start;
	st_buf_add_text(out, " | ");
	st_buf_add_text(out, place->source);
	st_buf_add_char(out, '\n');
	add_spaces(out, margin);
	st_buf_add_text(out, " | ");
	add_indent(out, place->source, place->indent);
	st_buf_add_char(out, '^');
	for (uint32_t i = 1; i < place->width; i++)
		st_buf_add_char(out, '~');
	st_buf_add_char(out, '\n');
}

static void write_expected(const struct st_diag *diag, struct st_buf *out)
{
	if (!diag->expected && !diag->meant)
		return;
	add_spaces(out, 4);
	if (diag->expected) {
		st_buf_add_text(out, "expected ");
		add_clean_text(out, diag->expected);
	}
	if (diag->meant) {
		st_buf_add_text(out, diag->expected ? "; did you mean \"" : "did you mean \"");
		add_clean_text(out, diag->meant);
		st_buf_add_text(out, "\"?");
	}
	st_buf_add_char(out, '\n');
}

static void write_advice(const struct st_diag *diag, struct st_buf *out)
{
	if (!diag->advice)
		return;
	add_spaces(out, 4);
	add_clean_text(out, diag->advice);
	st_buf_add_char(out, '\n');
}

static const char *severity(const struct st_diag *diag)
{
	return diag->is_warning ? "warning" : "error";
}

static void write_diag(const struct st_diag *diag, struct st_buf *out)
{
	write_where(&diag->place, diag->pointer, out);
	st_buf_add_text(out, severity(diag));
	st_buf_add_text(out, ": ");
	add_clean_text(out, diag->message);
	st_buf_add_char(out, '\n');
	write_source(&diag->place, out);
	write_expected(diag, out);
	write_advice(diag, out);
	if (!diag->note)
		return;
	write_where(&diag->note_place, NULL, out);
	st_buf_add_text(out, "note: ");
	add_clean_text(out, diag->note);
	st_buf_add_char(out, '\n');
	write_source(&diag->note_place, out);
}

static void write_public(const struct st_diag *diag, struct st_buf *out)
{
	write_where(&diag->place, NULL, out);
	st_buf_add_text(out, "error: ");
	st_buf_add_text(out, diag->expected ? "expected " : "only an admin may see what is wrong");
	if (diag->expected)
		add_clean_text(out, diag->expected);
	st_buf_add_char(out, '\n');
}

static void write_more(unsigned int nr, const char *what, struct st_buf *out)
{
	if (!nr)
		return;
	st_buf_add_text(out, "and ");
	st_buf_add_u64(out, nr);
	st_buf_add_text(out, " more ");
	st_buf_add_text(out, what);
	st_buf_add_text(out, nr == 1 ? "\n" : "s\n");
}

static void write_all(const struct st_diags *diags,
		      void (*write_one)(const struct st_diag *diag, struct st_buf *out),
		      struct st_buf *out)
{
	unsigned int nr_errors = 0, nr_warnings = 0;

	for (unsigned int i = 0; i < diags->nr; i++) {
		write_one(&diags->items[i], out);
		*(diags->items[i].is_warning ? &nr_warnings : &nr_errors) += 1;
	}
	write_more(diags->nr_errors - nr_errors, "error", out);
	write_more(diags->nr_warnings - nr_warnings, "warning", out);
}

void st_diags_write_text(const struct st_diags *diags, struct st_buf *out)
{
	write_all(diags, write_diag, out);
}

void st_diags_write_public(const struct st_diags *diags, struct st_buf *out)
{
	write_all(diags, write_public, out);
}

static void add_name(struct st_buf *out, const char *name)
{
	if (out->len && out->data[out->len - 1] != '{')
		st_buf_add_char(out, ',');
	st_buf_add_char(out, '"');
	st_buf_add_text(out, name);
	st_buf_add_text(out, "\":");
}

static void write_member(const char *name, const char *text, struct st_buf *out)
{
	if (!text)
		return;
	add_name(out, name);
	st_buf_add_json_string(out, text, strlen(text));
}

static void write_json_place(const struct st_diag_place *place, struct st_buf *out)
{
	write_member("file", place->file, out);
	if (place->line) {
		add_name(out, "line");
		st_buf_add_u64(out, place->line);
		add_name(out, "column");
		st_buf_add_u64(out, place->column);
	}
}

static void write_json_diag(const struct st_diag *diag, struct st_buf *out)
{
	st_buf_add_char(out, '{');
	write_member("severity", severity(diag), out);
	write_json_place(&diag->place, out);
	write_member("pointer", diag->pointer, out);
	write_member("message", diag->message, out);
	write_member("expected", diag->expected, out);
	write_member("did_you_mean", diag->meant, out);
	write_member("advice", diag->advice, out);
	if (diag->otp != ST_SPEC_NONE)
		write_member("otp", st_spec_error_text[diag->otp], out);
	if (diag->value) {
		add_name(out, "value");
		st_buf_add_text(out, diag->value);
	}
	write_member("source", diag->place.source, out);
	if (diag->note) {
		add_name(out, "note");
		st_buf_add_char(out, '{');
		write_member("message", diag->note, out);
		write_json_place(&diag->note_place, out);
		st_buf_add_char(out, '}');
	}
	st_buf_add_char(out, '}');
}

void st_diags_write_json(const struct st_diags *diags, struct st_buf *out)
{
	st_buf_add_text(out, "{\"errors\":");
	st_buf_add_u64(out, diags->nr_errors);
	st_buf_add_text(out, ",\"warnings\":");
	st_buf_add_u64(out, diags->nr_warnings);
	st_buf_add_text(out, ",\"diagnostics\":[");
	for (unsigned int i = 0; i < diags->nr; i++) {
		if (i)
			st_buf_add_char(out, ',');
		write_json_diag(&diags->items[i], out);
	}
	st_buf_add_text(out, "]}");
}
