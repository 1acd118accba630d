/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Diagnostics: every mistake of a document, reported as by a good compiler.
 *
 *   suptree.yaml:7:13: error: unknown strategy "one_for_al"
 *     7 |   strategy: one_for_al
 *       |             ^~~~~~~~~~
 *       expected one_for_one, one_for_all, ...; did you mean "one_for_all"?
 *
 * A warning is no mistake: the document has its meaning, but probably not the one that was
 * meant. Only `suptree check` looks for warnings, and it adds them after the mistakes.
 *
 * The list holds the first ST_DIAGS_MAX mistakes and counts the rest. A
 * diagnostic owns its texts and outlives the document. A mistake that OTP has
 * a word for carries it, with the offending value; they are added in OTP's
 * order of checking, so that the first is what OTP answers. [V1] [V2]
 *
 * Texts of files and requests are shown without control characters, because they may
 * go to a terminal.
 */
#ifndef ST_CONFIG_DIAG_H
#define ST_CONFIG_DIAG_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/compiler.h"
#include "config/doc.h"
#include "core/spec.h"

#define ST_DIAGS_MAX 100

/* A line of a file with something to point at. */
struct st_diag_place {
	char *file; /* NULL: no file */
	uint32_t line; /* 0: the whole file, or a request */
	uint32_t column;
	unsigned int file_index;
	char *source; /* the line, shortened around the column; NULL: none */
	uint32_t indent; /* characters of source before the caret */
	uint32_t width; /* characters to underline */
};

struct st_diag {
	bool is_warning;
	enum st_spec_error otp; /* ST_SPEC_NONE: OTP has no word for it */
	struct st_diag_place place;
	char *pointer; /* JSON pointer to the value; NULL: none */
	char *message;
	char *expected; /* NULL: nothing to add */
	char *meant; /* the word that was probably meant; NULL: none is near */
	char *advice; /* what to do, as a sentence; NULL: nothing */
	char *value; /* the offending value as JSON; NULL unless otp */
	char *note; /* about another place, for example the first of two; NULL */
	struct st_diag_place note_place;
};

struct st_diags {
	struct st_diag *items;
	unsigned int nr; /* in items */
	unsigned int cap;
	unsigned int nr_errors; /* all, those not kept included */
	unsigned int nr_warnings; /* the same of warnings, which are no errors */
	unsigned int nr_found; /* and those that an alias repeats */
	bool failed; /* no memory for one of them */
};

#define ST_DIAGS_INIT \
	{ \
		NULL, 0, 0, 0, 0, 0, false \
	}

void st_diags_init(struct st_diags *diags);
void st_diags_done(struct st_diags *diags); /* empty and usable afterwards */

/* The arguments of st_diags_add() in addition to the message; all may be 0. */
struct st_diag_about {
	const struct st_doc_node *node; /* where */
	bool at_key; /* at the key of @node, not at its value */
	bool is_warning;
	const struct st_doc_file *file; /* where, if there is no node */
	struct st_doc_place place;
	const char *expected;
	const char *meant;
	const char *advice;
	enum st_spec_error otp;
	const struct st_doc_node *value; /* with otp */
	const char *note;
	const struct st_doc_node *note_node;
	bool note_at_key;
	struct st_doc_place note_place; /* in the same file, if there is no node */
};

/**
 * st_diags_add() - add a mistake or a warning
 * @diags: the list; no memory is recorded in ->failed
 * @about: where it is and what would be right
 * @format: the message: no newline, no full stop; foreign texts through
 *          st_quote()
 *
 * The same message for the same place of a file is added only once, because an alias
 * repeats a mistake in several places of the tree.
 */
void st_diags_add(struct st_diags *diags, const struct st_diag_about *about, const char *format,
		  ...) __printf(3, 4);

/**
 * st_diags_take() - move the mistakes of one list to the end of another
 * @diags: the list
 * @from: empty afterwards
 */
void st_diags_take(struct st_diags *diags, struct st_diags *from);

/**
 * st_diags_sort() - bring the mistakes into the order of files and lines
 * @diags: the list; OTP's order is lost
 */
void st_diags_sort(struct st_diags *diags);

/**
 * st_diags_error() - get the errno for the list
 * @diags: the list
 *
 * Return: 0 if it has no mistake, -ENOMEM if it is incomplete, else -EINVAL.
 */
int st_diags_error(const struct st_diags *diags) __must_check;

/**
 * st_diags_write_text() - append all mistakes in the form shown above
 * @diags: the list
 * @out: where to; each line ends with a newline
 */
void st_diags_write_text(const struct st_diags *diags, struct st_buf *out);

/**
 * st_diags_write_public() - append where the mistakes are, and nothing of the file
 * @diags: the mistakes
 * @out: gets a line for each: its place, and what is expected there
 *
 * For readers who may not see the file: a line of it, or a word of it in a message, may be
 * a secret.
 */
void st_diags_write_public(const struct st_diags *diags, struct st_buf *out);

/**
 * st_diags_write_json() - append all mistakes as one JSON object
 * @diags: the list
 * @out: where to: {"errors":N,"warnings":N,"diagnostics":[{"severity","file","line",
 *       "column","pointer","message","expected","did_you_mean","advice","otp","value",
 *       "source","note":{"message","file","line","column"}}, ...]}; severity is error or
 *       warning; members that do not apply are left out, and N counts also those that
 *       were not kept
 */
void st_diags_write_json(const struct st_diags *diags, struct st_buf *out);

/* How OTP wraps an error: as the answer to a call, or as the result of init. */
enum st_otp_form {
	ST_OTP_CALL, /* {"invalid_shutdown":-5} */
	ST_OTP_INIT, /* {"start_spec":{"invalid_shutdown":-5}} [V3] */
};

/**
 * st_diags_otp_term() - append OTP's answer: the first mistake it has a word for
 * @diags: the list, not sorted
 * @form: how it is wrapped
 * @out: where to, as JSON: "missing_id", {"duplicate_child_name":"a"},
 *       {"supervisor_data":{"invalid_intensity":-1}}, "bad_start_spec"
 *
 * Return: 0, or -ENOENT if OTP has no word for any of them.
 */
int st_diags_otp_term(const struct st_diags *diags, enum st_otp_form form,
		      struct st_buf *out) __must_check;

/* Foreign text made fit for a message. */
struct st_quoted {
	char text[100];
};

/**
 * st_quote() - put a text into quotes, shortened and without control characters
 * @quoted: where to
 * @text: the text
 *
 * Return: @quoted->text, for a printf argument.
 */
const char *st_quote(struct st_quoted *quoted, const char *text);

#endif
