// SPDX-License-Identifier: GPL-2.0-only
/*
 * Splitting and joining command lines; see argv.h.
 */
#include "cli/import/argv.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static const char blanks[] = " \t\r\n";

struct splitter {
	struct st_plan *plan;
	enum st_argv_style style;
	const char *at;
	char *out; /* the next byte of the current word */
	char quote;
};

/* The number of a C escape: \x41, \101; -1: it is none. */
static int number_escape(const char *at, size_t *ret_len)
{
	char digits[4] = "";
	bool is_hex = *at == 'x';
	size_t len = is_hex ? 2 : 3;
	char *end;
	long value;

	memcpy(digits, at + is_hex, strnlen(at + is_hex, len));
	value = strtol(digits, &end, is_hex ? 16 : 8);
	if (end != digits + len || value < 32 || value > 126)
		return -1; /* control characters and parts of UTF-8 stay as they are */
	*ret_len = len + is_hex;
	return (int)value;
}

/* After a backslash; false: nothing follows it. */
static bool take_escape(struct splitter *splitter)
{
	static const char letters[] = "nts", means[] = "\n\t ";
	const char *letter;
	size_t len = 0;
	int value;

	splitter->at++;
	if (!*splitter->at)
		return false;
	if (splitter->style == ST_ARGV_SHLEX) {
		if (splitter->quote && !strchr("\"\\", *splitter->at))
			*splitter->out++ = '\\';
		*splitter->out++ = *splitter->at;
		return true;
	}
	value = number_escape(splitter->at, &len);
	letter = strchr(letters, *splitter->at);
	if (value >= 0) {
		*splitter->out++ = (char)value;
		splitter->at += len - 1;
	} else {
		*splitter->out++ = letter ? means[letter - letters] : *splitter->at;
	}
	return true;
}

static const char *take_word(struct splitter *splitter)
{
	for (; *splitter->at; splitter->at++) {
		char c = *splitter->at;

		if (!splitter->quote && strchr(blanks, c))
			break;
		if (c == splitter->quote) {
			splitter->quote = '\0';
		} else if (!splitter->quote && (c == '\'' || c == '"')) {
			splitter->quote = c;
		} else if (c == '\\' &&
			   (splitter->quote != '\'' || splitter->style == ST_ARGV_SYSTEMD)) {
			if (!take_escape(splitter))
				return "there is nothing after the last backslash";
		} else {
			*splitter->out++ = c;
		}
	}
	*splitter->out++ = '\0';
	return splitter->quote ? "a quote has no end" : NULL;
}

const char *st_argv_split(struct st_plan *plan, enum st_argv_style style, const char *line,
			  struct st_argv *ret_argv)
{
	struct splitter splitter = { .plan = plan, .style = style, .at = line };
	size_t size = strlen(line) + 2;
	size_t most = size / 2 + 1 < ST_ARGV_MAX ? size / 2 + 1 : ST_ARGV_MAX;
	const char *why;

	memset(ret_argv, 0, sizeof(*ret_argv));
	ret_argv->words = st_arena_alloc(&plan->arena, most, sizeof(char *));
	splitter.out = st_arena_alloc(&plan->arena, size, 1);
	if (!ret_argv->words || !splitter.out) {
		plan->has_failed = true;
		return "out of memory";
	}
	for (;;) {
		char *word = splitter.out;

		splitter.at += strspn(splitter.at, blanks);
		if (!*splitter.at)
			break;
		if (ret_argv->nr == most)
			return "it has too many words";
		why = take_word(&splitter);
		if (why)
			return why;
		ret_argv->words[ret_argv->nr++] = word;
		ret_argv->has_marks |= strpbrk(word, "\x01\x02") != NULL;
	}
	return ret_argv->nr && *ret_argv->words[0] ? NULL : "it has no program";
}

static bool is_safe(char c)
{
	return isalnum((unsigned char)c) || strchr("_-./=+@%:,", c) || c & 0x80;
}

/* A variable: "$NAME" in quotes, or $NAME, which sh splits at blanks. */
static const char *add_variable(const char *at, struct st_buf *out)
{
	size_t len = strcspn(at + 1, "\x03");
	const char *quote = *at == ST_MARK_QUOTED ? "\"" : "";

	st_buf_add_text(out, quote);
	st_buf_add_text(out, "${");
	st_buf_add(out, at + 1, len);
	st_buf_add_char(out, '}');
	st_buf_add_text(out, quote);
	return at + 1 + len + (at[1 + len] == ST_MARK_END);
}

/* A word as sh reads it back. */
static void add_word(const char *word, struct st_buf *out)
{
	if (!*word)
		st_buf_add_text(out, "''");
	while (*word) {
		if (*word == ST_MARK_QUOTED || *word == ST_MARK_BARE) {
			word = add_variable(word, out);
			continue;
		}
		if (!is_safe(*word))
			st_buf_add_char(out, '\\');
		if (*word == '\n') { /* a backslash and a newline are nothing in sh */
			out->len--;
			st_buf_add_text(out, "'\n'");
		} else {
			st_buf_add_char(out, *word);
		}
		word++;
	}
}

struct st_plan_node *st_argv_add_shell(struct st_plan *plan, struct st_plan_node *map,
				       const char *key, const char *line)
{
	struct st_plan_node *list = st_plan_add(plan, map, ST_PLAN_WORDS, key, NULL);

	(void)st_plan_add(plan, list, ST_PLAN_TEXT, NULL, "sh");
	(void)st_plan_add(plan, list, ST_PLAN_TEXT, NULL, "-c");
	(void)st_plan_add(plan, list, ST_PLAN_TEXT, NULL, line);
	return list;
}

struct st_plan_node *st_argv_add(struct st_plan *plan, struct st_plan_node *map, const char *key,
				 const struct st_argv *words)
{
	struct st_buf line = ST_BUF_INIT;
	struct st_plan_node *list;

	if (!words->has_marks) {
		list = st_plan_add(plan, map, ST_PLAN_WORDS, key, NULL);
		for (size_t i = 0; i < words->nr; i++)
			(void)st_plan_add(plan, list, ST_PLAN_TEXT, NULL, words->words[i]);
		return list;
	}
	st_buf_add_text(&line, "exec");
	for (size_t i = 0; i < words->nr; i++) {
		st_buf_add_char(&line, ' ');
		add_word(words->words[i], &line);
	}
	plan->has_failed |= line.failed;
	list = st_argv_add_shell(plan, map, key, st_buf_text(&line));
	st_buf_done(&line);
	return list;
}

bool st_argv_needs_shell(const char *line)
{
	size_t name =
		strspn(line, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789");

	return strpbrk(line, "|&;<>()$`*?[]{}~#!\\\n") || line[name] == '=';
}
