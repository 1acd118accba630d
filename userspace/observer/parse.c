// SPDX-License-Identifier: GPL-2.0-only
/*
 * Texts of the kernel to numbers; see parse.h.
 */
#include "observer/parse.h"

#include <errno.h>
#include <string.h>

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool st_parse_word(struct st_slice *text, struct st_slice *ret_word)
{
	size_t end = 0, at = 0;

	while (at < text->len && is_blank(text->at[at]))
		at++;
	end = at;
	while (end < text->len && !is_blank(text->at[end]))
		end++;
	if (end == at)
		return false;
	*ret_word = (struct st_slice){ text->at + at, end - at };
	*text = (struct st_slice){ text->at + end, text->len - end };
	return true;
}

bool st_parse_u64(struct st_slice text, uint64_t *ret_value)
{
	uint64_t value = 0;
	size_t i;

	for (i = 0; i < text.len && text.at[i] >= '0' && text.at[i] <= '9'; i++)
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(value, (uint64_t)(text.at[i] - '0'), &value))
			return false;
	if (i)
		*ret_value = value;
	return i != 0;
}

static bool parse_i64(struct st_slice text, int64_t *ret_value)
{
	bool is_negative = text.len && *text.at == '-';
	uint64_t value;

	if (is_negative)
		text = (struct st_slice){ text.at + 1, text.len - 1 };
	if (!st_parse_u64(text, &value) || value > INT64_MAX)
		return false;
	*ret_value = is_negative ? -(int64_t)value : (int64_t)value;
	return true;
}

bool st_parse_line(const char *text, size_t len, const char *key, struct st_slice *ret_value)
{
	size_t key_len = strlen(key);

	for (size_t at = 0; at < len;) {
		const char *end = memchr(text + at, '\n', len - at);
		size_t line_len = end ? (size_t)(end - (text + at)) : len - at;
		struct st_slice value = { text + at + key_len, 0 };

		if (line_len > key_len && !memcmp(text + at, key, key_len) &&
		    (*value.at == ':' || is_blank(*value.at))) {
			value = (struct st_slice){ value.at + 1, line_len - key_len - 1 };
			while (value.len && is_blank(*value.at))
				value = (struct st_slice){ value.at + 1, value.len - 1 };
			while (value.len && is_blank(value.at[value.len - 1]))
				value.len--;
			*ret_value = value;
			return true;
		}
		at += line_len + 1;
	}
	return false;
}

bool st_parse_number(const char *text, size_t len, const char *key, uint64_t *ret_value)
{
	struct st_slice value;

	return st_parse_line(text, len, key, &value) && st_parse_u64(value, ret_value);
}

bool st_parse_hundredths(struct st_slice text, uint64_t *ret_value)
{
	const char *point = memchr(text.at, '.', text.len);
	uint64_t whole, part = 0;

	if (!point || !st_parse_u64(text, &whole) || whole > UINT32_MAX)
		return false;
	for (size_t i = 1; i <= 2; i++) {
		size_t at = (size_t)(point - text.at) + i;
		bool is_digit = at < text.len && text.at[at] >= '0' && text.at[at] <= '9';

		part = part * 10 + (is_digit ? (uint64_t)(text.at[at] - '0') : 0);
	}
	*ret_value = whole * 100 + part;
	return true;
}

/* "avg10=0.29" */
static bool is_named(struct st_slice *word, const char *name)
{
	size_t len = strlen(name);

	if (word->len <= len || memcmp(word->at, name, len) || word->at[len] != '=')
		return false;
	*word = (struct st_slice){ word->at + len + 1, word->len - len - 1 };
	return true;
}

bool st_parse_pressure(const char *text, size_t len, const char *kind,
		       struct st_pressure *ret_pressure)
{
	struct st_pressure pressure = { 0 };
	struct st_slice line, word;
	unsigned int nr = 0;

	if (!st_parse_line(text, len, kind, &line))
		return false;
	while (st_parse_word(&line, &word)) {
		if (is_named(&word, "avg10"))
			nr += st_parse_hundredths(word, &pressure.avg10);
		else if (is_named(&word, "avg60"))
			nr += st_parse_hundredths(word, &pressure.avg60);
		else if (is_named(&word, "avg300"))
			nr += st_parse_hundredths(word, &pressure.avg300);
		else if (is_named(&word, "total"))
			nr += st_parse_u64(word, &pressure.total_us);
	}
	if (nr != 4)
		return false;
	*ret_pressure = pressure;
	return true;
}

