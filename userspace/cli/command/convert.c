// SPDX-License-Identifier: GPL-2.0-only
/*
 * Arguments to values; see convert.h. A specification is not parsed here: the daemon
 * gets its text unchanged, so that errors can name lines and columns.
 */
#include "cli/command/convert.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command/age.h"
#include "cli/command/options.h"
#include "proto/value.h"

static int refuse(struct st_buf *why, const char *text)
{
	st_buf_add_text(why, text);
	return -EINVAL;
}

static int to_text(const char *bytes, size_t len, struct st_buf *why, json_t **ret_value)
{
	if (memchr(bytes, '\0', len))
		return refuse(why, "must be text without a NUL byte");
	*ret_value = json_stringn(bytes, len);
	return *ret_value ? 0 : refuse(why, "must be text in UTF-8");
}

static int to_integer(const char *text, struct st_buf *why, json_t **ret_value)
{
	char *end;
	long long number;

	errno = 0;
	number = strtoll(text, &end, 10);
	if (!*text || *end || errno)
		return refuse(why, "must be a whole number");
	*ret_value = json_integer(number);
	return *ret_value ? 0 : -ENOMEM;
}

static int to_duration(const char *text, struct st_buf *why, json_t **ret_value)
{
	uint64_t ms = ST_MAX_TIMEOUT_MS; /* the protocol has nothing longer than these 49 days */
	const char *problem = strcmp(text, "infinity") ? st_cli_duration(text, &ms) : NULL;

	if (problem)
		return refuse(why, problem);
	if (ms > ST_MAX_TIMEOUT_MS)
		return refuse(why, "is too long: at most 49 days");
	*ret_value = json_integer((json_int_t)ms);
	return *ret_value ? 0 : -ENOMEM;
}

static int to_age(const char *text, struct st_buf *why, json_t **ret_value)
{
	uint64_t ms = 0;
	const char *problem = st_cli_age(text, &ms);

	if (problem)
		return refuse(why, problem);
	if (ms > ST_MAX_AGE_MS)
		return refuse(why, "is too long ago");
	*ret_value = json_integer((json_int_t)ms);
	return *ret_value ? 0 : -ENOMEM;
}

static int read_failed(struct st_buf *why, const char *name)
{
	st_buf_add_text(why, "cannot be read: ");
	st_buf_add_text(why, name);
	st_buf_add_text(why, ": ");
	return refuse(why, strerror(errno));
}

static int read_all(int fd, const char *name, struct st_buf *why, struct st_buf *ret_content)
{
	char portion[16384];
	ssize_t nr;

	while ((nr = read(fd, portion, sizeof(portion))) != 0) {
		if (nr < 0 && errno == EINTR)
			continue;
		if (nr < 0)
			return read_failed(why, name);
		st_buf_add(ret_content, portion, (size_t)nr);
		if (ret_content->len > ST_MAX_SPEC_LEN)
			return refuse(why, "must be at most 1048576 bytes");
	}
	return st_buf_error(ret_content);
}

/* The text itself, the text of a file (@NAME), or of standard input (-). */
static int to_spec(const char *text, struct st_buf *why, json_t **ret_value)
{
	bool is_input = !strcmp(text, "-");
	struct st_buf content = ST_BUF_INIT;
	int fd = STDIN_FILENO;
	int ret;

	if (!is_input && text[0] != '@')
		return to_text(text, strlen(text), why, ret_value);
	if (!is_input) {
		fd = open(text + 1, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return read_failed(why, text + 1);
	}
	ret = read_all(fd, is_input ? "standard input" : text + 1, why, &content);
	if (!is_input)
		close(fd);
	if (!ret)
		ret = to_text(st_buf_text(&content), content.len, why, ret_value);
	st_buf_done(&content);
	return ret;
}

/* The daemon has another working directory, so it is given the whole name. */
static int to_file(const char *text, struct st_buf *why, json_t **ret_value)
{
	char *path = realpath(text, NULL);
	int ret;

	if (!path)
		return read_failed(why, text);
	ret = to_text(path, strlen(path), why, ret_value);
	free(path);
	return ret;
}

static int to_reason(const char *text, struct st_buf *why, json_t **ret_value)
{
	if (text[0] != '{')
		return to_text(text, strlen(text), why, ret_value);
	*ret_value = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	return *ret_value ? 0 : refuse(why, "must be a word or JSON");
}

static int to_json(const char *text, struct st_buf *why, json_t **ret_value)
{
	json_error_t error;

	*ret_value = json_loads(text, JSON_REJECT_DUPLICATES, &error);
	if (*ret_value)
		return 0;
	st_buf_add_text(why, "must be JSON; it is wrong at byte ");
	st_buf_add_i64(why, error.position);
	st_buf_add_text(why, ": ");
	return refuse(why, error.text);
}

static bool is_number(const char *text)
{
	return *text && !text[strspn(text, "0123456789")];
}

/* "demo/", as completion leaves it, is "demo". */
static int to_path(const char *text, struct st_buf *why, json_t **ret_value)
{
	size_t len = strlen(text);

	if (len > 1 && text[len - 1] == '/')
		len--;
	return to_text(text, len, why, ret_value);
}

static int convert(enum st_param_type type, const char *text, struct st_buf *why,
		   json_t **ret_value)
{
	if (type == ST_PARAM_DURATION)
		return to_duration(text, why, ret_value);
	if (type == ST_PARAM_AGE)
		return to_age(text, why, ret_value);
	if (type == ST_PARAM_PATH || type == ST_PARAM_CHILD)
		return to_path(text, why, ret_value);
	if (type == ST_PARAM_FILE)
		return to_file(text, why, ret_value);
	switch (st_param_types[type].form) {
	case ST_FORM_INTEGER:
		return to_integer(text, why, ret_value);
	case ST_FORM_SIGNAL:
		if (is_number(text))
			return to_integer(text, why, ret_value);
		return to_text(text, strlen(text), why, ret_value);
	case ST_FORM_SPEC:
	case ST_FORM_SPECS:
		return to_spec(text, why, ret_value);
	case ST_FORM_REASON:
		return to_reason(text, why, ret_value);
	case ST_FORM_OBJECT:
	case ST_FORM_OBJECTS:
		return to_json(text, why, ret_value);
	case ST_FORM_TEXT:
	case ST_FORM_WORD:
	case ST_FORM_WORDS:
	case ST_FORM_FLAG:
	case ST_FORM_TEXTS:
		break;
	}
	return to_text(text, strlen(text), why, ret_value);
}

int st_convert(const struct st_param *param, const char *text, struct st_buf *why,
	       json_t **ret_value)
{
	bool is_stdin = param->or_stdin && !strcmp(text, "-");
	json_t *value = NULL;
	int ret = is_stdin ? to_text(text, 1, why, &value) :
			     convert(param->type, text, why, &value);

	if (!ret && !is_stdin)
		ret = st_value_check(param, value, why);
	if (ret) {
		json_decref(value);
		return ret;
	}
	*ret_value = value;
	return 0;
}
