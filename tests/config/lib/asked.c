// SPDX-License-Identifier: GPL-2.0-only
/*
 * The questions of asked.h. What cannot be asked ends the test program.
 */
#include "asked.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/json.h"
#include "config/yaml.h"

static struct st_buf answer;

struct question {
	struct st_doc *doc;
	struct st_doc_node *node;
	struct st_diags diags;
};

static void begin(struct question *question, const char *json)
{
	json_error_t error;
	json_t *value = json_loads(json, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &error);

	memset(question, 0, sizeof(*question));
	question->doc = st_doc_new();
	if (!value || !question->doc ||
	    st_json_read(question->doc, "spec", value, &question->diags, &question->node)) {
		fprintf(stderr, "asked: %s: %s\n", json, value ? "not read" : error.text);
		abort();
	}
	json_decref(value);
	st_buf_reset(&answer);
}

static const char *end(struct question *question)
{
	if (!answer.len)
		st_diags_write_text(&question->diags, &answer);
	st_diags_done(&question->diags);
	st_doc_free(question->doc);
	return st_buf_text(&answer);
}

/* The message for a result that may be missing because memory was refused. */
static void write_error(int err)
{
	if (err == -ENOMEM)
		st_buf_add_text(&answer, "no memory");
}

const char *ask_file(const char *yaml)
{
	struct st_diags diags = ST_DIAGS_INIT;
	struct st_sup_spec *spec = NULL;
	int err = st_config_parse("t.yaml", yaml, strlen(yaml), &diags, &spec);

	st_buf_reset(&answer);
	write_error(err);
	if (!err)
		st_sup_spec_write(spec, &answer);
	else
		st_diags_write_text(&diags, &answer);
	st_sup_spec_put(spec);
	st_diags_done(&diags);
	return st_buf_text(&answer);
}

const char *ask_tree(const char *yaml, size_t len)
{
	struct question question = { .doc = st_doc_new() };
	int err = question.doc ? st_yaml_parse(question.doc, "t.yaml", yaml, len, &question.diags,
					       &question.node) :
				 -ENOMEM;

	st_buf_reset(&answer);
	write_error(err);
	if (!err && !st_diags_error(&question.diags))
		st_doc_write_json(question.node, &answer);
	return end(&question);
}

const char *ask_sup(const char *json, enum st_bind_mode mode)
{
	struct st_sup_spec *spec = NULL;
	struct question question;
	int err;

	begin(&question, json);
	err = st_bind_sup(question.node, mode, &question.diags, &spec);
	write_error(err);
	if (!err)
		st_sup_spec_write(spec, &answer);
	st_sup_spec_put(spec);
	return end(&question);
}

const char *ask_child_spec(const char *json, enum st_bind_mode mode,
			   const struct st_sup_flags *flags)
{
	struct st_child_spec *spec = NULL;
	struct question question;
	int err;

	begin(&question, json);
	err = st_bind_child(question.node, mode, flags, &question.diags, &spec);
	write_error(err);
	if (!err)
		st_child_spec_write(spec, &answer);
	st_child_spec_put(spec);
	return end(&question);
}

static void write_term(const struct question *question, int err, enum st_otp_form form)
{
	if (!err)
		st_buf_add_text(&answer, "ok");
	else if (st_diags_otp_term(&question->diags, form, &answer))
		st_buf_add_text(&answer, "no word");
}

const char *ask_otp_init(const char *json)
{
	struct st_sup_spec *spec = NULL;
	struct question question;

	begin(&question, json);
	write_term(&question, st_bind_sup(question.node, ST_BIND_OTP, &question.diags, &spec),
		   ST_OTP_INIT);
	st_sup_spec_put(spec);
	return end(&question);
}

const char *ask_otp_list(const char *json, const struct st_sup_flags *flags)
{
	struct question question;

	begin(&question, json);
	write_term(&question,
		   st_bind_check_children(question.node, ST_BIND_OTP, flags, &question.diags),
		   ST_OTP_CALL);
	return end(&question);
}

const char *ask_otp_child(const char *json, const struct st_sup_flags *flags)
{
	struct st_child_spec *spec = NULL;
	struct question question;

	begin(&question, json);
	write_term(&question,
		   st_bind_child(question.node, ST_BIND_OTP, flags, &question.diags, &spec),
		   ST_OTP_CALL);
	st_child_spec_put(spec);
	return end(&question);
}

const char *only_message(const char *yaml)
{
	struct st_diags diags = ST_DIAGS_INIT;
	struct st_sup_spec *spec = NULL;
	int err = st_config_parse("t.yaml", yaml, strlen(yaml), &diags, &spec);

	st_buf_reset(&answer);
	if (err != -EINVAL || diags.nr != 1) {
		st_diags_write_text(&diags, &answer);
		st_buf_add_text(&answer, "(not one mistake)");
	} else {
		st_buf_add_text(&answer, diags.items[0].message);
		if (diags.items[0].meant) {
			st_buf_add_text(&answer, "; did you mean ");
			st_buf_add_text(&answer, diags.items[0].meant);
		}
	}
	st_sup_spec_put(spec);
	st_diags_done(&diags);
	return st_buf_text(&answer);
}
