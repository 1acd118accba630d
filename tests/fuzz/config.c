// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzing the way from a file to a specification, and the messages on the way.
 *
 * The first byte chooses the question: a whole configuration, or one of the
 * binder's other entry points. Whatever the bytes are: the answer and the
 * mistakes agree, messages are fit for a terminal and for a JSON reader, and a
 * specification that is written is read as the same.
 */
#include <errno.h>
#include <jansson.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "config/bind.h"
#include "config/config.h"
#include "config/json.h"
#include "config/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int holds)
{
	if (!holds)
		abort();
}

static void check_mistakes(const struct st_diags *diags, int err)
{
	struct st_buf text = ST_BUF_INIT, json = ST_BUF_INIT, term = ST_BUF_INIT;
	json_t *value;

	must(err != -ENOMEM && st_diags_error(diags) == err);
	st_diags_write_text(diags, &text);
	for (size_t i = 0; i < text.len; i++)
		must((unsigned char)text.data[i] >= 0x20 || strchr("\n\t", text.data[i]));
	must((text.len > 0) == (err != 0));
	st_diags_write_json(diags, &json);
	value = json_loads(st_buf_text(&json), JSON_REJECT_DUPLICATES, NULL);
	must(value != NULL);
	json_decref(value);
	if (!st_diags_otp_term(diags, ST_OTP_INIT, &term)) {
		value = json_loads(st_buf_text(&term), JSON_DECODE_ANY, NULL);
		must(value != NULL);
		json_decref(value);
	}
	st_buf_done(&text);
	st_buf_done(&json);
	st_buf_done(&term);
}

/* Read back what was written, which must be the same. */
static void check_again(const struct st_sup_spec *spec)
{
	struct st_buf first = ST_BUF_INIT, second = ST_BUF_INIT;
	struct st_diags diags = ST_DIAGS_INIT;
	struct st_doc *doc = st_doc_new();
	struct st_sup_spec *again = NULL;
	struct st_doc_node *node;
	json_t *value;

	st_sup_spec_write(spec, &first);
	value = json_loads(st_buf_text(&first), JSON_REJECT_DUPLICATES, NULL);
	must(value && !st_json_read(doc, "again", value, &diags, &node));
	must(!st_bind_sup(node, ST_BIND_STRICT, &diags, &again));
	st_sup_spec_write(again, &second);
	must(!strcmp(st_buf_text(&first), st_buf_text(&second)));
	json_decref(value);
	st_sup_spec_put(again);
	st_doc_free(doc);
	st_diags_done(&diags);
	st_buf_done(&first);
	st_buf_done(&second);
}

static void ask_file(const char *bytes, size_t len)
{
	struct st_diags diags = ST_DIAGS_INIT;
	struct st_sup_spec *spec = NULL;
	int err = st_config_parse("fuzz.yaml", bytes, len, &diags, &spec);

	check_mistakes(&diags, err);
	if (!err)
		check_again(spec);
	st_sup_spec_put(spec);
	st_diags_done(&diags);
}

static void ask_sup(const struct st_doc_node *node, enum st_bind_mode mode)
{
	struct st_diags diags = ST_DIAGS_INIT;
	struct st_sup_spec *spec = NULL;
	int err = st_bind_sup(node, mode, &diags, &spec);

	check_mistakes(&diags, err);
	if (!err)
		check_again(spec);
	st_sup_spec_put(spec);
	st_diags_done(&diags);
}

static void ask_child(const struct st_doc_node *node, enum st_bind_mode mode)
{
	struct st_diags diags = ST_DIAGS_INIT;
	struct st_child_spec *spec = NULL;
	struct st_sup_flags flags;
	int err;

	st_sup_flags_init(&flags);
	err = st_bind_child(node, mode, &flags, &diags, &spec);
	check_mistakes(&diags, err);
	st_child_spec_put(spec);
	st_diags_done(&diags);
}

static void ask_rest(const struct st_doc_node *node, enum st_bind_mode mode)
{
	struct st_diags diags = ST_DIAGS_INIT;
	struct st_sup_flags flags;

	st_sup_flags_init(&flags);
	check_mistakes(&diags, st_bind_check_children(node, mode, NULL, &diags));
	st_diags_done(&diags);
	check_mistakes(&diags, st_bind_sup_flags(node, mode, &diags, &flags));
	st_diags_done(&diags);
}

/* The same through a tree, in each of the binder's modes. */
static void ask_tree(uint8_t question, const char *bytes, size_t len)
{
	static const enum st_bind_mode modes[] = { ST_BIND_STRICT, ST_BIND_ROOT, ST_BIND_OTP };
	enum st_bind_mode mode = modes[question % ST_ARRAY_SIZE(modes)];
	struct st_diags diags = ST_DIAGS_INIT;
	struct st_doc *doc = st_doc_new();
	struct st_doc_node *node;
	int err = st_yaml_parse(doc, "fuzz.yaml", bytes, len, &diags, &node);

	if (err || st_diags_error(&diags)) {
		check_mistakes(&diags, -EINVAL);
	} else {
		ask_sup(node, mode);
		ask_child(node, mode);
		ask_rest(node, mode);
	}
	st_doc_free(doc);
	st_diags_done(&diags);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!size)
		return 0;
	if (*data & 1)
		ask_file((const char *)data + 1, size - 1);
	else
		ask_tree(*data >> 1, (const char *)data + 1, size - 1);
	return 0;
}
