// SPDX-License-Identifier: GPL-2.0-only
/*
 * Checks each form of parameter; see value.h. An error text has the expected
 * value, with its limit, and the value that was found.
 */
#include "proto/value.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/text.h"
#include "core/reason.h"
#include "core/spec.h"
#include "proto/condition.h"
#include "proto/path.h"

static const char *const json_type_text[] = {
	[JSON_OBJECT] = "an object", [JSON_ARRAY] = "a list",	 [JSON_STRING] = "a text",
	[JSON_INTEGER] = "a number", [JSON_REAL] = "a fraction", [JSON_TRUE] = "true",
	[JSON_FALSE] = "false",	     [JSON_NULL] = "null",
};

static int wrong_type(const json_t *value, const char *wanted, struct st_buf *why)
{
	st_buf_add_text(why, "must be ");
	st_buf_add_text(why, wanted);
	st_buf_add_text(why, ", not ");
	st_buf_add_text(why, json_type_text[json_typeof(value)]);
	return -EINVAL;
}

static int refuse(const char *sentence, struct st_buf *why)
{
	st_buf_add_text(why, sentence);
	return -EINVAL;
}

static int out_of_limits(const struct st_param_type_row *type, const char *what, int64_t found,
			 struct st_buf *why)
{
	st_buf_add_text(why, "must be ");
	st_buf_add_i64(why, type->min);
	st_buf_add_text(why, "..");
	st_buf_add_i64(why, type->max);
	st_buf_add_text(why, what);
	st_buf_add_text(why, ", not ");
	st_buf_add_i64(why, found);
	return -EINVAL;
}

static int check_len(const struct st_param_type_row *type, const char *what, size_t len,
		     struct st_buf *why)
{
	int64_t found = (int64_t)len;

	if (found < type->min || found > type->max)
		return out_of_limits(type, what, found, why);
	return 0;
}

static int check_path(json_t *value, struct st_buf *why)
{
	const char *given = json_string_value(value);
	const char *path = st_path_check(given);
	json_t *copy;
	int ret;

	if (!path)
		return refuse("must be ids joined by '/', each of at most 255 bytes, "
			      "without '.', '..' and control characters",
			      why);
	if (path == given)
		return 0;
	copy = json_string(path);
	ret = copy ? json_string_set(value, json_string_value(copy)) : -1;
	json_decref(copy);
	return ret ? -ENOMEM : 0;
}

static int check_condition(const char *text, struct st_buf *why)
{
	struct st_condition condition;
	int ret = st_condition_parse(text, &condition);

	if (ret == -EINVAL)
		return refuse("must be a path, '=' and a state", why);
	if (!ret)
		return 0;
	st_buf_add_text(why, "must end with one of");
	for (int i = 0; i < ST_UNTIL__MAX; i++) {
		st_buf_add_text(why, i ? ", =" : " =");
		st_buf_add_text(why, st_until_text[i]);
	}
	return -EINVAL;
}

static bool is_one_word(const char *text)
{
	while (*text && (unsigned char)*text > ' ' && *text != 0x7f)
		text++;
	return !*text;
}

static int check_text(enum st_param_type type, const struct st_param_type_row *limits,
		      json_t *value, struct st_buf *why)
{
	const char *text = json_string_value(value);
	int ret;

	if (!text)
		return wrong_type(value, "a text", why);
	ret = check_len(limits, " bytes", json_string_length(value), why);
	if (ret)
		return ret;
	if (type == ST_PARAM_PATH || type == ST_PARAM_CHILD || type == ST_PARAM_METHOD)
		return check_path(value, why);
	if (type == ST_PARAM_CONDITION)
		return check_condition(text, why);
	if (type == ST_PARAM_NAME && !st_id_is_valid(text))
		return refuse("must be a name without '/' and control characters, "
			      "not '.' or '..'",
			      why);
	if (type == ST_PARAM_FILE && text[0] != '/')
		return refuse("must be an absolute file name: it begins with '/'", why);
	if (type == ST_PARAM_WORD && !is_one_word(text))
		return refuse("must be one word, without blanks and control characters", why);
	return 0;
}

static int no_such_word(const char *const *words, int nr, const char *at, size_t len,
			struct st_buf *why)
{
	struct st_buf word = ST_BUF_INIT;
	const char *meant;

	st_buf_add_text(why, "must be one of");
	for (int i = 0; i < nr; i++) {
		st_buf_add_text(why, i ? ", " : " ");
		st_buf_add_text(why, words[i]);
	}
	st_buf_add(&word, at, len);
	meant = st_buf_error(&word) ? NULL : st_text_nearest(st_buf_text(&word), words, (size_t)nr);
	if (meant) {
		st_buf_add_text(why, "; did you mean ");
		st_buf_add_text(why, meant);
		st_buf_add_char(why, '?');
	}
	st_buf_done(&word);
	return -EINVAL;
}

static bool is_one_of(const char *const *words, int nr, const char *at, size_t len)
{
	for (int i = 0; i < nr; i++)
		if (strlen(words[i]) == len && !strncmp(words[i], at, len))
			return true;
	return false;
}