enum form {
	FORM_PID,
	FORM_I64,
	FORM_U64,
};

/* The fields after the name that are used, by the numbers of proc(5), in their order. */
#define FIRST_FIELD 4
#define LAST_FIELD 41

static const struct {
	unsigned int number;
	enum form form;
	size_t offset;
} fields[] = {
	{ FIRST_FIELD, FORM_PID, offsetof(struct st_stat, parent) },
	{ 5, FORM_PID, offsetof(struct st_stat, group) },
	{ 6, FORM_PID, offsetof(struct st_stat, session) },
	{ 10, FORM_U64, offsetof(struct st_stat, minor_faults) },
	{ 12, FORM_U64, offsetof(struct st_stat, major_faults) },
	{ 14, FORM_U64, offsetof(struct st_stat, user_ticks) },
	{ 15, FORM_U64, offsetof(struct st_stat, system_ticks) },
	{ 16, FORM_U64, offsetof(struct st_stat, waited_user_ticks) },
	{ 17, FORM_U64, offsetof(struct st_stat, waited_system_ticks) },
	{ 18, FORM_I64, offsetof(struct st_stat, priority) },
	{ 19, FORM_I64, offsetof(struct st_stat, nice) },
	{ 20, FORM_U64, offsetof(struct st_stat, threads) },
	{ 22, FORM_U64, offsetof(struct st_stat, start_ticks) },
	{ 23, FORM_U64, offsetof(struct st_stat, size_bytes) },
	{ 24, FORM_U64, offsetof(struct st_stat, rss_pages) },
	{ 39, FORM_U64, offsetof(struct st_stat, processor) },
	{ 40, FORM_U64, offsetof(struct st_stat, realtime_priority) },
	{ LAST_FIELD, FORM_U64, offsetof(struct st_stat, policy) },
};

/* Return: false: it must be a number of this form, and is none. */
static bool set_field(struct st_stat *stat, size_t index, struct st_slice word)
{
	char *at = (char *)stat + fields[index].offset;
	int64_t with_sign;
	uint64_t value;

	if (fields[index].form == FORM_U64) {
		if (!st_parse_u64(word, &value))
			return false;
		memcpy(at, &value, sizeof(value));
		return true;
	}
	if (!parse_i64(word, &with_sign))
		return false;
	if (fields[index].form == FORM_PID) {
		pid_t pid = (pid_t)with_sign;

		memcpy(at, &pid, sizeof(pid));
	} else {
		memcpy(at, &with_sign, sizeof(with_sign));
	}
	return true;
}

/* All fields that are used must be there. */
static int set_fields(struct st_stat *stat, struct st_slice rest)
{
	struct st_slice word;
	size_t index = 0;

	for (unsigned int number = FIRST_FIELD; number <= LAST_FIELD; number++) {
		if (!st_parse_word(&rest, &word))
			return -EINVAL;
		if (fields[index].number != number)
			continue;
		if (!set_field(stat, index++, word))
			return -EINVAL;
	}
	return 0;
}

int st_parse_stat(const char *text, size_t len, struct st_stat *ret_stat)
{
	/* the name may hold anything, so it ends at the last parenthesis */
	const char *open = memchr(text, '(', len);
	const char *close = memrchr(text, ')', len);
	struct st_stat stat = { 0 };
	struct st_slice rest, word;
	size_t name_len;
	uint64_t pid;

	if (!open || !close || close < open || !st_parse_u64((struct st_slice){ text, len }, &pid))
		return -EINVAL;
	stat.pid = (pid_t)pid;
	name_len = (size_t)(close - open) - 1;
	if (name_len >= sizeof(stat.name))
		name_len = sizeof(stat.name) - 1;
	memcpy(stat.name, open + 1, name_len);
	rest = (struct st_slice){ close + 1, len - (size_t)(close + 1 - text) };
	if (!st_parse_word(&rest, &word) || word.len != 1)
		return -EINVAL;
	stat.state = *word.at;
	if (set_fields(&stat, rest))
		return -EINVAL;
	*ret_stat = stat;
	return 0;
}

const char *st_parse_state(char letter)
{
	switch (letter) {
	case 'R':
		return "running";
	case 'S':
		return "sleeping";
	case 'D':
		return "disk_sleep";
	case 'T':
		return "stopped";
	case 't':
		return "tracing_stop";
	case 'Z':
		return "zombie";
	case 'X':
	case 'x':
		return "dead";
	case 'I':
		return "idle";
	case 'P':
		return "parked";
	default:
		return "unknown";
	}
}