/* Check one word, or several words joined by commas. */
static int check_words(const struct st_param *param, bool are_several, const json_t *value,
		       struct st_buf *why)
{
	const char *at = json_string_value(value);
	int nr = 0;
	const char *const *words = st_param_words(param, &nr);

	if (!at)
		return wrong_type(value, "a text", why);
	for (;; at++) {
		size_t len = are_several ? strcspn(at, ",") : strlen(at);

		if (!is_one_of(words, nr, at, len))
			return no_such_word(words, nr, at, len, why);
		at += len;
		if (!*at)
			return 0;
	}
}

static int check_integer(const struct st_param_type_row *type, const json_t *value,
			 struct st_buf *why)
{
	int64_t number = json_integer_value(value);

	if (!json_is_integer(value))
		return wrong_type(value, "a whole number", why);
	if (number < type->min || number > type->max)
		return out_of_limits(type, "", number, why);
	return 0;
}

static int check_texts(const struct st_param_type_row *type, const json_t *value,
		       struct st_buf *why)
{
	size_t index;
	json_t *item;

	if (!json_is_array(value))
		return wrong_type(value, "a list of texts", why);
	json_array_foreach(value, index, item) {
		if (!json_is_string(item))
			return wrong_type(item, "a list of texts", why);
	}
	return check_len(type, " texts", json_array_size(value), why);
}

static int check_signal(const struct st_param_type_row *type, const json_t *value,
			struct st_buf *why)
{
	if (json_is_integer(value))
		return check_integer(type, value, why);
	if (!json_is_string(value))
		return wrong_type(value, "a signal's name or number", why);
	if (st_signal_number(json_string_value(value)) < 0)
		return refuse("must be a signal's name, as TERM or SIGTERM, or its number", why);
	return 0;
}

/* Check an object or list, or a text that the daemon will parse. */
static int check_spec(const struct st_param_type_row *type, const json_t *value, struct st_buf *why)
{
	bool wants_list = type->form == ST_FORM_SPECS;

	if (json_is_string(value))
		return check_len(type, " bytes", json_string_length(value), why);
	if (wants_list ? !json_is_array(value) : !json_is_object(value))
		return wrong_type(value, wants_list ? "a list or a text" : "an object or a text",
				  why);
	return 0;
}

/* Is it one of the forms of a reason, other than those of failed starts? */
static bool is_reason(const json_t *value)
{
	const char *const words[] = { "normal", "shutdown", "killed" };
	const json_t *term = json_object_get(value, "shutdown");
	const json_t *code = json_object_get(value, "code");
	const char *signal = json_string_value(json_object_get(value, "signal"));

	if (json_is_string(value))
		return st_text_index(words, ST_ARRAY_SIZE(words), json_string_value(value)) >= 0;
	if (json_object_size(value) != 1)
		return false;
	if (json_is_integer(term))
		return json_integer_value(term) >= 0 &&
		       json_integer_value(term) < ST_SHUTDOWN_STATUS_NR;
	if (json_is_integer(code))
		return json_integer_value(code) >= 1 && json_integer_value(code) <= 255;
	return signal && st_signal_number(signal) > 0;
}

static int check_object(const json_t *value, struct st_buf *why)
{
	return json_is_object(value) ? 0 : wrong_type(value, "an object", why);
}

static int check_objects(const json_t *value, struct st_buf *why)
{
	size_t index;
	json_t *item;

	if (!json_is_array(value))
		return wrong_type(value, "a list of objects", why);
	json_array_foreach(value, index, item)
		if (!json_is_object(item))
			return wrong_type(item, "a list of objects", why);
	return 0;
}

int st_value_check(const struct st_param *param, json_t *value, struct st_buf *why)
{
	struct st_param_type_row limits = st_param_types[param->type];

	if (param->is_bounded) {
		limits.min = param->min;
		limits.max = param->max;
	}
	switch (limits.form) {
	case ST_FORM_TEXT:
		if (param->words)
			return check_words(param, false, value, why);
		return check_text(param->type, &limits, value, why);
	case ST_FORM_WORD:
		return check_words(param, false, value, why);
	case ST_FORM_WORDS:
		return check_words(param, true, value, why);
	case ST_FORM_INTEGER:
		return check_integer(&limits, value, why);
	case ST_FORM_FLAG:
		return json_is_boolean(value) ? 0 : wrong_type(value, "true or false", why);
	case ST_FORM_TEXTS:
		return check_texts(&limits, value, why);
	case ST_FORM_SIGNAL:
		return check_signal(&limits, value, why);
	case ST_FORM_SPEC:
	case ST_FORM_SPECS:
		return check_spec(&limits, value, why);
	case ST_FORM_REASON:
		if (is_reason(value))
			return 0;
		st_buf_add_text(why, "must be ");
		return refuse(limits.help, why);
	case ST_FORM_OBJECT:
		return check_object(value, why);
	case ST_FORM_OBJECTS:
		return check_objects(value, why);
	}
	return -EINVAL;
}
